import test from 'ava';
import { byteStringOf, type Ino } from '../../common/maps/ids.ts';
import { Cap, LockType, wholeFile } from '../../mds/client/index.ts';
import type { CacheInvalidator, Credentials, Entry, NegativeEntry } from '../../fuse-client/vfs/filesystem.ts';
import { watchCaps } from '../sim/caps.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const kernelMs = 40;

/** Runs `story` in a cluster of its own, with a kernel that takes its time to empty its caches on client `a`. */
async function tellSlowly(
  seed: number,
  story: (
    cluster: SimCluster,
    a: Awaited<ReturnType<SimCluster['connect']>>,
    b: Awaited<ReturnType<SimCluster['connect']>>,
    told: string[],
  ) => Promise<void>,
): Promise<void> {
  await tell(seed, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const told: string[] = [];
    const kernel: CacheInvalidator = {
      invalidateInode: async (ino, offset) => {
        await world.sleep(kernelMs);
        told.push(`${offset === -1 ? 'attributes' : 'data'} ${ino}`);
      },
      invalidateEntry: async (parent, name) => {
        await world.sleep(kernelMs);
        told.push(`name ${parent} ${name}`);
      },
    };
    a.filesystem.setInvalidator(kernel);
    await story(cluster, a, b, told);
  });
}

test('recall: another reads what is dirty here → it is written and the kernel has let go before the other is answered', async (t) => {
  await tellSlowly(1, async (cluster, a, b, told) => {
    const file = await a.paths.open('/f', 'w+');
    await file.write(Buffer.alloc(3 << 20, 1));
    const ino = file.handle.ino;
    const started = cluster.world.nowMs;
    const seen = await b.paths.readFile('/f');
    t.true(seen.equals(Buffer.alloc(3 << 20, 1)));
    t.true(cluster.world.nowMs - started >= kernelMs);
    t.true(told.includes(`attributes ${ino}`) || told.includes(`data ${ino}`), told.join());
    await file.close();
  });
});

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

test('recall: another makes a name that was looked up in vain → the absence is forgotten by the kernel first', async (t) => {
  await tellSlowly(2, async (cluster, a, b, told) => {
    const { root } = a.filesystem;
    await a.paths.readdir('/');
    const absent = (await a.filesystem.lookup(who, root, byteStringOf('later'))) as NegativeEntry;
    t.true(absent.negativeValid);
    const started = cluster.world.nowMs;
    await b.paths.writeFile('/later', 'now');
    t.true(cluster.world.nowMs - started >= kernelMs);
    t.deepEqual(
      told.filter((line) => line.startsWith('name')),
      [`name ${root} later`],
    );
    const present = (await a.filesystem.lookup(who, root, byteStringOf('later'))) as Entry;
    t.is(present.attributes.size, 3);
  });
});

test('recall: a name that the kernel was told of is moved by another → by its new name the kernel is told that it may be elsewhere too', async (t) => {
  await tellSlowly(21, async (_cluster, a, b) => {
    const { root } = a.filesystem;
    const look = async (name: string): Promise<Entry> => (await a.filesystem.lookup(who, root, byteStringOf(name))) as Entry;
    await a.paths.writeFile('/one', 'x');
    const { attributes, elsewhere } = await look('one');
    t.is(elsewhere, undefined);
    // By itself: the kernel knows what it has moved.
    await a.paths.rename('/one', '/two');
    t.is((await look('two')).elsewhere, undefined);
    // A second name of it, both certain.
    await a.paths.link('/two', '/three');
    t.is((await look('three')).elsewhere, undefined);
    await b.paths.rename('/two', '/four');
    t.true((await look('four')).elsewhere);
    t.true((await look('three')).elsewhere, 'as long as the kernel may have the old name in hand');
    // It has none of them any more.
    for (let count = 8; count > 0; count--) a.filesystem.forget(attributes.ino, 1);
    t.is((await look('four')).elsewhere, undefined);
    t.true((await look('three')).attributes.nlink === 2);
  });
});

test('recall: the other changes attributes → they are not valid here any more, then new', async (t) => {
  await tellSlowly(3, async (_cluster, a, b, told) => {
    await a.paths.writeFile('/f', 'abc');
    const { attributes, attributesValid } = (await a.filesystem.lookup(who, a.filesystem.root, byteStringOf('f'))) as Entry;
    t.true(attributesValid);
    t.is(attributes.mode & 0o777, 0o644);
    await b.paths.chmod('/f', 0o600);
    t.true(told.some((line) => line.endsWith(` ${attributes.ino}`)));
    t.is((await a.paths.stat('/f')).mode & 0o777, 0o600);
  });
});

