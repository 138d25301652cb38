/**
 * What people look at and change: osd df, pg ls, health detail, osd reweight, osd safe-to-stop, pool set.
 * @module
 */
import test from 'ava';
import { poolId } from '../../../common/maps/ids.ts';
import { allPgs, rawPlacement } from '../../../common/maps/placement.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { PgStatus, SpaceReport, StopAdvice } from '../../../mon/client/reports.ts';
import type { Health } from '../../../mon/core/health.ts';
import { pgStat } from '../../support/pg-stat.ts';
import { Harness } from './harness.ts';

const pgs = (h: Harness): string[] => [...allPgs(h.map)].map(({ pgId }) => pgId);

/** Every OSD that is up reports the PGs that it is primary of. */
function report(h: Harness, state = 'active+clean'): void {
  for (const { id, up } of h.map.osds.values()) {
    const own = pgs(h).filter((pg) => h.acting(pg)[0] === id);
    const stats = own.map((pg) => pgStat({ pg, state, interval: h.interval(pg), objects: 5, bytes: 500, degraded: 1, misplaced: 2 }));
    if (up) h.beacon(id, { pgs: stats, usedBytes: 100 * (id + 1) });
  }
}

test('osd df: → space of each OSD against the average; null for one that has not reported', (t) => {
  const h = Harness.withPool(3);
  h.beacon(0, { usedBytes: 100 });
  h.beacon(1, { usedBytes: 300 });
  const { osds, total } = h.command('osd df') as SpaceReport;
  t.deepEqual(total, { totalBytes: 2_000, usedBytes: 400, freeBytes: 1_600, storedBytes: 14, usedPercent: 20 });
  t.deepEqual(osds[1], {
    id: 1,
    host: 'h1',
    up: true,
    in: true,
    weight: 1,
    reweight: 1,
    pgs: 4,
    totalBytes: 1_000,
    usedBytes: 300,
    freeBytes: 700,
    storedBytes: 7,
    objects: 3,
    usedPercent: 30,
    variance: 1.5,
  });
  t.like(osds[2], { id: 2, up: true, pgs: 4, totalBytes: null, usedBytes: null, usedPercent: null, variance: null });
});

test('osd df: nothing reported, or nothing used → no division by nothing', (t) => {
  const h = Harness.withPool(2);
  t.is((h.command('osd df') as SpaceReport).total.usedPercent, 0);
  h.beacon(0, { usedBytes: 0 });
  t.like((h.command('osd df') as SpaceReport).osds[0], { usedPercent: 0, variance: 1 });
  t.deepEqual((new Harness().command('osd df') as SpaceReport).osds, []);
});

test('pg ls: → every PG with its members, state and counts; by pool, by word of the state', (t) => {
  const h = Harness.withPool(3, { pgNum: 2 });
  h.command('pool create', { name: 'q', pgNum: 1, size: 2 });
  const list = (args: Readonly<Record<string, unknown>> = {}): readonly PgStatus[] => h.command('pg ls', args) as readonly PgStatus[];
  t.deepEqual(
    list().map(({ pg, pool, state, objects }) => ({ pg, pool, state, objects })),
    [
      { pg: '1.0', pool: 'p', state: 'unknown', objects: 0 },
      { pg: '1.1', pool: 'p', state: 'unknown', objects: 0 },
      { pg: '2.0', pool: 'q', state: 'unknown', objects: 0 },
    ],
  );
  report(h);
  t.deepEqual(list({ pool: 'q' }), [
    {
      pg: '2.0',
      pool: 'q',
      state: 'active+clean',
      up: h.acting('2.0'),
      acting: h.acting('2.0'),
      primary: h.acting('2.0')[0] ?? null,
      interval: h.interval('2.0'),
      objects: 5,
      bytes: 500,
      degraded: 1,
      misplaced: 2,
      lastScrubMs: 0,
      lastDeepScrubMs: 0,
      scrubErrors: 0,
      lastOrder: 0,
      order: 0,
    },
  ]);
  t.is(list({ state: 'clean' }).length, 3);
  t.is(list({ state: 'active', pool: 'p' }).length, 2);
  t.is(list({ state: 'act' }).length, 0);
  t.throws(() => list({ pool: 'r' }), { code: 'ENOENT' });
  h.pass(2_000);
  t.true(list().every(({ state, primary }) => state === 'down' && primary === null));
});

