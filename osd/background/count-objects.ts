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

/** In the background, a page at a time, while the PG is written to. */
export async function countObjects(ctx: OsdContext, pg: Pg, run: IntervalRun): Promise<void> {
  while (!pg.counted && run.alive()) {
    const recount = pg.beginRecount();
    for (let more = true; more;) {
      const found = ctx.store.objects(pg.id, recount.after, page);
      for (const { stat } of found) recount.bytes += stat.size;
      recount.objects += found.length;
      recount.after = found[found.length - 1]?.name ?? recount.after;
      more = found.length === page;
      if (more) await new Promise<void>((resolve) => ctx.env.clock.defer(resolve));
      if (!run.alive()) return;
    }
    pg.endRecount(recount);
  }
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