test('recall: names and attributes known here → lookups and listings need no answer from anyone', async (t) => {
  await tellSlowly(4, async (_cluster, a) => {
    await a.paths.mkdir('/d');
    for (let i = 0; i < 20; i++) await a.paths.writeFile(`/d/f${i}`, 'x');
    // Their places in listings are what the MDS says.
    await a.paths.fsyncDirectory('/d');
    const { ino } = await a.paths.stat('/d');
    t.false(a.filesystem.lookup(who, ino, byteStringOf('f7')) instanceof Promise);
    t.false(a.filesystem.lookup(who, ino, byteStringOf('none')) instanceof Promise);
    const opened = a.filesystem.openDirectory(who, ino, 0);
    t.false(opened instanceof Promise);
    const names: string[] = [];
    const listed = a.filesystem.readDirectory((opened as Awaited<typeof opened>).handle, 0, true, ({ name }) => names.push(name) > 0);
    t.false(listed instanceof Promise);
    t.is(names.length, 22);
  });
});

test('recall: of a file that others have looked at a part is written past the cache → meanwhile it is as long as it was for readers here', async (t) => {
  await tellSlowly(22, async (cluster, a, b) => {
    const file = await a.paths.open('/f', 'w+');
    await file.write(Buffer.alloc(9_000, 1), 0);
    for (const look of [() => b.paths.stat('/f'), () => b.paths.chmod('/f', 0o600)]) {
      await look();
      let done = false;
      const writing = file.write(Buffer.alloc(8, 2), 0).then(() => (done = true));
      for (let looks = 0; !done; looks++) {
        t.is((await file.read(5_000, 4_000)).length, 5_000, `look ${looks}`);
        t.is((await file.stat()).size, 9_000, `look ${looks}`);
        await cluster.world.sleep(0.1);
      }
      await writing;
      t.is((await b.paths.stat('/f')).size, 9_000);
    }
    await file.close();
  });
});

test('grant: a file becomes ours alone while a write into its middle is on its way → it does not end there', async (t) => {
  await tellSlowly(5, async (cluster, a, b) => {
    const { fabric } = cluster.world;
    const file = await a.paths.open('/f', 'w+');
    const other = await b.paths.open('/f', 'r+');
    await file.write(Buffer.alloc(9_000, 1), 0);
    fabric.partition(['a'], cluster.osdNames);
    const writing = file.write(Buffer.alloc(500, 2), 3_000);
    await other.close(); // what b held goes to a within seconds
    await cluster.world.sleep(6_000);
    fabric.heal();
    await writing;
    t.is((await file.stat()).size, 9_000);
    t.is((await file.read(9_000, 0)).length, 9_000);
    await file.close();
  });
});

test('grant: on its way while the session is being opened again, at the second try → nobody believes to be alone who is not', async (t) => {
  await tell(
    6,
    async (cluster) => {
      const { world } = cluster;
      const [a, b, c] = [await cluster.connect('a'), await cluster.connect('b'), await cluster.connect('c')];
      const file = await a.paths.open('/f', 'w+');
      const other = await b.paths.open('/f', 'r+');
      await file.write(Buffer.alloc(9_000, 1), 0);
      await world.sleep(1_000);
      // The MDS can answer nobody who comes back before its journal is written.
      world.fabric.partition(['mds.a'], cluster.osdNames);
      await c.paths.mkdir('/d');
      world.fabric.reset('a', 'mds.a');
      await world.sleep(1_000);
      await other.close(); // what b held goes to a
      await world.sleep(6_000);
      world.fabric.heal();
      await a.paths.mkdir('/back');
      await file.write(Buffer.alloc(3_000, 3), 8_000);
      t.is((await b.paths.stat('/f')).size, 11_000);
      await file.close();
    },
    { clientConfig: { writeBackDelayMs: 200 } },
  );
});

test('recall: of what was held under higher numbers before the MDS was restarted, and given back → answered', async (t) => {
  await tell(7, async (cluster) => {
    const { world } = cluster;
    const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
    await a.paths.mkdir('/d');
    const { ino } = await a.paths.stat('/d');
    const { handle } = await a.filesystem.openDirectory(who, ino, 0);
    for (let i = 0; i < 5; i++) {
      await a.paths.readdir('/d');
      await b.paths.writeFile(`/d/f${i}`, 'x');
    }
    await a.filesystem.releaseDirectory(handle);
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    await a.paths.readdir('/d');
    const started = world.nowMs;
    await b.paths.writeFile('/d/last', 'x');
    t.true(world.nowMs - started < 1_000, `${world.nowMs - started}`);
    t.is((await a.paths.readdir('/d')).length, 6);
  });
});

