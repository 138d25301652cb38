import { osdId } from '../../../common/maps/ids.ts';
import type { OsdSpace, SpaceReport } from '../../client/reports.ts';
import { osdStatuses } from '../status.ts';
import type { MonState } from '../state.ts';

/** `osd df`: how full each OSD is, and how evenly. */
export function osdSpace(state: MonState): SpaceReport {
  const reports = [...state.osdReports.values()].map(({ stats }) => stats);
  const sum = (of: (stats: (typeof reports)[number]) => number): number => reports.reduce((total, stats) => total + of(stats), 0);
  const totalBytes = sum((stats) => stats.totalBytes);
  const usedBytes = sum((stats) => stats.usedBytes);
  const usedPercent = percentOf(usedBytes, totalBytes);
  const osds = osdStatuses(state).map(({ id, host, up, in: isIn, weight, reweight, pgs }): OsdSpace => {
    const known = { id, host, up, in: isIn, weight, reweight, pgs };
    const stats = state.osdReports.get(osdId(id))?.stats;
    if (!stats) return { ...known, ...unreported };
    const own = percentOf(stats.usedBytes, stats.totalBytes);
    return {
      ...known,
      totalBytes: stats.totalBytes,
      usedBytes: stats.usedBytes,
      freeBytes: Math.max(0, stats.totalBytes - stats.usedBytes),
      storedBytes: stats.storedBytes,
      objects: stats.objects,
      usedPercent: own,
      variance: usedPercent > 0 ? own / usedPercent : 1,
    };
  });
  const freeBytes = sum((stats) => Math.max(0, stats.totalBytes - stats.usedBytes));
  return { osds, total: { totalBytes, usedBytes, freeBytes, storedBytes: sum((stats) => stats.storedBytes), usedPercent } };
}

const unreported = {
  totalBytes: null,
  usedBytes: null,
  freeBytes: null,
  storedBytes: null,
  objects: null,
  usedPercent: null,
  variance: null,
} as const;

function percentOf(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0;
}