test('health detail: → every place with its reason, and what to do, by stable codes', (t) => {
  const h = Harness.withPool(3, { pgNum: 64 });
  report(h);
  t.deepEqual(h.command('health detail'), { status: 'HEALTH_OK', checks: {} });
  h.gone(2);
  report(h, 'active+degraded');
  const { checks } = h.command('health detail') as Health;
  t.deepEqual(Object.keys(checks), ['OSD_DOWN', 'PG_DEGRADED']);
  const degraded = checks.PG_DEGRADED?.detail ?? [];
  t.is(degraded.length, 64);
  const acting = h
    .acting('1.0')
    .map((osd) => `osd.${osd}`)
    .join(', ');
  t.is(degraded[0], `PG 1.0 is active+degraded: 2 of 3 copies, on ${acting}`);
  t.regex(checks.OSD_DOWN?.remedy ?? '', /nacre osd out/);
  t.regex(checks.PG_DEGRADED?.remedy ?? '', /OSD_DOWN/);
  const short = (h.command('health') as Health).checks.PG_DEGRADED?.detail ?? [];
  t.is(short.length, 51);
  t.is(short.at(-1), 'and 14 more');
});

test('health detail: a PG that is down → names the OSDs to start', (t) => {
  const h = Harness.withPool(3, { pgNum: 1, size: 2 });
  const acting = h.acting('1.0');
  h.goneTogether(acting);
  const names = acting.map((osd) => `osd.${osd}`).join(', ');
  const lost = acting.map((osd) => `nacre osd lost ${osd}`).join(', ');
  t.deepEqual((h.command('health detail') as Health).checks.PG_DOWN?.detail, [
    `PG 1.0 is down: start ${names}; if all their disks are lost for good (${lost}), the PG begins anew, empty`,
  ]);
});

test('osd reweight: → a share of its PGs moves to others; repeated or after a boot the same', (t) => {
  const h = Harness.withPool(6, { pgNum: 256 });
  const pool = h.map.pools.get(poolId(1)) as PoolInfo;
  const count = (id: number): number => pgs(h).filter((_, seq) => rawPlacement(h.map, pool, seq).includes(id as never)).length;
  const before = count(0);
  t.deepEqual(h.command('osd reweight', { osd: 0, reweight: 0.5 }), { osd: 0, reweight: 0.5 });
  t.true(count(0) > before * 0.3 && count(0) < before * 0.7, `${before} → ${count(0)}`);
  const { epoch } = h.map;
  h.command('osd reweight', { osd: 0, reweight: 0.5 });
  t.is(h.map.epoch, epoch);
  h.boot(0, { life: 2 });
  t.is((h.command('osd df') as SpaceReport).osds[0]?.reweight, 0.5);
  t.deepEqual(h.command('osd reweight', { osd: 0, reweight: 1 }), { osd: 0, reweight: 1 });
  t.is(count(0), before);
  t.is((h.command('osd reweight', { osd: 0, reweight: 1e-9 }) as { reweight: number }).reweight, 1 / 0x10000);
});

const advice = (h: Harness, osd: number): StopAdvice => h.command('osd safe-to-stop', { osds: [osd] }) as StopAdvice;

test('osd safe-to-stop: all clean → yes; what it says comes true', (t) => {
  const h = Harness.withPool(3);
  t.false(advice(h, 0).safe, 'nothing was reported yet');
  report(h);
  t.deepEqual(advice(h, 0), { osds: [0], safe: true, pgs: 4, blocked: [] });
  h.gone(0);
  report(h, 'active+degraded');
  t.true(pgs(h).every((pg) => h.acting(pg).length >= 2));
});

test('osd safe-to-stop: one is down already → no, with the reason', (t) => {
  const h = Harness.withPool(3);
  h.gone(0);
  t.regex(advice(h, 1).blocked[0]?.reason ?? '', /^it is (peering|unknown) now: wait/);
  report(h, 'active+degraded');
  t.deepEqual(advice(h, 1), {
    osds: [1],
    safe: false,
    pgs: 4,
    blocked: pgs(h).map((pg) => ({ pg, pool: 'p', reason: '1 of the 2 copies that it needs to serve would be left' })),
  });
  t.deepEqual(advice(h, 0), { osds: [0], safe: true, pgs: 0, blocked: [] });
});

test('osd safe-to-stop: another is found gone, or ordered down, but not down yet → no', (t) => {
  for (const doom of [
    (h: Harness) => h.core.osdGone(0 as never, 1_001 as never, h.now),
    (h: Harness) => h.command('osd down', { osd: 0 }),
  ]) {
    const h = Harness.withPool(3);
    report(h);
    doom(h);
    t.true(h.map.osds.get(0 as never)?.up);
    t.false(advice(h, 1).safe);
  }
});

