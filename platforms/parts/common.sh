# What all parts use. $root is the repository, $work the directory of what the parts make.
# shellcheck shell=bash disable=SC2034,SC2154

# What the JVM needs for full mode.
flags=(--enable-native-access=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED
  --add-exports java.base/jdk.internal.vm=ALL-UNNAMED)

fail() {
  echo "platforms/run: $*" >&2
  exit 1
}

say() {
  echo "platforms/run: $*"
}

# Fails unless each command is there; an argument is command:package, or the name of both.
need() {
  [[ $(uname -s) == Linux && $(id -u) == 0 ]] || fail "this part needs root on Linux"
  local tool
  for tool in "$@"; do
    command -v "${tool%:*}" >/dev/null || [[ -x /usr/sbin/${tool%:*} ]] ||
      fail "${tool%:*} is missing: install the package ${tool#*:}"
  done
}

# The machine's own Debian mirror.
mirror() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(SITE)' | head -n 1
}

# ---- the project ----

# Compiles core and the examples, and copies what a test run needs to $work/project.
build() {
  say "compiling core and the examples"
  (
    cd "$root" || exit
    mvn -B -q -ntp test-compile -pl core,examples -am </dev/null
    mvn -B -q -ntp dependency:copy-dependencies -pl core -DincludeScope=test \
      -DoutputDirectory="$work/lib" </dev/null
    mvn -B -q -ntp dependency:copy -DoutputDirectory="$work/lib" \
      -Dartifact=org.junit.platform:junit-platform-console-standalone:"$(junit_version)" </dev/null
  )
  rm -rf "$work/project"
  mkdir -p "$work/project"/{core,examples}/target
  cp -a "$root/docs" "$work/project/"
  cp -a "$root/core/src" "$work/project/core/"
  cp -a "$root"/core/target/{classes,test-classes} "$work/project/core/target/"
  cp -a "$root/examples/target/classes" "$work/project/examples/target/"
  cp -a "$work/lib" "$work/project/lib"
  cp -a "$root/platforms/guest" "$work/project/guest"
}

junit_version() {
  sed -n 's|.*<artifactId>junit-bom</artifactId><version>\([^<]*\)<.*|\1|p' "$root/pom.xml"
}

# Copies the project into a root file system.
install_project() {
  rm -rf "$1/opt/goasync"
  mkdir -p "$1/opt"
  cp -a "$work/project" "$1/opt/goasync"
}

# ---- results ----

# The counts of a report of JUnit's console: "N skipped, N aborted, N successful, N failed".
counts_of() {
  local counts
  counts=$(tr -d '\r' <"$1" | sed -n 's/^\[ *\([0-9]*\) tests \(successful\|failed\|skipped\|aborted\) .*/\1 \2/p' | paste -sd, | sed 's/,/, /g')
  echo "${counts:-no result, see the log}"
}

# The first line of a part: when and where it was measured.
measured() {
  echo "Measured $(date -u +%F), $1$2."
}

# Replaces a part of RESULTS.md.
publish() {
  python3 - "$root/platforms/RESULTS.md" "$1" "$2" <<'PYTHON'
import re, sys
results, part, file = sys.argv[1:]
text = open(results).read()
new = f"<!-- {part} -->\n{open(file).read()}<!-- end of {part} -->"
old = re.compile(f"<!-- {part} -->.*?<!-- end of {part} -->", re.S)
open(results, "w").write(old.sub(lambda _: new, text))
PYTHON
}
