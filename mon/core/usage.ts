/**
 * Space and objects, from the OSDs' reports.
 * @module
 */
import { weightOfOsd } from '../../common/crush/crush-edit.ts';
import type { PoolInfo } from '../../common/maps/cluster-map.ts';
import { type PoolId, parsePgId } from '../../common/maps/ids.ts';
import type { StatfsReply, StatfsRequest } from '../../common/wire/gen/messages.ts';
import { effectiveReweight } from '../../common/maps/placement.ts';
import type { MonState } from './state.ts';

export interface Usage {
  /** Of all OSDs that are up. */
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** Data and metadata of all copies, without the stores' own overhead. */
  readonly storedBytes: number;
  readonly objects: number;
}

export interface PoolUsage {
  readonly objects: number;
  /** Of one copy. */
  readonly bytes: number;
}

export function clusterUsage(state: MonState): Usage {
  let totalBytes = 0;
  let usedBytes = 0;
  let storedBytes = 0;
  for (const { stats } of state.osdReports.values()) {
    totalBytes += stats.totalBytes;
    usedBytes += stats.usedBytes;
    storedBytes += stats.storedBytes;
  }
  let objects = 0;
  for (const { objects: count } of poolUsages(state).values()) objects += count;
  return { totalBytes, usedBytes, freeBytes: Math.max(0, totalBytes - usedBytes), storedBytes, objects };
}

/** Usage of each pool, as the primaries of its PGs reported it. */
export function poolUsages(state: MonState): ReadonlyMap<PoolId, PoolUsage> {
  const usages = new Map<PoolId, { objects: number; bytes: number }>();
  for (const pool of state.map.pools.keys()) usages.set(pool, { objects: 0, bytes: 0 });
  for (const [id, { objects, bytes }] of state.pgReports) {
    const usage = usages.get(parsePgId(id)?.pool as PoolId);
    if (!usage) continue;
    usage.objects += objects;
    usage.bytes += bytes;
  }
  return usages;
}

/**
 * What a filesystem on `pool` has: its free space ends when the first OSD is full, that is refuses what takes space.
 * Pool 0: the one with most copies.
 */
export function statfs(state: MonState, request: StatfsRequest): StatfsReply {
  const pools = [...state.map.pools.values()].filter(({ id }) => request.pool === 0 || id === request.pool);
  const copies = Math.max(1, ...pools.map(({ size }) => size));
  const usages = poolUsages(state);
  const objects = pools.reduce((sum, { id }) => sum + (usages.get(id)?.objects ?? 0), 0);
  const usedBytes = Math.floor(clusterUsage(state).usedBytes / copies);
  const freeBytes = Math.floor(writableBytes(state) / copies);
  return { totalBytes: usedBytes + freeBytes, freeBytes, objects };
}

/** The largest pool of one copy that could still be written, spread by weight, until one OSD reaches the full ratio. */
function writableBytes(state: MonState): number {
  const shares = [...state.osdReports].flatMap(([id, { stats }]) => {
    const weight = weightOfOsd(state.map.crush, id) * effectiveReweight(state.map.osds.get(id));
    return weight > 0 && stats.totalBytes > 0
      ? [{ weight, freeBytes: Math.max(0, stats.totalBytes * state.map.fullRatios.full - stats.usedBytes) }]
      : [];
  });
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  return shares.length === 0 ? 0 : Math.min(...shares.map(({ weight, freeBytes }) => (freeBytes * total) / weight));
}

export function poolOf(state: MonState, name: string): PoolInfo | undefined {
  return [...state.map.pools.values()].find((pool) => pool.name === name);
}
