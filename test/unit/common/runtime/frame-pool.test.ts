import test from 'ava';
import { FramePool } from '../../../../common/runtime/node/frame-pool.ts';

const kib = 1024;
const mib = 1024 * kib;

/** One whose owner gives back. */
function usedPool(): FramePool {
  const pool = new FramePool();
  pool.giveBack([]);
  return pool;
}

test('frame pool: frames from before the first was given back → are passed over', (t) => {
  const pool = new FramePool();
  pool.giveBack([pool.take(mib)]);
  t.is(pool.spareBytes, 0);
  pool.giveBack([pool.take(mib)]);
  t.is(pool.spareBytes, mib);
});

test('frame pool: given back → the next one that fits comes to stand there', (t) => {
  const pool = usedPool();
  const first = pool.take(mib);
  const { buffer } = first;
  pool.giveBack([first]);
  t.is(pool.spareBytes, mib);
  t.not(pool.take(2 * mib).buffer, buffer, 'too long for it');
  t.not(pool.take(mib / 2 - 1).buffer, buffer, 'it would waste most of it');
  const next = pool.take(mib - 10);
  t.is(next.buffer, buffer);
  t.is(next.length, mib - 10);
  t.is(pool.spareBytes, 0);
  pool.giveBack([next]);
  t.is(pool.take(mib).buffer, buffer, 'as long as it ever was');
});

test('frame pool: given back twice, or from elsewhere → passed over; never the same memory for two', (t) => {
  const pool = usedPool();
  const frame = pool.take(100 * kib);
  pool.giveBack([frame, frame, frame.subarray(10), Buffer.alloc(100 * kib), new Uint8Array(5)]);
  pool.giveBack([frame]);
  t.is(pool.spareBytes, 100 * kib);
  const others = new Set(Array.from({ length: 3 }, () => pool.take(100 * kib).buffer));
  t.is(others.size, 3);
});

test('frame pool: more given back than is kept → what has been there longest goes', (t) => {
  const pool = usedPool();
  const frames = Array.from({ length: 40 }, (_, index) => pool.take(mib + index));
  pool.giveBack(frames);
  t.true(pool.spareBytes <= 16 * mib);
  t.is(pool.take(mib).buffer, (frames[39] as Buffer).buffer);
  const left = new Set(Array.from({ length: 20 }, () => pool.take(mib).buffer));
  t.false(frames.slice(0, 20).some(({ buffer }) => left.has(buffer)));
});

test('frame pool: small frames → are not kept', (t) => {
  const pool = usedPool();
  pool.giveBack([pool.take(kib), pool.take(0)]);
  t.is(pool.spareBytes, 0);
});
