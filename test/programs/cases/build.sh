# about: configure, make and make check of sed 4.9 from Debian's sources, with gcc
# packages: gcc make libc6-dev dpkg-dev xz-utils
# limit: 1500

. "$TOOLS/debian-source.sh"
cp "$(cached sed-source debian_source sed)"/*.orig.tar.* .
tar -xf ./*.orig.tar.xz
cd sed-*/
./configure --quiet --disable-dependency-tracking
make -s >&2
./sed/sed --version | head -1
# Its own test suites: sed's, and gnulib's, which tries what the C library and the filesystem do.
make -k check >&2 || true
for log in $(find . -name test-suite.log | sort); do grep -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' "$log"; done
for log in $(find . -name '*.trs' | sort); do
  echo "$log $(grep '^:test-result:' "$log")"
done
make -s install DESTDIR="$PWD/../installed" >&2
(cd ../installed && find . -printf '%p %m\n' | sort)
make -s clean >&2
