/**
 * Looks, after every step of an MDS, whether two ranks that serve have the same inode in memory: two that decide about one would make two
 * filesystems of it.
 * @module
 */
import { isSystemDirectory } from '../../mds/core/inode.ts';
import type { Rank } from '../../mds/rank.ts';
import type { SimCluster } from './cluster.ts';

/** Looks at the same two again after so many steps: all that they have is compared. */
const everySteps = 50;

/** Fails the cluster's world soon after two ranks have the same inode. Returns how often two were compared. */
export function watchRanks(cluster: SimCluster): () => number {
  let steps = 0;
  let looked = 0;
  cluster.world.afterEachStep((label) => {
    if (!label.startsWith('mds.') || steps++ % everySteps !== 0) return;
    const serving = cluster.mdsNames.flatMap((name) => {
      const rank = cluster.mds(name)?.rank;
      return rank !== undefined && holdsByTheMap(cluster, name, rank) ? [{ name, rank }] : [];
    });
    for (const [i, one] of serving.entries())
      for (const other of serving.slice(i + 1)) {
        if (one.rank.core.rank === other.rank.core.rank) continue;
        looked++;
        const ino = shared(one.rank, other.rank);
        if (ino !== undefined) throw new Error(`${one.name} and ${other.name} both have inode ${ino.toString(16)}`);
      }
  });
  return () => looked;
}

/** What a life has that has lost its rank, and does not know it yet, counts no more. */
function holdsByTheMap({ newestMap }: SimCluster, name: string, { state, core }: Rank): boolean {
  const known = newestMap?.mdss.get(name as never);
  return state === 'active' && known?.state === 'active' && known.rank === core.rank;
}

function shared({ core: { cache: a } }: Rank, { core: { cache: b } }: Rank): number | undefined {
  const [fewer, more] = a.inodes.size <= b.inodes.size ? [a.inodes, b.inodes] : [b.inodes, a.inodes];
  for (const ino of fewer.keys()) if (!isSystemDirectory(ino) && more.has(ino)) return ino;
  return undefined;
}
