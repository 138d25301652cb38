# about: rsync -aHAX of an odd tree there and back: nothing is to be done again; updates in place, link-dest, delete
# packages: rsync acl attr
# limit: 200
# kernel: fuse-native has no ACLs, no exact times, and no names but UTF-8

. "$TOOLS/odd-tree.sh"
export RSYNC_PROTECT_ARGS=0
odd_tree "$OUTSIDE/tree"
all=(-aHAX --numeric-ids)

rsync "${all[@]}" -S "$OUTSIDE/tree/" there/
echo "to do again there:"
rsync "${all[@]}" --delete --checksum --dry-run --itemize-changes "$OUTSIDE/tree/" there/
rsync "${all[@]}" -S there/ "$OUTSIDE/back/"
echo "to do again back:"
rsync "${all[@]}" --delete --checksum --dry-run --itemize-changes "$OUTSIDE/tree/" "$OUTSIDE/back/"
rsync "${all[@]}" --delete --checksum --dry-run --itemize-changes "$OUTSIDE/back/" there/
outline there
[ "$(stat -c %b there/all-hole)" -lt 100 ] || fail "rsync -S wrote $(stat -c %b there/all-hole) blocks of a hole"

# A second generation: some files changed, some gone; unchanged ones are links to the first.
echo changed >>"$OUTSIDE/tree/large"
rm -r "$OUTSIDE/tree/deep/er"
mv "$OUTSIDE/tree/names" "$OUTSIDE/tree/renamed"
rsync "${all[@]}" --link-dest="$PWD/there" "$OUTSIDE/tree/" second/
rsync "${all[@]}" --delete --checksum --dry-run --itemize-changes "$OUTSIDE/tree/" second/
[ second/deep/file20 -ef there/deep/file20 ] || fail 'no link to the first generation'
rsync "${all[@]}" --delete --inplace --no-whole-file "$OUTSIDE/tree/" there/
rsync "${all[@]}" --delete --checksum --dry-run --itemize-changes "$OUTSIDE/tree/" there/
outline second
