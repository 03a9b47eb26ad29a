# Sourced by the findings: a temporary directory, jars from Maven Central, and the comparison of what was printed.
# Needs Maven and a JDK 25 or later (JAVA_HOME, or found below /usr/lib/jvm).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release" 2>/dev/null || true)
  if [[ -x $candidate/bin/javac ]] && ((${version:-0} >= 25)); then
    jdk=$candidate
    break
  fi
done
[[ -n $jdk ]] || { echo "no JDK 25 or later was found; set JAVA_HOME" >&2; exit 2; }

# jars GROUP:ARTIFACT:VERSION... copies them and what they need to $work/lib.
jars() {
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version><dependencies>'
    local group artifact version
    while IFS=: read -r group artifact version; do
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
    done < <(printf '%s\n' "$@")
    echo '</dependencies></project>'
  } >"$work/pom.xml"
  mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory="$work/lib" >"$work/mvn.log" 2>&1 || { cat "$work/mvn.log" >&2; exit 2; }
}

# program [JVM OPTION...] runs the Java source of standard input as a single file, with the jars, and keeps what it prints.
program() {
  cat >"$work/Program.java"
  timeout 120 "$jdk/bin/java" "$@" -cp "$work/lib/*" "$work/Program.java" >"$work/seen" 2>"$work/errors" ||
    { echo "the program failed:" >&2; cat "$work/seen" "$work/errors" >&2; exit 1; }
}

# expect compares what the program printed with standard input.
expect() {
  if diff - "$work/seen"; then
    echo "as recorded: $(basename "$0" .sh)"
  else
    echo "changed: $(basename "$0" .sh) (< recorded, > seen now)" >&2
    exit 1
  fi
}
