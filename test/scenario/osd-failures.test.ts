/**
 * What OSDs promise when daemons die, return, are cut off or wiped.
 * @module
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import type { Objecter } from '../../osd/client/objecter.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const bytes = (text: string): readonly Uint8Array[] => [Buffer.from(text)];

async function text(objects: Objecter, cluster: OsdCluster, object: string): Promise<string> {
  const { results } = await objects.operate(cluster.pool, object, [{ kind: 'read', offset: 0, length: 0 }]);
  return Buffer.concat(results[0]?.data ?? []).toString();
}

/** Writes an object whole. */
function writerOf(objects: Objecter, cluster: OsdCluster): (object: string, data: string) => Promise<unknown> {
  return (object, data) => objects.operate(cluster.pool, object, [{ kind: 'write-full', data: bytes(data) }]);
}

/** Object x, which says "old", and two clients: `cutOff` leaves `inside` alone with the primary, and `outside` with everyone else. */
async function twoSides(
  cluster: OsdCluster,
): Promise<{ readonly inside: Objecter; readonly outside: Objecter; readonly cutOff: () => void }> {
  const { objects: inside } = await cluster.client('inside');
  const { objects: outside } = await cluster.client('outside');
  await writerOf(inside, cluster)('x', 'old');
  const primary = await cluster.primaryOf('x');
  const others = ['mon.a', 'outside', 'admin', ...[0, 1, 2].filter((id) => id !== primary).map((id) => `osd.${id}`)];
  return { inside, outside, cutOff: () => void cluster.world.fabric.partition([`osd.${primary}`, 'inside'], others) };
}

