/**
 * PgReserveRequest: room for a copy that a primary is about to make here.
 * @module
 */
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import { roomFor, sumObjects } from '../background/count-objects.ts';
import type { OsdContext } from '../context.ts';
import { memberPg } from './member-requests.ts';

/** At the member. What it already has of the PG is replaced object by object, and needs no further room. */
export async function pgReserve(ctx: OsdContext, { message }: IncomingRequest<'pgReserve'>): Promise<OutgoingReply<'pgReserve'>> {
  const pg = await memberPg(ctx, message);
  const own = await sumObjects(ctx, pg, () => pg.interval === message.interval && !ctx.stopping.aborted);
  if (pg.interval !== message.interval) return { message: { granted: false } };
  const granted = ctx.space.reserve(pg.id, Math.max(0, message.bytes - roomFor(own)), 'backfill');
  if (granted) pg.onIntervalEnd(() => ctx.space.release(pg.id));
  return { message: { granted } };
}
