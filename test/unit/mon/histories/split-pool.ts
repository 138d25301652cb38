/**
 * The one pool of a {@link World} that is split: in which of its PGs a write is, was and will be.
 * @module
 */
import type { ClusterMap } from '../../../../common/maps/cluster-map.ts';
import { type PgId, type PoolId, parsePgId, pgId, poolId } from '../../../../common/maps/ids.ts';
import { stableMod } from '../../../../common/maps/object-hash.ts';
import { splitParent } from '../../../../common/maps/pg-split.ts';

/** Its number. */
export const splitPool = poolId(1);

/** Of the pool that is split; 0 before it was made. */
export function pgNumOf(map: ClusterMap): number {
  return map.pools.get(splitPool)?.pgNum ?? 0;
}

/** The PG of a write that was in `pg` once. */
export function pgNow(map: ClusterMap, pg: PgId, write: number): PgId {
  return poolOf(pg) === splitPool ? pgId(splitPool, stableMod(Math.imul(write, 0x9e3779b1) >>> 0, pgNumOf(map))) : pg;
}

/** The PG that `pg` was when the pool that is split had `pgNum`. */
export function pgBefore(pg: PgId, pgNum: number): PgId {
  const { pool, seq } = parsePgId(pg) as { pool: PoolId; seq: number };
  return pool === splitPool && pgNum > 0 ? pgId(pool, splitParent(seq, pgNum)) : pg;
}

export function poolOf(pg: PgId): PoolId | undefined {
  return parsePgId(pg)?.pool;
}

/** What was of the PGs of `before` is of those of `after`. */
export function splitSets(sets: Map<PgId, Set<number>>, before: ClusterMap, after: ClusterMap): void {
  if (pgNumOf(before) === pgNumOf(after)) return;
  for (const [pg, writes] of [...sets]) {
    if (poolOf(pg) !== splitPool) continue;
    sets.delete(pg);
    for (const write of writes) setOf(sets, pgNow(after, pg, write)).add(write);
  }
}

export function setOf<K>(sets: Map<K, Set<number>>, key: K): Set<number> {
  let set = sets.get(key);
  if (!set) sets.set(key, (set = new Set()));
  return set;
}
