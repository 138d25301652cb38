import test from 'ava';
import { pgMapping } from '../../../common/maps/placement.ts';
import type { PgId } from '../../../common/maps/ids.ts';
import { osdId } from '../../../common/maps/ids.ts';
import { Harness } from './harness.ts';

const pg = '1.0';

function certify(h: Harness, osds: readonly number[], from: number, interval = h.interval(pg)): void {
  h.core.certify({ pg, interval, osds: [...osds] }, osdId(from), h.now);
  h.seal();
}

test('a new pool: → every PG acts on what CRUSH proposes, from that epoch on', (t) => {
  const h = Harness.withPool(3, { pgNum: 8 });
  t.is(h.map.pgs.size, 8);
  for (const [id, record] of h.map.pgs)
    t.deepEqual(record, { acting: pgMapping(h.map, id)?.up ?? [], interval: h.map.epoch, former: [], lostAt: 0 });
});

test('a pool before any OSD: → its PGs begin with the first that boots', (t) => {
  const h = new Harness();
  h.command('pool create', { name: 'p', pgNum: 4 });
  t.deepEqual(h.acting(pg), []);
  h.boot(0);
  t.deepEqual(h.acting(pg), [0]);
  t.is(h.interval(pg), h.map.epoch);
  h.boot(1);
  t.deepEqual(h.acting(pg), [0], 'a second is not certified yet');
});

test('a member goes down: → the survivors act, in a new interval; it is back when its primary certifies it', (t) => {
  const h = Harness.withPool(3);
  const [first, second, third] = h.acting(pg) as [number, number, number];
  h.gone(first);
  t.deepEqual(h.acting(pg), [second, third]);
  t.is(h.interval(pg), h.map.epoch);
  h.boot(first, { life: 2 });
  t.deepEqual(h.acting(pg), [second, third]);
  certify(h, [first], second);
  t.deepEqual(h.acting(pg), [first, second, third]);
  t.is(h.interval(pg), h.map.epoch);
});

test('members go one after another: → the last is never dropped, and nobody else may serve', (t) => {
  const h = Harness.withPool(3);
  const [first, second, third] = h.acting(pg) as [number, number, number];
  h.gone(first);
  h.gone(second);
  h.gone(third);
  t.deepEqual(h.acting(pg), [third]);
  t.is(pgMapping(h.map, pg as PgId)?.primary, undefined);
  h.boot(first, { life: 2 });
  t.is(pgMapping(h.map, pg as PgId)?.primary, undefined);
  h.boot(third, { life: 2 });
  t.is(pgMapping(h.map, pg as PgId)?.primary, osdId(third));
  t.is(h.interval(pg), h.map.epoch);
});

test('members that left: → current for as long as the PG takes no writes; minSize lowered or a member certified ends that', (t) => {
  const former = (h: Harness): string[] =>
    (h.map.pgs.get(pg as PgId)?.former ?? []).map(({ osd, current }) => `${osd}${current ? ' current' : ''}`);
  const alone = (): { readonly h: Harness; readonly members: readonly [number, number, number] } => {
    const h = Harness.withPool(3);
    const members = h.acting(pg) as [number, number, number];
    h.gone(members[0]);
    t.deepEqual(former(h), [`${members[0]}`], 'two members take writes');
    h.gone(members[1]);
    t.deepEqual(former(h), [`${members[1]} current`, `${members[0]}`]);
    return { h, members };
  };
  const lowered = alone();
  lowered.h.command('pool set', { name: lowered.h.map.pools.values().next().value?.name, minSize: 1 });
  t.deepEqual(former(lowered.h), [`${lowered.members[1]}`, `${lowered.members[0]}`]);
  t.not(lowered.h.interval(pg), lowered.h.map.epoch, 'in the same interval');
  const { h, members } = alone();
  h.boot(members[0], { life: 2 });
  certify(h, [members[0]], members[2]);
  t.deepEqual(former(h), [`${members[1]}`]);
});

test('one that left with all that was acknowledged is back, CRUSH wants the PG elsewhere: → a member to come, each life in its interval', (t) => {
  const h = Harness.withPool(3);
  const [first, second, last] = h.acting(pg) as [number, number, number];
  h.boot(3);
  h.boot(4);
  h.gone(first);
  h.gone(second);
  h.command('osd out', { osd: second });
  const isCandidate = (): boolean | undefined => pgMapping(h.map, pg as PgId)?.candidates.includes(osdId(second));
  t.deepEqual(h.acting(pg), [last]);
  t.false(isCandidate(), 'it is down');
  h.boot(second, { life: 2 });
  t.false(pgMapping(h.map, pg as PgId)?.up.includes(osdId(second)));
  t.true(isCandidate());
  t.is(h.interval(pg), h.map.epoch);
  const { epoch } = h.map;
  h.gone(second, 2);
  h.boot(second, { life: 3 });
  t.throws(() => certify(h, [second], last, epoch), { message: /is in interval/ }, 'what was said of its earlier life');
  certify(h, [second], last);
  t.deepEqual(h.acting(pg), [last, second]);
  t.false(isCandidate());
});

