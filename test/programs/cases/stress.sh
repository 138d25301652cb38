# about: stress-ng's filesystem stressors, with verification
# packages: stress-ng
# limit: 900

# Each for a second with two workers, by name, as some need what no filesystem in user space can have.
for stressor in access acl aiol chattr chdir chmod chown close copy-file dentry dir dirdeep dirmany dnotify dup eventfd fallocate fault fcntl \
  fiemap file-ioctl fpunch fsize fstat full getdent handle hdd inotify io-uring iomix lease link locka lockf lockofd locka mknod mmap \
  mmapaddr mmapfixed mmapfork mmapmany mremap msync open rename readahead revio seek sendfile splice symlink sync-file sockdiag \
  touch truncate umask unlink utime verity vm-splice xattr; do
  echo "$stressor $(stress-ng --$stressor 2 --timeout 2 --verify --temp-path . --hdd-bytes 8M --iomix-bytes 8M --seek-size 4M --fallocate-bytes 8M \
    --dirmany-bytes 1M --readahead-bytes 4M --revio-bytes 8M --sync-file-bytes 4M --copy-file-bytes 8M --dentries 200 --metrics-brief \
    >"$OUTSIDE/$stressor.log" 2>&1 && echo ok || echo "failed $?")"
  cat "$OUTSIDE/$stressor.log" >&2
done
ls -A
