import type { Pg } from './pg.ts';

/** Which PGs are brought up to date first: lower ones. */
export const recoveryRank = {
  /** Clients wait for it: it takes no writes. */
  belowMinSize: 0,
  /** It has fewer copies than it should. */
  degraded: 1,
  /** All copies are there, not all where they should be. */
  misplaced: 2,
} as const;

export function rankOf(pg: Pg): number {
  if (!pg.writable) return recoveryRank.belowMinSize;
  return (pg.mapping?.acting.length ?? 0) < pg.size ? recoveryRank.degraded : recoveryRank.misplaced;
}
