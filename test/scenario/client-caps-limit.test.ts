/**
 * One limit of what each client may hold (`clientCapsMax`): who holds more is asked for the rest, and gives it, also what only its kernel remembers.
 */
import test, { type ExecutionContext } from 'ava';
import { byteStringOf, printable, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { CacheInvalidator, Credentials, Entry } from '../../fuse-client/vfs/filesystem.ts';
import type { HealthCheck } from '../../mon/core/health.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const clientCapsMax = 64;
const mdsConfig = { clientCapsMax, writeBackIntervalMs: 100, lateGiveBackMs: 3_000 };

/** What a kernel remembers of names, and lets go of when it is asked to, in one of two ways. */
class NameCache {
  /** By inode: where it was looked up. */
  readonly known = new Map<Ino, { readonly parent: Ino; readonly name: string }>();
  /** Open in the kernel, or somebody's working directory. */
  readonly inUse = new Set<Ino>();
  readonly #client: ConnectedFilesystem;
  readonly #cluster: SimCluster;

  constructor(cluster: SimCluster, client: ConnectedFilesystem, prunes: boolean) {
    this.#client = client;
    this.#cluster = cluster;
    const byName: CacheInvalidator = {
      invalidateInode: () => Promise.resolve(),
      invalidateEntry: (parent, name) => {
        for (const [ino, place] of this.known) if (place.parent === parent && place.name === printable(name)) this.#forget(ino);
        return Promise.resolve();
      },
    };
    const prune = (inodes: readonly Ino[]): Promise<'asked'> => {
      for (const ino of inodes) if (!this.#isNeeded(ino)) this.#forget(ino);
      return Promise.resolve('asked');
    };
    client.filesystem.setInvalidator(prunes ? { ...byName, prune } : byName);
  }

  async look(parent: Ino, name: string): Promise<Ino> {
    const { filesystem } = this.#client;
    const { attributes } = (await filesystem.lookup(who, parent, byteStringOf(name) satisfies ByteString)) as Entry;
    if (this.known.has(attributes.ino)) filesystem.forget(attributes.ino, 1);
    this.known.set(attributes.ino, { parent, name });
    return attributes.ino;
  }

  #isNeeded(ino: Ino): boolean {
    return this.inUse.has(ino) || [...this.known.values()].some(({ parent }) => parent === ino);
  }

  /** References come back as requests of their own. */
  #forget(ino: Ino): void {
    if (this.inUse.has(ino) || !this.known.delete(ino)) return;
    void this.#cluster.world.sleep(2).then(() => this.#client.filesystem.forget(ino, 1));
  }
}

function heldOf(cluster: SimCluster, mds: string, name: string): number {
  const sessions = [...(cluster.mds(mds)?.rank?.core.sessions.values() ?? [])];
  return sessions.find((session) => session.name === name)?.caps.size ?? 0;
}

async function isWarned(cluster: SimCluster): Promise<boolean> {
  const { checks } = await cluster.command<{ checks: Partial<Record<string, HealthCheck>> }>({ prefix: 'health' });
  return checks['MDS_CLIENT_RECALL'] !== undefined;
}

/** `/dir` with so many files, and `/dir/sub-N` with one file each, made by a client that has left. */
async function makeTree(cluster: SimCluster, files: number, directories: number): Promise<void> {
  const { paths, stop } = await cluster.connect('maker');
  await paths.mkdir('/dir');
  for (let n = 0; n < files; n++) await paths.writeFile(`/dir/file-${n}`, `${n}`);
  for (let n = 0; n < directories; n++) {
    await paths.mkdir(`/dir/sub-${n}`);
    await paths.writeFile(`/dir/sub-${n}/only`, `${n}`);
  }
  await stop();
  cluster.clients.delete('maker');
}

for (const prunes of [true, false]) {
  test(`limit: the kernel remembers more than the client may hold → it is asked to let go ${prunes ? 'of inodes' : 'by name'}; what is in use stays`, async (t) => {
    await tell(
      prunes ? 'prunes' : 'by name',
      async (cluster) => {
        await makeTree(cluster, 300, 0);
        const a = await cluster.connect('a');
        const kernel = new NameCache(cluster, a, prunes);
        const directory = await kernel.look(a.filesystem.root, 'dir');
        kernel.inUse.add(directory);
        for (let n = 0; n < 300; n++) {
          const ino = await kernel.look(directory, `file-${n}`);
          if (n % 30 === 0) kernel.inUse.add(ino);
        }
        await cluster.world.sleep(2_000);
        t.true(heldOf(cluster, 'mds.a', 'client.a') <= clientCapsMax, `${heldOf(cluster, 'mds.a', 'client.a')} held`);
        t.true(heldOf(cluster, 'mds.a', 'client.a') >= kernel.inUse.size, 'no more than it was asked for');
        for (const ino of kernel.inUse) t.true(kernel.known.has(ino));
        await cluster.world.sleep(5_000);
        t.false(await isWarned(cluster));
        for (let n = 0; n < 300; n++) t.is((await a.paths.readFile(`/dir/file-${n}`)).toString(), `${n}`);
      },
      { mdsConfig },
    );
  });
}

