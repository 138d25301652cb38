import type { Pg } from './pg.ts';

/** Object copies of a PG that are still to be made, as its primary knows. */
export interface CopiesLeft {
  /** It has fewer copies than it should by these. */
  readonly degraded: number;
  /** There are enough, but not where they should be. */
  readonly misplaced: number;
}

/** Members to come first make up for missing copies; what others of them lack is misplaced. */
export function copiesLeft(pg: Pick<Pg, 'mapping' | 'size' | 'objects' | 'recovering'>): CopiesLeft {
  const acting = pg.mapping?.acting ?? [];
  const targets = pg.mapping?.candidates ?? [];
  const lacking = targets.map((osd) => Math.min(pg.recovering.get(osd)?.objectsLeft ?? pg.objects, pg.objects)).sort((a, b) => a - b);
  const missing = Math.max(0, pg.size - acting.length);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    degraded: sum(lacking.slice(0, missing)) + Math.max(0, missing - targets.length) * pg.objects,
    misplaced: sum(lacking.slice(missing)),
  };
}
