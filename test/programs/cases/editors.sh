# about: vim with swap and backup files, recovery; less; tail -f of a file that grows, is cut and is replaced
# packages: vim less
# limit: 120

vim=(vim -u NONE -i NONE -n -es -c 'set backupskip=')
seq 1000 >text
chmod 640 text
ln text other-name
setfattr -n user.keep -v me text || true
"${vim[@]}" -c 'set backup writebackup backupcopy=no' -c '%s/7/seven/g' -c 'wq' text
sha256sum text text~
stat -c '%a %h' text other-name
"${vim[@]}" -c 'set backup writebackup backupcopy=yes' -c '$d' -c 'wq' other-name
stat -c '%a %h' other-name
tail -1 other-name
"${vim[@]}" -c 'set patchmode=.orig' -c 'normal ggIfirst' -c 'wq!' text
head -1 text text.orig

# A vim that dies leaves a swap file, from which the next one recovers.
mkfifo commands
vim -u NONE -i NONE -es -c 'set swapfile updatecount=1 swapsync=fsync' text <commands >&2 &
editor=$!
exec 9>commands
printf '1s/^/unsaved /\npreserve\nwrite! saved-by-vim\n' >&9
until_true test -s saved-by-vim
[ -e .text.swp ] || fail 'no swap file'
kill -9 $editor
wait $editor || true
exec 9>&-
vim -u NONE -i NONE -es -r text -c 'write! recovered' -c 'quit!' >&2 || true
head -1 recovered
cmp recovered saved-by-vim
rm .text.swp
"${vim[@]}" -c 'set undofile undodir=.' -c '1d' -c 'wq' text
"${vim[@]}" -c 'set undofile undodir=.' -c 'undo' -c 'wq' text
head -1 text

less -FX text | sha256sum
less -p seven -FX text | wc -l
sed -i.before 's/seven/7/' text
perl -pi -e 's/first//' text
ed -s text <<<$'1d\nw\nq' 2>&1 || true
sha256sum text text.before

: >log
tail -n +1 -f log >followed &
follower=$!
tail -n +1 -F log >followed-by-name 2>/dev/null &
by_name=$!
for n in $(seq 50); do echo "line $n" >>log; done
until_true grep -q 'line 50' followed
until_true grep -q 'line 50' followed-by-name
mv log log.1
echo 'line 51' >log
echo 'still the old one' >>log.1
until_true grep -q 'line 51' followed-by-name
until_true grep -q 'old one' followed
kill $follower $by_name
wc -l <followed
ls -A
