/**
 * What OSDs answer to requests: right ones in order, wrong ones without a trace.
 * @module
 */
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { entityName } from '../../common/maps/ids.ts';
import { ObjectOpKind, type Init, type OsdOpRequest } from '../../common/wire/gen/messages.ts';
import { objectLimits } from '../../osd/client/limits.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { codeOf } from '../support/code-of.ts';
import { OsdCluster, type ObjectClientHandle } from '../support/osd-cluster.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

/** A request as no objecter would send it. */
async function raw(
  cluster: OsdCluster,
  { messenger, monClient }: ObjectClientHandle,
  osd: number,
  object: string,
  change: Partial<Init<OsdOpRequest>>,
  payload: readonly Uint8Array[] = [],
): Promise<unknown> {
  const { pgId } = await cluster.mappingOf(object);
  const link = messenger.link(entityName('osd', osd), `osd.${osd}:6800`);
  const message = {
    epoch: monClient.map.epoch,
    pool: cluster.pool,
    pg: Number.parseInt(pgId.split('.')[1] ?? '', 16),
    object,
    instance: messenger.instance,
    tid: 1_000_000,
    ops: [{ kind: ObjectOpKind.CREATE }],
    oldestTid: 1,
    ...change,
  };
  return link.request('osdOp', message, { timeoutMs: 5_000, payload });
}

test('osd: operations sent together on one object → applied in the order of the calls; reads wait for what they saw', async (t) => {
  await OsdCluster.tell({ seed: 20 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pool } = cluster;
    const replies = await Promise.all([
      objects.operate(pool, 'x', [{ kind: 'create', exclusive: true }]),
      objects.operate(pool, 'x', [{ kind: 'append', data: [bytes('abc')] }]),
      objects.operate(pool, 'x', [{ kind: 'append', data: [bytes('def')] }]),
      objects.operate(pool, 'x', [{ kind: 'read', offset: 0, length: 0 }]),
      objects.operate(pool, 'x', [
        { kind: 'write', offset: 1, data: [bytes('B')] },
        { kind: 'read', offset: 0, length: 4 },
        { kind: 'zero', offset: 2, length: 2 },
        { kind: 'read', offset: 0, length: 0 },
      ]),
      objects.operate(pool, 'x', [{ kind: 'truncate', size: 3 }, { kind: 'stat' }]),
      codeOf(objects.operate(pool, 'x', [{ kind: 'create', exclusive: true }])),
      objects.operate(pool, 'x', [{ kind: 'remove' }]),
      codeOf(objects.operate(pool, 'x', [{ kind: 'stat' }])),
    ] as const);
    const text = (at: 3 | 4, index: number): string => Buffer.concat(replies[at].results[index]?.data ?? []).toString();
    t.deepEqual([replies[1].results[0]?.offset, replies[2].results[0]?.offset], [0, 3]);
    t.is(text(3, 0), 'abcdef');
    t.is(text(4, 1), 'aBcd');
    t.is(text(4, 3), 'aB\0\0ef');
    t.is(replies[5].results[1]?.size, 3);
    t.is(replies[6], 'EEXIST');
    t.is(replies[8], 'ENOENT');
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: a compound whose last step fails → nothing of it is done', async (t) => {
  await OsdCluster.tell({ seed: 21 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const operations: ObjectOperation[] = [
      { kind: 'write', offset: 0, data: [bytes('x')] },
      { kind: 'set-xattr', name: 'n', value: bytes('v') },
      { kind: 'compare-xattr', name: 'n', value: bytes('w') },
    ];
    t.is(await codeOf(objects.operate(cluster.pool, 'x', operations)), 'ECANCELED');
    t.is(await codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'stat' }])), 'ENOENT');
  });
});

