import test from 'ava';
import { hostOf, weightOfOsd } from '../../../common/crush/crush-edit.ts';
import type { FsError } from '../../../common/errors/fs-error.ts';
import { osdId } from '../../../common/maps/ids.ts';
import { Harness, lifeOf } from './harness.ts';

test('boot: a new OSD → up, in, in the tree under its host with its weight', (t) => {
  const h = new Harness();
  const map = h.boot(3);
  t.like(map.osds.get(osdId(3)), { up: true, in: true, uuid: 'u3', address: 'h:3', upFrom: 2 });
  t.is(hostOf(map.crush, 3), 'h3');
  t.is(weightOfOsd(map.crush, 3), 0x10000);
});

test('boot: asked twice → one epoch', (t) => {
  const h = new Harness();
  const { epoch } = h.boot(0);
  t.is(h.boot(0).epoch, epoch);
});

test('boot: noin is set → a new OSD stays out', (t) => {
  const h = new Harness();
  h.command('flag set', { flag: 'noin' });
  t.false(h.boot(0).osds.get(osdId(0))?.in);
});

test('boot: on another host → moves in the tree, keeps its weight', (t) => {
  const h = new Harness();
  h.boot(0);
  h.command('osd out', { osd: 0 });
  const map = h.boot(0, { life: 2, host: 'elsewhere' });
  t.is(hostOf(map.crush, 0), 'elsewhere');
  t.is(weightOfOsd(map.crush, 0), 0x10000);
  t.false(map.osds.get(osdId(0))?.in);
});

test('boot: a store that does not belong → refused, and why', (t) => {
  const h = new Harness();
  h.boot(0);
  t.throws(() => h.boot(0, { uuid: 'other' }), { code: 'EBUSY', message: /is up with another store/ });
  t.throws(() => h.boot(1, { uuid: 'u0' }), { code: 'EEXIST', message: /belongs to osd.0/ });
  t.throws(() => h.boot(1, { newestEpoch: 99 }), { code: 'EILSEQ', message: /older than the cluster/ });
  t.throws(() => h.boot(1, { uuid: '' }), { code: 'EINVAL' });
  t.throws(() => h.boot(123_456), { code: 'EINVAL' });
  t.is(h.seal().osds.size, 1);
});

test('lease: heard within it → stays up; silent for all of it → down, not before', (t) => {
  const h = Harness.withPool(3);
  t.is(h.beacon(0).leaseMs, 1_900);
  h.beacon(1);
  h.beacon(2);
  h.pass(1_999);
  t.true(h.map.osds.get(osdId(0))?.up);
  h.beacon(1);
  h.beacon(2);
  const map = h.pass(1);
  t.like(map.osds.get(osdId(0)), { up: false, downAt: map.epoch });
  t.true(map.osds.get(osdId(1))?.up);
});

test('lease: the beacon of an OSD that is down, or of an earlier life → none', (t) => {
  const h = Harness.withPool(3);
  h.gone(0);
  t.is(h.beacon(0).leaseMs, 0);
  h.boot(0, { life: 2 });
  t.is(h.beacon(0, { life: 1 }).leaseMs, 0);
  t.is(h.beacon(0, { life: 2 }).leaseMs, 1_900);
  t.is(h.beacon(7).leaseMs, 0);
});

test('lease: the mon starts again → everyone has a whole lease from then', (t) => {
  const h = Harness.withPool(3);
  h.pass(1_900);
  h.restart();
  h.pass(1_999);
  t.true([...h.map.osds.values()].every(({ up }) => up));
  h.pass(1);
  t.false([...h.map.osds.values()].some(({ up }) => up));
});

test('lease: the mon stood still → nobody is blamed for what it did not hear', (t) => {
  const h = Harness.withPool(3);
  h.pass(1_500);
  t.true(h.stall(60_000).osds.get(osdId(0))?.up);
  h.beacon(0);
  h.pass(999);
  t.true(h.map.osds.get(osdId(1))?.up);
  h.pass(1);
  t.true(h.map.osds.get(osdId(0))?.up);
  t.false(h.map.osds.get(osdId(1))?.up);
});

test('lease: the mon stands still again and again → excuses nobody twice', (t) => {
  const h = Harness.withPool(3);
  for (let i = 0; i < 3; i++) h.stall(1_500);
  t.false(h.map.osds.get(osdId(0))?.up);
});

test('gone: its process is gone → down at once; of an earlier life, or nodown → nothing', (t) => {
  const h = Harness.withPool(3);
  t.true(h.gone(0, 9).osds.get(osdId(0))?.up);
  h.command('flag set', { flag: 'nodown' });
  t.true(h.gone(0).osds.get(osdId(0))?.up);
  h.pass(5_000);
  t.true(h.map.osds.get(osdId(0))?.up);
  h.command('flag unset', { flag: 'nodown' });
  t.false(h.gone(0).osds.get(osdId(0))?.up);
});

