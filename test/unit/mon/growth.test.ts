/**
 * OSDs that come and go, rules, pools that are deleted, damping, pairs that cannot reach each other: the core's decisions.
 * @module
 */
import test from 'ava';
import { findBucket, hostOf, rackOf, weightOfOsd } from '../../../common/crush/crush-edit.ts';
import { osdId, poolId } from '../../../common/maps/ids.ts';
import { allPgs } from '../../../common/maps/placement.ts';
import type { Health } from '../../../mon/core/health.ts';
import { Harness, lifeOf } from './harness.ts';

const checks = (h: Harness): Health['checks'] => (h.command('health detail') as Health).checks;
const isUp = (h: Harness, id: number): boolean => h.map.osds.get(osdId(id))?.up === true;

test('osd new: → the lowest free number, kept for that uuid; comes in when it boots, into host and rack', (t) => {
  const h = Harness.withPool(3);
  t.deepEqual(h.command('osd new', { uuid: 'n', host: 'h9', rack: 'r1' }), { osd: 3 });
  t.deepEqual(h.command('osd new', { uuid: 'n', host: 'h9', rack: 'r1' }), { osd: 3 }, 'asked again');
  t.deepEqual(h.command('osd new', { uuid: 'm', host: 'h9' }), { osd: 4 });
  t.like(h.map.osds.get(osdId(3)), { up: false, in: false, uuid: 'n' });
  t.is(hostOf(h.map.crush, 3), undefined, 'nothing moves before it is there');
  t.is(checks(h).OSD_DOWN, undefined);
  t.throws(() => h.boot(3, { uuid: 'other', host: 'h9' }), { code: 'EEXIST' });
  h.boot(3, { uuid: 'n', host: 'h9', rack: 'r1', weight: 0x8000 });
  t.like(h.map.osds.get(osdId(3)), { up: true, in: true });
  t.is(rackOf(h.map.crush, 'h9'), 'r1');
  t.is(weightOfOsd(h.map.crush, 3), 0x8000);
});

test('osd new: a host that is elsewhere, names that others have → refused, and why', (t) => {
  const h = Harness.withPool(2);
  for (const [args, message] of [
    [{ uuid: 'n', host: 'h0', rack: 'r1' }, /host h0 is in no rack: move it first/],
    [{ uuid: 'n', host: 'default' }, /a host cannot be called default: there is a root/],
    [{ uuid: 'n', host: 'x', rack: 'h0' }, /a rack cannot be called h0: there is a host/],
    [{ uuid: 'n', host: 'x', rack: 'x' }, /cannot both be called x/],
    [{ uuid: 'n', host: 'a b' }, /"host" must be/],
    [{ host: 'x' }, /"uuid" must be/],
  ] as const)
    t.throws(() => h.command('osd new', args), { message, code: 'EINVAL' });
  t.throws(() => h.boot(2, { host: 'default' }), { message: /there is a root of that name/ });
  t.throws(() => h.boot(2, { host: 'x/y' }), { message: /no name for a host/ });
});

test('osd rm: up, or others lack copies, or it alone has what was acknowledged → refused; else gone from map and tree for good', (t) => {
  const h = Harness.withPool(4, { size: 2, pgNum: 8 });
  const remove = (id: number): unknown => h.command('osd rm', { osd: id });
  t.throws(() => remove(0), { code: 'EBUSY', message: /it is up\. Empty it first \(nacre osd out 0\), wait for HEALTH_OK, then stop it/ });
  t.throws(() => remove(9), { code: 'ENOENT' });
  h.gone(0);
  t.throws(() => remove(0), { message: /others do not have all copies yet of PG .*Take it out \(nacre osd out 0\)/ });
  // The others take over its copies.
  h.command('osd out', { osd: 0 });
  for (const { pgId, up, acting, interval, primary } of [...allPgs(h.map)]) {
    const missing = up.filter((osd) => !acting.includes(osd));
    if (missing.length > 0) h.core.certify({ pg: pgId, interval, osds: missing }, primary as never, h.now);
  }
  h.seal();
  t.deepEqual(h.command('osd rm', { osd: 0, uuid: 'someone else' }), { osd: 0 });
  t.true(h.map.osds.has(osdId(0)), 'another store was meant');
  t.deepEqual(remove(0), { osd: 0 });
  t.false(h.map.osds.has(osdId(0)));
  t.is(findBucket(h.map.crush, 'host', 'h0'), undefined);
  t.throws(() => h.boot(0, { life: 2, newestEpoch: 5 }), { code: 'EEXIST', message: /was removed from this cluster/ });
  t.deepEqual(h.command('osd new', { uuid: 'later', host: 'h0' }), { osd: 0 });
  t.throws(() => h.boot(0, { life: 2, newestEpoch: 5 }), { code: 'EEXIST', message: /registered with another store/ });
  t.deepEqual(h.command('osd rm', { osd: 0, uuid: 'later' }), { osd: 0 }, 'one that never was up may go at any time');

  const last = Harness.withPool(2, { size: 1, pgNum: 4 });
  last.gone(1);
  last.command('osd out', { osd: 1 });
  t.throws(() => last.command('osd rm', { osd: 1 }), { message: /it holds what nobody else has of PG .*nacre start osd\.1/ });
});

