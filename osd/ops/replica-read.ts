/**
 * A read answered by a member that is not the primary, because its client asks for that; and PgReadRequest, with
 * which that member asks the primary first.
 *
 *   client ──read──▶ replica ──which version?──▶ primary: acts in this interval, under lease, and the newest write
 *                       │ ◀────── version ──────          on the object is durable everywhere
 *                       └── has just that version, before and after reading: answers. Else: EAGAIN, the primary answers.
 *
 * Damage that is found here goes to the primary too, which mends the copy.
 *
 * The primary's word comes after the read began, so the version holds every write that was acknowledged before it (an
 * interval without the replica, or under another primary, cannot have begun before that word: R4). It holds nothing
 * that could still be lost. And copies of the same version are equal.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Init, OpResult, PgReadRequest } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { ClientOp } from '../core/client-op.ts';
import { isDamage } from '../core/damage.ts';
import type { Pg } from '../core/pg.ts';
import { planOp } from '../core/plan-op.ts';
import { sameVersion, zeroVersion } from '../core/version.ts';
import { joined } from './object-piece.ts';
import { reportDamage } from './report-damage.ts';
import { StoredObjectView } from './stored-object-view.ts';

/** How long the primary may take; the client then asks it itself. */
const askTimeoutMs = 1_000;

/** Whether the request may be answered here although this OSD is not the primary. */
export function mayReadHere(ctx: OsdContext, pg: Pg, op: ClientOp): boolean {
  return op.message.anyMember && !op.writes && pg.state.kind === 'replica' && pg.mapping?.acting.includes(ctx.id) === true;
}

/** Answers the read from our copy, or sends its client to the primary. */
export function readHere(ctx: OsdContext, pg: Pg, op: ClientOp): void {
  const { interval } = pg;
  read(ctx, pg, op).catch((error: unknown) => {
    const primary = pg.mapping?.primary;
    if (isDamage(error) && primary !== undefined)
      reportDamage(ctx, pg, { interval, object: op.message.object, error }, ctx.peers.session(primary));
    op.fail(isDamage(error) ? toPrimary(pg, error) : toFsError(error));
  });
}

async function read(ctx: OsdContext, pg: Pg, op: ClientOp): Promise<void> {
  const { interval } = pg;
  const { object } = op.message;
  const version = await askPrimary(ctx, pg, object);
  const check = (): void => {
    const own = ctx.store.stat(pg.id, object)?.version ?? zeroVersion;
    if (pg.interval !== interval || pg.state.kind !== 'replica' || !ctx.leaseValid() || !sameVersion(own, version)) throw toPrimary(pg);
  };
  check();
  const plan = planOp(op.message.ops, op.payload, new StoredObjectView(ctx.store, pg.id, object));
  const payload: Buffer[] = [];
  const results: Init<OpResult>[] = [...plan.results];
  for (const { index, offset, length } of plan.reads) {
    if (length === 0) continue;
    const pieces = joined(await ctx.store.read(pg.id, object, offset, length));
    results[index] = { ...results[index], payloadFrames: pieces.length };
    payload.push(...pieces);
  }
  check();
  op.reply({ epoch: ctx.map.epoch, version, results }, payload.length === 0 ? undefined : payload);
}

/** The object's version that is durable on every member. */
async function askPrimary(ctx: OsdContext, pg: Pg, object: string): Promise<Version> {
  const { mapping } = pg;
  if (mapping?.primary === undefined || !ctx.leaseValid()) throw toPrimary(pg);
  try {
    const { message } = await ctx.peers
      .need(mapping.primary)
      .request(
        'pgRead',
        { pool: pg.pool, pg: pg.seq, interval: mapping.interval, object },
        { timeoutMs: askTimeoutMs, signal: ctx.stopping },
      );
    return message.version ?? zeroVersion;
  } catch (error) {
    throw toPrimary(pg, error);
  }
}

function toPrimary(pg: Pg, cause?: unknown): FsError {
  return new FsError('EAGAIN', `pg ${pg.id}: only the primary can answer this now`, { retry: 'safe', cause });
}

/** PgReadRequest, at the primary. */
export function pgRead(
  ctx: OsdContext,
  { message, session }: IncomingRequest<'pgRead'>,
): OutgoingReply<'pgRead'> | Promise<OutgoingReply<'pgRead'>> {
  const pg = ctx.pg(message.pool, message.pg);
  if (pg === undefined || !isMember(pg, session.peer.entity)) throw notActive(message);
  const inFlight = pg.window.newestOf(message.object);
  if (inFlight === undefined) return settledVersion(ctx, pg, message);
  return new Promise((resolve, reject) => {
    inFlight.waiters.push(() => {
      try {
        resolve(settledVersion(ctx, pg, message));
      } catch (error) {
        reject(toFsError(error));
      }
    });
  });
}

/** Throws EAGAIN unless this is the primary of that interval, under lease, and nothing is under way on the object. */
function settledVersion(ctx: OsdContext, pg: Pg, message: PgReadRequest): OutgoingReply<'pgRead'> {
  const serves = pg.interval === message.interval && pg.state.kind === 'active' && ctx.leaseValid() && !ctx.map.flags.has('pause');
  if (!serves || pg.window.newestOf(message.object) !== undefined) throw notActive(message);
  return { message: { version: ctx.store.stat(pg.id, message.object)?.version } };
}

function isMember(pg: Pg, entity: string): boolean {
  return pg.mapping?.acting.some((osd) => entity === `osd.${osd}`) === true;
}

function notActive({ pool, pg, interval }: PgReadRequest): FsError {
  return new FsError('EAGAIN', `pg ${pool}.${pg.toString(16)} cannot say now what is settled in interval ${interval}`, { retry: 'safe' });
}
