/**
 * The state of every PG: what its primary reported, or what the mon knows better.
 * @module
 */
import type { ClusterMap, PoolInfo } from '../../common/maps/cluster-map.ts';
import { type PgId, parsePgId } from '../../common/maps/ids.ts';
import { type PgMapping, allPgs } from '../../common/maps/placement.ts';
import type { MonState } from './state.ts';

export interface PgSummary {
  readonly total: number;
  /** Number of PGs by state. */
  readonly byState: Readonly<Record<string, number>>;
  /** PGs by what is wrong with them, by name. */
  readonly down: readonly PgId[];
  readonly inactive: readonly PgId[];
  readonly degraded: readonly PgId[];
  readonly undersized: readonly PgId[];
  /** With copies that differ, as scrub found. */
  readonly inconsistent: readonly PgId[];
  /** Object copies. */
  readonly copies: number;
  readonly degradedCopies: number;
  readonly misplacedCopies: number;
  /** Copies made, in the last seconds. */
  readonly objectsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Sums up all PGs. */
export function summarizePgs(state: MonState): PgSummary {
  const byState = new Map<string, number>();
  const down: PgId[] = [];
  const inactive: PgId[] = [];
  const degraded: PgId[] = [];
  const undersized: PgId[] = [];
  const inconsistent: PgId[] = [];
  let total = 0;
  let copies = 0;
  let degradedCopies = 0;
  let misplacedCopies = 0;
  let objectsPerSecond = 0;
  let bytesPerSecond = 0;
  for (const mapping of allPgs(state.map)) {
    total += 1;
    const name = stateOf(state, mapping);
    byState.set(name, (byState.get(name) ?? 0) + 1);
    const words = name.split('+');
    if (words.includes('down')) down.push(mapping.pgId);
    else if (!words.includes('active')) inactive.push(mapping.pgId);
    if (words.includes('inconsistent')) inconsistent.push(mapping.pgId);
    if (words.includes('degraded')) degraded.push(mapping.pgId);
    const size = poolOfPg(state.map, mapping.pgId)?.size ?? 0;
    if (mapping.acting.length < size) undersized.push(mapping.pgId);
    const report = state.pgReports.get(mapping.pgId);
    copies += (report?.objects ?? 0) * size;
    degradedCopies += report?.degraded ?? 0;
    misplacedCopies += report?.misplaced ?? 0;
    if (report?.interval !== mapping.interval || report.from !== mapping.primary) continue;
    objectsPerSecond += report.recoveredObjectsPerSecond;
    bytesPerSecond += report.recoveredBytesPerSecond;
  }
  const sorted = [...byState].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    total,
    byState: Object.fromEntries(sorted),
    down,
    inactive,
    degraded,
    undersized,
    inconsistent,
    copies,
    degradedCopies,
    misplacedCopies,
    objectsPerSecond,
    bytesPerSecond,
  };
}

/** `down` with nobody of acting alive, `unknown` until the primary has reported, `peering` until it has in this interval. */
export function stateOf(state: MonState, { pgId, primary, interval, acting }: PgMapping): string {
  if (primary === undefined) return acting.length === 0 ? 'unknown' : 'down';
  const report = state.pgReports.get(pgId);
  if (!report || !state.osdReports.has(primary)) return 'unknown';
  return report.interval === interval && report.from === primary ? report.state : 'peering';
}

/** The pool that a PG is of. */
export function poolOfPg(map: ClusterMap, pg: PgId): PoolInfo | undefined {
  const parsed = parsePgId(pg);
  return parsed && map.pools.get(parsed.pool);
}
