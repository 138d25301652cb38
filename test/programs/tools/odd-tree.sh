# odd_tree DIR: makes a directory tree with everything that backup programs must carry: all types of files, hard links, odd
# names, modes, owners, old and exact times, holes, extended attributes and ACLs.
odd_tree() {
  (
    mkdir "$1"
    cd "$1"
    mkdir -p deep/er/and/deeper empty setgid sticky $'names/new\nline'
    for n in $(seq 200); do
      head -c "$((n * n % 5000))" <(yes "$n") >"deep/file$n"
    done
    head -c 3000000 <(yes 'some contents') >large
    echo spaces >'names/ lead and trail '
    echo quote >"names/it's \"quoted\" \\ *?[]"
    echo bytes >"names/$(printf '\377\376\001')"
    echo umlaut >names/grüße
    touch "names/$(printf 'n%.0s' $(seq 255))" -- names/-dash
    ln large hard
    ln large deep/hard
    ln -s ../large deep/link
    ln -s /nonexistent/target dangling
    ln -s "$(printf 'x%.0s' $(seq 4000))" long
    ln dangling hard-link-of-a-link
    mkfifo -m 640 fifo
    mknod -m 600 block b 7 200
    mknod -m 666 character c 1 3
    truncate -s 50M sparse
    for n in 0 7 23 49; do head -c 65536 <(yes "$n") | dd of=sparse bs=64K seek=$((n * 16)) conv=notrunc status=none; done
    truncate -s 64M all-hole
    : >nothing
    chmod 4755 deep/file1
    chmod 2755 deep/file2
    chmod 0000 deep/file3
    chmod 2775 setgid
    chmod 1777 sticky
    chown 1234:2345 deep/file4 deep
    chown -h 77:88 dangling
    chown 4294967294:4294967293 deep/file5
    setfattr -n user.comment -v 'a comment' large
    setfattr -n user.binary -v 0x00ff00ff deep/file6
    setfattr -n user.empty deep/file6
    setfattr -n user.long -v "$(printf 'v%.0s' $(seq 2000))" deep/file7
    setfattr -n trusted.hidden -v secret deep/er
    setfattr -h -n trusted.of-a-link -v secret dangling
    setfacl -m u:1001:rw,g:1002:r,m::rw deep/file8
    setfacl -m u:1001:rwx,d:u:1001:rwx,d:g:1002:rx deep/er/and
    touch deep/er/and/inherits
    mkdir deep/er/and/inherits-too
    # Everything gets a time, from the leaves up; then some get odd ones.
    find . -depth -exec touch -h -d '2020-02-02 02:02:02.202020202' {} +
    touch -d '1903-02-01 01:02:03.123456789' deep/file9
    touch -d '2100-02-01 01:02:03.000000001' deep/file10
    touch -h -d '2001-01-01 00:00:00.5' dangling
    touch -d '2011-11-11 11:11:11.111111111' deep/er fifo block large
    touch -d '2012-12-12 12:12:12.999999999' .
  ) >&2
}