test('osd down: a living OSD → gets no lease any more, is down when the last one ends, may boot again', (t) => {
  const h = Harness.withPool(3);
  h.beacon(0);
  h.command('osd down', { osd: 0 });
  t.true(h.map.osds.get(osdId(0))?.up);
  h.pass(1_000);
  t.is(h.beacon(0).leaseMs, 0);
  h.pass(999);
  t.true(h.map.osds.get(osdId(0))?.up);
  t.false(h.pass(1).osds.get(osdId(0))?.up);
  t.true(h.boot(0).osds.get(osdId(0))?.up);
  t.is(h.beacon(0).leaseMs, 1_900);
});

test('down for long: → out; comes back in at its next boot', (t) => {
  const h = Harness.withPool(4);
  h.gone(0);
  for (let i = 0; i < 4; i++) {
    for (const id of [1, 2, 3]) h.beacon(id);
    h.pass(1_249);
  }
  t.true(h.map.osds.get(osdId(0))?.in);
  t.like(h.pass(4).osds.get(osdId(0)), { in: false, autoOut: true });
  t.like(h.boot(0, { life: 2 }).osds.get(osdId(0)), { in: true, autoOut: false });
});

test('down for long: noout, or too few would be left in → stays in', (t) => {
  const h = Harness.withPool(3, {}, { minInPercent: 70 });
  h.gone(0);
  h.pass(20_000);
  t.true(h.map.osds.get(osdId(0))?.in);
  const quiet = Harness.withPool(4);
  quiet.command('flag set', { flag: 'noout' });
  quiet.gone(0);
  quiet.pass(20_000);
  t.true(quiet.map.osds.get(osdId(0))?.in);
});

test('osd out by hand: → a boot does not bring it in', (t) => {
  const h = Harness.withPool(3);
  h.command('osd out', { osd: 0 });
  h.gone(0);
  t.false(h.boot(0, { life: 2 }).osds.get(osdId(0))?.in);
  h.command('osd in', { osd: 0 });
  t.true(h.map.osds.get(osdId(0))?.in);
});

test('boot with another store: down, and others hold all it had → begins anew, in no acting set; later its primary certifies it', (t) => {
  const h = Harness.withPool(3, { pgNum: 2 });
  h.gone(0);
  h.boot(0, { life: 2, uuid: 'new' });
  t.is(h.map.osds.get(osdId(0))?.uuid, 'new');
  for (const pg of ['1.0', '1.1']) t.deepEqual([...h.acting(pg)].sort(), [1, 2]);
  t.throws(() => h.boot(0, { life: 3 }), { code: 'EBUSY' }, 'its old store, while the new one is up');
});

test('boot with another store: the one it had holds the only whole copy → EEXIST with its PGs, until that store is back', (t) => {
  const h = Harness.withPool(2, { size: 2, pgNum: 8 });
  h.gone(1);
  h.gone(0);
  const error = t.throws<FsError>(() => h.boot(0, { life: 2, uuid: 'new' }), { code: 'EEXIST' });
  t.regex(error.message, /holds the only whole copy of 8 PGs \(1\.0, 1\.1, 1\.2, 1\.3, 1\.4, \.\.\.\)/);
  h.boot(1, { life: 2 });
  t.throws(() => h.boot(0, { life: 2, uuid: 'new' }), { code: 'EEXIST' }, 'osd.1 left before the last writes');
  h.boot(0, { life: 2 });
  for (const pg of ['1.0', '1.7']) t.deepEqual(h.acting(pg), [0]);
});

test('boot with another store: all died together → one of them may, and the others are waited for; never all', (t) => {
  const h = Harness.withPool(3, { pgNum: 4 });
  h.goneTogether([0, 1, 2]);
  const boot = (id: number): void =>
    h.core.bootOsd(
      {
        osd: id,
        uuid: `new${id}`,
        instance: lifeOf(id, 2),
        address: `h:${id}`,
        host: `h${id}`,
        totalBytes: 2 ** 40,
        newestEpoch: 0,
        rack: '',
        weight: 0,
      },
      h.now,
    );
  // In one epoch: what the first lost counts for the others.
  boot(0);
  boot(1);
  t.throws(() => boot(2), { code: 'EEXIST' });
  h.seal();
  for (const { acting } of h.map.pgs.values()) t.deepEqual(acting, [2]);
  t.is(h.status().pgs.byState['down'], 4);
});

test('boot with another store: under a number that was kept for one that has never been up → EEXIST', (t) => {
  const h = new Harness();
  t.deepEqual(h.command('osd new', { uuid: 'u', host: 'h0' }), { osd: 0 });
  t.throws(() => h.boot(0, { uuid: 'other' }), { code: 'EEXIST', message: /registered with another store/ });
  t.true(h.boot(0, { uuid: 'u' }).osds.get(osdId(0))?.up);
});
