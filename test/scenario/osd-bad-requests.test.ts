/**
 * Requests that must be refused: each with its error, and no copy of anything has changed. Those just within the limits
 * are served.
 * @module
 */
import test from 'ava';
import { entityName } from '../../common/maps/ids.ts';
import { ObjectOpKind, type Init, type ObjectOp, type OsdOpRequest } from '../../common/wire/gen/messages.ts';
import { objectLimits } from '../../osd/client/limits.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { codeOf } from '../support/code-of.ts';
import { OsdCluster } from '../support/osd-cluster.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const key = (n: number): Buffer => Buffer.from(`key ${n}`);

/** All that every OSD holds of every object, and the log of each PG. */
function everything(cluster: OsdCluster): string {
  const found: unknown[] = [];
  for (let osd = 0; osd < cluster.osdCount; osd++) {
    const store = cluster.store(osd);
    for (const pg of store.collections()) {
      for (const { name, stat } of store.objects(pg, '', 1_000)) {
        const omap = store.omapRange(pg, name, Buffer.alloc(0), 1_000).map((entry) => [entry.key, entry.value]);
        found.push([osd, pg, name, stat, [...store.xattrs(pg, name)], omap]);
      }
      found.push([osd, pg, store.metaRange(pg, 'k', 'm')]);
    }
  }
  return JSON.stringify(found);
}

interface Case {
  readonly what: string;
  readonly code: string;
  readonly operations: readonly ObjectOperation[];
  readonly object?: string;
}

const { nameBytes, xattrNameBytes, xattrValueBytes, omapKeyBytes, omapValueBytes, objectBytes, readBytes, outcomeBytes } = objectLimits;
const create: ObjectOperation = { kind: 'create', exclusive: false };
const value = bytes('v');
const setKey = (size: number): ObjectOperation => ({ kind: 'omap-set', entries: [{ key: Buffer.alloc(size, 1), value }] });
const setValue = (size: number): ObjectOperation => ({ kind: 'omap-set', entries: [{ key: key(0), value: Buffer.alloc(size) }] });
const setXattr = (name: string, size: number): ObjectOperation => ({ kind: 'set-xattr', name, value: Buffer.alloc(size) });
const keys = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => key(n));
const times = (count: number, operation: ObjectOperation): ObjectOperation[] => Array.from({ length: count }, () => operation);
const write = (offset: number, size: number): ObjectOperation => ({ kind: 'write', offset, data: [Buffer.alloc(size)] });
/** Object `x` has 1000 bytes, xattr `n` and one key; `large` has 20 MiB, all of it a hole. */
const large = 20 * 1024 * 1024;

