/**
 * How members of a PG are brought up to date: what is copied, in which order, and what a copy shows meanwhile.
 * @module
 */
import test from 'ava';
import { objectLimits } from '../../osd/client/limits.ts';
import type { ObjectOperation } from '../../osd/client/object-client.ts';
import { entryBatchBytes } from '../../osd/ops/member-requests.ts';
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

test('recovery: a member dies while a large object comes to it → what it had of that is gone when it is back, then it comes anew', async (t) => {
  const osdConfig = { pieceBytes: 65_536, recoveryBytesPerSecond: 200_000 };
  await OsdCluster.tell({ seed: 5, pgNum: 1, osdConfig }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pgId, acting } = await cluster.mappingOf('large');
    const member = acting[1] as number;
    cluster.crash(member);
    await objects.operate(cluster.pool, 'large', [{ kind: 'write-full', data: [Buffer.alloc(600_000, 1)] }]);
    const read = (): Promise<unknown> => objects.operate(cluster.pool, 'large', [{ kind: 'stat' }]);
    await cluster.boot(member);
    // Reads of it go on meanwhile.
    while (cluster.store(member).shelved(pgId, 9).length === 0) {
      await read();
      await cluster.world.sleep(10);
    }
    t.is(cluster.store(member).stat(pgId, 'large'), undefined);
    await cluster.world.sleep(10);
    cluster.crash(member);
    const booted = cluster.boot(member);
    await cluster.world.sleep(20);
    t.deepEqual(cluster.store(member).shelved(pgId, 9), []);
    await booted;
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('recovery: a client writes to an object that is being copied slowly → the copy hurries, the write does not wait for its turn', async (t) => {
  const osdConfig = { pieceBytes: 65_536, recoveryBytesPerSecond: 20_000 };
  await OsdCluster.tell({ seed: 6, pgNum: 1, osdConfig }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const { pgId, acting } = await cluster.mappingOf('large');
    const member = acting[1] as number;
    cluster.crash(member);
    await objects.operate(cluster.pool, 'large', [{ kind: 'write-full', data: [Buffer.alloc(600_000, 1)] }]);
    await cluster.boot(member);
    while (cluster.store(member).shelved(pgId, 9).length === 0) {
      await objects.operate(cluster.pool, 'large', [{ kind: 'stat' }]);
      await cluster.world.sleep(10);
    }
    // At its rate it would take half a minute.
    const sinceMs = cluster.world.nowMs;
    await objects.operate(cluster.pool, 'large', [{ kind: 'append', data: [Buffer.from('x')] }]);
    t.true(cluster.world.nowMs - sinceMs < 500, `${cluster.world.nowMs - sinceMs} ms`);
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
  });
});

test('recovery: log entries of many mebibytes about one object → sent in several messages, put in place at once; retries are remembered', async (t) => {
  await OsdCluster.tell({ seed: 7, pgNum: 1 }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const data = [Buffer.alloc(50_000, 7)];
    await objects.operate(cluster.pool, 'x', [{ kind: 'write-full', data }]);
    const { acting, pgId } = await cluster.mappingOf('x');
    const member = acting[1] as number;
    cluster.crash(member);
    // What is read is remembered with the write, for a retry.
    for (let n = 0; n < 200; n++)
      await objects.operate(cluster.pool, 'x', [
        { kind: 'read', offset: 0, length: 50_000 },
        { kind: 'write', offset: n, data: [Buffer.from('y')] },
      ]);
    await cluster.settle();
    t.deepEqual(await cluster.differences(), []);
    const logBytes = cluster
      .store(member)
      .metaRange(pgId, 'l', 'm')
      .reduce((sum, { value }) => sum + value.length, 0);
    // More than a message takes, less than a transaction.
    t.true(logBytes > 4 * 1024 * 1024 && logBytes < 8 * 1024 * 1024, `${logBytes} bytes`);
  });
});

