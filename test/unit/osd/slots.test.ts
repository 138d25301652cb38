import test from 'ava';
import { Slots } from '../../../osd/background/slots.ts';

const never = new AbortController().signal;

test('slots: full → the most urgent of those that wait goes next, in order among equals', async (t) => {
  const slots = new Slots(1);
  const order: string[] = [];
  const first = await slots.acquire(1, never, () => undefined);
  const work = async (name: string, rank: number): Promise<void> => {
    const slot = await slots.acquire(rank, never, () => undefined);
    order.push(name);
    slot.release();
    slot.release();
  };
  const all = [work('misplaced', 2), work('degraded a', 1), work('degraded b', 1), work('below min_size', 0)];
  first.release();
  await Promise.all(all);
  t.deepEqual(order, ['below min_size', 'degraded a', 'degraded b', 'misplaced']);
});

test('slots: something more urgent waits → the least urgent at work is asked to make way, one at a time', async (t) => {
  const slots = new Slots(2);
  const asked: number[] = [];
  const [a, b] = await Promise.all([1, 2].map((rank) => slots.acquire(rank, never, () => asked.push(rank))));
  const abort = new AbortController();
  const given = slots.acquire(2, abort.signal, () => undefined);
  t.deepEqual(asked, []);
  const urgent = slots.acquire(0, never, () => undefined);
  const urgentToo = slots.acquire(0, never, () => undefined);
  t.deepEqual(asked, [2]);
  t.true(b?.yields);
  abort.abort();
  await t.throwsAsync(given, { code: 'ECANCELED' });
  b?.release();
  t.is((await urgent).rank, 0);
  t.deepEqual(asked, [2, 1]);
  a?.release();
  t.is((await urgentToo).rank, 0);
});
