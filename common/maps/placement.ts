/**
 * Where things are by a cluster map: object → PG → OSDs. Pure, and remembered per map value, so that looking
 * up a known PG costs two array accesses.
 * @module
 */
import { placeReplicas } from '../crush/crush-rule.ts';
import { crushHash2 } from '../crush/hash.ts';
import type { ClusterMap, OsdInfo, PgRecord, PoolInfo } from './cluster-map.ts';
import { type Epoch, type OsdId, type PgId, type PoolId, epoch, parsePgId, pgId } from './ids.ts';
import { objectHash, stableMod } from './object-hash.ts';

/** Who holds a PG. */
export interface PgMapping {
  readonly pgId: PgId;
  /** What CRUSH proposes, without those that are down. */
  readonly up: readonly OsdId[];
  readonly upPrimary: OsdId | undefined;
  /** Who serves it (DESIGN §4), primary first. */
  readonly acting: readonly OsdId[];
  /** Members to come. See {@link candidatesOf}. */
  readonly candidates: readonly OsdId[];
  /** First of `acting`; undefined while not all of it is up: the PG is down. */
  readonly primary: OsdId | undefined;
  readonly interval: Epoch;
  /** As in its record. */
  readonly lostAt: Epoch;
}

/** The PG of `pool` that holds `objectName`: its number below pg_num. */
export function pgOfObject(pool: PoolInfo, objectName: string): number {
  return stableMod(objectHash(objectName), pool.pgNum);
}

/** Mapping of PG `seq` of `pool`; undefined when the map has no such pool or PG. */
export function pgMappingAt(map: ClusterMap, pool: PoolId, seq: number): PgMapping | undefined {
  const { mappings } = placementOf(map);
  const known = mappings.get(pool)?.[seq];
  return known ?? makeMapping(map, pool, seq);
}

/** Mapping of a PG by its name; undefined when the map has no such pool or PG. */
export function pgMapping(map: ClusterMap, pg: PgId): PgMapping | undefined {
  const parsed = parsePgId(pg);
  return parsed && pgMappingAt(map, parsed.pool, parsed.seq);
}

/**
 * Whom the primary is to bring up to date, so that they may act too: who is in `up`, and, while the PG has too few members to
 * take writes, who left it with all that was acknowledged (`former`, `current`) and is back, wherever CRUSH wants the PG now.
 */
export function candidatesOf(
  osds: ClusterMap['osds'],
  up: readonly OsdId[],
  { acting, former }: Pick<PgRecord, 'acting' | 'former'>,
): readonly OsdId[] {
  const isBack = (osd: OsdId): boolean => osds.get(osd)?.up === true && !up.includes(osd);
  const back = former.filter(({ osd, current }) => current && isBack(osd)).map(({ osd }) => osd);
  return [...up, ...back].filter((osd) => !acting.includes(osd));
}

/** All PGs of the map, by pool and number. */
export function* allPgs(map: ClusterMap): Generator<PgMapping> {
  for (const pool of map.pools.values()) {
    for (let seq = 0; seq < pool.pgNum; seq++) {
      const mapping = pgMappingAt(map, pool.id, seq);
      if (mapping) yield mapping;
    }
  }
}

/** The share of its PGs that an OSD keeps: 0 when it is out, 16.16 fixed point. */
export function effectiveReweight(osd: OsdInfo | undefined): number {
  return osd?.in ? osd.reweight : 0;
}

/** The OSDs that CRUSH gives PG `seq`, down ones included. */
export function rawPlacement(map: ClusterMap, pool: PoolInfo, seq: number): readonly OsdId[] {
  const rows = rawRows(map, pool.id);
  // The pool's number is mixed in so that PGs of equal number in different pools go to different OSDs.
  return (rows[seq] ??= placeReplicas(map.crush, pool.rule, crushHash2(stableMod(seq, pool.pgNum), pool.id), pool.size, (osd) =>
    effectiveReweight(map.osds.get(osd as OsdId)),
  ));
}

