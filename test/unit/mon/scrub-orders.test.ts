import test from 'ava';
import type { OsdBeaconReply } from '../../../common/wire/gen/messages.ts';
import type { InconsistentPg, PgStatus, ScrubOrdered } from '../../../mon/client/reports.ts';
import { pgStat } from '../../support/pg-stat.ts';
import { Harness } from './harness.ts';

/** A beacon of the PG's primary, and its answer. */
function report(h: Harness, scrubOrder = 0): OsdBeaconReply {
  return h.beacon(h.acting('1.0')[0] as number, {
    pgs: [pgStat({ pg: '1.0', state: 'active+clean', interval: h.interval('1.0'), scrubOrder })],
  });
}

const order = (h: Harness, kind = 'deep-scrub'): ScrubOrdered => h.command(`pg ${kind}`, { pg: '1.0' }) as ScrubOrdered;
const status = (h: Harness): PgStatus => (h.command('pg ls') as PgStatus[])[0] as PgStatus;

test('scrub order: told to the primary, whoever it is, until that has carried it out', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  report(h);
  const { order: id, primary } = order(h);
  t.is(primary, h.acting('1.0')[0] as number);
  t.deepEqual(report(h).scrubOrders, [{ pg: '1.0', id, kind: 'deep-scrub' }]);
  t.deepEqual(h.beacon(h.acting('1.0')[1] as number).scrubOrders, []);
  t.like(status(h), { order: id, lastOrder: 0 });
  h.gone(h.acting('1.0')[0] as number);
  t.not(h.acting('1.0')[0], primary);
  t.is(report(h).scrubOrders[0]?.id, id);
  t.deepEqual(report(h, id).scrubOrders, []);
  t.like(status(h), { order: 0, lastOrder: id });
  // The next primary knows nothing of it; the mon does.
  h.gone(h.acting('1.0')[0] as number);
  t.deepEqual(report(h).scrubOrders, []);
  t.like(status(h), { order: 0, lastOrder: id });
});

test('scrub order: a newer one takes the place of an older one, with a higher number', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  report(h);
  const first = order(h, 'scrub');
  const second = order(h, 'repair');
  t.true(second.order > first.order);
  t.deepEqual(report(h, first.order).scrubOrders, [{ pg: '1.0', id: second.order, kind: 'repair' }]);
});

test('scrub order: a PG that is not active, or does not exist → refused with the reason', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  t.throws(() => order(h), { code: 'EAGAIN', message: /PG 1\.0 is unknown .*wait until it is active/ });
  t.throws(() => h.command('pg scrub', { pg: '1.1' }), { code: 'ENOENT' });
  t.throws(() => h.command('pg scrub', { pg: 'x' }), { code: 'EINVAL' });
  t.throws(() => h.command('pg scrub'), { code: 'EINVAL' });
});

test('findings: reported by the primary → listed, and an error of health until they are gone', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  const finding = { object: 'o', osd: 2, what: ['data'], good: [0, 1], detail: '' };
  const stat = { pg: '1.0', state: 'active+clean+inconsistent', interval: h.interval('1.0'), scrubErrors: 2, findings: [finding] };
  h.beacon(h.acting('1.0')[0] as number, { pgs: [pgStat(stat)] });
  t.like((h.command('pg list-inconsistent') as InconsistentPg[])[0], { pg: '1.0', errors: 2, findings: [finding] });
  const { health } = h.status();
  t.is(health.status, 'HEALTH_ERR');
  t.is(health.checks.PG_DAMAGED?.severity, 'HEALTH_ERR');
  t.deepEqual(health.checks.OSD_SCRUB_ERRORS?.detail, ['PG 1.0: "o" on osd.2: data; good on osd.0, osd.1', 'PG 1.0: and 1 more']);
  report(h);
  t.deepEqual(h.command('pg list-inconsistent'), []);
  t.is(h.status().health.checks.OSD_SCRUB_ERRORS, undefined);
});

test('unfound objects: reported by the primary → an error of health that names who may have them, until they are found', (t) => {
  const h = Harness.withPool(3, { pgNum: 1 });
  const stat = { pg: '1.0', state: 'active+unfound', interval: h.interval('1.0') };
  const unfound = [{ object: 'o', osds: [1, 2] }];
  h.beacon(h.acting('1.0')[0] as number, { pgs: [pgStat({ ...stat, unfoundObjects: 3, unfound })] });
  t.is(h.status().health.checks.OBJECT_UNFOUND?.severity, 'HEALTH_ERR');
  t.deepEqual(h.status().health.checks.OBJECT_UNFOUND?.detail, ['PG 1.0: "o" may be on osd.1, osd.2', 'PG 1.0: and 2 more']);
  report(h);
  t.is(h.status().health.checks.OBJECT_UNFOUND, undefined);
});
