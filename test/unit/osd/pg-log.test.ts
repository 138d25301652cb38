import test from 'ava';
import type { LogEntry } from '../../../osd/core/log-entry.ts';
import { PgLog } from '../../../osd/core/pg-log.ts';

const noBytes = Buffer.alloc(0);
const entry = (interval: number, counter: number, fields: Partial<LogEntry> = {}): LogEntry => ({
  version: { interval, counter },
  kind: 'modify',
  object: `o${counter}`,
  instance: 1,
  tid: counter,
  mtimeMs: 0,
  outcome: noBytes,
  ...fields,
});

test('pg log: entries added out of order → kept in order, each once', (t) => {
  const log = new PgLog(100);
  for (const [interval, counter] of [
    [1, 1],
    [3, 4],
    [1, 2],
    [2, 3],
    [1, 2],
  ] as const)
    log.add(entry(interval, counter));
  t.deepEqual(
    [...log.after(0)].map(({ version }) => version.counter),
    [1, 2, 3, 4],
  );
  t.deepEqual(log.head, { interval: 3, counter: 4 });
  t.deepEqual(log.runs(), [
    { interval: 1, first: 1, last: 2 },
    { interval: 2, first: 3, last: 3 },
    { interval: 3, first: 4, last: 4 },
  ]);
});

test('pg log: equal counters of two intervals → two entries', (t) => {
  const log = new PgLog(100);
  log.add(entry(2, 5));
  log.add(entry(1, 5));
  t.true(log.has({ interval: 1, counter: 5 }) && log.has({ interval: 2, counter: 5 }));
  t.is(log.remove({ interval: 1, counter: 5 })?.version.interval, 1);
  t.is(log.remove({ interval: 1, counter: 5 }), undefined);
  t.is(log.size, 1);
});

test('pg log: past its bound → the oldest leave; those that may be asked for again are kept aside until they may not', (t) => {
  const log = new PgLog(100);
  let oldest = 11;
  const trims = [];
  for (let counter = 1; counter <= 164; counter++) {
    log.add(entry(1, counter));
    trims.push(log.trim(() => oldest));
  }
  const trim = trims.find(({ trimmed }) => trimmed.length > 0);
  t.is(trim?.trimmed.length, 64);
  t.is(trim?.kept.length, 54);
  t.is(log.oldest?.version.counter, 65);
  t.is(log.find(1, 10), undefined);
  t.is(log.find(1, 11)?.version.counter, 11);
  oldest = 165;
  for (let counter = 165; counter <= 228; counter++) log.add(entry(1, counter));
  const second = log.trim(() => oldest);
  t.is(second.released.length, 54);
  t.is(log.find(1, 11), undefined);
  t.is(log.kept.length, 0);
});

test('pg log: a client that says nothing → no more are kept aside than the log holds', (t) => {
  const log = new PgLog(100);
  for (let counter = 1; counter <= 1000; counter++) {
    log.add(entry(1, counter));
    log.trim(() => 0);
  }
  t.is(log.kept.length, 100);
  t.is(log.find(1, 1000)?.version.counter, 1000);
});

test('pg log: large entries → bounded by bytes too, in the log and aside', (t) => {
  const log = new PgLog(10_000);
  const outcome = Buffer.alloc(64 * 1024);
  let released = 0;
  for (let counter = 1; counter <= 1_000; counter++) {
    log.add(entry(1, counter, { outcome }));
    released += log.trim(() => 0).released.length;
  }
  t.true(log.size * outcome.length <= 6 * 1024 * 1024);
  t.true(log.size > 80);
  t.true(log.kept.length * outcome.length <= 24 * 1024 * 1024);
  t.is(log.kept.length + log.size + released, 1_000);
  t.is(log.head.counter, 1_000);
});

test('pg log: cut below a counter → the rest stays, what is wanted is kept aside', (t) => {
  const log = new PgLog(100);
  for (let counter = 1; counter <= 10; counter++) log.add(entry(1, counter, { object: counter % 2 === 0 ? 'even' : 'odd' }));
  const { trimmed, kept } = log.trimBelow(8, () => 6);
  t.deepEqual(
    trimmed.map(({ tid }) => tid),
    [1, 2, 3, 4, 5, 6, 7],
  );
  t.deepEqual(
    kept.map(({ tid }) => tid),
    [6, 7],
  );
  t.deepEqual(log.runs(), [{ interval: 1, first: 8, last: 10 }]);
  t.deepEqual(
    log.of('even').map(({ tid }) => tid),
    [8, 10],
  );
  t.deepEqual([log.before(10)?.tid, log.before(8)?.tid], [9, undefined]);
  t.is(log.trimBelow(3, () => 0).trimmed.length, 0);
});

test('pg log: what has left it by its bound, or by order → its floor; forgotten with everything else', (t) => {
  const log = new PgLog(100);
  for (let counter = 1; counter <= 164; counter++) {
    log.add(entry(1, counter));
    log.trim(() => Infinity);
  }
  t.is(log.floor, 65);
  log.trimBelow(70, () => Infinity);
  t.is(log.floor, 70);
  log.clear();
  t.is(log.floor, 0);
});