test('osd weight: → in the tree; 0 takes it out of placement', (t) => {
  const h = Harness.withPool(4, { size: 2, pgNum: 64 });
  t.deepEqual(h.command('osd weight', { osd: 1, weight: 0.5 }), { osd: 1, weight: 0.5 });
  t.is(weightOfOsd(h.map.crush, 1), 0x8000);
  h.command('osd weight', { osd: 1, weight: 0 });
  t.false([...allPgs(h.map)].some(({ up }) => up.includes(osdId(1))));
  t.throws(() => h.command('osd weight', { osd: 1, weight: -1 }), { message: /"weight" must be a number/ });
  t.throws(() => h.command('osd weight', { osd: 7, weight: 1 }), { code: 'ENOENT' });
});

test('crush move: → into a rack, into another, out of any; an empty rack goes; repeated nothing changes', (t) => {
  const h = Harness.withPool(2);
  h.command('crush move', { host: 'h0', rack: 'r1' });
  t.is(rackOf(h.map.crush, 'h0'), 'r1');
  t.is(
    findBucket(h.map.crush, 'root', 'default')?.items.reduce((sum, { weight }) => sum + weight, 0),
    0x20000,
  );
  const { epoch } = h.map;
  h.command('crush move', { host: 'h0', rack: 'r1' });
  t.is(h.map.epoch, epoch);
  h.command('crush move', { host: 'h0', rack: 'r2' });
  t.is(findBucket(h.map.crush, 'rack', 'r1'), undefined);
  h.command('crush move', { host: 'h0' });
  t.is(rackOf(h.map.crush, 'h0'), undefined);
  t.is(h.map.crush.buckets.length, 3);
  t.throws(() => h.command('crush move', { host: 'h7', rack: 'r1' }), { code: 'ENOENT', message: /no host h7; it has h0, h1/ });
  t.throws(() => h.command('crush move', { host: 'h0', rack: 'h1' }), { code: 'EINVAL' });
  // An OSD that boots again leaves its host where it was put.
  h.command('crush move', { host: 'h0', rack: 'r3' });
  h.boot(0, { life: 2, rack: 'r9' });
  t.is(rackOf(h.map.crush, 'h0'), 'r3');
});

test('rules: made, used, refused to go while used; pools follow them', (t) => {
  const h = Harness.withPool(3);
  const made = h.command('rule create', { name: 'r', failureDomain: 'rack' });
  t.deepEqual(h.command('rule create', { name: 'r', failureDomain: 'rack' }), made);
  t.throws(() => h.command('rule create', { name: 'r', failureDomain: 'osd' }), { code: 'EEXIST' });
  t.throws(() => h.command('rule create', { name: 'q', failureDomain: 'root' }), {
    message: /"failureDomain" must be one of osd, host, rack/,
  });
  t.throws(() => h.command('rule create', { name: 'q', failureDomain: 'osd', root: 'elsewhere' }), { code: 'ENOENT' });
  t.throws(() => h.command('pool set', { name: 'p', rule: 'q' }), { code: 'ENOENT', message: /there is no rule q/ });
  t.like(h.command('pool set', { name: 'p', rule: 'r' }), { rule: 'r', size: 3 });
  t.throws(() => h.command('rule rm', { name: 'r' }), { code: 'EBUSY', message: /places the data of p/ });
  t.deepEqual(checks(h).TOO_FEW_DOMAINS?.detail, ['pool p: 3 copies in distinct racks are wanted, 0 have OSDs that are in']);
  h.command('pool set', { name: 'p', rule: 'replicated_osd' });
  t.is(checks(h).TOO_FEW_DOMAINS, undefined);
  h.command('rule rm', { name: 'r' });
  h.command('rule rm', { name: 'r' });
  t.like((h.command('rule ls') as object[])[0], { name: 'replicated_osd', failureDomain: 'osd', root: 'default', pools: ['p'] });
  t.like(h.command('pool create', { name: 'x', rule: 'replicated_rack', pgNum: 1 }), { rule: 'replicated_rack' });
});

