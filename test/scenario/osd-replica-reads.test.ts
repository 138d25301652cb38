/**
 * Reads that any member may answer: they see what the primary would have shown, or go to it.
 * @module
 */
import test from 'ava';
import type { FsError } from '../../common/errors/fs-error.ts';
import { entityName } from '../../common/maps/ids.ts';
import { ObjectOpKind } from '../../common/wire/gen/messages.ts';
import { runChaos } from '../support/osd-chaos.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

/** What one OSD answers to a read of xattr `v` that it may serve as any member: the value, or an error's code. */
async function readAt(cluster: OsdCluster, osd: number, object: string): Promise<string> {
  const { messenger, monClient } = await cluster.client('a');
  const { pgId } = await cluster.mappingOf(object);
  const message = {
    epoch: monClient.map.epoch,
    pool: cluster.pool,
    pg: Number.parseInt(pgId.split('.')[1] ?? '', 16),
    object,
    instance: messenger.instance,
    tid: 1_000_000,
    ops: [{ kind: ObjectOpKind.GET_XATTR, name: 'v' }, { kind: ObjectOpKind.READ }],
    anyMember: true,
  };
  const link = messenger.link(entityName('osd', osd), `osd.${osd}:6800`);
  return link.request('osdOp', message, { timeoutMs: 20_000 }).then(
    ({ message: reply, payload }) => `${Buffer.from(reply.results[0]?.value ?? []).toString()} ${Buffer.concat(payload).toString()}`,
    (error: unknown) => (error as FsError).code,
  );
}

async function writeTo(cluster: OsdCluster, object: string, text: string): Promise<void> {
  const { objects } = await cluster.client('a');
  await objects.operate(cluster.pool, object, [
    { kind: 'set-xattr', name: 'v', value: bytes(text) },
    { kind: 'write-full', data: [bytes(text.repeat(3))] },
  ]);
}

test('replica read: each member → the same answer; of what is not there, too', async (t) => {
  await OsdCluster.tell({ seed: 70 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    await writeTo(cluster, 'x', 'b');
    for (const osd of [0, 1, 2]) {
      t.is(await readAt(cluster, osd, 'x'), 'b bbb');
      t.is(await readAt(cluster, osd, 'nothing'), 'ENOENT');
    }
  });
});

test('replica read: the members share the work; one that dies or is cut off only sends its reads elsewhere', async (t) => {
  await OsdCluster.tell({ seed: 71, minSize: 1 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    await writeTo(cluster, 'x', 'a');
    const read = async (): Promise<string> => {
      const { results } = await objects.operate(cluster.pool, 'x', [{ kind: 'read', offset: 0, length: 0 }], { readFrom: 'any' });
      return Buffer.concat(results[0]?.data ?? []).toString();
    };
    const { acting } = await cluster.mappingOf('x');
    for (let n = 0; n < 6; n++) t.is(await read(), 'aaa');
    cluster.crash(acting[1] as number);
    for (let n = 0; n < 6; n++) t.is(await read(), 'aaa');
    const heal = cluster.world.fabric.partition(['a'], [`osd.${acting[2] as number}`]);
    for (let n = 0; n < 6; n++) t.is(await read(), 'aaa');
    heal();
  });
});

test('replica read: a write is at the replica but not everywhere → not shown by it', async (t) => {
  await OsdCluster.tell({ seed: 72 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    const { acting } = await cluster.mappingOf('x');
    const [primary, replica, other] = acting as readonly number[] as [number, number, number];
    // The other replica hears nothing: the write stays under way.
    const heal = cluster.world.fabric.partition([`osd.${primary}`], [`osd.${other}`], { oneWay: true });
    const write = writeTo(cluster, 'x', 'b');
    await cluster.world.sleep(50);
    t.deepEqual(
      cluster
        .store(replica)
        .xattr((await cluster.mappingOf('x')).pgId, 'x', 'v')
        ?.toString(),
      'b',
      'the write has come',
    );
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
    heal();
    await write;
    t.is(await readAt(cluster, replica, 'x'), 'b bbb');
    // What was under way on another object is nobody's matter.
    const second = cluster.world.fabric.partition([`osd.${primary}`], [`osd.${other}`], { oneWay: true });
    const sibling = writeTo(cluster, await cluster.siblingOf('x'), 'c');
    await cluster.world.sleep(50);
    t.is(await readAt(cluster, replica, 'x'), 'b bbb');
    second();
    await sibling;
  });
});

