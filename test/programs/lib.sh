# lib.sh SCRIPT: runs a case. It is given
#   the current directory  empty, in the filesystem under test
#   $OUTSIDE               an empty directory on the machine's own filesystem
#   $CACHE                 on the machine's own filesystem, kept from run to run: see cached
#   $TOOLS                 small programs of ours
# What it prints must be the same wherever it runs; what it does is traced on standard error.
set -euo pipefail
shopt -s inherit_errexit

# A directory of the cache, made once: `cached NAME COMMAND...` runs the command inside it and prints its path.
cached() {
  local name=$1
  shift
  if [ ! -e "$CACHE/$name" ]; then
    rm -rf "$CACHE/$name.new"
    mkdir -p "$CACHE/$name.new"
    (cd "$CACHE/$name.new" && "$@") >&2
    mv "$CACHE/$name.new" "$CACHE/$name"
  fi
  echo "$CACHE/$name"
}

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# The command must fail.
refused() {
  if "$@"; then fail "succeeded: $*"; fi
}

# Waits until the command succeeds: for what another process is about to do. Gives up after half a minute.
until_true() {
  local tries=0
  until "$@" >&2; do
    [ $((tries += 1)) -lt 300 ] || fail "in vain: $*"
    sleep 0.1
  done
}

# All names below a directory with what must be the same anywhere: type, mode, owner, links, size, target, contents.
# Sizes of directories are the filesystem's own business.
outline() {
  (
    cd "$1"
    find . -mindepth 1 \( -type d -printf '%p %y %m %U:%G %n\n' \) -o -printf '%p %y %m %U:%G %n %s %l\n' | sort
    find . -type f -print0 | sort -z | xargs -0r sha256sum
  )
}

# The same with the times of modification, to compare two trees.
inventory() {
  outline "$1"
  (cd "$1" && find . -mindepth 1 -printf '%p %TY-%Tm-%Td %TT\n' | sort)
}

trap 'echo "FAIL: line $LINENO: $BASH_COMMAND" >&2' ERR
set -o errtrace
set -x
. "$1"
