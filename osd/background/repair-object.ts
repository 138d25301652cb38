/**
 * A copy of an object is replaced by that of another member: repair, and the primary's side of take-over.ts.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { PieceCursor } from '../../common/wire/gen/messages.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { sameVersion, versionText, zeroVersion } from '../core/version.ts';
import { ObjectArrival } from '../ops/object-arrival.ts';
import type { Mutation } from '../store/object-store.ts';
import type { IntervalRun } from './interval-run.ts';

/**
 * Makes our copy of `object` that of `from`, which must be at `version`; undefined: the object is to be absent.
 * The primary sees to it that nothing is written to the object meanwhile. What `from` cannot read, it does not
 * send; ESTALE when it has another version.
 */
export async function replaceCopy(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  from: OsdId,
  version: Version | undefined,
): Promise<void> {
  await withCopy(ctx, pg, run, object, from, version, (mutations) => commit(ctx, mutations));
}

/** As {@link replaceCopy}; `place` commits what puts the copy in place, with what belongs to it. */
export async function withCopy(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  from: OsdId,
  version: Version | undefined,
  place: (mutations: readonly Mutation[]) => Promise<void>,
): Promise<void> {
  pg.counted = false;
  if (version === undefined) {
    await place([{ kind: 'remove', pg: pg.id, object }]);
    return;
  }
  const arrival = new ObjectArrival(ctx, pg, object);
  try {
    await fetch(ctx, pg, run, from, version, arrival);
    await place(arrival.finish());
  } finally {
    arrival.discard();
  }
}

/** A copy that does not fit stays as it is; any other failure is the store's end. */
async function commit(ctx: OsdContext, transaction: readonly Mutation[]): Promise<void> {
  try {
    await ctx.store.commit(transaction);
  } catch (error) {
    const { code } = toFsError(error);
    if (code !== 'ENOSPC' && code !== 'EFBIG') ctx.fatal('the store refused to replace a damaged copy', error);
    throw error;
  }
}

/** All its pieces. */
async function fetch(ctx: OsdContext, pg: Pg, run: IntervalRun, osd: OsdId, version: Version, arrival: ObjectArrival): Promise<void> {
  const { object } = arrival;
  let cursor: PieceCursor | undefined;
  while (!arrival.complete) {
    const link = ctx.peers.need(osd);
    const id = { pool: pg.pool, pg: pg.seq, interval: run.interval, object };
    const { message, payload } = await link.request('pull', cursor === undefined ? id : { ...id, cursor }, run.options());
    run.check();
    const { piece } = message;
    if (piece?.exists !== true || !sameVersion(piece.version ?? zeroVersion, version)) {
      const theirs = piece?.exists === true ? versionText(piece.version ?? zeroVersion) : 'none';
      throw new FsError('ESTALE', `object ${object} of pg ${pg.id}: osd.${osd} has version ${theirs}, not ${versionText(version)}`, {
        retry: 'safe',
      });
    }
    await arrival.add(piece, payload);
    run.check();
    cursor = piece.next ?? undefined;
  }
}
