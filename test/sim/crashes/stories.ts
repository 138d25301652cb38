/**
 * What clients do while an MDS dies at every point of it: {@link tellWithDeaths}.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { ConnectedFilesystem } from '../../../fuse-client/client/index.ts';
import type { LockWish } from '../../../fuse-client/vfs/filesystem.ts';
import { LockType, wholeFile } from '../../../mds/client/index.ts';
import { lossTold, orLost } from '../exile.ts';
import { Leavings } from '../leavings.ts';
import { Paths as SimPaths } from '../paths.ts';
import type { CrashStory } from './crash-points.ts';

/** Path, and what is there: names of a directory, content of a file with its links, mode and owner. */
type Tree = Readonly<Record<string, string>>;

const namesOfTwo: CrashStory = {
  name: 'names of two clients',
  tell: async (cluster, begin) => {
    const a = (await cluster.connect('a')).paths;
    const b = (await cluster.connect('b')).paths;
    begin();
    await a.mkdir('/d');
    const one = await a.open('/d/one', 'wx+');
    await one.write('first');
    await Promise.all([one.fsync(), b.writeFile('/d/two', 'second')]);
    await b.rename('/d/two', '/d/three');
    await a.link('/d/one', '/d/again');
    await Promise.all([b.unlink('/d/one'), a.mkdir('/d/sub')]);
    await a.chmod('/d/three', 0o600);
    await b.chown('/d/again', 7, 8);
    await one.write('FIRST and more', 0);
    expect('what b reads', (await b.readFile('/d/again')).toString(), 'FIRST and more');
    await b.truncate('/d/again', 5);
    expect('what a reads', (await one.read(100, 0)).toString(), 'FIRST');
    await b.rename('/d/again', '/d/sub/moved');
    const gone = await b.open('/d/three', 'r+');
    await a.rename('/d/sub/moved', '/d/three');
    await gone.write('of no name', 0);
    await gone.fsync();
    await a.fsyncDirectory('/d');
    await expectRefusal('EEXIST', () => b.mkdir('/d/sub'));
    await expectRefusal('ENOENT', () => a.unlink('/d/one'));
    await b.rmdir('/d/sub');
    await Promise.all([gone.close(), a.symlink('three', '/d/link')]);
    await one.close();
    const tree: Tree = { '/': 'd', '/d': 'link three', '/d/three': 'FIRST 1 644 7:8', '/d/link': '-> three' };
    for (const paths of [a, b]) await expectTree(paths, tree);
    return ({ paths }) => expectTree(paths, tree);
  },
};

/** A client dies as it writes, without having told of all; the next one looks. */
function deadWriter(how: 'killed' | 'cut off'): CrashStory {
  return {
    name: `a writer that is ${how}`,
    tell: async (cluster, begin) => {
      const { world } = cluster;
      world.logs.expectError(lossTold, 'writer');
      const heir = new SimPaths((await cluster.connect('heir')).filesystem);
      const { filesystem } = await cluster.connect('writer');
      const writer = new SimPaths(filesystem);
      const leavings = new Leavings(world.fork('leavings'));
      await leavings.setup(writer);
      for (let writes = 0; writes < 6; writes++) await leavings.step(writer);
      begin();
      const last = orLost(leavings.step(writer));
      await world.sleep(1);
      if (how === 'killed') cluster.crashClient('writer');
      else world.fabric.partition(['writer'], ['mon.a', ...cluster.mdsNames]);
      leavings.died();
      await leavings.check(heir);
      if (how === 'cut off') {
        world.fabric.heal();
        await last;
        await orLost(filesystem.syncAll());
        leavings.died();
        await leavings.check(heir);
      }
      return async (late) => leavings.check(new SimPaths(late.filesystem));
    },
  };
}

const locksOfThree: CrashStory = {
  name: 'file locks of three clients',
  tell: async (cluster, begin) => {
    const clients = await Promise.all(['a', 'b', 'c'].map((name) => cluster.connect(name)));
    const [a, b, c] = clients as [ConnectedFilesystem, ConnectedFilesystem, ConnectedFilesystem];
    await a.paths.writeFile('/file', 'x');
    const files = await Promise.all(clients.map(({ paths }) => paths.open('/file', 'r+')));
    const set = async (client: ConnectedFilesystem, wish: Partial<LockWish>): Promise<void> => {
      const { handle } = files[clients.indexOf(client)] as (typeof files)[number];
      await client.filesystem.setLock(handle, {
        flock: false,
        owner: 'p',
        pid: 1,
        type: LockType.write,
        wait: true,
        ...wholeFile,
        ...wish,
      });
    };
    const order: string[] = [];
    begin();
    await set(a, { start: 0n, end: 9n });
    await set(b, { start: 10n, end: 19n });
    const cWaits = set(c, {}).then(() => order.push('c'));
    await set(a, { flock: true, type: LockType.read });
    await set(b, { flock: true, type: LockType.read });
    await expectRefusal('EAGAIN', () => set(c, { flock: true, wait: false }));
    await set(a, { start: 0n, end: 4n, type: LockType.none });
    await set(b, { type: LockType.none });
    order.push('a lets go');
    await set(a, { type: LockType.none });
    await cWaits;
    const aWaits = set(a, { type: LockType.read }).then(() => order.push('a'));
    await set(c, { type: LockType.none });
    await aWaits;
    expect('who has had the lock', order.join(', '), 'a lets go, c, a');
    for (const client of [a, b]) for (const flock of [false, true]) await set(client, { flock, type: LockType.none });
    for (const flock of [false, true]) await set(c, { flock, wait: false });
    await Promise.all(files.map((file) => file.close()));
    return async ({ paths, filesystem }) => {
      const file = await paths.open('/file', 'r+');
      for (const flock of [false, true])
        await filesystem.setLock(file.handle, { flock, owner: 'p', pid: 1, type: LockType.write, wait: false, ...wholeFile });
      await file.close();
    };
  },
};

export const crashStories: readonly CrashStory[] = [namesOfTwo, deadWriter('killed'), deadWriter('cut off'), locksOfThree];

async function expectTree(paths: ConnectedFilesystem['paths'], tree: Tree): Promise<void> {
  const found: Record<string, string> = {};
  const walk = async (path: string): Promise<void> => {
    const names = (await paths.readdir(path)).sort();
    found[path] = names.join(' ');
    for (const name of names) {
      const below = path === '/' ? `/${name}` : `${path}/${name}`;
      const { mode, nlink, uid, gid } = await paths.lstat(below);
      const type = mode & 0o170000;
      if (type === 0o040000) await walk(below);
      else if (type === 0o120000) found[below] = `-> ${await paths.readlink(below)}`;
      else found[below] = `${(await paths.readFile(below)).toString()} ${nlink} ${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
    }
  };
  await walk('/');
  expect('the tree', shown(found), shown(tree));
}

function shown(tree: Tree): string {
  return Object.entries(tree)
    .map(([path, what]) => `${path}: ${what}`)
    .sort()
    .join('; ');
}

async function expectRefusal(code: string, call: () => Promise<unknown>): Promise<void> {
  const found = await call().then(
    () => 'done',
    (error: unknown) => (error instanceof FsError ? error.code : String(error)),
  );
  expect('how a call ends', found, code);
}

function expect(what: string, found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}