test('osd: requests beyond a limit → refused with their error, nothing changed', async (t) => {
  await OsdCluster.tell({ seed: 22 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pool } = cluster;
    const one = (object: string, ...operations: ObjectOperation[]): Promise<string> => codeOf(objects.operate(pool, object, operations));
    t.is(await one('n'.repeat(objectLimits.nameBytes + 1), { kind: 'create', exclusive: false }), 'EINVAL');
    t.is(await one('', { kind: 'create', exclusive: false }), 'EINVAL');
    t.is(await one('x'), 'EINVAL');
    t.is(await one('x', { kind: 'set-xattr', name: 'n', value: Buffer.alloc(objectLimits.xattrValueBytes + 1) }), 'E2BIG');
    t.is(await one('x', { kind: 'set-xattr', name: '', value: bytes('v') }), 'EINVAL');
    t.is(
      await one('x', { kind: 'omap-set', entries: [{ key: Buffer.alloc(objectLimits.omapKeyBytes + 1), value: bytes('v') }] }),
      'EINVAL',
    );
    t.is(
      await one('x', { kind: 'omap-set', entries: [{ key: bytes('k'), value: Buffer.alloc(objectLimits.omapValueBytes + 1) }] }),
      'E2BIG',
    );
    t.is(await one('x', { kind: 'write', offset: objectLimits.objectBytes, data: [bytes('x')] }), 'EFBIG');
    t.is(
      await one('x', ...Array.from({ length: objectLimits.operations + 1 }, (): ObjectOperation => ({ kind: 'create', exclusive: false }))),
      'E2BIG',
    );
    t.is(await one('x', { kind: 'stat' }), 'ENOENT');
    t.deepEqual(await cluster.differences(), []);
    t.is(await one('n'.repeat(objectLimits.nameBytes), { kind: 'create', exclusive: false }), 'done');
  });
});

test('osd: wrong target, PG, epoch or pool → refused, nothing changed', async (t) => {
  await OsdCluster.tell({ seed: 23 }, async (cluster) => {
    const client = await cluster.client('a');
    const primary = await cluster.primaryOf('x');
    const pg = Number.parseInt((await cluster.mappingOf('x')).pgId.split('.')[1] ?? '', 16);
    t.is(await codeOf(raw(cluster, client, (primary + 1) % 3, 'x', {})), 'EAGAIN');
    t.is(await codeOf(raw(cluster, client, primary, 'x', { epoch: 1 })), 'EAGAIN');
    t.is(await codeOf(raw(cluster, client, primary, 'x', { pool: 99 })), 'ENOENT');
    t.is(await codeOf(raw(cluster, client, primary, 'x', { pg: 1_000 })), 'EAGAIN');
    const other = Array.from({ length: 100 }, (_, n) => `y${n}`);
    for (const name of other) {
      const mapping = await cluster.mappingOf(name);
      if (mapping.primary !== primary || mapping.pgId.endsWith(`.${pg.toString(16)}`)) continue;
      t.is(await codeOf(raw(cluster, client, primary, 'x', { pg: Number.parseInt(mapping.pgId.split('.')[1] ?? '', 16) })), 'EINVAL');
      break;
    }
    t.is(await codeOf(raw(cluster, client, primary, 'x', { ops: [{ kind: 99 as never }] })), 'EINVAL');
    t.is(
      await codeOf(raw(cluster, client, primary, 'x', { ops: [{ kind: ObjectOpKind.WRITE, payloadFrames: 2 }] }, [bytes('x')])),
      'EINVAL',
    );
    t.is(
      await codeOf(raw(cluster, client, primary, 'x', { ops: [{ kind: ObjectOpKind.STAT, payloadFrames: 1 }] }, [bytes('x')])),
      'EINVAL',
    );
    t.is(
      await codeOf(
        client.messenger
          .link(entityName('osd', primary), `osd.${primary}:6800`)
          .request('pgReset', { pool: cluster.pool, pg, interval: 1, phase: 1 }, { timeoutMs: 5_000 }),
      ),
      'EPERM',
    );
    t.is(await codeOf(client.objects.operate(cluster.pool, 'x', [{ kind: 'stat' }])), 'ENOENT');
    // An epoch that the OSD has not seen yet: it waits for the map instead of guessing.
    t.is(await codeOf(raw(cluster, client, primary, 'x', { epoch: client.monClient.map.epoch + 1 })), 'ETIMEDOUT');
  });
});

