/**
 * Repair: an object whose checksum fails here is fetched from another acting member and replaced.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ObjectPiece, PieceCursor } from '../../common/wire/gen/messages.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { sameVersion, zeroVersion } from '../core/version.ts';
import { commitOrEnd } from '../ops/member-requests.ts';
import { ObjectArrival } from '../ops/object-arrival.ts';
import { expectedError, IntervalRun } from './interval-run.ts';

const attemptsMax = 8;

/** Resolves when our copy is whole again, or was written anew; rejects with `damage` when no other member has a good one. */
export async function repairObject(ctx: OsdContext, pg: Pg, object: string, damage: FsError): Promise<void> {
  const run = new IntervalRun(ctx, pg);
  try {
    if (await repair(ctx, pg, run, object)) return;
  } finally {
    run.end();
  }
  throw new FsError('EIO', `object ${object} of pg ${pg.id} is damaged here and no other copy could be used`, { cause: damage });
}

async function repair(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    // Writes in flight reach all members first, so that their copies are what ours should be.
    await settled(pg, object);
    run.check();
    const version = ctx.store.stat(pg.id, object)?.version;
    if (version === undefined) return true;
    const copy = await fetchGood(ctx, pg, run, object, version);
    if (copy === undefined) return false;
    // Written to meanwhile: what was fetched is out of date.
    const now = ctx.store.stat(pg.id, object)?.version;
    if (now === undefined || !sameVersion(now, version) || pg.window.newestOf(object) !== undefined) {
      copy.discard();
      continue;
    }
    await commitOrEnd(ctx, copy.finish());
    ctx.env.log.warn({ pg: pg.id, object }, 'damaged object repaired from another copy');
    return true;
  }
  return false;
}

/** Another member's copy, at `version`, as it has come here; undefined when none can give it. */
async function fetchGood(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string, version: Version): Promise<ObjectArrival | undefined> {
  for (const osd of pg.mapping?.acting ?? []) {
    if (osd === ctx.id) continue;
    const arrival = new ObjectArrival(ctx, pg, object);
    try {
      const copied = await fetch(ctx, pg, run, osd, arrival);
      run.check();
      if (copied !== undefined && sameVersion(copied, version)) return arrival;
    } catch (error) {
      run.check();
      const { code, message } = expectedError(error);
      ctx.env.log.warn({ pg: pg.id, object, from: osd, code, reason: message }, 'another copy could not be used for repair');
    }
    arrival.discard();
  }
  return undefined;
}

function settled(pg: Pg, object: string): Promise<void> {
  const write = pg.window.newestOf(object);
  return write === undefined ? Promise.resolve() : new Promise((resolve) => write.waiters.push(() => resolve()));
}

/** All its pieces. Returns the version of the copy; undefined when the member has none. */
async function fetch(ctx: OsdContext, pg: Pg, run: IntervalRun, osd: OsdId, arrival: ObjectArrival): Promise<Version | undefined> {
  const { object } = arrival;
  let cursor: PieceCursor | undefined;
  let version: Version | undefined;
  while (!arrival.complete) {
    const link = ctx.peers.need(osd);
    const id = { pool: pg.pool, pg: pg.seq, interval: run.interval, object };
    const { message, payload } = await link.request('pull', cursor === undefined ? id : { ...id, cursor }, run.options());
    run.check();
    const piece: ObjectPiece | null = message.piece;
    if (piece?.exists !== true) return undefined;
    if (version !== undefined && !sameVersion(version, piece.version ?? zeroVersion)) return undefined;
    version = piece.version ?? zeroVersion;
    await arrival.add(piece, payload);
    cursor = piece.next ?? undefined;
  }
  return version;
}
