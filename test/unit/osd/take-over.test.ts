import test from 'ava';
import { changeLog } from '../../../osd/background/take-over.ts';
import { compareLogs } from '../../../osd/core/log-diff.ts';
import type { LogEntry } from '../../../osd/core/log-entry.ts';
import { freshInfo, Pg, type PgInfo } from '../../../osd/core/pg.ts';
import { zeroVersion } from '../../../osd/core/version.ts';

const entry = (interval: number, counter: number, object = `o${counter}`): LogEntry => ({
  version: { interval, counter },
  kind: 'modify',
  object,
  instance: interval,
  tid: counter,
  mtimeMs: 0,
  outcome: Buffer.alloc(0),
});

function pgWith(entries: readonly LogEntry[], info: Partial<PgInfo> = {}): Pg {
  const pg = new Pg(1 as never, 0, { ...freshInfo, interval: 9, ...info }, { logEntriesMax: 1_000, budget: { bytes: 0 } });
  for (const each of entries) pg.log.add(each);
  return pg;
}

const versions = (pg: Pg): string[] => [...pg.log.after(-1)].map(({ version }) => `${version.interval}'${version.counter}`);

test('taking over: a write that the member lacks → gone from the log, its request forgotten, complete up to what came before', (t) => {
  const pg = pgWith([entry(1, 1), entry(1, 2), entry(1, 3, 'x'), entry(1, 4)]);
  const mutations = changeLog(pg, { add: [], drop: [{ interval: 1, counter: 3 }] });
  t.deepEqual(versions(pg), ["1'1", "1'2", "1'4"]);
  t.is(pg.log.find(1, 3), undefined);
  t.is(pg.info.condition, 'recovering');
  t.deepEqual(pg.info.completeTo, { interval: 1, counter: 2 });
  t.deepEqual(
    mutations.map(({ kind }) => kind),
    ['set-meta', 'set-meta'],
  );
});

test('taking over: a write that only the member has → in the log, found by its request', (t) => {
  const pg = pgWith([entry(1, 1), entry(2, 2)]);
  changeLog(pg, { add: [entry(1, 2, 'x')], drop: [] });
  t.deepEqual(versions(pg), ["1'1", "1'2", "2'2"]);
  t.is(pg.log.find(1, 2)?.object, 'x');
  t.deepEqual(pg.info.completeTo, { interval: 1, counter: 1 });
});

test('taking over: then all members are compared by log again, one that has all that was dropped too', (t) => {
  const all = [entry(1, 1), entry(1, 2), entry(1, 3, 'x'), entry(1, 4)];
  const pg = pgWith(all, { activated: { interval: 1, counter: 1 } });
  changeLog(pg, { add: [], drop: [{ interval: 1, counter: 3 }] });
  const member = { ...freshInfo, activated: { interval: 1, counter: 1 }, runs: pgWith(all).log.runs() };
  const found = compareLogs(pg.log, pg.info, member);
  t.true(found.kind === 'log');
  if (found.kind !== 'log') return;
  t.deepEqual(found.drop, [{ interval: 1, first: 3, last: 3 }]);
  t.deepEqual(found.add, []);
});

test('taking over: the only entry of a log that was trimmed → what was activated before is still known', (t) => {
  const before = { interval: 1, counter: 2 };
  const pg = pgWith([entry(1, 3, 'x')], { trimmed: true, completeTo: before, activated: before });
  changeLog(pg, { add: [], drop: [{ interval: 1, counter: 3 }] });
  t.deepEqual(pg.info.completeTo, before);
  const member = { ...freshInfo, trimmed: true, completeTo: before, activated: before, runs: [] };
  t.is(compareLogs(pg.log, pg.info, member).kind, 'same');
  const behind = { ...member, completeTo: zeroVersion, activated: { interval: 1, counter: 1 } };
  t.not(compareLogs(pg.log, pg.info, behind).kind, 'primary-behind');
});

test('taking over: the only entry since the PG was split → its history from before is still known (OSD seed 77125)', (t) => {
  const before = { interval: 3, counter: 10 };
  const past = [{ interval: 3, first: 1, last: 10 }];
  const ours = { interval: 34, counter: 11 };
  const pg = pgWith([entry(34, 11, 'x')], { completeTo: ours, activated: ours, past });
  changeLog(pg, { add: [], drop: [ours] });
  t.deepEqual(pg.info.completeTo, before);
  t.deepEqual(pg.info.past, past);
  // It has been told that it has all, but for the object that nobody could read.
  const member = { ...freshInfo, condition: 'recovering' as const, completeTo: ours, activated: before, past, runs: [] };
  t.deepEqual(compareLogs(pg.log, pg.info, member), { kind: 'log', base: before, add: [], drop: [] });
});
