/**
 * Counts the objects of a PG, for status and for the room that a copy needs: once when it becomes active; from
 * then on writes keep the count.
 * @module
 */
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { blockBytes } from '../store/transaction-check.ts';
import type { IntervalRun } from './interval-run.ts';

const page = 512;

export interface ObjectCount {
  readonly objects: number;
  /** Of data, holes counted too. */
  readonly bytes: number;
}

/** In the background, a page at a time; changes meanwhile may leave the count off by what they touched. */
export async function countObjects(ctx: OsdContext, pg: Pg, run: IntervalRun): Promise<void> {
  if (pg.counted) return;
  const count = await sumObjects(ctx, pg, () => run.alive());
  if (!run.alive()) return;
  pg.objects = count.objects;
  pg.bytes = count.bytes;
  pg.counted = true;
}

/** What is here of the PG; less when `goOn` says so. */
export async function sumObjects(ctx: OsdContext, pg: Pg, goOn: () => boolean): Promise<ObjectCount> {
  let objects = 0;
  let bytes = 0;
  let after = '';
  while (goOn()) {
    const found = ctx.store.objects(pg.id, after, page);
    for (const { stat } of found) bytes += stat.size;
    objects += found.length;
    const last = found[found.length - 1];
    if (found.length < page || last === undefined) break;
    after = last.name;
    await new Promise<void>((resolve) => ctx.env.clock.defer(resolve));
  }
  return { objects, bytes };
}

/** What they take at most in a store that gives space in blocks. */
export function roomFor({ objects, bytes }: ObjectCount): number {
  return bytes + objects * blockBytes;
}