test('health: an OSD that is out and heavy keeps CRUSH from placing all → PG_UNPLACEABLE until its weight is 0', (t) => {
  const h = Harness.withPool(4, { size: 3, pgNum: 256 });
  h.command('osd weight', { osd: 3, weight: 60 });
  h.command('osd out', { osd: 3 });
  t.regex(checks(h).PG_UNPLACEABLE?.summary ?? '', /^for \d+ PGs CRUSH finds too few OSDs$/);
  h.command('osd weight', { osd: 3, weight: 0 });
  t.is(checks(h).PG_UNPLACEABLE, undefined);
});

test('pool delete: not said twice, not meant, used by a filesystem → refused; else gone, and its number never comes again', (t) => {
  const h = Harness.withPool(3);
  h.command('pool create', { name: 'm' });
  h.command('pool create', { name: 'x' });
  h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'p' });
  const sure = 'every object in it is lost for good';
  const drop = (args: object): unknown => h.command('pool delete', args as never);
  t.throws(() => drop({ name: 'x' }), { message: /"again" must be/ });
  t.throws(() => drop({ name: 'x', again: 'p', sure }), { message: /must repeat the name/ });
  t.throws(() => drop({ name: 'x', again: 'x' }), { message: /"sure" must be/ });
  t.throws(() => drop({ name: 'm', again: 'm', sure }), { code: 'EBUSY', message: /holds metadata of the filesystem fs/ });
  t.throws(() => drop({ name: 'p', again: 'p', sure }), { code: 'EBUSY', message: /holds data of the filesystem fs/ });
  drop({ name: 'x', again: 'x', sure });
  drop({ name: 'x', again: 'x', sure });
  t.false(h.map.pools.has(poolId(3)));
  t.false([...h.map.pgs.keys()].some((pg) => pg.startsWith('3.')));
  h.restart();
  t.like(h.command('pool create', { name: 'x' }), { id: 4 });
});

test('noin: what is new, or went out by itself, stays out; a later boot without the flag brings the latter in', (t) => {
  const h = Harness.withPool(4);
  h.gone(0);
  for (let i = 0; i < 6; i++) {
    for (const id of [1, 2, 3]) h.beacon(id);
    h.pass(1_000);
  }
  t.like(h.map.osds.get(osdId(0)), { in: false, autoOut: true });
  h.command('flag set', { flag: 'noin' });
  t.like(h.boot(0, { life: 2 }).osds.get(osdId(0)), { up: true, in: false, autoOut: true });
  t.like(h.boot(4).osds.get(osdId(4)), { in: false, autoOut: false });
  h.command('flag unset', { flag: 'noin' });
  t.like(h.boot(0, { life: 3 }).osds.get(osdId(0)), { in: true, autoOut: false });
  t.like(h.boot(4, { life: 2 }).osds.get(osdId(4)), { in: false });
});

