# about: flock and fcntl locks between processes: exclusion, waiting, time-outs, death of the holder
# packages: util-linux python3
# limit: 120

echo 0 >counter
for worker in 1 2 3 4; do
  (
    for _ in $(seq 40); do
      flock lock sh -c 'n=$(cat counter); echo $((n + 1)) >counter'
    done
  ) &
done
wait
cat counter

exec 8>lock
flock 8
refused flock -n lock true
refused flock -w 0.3 lock true
flock -s -n lock2 flock -s -n lock2 echo 'two readers'
# A waiter gets it when the holder lets go; one that is interrupted does not wait on.
flock lock echo 'my turn' >turn &
waiter=$!
flock lock true &
impatient=$!
sleep 0.3
kill $impatient
wait $impatient || echo "interrupted: $?"
[ ! -s turn ]
flock -u 8
wait $waiter
cat turn
# The lock dies with its holder.
flock --no-fork lock sleep 60 &
holder=$!
until_true sh -c '! flock -n lock true'
kill -9 $holder
wait $holder || true
until_true flock -n lock true
echo 'free again'

/usr/bin/python3 "$TOOLS/record-locks.py"
