/**
 * Looks, at each step in which an MDS that followed the journal has taken its rank over, whether what it knows is what a replay of
 * the journal from its start gives, over what is on the OSDs' disks.
 * @module
 */
import type { Rank } from '../../mds/rank.ts';
import { differencesFromReplay } from '../support/replayed-state.ts';
import type { SimCluster } from './cluster.ts';
import { storedMetadata } from './stored-metadata.ts';

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
