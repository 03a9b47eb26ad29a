# Emulated machines: a kernel of a Debian package, an image with the chroot's programs, and a job that writes to the console.
# shellcheck shell=bash disable=SC2154

guests=$work/guests

# Downloads packages of a suite and an architecture, by an apt configuration of their own: download SUITE ARCH DIRECTORY PACKAGE...
download() {
  local suite=$1 arch=$2 to=$3 apt=$guests/apt-$1-$2
  shift 3
  mkdir -p "$apt"/{lists/partial,cache/archives/partial} "$to"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$arch] $(mirror) $suite main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list"; Dir::Etc::sourceparts "-"; Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache"; Dir::State::status "$apt/status"; APT::Architecture "$arch"; APT::Architectures { "$arch"; };
APT::Install-Recommends "false"; APT::Sandbox::User "root";
CONF
  APT_CONFIG=$apt/apt.conf apt-get update -qq >"$apt/update.log" 2>&1 ||
    fail "the package lists of $suite cannot be had, see $apt/update.log"
  (cd "$to" && APT_CONFIG=$apt/apt.conf "$@")
}

# Run in the directory of the download: fetches the newest kernel that a package depends on.
fetch_kernel() {
  local image version package
  image=$(apt-cache depends "$1" | awk '/Depends: linux-image-/ { print $2; exit }')
  [[ -n $image ]] || fail "$1 names no kernel"
  version=${image#linux-image-}
  apt-get download -qq "$image"
  for package in "linux-binary-$version" "linux-modules-$version"; do # newer packages are split
    if apt-cache show "$package" >/dev/null 2>&1; then
      apt-get download -qq "$package"
    fi
  done
}

# Makes a kernel and an initial file system that mounts the disk: make_kernel NAME DIRECTORY-OF-PACKAGES BUSYBOX
make_kernel() {
  local name=$1 packages=$2 busybox=$3 at=$guests/$1
  [[ -s $at/initrd.gz && -s $at/vmlinuz ]] && return
  rm -rf "$at"
  mkdir -p "$at"/{root,base/lib/modules,init/{bin,proc,sys,dev,new,modules}}
  local package
  for package in "$packages"/*.deb; do
    dpkg -x "$package" "$at/root"
  done
  local modules version
  modules=$(find "$at/root" -type d -path '*lib/modules/*' -name '[0-9]*' -prune | head -n 1)
  version=$(basename "$modules")
  find "$modules" -name '*.ko.xz' -print0 | xargs -0r -n 64 unxz
  find "$modules" -name '*.ko.zst' -print0 | xargs -0r -n 64 unzstd -q --rm
  ln -s "$modules" "$at/base/lib/modules/$version"
  /usr/sbin/depmod -b "$at/base" "$version"
  local module
  for module in virtio_pci virtio_mmio virtio_blk ext4; do
    # A module that is part of the kernel has no file.
    { /usr/sbin/modprobe -d "$at/base" -S "$version" --show-depends "$module" 2>/dev/null || true; } |
      sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | awk '!seen[$0]++' >"$at/order"
  while read -r module; do
    cp "$module" "$at/init/modules/"
    basename "$module" >>"$at/init/modules/order"
  done <"$at/order"
  touch "$at/init/modules/order"
  cp "$busybox" "$at/init/bin/busybox"
  install -m 755 "$root/platforms/guest/initrd" "$at/init/init"
  (cd "$at/init" && find . | cpio -o -H newc --quiet | gzip -1) >"$at/initrd.gz"
  cp "$(find "$at/root" -name 'vmlinu[xz]*' -type f | head -n 1)" "$at/vmlinuz"
  rm -rf "$at/root" "$at/base" "$at/init"
}

# Makes a disk of a root file system: make_disk FILE ROOT [tar options]
make_disk() {
  local disk=$1 from=$2 stage=$guests/stage
  shift 2
  say "making the disk $disk"
  rm -rf "$stage"
  mkdir -p "$stage"
  tar -C "$from" --one-file-system "$@" --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' \
    --exclude='./tmp/*' --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' -cf - . | tar -C "$stage" -xf -
  mkdir -p "$stage"/{proc,sys,dev,tmp,run,root}
  chmod 1777 "$stage/tmp"
  install_project "$stage"
  rm -f "$disk"
  /usr/sbin/mke2fs -q -t ext4 -d "$stage" "$disk" 5G
  rm -rf "$stage"
}

# Boots a machine, which runs guest/job with $job, on a copy of the disk that is thrown away:
# boot LOG NAME DISK CONSOLE COMMAND...
boot() {
  local log=$1 name=$2 disk=$3 console=$4
  shift 4
  timeout --foreground "${limit:-3600}" "$@" -smp 2 -m 3G -nographic -no-reboot \
    -kernel "$guests/$name/vmlinuz" -initrd "$guests/$name/initrd.gz" \
    -append "console=$console quiet loglevel=4 mitigations=off panic=5 goasync.job=$job" \
    -drive "file=$disk,if=virtio,format=raw,snapshot=on" -net none -monitor none -serial stdio \
    </dev/null >"$log" 2>&1 || true
}

# The rows of a table from a guest's log.
rows_of() {
  local log=$1 kernel
  # Codes of the firmware stand before the first line.
  kernel=$(tr -d '\r' <"$log" | sed -n 's/.*GUEST kernel //p' | head -n 1)
  [[ -n $kernel ]] || kernel="$2: it did not start, see $log"
  tr -d '\r' <"$log" | awk -v kernel="$kernel" 'sub(/^GUEST row /, "") { print "| " kernel " | " $0; rows++ } END { if (!rows) print "| " kernel " | | |" }'
}
