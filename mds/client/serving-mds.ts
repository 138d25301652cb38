import type { ClusterMap, MdsInfo } from '../../common/maps/cluster-map.ts';

/** Who answers sessions of that rank, also while it waits for those of the life before; undefined: nobody just now. */
export function servingMds({ mdss }: Pick<ClusterMap, 'mdss'>, rank: number): MdsInfo | undefined {
  for (const mds of mdss.values()) if (mds.rank === rank && (mds.state === 'active' || mds.state === 'reconnect')) return mds;
  return undefined;
}
