# about: PostgreSQL: initdb, pgbench, kill -9 and recovery, vacuum, checksums, amcheck, pg_basebackup
# packages: postgresql postgresql-client
# limit: 600

bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
chown postgres . "$OUTSIDE"
# Replaces the shell: to be called in one of its own.
become_postgres() { exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$OUTSIDE" PGHOST="$OUTSIDE" PGDATABASE=postgres "$@"; }
as_postgres() { (become_postgres "$@"); }
start() {
  become_postgres "$bin/postgres" -D "$PWD/data" -k "$OUTSIDE" -c listen_addresses= -c shared_buffers=16MB "$@" >>"$OUTSIDE/log" 2>&1 &
  server=$!
  until_true as_postgres "$bin/pg_isready" -q
}
stop() {
  kill -INT "$server"
  wait "$server"
}
sums() {
  as_postgres psql -AtX -c 'select (select sum(abalance) from pgbench_accounts) = (select sum(bbalance) from pgbench_branches),
    (select sum(abalance) from pgbench_accounts) = (select sum(tbalance) from pgbench_tellers),
    (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history), (select count(*) from pgbench_history)'
}

as_postgres "$bin/initdb" -D data --data-checksums --encoding=UTF8 --locale=C.UTF-8 >&2
start
as_postgres "$bin/pgbench" -i -s 3 -q >&2
as_postgres "$bin/pgbench" -c 4 -j 2 -t 200 --no-vacuum >&2
sums
as_postgres psql -AtX -c 'create extension amcheck'
# In the middle of its work, with -9: what was committed is there.
as_postgres "$bin/pgbench" -c 4 -j 2 -T 20 --no-vacuum >/dev/null 2>"$OUTSIDE/bench" &
bench=$!
until_true as_postgres psql -AtX -v ON_ERROR_STOP=1 -c 'select 1 / (count(*) > 850)::int from pgbench_history'
before=$(as_postgres psql -AtX -c 'select count(*) from pgbench_history')
kill -9 "$server"
wait "$server" || true
wait "$bench" || true
# Its children notice by themselves, and go.
until_true sh -c "! ls -l /proc/*/cwd 2>/dev/null | grep -q '$PWD/data\$'"
start
sums | cut -d'|' -f1-3
after=$(as_postgres psql -AtX -c 'select count(*) from pgbench_history')
[ "$after" -ge "$before" ] || fail "$before rows before the crash, $after after it"
as_postgres psql -qAtX -c 'vacuum full' -c 'reindex table pgbench_accounts' -c 'checkpoint'
as_postgres "$bin/pg_amcheck" --heapallindexed --all
mkdir space
chown postgres space
as_postgres psql -qAtX -c "create tablespace other location '$PWD/space'" -c 'alter table pgbench_accounts set tablespace other'
as_postgres "$bin/pg_basebackup" -D backup -T "$PWD/space=$PWD/space2" --checkpoint=fast
as_postgres "$bin/pg_verifybackup" -q backup
as_postgres psql -qX -c 'create database copy'
as_postgres "$bin/pg_dump" | as_postgres psql -qX -v ON_ERROR_STOP=1 -d copy >&2
stop
as_postgres "$bin/pg_checksums" --check -D data | grep -E 'Bad|Checksum'
# The other ways to sync.
for method in open_datasync fsync open_sync; do
  start -c wal_sync_method=$method
  as_postgres "$bin/pgbench" -c 2 -t 50 --no-vacuum >&2
  stop
done
grep -E 'PANIC|could not|corrupt|invalid page' "$OUTSIDE/log" | sed 's/^.*\] //' || true
