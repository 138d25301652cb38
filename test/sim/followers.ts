/**
 * Looks, at each step in which an MDS that followed the journal has taken its rank over, whether what it knows is what a replay of
 * the journal from its start gives, over what is on the OSDs' disks.
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { parsePgId } from '../../common/maps/ids.ts';
import { allPgs } from '../../common/maps/placement.ts';
import type { Rank } from '../../mds/rank.ts';
import type { MemoryObject } from '../../osd/store/memory-state.ts';
import type { MemoryImage } from '../../osd/store/memory.ts';
import { blockBytes } from '../../osd/store/transaction-check.ts';
import { differencesFromReplay, type StoredMetadata, type StoredPool } from '../support/replayed-state.ts';
import type { SimCluster } from './cluster.ts';

/** Fails the world at the step after which one differs. Returns how many take-overs have been looked at. */
export function watchFollowers(cluster: SimCluster): () => number {
  const following = new Map<string, Rank>();
  let looked = 0;
  const look = (name: string): void => {
    const rank = cluster.mds(name)?.rank;
    if (rank?.state === 'standby-replay') following.set(name, rank);
    else if (rank === undefined || rank !== following.get(name) || rank.state === 'stopped') following.delete(name);
    else if (rank.state !== 'replay') {
      following.delete(name);
      const { newestMap } = cluster;
      // Of others the replay of rank 0 says nothing.
      if (newestMap === undefined || rank.core.rank > 0) return;
      looked += 1;
      const [difference] = differencesFromReplay(rank.core, storedMetadata(newestMap, cluster.images));
      if (difference !== undefined) throw new Error(`${name} has taken over, and knows otherwise than the journal says: ${difference}`);
    }
  };
  if (cluster.mdsNames.length > 1) cluster.world.afterEachStep(() => cluster.mdsNames.forEach(look));
  return () => looked;
}

/** The metadata pool as it is on disk: of each object the newest copy that a member of its acting set has. */
function storedMetadata(map: ClusterMap, images: ReadonlyMap<string, MemoryImage>): StoredPool {
  const [filesystem] = map.filesystems;
  const newest = new Map<string, MemoryObject>();
  for (const { pgId, acting } of allPgs(map)) {
    if (parsePgId(pgId)?.pool !== filesystem?.metadataPool) continue;
    for (const id of acting) {
      for (const [name, object] of images.get(`osd.${id}`)?.state.collections.get(pgId)?.objects.entries() ?? []) {
        const known = newest.get(name)?.version;
        const { interval, counter } = object.version;
        if (known === undefined || interval > known.interval || (interval === known.interval && counter > known.counter))
          newest.set(name, object);
      }
    }
  }
  return new Map([...newest].map(([name, object]) => [name, contentsOf(object)]));
}

function contentsOf({ size, blocks, omap }: MemoryObject): StoredMetadata {
  const data = Buffer.alloc(size);
  for (const [index, block] of blocks) block.copy(data, index * blockBytes);
  return { data, omap: new Map(omap.entries()) };
}