test('osd: primary crashes while writes are under way → they finish at the next one, nothing is lost or doubled', async (t) => {
  await OsdCluster.tell({ seed: 1 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const primary = await cluster.primaryOf('log');
    const records = Array.from({ length: 200 }, (_, i) => `<${i}>`);
    const appends: Promise<unknown>[] = [];
    for (const [i, record] of records.entries()) {
      if (i === 100) cluster.crash(primary);
      appends.push(objects.operate(cluster.pool, 'log', [{ kind: 'append', data: bytes(record) }]));
      await cluster.world.sleep(0.2);
    }
    await Promise.all(appends);
    t.is(await text(objects, cluster, 'log'), records.join(''));
    t.not(await cluster.primaryOf('log'), primary);
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: a member returns within the log → it gets what changed, deletes included', async (t) => {
  await OsdCluster.tell({ seed: 2 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const write = writerOf(objects, cluster);
    await Promise.all(Array.from({ length: 50 }, (_, i) => write(`o${i}`, `first ${i}`)));
    cluster.crash(2);
    await Promise.all(Array.from({ length: 25 }, (_, i) => write(`o${i}`, `second ${i}`)));
    await objects.operate(cluster.pool, 'o30', [{ kind: 'remove' }]);
    await objects.operate(cluster.pool, 'o31', [{ kind: 'omap-set', entries: [{ key: Buffer.from('k'), value: Buffer.from('v') }] }]);
    await cluster.world.sleep(3_000);
    const { byState } = (await cluster.status()).pgs;
    t.true(
      Object.keys(byState).every((state) => /^active\+degraded$/.test(state)),
      JSON.stringify(byState),
    );
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
  });
});

test('osd: a member returns beyond the log, while clients write → backfill, everyone equal', async (t) => {
  await OsdCluster.tell({ seed: 3, osdConfig: { logEntriesMax: 512 }, pgNum: 1 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const write = writerOf(objects, cluster);
    for (let i = 0; i < 100; i++) await write(`o${i % 50}`, `first ${i}`);
    cluster.crash(1);
    for (let i = 0; i < 1000; i++) await write(`o${i % 70}`, `second ${i}`);
    await objects.operate(cluster.pool, 'o7', [{ kind: 'remove' }]);
    const settled = cluster.settle();
    let writing = true;
    void settled.then(() => (writing = false));
    let n = 0;
    while (writing) await Promise.all(['o1', 'o40', `new${n}`, `a${n}`, 'zz'].map((name) => write(name, `third ${n++}`)));
    await settled;
    t.true(n > 5);
    t.true(cluster.world.logs.matching(/backfill done/).length > 0);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: objects larger than a message piece, with holes, xattrs and much omap → recovered whole, by log and by backfill', async (t) => {
  for (const logEntriesMax of [512, 5_000]) {
    await OsdCluster.tell({ seed: 10, osdConfig: { pieceBytes: 4_096, logEntriesMax }, pgNum: 1 }, async (cluster) => {
      const { objects } = await cluster.client('a');
      const { pool } = cluster;
      cluster.crash(0);
      for (let n = 0; n < 4; n++) {
        const entries = Array.from({ length: 300 }, (_, i) => ({ key: Buffer.from(`key ${i * 7}`), value: Buffer.alloc(i % 90, n) }));
        await objects.operate(pool, `big${n}`, [
          { kind: 'write', offset: 5_000 * n, data: [Buffer.alloc(30_000, n + 1)] },
          { kind: 'write', offset: 200_000, data: [Buffer.alloc(9_000, n + 5)] },
          { kind: 'truncate', size: 250_000 },
          { kind: 'set-xattr', name: 'user.é', value: Buffer.from('value') },
          { kind: 'omap-set', entries },
        ]);
      }
      for (let i = 0; i < 600; i++) await objects.operate(pool, 'many', [{ kind: 'append', data: bytes('x') }]);
      await cluster.settle();
      t.is(cluster.world.logs.matching(/backfill done/).length > 0, logEntriesMax === 512);
      t.deepEqual(await cluster.differences(), []);
    });
  }
});

test('osd: an append whose answer was lost is sent again after the primary changed → applied once', async (t) => {
  await OsdCluster.tell({ seed: 4 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    await objects.operate(cluster.pool, 'log', [{ kind: 'append', data: bytes('a') }]);
    const primary = await cluster.primaryOf('log');
    // Its answers no longer reach the client; what it is told still does, and its replicas hear it.
    const heal = cluster.world.fabric.partition([`osd.${primary}`], ['a'], { oneWay: true });
    const append = objects.operate(cluster.pool, 'log', [{ kind: 'append', data: bytes('b') }]);
    await cluster.world.sleep(50);
    cluster.crash(primary);
    const { results } = await append;
    heal();
    t.is(results[0]?.offset, 1);
    t.is(await text(objects, cluster, 'log'), 'ab');
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: primary cut off from mon and peers, not from its client → it acknowledges nothing and reads nothing old', async (t) => {
  await OsdCluster.tell({ seed: 5 }, async (cluster) => {
    const { inside, outside, cutOff } = await twoSides(cluster);
    t.is(await text(inside, cluster, 'x'), 'old');
    cutOff();
    const stuck = inside.operate(cluster.pool, 'x', [{ kind: 'write-full', data: bytes('inside') }]);
    let acknowledged = false;
    void stuck.then(() => (acknowledged = true));
    await outside.operate(cluster.pool, 'x', [{ kind: 'write-full', data: bytes('new') }]);
    t.false(acknowledged);
    // A read inside, begun after the write outside was acknowledged, must not give what was before it.
    const read = text(inside, cluster, 'x');
    await cluster.world.sleep(2_000);
    cluster.world.fabric.heal();
    t.true(['new', 'inside'].includes(await read));
    await stuck;
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: primary cut off, nothing in flight → its client reads nothing once another primary may have written', async (t) => {
  await OsdCluster.tell({ seed: 9 }, async (cluster) => {
    const { inside, outside, cutOff } = await twoSides(cluster);
    cutOff();
    // Under its lease it still reads, rightly: nobody else may write yet.
    t.is(await text(inside, cluster, 'x'), 'old');
    await outside.operate(cluster.pool, 'x', [{ kind: 'write-full', data: bytes('new') }]);
    const read = text(inside, cluster, 'x');
    await cluster.world.sleep(1_000);
    cluster.world.fabric.heal();
    t.is(await read, 'new');
  });
});

test('osd: below min_size → writes wait, reads are served; back above → they finish', async (t) => {
  await OsdCluster.tell({ seed: 6, minSize: 2 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    await objects.operate(cluster.pool, 'x', [{ kind: 'write-full', data: bytes('one') }]);
    cluster.crash(0);
    await cluster.world.sleep(3_000);
    cluster.crash(1);
    await cluster.world.sleep(3_000);
    // In the same PG as the write that waits.
    const sibling = await cluster.siblingOf('x');
    let done = false;
    const write = objects.operate(cluster.pool, 'x', [{ kind: 'write-full', data: bytes('two') }]).then(() => (done = true));
    t.is(await text(objects, cluster, sibling).catch((error: unknown) => (error instanceof FsError ? error.code : '')), 'ENOENT');
    await cluster.world.sleep(3_000);
    t.false(done);
    await cluster.boot(0);
    await write;
    t.is(await text(objects, cluster, 'x'), 'two');
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: all crash at once and return → every acknowledged write is there', async (t) => {
  await OsdCluster.tell({ seed: 7 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const acknowledged: number[] = [];
    const writes = Array.from({ length: 300 }, (_, i) =>
      objects.operate(cluster.pool, `o${i}`, [{ kind: 'write-full', data: bytes(`value ${i}`) }]).then(() => acknowledged.push(i)),
    );
    while (acknowledged.length < 60) await cluster.world.sleep(0.1);
    for (const id of [0, 1, 2]) cluster.crash(id);
    const before = [...acknowledged];
    await Promise.all([0, 1, 2].map((id) => cluster.boot(id)));
    for (const i of before) t.is(await text(objects, cluster, `o${i}`), `value ${i}`);
    await Promise.all(writes);
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: a damaged block on the primary → the read is right, and the block is repaired', async (t) => {
  await OsdCluster.tell({ seed: 8 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    await objects.operate(cluster.pool, 'x', [{ kind: 'write-full', data: [Buffer.alloc(20_000, 7)] }]);
    const primary = await cluster.primaryOf('x');
    t.true(cluster.store(primary).corrupt((await cluster.mappingOf('x')).pgId, 'x', 8192));
    const { results } = await objects.operate(cluster.pool, 'x', [{ kind: 'read', offset: 0, length: 0 }]);
    t.deepEqual(Buffer.concat(results[0]?.data ?? []), Buffer.alloc(20_000, 7));
    t.is(cluster.world.logs.matching(/wrong copy of an object replaced by a right one/).length, 1);
    t.deepEqual(await cluster.differences(), []);
  });
});