test('flapping: too often down → each boot is refused for longer, shown in health; forgotten after a quiet time, or by osd in', (t) => {
  const h = Harness.withPool(4, { size: 2, pgNum: 8 }, { flapDownsMax: 1, flapWaitMs: 1_000, flapWaitMaxMs: 3_000, flapWindowMs: 60_000 });
  let life = 1;
  const keep = (): void => {
    for (const id of [1, 2, 3]) h.beacon(id);
  };
  const fall = (): void => {
    keep();
    h.gone(0, life);
    t.false(isUp(h, 0));
    life += 1;
  };
  const refusedMs = (): number => {
    for (let ms = 0; ; ms += 100) {
      try {
        h.boot(0, { life });
        return ms;
      } catch (error) {
        t.like(error, { code: 'EAGAIN', retry: 'safe' });
        keep();
        h.pass(100);
      }
    }
  };
  fall();
  t.is(refusedMs(), 0);
  t.is(checks(h).OSD_FLAPPING, undefined);
  fall();
  t.is(refusedMs(), 1_000);
  t.regex(checks(h).OSD_FLAPPING?.detail[0] ?? '', /osd\.0 went down 2 times within 1 minutes: it is up now/);
  fall();
  t.is(refusedMs(), 2_000);
  fall();
  t.regex(checks(h).OSD_FLAPPING?.detail[0] ?? '', /4 times .* it is let in again in 3 s/);
  t.is(refusedMs(), 3_000);
  fall();
  h.command('osd in', { osd: 0 });
  t.is(refusedMs(), 0);
  t.is(checks(h).OSD_FLAPPING, undefined);
  // Ordered down, or a quiet minute: nothing counts.
  h.command('osd down', { osd: 0 });
  keep();
  h.pass(1_000);
  keep();
  h.pass(1_000);
  t.false(isUp(h, 0));
  t.is(refusedMs(), 0);
  fall();
  for (let i = 0; i < 61; i++) {
    keep();
    h.pass(1_000);
  }
  t.is(refusedMs(), 0);
  fall();
  t.is(refusedMs(), 0);
});

test('flapping: a PG has too few members without it → it is let in at once', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 4 }, { flapDownsMax: 1, flapWaitMs: 60_000 });
  h.command('pool set', { name: 'p', minSize: 2 });
  for (let life = 1; life < 5; life++) {
    h.beacon(1);
    h.gone(0, life);
    t.true(isUp(h, 1));
    h.boot(0, { life: life + 1 });
    t.true(isUp(h, 0));
  }
});

/** OSD `from` says that it cannot reach these. */
function cannotReach(h: Harness, from: number, to: readonly number[], forMs = 1_000): void {
  h.beacon(from, { unreachable: to.map((osd) => ({ osd, instance: lifeOf(osd, 1), forMs })) });
}

function allBeacon(h: Harness, count: number): void {
  for (let id = 0; id < count; id++) h.beacon(id);
}

test('apart: two of three cannot reach each other → the third is primary, all three serve; not for shorter silences', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  allBeacon(h, 3);
  const [a, b, c] = h.acting('1.0') as [number, number, number];
  cannotReach(h, a, [b], 700);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a, b, c]);
  cannotReach(h, a, [b]);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [c, a, b]);
  const { epoch } = h.map;
  for (let i = 0; i < 20; i++) {
    cannotReach(h, a, [b]);
    h.beacon(b);
    h.beacon(c);
    h.pass(400);
  }
  t.is(h.map.epoch, epoch, 'and so it stays');
  t.deepEqual(checks(h).OSD_APART?.detail.length, 1);
  // They reach each other again: kept as it is for a while.
  allBeacon(h, 3);
  h.pass(1_000);
  t.is(h.map.epoch, epoch);
  allBeacon(h, 3);
  h.pass(1_500);
  allBeacon(h, 3);
  h.pass(1_500);
  t.deepEqual(h.acting('1.0'), [a, b, c]);
  t.is(checks(h).OSD_APART, undefined);
});

test('apart: one of two falls silent towards all → the living one is kept, and serves when the other is down', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 1 });
  h.command('pool set', { name: 'p', minSize: 1 });
  allBeacon(h, 2);
  const [a, b] = h.acting('1.0') as [number, number];
  // The machine of `a` loses power: nobody hears it any more.
  for (let forMs = 500; h.map.osds.get(osdId(a))?.up === true; forMs += 500) {
    h.pass(500);
    cannotReach(h, b, [a], forMs);
    h.pass(10);
    t.true(h.acting('1.0').includes(b));
  }
  t.deepEqual(h.acting('1.0'), [b]);
});

