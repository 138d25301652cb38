/** File locks through what happens to sessions. That locks do what they should is told in unit tests and on real mounts. */
import test from 'ava';
import { LockType, wholeFile } from '../../mds/client/index.ts';
import type { ConnectedFilesystem, PathFile } from '../../fuse-client/client/index.ts';
import type { LockWish } from '../../fuse-client/vfs/filesystem.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { codeOf } from '../support/code-of.ts';
import { tell } from '../support/tell.ts';

const punchHole = 3;
const shortWaits = { mdsConfig: { sessionLeaseMs: 5_000, reconnectMs: 5_000 } };

function wish(type: LockType, more: Partial<LockWish> = {}): LockWish {
  return { flock: false, owner: 'process', pid: 1, type, wait: false, ...wholeFile, ...more };
}

const resumed = (cluster: SimCluster): number => cluster.world.logs.matching(/^session resumed/).length;

test('locks: a wait and the unlock that ends it are both held back after a restart of the MDS → the lock is given (seed 730088)', async (t) => {
  await tell(
    1,
    async (cluster) => {
      const { world } = cluster;
      const holder = await cluster.connect('holder');
      const waiter = await cluster.connect('waiter');
      await cluster.connect('late');
      const held = await holder.paths.open('/file', 'w');
      const wanted = await waiter.paths.open('/file', 'r+');
      await holder.filesystem.setLock(held.handle, wish(LockType.write));
      const given = Promise.resolve(waiter.filesystem.setLock(wanted.handle, wish(LockType.write, { wait: true })));
      await world.sleep(100);
      cluster.crash('mds.a');
      // It does not come back: nothing new is served until it is evicted.
      cluster.crashClient('late');
      await cluster.boot('mds.a');
      while (resumed(cluster) < 2) await world.sleep(10);
      await world.sleep(100);
      const freed = Promise.resolve(holder.filesystem.setLock(held.handle, wish(LockType.none)));
      t.is(world.logs.matching(/^evicting a client/).length, 0);
      await Promise.all([freed, given]);
      t.is(await codeOf(() => holder.filesystem.setLock(held.handle, wish(LockType.write))), 'EAGAIN');
    },
    shortWaits,
  );
});

/** A client is cut off while its process holds a lock that another waits for, until that has it; then it is back. */
async function lockLost(
  cluster: SimCluster,
  flock: boolean,
): Promise<{ a: ConnectedFilesystem; b: ConnectedFilesystem; file: PathFile; others: PathFile }> {
  const { world } = cluster;
  const a = await cluster.connect('a');
  const b = await cluster.connect('b');
  const file = await a.paths.open('/file', 'w+');
  await file.write('before');
  await file.fsync();
  const others = await b.paths.open('/file', 'r+');
  await a.filesystem.setLock(file.handle, wish(LockType.write, { flock }));
  const given = Promise.resolve(b.filesystem.setLock(others.handle, wish(LockType.write, { flock, wait: true })));
  world.fabric.partition(
    ['a'],
    cluster.nodeNames.filter((name) => name !== 'a'),
  );
  await given;
  world.fabric.heal();
  while (world.logs.matching(/^session opened/).length < 3) await world.sleep(100);
  await world.sleep(100);
  return { a, b, file, others };
}

