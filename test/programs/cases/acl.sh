# about: setfacl, getfacl: named users and groups, masks, defaults that are inherited, copies, and who gets in
# packages: acl

as() {
  local user=$1 group=$2
  shift 2
  setpriv --reuid "$user" --regid "$group" --clear-groups -- "$@"
}

# Who may read, write and search, of a few users; of a directory its listing as well.
rights() {
  local path=$1 user mode may
  for user in 1001:1001 1002:1002 1003:2001 1004:2002; do
    may=""
    for mode in r w x; do
      if as "${user%:*}" "${user#*:}" test "-$mode" "$path"; then may+=$mode; else may+=-; fi
    done
    echo "$path $user $may"
  done
}

shown() {
  getfacl --numeric --omit-header "$@" | sed 's/[[:space:]]*#effective/ #effective/'
  stat -c '%n %a' "$@"
}

chmod 755 .
umask 022

# One file: entries, the mask that follows them, and one that is set.
echo data > file
chown 1001:2001 file
chmod 640 file
setfacl -m u:1002:rwx,g:2002:rw file
shown file
rights file
setfacl -m m::r file
shown file
rights file
chmod g+w file
shown file
setfacl -n -m u:1003:rw file
shown file
setfacl -x u:1002 file
shown file
setfacl -b file
shown file
refused as 1002 1002 setfacl -m u:1002:rw file
as 1001 1001 setfacl -m u:1002:rw file
refused setfacl -m m::rw,u::r,g::9 file
refused setfacl -d -m u:1002:rw file
shown file

# A directory's defaults: what is made in it, by whom, with what umask.
mkdir -m 777 shared
setfacl -d -m u::rwx,g::r-x,o::---,u:1002:rwx,g:2002:r-x,m::rwx shared
shown shared
for mask in 000 022 077; do
  as 1001 1001 sh -c "umask $mask; touch shared/f$mask; mkdir shared/d$mask; mkfifo shared/p$mask"
done
as 1001 1001 install -m 600 file shared/installed
for path in shared/*; do
  shown "$path"
  [ -p "$path" ] || rights "$path"
done
as 1002 1002 sh -c 'echo more > shared/f077; mkdir shared/d000/below; touch shared/d000/below/deep'
shown shared/d000/below shared/d000/below/deep
refused as 1004 2002 touch shared/d000/none
setfacl -k shared/d000
as 1001 1001 mkdir shared/d000/plain
shown shared/d000 shared/d000/plain

# Whole trees: dumped, emptied and given back; copied with their lists.
getfacl --numeric --recursive shared > "$OUTSIDE/dump"
cp -a shared copied
(cd copied && getfacl --numeric --recursive .) > "$OUTSIDE/copied"
(cd shared && getfacl --numeric --recursive .) > "$OUTSIDE/original"
cmp "$OUTSIDE/original" "$OUTSIDE/copied"
setfacl --recursive -b shared
getfacl --numeric --recursive shared > "$OUTSIDE/emptied"
refused grep -q ':1002:' "$OUTSIDE/emptied"
setfacl --restore="$OUTSIDE/dump"
getfacl --numeric --recursive shared | cmp - "$OUTSIDE/dump"
setfacl -R -m u:1003:rX shared
shown shared/installed shared/d077

# As many entries as are set at once.
setfacl --set "u::rw,g::r,o::-,m::r,$(seq -s, -f 'u:%.0f:r' 3000 3199)" file
getfacl --numeric --omit-header file | sha256sum
