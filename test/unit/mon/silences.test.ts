import test from 'ava';
import { entityName, instanceId, osdId } from '../../../common/maps/ids.ts';
import { type LeaseRecord, isNews } from '../../../mon/core/silences.ts';
import { Harness, lifeOf } from './harness.ts';

/** `osd.0: 1500`, and so on. */
function told({ silences }: LeaseRecord): string[] {
  return [...silences].map(([name, { leftMs, excused }]) => `${name}: ${leftMs}${excused ? ' excused' : ''}`);
}

function isUp(h: Harness, id: number): boolean {
  return h.map.osds.get(osdId(id))?.up === true;
}

/** Time passes in steps of 500 ms in which these OSDs are heard. */
function hear(h: Harness, ms: number, ids: readonly number[]): void {
  for (let left = ms; left > 0; left -= 500) {
    h.pass(Math.min(500, left));
    for (const id of ids) h.beacon(id);
  }
}

test('leases: everybody renews → nobody is named; silent for a quarter of a lease → named with what is left', (t) => {
  const h = Harness.withPool(3);
  h.mds('a', 'standby');
  t.deepEqual(told(h.leases), []);
  h.pass(499);
  t.deepEqual(told(h.leases), []);
  h.beacon(0);
  h.pass(1);
  t.deepEqual(told(h.leases), ['osd.1: 1500', 'osd.2: 1500', 'mds.a: 1500']);
  h.beacon(1);
  h.pass(500);
  t.deepEqual(told(h.leases), ['osd.0: 1499', 'osd.1: 1500', 'osd.2: 1000', 'mds.a: 1000']);
  h.gone(2);
  t.false(h.leases.silences.has(entityName('osd', 2)), 'who is down has no lease');
});

test('leases: the mon starts again → who was silent has what was left, however long it was away; all others a whole lease', (t) => {
  const h = Harness.withPool(3);
  hear(h, 1_000, [1, 2]);
  t.deepEqual(told(h.leases), ['osd.0: 1000']);
  const stored = h.leases;
  h.nowMs += 3_600_000;
  h.restart(stored);
  h.pass(999);
  t.true(isUp(h, 0));
  h.pass(1);
  t.false(isUp(h, 0));
  t.true(isUp(h, 1));
  h.pass(999);
  t.true(isUp(h, 1));
  h.pass(1);
  t.false(isUp(h, 1));
});

test('leases: an MDS was silent as the mon died → its rank is taken over when what was left is over', (t) => {
  const h = Harness.withPool(3);
  for (const pool of ['m', 'd']) h.command('pool create', { name: pool, pgNum: 1 });
  h.command('fs new', { name: 'fs', metadataPool: 'm', dataPool: 'd' });
  h.mds('a', 'standby');
  h.mds('a', 'active');
  for (let i = 0; i < 2; i++) {
    h.pass(500);
    h.mds('b', 'standby');
  }
  h.restart(h.leases);
  h.pass(999);
  t.true(h.mdss().includes('mds.a: active 0'));
  h.pass(1);
  t.deepEqual(h.mdss(), ['mds.b: replay 0']);
});

test('leases: named, but of an earlier life → a whole lease', (t) => {
  const h = Harness.withPool(3);
  h.pass(1_500);
  const stored = h.leases;
  h.boot(0, { life: 2 });
  h.restart(stored);
  h.pass(1_999);
  t.true(isUp(h, 0));
  t.false(isUp(h, 1));
});

test('leases: little was left → a quarter of a lease to be heard, once, and not again by the next start', (t) => {
  const h = Harness.withPool(3);
  hear(h, 1_900, [1, 2]);
  t.deepEqual(told(h.leases), ['osd.0: 100']);
  h.restart(h.leases);
  t.deepEqual(told(h.leases), ['osd.0: 500 excused']);
  h.pass(300);
  h.restart(h.leases);
  t.deepEqual(told(h.leases), ['osd.0: 200 excused']);
  h.pass(199);
  t.true(isUp(h, 0));
  h.pass(1);
  t.false(isUp(h, 0));
});

test('leases: heard after the start → renewed for a whole lease, as anybody', (t) => {
  const h = Harness.withPool(3);
  h.pass(1_900);
  h.restart(h.leases);
  t.is(h.beacon(0).leaseMs, 1_900);
  t.deepEqual(told(h.leases), ['osd.1: 500 excused', 'osd.2: 500 excused']);
  h.pass(1_999);
  t.true(isUp(h, 0));
  t.false(isUp(h, 1));
});

test('leases: the mon dies again and again while one is silent → it has one lease in all, of the time that the mon is there', (t) => {
  const h = Harness.withPool(3);
  let waitedMs = 0;
  // It dies every 700 ms and is away for 5 s each time.
  while (isUp(h, 0)) {
    for (let i = 0; i < 7 && isUp(h, 0); i++) {
      h.pass(100);
      waitedMs += 100;
      for (const id of [1, 2]) h.beacon(id);
    }
    const stored = h.leases;
    h.nowMs += 5_000;
    h.restart(stored);
  }
  t.is(waitedMs, 2_000);
  t.true(isUp(h, 1));
});

test('leases: the mon starts with a shorter lease → waits for those it gave for longer, until none of them can run', (t) => {
  const h = Harness.withPool(3);
  for (const id of [0, 1, 2]) h.beacon(id);
  h.restart(h.leases, { leaseMs: 500, leaseMarginMs: 50 });
  t.is(h.leases.leaseMs, 2_000);
  h.pass(1_000);
  h.restart(h.leases);
  h.pass(1_999);
  t.true(
    [0, 1, 2].every((id) => isUp(h, id)),
    'nobody was named: all may have got one of the long ones',
  );
  t.is(h.leases.leaseMs, 2_000);
  for (const id of [0, 1, 2]) h.beacon(id);
  h.pass(1);
  t.is(h.leases.leaseMs, 500);
  h.restart(h.leases);
  h.pass(499);
  t.true(isUp(h, 0));
  h.pass(1);
  t.false(isUp(h, 0));
});

test('leases: worth a write → somebody is named, or has been silent for a tenth of a lease more; nobody because he was heard', (t) => {
  const record = (leftMs: number, life = 1): LeaseRecord => ({
    leaseMs: 2_000,
    silences: new Map([[entityName('osd', 0), { instance: instanceId(lifeOf(0, life)), leftMs, excused: false }]]),
  });
  const nobody: LeaseRecord = { leaseMs: 2_000, silences: new Map() };
  t.false(isNews(nobody, nobody));
  t.true(isNews(nobody, record(1_500)));
  t.false(isNews(record(1_500), record(1_301)));
  t.true(isNews(record(1_500), record(1_300)));
  t.true(isNews(record(1_000), record(1_500, 2)), 'another life');
  t.false(isNews(record(1_500), nobody));
  t.true(isNews(nobody, { ...nobody, leaseMs: 500 }));
});