test('directory: removed with all its names → the kernel, which has let go of it, is not asked to forget them one by one', async (t) => {
  await tellSlowly(12, async (cluster, a, _b, told) => {
    await a.paths.mkdir('/d');
    for (let n = 0; n < 10; n++) await a.paths.writeFile(`/d/f${n}`, 'x');
    await a.paths.rm('/d', { recursive: true });
    await cluster.world.sleep(20_000);
    t.deepEqual(told, []);
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

test('a cut is answered late: what its client has given back meanwhile → it does not take for granted again', async (t) => {
  await tell(
    9,
    async (cluster) => {
      const { world } = cluster;
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      watchCaps(cluster);
      await b.paths.writeFile('/f', Buffer.alloc(9_000, 1));
      await b.paths.mkdir('/others');
      for (let n = 0; n < 40; n++) await b.paths.writeFile(`/others/${n}`, '');
      t.is((await a.paths.stat('/f')).size, 9_000);
      await world.sleep(6_000);
      for (const osd of cluster.osdNames) cluster.crash(osd);
      // Of so many it forgets some; the MDS hears of it a little later.
      for (let n = 0; n < 40; n++) await a.paths.stat(`/others/${n}`);
      const cutting = a.paths.truncate('/f', 100);
      await world.sleep(500);
      for (const osd of cluster.osdNames) await cluster.boot(osd);
      await cutting;
      for (let n = 0; n < 20; n++) t.is((await b.paths.stat('/f')).size, 100);
      await b.paths.truncate('/f', 200);
      t.is((await a.paths.stat('/f')).size, 200);
    },
    { clientConfig: { inodesMax: 16 } },
  );
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

test('another puts another directory in the place of one that is to be removed, or replaced, after the kernel has looked → refused, as the kernel would end the wrong one; done when it has looked again', async (t) => {
  await tellSlowly(28, async (_cluster, a, b) => {
    const { root } = a.filesystem;
    const [first, second, fresh] = [byteStringOf('first'), byteStringOf('second'), byteStringOf('new')];
    const look = async (): Promise<Ino> => ((await a.filesystem.lookup(who, root, first)) as Entry).attributes.ino;
    const exchange = async (): Promise<void> => b.filesystem.rename(who, root, first, root, second, 2);
    for (const [again, end] of [
      [true, () => a.filesystem.removeDirectory(who, root, first)],
      [false, () => a.filesystem.removeDirectory(who, root, first)],
      [true, () => a.filesystem.rename(who, root, fresh, root, first, 0)],
      [false, () => a.filesystem.rename(who, root, fresh, root, first, 0)],
    ] as const) {
      for (const name of ['/first', '/second', '/new'])
        if (!(await b.paths.readdir('/')).includes(name.slice(1))) await b.paths.mkdir(name);
      const [was, other] = [await look(), (await b.paths.stat('/second')).ino];
      await exchange();
      await t.throwsAsync(async () => end(), { code: 'ESTALE' });
      t.is((await b.paths.stat('/first')).ino, other, 'nothing has been done');
      // Linux does not ask a third time.
      if (again) t.is(await look(), other);
      await end();
      t.is((await b.paths.stat('/second')).ino, was);
      const left = await b.paths.readdir('/');
      t.deepEqual([left.includes('first'), left.includes('new')], [!left.includes('new'), !left.includes('first')]);
    }
  });
});

test('another exchanges a file that is to be unlinked for one that is open here, after the kernel has looked → the kernel is told that this one has changed', async (t) => {
  await tellSlowly(29, async (_cluster, a, b, told) => {
    const { root } = a.filesystem;
    const [one, other] = [byteStringOf('one'), byteStringOf('other')];
    for (const path of ['/one', '/other']) await a.paths.writeFile(path, path);
    const [, open] = await Promise.all([one, other].map(async (name) => (await a.filesystem.lookup(who, root, name)) as Entry));
    await b.filesystem.rename(who, root, one, root, other, 2);
    const ino = open?.attributes.ino ?? root;
    t.is((await a.filesystem.getAttributes(who, ino)).attributes.nlink, 1);
    told.length = 0;
    await a.filesystem.unlink(who, root, one);
    t.true(told.includes(`attributes ${ino}`), told.join());
    t.is((await a.filesystem.getAttributes(who, ino)).attributes.nlink, 0);
    told.length = 0;
    await a.filesystem.lookup(who, root, other);
    await a.filesystem.unlink(who, root, other);
    t.false(
      told.some((line) => line.startsWith('attributes')),
      told.join(),
    );
  });
});
