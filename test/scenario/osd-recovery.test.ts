/**
 * How members of a PG are brought up to date: what is copied, in which order, and what a copy shows meanwhile.
 * @module
 */
import test from 'ava';
import { OsdCluster } from '../support/osd-cluster.ts';

const key = (n: number): Buffer => Buffer.from(`name-${String(n).padStart(8, '0')}`);

/** Gives an object `count` omap entries, in requests as large as a client may send. */
async function fillOmap(cluster: OsdCluster, object: string, count: number, value: Buffer): Promise<void> {
  const { objects } = await cluster.client('a');
  for (let from = 0; from < count; from += 10_000) {
    const entries = Array.from({ length: Math.min(10_000, count - from) }, (_, i) => ({ key: key(from + i), value }));
    await objects.operate(cluster.pool, object, [{ kind: 'omap-set', entries }]);
  }
}

/** So many writes of one object. */
async function appendMany(cluster: OsdCluster, object: string, count: number): Promise<void> {
  const { objects } = await cluster.client('a');
  const append = (): Promise<unknown> => objects.operate(cluster.pool, object, [{ kind: 'append', data: [Buffer.from('.')] }]);
  await Promise.all(Array.from({ length: count }, append));
}

test('recovery: an object with more omap than one transaction takes → copied in pieces, by log and by backfill', async (t) => {
  await OsdCluster.tell({ seed: 1, osds: 4, pgNum: 1, recordBytesMax: 4 << 20, osdConfig: { logEntriesMax: 512 } }, async (cluster) => {
    await fillOmap(cluster, 'directory', 1_000, Buffer.alloc(200, 1));
    cluster.crash((await cluster.mappingOf('directory')).acting[0] as number);
    await fillOmap(cluster, 'directory', 30_000, Buffer.alloc(200, 2));
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
    t.deepEqual(await cluster.differences(), []);
    // And to one that has nothing.
    const { monClient } = await cluster.client('admin');
    await appendMany(cluster, 'log', 600);
    const { acting, pgId } = await cluster.mappingOf('directory');
    await monClient.command({ prefix: 'osd out', osd: acting[1] });
    while ((await cluster.mappingOf('directory')).acting.includes(acting[1] as never)) await cluster.world.sleep(100);
    await cluster.settle();
    t.true(cluster.world.logs.matching(/backfill done/).length > 0);
    t.deepEqual(await cluster.differences(), []);
    for (const id of [0, 1, 2, 3]) t.deepEqual(cluster.store(id).shelved(pgId, 9), []);
  });
});
