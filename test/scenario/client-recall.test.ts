import test from 'ava';
import { byteStringOf, type Ino } from '../../common/maps/ids.ts';
import type { Credentials, Entry, NegativeEntry } from '../../fuse-client/vfs/filesystem.ts';
import { watchCaps } from '../sim/caps.ts';
import { kernelMs, tellSlowly } from '../support/slow-kernel.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };

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