/** Whether each PG is served, and takes writes, as far as a map says that: pausing aside, and the moments in which members agree. */
export function isAvailable(map: ClusterMap): boolean {
  const placement = placementOf(map);
  return (placement.available ??= [...map.pools.values()].every((pool) => isPoolAvailable(map, pool)));
}

function isPoolAvailable(map: ClusterMap, { id, pgNum, minSize }: PoolInfo): boolean {
  for (let seq = 0; seq < pgNum; seq++) {
    const mapping = pgMappingAt(map, id, seq);
    if (mapping?.primary === undefined || mapping.acting.length < minSize) return false;
  }
  return true;
}

interface Placement {
  readonly mappings: Map<PoolId, (PgMapping | undefined)[]>;
  /** Of {@link isAvailable}; undefined: nobody has asked. */
  available?: boolean;
}

/** CRUSH's answers; they outlive the map value while what they follow from stays the same. */
interface RawPlacement {
  readonly crush: ClusterMap['crush'];
  readonly pools: ClusterMap['pools'];
  readonly osds: ClusterMap['osds'];
  readonly rows: Map<PoolId, (readonly OsdId[] | undefined)[]>;
}

const noRecord: Pick<PgRecord, 'acting' | 'former'> = { acting: [], former: [] };
const placements = new WeakMap<ClusterMap, Placement>();
const rawPlacements = new WeakMap<ClusterMap['osds'], RawPlacement>();
/** The last that was made for a tree. */
const lastRawOfTree = new WeakMap<ClusterMap['crush'], RawPlacement>();
/** The map asked about last, and its answers: nearly every question is about the same one. */
let lastMap: ClusterMap | undefined;
let lastPlacement: Placement | undefined;

function placementOf(map: ClusterMap): Placement {
  if (map === lastMap && lastPlacement) return lastPlacement;
  let placement = placements.get(map);
  if (!placement) {
    placement = { mappings: new Map() };
    placements.set(map, placement);
  }
  lastMap = map;
  lastPlacement = placement;
  return placement;
}

function rawRows(map: ClusterMap, pool: PoolId): (readonly OsdId[] | undefined)[] {
  const { osds, crush, pools } = map;
  let raw = rawPlacements.get(osds);
  if (raw?.crush !== crush || raw.pools !== pools) {
    const last = lastRawOfTree.get(crush);
    // An OSD that goes up or down changes nothing here: the answers are taken along.
    const isSame = last?.pools === pools && haveSameWeights(last.osds, osds);
    raw = { crush, pools, osds, rows: isSame ? last.rows : new Map<PoolId, (readonly OsdId[] | undefined)[]>() };
    rawPlacements.set(osds, raw);
    lastRawOfTree.set(crush, raw);
  }
  let rows = raw.rows.get(pool);
  if (!rows) raw.rows.set(pool, (rows = []));
  return rows;
}

function haveSameWeights(before: ClusterMap['osds'], after: ClusterMap['osds']): boolean {
  if (before.size !== after.size) return false;
  for (const [id, osd] of after) {
    const past = before.get(id);
    if (!past || (past !== osd && effectiveReweight(past) !== effectiveReweight(osd))) return false;
  }
  return true;
}

function makeMapping(map: ClusterMap, poolId: PoolId, seq: number): PgMapping | undefined {
  const pool = map.pools.get(poolId);
  if (!pool || seq >= pool.pgNum) return undefined;
  const id = pgId(poolId, seq);
  const isUp = (osd: OsdId): boolean => map.osds.get(osd)?.up === true;
  const up = rawPlacement(map, pool, seq).filter(isUp);
  const record = map.pgs.get(id);
  const acting = record?.acting ?? [];
  const primary = acting.every(isUp) ? acting[0] : undefined;
  const { interval = epoch(0), lostAt = epoch(0) } = record ?? {};
  const candidates = candidatesOf(map.osds, up, record ?? noRecord);
  const mapping: PgMapping = { pgId: id, up, upPrimary: up[0], acting, candidates, primary, interval, lostAt };
  const { mappings } = placementOf(map);
  let row = mappings.get(poolId);
  if (!row) mappings.set(poolId, (row = []));
  row[seq] = mapping;
  return mapping;
}
