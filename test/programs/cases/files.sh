# about: cp, mv, ln, rm, find, du, df, stat, truncate, fallocate, install, sort, shred
# packages: coreutils findutils util-linux
# limit: 180
# kernel: fuse-native has no ACLs, no exact times, and no names but UTF-8

. "$TOOLS/odd-tree.sh"
odd_tree tree
cp -a tree copy
diff <(inventory tree) <(inventory copy)
cp -a --sparse=always tree/large copied-sparse
cp --reflink=auto tree/large reflink
cmp copied-sparse reflink
cp --sparse=auto tree/sparse sparse2
cmp tree/sparse sparse2
[ "$(stat -c %b sparse2)" -lt 2000 ] || fail "$(stat -c %b sparse2) blocks"
cp --sparse=never tree/sparse dense
du --apparent-size -k sparse2 dense | cut -f1
[ "$(du -k dense | cut -f1)" -ge 51200 ] || fail 'a dense file is not'
refused cp --reflink=always tree/large no-reflink
rm -f no-reflink
cp -al tree linked
stat -c '%n %h' tree/deep/file1 linked/deep/file1 tree/large
cp -u tree/large reflink
cp --backup=numbered tree/large reflink
install -D -m 751 -o 12 -g 34 tree/large a/b/c/large
stat -c '%a %u %g %s' a/b/c/large

# Across directories; onto what is there; into itself.
mv copy/deep moved-deep
mv moved-deep a/b
mkdir -p over/dir
mv -T a/b over/dir
refused mv over over/dir/c
refused mv -T over tree
mv -n tree/large over/x
mv --exchange over/x reflink 2>/dev/null || true
mv over/x tree/large
find over | sort
refused rmdir over
refused unlink over
refused ln tree hard-link-of-a-directory
rm -r over
refused ls over

# What find sees.
find tree -newer tree/deep/file9 ! -newer tree/deep/er | sort
find tree -samefile tree/large | sort
find tree -links +1 -type f | sort
find tree -size +1M | sort
find tree -empty | sort
find tree -perm -4000 | sort
find tree -uid 1234 | sort
find tree -type l -lname '*large' | sort
find tree -name 'file1*' -delete
find tree -depth -type d | sort
find tree | wc -l
find . -xdev -inum "$(stat -c %i tree/sparse)" | sort
du -s --apparent-size --inodes tree | cut -f1
df --output=target . | tail -1 | sed "s|$(stat -c %m .)|same|"
test "$(df --output=avail -B1 . | tail -1)" -gt 1000000
stat -f -c '%l' .

# Sizes.
truncate -s 10M t
truncate -s -1M t
truncate -s %4096 t
stat -c %s t
fallocate -l 3M t2
stat -c '%s' t2
fallocate -n -o 3M -l 3M t2
stat -c '%s' t2
seq 700000 >t3
fallocate -p -o 1M -l 1M t3
fallocate -z -o 3M -l 64K t3
sha256sum t t2 t3
head -c 100000 <(yes) >>t3
tail -c 10 t3 | sha256sum
refused dd if=/dev/zero of=t4 bs=1 seek=9223372036854775806 count=2 status=none
sort -R --random-source=/dev/zero -S 1M -T . t3 | sort -n -S 1M -T . | sha256sum
shred -u -n 1 t2
refused ls t2
paste <(seq 1000) <(seq 1000) | tee a1 a2 >a3
cmp a1 a2
comm -3 a1 a3
csplit -s a1 '/^500/' '{0}'
wc -l xx00 xx01
chmod -R u+rwX,go-rwx tree
chown -R 5:6 linked
find linked -printf '%U:%G %m %p\n' | sort
touch -r a1 a2
[ ! a1 -nt a2 ] && [ ! a1 -ot a2 ]
rmdir "$(mktemp -d tmp.XXXX)"
ls -la --time-style=+ | awk '{ print $1, $2, $3, $4 }' | grep -v total | sort | uniq -c | awk '{ print $2, $4, $5 }'
rm -rf tree linked copy
ls
perl "$TOOLS/directory-positions.pl" positions
