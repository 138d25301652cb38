/**
 * Which OSDs are how full, by their reports, and what that means for pools.
 * @module
 */
import type { FullRatios, Fullness } from '../../common/maps/cluster-map.ts';
import { type OsdId, type PgId, parsePgId } from '../../common/maps/ids.ts';
import type { MonState } from './state.ts';

/** The highest ratio that is reached. */
export function fullnessOf(usedBytes: number, totalBytes: number, ratios: FullRatios): Fullness {
  if (totalBytes <= 0) return 'roomy';
  const share = usedBytes / totalBytes;
  if (share >= ratios.full) return 'full';
  if (share >= ratios.backfillfull) return 'backfillfull';
  return share >= ratios.nearfull ? 'nearfull' : 'roomy';
}

/** Writes into the map what an OSD's last report says. */
export function noteFullness({ draft, osdReports }: MonState, id: OsdId): void {
  const osd = draft.osds.get(id);
  const stats = osdReports.get(id)?.stats;
  if (!osd || !stats) return;
  const fullness = fullnessOf(stats.usedBytes, stats.totalBytes, draft.fullRatios);
  if (fullness !== osd.fullness) draft.setOsd({ ...osd, fullness });
}

/** PGs of each pool that take no writes because one of those that write them is full; pools without any are left out. */
export function fullPools({ map }: MonState): ReadonlyMap<string, { readonly pgs: number; readonly osds: readonly OsdId[] }> {
  const found = new Map<string, { pgs: number; osds: OsdId[] }>();
  const full = new Set([...map.osds.values()].filter(({ fullness, up }) => up && fullness === 'full').map(({ id }) => id));
  if (full.size === 0) return found;
  for (const [id, { acting }] of map.pgs) {
    const members = acting.filter((osd) => full.has(osd));
    const pool = members.length > 0 ? nameOfPool(map, id) : undefined;
    if (pool === undefined) continue;
    const known = found.get(pool) ?? { pgs: 0, osds: [] };
    found.set(pool, { pgs: known.pgs + 1, osds: [...new Set([...known.osds, ...members])].sort((a, b) => a - b) });
  }
  return found;
}

function nameOfPool({ pools }: MonState['map'], id: PgId): string | undefined {
  const parsed = parsePgId(id);
  return parsed && pools.get(parsed.pool)?.name;
}
