# about: dpkg-deb, zip and unzip, ar, gzip, xz, zstd
# packages: dpkg zip unzip binutils gzip xz-utils bzip2
# limit: 120

mkdir -p pkg/DEBIAN pkg/usr/share/thing pkg/usr/bin
printf 'Package: thing\nVersion: 1.0\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: thing\n' >pkg/DEBIAN/control
for n in $(seq 100); do seq "$n" $((n * 10)) >"pkg/usr/share/thing/f$n"; done
printf '#!/bin/sh\necho thing works\n' >pkg/usr/bin/thing
chmod 755 pkg/usr/bin/thing
ln -s thing pkg/usr/bin/alias
dpkg-deb --root-owner-group --build pkg thing.deb >&2
dpkg-deb -c thing.deb | awk '{ print $1, $2, $3, $6, $7, $8 }'
dpkg-deb -R thing.deb raw
diff -r --no-dereference pkg raw
raw/usr/bin/alias
# A whole root that dpkg keeps: its database is fsynced and renamed all the time.
mkdir -p root/var/lib/dpkg/{updates,info,triggers}
: >root/var/lib/dpkg/status
dpkg --root="$PWD/root" --force-not-root --force-script-chrootless --log=/dev/null -i thing.deb >&2
dpkg --root="$PWD/root" -V thing
dpkg --root="$PWD/root" -l thing | tail -1
dpkg --root="$PWD/root" --force-script-chrootless --log=/dev/null -P thing >&2
find root -type f | sort

zip -qry thing.zip pkg
unzip -tq thing.zip
mkdir unzipped
unzip -q thing.zip -d unzipped
diff -r --no-dereference pkg unzipped/pkg
(cd pkg && zip -qur ../thing.zip .)
zip -qd thing.zip 'usr/*'
unzip -l thing.zip | tail -1 | awk '{ print $2 }'

cp -r pkg/usr/share/thing things
ar rc things.a things/*
ar t things.a | wc -l
ar d things.a f1 f2
ar p things.a f50 | sha256sum
for program in gzip bzip2 xz; do
  cp things/f99 packed
  touch -d '2001-02-03 04:05:06.7' packed
  chmod 640 packed
  $program packed
  stat -c '%a %y' packed.*
  $program -d packed.*
  cmp packed things/f99
done
split -b 1000 things/f100 part.
cat part.* | cmp - things/f100
ls part.* | wc -l
