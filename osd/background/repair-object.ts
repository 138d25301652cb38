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
import { PieceCollector } from '../ops/object-piece.ts';
import type { Mutation } from '../store/object-store.ts';
import { expectedError, IntervalRun } from './interval-run.ts';

const attemptsMax = 8;

/** Resolves when our copy is whole again, or was written anew; rejects with `damage` when no other member has a good one. */
export async function repairObject(ctx: OsdContext, pg: Pg, object: string, damage: FsError): Promise<void> {
  const run = new IntervalRun(ctx, pg);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    // Writes in flight reach all members first, so that their copies are what ours should be.
    await settled(pg, object);
    run.check();
    const version = ctx.store.stat(pg.id, object)?.version;
    if (version === undefined) return;
    const transaction = await fetchGood(ctx, pg, run, object, version);
    if (transaction === undefined) break;
    // Written to meanwhile: what was fetched is out of date.
    const now = ctx.store.stat(pg.id, object)?.version;
    if (now === undefined || !sameVersion(now, version) || pg.window.newestOf(object) !== undefined) continue;
    await commitOrEnd(ctx, transaction);
    ctx.env.log.warn({ pg: pg.id, object }, 'damaged object repaired from another copy');
    return;
  }
  throw new FsError('EIO', `object ${object} of pg ${pg.id} is damaged here and no other copy could be used`, { cause: damage });
}

/** A transaction that makes our copy that of another member, at `version`; undefined when none can give it. */
async function fetchGood(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  version: Version,
): Promise<readonly Mutation[] | undefined> {
  for (const osd of pg.mapping?.acting ?? []) {
    if (osd === ctx.id) continue;
    try {
      const transaction = await fetch(ctx, pg, run, osd, object);
      run.check();
      const copied = transaction.find((mutation) => mutation.kind === 'set-version');
      if (copied !== undefined && sameVersion(copied.version, version)) return transaction;
    } catch (error) {
      run.check();
      const { code, message } = expectedError(error);
      ctx.env.log.warn({ pg: pg.id, object, from: osd, code, reason: message }, 'another copy could not be used for repair');
    }
  }
  return undefined;
}

function settled(pg: Pg, object: string): Promise<void> {
  const write = pg.window.newestOf(object);
  return write === undefined ? Promise.resolve() : new Promise((resolve) => write.waiters.push(() => resolve()));
}

async function fetch(ctx: OsdContext, pg: Pg, run: IntervalRun, osd: OsdId, object: string): Promise<readonly Mutation[]> {
  const collector = new PieceCollector(pg.id, object);
  let cursor: PieceCursor | null = null;
  while (true) {
    const { message, payload } = await ctx.peers
      .need(osd)
      .request(
        'pull',
        { pool: pg.pool, pg: pg.seq, interval: run.interval, object, ...(cursor === null ? {} : { cursor }) },
        run.options(),
      );
    const piece: ObjectPiece = message.piece ?? {
      exists: false,
      size: 0,
      version: zeroVersion,
      mtimeMs: 0,
      extents: [],
      xattrs: [],
      omap: [],
      next: null,
    };
    const transaction = collector.add(piece, payload);
    if (transaction !== undefined) return transaction;
    cursor = piece.next;
  }
}
