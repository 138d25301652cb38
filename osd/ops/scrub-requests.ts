/**
 * What a PG's primary asks of the other members when it scrubs, and what they tell it.
 * @module
 */
import type { CopyDamaged, ScrubRelease } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply, Session } from '../../common/wire/session.ts';
import { osdId } from '../../common/maps/ids.ts';
import { IntervalRun } from '../background/interval-run.ts';
import { replaceCopy } from '../background/repair-object.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { decodeScrubRecord } from '../core/scrub-record.ts';
import type { Version } from '../client/object-client.ts';
import { commitOrEnd, currentPg, memberPg } from './member-requests.ts';
import { scrubMap } from './scrub-map.ts';
import { scrubRecordMutation } from './transaction.ts';

/** At most so many objects in one answer, whatever is asked for. */
const objectsMax = 1_000;

/** ScrubReserveRequest. */
export async function scrubReserve(ctx: OsdContext, { message }: IncomingRequest<'scrubReserve'>): Promise<OutgoingReply<'scrubReserve'>> {
  const pg = await memberPg(ctx, message);
  return { message: { granted: ctx.scrubSlots.take(pg, ctx.env.clock.monotonicMs()) } };
}

/** ScrubRelease. */
export function scrubRelease(ctx: OsdContext, message: ScrubRelease): void {
  const pg = ctx.pg(message.pool, message.pg);
  if (pg?.interval === message.interval) ctx.scrubSlots.release(pg);
}

/** ScrubMapRequest. */
export async function scrubMapRequest(ctx: OsdContext, { message }: IncomingRequest<'scrubMap'>): Promise<OutgoingReply<'scrubMap'>> {
  const pg = await memberPg(ctx, message);
  ctx.scrubSlots.touch(pg, ctx.env.clock.monotonicMs());
  const { after, only, deep, settled } = message;
  const logGap = settled !== null && !hasInLog(pg, settled);
  const range = { after, only, deep, maxObjects: Math.max(1, Math.min(message.maxObjects, objectsMax)) };
  const { objects, through, end } = await scrubMap(ctx, pg, range, () => currentPg(ctx, message));
  return { message: { objects, through, end, logGap } };
}

/** What has left the log by its bound is not held against it. */
function hasInLog(pg: Pg, version: Version): boolean {
  const { oldest } = pg.log;
  return (
    pg.log.has(version) ||
    version.counter <= pg.info.completeTo.counter ||
    (oldest !== undefined && version.counter < oldest.version.counter)
  );
}

/** ScrubRepairRequest. */
export async function scrubRepair(ctx: OsdContext, { message }: IncomingRequest<'scrubRepair'>): Promise<OutgoingReply<'scrubRepair'>> {
  const pg = await memberPg(ctx, message);
  const run = new IntervalRun(ctx, pg);
  try {
    await replaceCopy(ctx, pg, run, message.object, osdId(message.from), message.version ?? undefined);
  } finally {
    run.end();
  }
  return { message: {} };
}

/** ScrubRecordRequest. */
export async function scrubRecord(ctx: OsdContext, { message }: IncomingRequest<'scrubRecord'>): Promise<OutgoingReply<'scrubRecord'>> {
  const pg = await memberPg(ctx, message);
  const record = decodeScrubRecord(message.record);
  if (record.serial > pg.scrubs.serial) {
    pg.scrubs = record;
    await commitOrEnd(ctx, [scrubRecordMutation(pg.id, record)]);
  }
  return { message: {} };
}

/** CopyDamaged: at the primary. */
export function copyDamaged(ctx: OsdContext, session: Session, message: CopyDamaged): void {
  const pg = ctx.pg(message.pool, message.pg);
  if (pg?.interval !== message.interval || pg.mapping?.acting.some((osd) => session.peer.entity === `osd.${osd}`) !== true) return;
  ctx.mendSoon(pg, message.object);
}
