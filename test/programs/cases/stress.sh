# about: stress-ng's filesystem stressors, with verification
# packages: stress-ng
# limit: 900

for stressor in access aiol chattr chdir chmod chown close copy-file dentry dir dirdeep dirmany dnotify fallocate fault fcntl fiemap \
  file-ioctl fpunch fsize fstat full getdent handle hdd inotify io-uring iomix lease link locka lockf lockofd mknod mmap mmapfork \
  msync open readahead rename revio seek sendfile splice symlink sync-file touch utime verity xattr; do
  size=8M
  case $stressor in
    copy-file) size=128M ;;
    hdd | fallocate | iomix | readahead | revio | seek | sync-file | mmap) ;;
    *) size= ;;
  esac
  case $stressor in seek) option=--seek-size ;; *) option=--$stressor-bytes ;; esac
  if stress-ng --$stressor 2 --timeout 1 --verify --temp-path . ${size:+$option $size} --metrics-brief >"$OUTSIDE/log" 2>&1; then
    echo "$stressor ok"
  else
    echo "$stressor failed $?"
  fi
  cat "$OUTSIDE/log" >&2
done
# Its time may end between making one of these and removing it: on any filesystem.
rm -f stress-open-*
ls -A
