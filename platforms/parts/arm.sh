# Debian's newest kernel and JDK 25 on aarch64.
# shellcheck shell=bash disable=SC2154

arm_packages=(base-files bash coreutils dash grep sed findutils gawk util-linux mount procps hostname curl
  openjdk-25-jdk-headless busybox-static python3-minimal ca-certificates ncurses-base libc-bin netbase tzdata openssl iproute2)

# Unpacks the packages without their scripts, which only an aarch64 could run.
make_arm_root() {
  local at=$guests/arm-root
  [[ -x $at/usr/lib/jvm/java-25-openjdk-arm64/bin/java ]] && return
  say "unpacking ${#arm_packages[@]} packages for aarch64 and what they need"
  download sid arm64 "$guests/packages-arm" \
    apt-get install -y --download-only -qq "${arm_packages[@]}" >"$guests/arm.log" 2>&1 ||
    fail "packages for aarch64 cannot be had, see $guests/arm.log"
  rm -rf "$at"
  mkdir -p "$at"
  local archives=$guests/apt-sid-arm64/cache/archives package
  dpkg -x "$archives"/base-files_*.deb "$at"
  for package in "$archives"/*.deb; do
    dpkg -x "$package" "$at"
  done
  ln -sfn dash "$at/bin/sh"
  ln -sfn gawk "$at/usr/bin/awk"
  ln -sfn /proc/self/mounts "$at/etc/mtab"
  echo 'root:x:0:0:root:/root:/bin/bash' >"$at/etc/passwd"
  echo 'root:x:0:' >"$at/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$at/etc/nsswitch.conf"
}

arm() {
  local quick=$1
  # shellcheck disable=SC2034
  local job=whole # read by boot
  if $quick; then
    # shellcheck disable=SC2034
    job=quick
  fi
  need qemu-system-aarch64:qemu-system-arm cpio unxz:xz-utils unzstd:zstd depmod:kmod
  mkdir -p "$guests"
  make_arm_root
  build
  local disk=$guests/arm64.ext4
  make_disk "$disk" "$guests/arm-root"
  if [[ ! -d $guests/packages-arm-kernel ]]; then
    download sid arm64 "$guests/packages-arm-kernel" fetch_kernel linux-image-cloud-arm64
  fi
  make_kernel arm "$guests/packages-arm-kernel" "$guests/arm-root/bin/busybox"
  {
    measured "qemu's emulation of aarch64" "$($quick && echo ', with --quick: only sockets')"
    echo
    echo "| kernel | backend | tests |"
    echo "|---|---|---|"
  } >"$work/arm.md"
  say "the kernel of aarch64"
  boot "$work/arm.log" arm "$disk" ttyAMA0 \
    qemu-system-aarch64 -M virt -accel tcg,thread=multi,tb-size=512 -cpu max,pauth-impdef=on
  rows_of "$work/arm.log" aarch64 >>"$work/arm.md"
  publish arm "$work/arm.md"
  cat "$work/arm.md"
}
