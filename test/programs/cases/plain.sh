# about: tar and rsync of plain files, directories and links, there and back: what needs neither ACLs nor exact times
# packages: tar rsync
# limit: 120

mkdir -p tree/a/b tree/names
for n in $(seq 60); do head -c $((n * n * 37)) <(yes "line $n") >"tree/a/file$n"; done
head -c 3000000 <(seq 1000000) >tree/a/b/large
printf 'x' >'tree/names/with space'
printf 'y' >tree/names/ümläut
chmod 600 tree/a/file1
chmod 751 tree/a/file2
chmod 4755 tree/a/file3
chown 12:34 tree/a/file4
ln -s b/large tree/a/link
ln -s nowhere tree/a/broken
ln tree/a/file5 tree/names/file5
mkfifo tree/a/pipe
outline tree

tar --numeric-owner --sort=name -cf tree.tar tree
tar -tf tree.tar
mkdir unpacked
tar --numeric-owner -C unpacked -xpf tree.tar
outline unpacked/tree | diff <(outline tree) - >&2 || fail 'what was unpacked differs'
tar --numeric-owner -C unpacked -xpf tree.tar --overwrite
tar --numeric-owner --sort=name --mtime=@0 -C unpacked -cf - tree | tar --sort=name --mtime=@0 -tvf - --numeric-owner | awk '{ print $1, $2, $3, $6, $7, $8 }'

all=(-rlpgoDH --numeric-ids --checksum)
rsync "${all[@]}" tree/ there/
rsync "${all[@]}" --delete --dry-run --itemize-changes --no-times tree/ there/
rsync "${all[@]}" there/ "$OUTSIDE/back/"
outline "$OUTSIDE/back" | diff <(outline tree) - >&2 || fail 'what came back differs'
echo changed >>tree/a/b/large
rm tree/a/file6
rsync "${all[@]}" --delete --inplace --no-whole-file tree/ there/
rsync "${all[@]}" --delete --dry-run --itemize-changes --no-times tree/ there/
outline there
rm -r there unpacked tree
ls
