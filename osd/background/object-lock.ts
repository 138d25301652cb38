/**
 * Keeps client operations off one object while it is copied.
 * @module
 */
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import type { IntervalRun } from './interval-run.ts';

/** Blocks the object, if it is to be `readable` for all but reads, once nobody else does. Rejects when the interval ends. */
export async function lockObject(pg: Pg, run: IntervalRun, object: string, readable = false): Promise<void> {
  while (pg.isBlocked(object)) await unblocked(pg, run, object);
  run.check();
  pg.block(object, readable);
}

/** Resolves when whoever blocks the object has let go of it. Rejects when the interval ends. */
export async function unblocked(pg: Pg, run: IntervalRun, object: string): Promise<void> {
  await new Promise<void>((resolve) => pg.onceUnblocked(object, resolve));
  run.check();
}

/** Takes up what waited for the object. Does nothing when the interval has ended: that has answered it. */
export function unlockObject(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string): void {
  if (!run.alive()) return;
  ctx.resume(pg, pg.unblock(object));
}