const beyond: readonly Case[] = [
  { what: 'no name', code: 'EINVAL', object: '', operations: [create] },
  { what: 'a name one byte too long', code: 'EINVAL', object: 'n'.repeat(nameBytes + 1), operations: [create] },
  { what: 'a name too long in UTF-8 only', code: 'EINVAL', object: 'é'.repeat(nameBytes / 2 + 1), operations: [create] },
  { what: 'no operations', code: 'EINVAL', operations: [] },
  { what: 'too many operations', code: 'E2BIG', operations: times(objectLimits.operations + 1, create) },
  { what: 'an xattr without a name', code: 'EINVAL', operations: [setXattr('', 1)] },
  { what: 'an xattr name too long', code: 'EINVAL', operations: [setXattr('n'.repeat(xattrNameBytes + 1), 1)] },
  { what: 'an xattr value too long', code: 'E2BIG', operations: [setXattr('n', xattrValueBytes + 1)] },
  { what: 'xattrs too long together', code: 'E2BIG', operations: Array.from({ length: 50 }, (_, n) => setXattr(`n${n}`, xattrValueBytes)) },
  { what: 'an empty omap key', code: 'EINVAL', operations: [setKey(0)] },
  { what: 'an omap key too long', code: 'EINVAL', operations: [setKey(omapKeyBytes + 1)] },
  { what: 'an omap value too long', code: 'E2BIG', operations: [setValue(omapValueBytes + 1)] },
  { what: 'omap values too long together', code: 'E2BIG', operations: times(4, setValue(omapValueBytes)) },
  { what: 'too many omap keys', code: 'E2BIG', operations: [{ kind: 'omap-remove', keys: keys(objectLimits.omapEntries + 1) }] },
  { what: 'a write that ends beyond the largest object', code: 'EFBIG', operations: [write(objectBytes - 1, 2)] },
  { what: 'a write far beyond it', code: 'EFBIG', operations: [write(Number.MAX_SAFE_INTEGER - 10, 2)] },
  { what: 'a size beyond it', code: 'EFBIG', operations: [{ kind: 'truncate', size: objectBytes + 1 }] },
  {
    what: 'an append beyond it, after a step that alone is allowed',
    code: 'EFBIG',
    operations: [
      { kind: 'truncate', size: objectBytes },
      { kind: 'append', data: [value] },
    ],
  },
  {
    what: 'more small writes than a log takes at once',
    code: 'E2BIG',
    operations: Array.from({ length: 65 }, (_, n) => write(n * 65_536, objectLimits.smallWriteBytes - 1)).concat(write(0, 5_000)),
  },
  {
    what: 'a read of too much beside a change',
    code: 'E2BIG',
    operations: [write(0, outcomeBytes + 1), { kind: 'read', offset: 0, length: 0 }],
  },
  {
    what: 'reads that are too long only together',
    code: 'E2BIG',
    object: 'large',
    operations: times(2, { kind: 'read', offset: 0, length: readBytes / 2 + 1 }),
  },
  {
    what: 'a guard that does not hold',
    code: 'ECANCELED',
    operations: [{ kind: 'compare-xattr', name: 'n', value: bytes('other') }, write(0, 1)],
  },
  {
    what: 'a version that is not the object’s',
    code: 'ERANGE',
    operations: [{ kind: 'assert-version', version: { interval: 1, counter: 1 } }, write(0, 1)],
  },
  { what: 'an exclusive create of what exists', code: 'EEXIST', operations: [write(0, 1), { kind: 'create', exclusive: true }] },
  { what: 'an xattr that is not there, removed', code: 'ENODATA', operations: [write(0, 1), { kind: 'remove-xattr', name: 'absent' }] },
];

const within: readonly Case[] = [
  { what: 'the longest name', code: 'done', object: 'n'.repeat(nameBytes), operations: [create] },
  { what: 'the most operations', code: 'done', operations: times(objectLimits.operations, create) },
  { what: 'the longest xattr', code: 'done', operations: [setXattr('n'.repeat(xattrNameBytes), xattrValueBytes)] },
  { what: 'the longest key', code: 'done', operations: [setKey(omapKeyBytes)] },
  { what: 'the longest value', code: 'done', operations: [setValue(omapValueBytes)] },
  { what: 'the most keys', code: 'done', operations: [{ kind: 'omap-remove', keys: keys(objectLimits.omapEntries) }] },
  { what: 'the last byte of the largest object', code: 'done', object: 'largest', operations: [write(objectBytes - 1, 1)] },
  { what: 'the longest read', code: 'done', object: 'largest', operations: [{ kind: 'read', offset: 0, length: readBytes }] },
];

