# Containers of Podman over the chroot: what container engines and their users switch off.
# shellcheck shell=bash disable=SC2154

io_uring_switch=/proc/sys/kernel/io_uring_disabled

# The command of the tests, in the root file system of the container. The shell stays process 1, which gets the orphans of others.
tests_command() {
  # shellcheck disable=SC2016
  printf '%s\0' bash -c 'cd /opt/goasync/core && "$@"; exit $?' tests "$(java_of 25)" "${flags[@]}" \
    -cp 'target/classes:target/test-classes:../lib/*' org.junit.platform.console.ConsoleLauncher execute \
    -t conformance "${select[@]}" --disable-banner --details=tree --disable-ansi-colors
}

# Adds a row: container NAME [podman's options]
container() {
  local name=$1
  shift
  # The chroot is not changed: :O puts a layer above it. Podman's own limits may be above those that its caller may set.
  row "$name" timeout "${limit:-900}" podman run --rm --runtime runc --network none \
    --ulimit nofile=16384:16384 --ulimit nproc=16384:16384 "$@" --rootfs "$sid:O"
}

# Runs the tests by a command and adds their row: row NAME COMMAND...
row() {
  local name=$1 log command
  log=$work/container-$(tr -c 'a-z0-9\n' - <<<"${name,,}").log
  shift
  say "$name"
  mapfile -d '' -t command < <(tests_command)
  "$@" "${command[@]}" >"$log" 2>&1 </dev/null || true
  local chosen
  chosen=$(sed -n 's/^conformance: \([a-z]*\): .*/\1/p' "$log" | head -n 1)
  echo "| $name | ${chosen:-none} | $(counts_of "$log") |" >>"$work/containers.md"
}

# Runs a command while the kernel denies io_uring: 1 to users without privileges, 2 to all.
with_io_uring_disabled() {
  local before
  before=$(cat "$io_uring_switch")
  # shellcheck disable=SC2064
  trap "echo $before >$io_uring_switch" EXIT
  echo "$1" >"$io_uring_switch"
  shift
  "$@"
  echo "$before" >"$io_uring_switch"
  trap - EXIT
}

# Runs an example where /proc is not mounted; the tests themselves need it. So does the JDK's launcher, to find its libraries.
without_proc() {
  say "no /proc: $1" >&2
  # shellcheck disable=SC2016
  if timeout 60 unshare --mount chroot "$sid" bash -c 'cd /opt/goasync/examples && exec "$@"' example \
    env "LD_LIBRARY_PATH=$(dirname "$(dirname "$(java_of 25)")")/lib" "$(java_of 25)" "${flags[@]}" \
    -cp 'target/classes:../core/target/classes:../lib/*' "dev.goasync.examples.$1" \
    >"$work/container-no-proc-$1.log" 2>&1 </dev/null; then
    echo "ok"
  else
    echo "failed"
  fi
}

containers() {
  local quick=$1 select=(-p dev.goasync.file -p dev.goasync.net -p dev.goasync.process)
  $quick && select=(-p dev.goasync.net)
  need podman runc
  make_chroot
  build
  install_project "$sid"
  chmod -R a+rX "$sid/opt/goasync"
  {
    measured "$(podman --version), $(runc --version | head -n 1), Linux $(uname -r)" \
      "$($quick && echo ', with --quick: only sockets')"
    echo
    echo "| container | backend | tests |"
    echo "|---|---|---|"
  } >"$work/containers.md"
  local profiles=$root/platforms/seccomp
  container "no seccomp profile" --security-opt seccomp=unconfined
  container "Podman's profile, as installed"
  container "io_uring denied, as by Docker" --security-opt "seccomp=$profiles/io-uring-denied.json"
  container "calls newer than Linux 5.0 denied, as by old profiles" --security-opt "seccomp=$profiles/newer-calls-denied.json"
  container "the same calls missing, as in gVisor" --security-opt "seccomp=$profiles/newer-calls-missing.json"
  if [[ -e $io_uring_switch ]]; then
    with_io_uring_disabled 1 container "io_uring_disabled=1, not root" \
      --user 1000:1000 --security-opt seccomp=unconfined
    with_io_uring_disabled 2 container "io_uring_disabled=2" --security-opt seccomp=unconfined
  fi
  local open=(--security-opt seccomp=unconfined)
  container "not root, no capabilities" --user 1000:1000 --cap-drop all "${open[@]}"
  container "root, no capabilities" --cap-drop all "${open[@]}"
  container "no locked memory" --ulimit memlock=0:0 "${open[@]}"
  container "read-only root, /tmp in memory" --read-only --tmpfs /tmp:exec "${open[@]}"
  container "at most 60 threads and processes" --pids-limit 60 "${open[@]}"
  container "at most 256 MiB of memory" --memory 256m "${open[@]}"
  container "at most 512 descriptors" --ulimit nofile=512:512 "${open[@]}"
  echo "| no /proc | | hello $(without_proc Hello), tour $(without_proc Tour) |" >>"$work/containers.md"
  publish containers "$work/containers.md"
  cat "$work/containers.md"
}
