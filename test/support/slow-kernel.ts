/**
 * A client whose kernel takes its time to empty its caches.
 * @module
 */
import type { CacheInvalidator } from '../../fuse-client/vfs/filesystem.ts';
import type { SimCluster } from '../sim/cluster.ts';
import { tell } from './tell.ts';

export const kernelMs = 40;

/** Runs `story` in a cluster of its own, with a kernel that takes its time to empty its caches on client `a`. */
export async function tellSlowly(
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
