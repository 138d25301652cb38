/** What applications see of an eviction of their host: what was lost is told, all else waits for the new session and goes on. */
import test from 'ava';
import { byteStringOf } from '../../common/maps/ids.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import { LockType, wholeFile } from '../../mds/client/index.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { codeOf } from '../support/code-of.ts';
import { tell } from '../support/tell.ts';

const who = { uid: 0, gid: 0, groups: [], pid: 1 };
const shortLease = { mdsConfig: { sessionLeaseMs: 2_000, reconnectMs: 2_000 } };

/** One of each kind, none of which needs anything that the session before had. */
async function callsOf({ paths, filesystem }: ConnectedFilesystem): Promise<Record<string, () => unknown>> {
  await paths.mkdir('/d');
  for (const name of ['read', 'held', 'removed', 'moved', 'linked', 'cut', 'punched', 'copied', 'appended', 'locked'])
    await paths.writeFile(`/d/${name}`, name, { fsync: true });
  await paths.sync();
  const [held, punched, copied, appended, locked] = await Promise.all(
    (['held', 'punched', 'copied', 'appended', 'locked'] as const).map((name) =>
      paths.open(`/d/${name}`, name === 'appended' ? 'a' : 'r+'),
    ),
  );
  const lock = { flock: false, owner: 'process', pid: 1, type: LockType.write, wait: true, ...wholeFile };
  return {
    stat: () => paths.stat('/d/read'),
    readdir: () => paths.readdir('/d'),
    read: () => paths.readFile('/d/read'),
    'read an open file': () => held?.read(9, 0),
    write: () => held?.write('HELD', 0),
    append: () => appended?.write(' more'),
    fsync: () => held?.fsync(),
    create: () => paths.writeFile('/d/made', 'made', { flag: 'wx' }),
    mkdir: () => paths.mkdir('/d/folder'),
    symlink: () => paths.symlink('target', '/d/symlink'),
    unlink: () => paths.unlink('/d/removed'),
    rename: () => paths.rename('/d/moved', '/d/renamed'),
    link: () => paths.link('/d/linked', '/d/second'),
    chmod: () => paths.chmod('/d/read', 0o600),
    truncate: () => paths.truncate('/d/cut', 1),
    'open with O_TRUNC': () => paths.writeFile('/d/cut', 'anew'),
    fallocate: () => punched?.allocate(3, 0, 3),
    seek: () => copied?.seek(0, 3),
    copy: () => copied?.copyRange(0, punched as never, 0, 3),
    'set an xattr': () => paths.setXattr('/d/read', 'user.x', 'y'),
    'get an xattr': () => paths.getXattr('/d', 'nacre.dir.entries'),
    statfs: () => paths.statfs('/d'),
    lock: () => locked && filesystem.setLock(locked.handle, lock),
    'fsync of a directory': () => paths.fsyncDirectory('/d'),
  };
}

const lost = (cluster: SimCluster): number => cluster.world.logs.matching(/^session lost/).length;

for (const [seed, when] of [
  [1, 'while it is cut off, until it hears of it'],
  [2, 'when it has heard of it, and no MDS is there'],
] as const) {
  test(`a host is evicted: calls that begin ${when} → each waits for the new session and goes on, as if nothing had been`, async (t) => {
    await tell(
      seed,
      async (cluster) => {
        const { world } = cluster;
        const a = await cluster.connect('a');
        const b = await cluster.connect('b');
        const calls = await callsOf(a);
        world.fabric.partition(['a'], cluster.daemonNames);
        // Its connection is known to be gone: nothing goes out that might be carried out, and whose answer would be lost.
        while (world.logs.matching(/^session interrupted/).length === 0) await world.sleep(100);
        await b.paths.writeFile('/d/read', 'of b');
        let codes: Promise<readonly (readonly [string, string])[]> | undefined;
        const begin = (): void => {
          codes = Promise.all(Object.entries(calls).map(async ([name, call]) => [name, await codeOf(call)] as const));
        };
        if (seed === 1) begin();
        world.fabric.heal();
        while (lost(cluster) === 0) await world.sleep(0.1);
        if (seed === 2) {
          cluster.crash('mds.a');
          begin();
          await world.sleep(1_500);
          await cluster.boot('mds.a');
        }
        t.deepEqual(
          await codes,
          Object.keys(calls).map((name) => [name, 'done']),
        );
        const names = ['appended', 'copied', 'cut', 'folder', 'held', 'linked', 'locked', 'made', 'punched', 'read', 'renamed', 'second'];
        t.deepEqual((await b.paths.readdir('/d')).sort(), [...names, 'symlink']);
        t.is((await b.paths.readFile('/d/held')).toString(), 'HELD');
        t.is((await b.paths.readFile('/d/appended')).toString(), 'appended more');
        t.is((await b.paths.readFile('/d/made')).toString(), 'made');
        t.is((await b.paths.readFile('/d/read')).toString(), 'of b');
        t.is((await b.paths.stat('/d/read')).mode & 0o7777, 0o600);
      },
      shortLease,
    );
  });
}

test('a host is evicted before an answer comes → what changed something says so, as nobody knows whether it was done; what only looks goes on', async (t) => {
  await tell(
    3,
    async (cluster) => {
      const { world } = cluster;
      const a = await cluster.connect('a');
      const b = await cluster.connect('b');
      await a.paths.mkdir('/d');
      // Used by both: nothing in it is changed ahead.
      await a.paths.writeFile('/d/of-a', 'a', { fsync: true });
      await b.paths.writeFile('/d/of-b', 'b', { fsync: true });
      const entry = await a.paths.open('/d/of-b');
      world.fabric.partition(['a'], cluster.daemonNames);
      const made = codeOf(() => a.filesystem.makeDirectory(who, a.filesystem.root, byteStringOf('made'), 0o755, 0));
      const seen = codeOf(() => a.paths.readFile('/d/of-b'));
      t.deepEqual((await b.paths.readdir('/d')).sort(), ['of-a', 'of-b']);
      await b.paths.unlink('/d/of-a');
      await b.paths.writeFile('/d/of-b', 'B');
      t.is(world.logs.matching(/^evicting a client/).length, 1);
      world.fabric.heal();
      t.deepEqual([await made, await seen], ['ESHUTDOWN', 'done']);
      t.is((await entry.read(9, 0)).toString(), 'B');
      t.deepEqual(await a.paths.readdir('/d'), ['of-b']);
      t.deepEqual(await a.paths.readdir('/'), ['d']);
      await a.paths.mkdir('/made');
    },
    shortLease,
  );
});
