import test from 'ava';
import { compareLogs, type CopyInfo, type MemberLog } from '../../../osd/core/log-diff.ts';
import type { LogEntry } from '../../../osd/core/log-entry.ts';
import { PgLog } from '../../../osd/core/pg-log.ts';
import { zeroVersion } from '../../../osd/core/version.ts';

const noBytes = Buffer.alloc(0);
type Pair = readonly [interval: number, counter: number];
const logOf = (versions: readonly Pair[]): PgLog => {
  const log = new PgLog(1000);
  for (const [interval, counter] of versions) {
    const entry: LogEntry = {
      version: { interval, counter },
      kind: 'modify',
      object: `o${counter}`,
      instance: interval,
      tid: counter,
      mtimeMs: 0,
      outcome: noBytes,
    };
    log.add(entry);
  }
  return log;
};
const whole: CopyInfo = { completeTo: zeroVersion, activated: zeroVersion, condition: 'whole', trimmed: false, past: [], cursor: '' };
const member = (versions: readonly Pair[], info: Partial<CopyInfo> = {}): MemberLog => ({
  ...whole,
  runs: logOf(versions).runs(),
  ...info,
});
const range = (interval: number, first: number, last: number): Pair[] =>
  Array.from({ length: last - first + 1 }, (_, i) => [interval, first + i] as const);
const pairs = (entries: readonly LogEntry[]): Pair[] => entries.map(({ version }) => [version.interval, version.counter] as const);

test('log difference: equal logs → same; both empty too', (t) => {
  t.is(compareLogs(logOf(range(1, 1, 5)), whole, member(range(1, 1, 5))).kind, 'same');
  t.is(compareLogs(logOf([]), whole, member([])).kind, 'same');
});

test('log difference: member behind → what it lacks is added', (t) => {
  const found = compareLogs(logOf(range(1, 1, 5)), whole, member(range(1, 1, 3)));
  t.true(found.kind === 'log');
  if (found.kind !== 'log') return;
  t.deepEqual(pairs(found.add), [
    [1, 4],
    [1, 5],
  ]);
  t.deepEqual(found.drop, []);
  t.deepEqual(found.base, { interval: 1, counter: 3 });
});

test('log difference: member went on alone in an older interval → its entries are dropped, ours added', (t) => {
  const found = compareLogs(logOf([...range(1, 1, 3), ...range(4, 4, 6)]), whole, member([...range(1, 1, 3), ...range(2, 4, 8)]));
  t.true(found.kind === 'log');
  if (found.kind !== 'log') return;
  t.deepEqual(pairs(found.add), range(4, 4, 6));
  t.deepEqual(found.drop, [{ interval: 2, first: 4, last: 8 }]);
});

test('log difference: member behind all that our log still shows → backfill', (t) => {
  const trimmed = { ...whole, trimmed: true };
  t.is(compareLogs(logOf(range(1, 100, 200)), trimmed, member(range(1, 1, 50))).kind, 'backfill');
  t.is(compareLogs(logOf(range(1, 100, 200)), trimmed, member([])).kind, 'backfill');
  // It is at our oldest entry exactly: nothing is hidden.
  t.is(
    compareLogs(logOf(range(1, 100, 200)), trimmed, member(range(1, 90, 100), { completeTo: { interval: 1, counter: 95 }, trimmed: true }))
      .kind,
    'log',
  );
});

test('log difference: member with a gap that its own trimming may hide → only what is known complete counts', (t) => {
  const versions = [...range(1, 150, 160), ...range(1, 170, 200)];
  const found = compareLogs(
    logOf(range(1, 100, 200)),
    { ...whole, trimmed: true },
    member(versions, { completeTo: { interval: 1, counter: 155 }, trimmed: true }),
  );
  t.true(found.kind === 'log');
  if (found.kind !== 'log') return;
  t.deepEqual(found.base, { interval: 1, counter: 160 });
  t.deepEqual(pairs(found.add), range(1, 161, 169));
});

test('log difference: interrupted recovery left ours and a divergent entry side by side → both are seen', (t) => {
  // It has the newest of ours, but not 6, and 5 of another history.
  const left = member([...range(1, 1, 4), [2, 5], [3, 7]], { condition: 'recovering', completeTo: { interval: 1, counter: 4 } });
  const found = compareLogs(logOf([...range(1, 1, 4), ...range(3, 5, 7)]), whole, left);
  t.true(found.kind === 'log');
  if (found.kind !== 'log') return;
  t.deepEqual(pairs(found.add), [
    [3, 5],
    [3, 6],
  ]);
  t.deepEqual(found.drop, [{ interval: 2, first: 5, last: 5 }]);
});

test('log difference: partial copy → backfill, whatever its log says', (t) => {
  t.is(compareLogs(logOf(range(1, 1, 5)), whole, member(range(1, 1, 5), { condition: 'backfilling' })).kind, 'backfill');
});

test('log difference: interrupted backfill that our log reaches → goes on at its cursor, with what changed before it', (t) => {
  // Objects are o<counter>: by name o1, o10, o11, ..., o2, ...
  const partial = { condition: 'backfilling', trimmed: true, cursor: 'o12', completeTo: { interval: 1, counter: 10 } } as const;
  const found = compareLogs(
    logOf([...range(1, 5, 10), ...range(3, 11, 13)]),
    whole,
    member([...range(1, 9, 10), [2, 11], [3, 12]], partial),
  );
  t.true(found.kind === 'backfill');
  if (found.kind !== 'backfill') return;
  t.is(found.cursor, 'o12');
  // Not 13: its object is beyond the cursor.
  t.deepEqual(pairs(found.add), [[3, 11]]);
  t.deepEqual(found.drop, [{ interval: 2, first: 11, last: 11 }]);
});

test('log difference: interrupted backfill that our log does not reach, or without a cursor → from the start', (t) => {
  const anew = { kind: 'backfill', cursor: '', add: [], drop: [] } as const;
  const at = (counter: number, cursor = 'o12'): Partial<CopyInfo> => ({
    condition: 'backfilling',
    trimmed: true,
    cursor,
    completeTo: { interval: 1, counter },
  });
  const log = logOf(range(1, 100, 110));
  t.deepEqual(compareLogs(log, { ...whole, trimmed: true }, member([], at(99))), anew);
  t.deepEqual(compareLogs(log, { ...whole, trimmed: true }, member([], at(105, ''))), anew);
  // Ours is not the truth yet, as far as it goes.
  t.deepEqual(compareLogs(log, { ...whole, condition: 'recovering' }, member([], at(105))), anew);
  const same = compareLogs(log, whole, member(range(1, 106, 110), at(105)));
  t.deepEqual(same, { ...anew, cursor: 'o12' });
});

test('log difference: member took part in an activation that we know nothing of → we must not serve', (t) => {
  t.is(
    compareLogs(logOf(range(1, 1, 5)), whole, member(range(1, 1, 9), { activated: { interval: 1, counter: 9 } })).kind,
    'primary-behind',
  );
  t.is(compareLogs(logOf([]), whole, member([], { activated: { interval: 1, counter: 1 } })).kind, 'primary-behind');
  // Older than all that our log shows: we have it, trimmed.
  t.not(
    compareLogs(logOf(range(2, 100, 200)), { ...whole, trimmed: true }, member([], { activated: { interval: 1, counter: 50 } })).kind,
    'primary-behind',
  );
});
