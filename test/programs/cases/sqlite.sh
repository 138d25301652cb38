# about: sqlite3: four processes write at once, with a rollback journal and with a write-ahead log; one is killed
# packages: sqlite3
# limit: 300
# faults

writers() {
  local database=$1
  for writer in 1 2 3 4; do
    (
      for n in $(seq 25); do
        echo ".timeout 120000"
        echo "begin immediate; insert into entries (writer, n, text) values ($writer, $n, hex(randomblob(300)));"
        echo "update total set n = n + 1; commit;"
        echo "select 'wrong' from total where n != (select count(*) from entries);"
      done | sqlite3 -bail "$database"
    ) &
  done
  local failed=0
  for job in $(jobs -p); do wait "$job" || failed=1; done
  [ $failed = 0 ] || fail 'a writer failed'
}

for mode in delete truncate persist wal; do
  database=$mode.db
  sqlite3 -bail "$database" "
    pragma journal_mode = $mode; pragma synchronous = full;
    create table entries (id integer primary key, writer integer, n integer, text text, unique (writer, n));
    create table total (n integer); insert into total values (0);"
  writers "$database"
  sqlite3 "$database" 'pragma integrity_check; select count(*), count(distinct writer), (select n from total) from entries;'

  # One that dies in the middle of its transaction leaves nothing of it.
  mkfifo "$mode.pipe"
  sqlite3 "$database" <"$mode.pipe" >"$mode.said" &
  victim=$!
  exec 9>"$mode.pipe"
  echo "pragma cache_size = 5; begin; update entries set text = 'lost'; insert into entries (writer, n) select writer + 10, n from entries; select 'there';" >&9
  until_true grep -q there "$mode.said"
  kill -9 "$victim"
  wait "$victim" || true
  exec 9>&-
  sqlite3 "$database" "pragma integrity_check; select count(*), sum(text = 'lost') from entries; vacuum; pragma integrity_check;"
  sqlite3 "$database" ".backup $mode.copy" && cmp <(sqlite3 "$database" .dump) <(sqlite3 "$mode.copy" .dump)
  sqlite3 "$database" 'pragma wal_checkpoint(truncate)' >&2
done
ls
