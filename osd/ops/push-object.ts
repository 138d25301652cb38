/**
 * PushRequest: one object from the PG's primary, and what the log says about it, piece by piece. All of it changes in
 * the transaction with the last piece: the log of a copy tells the truth about its objects at every instant.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { ObjectPiece, PushRequest } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { sameVersion, zeroVersion } from '../core/version.ts';
import type { Mutation } from '../store/object-store.ts';
import { addEntries, commitOrEnd, currentPg, keepEntries, memberPg } from './member-requests.ts';
import { ObjectArrival } from './object-arrival.ts';
import { logKey } from './transaction.ts';

/** Entries that wait for the last piece; the log of a primary has no more (`logBytesMax`). */
const entriesBytesMax = 16 * 1024 * 1024;
const noBytes = new Uint8Array(0);

interface Arriving {
  readonly copy: number;
  readonly arrival: ObjectArrival;
  readonly add: Uint8Array[];
  readonly kept: Uint8Array[];
  readonly drop: Version[];
  entryBytes: number;
}
/** By object. Those of an interval that is over have been discarded, and are found out when they are asked for. */
const arriving = new WeakMap<Pg, Map<string, Arriving>>();

/** ESTALE when an earlier piece is not here, ENOSPC when there is no room. */
export async function pushObject(ctx: OsdContext, { message, payload }: IncomingRequest<'push'>): Promise<OutgoingReply<'push'>> {
  const pg = await memberPg(ctx, message);
  const coming = takeUp(ctx, pg, message);
  const { arrival } = coming;
  takeEntries(coming, message);
  if (message.piece !== null) await addPiece(ctx, pg, coming, message.piece, payload);
  currentPg(ctx, message);
  if (!message.last) return { message: { busy: ctx.traffic.busy } };
  if (!arrival.complete) throw new FsError('EINVAL', `${message.object}: the last message of a copy that is not complete`);
  arriving.get(pg)?.delete(message.object);
  await putInPlace(ctx, pg, coming);
  return { message: { busy: ctx.traffic.busy } };
}

function takeUp(ctx: OsdContext, pg: Pg, { object, copy, first }: PushRequest): Arriving {
  let objects = arriving.get(pg);
  if (objects === undefined) arriving.set(pg, (objects = new Map<string, Arriving>()));
  const known = objects.get(object);
  if (!first) {
    if (known?.copy !== copy || known.arrival.ended)
      throw new FsError('ESTALE', `${object}: the first piece of this copy is not here`, { retry: 'safe' });
    return known;
  }
  known?.arrival.discard();
  for (const [name, other] of objects) if (other.arrival.ended) objects.delete(name);
  const coming: Arriving = { copy, arrival: new ObjectArrival(ctx, pg, object), add: [], kept: [], drop: [], entryBytes: 0 };
  objects.set(object, coming);
  return coming;
}

function takeEntries(coming: Arriving, { addEntries: add, kept, dropEntries }: PushRequest): void {
  for (const bytes of add) coming.entryBytes += bytes.length;
  for (const bytes of kept) coming.entryBytes += bytes.length;
  if (coming.entryBytes > entriesBytesMax) {
    coming.arrival.discard();
    throw new FsError('EFBIG', `${coming.arrival.object}: its log entries have more than ${entriesBytesMax} bytes`);
  }
  coming.add.push(...add);
  coming.kept.push(...kept);
  coming.drop.push(...dropEntries);
}

async function addPiece(ctx: OsdContext, pg: Pg, { arrival }: Arriving, piece: ObjectPiece, payload: readonly Buffer[]): Promise<void> {
  try {
    noteRoom(ctx, pg, piece);
    await arrival.add(piece, payload);
  } catch (error) {
    arrival.discard();
    const known = toFsError(error);
    // Nothing of the piece was applied: there may be room later.
    if (known.code !== 'ENOSPC' && known.code !== 'ESTALE') ctx.fatal('the store refused a piece of a copy', error);
    throw known;
  }
}

/** Throws ENOSPC when there is no room for the piece. A member that acts already must be made equal whatever that takes, or its PG serves nobody. */
function noteRoom(ctx: OsdContext, pg: Pg, piece: ObjectPiece): void {
  let bytes = 0;
  for (const extent of piece.extents) bytes += extent.length;
  const isWhole = pg.info.condition === 'backfilling' || sameVersion(pg.info.completeTo, zeroVersion);
  if (piece.exists && pg.mapping?.acting.includes(ctx.id) !== true) ctx.space.arrive(pg.id, bytes, isWhole ? 'backfill' : 'recovery');
  else ctx.space.taken(bytes);
}

/** In one turn: the log in memory and the transaction. */
async function putInPlace(ctx: OsdContext, pg: Pg, { arrival, add, kept, drop }: Arriving): Promise<void> {
  const transaction: Mutation[] = [...arrival.finish()];
  for (const version of drop) {
    if (pg.log.remove(version) !== undefined) transaction.push({ kind: 'set-meta', pg: pg.id, key: logKey(version), value: noBytes });
  }
  addEntries(ctx, pg, add, transaction);
  keepEntries(pg, kept, transaction);
  pg.counted = false;
  await commitOrEnd(ctx, transaction);
}