test('osd safe-to-stop: several together → no where each alone might go, yes where enough are left', (t) => {
  const h = Harness.withPool(4, { size: 3, pgNum: 1 });
  report(h);
  const [a, b] = h.acting('1.0') as [number, number];
  const spare = [0, 1, 2, 3].find((id) => !h.acting('1.0').includes(id)) as number;
  const together = (osds: readonly number[]): StopAdvice => h.command('osd safe-to-stop', { osds }) as StopAdvice;
  t.like(together([a]), { safe: true });
  t.like(together([a, b]), { osds: [a, b], safe: false, pgs: 1 });
  t.like(together([a, spare, a]), { osds: [a, spare], safe: true, pgs: 1 });
});

test('osd safe-to-stop: one copy only → no', (t) => {
  const h = Harness.withPool(2, { size: 1, pgNum: 8 });
  report(h);
  t.false(advice(h, 0).safe);
  t.is(advice(h, 0).blocked.length, advice(h, 0).pgs);
});

test('pool set: size → more are proposed and act once certified, fewer leave', (t) => {
  const h = Harness.withPool(4, { size: 2, pgNum: 1 });
  const two = h.acting('1.0');
  const { interval } = { interval: h.interval('1.0') };
  t.like(h.command('pool set', { name: 'p', size: 3 }), { size: 3, minSize: 1 });
  const { up } = [...allPgs(h.map)][0] ?? { up: [] };
  t.is(up.length, 3);
  t.deepEqual(h.acting('1.0'), two);
  t.true(h.interval('1.0') > interval, 'a new interval, so that the primary looks at it');
  for (const id of [0, 1, 2, 3]) h.beacon(id);
  h.core.certify({ pg: '1.0', interval: h.interval('1.0'), osds: [up[2] as number] }, two[0] as never, h.now);
  h.seal();
  t.deepEqual(h.acting('1.0'), up);
  for (const id of [0, 1, 2, 3]) h.beacon(id);
  h.command('pool set', { name: 'p', size: 2 });
  t.deepEqual(h.acting('1.0'), two);
});

test('pool set: size down while a member does not know the interval → it leaves when it does (R4)', (t) => {
  const h = Harness.withPool(3, { size: 3, pgNum: 1 });
  const three = h.acting('1.0');
  h.command('pool set', { name: 'p', minSize: 1 });
  h.command('pool set', { name: 'p', size: 2 });
  t.deepEqual(h.acting('1.0'), three);
  for (const id of three) h.beacon(id);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), three.slice(0, 2));
});

test('pool set: min_size → in the map, no new interval; the same again → no new epoch', (t) => {
  const h = Harness.withPool(3);
  const interval = h.interval('1.0');
  t.like(h.command('pool set', { name: 'p', minSize: 3 }), { name: 'p', size: 3, minSize: 3 });
  t.is(h.map.pools.get(poolId(1))?.minSize, 3);
  t.is(h.interval('1.0'), interval);
  const { epoch } = h.map;
  h.command('pool set', { name: 'p', minSize: 3, size: 3 });
  t.is(h.map.epoch, epoch);
});

test('administration: what makes no sense → an error that says which argument, and nothing changes', (t) => {
  const h = Harness.withPool(2, { size: 2 });
  const wrong: readonly [object, RegExp][] = [
    [{ prefix: 'pool set' }, /"name" must be/],
    [{ prefix: 'pool set', name: 'q', size: 2 }, /there is no pool q/],
    [{ prefix: 'pool set', name: 'p' }, /"size", "minSize", "rule" or "pgNum"/],
    [{ prefix: 'pool set', name: 'p', size: 0 }, /"size" must be/],
    [{ prefix: 'pool set', name: 'p', size: 11 }, /"size" must be/],
    [{ prefix: 'pool set', name: 'p', minSize: 3 }, /min_size may not be above size/],
    [{ prefix: 'osd reweight', osd: 0 }, /"reweight" must be a number above 0 and at most 1; it is missing/],
    [{ prefix: 'osd reweight', osd: 0, reweight: 0 }, /"reweight" must be/],
    [{ prefix: 'osd reweight', osd: 0, reweight: 1.1 }, /"reweight" must be/],
    [{ prefix: 'osd reweight', osd: 0, reweight: '1' }, /"reweight" must be/],
    [{ prefix: 'osd reweight', osd: 7, reweight: 1 }, /there is no osd.7/],
    [{ prefix: 'osd safe-to-stop', osds: [0, 7] }, /there is no osd.7/],
    [{ prefix: 'osd safe-to-stop', osds: [] }, /"osds" must be a list/],
    [{ prefix: 'osd safe-to-stop', osds: ['0'] }, /"osds" must be a list/],
    [{ prefix: 'pg ls', state: '' }, /"state" must be/],
  ];
  const { epoch } = h.map;
  for (const [command, message] of wrong) t.throws(() => h.core.command(command, h.now), { message, name: 'FsError' });
  t.is(h.seal().epoch, epoch);
});
