import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { Prng } from '../../common/runtime/sim/prng.ts';
import type { Paths } from '../../fuse-client/client/paths.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from '../support/tell.ts';

const names = 3;
const steps = 60;
const clients = ['a', 'b', 'c'];
/** Longest time that a kernel takes to empty its cache of an inode or name. */
const kernelMsMax = 30;

/** One client's part: all kinds of things to a few names, as the others do. What they did first is no error; losing an open file is. */
async function churn(paths: Paths, random: Prng): Promise<void> {
  const path = (): string => `/file-${random.below(names)}`;
  const use = async (flags: string, act: (file: Awaited<ReturnType<Paths['open']>>) => Promise<unknown>): Promise<void> => {
    const file = await paths.open(path(), flags);
    try {
      await act(file);
    } catch (error) {
      throw new Error(`an open file failed: ${String(error)}`, { cause: error });
    } finally {
      await file.close();
    }
  };
  const actions: readonly (() => Promise<unknown>)[] = [
    () => use('w', (file) => file.write(Buffer.alloc(1 + random.below(20_000), 'x'))),
    () => use('a', (file) => file.write('y'.repeat(100))),
    () => use('r', (file) => file.read(30_000)),
    () =>
      use('r+', async (file) => {
        await file.write('z', random.below(5_000));
        await file.read(100, 0);
        await file.fsync();
      }),
    () => paths.unlink(path()),
    () => paths.rename(path(), path()),
    () => paths.truncate(path(), random.below(5_000)),
    () => paths.readdir('/'),
    () => paths.chmod(path(), 0o600 + random.below(8)),
  ];
  for (let i = 0; i < steps; i++) {
    try {
      await random.pick(actions)();
    } catch (error) {
      if (!(error instanceof FsError) || !['ENOENT', 'EEXIST'].includes(error.code)) throw error;
    }
  }
}

async function churnAll(cluster: SimCluster, seed: number): Promise<Paths[]> {
  const { world } = cluster;
  const all: Paths[] = [];
  for (const name of clients) {
    const { filesystem, paths } = await cluster.connect(name);
    const random = new Prng(`kernel ${name} ${seed}`);
    const sleep = (): Promise<void> => world.sleep(random.below(kernelMsMax));
    filesystem.setInvalidator({ invalidateInode: sleep, invalidateEntry: sleep });
    all.push(paths);
  }
  await Promise.all(all.flatMap((paths, i) => [0, 1].map((part) => churn(paths, new Prng(`churn ${i} ${part} ${seed}`)))));
  return all;
}

const seeds = process.env['CHURN_SEEDS']?.split(',').map(Number) ?? [1, 11, 24];
for (const seed of seeds) {
  test(`churn: everybody opens, unlinks, renames and cuts the same files (${seed}) → open files live on, all see the same`, async (t) => {
    await tell(seed, async (cluster) => {
      const [first, ...others] = await churnAll(cluster, seed);
      const look = async (paths: Paths): Promise<unknown> =>
        Promise.all((await paths.readdir('/')).sort().map(async (name) => [name, (await paths.readFile(`/${name}`)).toString('latin1')]));
      const seen = await look(first as Paths);
      for (const other of others) t.deepEqual(await look(other), seen);
    });
  });
}