test('limit: it is directories that the kernel remembers → they go from below, but for those that somebody is in', async (t) => {
  await tell(
    'directories',
    async (cluster) => {
      await makeTree(cluster, 0, 150);
      const a = await cluster.connect('a');
      const kernel = new NameCache(cluster, a, true);
      const directory = await kernel.look(a.filesystem.root, 'dir');
      for (let n = 0; n < 150; n++) {
        const below = await kernel.look(directory, `sub-${n}`);
        await kernel.look(below, 'only');
        if (n === 3) kernel.inUse.add(below);
      }
      await cluster.world.sleep(3_000);
      t.true(heldOf(cluster, 'mds.a', 'client.a') <= clientCapsMax, `${heldOf(cluster, 'mds.a', 'client.a')} held`);
      t.true([...kernel.inUse].every((ino) => kernel.known.has(ino)));
      t.is((await a.paths.readdir('/dir')).length, 150);
    },
    { mdsConfig },
  );
});

test('limit: a client walks through more than it may hold, again and again → it keeps to it, and nobody is warned of it', async (t) => {
  await tell(
    'walks',
    async (cluster) => {
      await makeTree(cluster, 400, 0);
      const a = await cluster.connect('a');
      let most = 0;
      for (let round = 0; round < 20; round++) {
        for (let n = 0; n < 400; n++) {
          await a.paths.stat(`/dir/file-${n}`);
          if (n % 40 === 0) await cluster.world.sleep(100);
          most = Math.max(most, heldOf(cluster, 'mds.a', 'client.a'));
        }
        t.false(await isWarned(cluster));
      }
      // What it finds between two looks at it.
      t.true(most <= 4 * clientCapsMax, `${most} held`);
      await cluster.world.sleep(1_000);
      t.true(heldOf(cluster, 'mds.a', 'client.a') <= clientCapsMax);
    },
    { mdsConfig },
  );
});

test('limit: of two ranks one is at its limit → what is held of the other stays', async (t) => {
  await tell(
    'two ranks',
    async (cluster) => {
      await cluster.command({ prefix: 'fs set', maxMds: 2 });
      const a = await cluster.connect('a');
      await a.paths.mkdir('/near');
      await a.paths.mkdir('/far');
      await a.paths.setXattr('/far', 'ceph.dir.pin', '1');
      while ((await a.paths.getXattr('/far', 'nacre.dir.rank')).toString() !== '1') await cluster.world.sleep(100);
      const far = [...(await cluster.map()).mdss.values()].find(({ rank, state }) => rank === 1 && state === 'active')?.name ?? '';
      const near = [...(await cluster.map()).mdss.values()].find(({ rank, state }) => rank === 0 && state === 'active')?.name ?? '';
      for (let n = 0; n < 50; n++) await a.paths.writeFile(`/near/${n}`, 'x', { fsync: true });
      const before = heldOf(cluster, near, 'client.a');
      for (let n = 0; n < 200; n++) await a.paths.writeFile(`/far/${n}`, 'x', { fsync: true });
      // What was written is given back when all of it has been told.
      await cluster.world.sleep(8_000);
      t.true(heldOf(cluster, far, 'client.a') <= clientCapsMax, `${heldOf(cluster, far, 'client.a')} held of rank 1`);
      t.true(heldOf(cluster, near, 'client.a') >= before, `${heldOf(cluster, near, 'client.a')} of ${before} held of rank 0`);
      t.false(await isWarned(cluster));
    },
    { mds: ['a', 'b'], mdsConfig },
  );
});

test('memory: it is short, and who holds most has all of it open → others give instead; it alone is in the health', async (t) => {
  const limits = { cacheEntriesMax: 60, clientCapsMin: 10, writeBackMs: 200, writeBackIntervalMs: 100, lateGiveBackMs: 3_000 };
  await tell(
    'pinned',
    async (cluster) => {
      await makeTree(cluster, 200, 0);
      const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
      const files = [];
      for (let n = 0; n < 100; n++) files.push(await a.paths.open(`/dir/file-${n}`, 'r'));
      for (let n = 100; n < 190; n++) await b.paths.stat(`/dir/file-${n}`);
      const others = (): number => heldOf(cluster, 'mds.a', 'client.b');
      await warned(t, cluster, true);
      // Others are asked when it has not given for a while.
      await cluster.world.sleep(4_000);
      t.true(others() < 40, `${others()} held by who has nothing open`);
      const { checks } = await cluster.command<{ checks: Partial<Record<string, HealthCheck>> }>({ prefix: 'health' });
      t.deepEqual(
        checks['MDS_CLIENT_RECALL']?.clients?.map(({ client }) => client),
        ['client.a'],
      );
      for (const file of files) await file.close();
      await warned(t, cluster, false);
    },
    { mdsConfig: limits },
  );
});

async function warned(t: ExecutionContext, cluster: SimCluster, expected: boolean): Promise<void> {
  for (let seconds = 0; (await isWarned(cluster)) !== expected && seconds < 20; seconds++) await cluster.world.sleep(1_000);
  t.is(await isWarned(cluster), expected);
}
