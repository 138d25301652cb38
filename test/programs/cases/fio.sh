# about: fio writes and verifies with every way of I/O: psync, vectors, libaio, io_uring, mmap, direct
# packages: fio
# limit: 240

for engine in psync pvsync2 posixaio libaio io_uring mmap; do
  for direct in 0 1; do
    [ $engine = mmap ] && [ $direct = 1 ] && continue
    fio --name=$engine-$direct --directory=. --ioengine=$engine --direct=$direct --size=8M --bsrange=4k-64k --rw=randrw --numjobs=2 \
      --iodepth=8 --verify=crc32c --verify_fatal=1 --do_verify=1 --fsync=32 --end_fsync=1 --output-format=terse --randseed=7 >&2 ||
      fail "$engine direct=$direct"
    echo "$engine $direct verified"
    rm -f ./*-"$direct".*
  done
done
# Several writers in one file, and holes punched.
fio --name=one --filename=one --size=5M --bs=4k --rw=randwrite --numjobs=3 --offset_increment=5M --verify=crc32c --verify_fatal=1 \
  --group_reporting --output-format=terse >&2
fio --name=trim --filename=fallocated --size=4M --fallocate=posix --ioengine=falloc --rw=randtrim --bs=64k --output-format=terse >&2
ls
