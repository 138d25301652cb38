# about: tar of an odd tree with xattrs, ACLs and holes, unpacked, compared; cpio
# packages: tar acl attr cpio
# limit: 200
# kernel: fuse-native has no ACLs, no exact times, and no names but UTF-8

. "$TOOLS/odd-tree.sh"
odd_tree tree
all=(--xattrs '--xattrs-include=*' --acls --numeric-owner)
listing() {
  "$2" "$1"
  (cd "$1" && find . -print0 | sort -z | xargs -0 getfattr -hd -m- -e hex)
  (cd "$1" && find . ! -type l -print0 | sort -z | xargs -0 getfacl -pn)
}
listing tree outline
tar "${all[@]}" --sparse --sort=name -cf tree.tar tree
tar "${all[@]}" --compare --file tree.tar
[ "$(stat -c %s tree.tar)" -lt 8000000 ] || fail "holes were archived: $(stat -c %s tree.tar) bytes"
mkdir unpacked
tar "${all[@]}" -C unpacked -xpf tree.tar
listing unpacked/tree inventory | diff <(listing tree inventory) - >&2 || fail 'what was unpacked differs'
[ "$(stat -c %b unpacked/tree/all-hole)" -lt 100 ] || fail 'a hole became data'
# The archive does not depend on where it was made, but for the times of access and change.
tar "${all[@]}" --sort=name --sparse --format=posix --pax-option=delete=atime,delete=ctime --exclude=all-hole -cf - unpacked/tree | tar -t | sort | sha256sum
# Over what is there, newer only, one level of incremental backups.
tar "${all[@]}" -C unpacked -xpf tree.tar --overwrite
tar -g level.snar -cf level0.tar tree
echo more >>tree/large
mkdir tree/new
mv tree/deep/file30 tree/new/
tar -g level.snar -cf level1.tar tree
tar -tf level1.tar | sort
(cd tree && find . ! -name all-hole -print0 | cpio -0 --quiet -o -H newc) >tree.cpio
mkdir from-cpio
(cd from-cpio && cpio --quiet -idm --no-absolute-filenames <../tree.cpio)
outline from-cpio