test('osd: the same request twice → applied once, answered alike', async (t) => {
  await OsdCluster.tell({ seed: 24 }, async (cluster) => {
    const client = await cluster.client('a');
    const primary = await cluster.primaryOf('x');
    const ops = [{ kind: ObjectOpKind.APPEND, payloadFrames: 1 }, { kind: ObjectOpKind.STAT }];
    const append = (): Promise<unknown> => raw(cluster, client, primary, 'x', { ops }, [bytes('abc')]);
    const [first, second] = await Promise.all([append(), append()]);
    const third = await append();
    t.deepEqual(second, first);
    t.deepEqual(third, first);
    const { results } = await client.objects.operate(cluster.pool, 'x', [{ kind: 'stat' }]);
    t.is(results[0]?.size, 3);
  });
});

test('osd: a blocklisted client → refused for good', async (t) => {
  await OsdCluster.tell({ seed: 25 }, async (cluster) => {
    const { objects, messenger, monClient } = await cluster.client('a');
    await objects.operate(cluster.pool, 'x', [{ kind: 'create', exclusive: false }]);
    const admin = await cluster.client('admin');
    await admin.monClient.command({ prefix: 'blocklist add', instance: messenger.instance });
    while (!monClient.map.blocklist.has(messenger.instance)) await cluster.world.sleep(10);
    t.is(await codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('late')] }])), 'ESHUTDOWN');
    const { results } = await admin.objects.operate(cluster.pool, 'x', [{ kind: 'stat' }]);
    t.is(results[0]?.size, 0);
  });
});

test('osd: a client blocklisted while its write waits at the OSD → the write is refused, not done later', async (t) => {
  await OsdCluster.tell({ seed: 27 }, async (cluster) => {
    const { objects, messenger } = await cluster.client('a');
    const { monClient, objects: others } = await cluster.client('admin');
    await objects.operate(cluster.pool, 'x', [{ kind: 'create', exclusive: false }]);
    // It hears nothing of the maps that follow, and its connection to the OSD stays.
    const heal = cluster.world.fabric.partition(['mon.a'], ['a'], { oneWay: true });
    await monClient.command({ prefix: 'flag set', flag: 'pause' });
    await cluster.world.sleep(100);
    const write = codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('late')] }]));
    await cluster.world.sleep(100);
    await monClient.command({ prefix: 'blocklist add', instance: messenger.instance });
    await monClient.command({ prefix: 'flag unset', flag: 'pause' });
    t.is(await write, 'ESHUTDOWN');
    heal();
    const { results } = await others.operate(cluster.pool, 'x', [{ kind: 'stat' }]);
    t.is(results[0]?.size, 0);
  });
});

test('osd: more operations of a later epoch than may wait → their connection is closed, and they wait no longer', async (t) => {
  await OsdCluster.tell({ seed: 28, osdConfig: { waitingOpsMax: 64 } }, async (cluster) => {
    const client = await cluster.client('a');
    const primary = await cluster.primaryOf('x');
    const early = (count: number): Promise<string>[] =>
      Array.from({ length: count }, (_, n) =>
        codeOf(raw(cluster, client, primary, 'x', { epoch: client.monClient.map.epoch + 1_000, tid: 2_000_000 + n })),
      );
    // Refused alone, the last would be overtaken by what its client sends behind it.
    t.deepEqual(new Set(await Promise.all(early(65))), new Set(['ECONNRESET']));
    t.deepEqual(new Set(await Promise.all(early(64))), new Set(['ETIMEDOUT']));
    await cluster.world.sleep(100);
    t.deepEqual(new Set(await Promise.all(early(64))), new Set(['ETIMEDOUT']));
  });
});

