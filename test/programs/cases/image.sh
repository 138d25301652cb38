# about: a filesystem image: mkfs.ext4, loop mount (buffered and direct), files in it, fsck
# packages: e2fsprogs mount util-linux
# limit: 200
# kernel: loop devices need a driver that root's kernel threads may read

# A view of mounts of its own: whatever happens, nothing stays mounted.
cat >inside <<'END'
set -euxo pipefail
truncate -s 96M image
mkfs.ext4 -q -F -E lazy_itable_init=0 image
e2fsck -fn image >&2
mkdir mnt
for way in loop loop,sync; do
  files=$([ $way = loop ] && echo 100 || echo 5)
  mount -o "$way" image mnt
  mkdir -p "mnt/dir-$way"
  for n in $(seq "$files"); do head -c $((n * 1000)) <(yes "$n") >"mnt/dir-$way/file$n"; done
  [ $way != loop ] || cp -a /usr/include/linux "mnt/dir-$way/"
  sync -f mnt
  find mnt -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
  rm -rf "mnt/dir-$way/linux"
  fstrim mnt >&2 || true
  umount mnt
  e2fsck -fn image >&2
done
device=$(losetup --find --show --direct-io=on image)
trap 'losetup --detach "$device"' EXIT
mount "$device" mnt
find mnt -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
dd if=/dev/urandom of=mnt/random bs=1M count=20 status=none
sha256sum mnt/random >sum
umount mnt
mount "$device" mnt
sha256sum --quiet -c sum
umount mnt
e2fsck -fn "$device" >&2
e2fsck -fp "$device" >&2
resize2fs "$device" 90M >&2
e2fsck -fn "$device" >&2
END
unshare --mount --propagation private bash inside
stat -c %s image