for (const flock of [false, true]) {
  const kind = flock ? 'flock' : 'fcntl';
  test(`locks: a client is evicted while its process holds a lock (${kind}) → another gets it; EIO until the process lets go of it`, async (t) => {
    await tell(
      flock ? 2 : 3,
      async (cluster) => {
        const { a, b, file, others } = await lockLost(cluster, flock);
        await others.write('after!', 0);
        // Whatever it does it is not told what it might take for its own.
        t.is(await codeOf(() => file.read(6, 0)), 'EIO');
        t.is(await codeOf(() => file.write('stale', 0)), 'EIO');
        t.is(await codeOf(() => file.truncate(3)), 'EIO');
        t.is(await codeOf(() => file.truncate(9)), 'EIO');
        t.is(await codeOf(() => file.allocate(0, 0, 9)), 'EIO');
        t.is(await codeOf(() => file.allocate(punchHole, 0, 3)), 'EIO');
        const other = await a.paths.open('/other', 'w+');
        t.is(await codeOf(() => file.copyRange(0, other, 0, 6)), 'EIO');
        t.is(await codeOf(() => other.copyRange(0, file, 0, 6)), 'EIO');
        t.is(await codeOf(() => a.filesystem.setLock(file.handle, wish(LockType.read, { flock }))), 'EIO');
        // Other files, and asking about this one, are as ever.
        await a.paths.writeFile('/other', 'x');
        t.is((await file.stat()).size, 6);
        t.is(await codeOf(() => a.filesystem.setLock(file.handle, wish(LockType.none, { flock }))), 'done');
        t.is((await file.read(6, 0)).toString(), 'after!');
        t.is(await codeOf(() => a.filesystem.setLock(file.handle, wish(LockType.write, { flock }))), 'EAGAIN');
        await b.filesystem.setLock(others.handle, wish(LockType.none, { flock }));
        await a.filesystem.setLock(file.handle, wish(LockType.write, { flock }));
        await file.write('again!', 0);
        t.is((await others.read(6, 0)).toString(), 'again!');
      },
      shortWaits,
    );
  });

  test(`locks: a client is evicted while its process holds a lock (${kind}) → closing the file is letting go`, async (t) => {
    await tell(
      flock ? 4 : 5,
      async (cluster) => {
        const { a, file } = await lockLost(cluster, flock);
        const second = await a.paths.open('/file', 'r+');
        t.is(await codeOf(() => second.read(6, 0)), 'EIO');
        // close(2): FLUSH with the owner of the process, then RELEASE.
        await a.filesystem.flush(file.handle, 'process');
        await a.filesystem.release(file.handle);
        t.is(await codeOf(() => second.read(6, 0)), 'done');
        t.is(await codeOf(() => a.filesystem.setLock(second.handle, wish(LockType.write, { flock }))), 'EAGAIN');
      },
      shortWaits,
    );
  });
}

test('locks: a client is evicted while its process waits for a lock → it waits on in the new session; nothing of the old wait stays behind', async (t) => {
  await tell(
    6,
    async (cluster) => {
      const { world } = cluster;
      const a = await cluster.connect('a');
      const b = await cluster.connect('b');
      const held = await b.paths.open('/file', 'w');
      await b.filesystem.setLock(held.handle, wish(LockType.write));
      const file = await a.paths.open('/file', 'r+');
      let given = '';
      const waiting = codeOf(() => a.filesystem.setLock(file.handle, wish(LockType.write, { wait: true }))).then((code) => (given = code));
      const signal = new AbortController();
      const interrupted = codeOf(() =>
        a.filesystem.setLock(file.handle, wish(LockType.read, { wait: true, owner: 'other' }), signal.signal),
      );
      await world.sleep(100);
      world.fabric.partition(
        ['a'],
        cluster.nodeNames.filter((name) => name !== 'a'),
      );
      // So that somebody needs what it holds.
      await b.paths.writeFile('/file', 'x');
      while (world.logs.matching(/^evicting a client/).length === 0) await world.sleep(500);
      await world.sleep(10_000);
      world.fabric.heal();
      while (world.logs.matching(/^session opened/).length < 3) await world.sleep(100);
      await world.sleep(100);
      signal.abort();
      t.is(await interrupted, 'EINTR');
      t.is(given, '');
      await b.filesystem.setLock(held.handle, wish(LockType.none));
      t.is(await waiting, 'done');
      t.is(await codeOf(() => b.filesystem.setLock(held.handle, wish(LockType.write, { owner: 'another' }))), 'EAGAIN');
      await a.filesystem.setLock(file.handle, wish(LockType.none));
      await b.filesystem.setLock(held.handle, wish(LockType.write, { owner: 'another' }));
      t.is(await codeOf(() => file.read(1, 0)), 'done');
    },
    shortWaits,
  );
});
