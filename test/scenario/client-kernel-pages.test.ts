/**
 * What the kernel keeps of files' data when several hosts use it: it lets go in time of what may be another's soon, and shows what it has shown.
 */
import test from 'ava';
import { byteStringOf } from '../../common/maps/ids.ts';
import { Cap, LockType, wholeFile } from '../../mds/client/index.ts';
import type { Credentials, Entry } from '../../fuse-client/vfs/filesystem.ts';
import { kernelMs, tellSlowly } from '../support/slow-kernel.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

test('recall: a write comes when the kernel has let go, and the data is still on its way → the kernel lets go of that too', async (t) => {
  await tellSlowly(23, async (cluster, a, b, told) => {
    const { world } = cluster;
    const file = await a.paths.open('/f', 'w+');
    const { ino } = ((await a.filesystem.lookup(who, a.filesystem.root, byteStringOf('f'))) as Entry).attributes;
    const dropped = (): number => told.filter((line) => line === `data ${ino}`).length;
    // Known to b, and all of it a's again: b can ask at once for what it is to write with.
    await b.paths.stat('/f');
    await file.write('x');
    await world.sleep(5_000);
    await file.write(Buffer.alloc(9_000, 1), 0);
    told.length = 0;
    const apart = world.fabric.partition(['a'], cluster.osdNames);
    const opening = b.filesystem.open(who, ino, 2);
    await world.sleep(1_000);
    t.is(dropped(), 1);
    const writing = file.write(Buffer.alloc(4_096, 2), 4_096);
    await world.sleep(1_000);
    t.is(dropped(), 1);
    apart();
    await writing;
    const { handle } = await opening;
    await world.sleep(2 * kernelMs);
    t.is(dropped(), 2, 'the page that was written last');
    await b.filesystem.release(handle);
    await file.close();
  });
});

test('recall: a descriptor from before goes on reading beside a writer → no size is told until the kernel has dropped what lies behind the end of before', async (t) => {
  await tellSlowly(9, async (_cluster, a, b, told) => {
    await a.paths.writeFile('/log', 'one ');
    const { ino } = (await a.paths.open('/log', 'r')).handle;
    const { handle, directIo } = await a.filesystem.open(who, ino, 0);
    t.false(directIo, 'the kernel keeps what it reads');
    const log = await b.paths.open('/log', 'a');
    for (const [i, record] of ['two ', 'three ', 'four '].entries()) {
      const [before = new Uint8Array()] = await a.filesystem.read(handle, 0, 4096);
      told.length = 0;
      await log.write(Buffer.from(record));
      const { attributes } =
        i === 1
          ? ((await a.filesystem.lookup(who, a.filesystem.root, byteStringOf('log'))) as Entry)
          : await a.filesystem.getAttributes(who, ino);
      t.is(attributes.size, before.length + record.length);
      t.true(told.includes(`data ${ino}`), `told the size after ${told.join()}`);
    }
    await log.close();
  });
});

test('alone: a file that is read through the kernel grows past it → no size is told until the kernel has dropped what lies behind the end of before', async (t) => {
  await tellSlowly(23, async (_cluster, a, _b, told) => {
    const log = await a.paths.open('/log', 'a');
    const { ino } = log.handle;
    const appender = await a.filesystem.open(who, ino, 0o2001);
    t.true(appender.directIo, 'the kernel does not see what it appends');
    const reader = await a.filesystem.open(who, ino, 0);
    t.false(reader.directIo, 'the kernel keeps what it reads');
    const append = (text: string): unknown => a.filesystem.write(who, appender.handle, 0, Buffer.from(text), { killSetId: false });
    await append('one ');
    let size = 4;
    for (const [i, record] of ['two ', 'three ', 'four '].entries()) {
      await a.filesystem.read(reader.handle, 0, 4096);
      told.length = 0;
      const appending = append(record);
      size += record.length;
      if (i === 0) await appending;
      else {
        const looking = i === 1 ? a.filesystem.lookup(who, a.filesystem.root, byteStringOf('log')) : a.filesystem.getAttributes(who, ino);
        t.is(((await looking) as Entry).attributes.size, size);
      }
      t.true(told.includes(`data ${ino}`), `told the size after ${told.join()}`);
      await appending;
    }
    told.length = 0;
    await append('five');
    t.deepEqual(told, [], 'nothing is dropped that nobody has read');
    await log.close();
  });
});

test('recall: pages are read all along, until it is answered → the kernel is told to drop what it was given last too', async (t) => {
  await tell(25, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    let drops = 0;
    a.filesystem.setInvalidator({
      invalidateInode: async (_ino, offset) => {
        if (offset >= 0) drops++;
        await world.sleep(kernelMs);
      },
      invalidateEntry: () => Promise.resolve(),
    });
    const file = await a.paths.open('/f', 'w+');
    await file.write(Buffer.alloc(8_192, 1));
    const { ino } = file.handle;
    const { handle, directIo } = await a.filesystem.open(who, ino, 0);
    t.false(directIo, 'the kernel keeps what it reads');
    const opening = b.paths.open('/f', 'r+');
    const keeps = (): boolean => [...a.trusted()].some((each) => each.ino === ino && (each.caps & Cap.fileCache) !== 0);
    let before = 0;
    while (keeps()) {
      before = drops;
      await a.filesystem.read(handle, 0, 4096, true);
      await world.sleep(0.05);
    }
    const other = await opening;
    t.true(drops > before, `${drops} drops, ${before} of them before the last page was given`);
    await other.close();
    await file.close();
  });
});