test('recovery: a member comes back with mebibytes of log that nobody else has → it is asked for them in several messages, and loses them', async (t) => {
  await OsdCluster.tell({ seed: 9, pgNum: 1 }, async (cluster) => {
    const { objects: inside } = await cluster.client('a');
    const { objects: outside } = await cluster.client('b');
    const data = [Buffer.alloc(50_000, 7)];
    for (let n = 0; n < 48; n++) await inside.operate(cluster.pool, name(n), [{ kind: 'write-full', data }]);
    const { acting, pgId } = await cluster.mappingOf(name(0));
    const primary = acting[0] as number;
    const others = acting.slice(1).map((osd) => `osd.${osd}`);
    cluster.world.fabric.partition([`osd.${primary}`, 'a'], [...others, 'mon.a', 'b', 'admin']);
    // What is read is remembered with each write, for a retry; none of them is acknowledged.
    for (let n = 0; n < 48; n++) {
      const operations: ObjectOperation[] = [
        { kind: 'read', offset: 0, length: 50_000 },
        { kind: 'append', data: [Buffer.from('y')] },
      ];
      void inside.operate(cluster.pool, name(n), operations).catch(() => undefined);
    }
    await outside.operate(cluster.pool, name(0), [{ kind: 'append', data: [Buffer.from('other')] }]);
    const logOf = (osd: number): readonly { readonly key: string; readonly value: Uint8Array }[] =>
      cluster.store(osd).metaRange(pgId, 'l', 'm');
    const known = new Set(logOf(acting[1] as number).map(({ key: at }) => at));
    const ownBytes = logOf(primary).reduce((sum, { key: at, value }) => sum + (known.has(at) ? 0 : value.length), 0);
    t.true(ownBytes > 4 * entryBatchBytes, `${ownBytes} bytes`);
    // Nobody sends them again.
    cluster.world.node('a').crash();
    cluster.world.fabric.heal();
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill begins/).length, 0);
    t.deepEqual(await cluster.differences(), []);
    for (let n = 1; n < 48; n++) t.is(cluster.store(primary).stat(pgId, name(n))?.size, 50_000);
  });
});

test('recovery: names of the greatest length, thousands of them → listed in messages that fit', async (t) => {
  await OsdCluster.tell({ seed: 8, osds: 4, pgNum: 1, osdConfig: { logEntriesMax: 512 } }, async (cluster) => {
    const { objects } = await cluster.client('a');
    const long = (n: number): string => `${n}`.padStart(objectLimits.nameBytes, 'n');
    for (let from = 0; from < 2_500; from += 250)
      await Promise.all(
        Array.from({ length: 250 }, (_, n) => objects.operate(cluster.pool, long(from + n), [{ kind: 'create', exclusive: true }])),
      );
    const { acting } = await cluster.mappingOf('x');
    await (await cluster.client('admin')).monClient.command({ prefix: 'osd out', osd: acting[1] });
    while ((await cluster.mappingOf('x')).acting.includes(acting[1] as never)) await cluster.world.sleep(100);
    await cluster.settle();
    t.true(cluster.world.logs.matching(/backfill done/).length > 0);
    t.deepEqual(await cluster.differences(), []);
  });
});

const name = (n: number): string => `o${String(n).padStart(4, '0')}`;

async function writeAll(cluster: OsdCluster, count: number, text: string): Promise<void> {
  const { objects } = await cluster.client('a');
  const write = (n: number): Promise<unknown> =>
    objects.operate(cluster.pool, name(n), [{ kind: 'write-full', data: [Buffer.from(text)] }]);
  for (let from = 0; from < count; from += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - from) }, (_, i) => write(from + i)));
}

const command = async (cluster: OsdCluster, fields: object): Promise<unknown> =>
  (await cluster.client('admin')).monClient.command(fields as never);

/** Objects that an OSD has of the pool's only PG. */
async function countOn(cluster: OsdCluster, osd: number): Promise<number> {
  return cluster.store(osd).objects((await cluster.mappingOf(name(0))).pgId, '', 10_000).length;
}

/** One PG on three of four OSDs, whose member `from` is to leave for the fourth, `to`; the copy is paused halfway. */
async function halfway(cluster: OsdCluster): Promise<{ readonly from: number; readonly to: number }> {
  await writeAll(cluster, 600, 'first');
  await writeAll(cluster, 200, 'second');
  const { acting } = await cluster.mappingOf(name(0));
  const from = acting[2] as number;
  const to = [0, 1, 2, 3].find((osd) => !acting.includes(osd as never)) as number;
  await command(cluster, { prefix: 'osd out', osd: from });
  // A client at work, so that the copy takes its time.
  const { objects } = await cluster.client('a');
  const stat = (): Promise<unknown> => objects.operate(cluster.pool, name(0), [{ kind: 'stat' }]);
  while ((await countOn(cluster, to)) < 300) {
    await stat();
    await cluster.world.sleep(10);
  }
  await command(cluster, { prefix: 'flag set', flag: 'nobackfill' });
  await cluster.world.sleep(500);
  return { from, to };
}

const slowly = { osds: 4, pgNum: 1, osdConfig: { logEntriesMax: 512, recoveryBytesPerSecond: 4_000_000, strayCheckMs: 500 } };

