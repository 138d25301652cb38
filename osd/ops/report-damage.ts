import type { FsError } from '../../common/errors/fs-error.ts';
import type { Session } from '../../common/wire/session.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';

/** A copy here that is not the primary's was found damaged: the primary is told, on a connection to it, and mends it. */
export function reportDamage(
  ctx: OsdContext,
  pg: Pg,
  damaged: { readonly interval: number; readonly object: string; readonly error: FsError },
  session: Session | undefined,
): void {
  const { interval, object, error } = damaged;
  ctx.env.log.warn({ pg: pg.id, object, reason: error.message }, 'an object is damaged here, the primary is told');
  if (pg.interval === interval) session?.push('copyDamaged', { pool: pg.pool, pg: pg.seq, interval, object });
}
