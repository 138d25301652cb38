/**
 * PgTurnRequest, PgTurnEnd, PgYield: whole copies are made on an OSD a few at a time, the most urgent first.
 * @module
 */
import type { PgTurnEnd, PgYield } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply, Session } from '../../common/wire/session.ts';
import type { Slot } from '../background/slots.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { currentPg, memberPg } from './member-requests.ts';

/** The place that a PG has here, held until its primary gives it back or the interval ends. */
const held = new WeakMap<Pg, Slot>();

/** At the member: answered when it is the PG's turn. */
export async function pgTurn(ctx: OsdContext, { message, session, signal }: IncomingRequest<'pgTurn'>): Promise<OutgoingReply<'pgTurn'>> {
  const pg = await memberPg(ctx, message);
  // Its primary asks again: an attempt of it has failed.
  held.get(pg)?.release();
  const { pool, interval } = message;
  const slot = await ctx.arrivalSlots.acquire(message.rank, signal, () => session.push('pgYield', { pool, pg: pg.seq, interval }));
  if (pg.interval !== interval || signal.aborted) slot.release();
  currentPg(ctx, message);
  held.set(pg, slot);
  pg.onIntervalEnd(() => slot.release());
  return { message: {} };
}

/** At the member. */
export function pgTurnEnd(ctx: OsdContext, { pool, pg: seq, interval }: PgTurnEnd): void {
  const pg = ctx.pg(pool, seq);
  if (pg?.interval === interval) held.get(pg)?.release();
}

/** At the primary. */
export function pgYield(ctx: OsdContext, session: Session, { pool, pg: seq, interval }: PgYield): void {
  const pg = ctx.pg(pool, seq);
  if (pg?.interval !== interval) return;
  for (const recovery of pg.recovering.values()) if (session.peer.entity === `osd.${recovery.osd}`) recovery.yields = true;
}
