/**
 * Listings of a pool's objects while copies are missing or cannot be read: what was acknowledged is named, whoever answers.
 * @module
 */
import test from 'ava';
import type { NamesPage } from '../../osd/client/object-client.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

/** What the pool has, in the order of the names. */
async function listed(cluster: OsdCluster): Promise<string[]> {
  const { objects } = await cluster.client('a');
  const names: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: NamesPage = await objects.names(cluster.pool, '', after, 100);
    names.push(...page.names);
    after = page.through;
  }
  return names;
}

async function put(cluster: OsdCluster, names: readonly string[]): Promise<void> {
  const { objects } = await cluster.client('a');
  const data = [Buffer.alloc(2_000, 1)];
  await Promise.all(names.map((name) => objects.operate(cluster.pool, name, [{ kind: 'write-full', data }])));
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(3, '0')}`);

test('listing: a primary comes back without what was written meanwhile → all is named at every moment until it has it, and leads again', async (t) => {
  const osdConfig = { recoveryBytesPerSecond: 500_000, logEntriesMax: 512 };
  for (const [seed, count] of [
    [1, 30],
    // More than the log remembers: backfill.
    [2, 520],
  ] as const)
    await OsdCluster.tell({ seed, pgNum: 1, osdConfig }, async (cluster) => {
      await put(cluster, numbered('old', 30));
      const { pgId, primary } = await cluster.mappingOf('x');
      const first = primary as number;
      cluster.crash(first);
      const { objects } = await cluster.client('a');
      for (const name of numbered('old', 10)) await objects.operate(cluster.pool, name, [{ kind: 'remove' }]);
      await put(cluster, numbered('new', count));
      const expected = [...numbered('new', count), ...numbered('old', 30).slice(10)];
      const last = expected.at(-21) as string;
      let behind = 0;
      let settled = false;
      const settling = cluster.settle().then(() => (settled = true));
      while (!settled) {
        if (cluster.isUp(first) && cluster.store(first).stat(pgId, last) === undefined) behind++;
        t.deepEqual(await listed(cluster), expected);
        await cluster.world.sleep(50);
      }
      await settling;
      t.is(await cluster.primaryOf('x'), first);
      t.true(behind > 0);
      t.deepEqual(await listed(cluster), expected);
    });
});

test('listing: the only one that is up lacks what was written → it waits for one that has it', async (t) => {
  await OsdCluster.tell({ seed: 3, pgNum: 1, minSize: 1, osdConfig: { recoveryBytesPerSecond: 100_000 } }, async (cluster) => {
    await put(cluster, ['a']);
    const { acting } = await cluster.mappingOf('x');
    const [first, ...others] = acting as readonly number[];
    cluster.crash(first as number);
    await put(cluster, numbered('new', 30));
    for (const other of others) cluster.crash(other);
    await cluster.boot(first as number);
    await cluster.world.sleep(20_000);
    const listing = listed(cluster);
    const early = await Promise.race([listing.then(() => 'answered'), cluster.world.sleep(20_000).then(() => 'waits')]);
    t.is(early, 'waits');
    await cluster.boot(others[0] as number);
    t.deepEqual(await listing, ['a', ...numbered('new', 30)]);
  });
});

test('listing: the record of an object is damaged on the primary → it is named, also while it is mended', async (t) => {
  await OsdCluster.tell({ seed: 4, pgNum: 1 }, async (cluster) => {
    cluster.world.logs.expectError(/scrub found a copy/);
    const names = numbered('x', 5);
    await put(cluster, names);
    const { pgId, acting } = await cluster.mappingOf('x');
    const primary = acting[0] as number;
    t.true(cluster.store(primary).corruptRecord(pgId, 'x002'));
    t.deepEqual(await listed(cluster), names);
    const { objects } = await cluster.client('b');
    // The copy that mends it is slow on its way.
    cluster.world.fabric.faults = { ...cluster.world.fabric.faults, latencyMs: 20 };
    let mended = false;
    const read = objects.operate(cluster.pool, 'x002', [{ kind: 'read', offset: 0, length: 9 }]).then(() => (mended = true));
    let looks = 0;
    for (; !mended; looks++) t.deepEqual(await listed(cluster), names);
    await read;
    t.true(looks > 1);
    t.deepEqual(await listed(cluster), names);
  });
});
