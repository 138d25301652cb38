import test from 'ava';
import { decodeMap, encodeMap } from '../../../common/maps/codec.ts';
import type { ClientWarnings } from '../../../common/wire/gen/messages.ts';
import type { HealthCheck } from '../../../mon/core/health.ts';
import { Harness } from './harness.ts';

function check(h: Harness, code: string): HealthCheck | undefined {
  return (h.status().health.checks as Record<string, HealthCheck>)[code];
}

test('standbys: a single MDS, restarted too → nobody is nagged', (t) => {
  const h = Harness.withFilesystem();
  h.mds('a', 'standby');
  h.mds('a', 'active');
  h.mdsGone('a');
  h.mds('a', 'standby', 2);
  h.mds('a', 'active', 2);
  t.is(h.map.filesystems[0]?.standbyCountWanted, -1);
  t.is(check(h, 'MDS_INSUFFICIENT_STANDBY'), undefined);
});

test('standbys: there was one, and it is gone → a warning until there is one again, also after a restart of the mon', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b']) h.mds(name, 'standby');
  h.mds('a', 'active');
  t.deepEqual(h.mdss(), ['mds.a: active 0', 'mds.b: standby-replay 0']);
  t.is(h.map.filesystems[0]?.standbyCountWanted, 1);
  t.is(check(h, 'MDS_INSUFFICIENT_STANDBY'), undefined);
  h.mdsGone('b');
  h.restart();
  h.mds('a', 'active');
  const found = check(h, 'MDS_INSUFFICIENT_STANDBY');
  t.is(found?.severity, 'HEALTH_WARN');
  t.deepEqual(found?.detail, ['filesystem fs: 0 standbys, 1 wanted']);
  t.regex(found?.remedy ?? '', /standby_count_wanted/);
  h.mds('b', 'standby', 2);
  t.is(check(h, 'MDS_INSUFFICIENT_STANDBY'), undefined);
});

test('standbys: somebody says how many → that counts, 0 for none; nonsense is refused', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b']) h.mds(name, 'standby');
  h.mds('a', 'active');
  h.command('fs set', { standbyCountWanted: 2 });
  t.deepEqual(check(h, 'MDS_INSUFFICIENT_STANDBY')?.detail, ['filesystem fs: 1 standby, 2 wanted']);
  t.deepEqual(decodeMap(encodeMap(h.map)).filesystems, h.map.filesystems);
  h.command('fs set', { standbyCountWanted: 0 });
  h.mdsGone('b');
  t.is(check(h, 'MDS_INSUFFICIENT_STANDBY'), undefined);
  h.mds('b', 'standby', 2);
  t.is(h.map.filesystems[0]?.standbyCountWanted, 0, 'said, and not changed by what is there');
  t.is(h.map.filesystems[0]?.maxMds, 1);
  for (const standbyCountWanted of [-1, 1.5, 'many', 1_001])
    t.throws(() => h.command('fs set', { standbyCountWanted }), { code: 'EINVAL' });
});

test('clients: an MDS tells of some → warnings with who, where, since when and what to do, until it does not any more', (t) => {
  const h = Harness.withFilesystem();
  h.core.clientBeacon({ name: 'client.x', instance: 77, mountpoint: '/srv/mnt', host: 'vm' }, 'vm:9', h.now);
  h.mds('a', 'standby');
  const late: ClientWarnings = {
    code: 'MDS_CLIENT_LATE_RELEASE',
    count: 3,
    some: [
      { client: 'client.y', instance: 78, forMs: 12_000, what: 'has not answered the recall of /b (inode 11)' },
      { client: 'client.x', instance: 77, forMs: 11_000, what: 'has not answered the recall of /a (inode 10)' },
    ],
  };
  const recall: ClientWarnings = {
    code: 'MDS_CLIENT_RECALL',
    count: 1,
    some: [{ client: 'client.x', instance: 77, forMs: 40_000, what: 'holds too much' }],
  };
  const unknown: ClientWarnings = {
    code: 'MDS_OF_THE_FUTURE',
    count: 1,
    some: [{ client: 'client.x', instance: 77, forMs: 1, what: '?' }],
  };
  h.mds('a', 'active', 1, { clientWarnings: [late, recall, unknown] });
  const found = check(h, 'MDS_CLIENT_LATE_RELEASE');
  t.is(found?.severity, 'HEALTH_WARN');
  t.is(found?.summary, '3 clients not answering recalls of caps in time');
  t.deepEqual(found?.detail, [
    'client.y (not known to the mon, instance 78) has not answered the recall of /b (inode 11), for 12 s: told by mds.a, rank 0',
    'client.x (/srv/mnt on vm, instance 77) has not answered the recall of /a (inode 10), for 11 s: told by mds.a, rank 0',
    'and 1 more',
  ]);
  t.like(found?.clients?.[1], {
    client: 'client.x',
    host: 'vm',
    mountpoint: '/srv/mnt',
    sinceMs: h.now.wallMs - 11_000,
    mds: 'mds.a',
    rank: 0,
  });
  t.regex(found?.remedy ?? '', /session evict/);
  t.is(check(h, 'MDS_CLIENT_RECALL')?.summary, '1 client not giving back caps that they were asked for');
  t.false(Object.keys(h.status().health.checks).includes('MDS_OF_THE_FUTURE'));
  h.pass(1_000);
  t.regex(check(h, 'MDS_CLIENT_RECALL')?.detail[0] ?? '', /for 41 s/, 'time goes on between two beacons');
  h.mds('a', 'active', 1, { clientWarnings: [recall] });
  t.is(check(h, 'MDS_CLIENT_LATE_RELEASE'), undefined);
  h.mdsGone('a');
  t.is(check(h, 'MDS_CLIENT_RECALL'), undefined);
});

test('clients: two ranks tell of the same one → one client, two places', (t) => {
  const h = Harness.withFilesystem();
  for (const name of ['a', 'b']) h.mds(name, 'standby');
  h.mds('a', 'active');
  h.command('fs set', { maxMds: 2 });
  const clientWarnings = [
    { code: 'MDS_CLIENT_OLDEST_TID', count: 1, some: [{ client: 'client.x', instance: 77, forMs: 1_000, what: 'does not confirm' }] },
  ];
  h.mds('a', 'active', 1, { clientWarnings });
  h.mds('b', 'active', 1, { clientWarnings });
  const found = check(h, 'MDS_CLIENT_OLDEST_TID');
  t.is(found?.summary, '1 client not confirming their oldest requests');
  t.deepEqual(
    found?.clients?.map(({ rank, instance }) => [rank, instance]),
    [
      [0, 77],
      [1, 77],
    ],
  );
});