test('all members die together: → the first that is back waits for the others; they come, and all act on', (t) => {
  const h = Harness.withPool(3);
  const before = h.acting(pg) as [number, number, number];
  h.goneTogether(before);
  t.deepEqual(h.acting(pg), before);
  t.is(h.status().pgs.byState['down'], 4);
  for (const osd of before) {
    t.is(pgMapping(h.map, pg as PgId)?.primary, undefined);
    h.boot(osd, { life: 2 });
    h.pass(300);
    t.deepEqual(h.acting(pg), before);
  }
  t.is(pgMapping(h.map, pg as PgId)?.primary, osdId(before[0]));
});

test('all members die together: → the first that is back serves alone when the others do not come, for it has everything', (t) => {
  const h = Harness.withPool(3);
  const before = h.acting(pg) as [number, number, number];
  h.goneTogether(before);
  h.pass(1_300);
  h.boot(before[1], { life: 2 });
  t.is(pgMapping(h.map, pg as PgId)?.primary, undefined);
  h.pass(200);
  t.deepEqual(h.acting(pg), [before[1]]);
  t.is(pgMapping(h.map, pg as PgId)?.primary, osdId(before[1]));
  h.boot(before[0], { life: 2 });
  t.deepEqual(h.acting(pg), [before[1]]);
});

test('the whole cluster starts again, mon first: → nobody is dropped for being dead, as all are about to boot', (t) => {
  const h = Harness.withPool(3);
  const before = h.acting(pg) as [number, number, number];
  h.restart();
  h.goneTogether(before);
  h.pass(1_000);
  for (const osd of before) h.boot(osd, { life: 2 });
  t.deepEqual(h.acting(pg), before);
  t.is(h.interval(pg), h.map.epoch);
});

test('a member starts again before it was missed: → stays, in a new interval', (t) => {
  const h = Harness.withPool(3);
  const before = h.acting(pg);
  h.boot(before[1] as number, { life: 2 });
  t.deepEqual(h.acting(pg), before);
  t.is(h.interval(pg), h.map.epoch);
});

test('certificate: of another interval, by another than the primary, of an unknown PG → refused', (t) => {
  const h = Harness.withPool(3);
  const [first, second] = h.acting(pg) as [number, number, number];
  h.gone(first);
  h.boot(first, { life: 2 });
  t.throws(() => certify(h, [first], second, h.interval(pg) - 1), { code: 'ESTALE' });
  t.throws(() => certify(h, [first], first), { code: 'ESTALE' });
  t.throws(() => h.core.certify({ pg: '9.0', interval: 1, osds: [] }, osdId(0), h.now), { code: 'ENOENT' });
  t.throws(() => h.core.certify({ pg: 'nonsense', interval: 1, osds: [] }, osdId(0), h.now), { code: 'ENOENT' });
});

test('certificate: the certified starts again before it arrives → carries an old interval', (t) => {
  const h = Harness.withPool(3);
  const [first, second] = h.acting(pg) as [number, number, number];
  h.gone(first);
  h.boot(first, { life: 2 });
  const interval = h.interval(pg);
  h.boot(first, { life: 3 });
  t.throws(() => certify(h, [first], second, interval), { code: 'ESTALE' });
});

test('an OSD goes out: → its data is certified elsewhere before it leaves; the old primary leaves once it knows', (t) => {
  const h = Harness.withPool(4, { size: 2, pgNum: 1 });
  const [primary, other] = h.acting(pg) as [number, number];
  h.command('osd out', { osd: primary });
  t.true(h.acting(pg).includes(primary), 'still needed');
  const target = pgMapping(h.map, pg as PgId)?.up.find((osd) => osd !== other) as number;
  h.beacon(primary, { epoch: h.interval(pg) - 1 });
  certify(h, [target], pgMapping(h.map, pg as PgId)?.primary as number);
  t.true(h.acting(pg).includes(primary), 'it may still believe to be primary');
  t.is(h.acting(pg).length, 3);
  h.pass(100);
  t.is(h.acting(pg).length, 3);
  h.beacon(primary, { epoch: h.interval(pg) });
  h.pass(100);
  t.is(h.acting(pg).length, 2);
  t.false(h.acting(pg).includes(primary));
  t.is(h.interval(pg), h.map.epoch);
});

test('something else changes: → PGs keep their records and intervals', (t) => {
  const h = Harness.withPool(3);
  const before = h.map.pgs;
  h.mds('a', 'standby');
  h.command('flag set', { flag: 'noout' });
  h.command('blocklist add', { instance: 5 });
  t.is(h.map.pgs, before);
  h.command('pool create', { name: 'q', pgNum: 2 });
  t.is(h.map.pgs.get(pg as PgId), before.get(pg as PgId));
});
