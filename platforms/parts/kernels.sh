# Debian's kernels on x86-64.
# shellcheck shell=bash disable=SC2154

suites=(bullseye bookworm trixie sid)

kernels() {
  local quick=$1
  # shellcheck disable=SC2034
  local job=whole # read by boot
  if $quick; then
    # shellcheck disable=SC2034
    job=quick
  fi
  need qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio unxz:xz-utils unzstd:zstd depmod:kmod
  make_chroot
  build
  local disk=$guests/amd64.ext4
  mkdir -p "$guests"
  make_disk "$disk" "$sid" --exclude='./usr/lib/jvm/*2[678]*'
  {
    measured "qemu's emulation of x86-64" "$($quick && echo ', with --quick: only sockets')"
    echo
    echo "| kernel | backend | tests |"
    echo "|---|---|---|"
  } >"$work/kernels.md"
  local suite
  for suite in "${suites[@]}"; do
    if [[ ! -d $guests/packages-$suite ]]; then
      download "$suite" amd64 "$guests/packages-$suite" fetch_kernel linux-image-cloud-amd64
    fi
    make_kernel "$suite" "$guests/packages-$suite" "$(command -v busybox)"
    say "the kernel of $suite"
    boot "$work/kernel-$suite.log" "$suite" "$disk" ttyS0 \
      qemu-system-x86_64 -accel tcg,thread=multi,tb-size=512 -cpu max
    rows_of "$work/kernel-$suite.log" "$suite" >>"$work/kernels.md"
  done
  publish kernels "$work/kernels.md"
  cat "$work/kernels.md"
}
