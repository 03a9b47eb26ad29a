# The JDKs of the chroot.
# shellcheck shell=bash disable=SC2154

# The class path of a module in the chroot.
class_path() {
  printf '%s:' target/classes target/test-classes ../core/target/classes
  echo '../lib/*'
}

# Prints the counts of the tests that the arguments select.
run_tests() {
  local version=$1 backend=$2
  shift 2
  local log=$work/jdk$version-$backend.log
  # shellcheck disable=SC2016
  in_chroot bash -c 'cd /opt/goasync/core && exec env --default-signal=INT,QUIT,HUP "$@"' tests \
    "$(java_of "$version")" "${flags[@]}" "-Dgoasync.backend=$backend" \
    -cp "$(class_path)" org.junit.platform.console.ConsoleLauncher execute "$@" \
    --disable-banner --details=tree --disable-ansi-colors >"$log" 2>&1 </dev/null || true
  counts_of "$log"
}

run_example() {
  local version=$1 class=$2
  # shellcheck disable=SC2016
  if limit=60 in_chroot bash -c 'cd /opt/goasync/examples && exec "$@"' example \
    "$(java_of "$version")" "${flags[@]}" -cp "$(class_path)" "dev.goasync.examples.$class" \
    >"$work/jdk$version-$class.log" 2>&1 </dev/null; then
    echo "ok"
  else
    echo "failed"
  fi
}

jdks() {
  local quick=$1 backends=(uring epoll nio) select=(-t conformance --scan-class-path target/test-classes)
  if $quick; then
    backends=(uring)
    select=(-t conformance -p dev.goasync.file -p dev.goasync.net)
  fi
  make_chroot
  build
  install_project "$sid"
  {
    measured "Linux $(uname -r), $(uname -m)" "$($quick && echo ', with --quick: only files and sockets')"
    echo
    echo "| JDK | backend | tests | examples |"
    echo "|---|---|---|---|"
  } >"$work/jdks.md"
  local version backend
  for version in "${versions[@]}"; do
    local name examples
    name=$(in_chroot "$(java_of "$version")" -version 2>&1 </dev/null | sed -n 's/.*(build \(.*\)).*/\1/p' | head -n 1)
    examples="hello $(run_example "$version" Hello), tour $(run_example "$version" Tour)"
    say "JDK $version: the ways to a scheduler"
    echo "| $name | any, ways to a scheduler | $(run_tests "$version" uring -p dev.goasync.internal.vthread) | $examples |" >>"$work/jdks.md"
    for backend in "${backends[@]}"; do
      say "JDK $version, $backend"
      echo "| $name | $backend | $(run_tests "$version" "$backend" "${select[@]}") | |" >>"$work/jdks.md"
    done
  done
  publish jdks "$work/jdks.md"
  cat "$work/jdks.md"
}