test('osd: more bytes of operations than may wait, in several PGs → connections are closed; when the rest is done there is room again', async (t) => {
  const waitingBytesMax = 1024 * 1024;
  await OsdCluster.tell({ seed: 29, size: 2, minSize: 2, osds: 2, osdConfig: { waitingBytesMax } }, async (cluster) => {
    const client = await cluster.client('a');
    await cluster.world.sleep(1_000);
    const { monClient } = await cluster.client('admin');
    await monClient.command({ prefix: 'flag set', flag: 'pause' });
    await cluster.world.sleep(100);
    const mine: string[] = [];
    for (let n = 0; mine.length < 10; n++) if ((await cluster.primaryOf(`o${n}`)) === 0) mine.push(`o${n}`);
    const ops = [{ kind: ObjectOpKind.WRITE_FULL, payloadFrames: 1 }];
    // Each takes a little more than its data.
    const send = (count: number, tid: number): Promise<string>[] =>
      mine.slice(0, count).map((name, n) => codeOf(raw(cluster, client, 0, name, { tid: tid + n, ops }, [Buffer.alloc(110 * 1024)])));
    t.deepEqual(new Set(await Promise.all(send(10, 1_000))), new Set(['ECONNRESET']));
    const waiting = Promise.all(send(9, 2_000));
    await cluster.world.sleep(100);
    await monClient.command({ prefix: 'flag unset', flag: 'pause' });
    t.deepEqual(new Set(await waiting), new Set(['done']));
    await monClient.command({ prefix: 'flag set', flag: 'pause' });
    await cluster.world.sleep(100);
    t.deepEqual(new Set(await Promise.all(send(9, 3_000))), new Set(['ETIMEDOUT']));
  });
});

test('osd: stores fill up → ENOSPC, what was acknowledged stays, deletes go on and make room', async (t) => {
  await OsdCluster.tell({ seed: 26, sizeBytesMax: 16 * 1024 * 1024 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pool } = cluster;
    const written: string[] = [];
    const block = [Buffer.alloc(256 * 1024, 1)];
    let code = '';
    for (let n = 0; code === '' && n < 200; n++) {
      await objects.operate(pool, `o${n}`, [{ kind: 'write-full', data: block }]).then(
        () => written.push(`o${n}`),
        (error: unknown) => (code = error instanceof FsError ? error.code : String(error)),
      );
    }
    t.is(code, 'ENOSPC');
    t.true(written.length > 30);
    for (const name of written) t.is((await objects.operate(pool, name, [{ kind: 'stat' }])).results[0]?.size, 256 * 1024);
    t.deepEqual(await cluster.differences(), []);
    for (const name of written.splice(0, 20)) await objects.operate(pool, name, [{ kind: 'remove' }]);
    await objects.operate(pool, 'again', [{ kind: 'write-full', data: block }]);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('osd: an operation for a PG without any member → waits, and is done when one returns', async (t) => {
  await OsdCluster.tell({ seed: 27, size: 1, minSize: 1 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const primary = await cluster.primaryOf('x');
    cluster.crash(primary);
    await cluster.world.sleep(2_000);
    const write = objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('abc')] }]);
    t.is(await codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'stat' }], { timeoutMs: 1_000 })), 'ETIMEDOUT');
    const abort = new AbortController();
    const aborted = codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('never')] }], { signal: abort.signal }));
    abort.abort();
    t.is(await aborted, 'ECANCELED');
    await cluster.boot(primary);
    await write;
    await objects.drain();
    t.is((await objects.operate(cluster.pool, 'x', [{ kind: 'stat' }])).results[0]?.size, 3);
  });
});

test('osd: a write waits longer than one attempt may, of a client whose clock goes slow → sent again, not given up', async (t) => {
  const cluster = await OsdCluster.start({ seed: 36, minSize: 2 });
  const story = async (): Promise<void> => {
    cluster.world.node('client').setClock({ rate: 0.98 });
    const { objects } = await cluster.client('client');
    const primary = await cluster.primaryOf('x');
    await objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('a')] }]);
    const others = cluster.osdIds.filter((id) => id !== primary);
    for (const id of others) cluster.crash(id);
    await cluster.world.sleep(10_000);
    const written = objects.operate(cluster.pool, 'x', [{ kind: 'append', data: [bytes('b')] }]);
    await cluster.world.sleep(650_000);
    for (const id of others) await cluster.boot(id);
    t.is((await written).results[0]?.offset, 1);
  };
  await cluster.world.until(story(), { timeoutMs: 900_000, what: 'the end of the story' });
});
