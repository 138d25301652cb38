# about: dd with O_DIRECT, O_SYNC and O_DSYNC, beside buffered readers and writers
# packages: coreutils
# limit: 180

head -c 9000000 <(seq 2000000) >source
for bs in 512 4096 65536 1M 3M; do
  count=$((bs == 512 ? 400 : 3))
  [ "$bs" = 512 ] || count=''
  dd if=source of=direct bs=$bs ${count:+count=$count} oflag=direct status=none iflag=fullblock conv=notrunc 2>&1 || true
done
truncate -s 9000000 direct
sha256sum direct
head -c 8388608 source >even
for flags in direct sync dsync direct,sync; do
  dd if=even of="out-$flags" bs=256K oflag=$flags status=none
  cmp even "out-$flags"
done
dd if=even of=direct2 bs=1M oflag=direct iflag=direct status=none
cmp even direct2
# A direct write is seen by who has read it into the cache, a buffered one by who reads past the cache.
cat direct2 >/dev/null
tr a-z A-Z <even | tr 0-9 a-j | dd of=direct2 bs=1M seek=0 oflag=direct iflag=fullblock conv=notrunc status=none
sha256sum <direct2
echo 'in the midst' | dd of=direct2 bs=1 seek=1000000 conv=notrunc status=none
dd if=direct2 bs=64K iflag=direct status=none | sha256sum
dd if=direct2 bs=4096 skip=244 count=1 iflag=direct status=none | sha256sum
# Appending past the cache, and reading beyond the end.
for n in 1 2 3; do dd if=even of=appended bs=64K count=2 oflag=direct,append conv=notrunc status=none; done
stat -c %s appended
dd if=appended bs=1M skip=10 iflag=direct status=none | wc -c
# Unaligned buffers and lengths: ext4 refuses what is not a multiple of the block; here nothing is too odd.
cp --sparse=always even direct3
dd if=direct3 of=/dev/null bs=1M iflag=direct,nonblock status=none
sync direct3
sync -d direct3
sync -f .
