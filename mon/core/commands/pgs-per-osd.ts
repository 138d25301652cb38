import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolInfo } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';

/** Copies of PGs that each OSD that is in holds on average; 0 while there is none. */
export function pgsPerOsd(pools: Iterable<Pick<PoolInfo, 'pgNum' | 'size'>>, osdsIn: number): number {
  let copies = 0;
  for (const { pgNum, size } of pools) copies += pgNum * size;
  return osdsIn === 0 ? 0 : copies / osdsIn;
}

/** Throws EINVAL when `pool`, as it is to be, brings more PGs than the OSDs should hold: each costs memory and work. */
export function checkPgsPerOsd({ draft, settings }: MonState, pool: PoolInfo): void {
  const osdsIn = [...draft.osds.values()].filter((osd) => osd.in).length;
  const pools = [...draft.pools.values()].filter(({ id }) => id !== pool.id);
  const each = pgsPerOsd([...pools, pool], osdsIn);
  if (each <= settings.pgsPerOsdMax) return;
  throw new FsError(
    'EINVAL',
    `pool ${pool.name} with ${pool.pgNum} PGs of ${pool.size} copies would make ${Math.ceil(each)} PG copies on each of ${osdsIn} OSDs, ` +
      `more than ${settings.pgsPerOsdMax}: take fewer PGs, add OSDs, or raise pgsPerOsdMax of the mon`,
  );
}
