# A chroot of Debian's newest suite with the JDKs that it has.
# shellcheck shell=bash disable=SC2154

sid=$work/sid
versions=(25 26 27 28)

make_chroot() {
  need debootstrap
  mkdir -p "$work"
  if [[ ! -x $sid/usr/bin/apt-get ]]; then
    say "making a chroot of Debian's newest suite in $sid; about a minute"
    debootstrap --variant=minbase sid "$sid" "$(mirror)" >"$work/debootstrap.log" ||
      fail "debootstrap has failed, see $work/debootstrap.log"
  fi
  cp /etc/resolv.conf "$sid/etc/resolv.conf"
  ln -sf /proc/self/mounts "$sid/etc/mtab" # where the JDK finds the file stores
  printf '#!/bin/sh\nexit 101\n' >"$sid/usr/sbin/policy-rc.d" # starts no service
  chmod +x "$sid/usr/sbin/policy-rc.d"
  local packages=(curl openssl procps python3-minimal coreutils iproute2)
  local version
  for version in "${versions[@]}"; do
    [[ -d $sid/usr/lib/jvm/java-$version-openjdk-amd64 ]] || packages+=("openjdk-$version-jdk-headless")
  done
  say "installing ${#packages[@]} packages into the chroot"
  in_chroot env DEBIAN_FRONTEND=noninteractive apt-get -y -qq --no-install-recommends install \
    "${packages[@]}" >"$work/apt.log" 2>&1 || fail "apt-get has failed, see $work/apt.log"
}

# Runs a command in the chroot for at most $limit seconds, in mount and process namespaces of its own:
# nothing of it is left.
in_chroot() {
  # shellcheck disable=SC2016
  timeout "${limit:-900}" unshare --mount --pid --fork --kill-child bash -c '
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    mount --rbind /sys "$1/sys"
    root=$1
    shift
    exec chroot "$root" "$@"' in_chroot "$sid" "$@"
}

java_of() {
  echo "/usr/lib/jvm/java-$1-openjdk-amd64/bin/java"
}
