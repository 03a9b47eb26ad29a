# The C library musl. No JDK for it was found in Debian, Maven Central or npm, so what core expects of a C library is checked by a C program.
# shellcheck shell=bash disable=SC2154

musl() {
  command -v musl-gcc >/dev/null || fail "musl-gcc is missing: install the package musl-tools"
  mkdir -p "$work"
  musl-gcc -Wall -Werror -o "$work/spawn" "$root/platforms/musl/spawn.c" ||
    fail "musl differs from what core expects, see platforms/musl/spawn.c"
  local said
  said=$("$work/spawn") || fail "musl differs from what core expects: $said"
  {
    measured "musl $(dpkg-query -W -f '${Version}' musl)" ""
    echo
    echo "The C functions that core calls, their structures and constants are as core expects. Functions that it can do without:"
    echo
    # shellcheck disable=SC2016
    sed -n 's/^\(posix.*\): \(.*\)/* `\1`: \2/p' <<<"$said"
  } >"$work/musl.md"
  publish musl "$work/musl.md"
  cat "$work/musl.md"
}
