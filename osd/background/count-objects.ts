/**
 * Counts the objects of a PG, for status: once when it becomes active; from then on writes keep the count.
 * @module
 */
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import type { IntervalRun } from './interval-run.ts';

const page = 512;

/** In the background, a page at a time; changes meanwhile may leave the count off by what they touched. */
export function countObjects(ctx: OsdContext, pg: Pg, run: IntervalRun): void {
  if (pg.counted) return;
  let objects = 0;
  let bytes = 0;
  let after = '';
  const step = (): void => {
    if (!run.alive()) return;
    const found = ctx.store.objects(pg.id, after, page);
    for (const { stat } of found) bytes += stat.size;
    objects += found.length;
    const last = found[found.length - 1];
    if (found.length === page && last !== undefined) {
      after = last.name;
      ctx.env.clock.defer(step);
      return;
    }
    pg.objects = objects;
    pg.bytes = bytes;
    pg.counted = true;
  };
  step();
}
