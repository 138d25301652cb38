import test from 'ava';
import { byteStringOf } from '../../common/maps/ids.ts';
import { OpenFlag } from '../../fuse-client/vfs/open-flags.ts';
import { codeOf } from '../support/code-of.ts';
import { tell } from '../support/tell.ts';

test('client: files and directories → what node:fs would show', async (t) => {
  await tell(1, async (cluster) => {
    const { paths, stop } = await cluster.connect('a');
    await paths.mkdir('/dir/sub', { recursive: true });
    await paths.writeFile('/dir/hello', 'hello, world\n');
    t.is((await paths.readFile('/dir/hello')).toString(), 'hello, world\n');
    t.is((await paths.stat('/dir/hello')).size, 13);
    await paths.appendFile('/dir/hello', 'more\n');
    t.is((await paths.readFile('/dir/hello')).toString(), 'hello, world\nmore\n');
    await paths.symlink('../hello', '/dir/sub/link');
    t.is(await paths.readlink('/dir/sub/link'), '../hello');
    t.is((await paths.readFile('/dir/sub/link')).toString(), 'hello, world\nmore\n');
    await paths.link('/dir/hello', '/dir/second');
    t.is((await paths.stat('/dir/second')).nlink, 2);
    await paths.rename('/dir/second', '/dir/sub/third');
    t.deepEqual((await paths.readdir('/dir')).sort(), ['hello', 'sub']);
    t.deepEqual((await paths.readdir('/dir/sub')).sort(), ['link', 'third']);
    await paths.truncate('/dir/hello', 5);
    t.is((await paths.readFile('/dir/sub/third')).toString(), 'hello');
    await t.throwsAsync(paths.rmdir('/dir/sub'), { message: /entries|empty/ });
    await t.throwsAsync(paths.readFile('/dir/none'), { message: /does not exist/ });
    await paths.setXattr('/dir/hello', 'user.colour', 'blue');
    t.is((await paths.getXattr('/dir/hello', 'user.colour')).toString(), 'blue');
    await paths.rm('/dir', { recursive: true });
    t.deepEqual(await paths.readdir('/'), []);
    await stop();
  });
});

test('client: one name of a file renamed onto its other, neither known here → both stay', async (t) => {
  await tell(3, async (cluster) => {
    const first = await cluster.connect('a');
    await first.paths.writeFile('/one', 'x');
    await first.paths.link('/one', '/two');
    const { filesystem, paths } = await cluster.connect('b');
    const { root } = filesystem;
    await filesystem.rename({ uid: 0, gid: 0, groups: [], pid: 1 }, root, byteStringOf('two'), root, byteStringOf('one'), 0);
    t.is((await paths.stat('/two')).nlink, 2);
    t.is((await paths.stat('/one')).nlink, 2);
  });
});

test('client: a second client connects after the first has left → it sees everything', async (t) => {
  await tell(2, async (cluster) => {
    const first = await cluster.connect('a');
    const big = Buffer.alloc(9 << 20, 'nacre');
    await first.paths.writeFile('/big', big);
    for (let i = 0; i < 50; i++) await first.paths.writeFile(`/file${i}`, `content ${i}`);
    await first.stop();
    const { paths, stop } = await cluster.connect('b');
    t.true((await paths.readFile('/big')).equals(big));
    t.is((await paths.readdir('/')).length, 51);
    for (let i = 0; i < 50; i++) t.is((await paths.readFile(`/file${i}`)).toString(), `content ${i}`);
    await stop();
  });
});

test('client: everything is killed after an fsync → what was synced is there', async (t) => {
  await tell(3, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.mkdir('/d');
    await paths.writeFile('/d/synced', Buffer.alloc(3 << 20, 7), { fsync: true });
    cluster.crashClient('a');
    for (const name of cluster.daemonNames) cluster.crash(name);
    await cluster.world.sleep(1_000);
    await cluster.settle();
    const again = await cluster.connect('b');
    t.true((await again.paths.readFile('/d/synced')).equals(Buffer.alloc(3 << 20, 7)));
  });
});

