import type { FsError } from '../../common/errors/fs-error.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';

/** A copy here that is not the primary's was found damaged: the primary is told, and mends it. */
export function reportDamage(ctx: OsdContext, pg: Pg, interval: number, object: string, damage: FsError): void {
  ctx.env.log.warn({ pg: pg.id, object, reason: damage.message }, 'an object is damaged here, the primary is told');
  const primary = pg.mapping?.primary;
  if (primary !== undefined && pg.interval === interval)
    ctx.peers.session(primary)?.push('copyDamaged', { pool: pg.pool, pg: pg.seq, interval, object });
}
