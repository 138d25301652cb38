# about: configure, make -j2 and make check of hello from Debian's sources
# packages: gcc make libc6-dev dpkg-dev
# limit: 600
# faults

. "$TOOLS/debian-source.sh"
cp "$(cached hello-source debian_source hello)"/*.orig.tar.gz .
tar -xf ./*.orig.tar.gz
cd hello-*/
./configure --quiet
make -s -j2
./hello
make -s check >check.log || { cat check.log >&2; fail 'make check'; }
grep -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' check.log
# Times are such that nothing is to be built again.
make | grep -v 'directory'
