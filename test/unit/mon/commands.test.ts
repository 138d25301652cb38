import test from 'ava';
import { FsError } from '../../../common/errors/fs-error.ts';
import { osdId } from '../../../common/maps/ids.ts';
import type { PgStat } from '../../../common/wire/gen/messages.ts';
import { pgStat } from '../../support/pg-stat.ts';
import { Harness } from './harness.ts';

test('pool create: defaults → 3 copies, 2 needed, 32 PGs; asked again → the same', (t) => {
  const h = new Harness();
  const made = h.command('pool create', { name: 'data' });
  t.deepEqual(made, { id: 1, name: 'data', size: 3, minSize: 2, pgNum: 32, rule: 'replicated_osd' } as never);
  const { epoch } = h.map;
  t.deepEqual(h.command('pool create', { name: 'data' }), made);
  t.is(h.map.epoch, epoch);
  t.throws(() => h.command('pool create', { name: 'data', size: 2 }), { code: 'EEXIST' });
  t.is((h.command('pool create', { name: 'two', size: 2 }) as { id: number; minSize: number }).minSize, 1);
});

test('pool create: enough hosts → copies on distinct hosts', (t) => {
  const h = Harness.withPool(3);
  t.is(h.map.pools.values().next().value?.rule, 'replicated_host');
  t.is((h.command('pool create', { name: 'four', size: 4 }) as { rule: string }).rule, 'replicated_osd');
  t.is((h.command('pool create', { name: 'chosen', failureDomain: 'rack' }) as { rule: string }).rule, 'replicated_rack');
});

test('commands: what makes no sense → EINVAL or ENOENT that says which argument', (t) => {
  const h = Harness.withPool(1);
  const wrong: readonly [unknown, RegExp][] = [
    [null, /"prefix"/],
    ['status', /"prefix"/],
    [{ prefix: 'toString' }, /unknown command/],
    [{ prefix: 'pool create' }, /"name" must be/],
    [{ prefix: 'pool create', name: 'a b' }, /"name" must be/],
    [{ prefix: 'pool create', name: 'x', size: 99 }, /"size" must be/],
    [{ prefix: 'pool create', name: 'x', size: 2, minSize: 3 }, /"minSize" must be/],
    [{ prefix: 'pool create', name: 'x', pgNum: 1.5 }, /"pgNum" must be/],
    [{ prefix: 'flag set', flag: 'fast' }, /"flag" must be one of/],
    [{ prefix: 'osd out', osd: '0' }, /"osd" must be/],
    [{ prefix: 'osd out', osd: 5 }, /there is no osd.5/],
    [{ prefix: 'fs new', name: 'f', metadataPool: 'p', dataPool: 'p' }, /a pool each/],
    [{ prefix: 'fs new', name: 'f', metadataPool: 'p', dataPool: 'q' }, /there is no pool q/],
    [{ prefix: 'blocklist add', instance: 0 }, /"instance" must be/],
  ];
  const { epoch } = h.map;
  for (const [command, message] of wrong) t.throws(() => h.core.command(command, h.now), { message, name: 'FsError' });
  t.is(h.seal().epoch, epoch);
});

