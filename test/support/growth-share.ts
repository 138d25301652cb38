/**
 * How much of the data moves when an OSD is added, by our own CRUSH.
 * @module
 */
import { addOsd, moveHost, newCrushMap } from '../../common/crush/crush-edit.ts';
import type { CrushMap } from '../../common/crush/crush-map.ts';
import type { ClusterMap, OsdInfo, PoolInfo } from '../../common/maps/cluster-map.ts';
import { emptyMap } from '../../common/maps/empty-map.ts';
import { epoch, instanceId, osdId, poolId } from '../../common/maps/ids.ts';
import { rawPlacement } from '../../common/maps/placement.ts';

export interface GrowthShape {
  readonly failureDomain: 'osd' | 'host' | 'rack';
  readonly osdsPerHost: number;
  /** Hosts are spread over so many racks in turn; 0: no racks. */
  readonly racks: number;
  readonly size: number;
  readonly pgNum: number;
}

export interface GrowthShare {
  /** Of all copies, those that CRUSH puts on the new OSD: what must move at least. */
  readonly toNew: number;
  /** Of all copies, those that are somewhere they were not before. */
  readonly moved: number;
  /** What it would be with even weights: 1 / (N + 1). */
  readonly even: number;
}

/** From `count` OSDs of equal weight to one more. */
export function growthShare(count: number, shape: GrowthShape): GrowthShare {
  const before = mapOf(treeOf(count, shape), shape);
  const after = mapOf(treeOf(count + 1, shape), shape);
  const pool = before.pools.get(poolId(1)) as PoolInfo;
  let toNew = 0;
  let moved = 0;
  let copies = 0;
  for (let seq = 0; seq < shape.pgNum; seq++) {
    const old = new Set(rawPlacement(before, pool, seq));
    for (const osd of rawPlacement(after, pool, seq)) {
      copies += 1;
      toNew += Number(osd === count);
      moved += Number(!old.has(osd));
    }
  }
  return { toNew: toNew / copies, moved: moved / copies, even: 1 / (count + 1) };
}

function treeOf(count: number, { osdsPerHost, racks }: GrowthShape): CrushMap {
  let crush = newCrushMap();
  for (let id = 0; id < count; id++) {
    const hostNumber = Math.floor(id / osdsPerHost);
    const host = `host${hostNumber}`;
    const isNewHost = id % osdsPerHost === 0;
    crush = addOsd(crush, id, host, 0x10000);
    if (isNewHost && racks > 0) crush = moveHost(crush, host, `rack${hostNumber % racks}`);
  }
  return crush;
}

function mapOf(crush: CrushMap, { size, pgNum, failureDomain }: GrowthShape): ClusterMap {
  const osds = crush.buckets.flatMap(({ items }) => items.filter(({ id }) => id >= 0).map(({ id }) => osdInfo(id)));
  const pool = { id: poolId(1), name: 'p', size, minSize: 1, pgNum, rule: `replicated_${failureDomain}` };
  return {
    ...emptyMap('f'),
    epoch: epoch(1),
    crush,
    osds: new Map(osds.map((osd) => [osd.id, osd])),
    pools: new Map([[pool.id, pool]]),
  };
}

function osdInfo(id: number): OsdInfo {
  return {
    id: osdId(id),
    uuid: '',
    address: '',
    host: '',
    up: true,
    in: true,
    autoOut: false,
    fullness: 'roomy',
    reweight: 0x10000,
    instance: instanceId(1),
    upFrom: epoch(1),
    downAt: epoch(0),
  };
}
