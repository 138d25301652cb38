import test from 'ava';
import { expose, type Family } from '../../../common/metrics/exposition.ts';
import type { SessionInfo } from '../../../common/wire/gen/messages.ts';
import { mdsMetrics, type RankNumbers } from '../../../mds/metrics.ts';

const report = {
  rank: 1,
  state: 'active',
  names: 10,
  namesMax: 100,
  inodes: 9,
  directories: 3,
  caps: 12,
  capsMax: 1_000,
  recalls: 0,
  sessions: 2,
  unwrittenObjects: 4,
  strays: 0,
  journalSegments: 2,
  journalEntries: 77,
  evictions: 1,
  operations: [{ name: 'create', count: 5 }],
};
const plain: SessionInfo = {
  name: 'client.a',
  instance: 7,
  root: '',
  caps: 1,
  connected: true,
  leaseMs: 1,
  evicting: false,
  oldestTid: 1,
  answers: 2,
  address: '',
  recalls: 0,
  requests: 3,
};
const numbers = (sessions: readonly SessionInfo[]): RankNumbers => ({ report, sessions, warnings: [], damaged: 0 });

function samples(families: readonly Family[], name: string): [client: unknown, value: number][] {
  return (families.find((family) => family.name === name)?.samples ?? []).map(({ labels, value }) => [labels?.['client'], value]);
}

test('metrics: an MDS without a rank → its state alone', (t) => {
  const families = mdsMetrics({ name: 'mds.b', state: 'standby', rank: undefined });
  t.is(families.length, 1);
  t.regex(expose(families), /^nacre_mds_state\{mds="mds\.b",state="standby"\} 1$/m);
});

test('metrics: a rank → its numbers by rank, operations and warnings by what they are', (t) => {
  const warnings = [{ code: 'MDS_CLIENT_RECALL', count: 3, some: [] }];
  const text = expose(mdsMetrics({ name: 'mds.a', state: 'active', rank: { ...numbers([plain]), warnings } }));
  for (const line of [
    'nacre_mds_caps{rank="1"} 12',
    'nacre_mds_cache_names_limit{rank="1"} 100',
    'nacre_mds_journal_entries_total{rank="1"} 77',
    'nacre_mds_operations_total{rank="1",operation="create"} 5',
    'nacre_mds_client_warnings{rank="1",code="MDS_CLIENT_RECALL"} 3',
    'nacre_mds_client_caps{rank="1",client="client.a"} 1',
    'nacre_mds_client_requests_total{rank="1",client="client.a"} 3',
  ])
    t.true(text.split('\n').includes(line), line);
});

test('metrics: two sessions of one name → together', (t) => {
  const families = mdsMetrics({ name: 'mds.a', state: 'active', rank: numbers([plain, { ...plain, instance: 8, caps: 5 }]) });
  t.deepEqual(samples(families, 'nacre_mds_client_caps'), [['client.a', 6]]);
  t.deepEqual(samples(families, 'nacre_mds_client_answers'), [['client.a', 4]]);
});

test('metrics: very many clients → those that hold most are named, the others summed, but for counters', (t) => {
  const sessions = Array.from({ length: 1_000 }, (_, n) => ({ ...plain, name: `client.${n}`, instance: n + 1, caps: n }));
  const families = mdsMetrics({ name: 'mds.a', state: 'active', rank: numbers(sessions) });
  const caps = samples(families, 'nacre_mds_client_caps');
  t.is(caps.length, 101);
  t.deepEqual(caps[0], ['client.999', 999]);
  t.deepEqual(caps[100], ['(others)', (899 * 900) / 2]);
  t.is(
    caps.reduce((sum, [, value]) => sum + value, 0),
    (999 * 1_000) / 2,
  );
  t.is(samples(families, 'nacre_mds_client_requests_total').length, 100);
});