test('client: two clients take turns on one file → each reads what the other wrote', async (t) => {
  await tell(4, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.writeFile('/turns', 'a0');
    for (let round = 0; round < 5; round++) {
      t.is((await b.paths.readFile('/turns')).toString(), `a${round}`);
      await b.paths.writeFile('/turns', `b${round}`);
      t.is((await a.paths.stat('/turns')).size, `b${round}`.length);
      t.is((await a.paths.readFile('/turns')).toString(), `b${round}`);
      await a.paths.writeFile('/turns', `a${round + 1}`);
    }
    await a.paths.mkdir('/made-by-a');
    t.true(await b.paths.exists('/made-by-a'));
    await b.paths.rename('/turns', '/made-by-a/moved');
    t.false(await a.paths.exists('/turns'));
    t.is((await a.paths.readFile('/made-by-a/moved')).toString(), 'a5');
    await a.stop();
    await b.stop();
  });
});

test('client: both have a file open and write to it → every write is seen by the other at once', async (t) => {
  await tell(5, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const one = await a.paths.open('/shared', 'w+');
    await one.write('....................', 0);
    const two = await b.paths.open('/shared', 'r+');
    for (let round = 0; round < 10; round++) {
      await one.write(`a${round}`, round * 4);
      t.is((await two.read(2, round * 4)).toString(), `a${round}`);
      await two.write(`b${round}`, round * 4 + 2);
      t.is((await one.read(2, round * 4 + 2)).toString(), `b${round}`);
    }
    t.is((await one.stat()).size, 40);
    t.is((await two.stat()).size, 40);
    await one.close();
    await two.close();
    await a.stop();
    await b.stop();
  });
});

test('client: the MDS is killed and comes back → operations wait and finish, nothing is lost', async (t) => {
  await tell(6, async (cluster) => {
    const { paths, stop } = await cluster.connect('a');
    await paths.mkdir('/d');
    const work = (async () => {
      for (let i = 0; i < 200; i++) await paths.writeFile(`/d/f${i}`, `content ${i}`);
    })();
    for (let kill = 0; kill < 3; kill++) {
      await cluster.world.sleep(30);
      cluster.crash('mds.a');
      await cluster.world.sleep(500);
      await cluster.boot('mds.a');
    }
    await work;
    await paths.sync();
    const other = await cluster.connect('b');
    t.is((await other.paths.readdir('/d')).length, 200);
    for (let i = 0; i < 200; i += 7) t.is((await other.paths.readFile(`/d/f${i}`)).toString(), `content ${i}`);
    await stop();
    await other.stop();
  });
});

test('client: cut off until it is evicted → fsync reports the loss once, and the client goes on with a new session', async (t) => {
  await tell(
    7,
    async (cluster) => {
      const { world } = cluster;
      world.logs.expectError(/evicted before this was written|data not written/);
      const { paths } = await cluster.connect('a');
      const file = await paths.open('/mine', 'w');
      await file.write('dirty');
      // The MDS has heard of the file.
      await world.sleep(20);
      world.fabric.partition(['a'], ['mon.a', ...cluster.osdNames, 'mds.a']);
      const other = await cluster.connect('b');
      t.is((await other.paths.readFile('/mine')).length, 0);
      world.fabric.heal();
      await world.sleep(10_000);
      await t.throwsAsync(file.fsync(), { message: /evicted/ });
      await file.fsync();
      await file.close();
      await paths.writeFile('/mine', 'again');
      t.is((await other.paths.readFile('/mine')).toString(), 'again');
    },
    { mdsConfig: { sessionLeaseMs: 5_000 } },
  );
});