test('recovery: nobackfill is set while a copy is made → it pauses, clients go on; unset → it goes on', async (t) => {
  await OsdCluster.tell({ ...slowly, seed: 2 }, async (cluster) => {
    const { from, to } = await halfway(cluster);
    const copied = await countOn(cluster, to);
    t.true(copied < 600);
    await writeAll(cluster, 100, 'third');
    await cluster.world.sleep(5_000);
    t.is(await countOn(cluster, to), copied);
    t.true((await cluster.mappingOf(name(0))).acting.includes(from as never));
    // The old copy stays until the new one is there.
    t.is(await countOn(cluster, from), 600);
    await command(cluster, { prefix: 'flag unset', flag: 'nobackfill' });
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill begins/).length, 1);
    t.deepEqual(await cluster.differences(), []);
    while (cluster.store(from).collections().length > 0) await cluster.world.sleep(100);
  });
});

test('recovery: the primary dies, or the member, while a copy is made → it goes on where it was, with what was changed and removed', async (t) => {
  for (const dies of ['primary', 'member'] as const) {
    await OsdCluster.tell({ ...slowly, seed: 3 }, async (cluster) => {
      const { to } = await halfway(cluster);
      const { objects } = await cluster.client('a');
      await writeAll(cluster, 30, 'while it was paused');
      cluster.crash(dies === 'primary' ? await cluster.primaryOf(name(0)) : to);
      await cluster.world.sleep(3_000);
      await writeAll(cluster, 20, 'while it was away');
      for (const n of [5, 250, 599]) await objects.operate(cluster.pool, name(n), [{ kind: 'remove' }]);
      await command(cluster, { prefix: 'flag unset', flag: 'nobackfill' });
      await cluster.settle();
      const begun = cluster.world.logs.matching(/backfill begins/).map(({ fields }) => String(fields['from']));
      t.is(begun[0], '');
      t.true(begun.length > 1 && begun.slice(1).some((from) => from > name(100)), `${dies}: ${begun.join(', ')}`);
      t.deepEqual(await cluster.differences(), [], dies);
      for (const n of [5, 250, 599]) t.is(cluster.store(to).stat((await cluster.mappingOf(name(0))).pgId, name(n)), undefined);
    });
  }
});

test('recovery: a member that was copied to while the log moved on → its log has no gaps that hide what others missed', async (t) => {
  await OsdCluster.tell({ ...slowly, seed: 4, minSize: 1 }, async (cluster) => {
    const { from, to } = await halfway(cluster);
    const { objects } = await cluster.client('a');
    // The one to come gets this one, as all others do; then the one to leave is lost.
    await writeAll(cluster, 1, 'newest of the one that is lost');
    cluster.crash(from);
    await cluster.world.sleep(3_000);
    // Beyond the cursor, and soon beyond the log.
    await objects.operate(cluster.pool, name(590), [{ kind: 'write-full', data: [Buffer.from('missed')] }]);
    await appendMany(cluster, name(595), 800);
    await command(cluster, { prefix: 'flag unset', flag: 'nobackfill' });
    while (!(await cluster.mappingOf(name(0))).acting.includes(to as never)) await cluster.world.sleep(100);
    // It alone is left, and the lost one returns to it.
    for (const osd of [0, 1, 2, 3]) {
      if (osd === from || osd === to) continue;
      await command(cluster, { prefix: 'osd out', osd });
      cluster.crash(osd);
      await cluster.world.sleep(8_000);
    }
    await command(cluster, { prefix: 'osd in', osd: from });
    await cluster.boot(from);
    while (!(await cluster.mappingOf(name(0))).acting.includes(from as never)) await cluster.world.sleep(100);
    t.deepEqual(await cluster.differences(), []);
  });
});

test('recovery: an object appears behind all others while the last of them are being copied → the member has it too', async (t) => {
  const osdConfig = { pieceBytes: 16_384, recoveryBytesPerSecond: 400_000, logEntriesMax: 512 };
  await OsdCluster.tell({ seed: 6, osds: 4, pgNum: 1, osdConfig }, async (cluster) => {
    const { objects } = await cluster.client('a');
    for (let n = 0; n < 3; n++) await objects.operate(cluster.pool, name(n), [{ kind: 'write-full', data: [Buffer.alloc(200_000, n)] }]);
    // More than the log remembers.
    await appendMany(cluster, name(0), 700);
    const { acting } = await cluster.mappingOf(name(0));
    await command(cluster, { prefix: 'osd out', osd: acting[1] });
    for (let n = 0; (await cluster.mappingOf(name(0))).acting.includes(acting[1] as never); n++) {
      // Clients at work, so that the copies take their time; all of them are under way when the new one comes.
      if (n === 5) await objects.operate(cluster.pool, name(9_999), [{ kind: 'write-full', data: [Buffer.from('new')] }]);
      else await objects.operate(cluster.pool, name(0), [{ kind: 'stat' }]);
      await cluster.world.sleep(100);
    }
    await cluster.settle();
    t.is(cluster.world.logs.matching(/backfill done/).length, 1);
    t.deepEqual(await cluster.differences(), []);
  });
});
