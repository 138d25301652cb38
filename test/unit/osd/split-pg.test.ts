import test, { type ExecutionContext } from 'ava';
import { poolId } from '../../../common/maps/ids.ts';
import { objectHash, stableMod } from '../../../common/maps/object-hash.ts';
import { splitChildren, splitParent } from '../../../common/maps/pg-split.ts';
import type { LogRun } from '../../../common/wire/gen/messages.ts';
import { compareLogs, type LogDifference, type MemberLog } from '../../../osd/core/log-diff.ts';
import type { LogEntry } from '../../../osd/core/log-entry.ts';
import { Pg, freshInfo, type PgInfo } from '../../../osd/core/pg.ts';
import { belongsTo, splitPg } from '../../../osd/core/split-pg.ts';
import { cutRuns, joinRuns, runsHave } from '../../../osd/core/version-runs.ts';

const options = { logEntriesMax: 1000, budget: { bytes: 0 } };
const names = Array.from({ length: 40 }, (_, i) => `o${i}`);
type Pair = readonly [interval: number, counter: number];

const entryOf = ([interval, counter]: Pair, object = names[counter % names.length] as string): LogEntry => ({
  version: { interval, counter },
  kind: 'modify',
  object,
  instance: 7,
  tid: counter * 10 + interval,
  mtimeMs: 0,
  outcome: Buffer.alloc(0),
});

const range = (interval: number, first: number, last: number): Pair[] =>
  Array.from({ length: last - first + 1 }, (_, i) => [interval, first + i] as const);

/** PG 1.0, one of 1, with a log. */
function copyOf(versions: readonly Pair[], info: Partial<PgInfo> = {}, object?: string): Pg {
  const pg = new Pg(poolId(1), 0, { ...freshInfo, pgNum: 1, ...info }, options);
  for (const version of versions) pg.log.add(entryOf(version, object));
  return pg;
}

/** The copy's parts when it is one of `pgNum`. */
function partsOf(pg: Pg, pgNum: number): Pg[] {
  return [pg, ...splitPg(pg, pgNum, options).map((part) => part.pg)].sort((a, b) => a.seq - b.seq);
}

const asMember = ({ log, info }: Pg): MemberLog => ({ ...info, runs: log.runs() });
const compare = (primary: Pg, member: Pg): LogDifference => compareLogs(primary.log, primary.info, asMember(member));
const isSame = (t: ExecutionContext, a: readonly Pg[], b: readonly Pg[]): void => {
  for (const [i, part] of a.entries()) t.is(compare(part, b[i] as Pg).kind, 'same', part.id);
};

test('PGs: every object of a part comes from the one PG that it was, whatever the numbers', (t) => {
  for (const before of [1, 2, 3, 4, 5, 6, 7, 12]) {
    for (const after of [before * 2, before * 4, before + 1]) {
      for (const name of names) {
        const [was, is] = [before, after].map((pgNum) => stableMod(objectHash(name), pgNum)) as [number, number];
        t.is(splitParent(is, before), was);
        t.true(is === was || splitChildren(was, before, after).includes(is));
      }
    }
  }
});

test('runs: cut, joined, asked', (t) => {
  const runs: LogRun[] = [
    { interval: 1, first: 3, last: 9 },
    { interval: 4, first: 10, last: 12 },
  ];
  t.deepEqual(cutRuns(runs, 5, 10), [
    { interval: 1, first: 5, last: 9 },
    { interval: 4, first: 10, last: 10 },
  ]);
  t.deepEqual(joinRuns(runs, [{ interval: 4, first: 13, last: 15 }]), [runs[0], { interval: 4, first: 10, last: 15 }]);
  t.deepEqual(joinRuns(runs, [{ interval: 1, first: 5, last: 5 }]), runs);
  t.true(runsHave(runs, { interval: 4, counter: 12 }));
  t.false(runsHave(runs, { interval: 1, counter: 12 }));
});

test('split: the log is divided by object, with what is kept aside; each part finds its own requests, and no others', (t) => {
  const pg = copyOf(range(3, 101, 200), { trimmed: true });
  const kept = range(2, 50, 80).map((version) => entryOf(version));
  for (const entry of kept) pg.log.keep(entry);
  const all = [...kept, ...pg.log.after(-1)];
  const parts = partsOf(pg, 4);
  t.is(parts.length, 4);
  let found = 0;
  for (const part of parts) {
    for (const entry of all) {
      const isOwn = belongsTo(entry.object, part.seq, 4);
      t.is(part.log.find(entry.instance, entry.tid), isOwn ? entry : undefined);
      if (isOwn) found++;
    }
    t.true(part.log.size > 0 && part.log.kept.length > 0);
    t.deepEqual(part.head, { interval: 3, counter: 200 });
    t.is(part.info.pgNum, 4);
  }
  t.is(found, all.length);
});