test('client: data is lost, copies of a descriptor are closed before the fsync → each close tells of it, and the fsync all the same', async (t) => {
  await tell(
    9,
    async (cluster) => {
      const { world } = cluster;
      world.logs.expectError(/evicted before this was written|data not written/);
      const { paths, filesystem } = await cluster.connect('a');
      const file = await paths.open('/mine', 'w');
      await file.fsync();
      await file.write('dirty');
      world.fabric.partition(['a'], ['mon.a', ...cluster.osdNames, 'mds.a']);
      const other = await cluster.connect('b');
      t.is((await other.paths.readFile('/mine')).length, 0);
      world.fabric.heal();
      await world.sleep(10_000);
      const close = (): Promise<string> => codeOf(() => filesystem.flush(file.handle, 'a child'));
      t.deepEqual([await close(), await close()], ['EIO', 'EIO']);
      t.deepEqual([await codeOf(() => file.fsync()), await codeOf(() => file.fsync())], ['EIO', 'done']);
      t.is(await close(), 'done');
      await file.close();
    },
    { mdsConfig: { sessionLeaseMs: 5_000 } },
  );
});

test('client: what the MDS had answered is lost with it, and the client evicted → fsync of file and folder report it', async (t) => {
  await tell(
    8,
    async (cluster) => {
      const { world } = cluster;
      world.logs.expectError(/evicted before this was written/);
      const { paths, filesystem } = await cluster.connect('a');
      const who = { uid: 0, gid: 0, groups: [], pid: 1 };
      const folder = await filesystem.openDirectory(who, filesystem.root, 0);
      const file = await paths.open('/made', 'w');
      await world.sleep(20);
      // Answered, and in no journal yet.
      world.fabric.partition(['a'], ['mon.a', ...cluster.osdNames, 'mds.a']);
      cluster.crash('mds.a');
      await world.sleep(1_000);
      await cluster.boot('mds.a');
      const other = await cluster.connect('b');
      t.deepEqual(await other.paths.readdir('/'), []);
      world.fabric.heal();
      await world.sleep(10_000);
      await t.throwsAsync(file.fsync(), { message: /evicted/ });
      await file.close();
      await t.throwsAsync(filesystem.fsyncDirectory(folder.handle), { message: /evicted/ });
      await filesystem.fsyncDirectory(folder.handle); // reported once
      await paths.writeFile('/made', 'again');
      t.is((await other.paths.readFile('/made')).toString(), 'again');
    },
    { mdsConfig: { sessionLeaseMs: 5_000, reconnectMs: 5_000, journalDelayMs: 1_000 } },
  );
});

test('client: written with O_DSYNC or O_SYNC, alone or beside others, then power fails everywhere → it is there', async (t) => {
  await tell(
    12,
    async (cluster) => {
      const { paths, filesystem } = await cluster.connect('a');
      const b = await cluster.connect('b');
      const who = { uid: 0, gid: 0, groups: [], pid: 1 };
      const names = ['alone', 'appended', 'shared', 'turns'];
      for (const name of names) await paths.writeFile(`/${name}`, '', { fsync: true });
      const others = [await b.paths.open('/shared', 'r+'), await b.paths.open('/turns', 'r+')];
      for (const [n, name] of names.entries()) {
        const { ino } = await paths.stat(`/${name}`);
        const flags = OpenFlag.writeOnly | OpenFlag.dataSync | (n % 2 === 1 ? OpenFlag.append : OpenFlag.sync);
        const { handle } = await filesystem.open(who, ino, flags);
        for (let at = 0; at < 15; at += 5) await filesystem.write(who, handle, at, Buffer.from('line\n'), { killSetId: false });
      }
      t.is(others.length, 2);
      for (const name of ['mds.a', ...cluster.osdNames]) cluster.crash(name, { machine: true });
      for (const client of ['a', 'b']) cluster.crashClient(client);
      await cluster.settle();
      const c = await cluster.connect('c');
      for (const name of names) t.is((await c.paths.readFile(`/${name}`)).toString(), 'line\nline\nline\n', name);
    },
    { mdsConfig: { journalDelayMs: 1_000 } },
  );
});