test('alone: a file that was read to its end is made longer while the kernel writes no page back, as it does then → nobody waits for ever', async (t) => {
  await tell(24, async (cluster) => {
    const a = await cluster.connect('a');
    let made: () => void = () => undefined;
    const longer = new Promise<void>((resolve) => (made = resolve));
    a.filesystem.setInvalidator({ invalidateInode: () => longer, invalidateEntry: () => Promise.resolve() });
    const file = await a.paths.open('/f', 'w+');
    await file.write(Buffer.from('abc'), 0);
    const { ino } = file.handle;
    const { handle } = await a.filesystem.open(who, ino, 0);
    await a.filesystem.read(handle, 0, 4096);
    await file.write(Buffer.from('def'), 3);
    const looking = Promise.resolve(a.filesystem.getAttributes(who, ino));
    t.is((await a.filesystem.setAttributes(who, ino, { size: 5_000 })).attributes.size, 5_000);
    made();
    t.is((await looking).attributes.size, 6);
    await file.close();
  });
});

test('recall: of a file that is cut meanwhile, with pages that the kernel writes back after that → nobody waits for ever', async (t) => {
  await tell(24, async (cluster) => {
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    let cut: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (cut = resolve));
    a.filesystem.setInvalidator({ invalidateInode: () => done, invalidateEntry: () => Promise.resolve() });
    const file = await a.paths.open('/f', 'w+');
    await file.write(Buffer.alloc(5_000, 'x'), 0);
    await a.filesystem.lookup(who, a.filesystem.root, byteStringOf('f'));
    // A second writer takes what is cached.
    const opening = b.paths.open('/f', 'r+');
    await cluster.world.sleep(20);
    t.is((await a.filesystem.setAttributes(who, file.handle.ino, { size: 1_000 })).attributes.size, 1_000);
    cut();
    const other = await opening;
    t.is((await other.stat()).size, 1_000);
    await Promise.all([file.close(), other.close()]);
  });
});

test('recall: a lock is given while the kernel still has what it read beside a writer → it has dropped it by then, of every file', async (t) => {
  await tellSlowly(10, async (_cluster, a, b, told) => {
    await a.paths.writeFile('/data', 'old');
    await a.paths.writeFile('/lock', '');
    const { ino } = (await a.paths.open('/data', 'r')).handle;
    const { handle, directIo } = await a.filesystem.open(who, ino, 0);
    t.false(directIo, 'the kernel keeps what it reads');
    const writer = await b.paths.open('/data', 'r+');
    await writer.write(Buffer.from('new'));
    const lock = await a.paths.open('/lock', 'r+');
    for (const flock of [false, true]) {
      await a.filesystem.read(handle, 0, 4096);
      told.length = 0;
      await a.filesystem.setLock(lock.handle, { flock, owner: 'process', pid: 1, type: LockType.write, wait: false, ...wholeFile });
      t.true(told.includes(`data ${ino}`), `locked after ${told.join()}`);
    }
    await writer.close();
  });
});

for (const dies of [false, true]) {
  const situation = dies ? 'the MDS dies' : 'nobody dies';
  test(`recall: a descriptor from before writes, which the kernel shows at once, and its page is dropped before that is out, ${situation} → who touches it finds what was shown`, async (t) => {
    await tell(27, async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      a.filesystem.setInvalidator({ invalidateInode: () => Promise.resolve(), invalidateEntry: () => Promise.resolve() });
      const { ino } = (await a.paths.open('/pages', 'w+')).handle;
      const { handle, directIo } = await a.filesystem.open(who, ino, 2);
      t.false(directIo, 'the kernel puts what it writes into its pages');
      const write = (number: number): Promise<number> =>
        Promise.resolve(a.filesystem.write(who, handle, 0, Buffer.alloc(8, number), { killSetId: false }));
      const touch = async (): Promise<number | undefined> =>
        Buffer.concat(await Promise.resolve(a.filesystem.read(handle, 0, 4096, true)))[0];
      await write(1);
      const other = await b.paths.open('/pages', 'r+');
      await other.write(Buffer.alloc(8, 1), 100);
      for (let number = 2; number < 12; number++) {
        if (dies && number === 10) cluster.crash('mds.a');
        const writing = write(number);
        const touched = touch();
        if (dies && number === 10) {
          await world.sleep(500);
          await cluster.boot('mds.a');
        }
        t.is(await touched, number);
        await writing;
        // The next is to come before the journal has this one: until it has, data does not go out that it would have to tell of.
      }
      t.is((await b.paths.readFile('/pages'))[0], 11);
      await other.close();
    });
  });

  test(`recall: a descriptor from before writes, which the kernel shows at once, and another, opened since, reads past its pages before that is out, ${situation} → it finds what was shown`, async (t) => {
    await tell(30, async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      a.filesystem.setInvalidator({ invalidateInode: () => Promise.resolve(), invalidateEntry: () => Promise.resolve() });
      const { ino } = (await a.paths.open('/pages', 'w+')).handle;
      const { handle } = await a.filesystem.open(who, ino, 2);
      const write = (number: number): Promise<number> =>
        Promise.resolve(a.filesystem.write(who, handle, 0, Buffer.alloc(8, number), { killSetId: false }));
      await write(1);
      const other = await b.paths.open('/pages', 'r+');
      await other.write(Buffer.alloc(8, 1), 100);
      const since = await a.filesystem.open(who, ino, 0);
      t.true(since.directIo, 'the kernel does not keep what it reads');
      for (let number = 2; number < 12; number++) {
        if (dies && number === 10) cluster.crash('mds.a');
        const writing = write(number);
        const reading = Promise.resolve(a.filesystem.read(since.handle, 0, 4096));
        if (dies && number === 10) {
          await world.sleep(500);
          await cluster.boot('mds.a');
        }
        t.is(Buffer.concat(await reading)[0], number);
        await writing;
      }
      await other.close();
    });
  });
}
