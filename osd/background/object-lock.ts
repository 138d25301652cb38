/**
 * Keeps client operations off one object while it is copied.
 * @module
 */
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import type { IntervalRun } from './interval-run.ts';

/**
 * Blocks the object, if it is to be `readable` for all but reads, once nobody else does. False when it stays blocked by
 * operations that wait for a copy of it that can be read. Rejects when the interval ends.
 */
export async function lockObject(pg: Pg, run: IntervalRun, object: string, readable = false): Promise<boolean> {
  while (pg.isBlocked(object)) {
    if (pg.unfound.has(object)) return false;
    await unblocked(pg, run, object);
  }
  run.check();
  pg.block(object, readable);
  return true;
}

/** Resolves when whoever blocks the object has let go of it, or found none that can be read. Rejects when the interval ends. */
export async function unblocked(pg: Pg, run: IntervalRun, object: string): Promise<void> {
  await new Promise<void>((resolve) => pg.onceUnblocked(object, resolve));
  run.check();
}

/** Takes up what waited for the object. Does nothing when the interval has ended: that has answered it. */
export function unlockObject(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string): void {
  if (!run.alive()) return;
  ctx.resume(pg, pg.unblock(object));
}