test('limits: each request beyond one → refused with its error, nothing changed; just within → done', async (t) => {
  await OsdCluster.tell({ seed: 80, pgNum: 2 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pool } = cluster;
    await objects.operate(pool, 'x', [write(0, 1_000), { kind: 'set-xattr', name: 'n', value }, setValue(1)]);
    await objects.operate(pool, 'large', [{ kind: 'truncate', size: large * 2 }]);
    const before = everything(cluster);
    for (const { what, code, operations, object = 'x' } of beyond) {
      t.is(await codeOf(objects.operate(pool, object, operations, { timeoutMs: 30_000 })), code, what);
      t.is(everything(cluster), before, `${what}: nothing changed`);
    }
    for (const { what, code, operations, object = 'x' } of within)
      t.is(await codeOf(objects.operate(pool, object, operations, { timeoutMs: 30_000 })), code, what);
    await objects.operate(pool, 'largest', [{ kind: 'remove' }]);
    await objects.operate(pool, 'large', [{ kind: 'remove' }]);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('limits: more data than a message may carry → refused at once, not sent again and again', async (t) => {
  await OsdCluster.tell({ seed: 81 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const piece = Buffer.alloc(8 * 1024 * 1024);
    const operations: ObjectOperation[] = [{ kind: 'write', offset: 0, data: [piece, piece, piece, piece, Buffer.alloc(1)] }];
    t.is(await codeOf(objects.operate(cluster.pool, 'x', operations, { timeoutMs: 20_000 })), 'EINVAL');
    t.is(await codeOf(objects.operate(cluster.pool, 'x', [{ kind: 'stat' }])), 'ENOENT');
  });
});

interface Wrong {
  readonly what: string;
  readonly code: string;
  readonly change: (right: Init<OsdOpRequest>) => Partial<Init<OsdOpRequest>>;
  readonly payload?: readonly Buffer[];
}

const op = (kind: ObjectOpKind, fields: Partial<Init<ObjectOp>> = {}): { readonly ops: Init<ObjectOp>[] } => ({
  ops: [{ kind, ...fields }],
});

const wrong: readonly Wrong[] = [
  { what: 'a pool that is not there', code: 'ENOENT', change: () => ({ pool: 99 }) },
  { what: 'a PG that is not there', code: 'EAGAIN', change: () => ({ pg: 1_000 }) },
  { what: 'an epoch before the interval', code: 'EAGAIN', change: () => ({ epoch: 1 }) },
  { what: 'no epoch', code: 'EAGAIN', change: () => ({ epoch: 0 }) },
  { what: 'an epoch that is to come', code: 'ETIMEDOUT', change: ({ epoch = 0 }) => ({ epoch: epoch + 1 }) },
  { what: 'the last epoch that a message can say', code: 'ETIMEDOUT', change: () => ({ epoch: Number.MAX_SAFE_INTEGER }) },
  { what: 'an operation without a kind', code: 'EINVAL', change: () => op(ObjectOpKind.NONE) },
  { what: 'a kind of a later version', code: 'EINVAL', change: () => op(99 as ObjectOpKind) },
  { what: 'more data announced than sent', code: 'EINVAL', change: () => op(ObjectOpKind.WRITE, { payloadFrames: 2 }), payload: [value] },
  {
    what: 'more data sent than announced',
    code: 'EINVAL',
    change: () => op(ObjectOpKind.WRITE, { payloadFrames: 1 }),
    payload: [value, value],
  },
  { what: 'data for what takes none', code: 'EINVAL', change: () => op(ObjectOpKind.REMOVE, { payloadFrames: 1 }), payload: [value] },
  { what: 'a change called a read', code: 'EAGAIN', change: () => ({ anyMember: true, epoch: 1 }) },
];

test('requests that no client of ours would send → refused with their error, nothing changed', async (t) => {
  await OsdCluster.tell({ seed: 82 }, async (cluster) => {
    const { objects, messenger, monClient } = await cluster.client('a');
    await objects.operate(cluster.pool, 'x', [write(0, 10)]);
    const { pgId, primary, acting } = await cluster.mappingOf('x');
    const right = {
      epoch: monClient.map.epoch,
      pool: cluster.pool,
      pg: Number.parseInt(pgId.split('.')[1] ?? '', 16),
      object: 'x',
      instance: messenger.instance,
      tid: 1_000_000,
      ...op(ObjectOpKind.REMOVE),
    };
    const send = (osd: number, change: Partial<Init<OsdOpRequest>>, payload: readonly Buffer[] = []): Promise<string> =>
      codeOf(
        messenger.link(entityName('osd', osd), `osd.${osd}:6800`).request('osdOp', { ...right, ...change }, { timeoutMs: 5_000, payload }),
      );
    const before = everything(cluster);
    for (const { what, code, change, payload } of wrong) {
      t.is(await send(primary ?? -1, change(right), payload), code, what);
      t.is(everything(cluster), before, `${what}: nothing changed`);
    }
    for (const osd of acting.filter((member) => member !== primary)) {
      t.is(await send(osd, {}), 'EAGAIN', 'a write to a replica');
      t.is(await send(osd, { anyMember: true }), 'EAGAIN', 'a write to any member');
    }
    t.is(everything(cluster), before);
    t.is(await send(primary ?? -1, { tid: 1_000_001 }), 'done', 'the right one');
  });
});

test('blocklist: after the barrier every OSD refuses the client, of whatever epoch its operations are; mon and OSDs start again → still; it lapses → served', async (t) => {
  await OsdCluster.tell({ seed: 83, pgNum: 8 }, async (cluster) => {
    const { world, pool } = cluster;
    const fenced = await cluster.client('a');
    const admin = await cluster.client('admin');
    // One object on each primary.
    const names = new Map<number, string>();
    for (let n = 0; names.size < 3; n++) names.set(await cluster.primaryOf(`o${n}`), `o${n}`);
    for (const name of names.values()) await fenced.objects.operate(pool, name, [write(0, 10)]);
    const { epoch: oldEpoch } = fenced.monClient.map;
    const heal = world.fabric.partition(['mon.a'], ['a'], { oneWay: true });
    const { epoch } = await admin.monClient.command<{ epoch: number }>({
      prefix: 'blocklist add',
      instance: fenced.messenger.instance,
      seconds: 60,
    });
    await admin.monClient.waitForEpoch(epoch as never, { timeoutMs: 10_000 });
    let tid = 2_000_000;
    const late = async (osd: number, name: string): Promise<string> => {
      const { pgId } = await cluster.mappingOf(name);
      const message = {
        epoch: oldEpoch,
        pool,
        pg: Number.parseInt(pgId.split('.')[1] ?? '', 16),
        object: name,
        instance: fenced.messenger.instance,
        tid: tid++,
        ...op(ObjectOpKind.APPEND, { payloadFrames: 1 }),
      };
      const link = fenced.messenger.link(entityName('osd', osd), `osd.${osd}:6800`);
      return codeOf(link.request('osdOp', message, { timeoutMs: 5_000, payload: [bytes('late')] }));
    };
    for (const [osd, name] of names) {
      // Whoever acts on the barrier's epoch brings it to the OSD.
      t.is((await admin.objects.operate(pool, name, [{ kind: 'stat' }])).results[0]?.size, 10);
      t.is(await late(osd, name), 'ESHUTDOWN', `osd.${osd}`);
    }
    cluster.crashMon();
    for (const osd of names.keys()) {
      cluster.crash(osd);
      await world.sleep(50);
    }
    await cluster.bootMon();
    await cluster.settle();
    heal();
    const newEpoch = admin.monClient.map.epoch;
    while (fenced.monClient.map.epoch < newEpoch) await world.sleep(10);
    for (const name of names.values()) t.is(await codeOf(fenced.objects.operate(pool, name, [write(0, 20)])), 'ESHUTDOWN');
    for (const name of names.values()) t.is((await admin.objects.operate(pool, name, [{ kind: 'stat' }])).results[0]?.size, 10);
    while (admin.monClient.map.blocklist.size > 0) await world.sleep(1_000);
    while (fenced.monClient.map.blocklist.size > 0) await world.sleep(10);
    for (const name of names.values()) t.is(await codeOf(fenced.objects.operate(pool, name, [write(0, 20)])), 'done');
    t.deepEqual(await cluster.differences(), []);
  });
});