test('split: copies that were equal → their parts are, also those whose log has nothing', (t) => {
  const info: Partial<PgInfo> = { trimmed: true, activated: { interval: 3, counter: 150 } };
  isSame(t, partsOf(copyOf(range(3, 101, 200), info, 'o1'), 4), partsOf(copyOf(range(3, 101, 200), info, 'o1'), 4));
});

test('split: one copy has writes of others’ objects that the primary lacks → by log, nothing is copied, nobody is behind', (t) => {
  const info: Partial<PgInfo> = { trimmed: true, activated: { interval: 3, counter: 150 } };
  const primary = partsOf(copyOf(range(3, 101, 200), info, 'o1'), 4);
  const home = stableMod(objectHash('o1'), 4);
  for (const [ahead, last] of [
    [true, 205],
    [false, 195],
  ] as const) {
    const member = partsOf(copyOf(range(3, 101, last), info, 'o1'), 4);
    for (const [i, part] of primary.entries()) {
      const found = compare(part, member[i] as Pg);
      t.not(found.kind, 'backfill');
      t.not(found.kind, 'primary-behind');
      if (found.kind !== 'log') continue;
      t.is(found.add.length, !ahead && part.seq === home ? 5 : 0);
      t.is(found.drop.length > 0, ahead && part.seq === home);
    }
  }
});

test('split: a member that lacks nothing, but does not know how far the history goes → is told', (t) => {
  const primary = partsOf(copyOf(range(3, 1, 20), {}, 'o1'), 4).find(({ log }) => log.size === 0) as Pg;
  const fresh = new Pg(poolId(1), primary.seq, { ...freshInfo, pgNum: 4 }, options);
  t.like(compare(primary, fresh), { kind: 'log', add: [], drop: [] });
});

test('split: a copy that stayed away since before → what the parts wrote meanwhile is added', (t) => {
  const away = partsOf(copyOf(range(3, 1, 100)), 4);
  const stayed = partsOf(copyOf([...range(3, 1, 100), ...range(5, 101, 120)]), 2)
    .flatMap((part) => partsOf(part, 4))
    .sort((a, b) => a.seq - b.seq);
  for (const [i, part] of stayed.entries()) {
    for (let counter = 121; counter < 130; counter++)
      part.log.add(
        entryOf(
          [9, counter],
          names.find((name) => belongsTo(name, part.seq, 4)),
        ),
      );
    const found = compare(part, away[i] as Pg);
    t.true(found.kind === 'log');
    if (found.kind !== 'log') continue;
    t.is(found.add.length, [...part.log.after(100)].length);
    t.deepEqual(found.drop, []);
    t.deepEqual(found.base, { interval: 3, counter: 100 });
  }
});

test('split: a copy whose recovery was interrupted → its parts are complete up to where it was', (t) => {
  const primary = partsOf(copyOf(range(3, 1, 100)), 2);
  const member = partsOf(
    copyOf([...range(3, 1, 50), ...range(3, 80, 100)], { condition: 'recovering', completeTo: { interval: 3, counter: 50 } }),
    2,
  );
  for (const [i, part] of primary.entries()) {
    const found = compare(part, member[i] as Pg);
    t.true(found.kind === 'log');
    if (found.kind !== 'log') continue;
    t.deepEqual(
      found.add.map(({ version }) => version.counter),
      range(3, 51, 79)
        .map((version) => entryOf(version))
        .filter(({ object }) => belongsTo(object, part.seq, 2))
        .map(({ version }) => version.counter),
    );
    t.deepEqual(found.base, { interval: 3, counter: 50 });
  }
});

test('split: a partial copy → its parts are partial; a primary without an acknowledged write → its parts do not serve', (t) => {
  const primary = partsOf(copyOf(range(3, 1, 100)), 2);
  for (const [i, part] of partsOf(copyOf([], { condition: 'backfilling', trimmed: true }), 2).entries())
    t.is(compare(primary[i] as Pg, part).kind, 'backfill');
  const ahead = partsOf(copyOf([...range(3, 1, 100), ...range(6, 101, 110)], { activated: { interval: 6, counter: 110 } }), 2);
  for (const [i, part] of ahead.entries()) t.is(compare(primary[i] as Pg, part).kind, 'primary-behind');
});

test('split: what scrubs found stays with its object', (t) => {
  const pg = copyOf(range(3, 1, 10));
  const finding = (object: string): Pg['scrubs']['findings'][number] => ({ object, osd: 1 as never, what: [], good: [], detail: '' });
  pg.scrubs = { ...pg.scrubs, serial: 4, errors: 42, findings: names.map(finding) };
  for (const part of partsOf(pg, 2)) {
    const own = names.filter((name) => belongsTo(name, part.seq, 2));
    t.deepEqual(
      part.scrubs.findings.map(({ object }) => object),
      own,
    );
    t.is(part.scrubs.errors, own.length + 2);
  }
});