test('fs new: asked again → the same; a second → EEXIST', (t) => {
  const h = Harness.withPool(3);
  h.command('pool create', { name: 'm' });
  const made = h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' });
  t.deepEqual(h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' }), made);
  t.throws(() => h.command('fs new', { name: 'other', metadataPool: 'm', dataPool: 'p' }), { code: 'EEXIST' });
});

test('osd tree: → hosts with their OSDs', (t) => {
  const h = Harness.withPool(2);
  t.like((h.command('osd tree') as object[])[0], {
    type: 'root',
    name: 'default',
    weight: 2,
    children: {
      0: { type: 'host', name: 'h0', weight: 1, children: { 0: { type: 'osd', name: 'osd.0', up: true, in: true, weight: 1 } } },
    },
  });
});

test('map dump: → plain JSON of everything', (t) => {
  const h = Harness.withPool(2, { pgNum: 1 });
  const dump = JSON.parse(JSON.stringify(h.command('map dump'))) as {
    osds: Record<string, { uuid: string }>;
    pgs: Record<string, object>;
    flags: string[];
  };
  t.is(dump.osds['1']?.uuid, 'u1');
  t.deepEqual(Object.keys(dump.pgs), ['1.0']);
  t.deepEqual(dump.flags, []);
});

function stat(h: Harness, pg: string, state: string, changes: Partial<PgStat> = {}): PgStat {
  return pgStat({ pg, state, interval: h.interval(pg), objects: 5, bytes: 500, ...changes });
}

test('status: PGs before, during and after their reports → unknown, peering, what the primary says', (t) => {
  const h = Harness.withPool(3, { pgNum: 2 });
  t.deepEqual(h.status().pgs.byState, { unknown: 2 });
  for (const id of [0, 1, 2]) {
    const own = ['1.0', '1.1'].filter((pg) => h.acting(pg)[0] === id);
    h.beacon(id, { pgs: own.map((pg) => stat(h, pg, 'active+clean')) });
  }
  t.deepEqual(h.status().pgs.byState, { 'active+clean': 2 });
  t.is(h.status().health.status, 'HEALTH_OK');
  t.like(h.status(), {
    pools: { 0: { name: 'p', objects: 10, bytes: 1_000 } },
    usage: { totalBytes: 3_000, usedBytes: 30, freeBytes: 2_970, storedBytes: 21, objects: 10 },
  });
  h.gone(h.acting('1.0')[2] as number);
  t.is(h.status().pgs.byState['peering'], 2);
  t.like(h.status().health, {
    status: 'HEALTH_WARN',
    checks: { OSD_DOWN: { summary: '1 of 3 OSDs down' }, PG_DEGRADED: { severity: 'HEALTH_WARN' } },
  });
});

test('status: a PG without a living member → down, HEALTH_ERR', (t) => {
  const h = Harness.withPool(3, { pgNum: 2 });
  h.pass(2_000);
  t.deepEqual(h.status().pgs.byState, { down: 2 });
  t.is(h.status().health.status, 'HEALTH_ERR');
  t.is(h.status().health.checks['PG_DOWN']?.detail.length, 2);
});

test('health: OSDs that fill up → each ratio has its code, the pool that takes no writes is named, and all of it passes', (t) => {
  const h = Harness.withPool(4, { size: 3, pgNum: 8 });
  const codesAt = (usedBytes: number): string[] => {
    h.beacon(0, { usedBytes });
    h.seal();
    return Object.keys(h.status().health.checks).filter((code) => code.includes('FULL'));
  };
  t.deepEqual(codesAt(849), []);
  t.deepEqual(codesAt(850), ['OSD_NEARFULL']);
  t.deepEqual(codesAt(900), ['OSD_BACKFILLFULL']);
  t.deepEqual(codesAt(950), ['OSD_FULL', 'POOL_FULL']);
  const pgs = [...h.map.pgs.values()].filter(({ acting }) => acting.includes(osdId(0))).length;
  t.like(h.status().health, {
    status: 'HEALTH_ERR',
    checks: {
      OSD_FULL: { detail: { 0: 'osd.0 is 95.0 % full' } },
      POOL_FULL: { summary: '1 pools full: p', detail: { 0: `pool p: ${pgs} PGs take no writes, because of osd.0` } },
    },
  });
  const { epoch } = h.map;
  t.deepEqual(codesAt(960), ['OSD_FULL', 'POOL_FULL']);
  t.is(h.map.epoch, epoch, 'what does not change makes no epoch');
  h.gone(0);
  t.deepEqual(
    Object.keys(h.status().health.checks).filter((code) => code.includes('FULL')),
    [],
  );
  h.boot(0, { life: 2 });
  t.is(h.map.osds.get(osdId(0))?.fullness, 'full', 'until it says otherwise');
  h.beacon(0, { life: 2, usedBytes: 100 });
  h.seal();
  t.is(h.map.osds.get(osdId(0))?.fullness, 'roomy');
});

test('osd set-…-ratio: → what was reported counts by the new ratios at once; a mon that starts again knows them', (t) => {
  const h = Harness.withPool(3);
  h.beacon(1, { usedBytes: 500 });
  h.command('osd set-nearfull-ratio', { ratio: 0.4 });
  t.is(h.map.osds.get(osdId(1))?.fullness, 'nearfull');
  h.command('osd set-backfillfull-ratio', { ratio: 0.45678 });
  h.command('osd set-full-ratio', { ratio: 0.5 });
  t.deepEqual(h.map.fullRatios, { nearfull: 0.4, backfillfull: 0.4568, full: 0.5 });
  t.is(h.map.osds.get(osdId(1))?.fullness, 'full');
  h.restart();
  t.is(h.map.fullRatios.full, 0.5);
  for (const [which, ratio] of [
    ['nearfull', 0.46],
    ['backfillfull', 0.39],
    ['backfillfull', 0.51],
    ['full', 0.98],
    ['full', 95],
    ['full', 0],
    ['nearfull', 0.000001],
  ] as const)
    t.throws(() => h.command(`osd set-${which}-ratio`, { ratio }), { instanceOf: FsError }, `${which} ${ratio}`);
});

test('statfs: → what the fullest OSD takes before it is full, divided by the copies', (t) => {
  const h = Harness.withPool(3);
  for (const id of [0, 1, 2]) h.beacon(id, { usedBytes: 100 * (id + 1) });
  t.deepEqual(h.core.statfs({ pool: 1 }), { totalBytes: 200 + 650, freeBytes: 650, objects: 0 });
  t.deepEqual(h.core.statfs({ pool: 0 }), h.core.statfs({ pool: 1 }));
});

test('clients: announced → listed; gone or silent → not', (t) => {
  const h = new Harness();
  const announce = (instance: number): void =>
    h.core.clientBeacon({ name: 'client.x', instance, mountpoint: '/mnt', host: 'h' }, '1.2.3.4:5', h.now);
  announce(1);
  announce(2);
  t.deepEqual(
    h.status().clients.map(({ instance }) => instance),
    [1, 2],
  );
  h.core.clientGone(1 as never);
  t.like(h.status().clients, { length: 1, 0: { name: 'client.x', instance: 2, mountpoint: '/mnt', host: 'h', address: '1.2.3.4:5' } });
  h.pass(30_000);
  t.deepEqual(h.status().clients, []);
});