test('apart: the primary reaches nobody → another, and it is left out when it knows (R4); below min_size nobody is', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  allBeacon(h, 3);
  const [a, b, c] = h.acting('1.0') as [number, number, number];
  const before = h.map.epoch;
  cannotReach(h, a, [b, c]);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [b, c, a], 'it may still believe to be primary');
  h.beacon(a, { epoch: before, unreachable: [b, c].map((osd) => ({ osd, instance: lifeOf(osd, 1), forMs: 2_000 })) });
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [b, c, a]);
  cannotReach(h, a, [b, c], 3_000);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [b, c]);

  const two = Harness.withPool(2, { size: 2, pgNum: 1 });
  two.command('pool set', { name: 'p', minSize: 2 });
  allBeacon(two, 2);
  const both = two.acting('1.0');
  cannotReach(two, 0, [1]);
  two.pass(100);
  t.deepEqual(two.acting('1.0'), both, 'nothing is gained');
  two.command('pool set', { name: 'p', minSize: 1 });
  allBeacon(two, 2);
  cannotReach(two, 0, [1]);
  two.pass(100);
  t.deepEqual(two.acting('1.0'), both.slice(0, 1));
});

test('apart: a certificate → its sender reaches the member, whatever that one still says', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 1 });
  allBeacon(h, 2);
  const [a, b] = h.acting('1.0') as [number, number];
  cannotReach(h, b, [a]);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a]);
  h.beacon(a);
  h.core.certify({ pg: '1.0', interval: h.interval('1.0'), osds: [b] }, osdId(a), h.now);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a, b]);
  cannotReach(h, b, [a]);
  h.beacon(a);
  h.pass(500);
  t.deepEqual(h.acting('1.0'), [a, b]);
  h.beacon(b);
  cannotReach(h, a, [b]);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a], 'until it says so itself');
});

test('apart: the member first says so between the certificate and its epoch → it acts; when the break is younger than the proof, not', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 1 });
  const [a, b] = h.acting('1.0') as [number, number];
  h.gone(b);
  h.boot(b, { life: 2 });
  t.deepEqual(h.acting('1.0'), [a]);
  const beacons = (unreachable?: Parameters<typeof h.beacon>[1]): void => {
    h.beacon(a);
    h.beacon(b, { life: 2, ...unreachable });
  };
  const cutOff = (forMs: number) => ({ unreachable: [{ osd: a, instance: lifeOf(a, 1), forMs }] });
  h.pass(1_200);
  beacons();
  h.core.certify({ pg: '1.0', interval: h.interval('1.0'), osds: [b] }, osdId(a), h.now);
  beacons(cutOff(1_000));
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a, b]);
  // It goes on saying so, for as long as it lasts.
  for (let forMs = 1_500; forMs < 9_000; forMs += 500) {
    h.pass(500);
    beacons(cutOff(forMs));
  }
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a, b]);
  // They reach each other, and then no more: what was proven before is no proof of after.
  for (const forMs of [0, 500, 1_000]) {
    h.pass(500);
    beacons(forMs === 0 ? {} : cutOff(forMs));
  }
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a]);
});

test('apart: the primary itself says so after its certificate → the member is left out; before it → nothing', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 1 });
  const [a, b] = h.acting('1.0') as [number, number];
  h.gone(b);
  h.boot(b, { life: 2 });
  h.beacon(b, { life: 2 });
  const cutOff = { unreachable: [{ osd: b, instance: lifeOf(b, 2), forMs: 1_000 }] };
  h.beacon(a, cutOff);
  h.core.certify({ pg: '1.0', interval: h.interval('1.0'), osds: [b] }, osdId(a), h.now);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a, b]);
  h.beacon(b, { life: 2 });
  h.beacon(a, cutOff);
  h.pass(100);
  t.deepEqual(h.acting('1.0'), [a]);
});

test('apart: reports of earlier lives, of those that are down, of OSDs that are not there → nothing', (t) => {
  const h = Harness.withPool(3, { pgNum: 4 });
  allBeacon(h, 3);
  const { epoch } = h.map;
  h.beacon(0, {
    unreachable: [
      { osd: 1, instance: lifeOf(1, 9), forMs: 9_000 },
      { osd: 77, instance: 5, forMs: 9_000 },
    ],
  });
  h.pass(500);
  t.is(h.map.epoch, epoch);
  t.is(checks(h).OSD_APART, undefined);
});