test('replica read: the replica knows of the next interval, the primary not yet → what is under way is not shown', async (t) => {
  await OsdCluster.tell({ seed: 76 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    const { acting, interval } = await cluster.mappingOf('x');
    const [primary, replica, other] = acting as readonly number[] as [number, number, number];
    const { fabric } = cluster.world;
    const heal = fabric.partition([`osd.${primary}`], [`osd.${other}`]);
    const write = writeTo(cluster, 'x', 'b');
    await cluster.world.sleep(50);
    const healMon = fabric.partition([`osd.${primary}`], ['mon.a']);
    cluster.crash(other);
    while ((await cluster.mappingOf('x')).interval === interval) await cluster.world.sleep(10);
    await cluster.world.sleep(20);
    const answer = readAt(cluster, replica, 'x');
    await cluster.world.sleep(100);
    healMon();
    t.is(await answer, 'EAGAIN');
    heal();
    await write;
    t.is(await readAt(cluster, replica, 'x'), 'b bbb');
  });
});

test('replica read: the replica is cut off from the cluster, others write on → it answers nothing from before', async (t) => {
  await OsdCluster.tell({ seed: 73 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    const { acting } = await cluster.mappingOf('x');
    const replica = acting[1] as number;
    const rest = ['mon.a', ...acting.filter((osd) => osd !== replica).map((osd) => `osd.${osd}`)];
    cluster.world.fabric.partition([`osd.${replica}`], rest);
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
    await writeTo(cluster, 'x', 'b');
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
    // The primary is cut off with it: neither has a lease, and each still believes in the other.
    await cluster.world.sleep(10_000);
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
  });
});

test('replica read: the primary is cut off together with a replica → neither shows what others have replaced', async (t) => {
  await OsdCluster.tell({ seed: 74, osds: 5, size: 3, minSize: 1 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    const { acting } = await cluster.mappingOf('x');
    const [primary, replica, other] = acting as readonly number[] as [number, number, number];
    const cut = [`osd.${primary}`, `osd.${replica}`];
    cluster.world.fabric.partition(cut, [
      'mon.a',
      'admin',
      ...[0, 1, 2, 3, 4].filter((osd) => osd !== primary && osd !== replica).map((osd) => `osd.${osd}`),
    ]);
    // Until the leases end this is what the others show too: nobody else may serve.
    t.is(await readAt(cluster, replica, 'x'), 'a aaa');
    while ((await cluster.mappingOf('x')).primary !== other) await cluster.world.sleep(50);
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
    await writeTo(cluster, 'x', 'b');
    t.is(await readAt(cluster, replica, 'x'), 'EAGAIN');
    t.is(await readAt(cluster, other, 'x'), 'b bbb');
  });
});

test('replica read: the caller has something under way on the object → goes behind it, to the primary', async (t) => {
  await OsdCluster.tell({ seed: 75 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const append = (text: string): Promise<unknown> => objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes(text)] }]);
    for (let n = 0; n < 12; n++) {
      void append('z');
      const { results } = await objects.operate(cluster.pool, 'x', [{ kind: 'stat' }], { readFrom: 'any' });
      t.is(results[0]?.size, n + 1);
    }
  });
});

test('replica read: damaged at the replica → the primary answers, and mends it', async (t) => {
  await OsdCluster.tell({ seed: 76 }, async (cluster) => {
    await writeTo(cluster, 'x', 'a');
    const { acting, pgId } = await cluster.mappingOf('x');
    t.true(cluster.store(acting[1] as number).corrupt(pgId, 'x', 1));
    t.is(await readAt(cluster, acting[1] as number, 'x'), 'EAGAIN');
    await cluster.world.sleep(2_000);
    t.is(await readAt(cluster, acting[1] as number, 'x'), 'a aaa');
    t.is(await readAt(cluster, acting[2] as number, 'x'), 'a aaa');
  });
});

for (const seed of [1, 2]) {
  test(`replica reads under faults, seed ${seed} → no read is older than what was acknowledged or read before it began`, async (t) => {
    await t.notThrowsAsync(
      runChaos({
        seed,
        osds: 3 + (seed % 2),
        pgNum: 1,
        faultsMs: 4_000,
        pipeline: 2,
        readers: 3,
        objects: 2,
        thinkMs: 10,
        network: { spikeProbability: 0.1, spikeMs: 20 },
      }),
    );
  });
}
