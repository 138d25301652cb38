/**
 * Sends one object to a member, and what its log is to say about it: the sender's side of ops/push-object.ts.
 * @module
 */
import type { PieceCursor } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import { isDamage } from '../core/damage.ts';
import { encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import type { Pg } from '../core/pg.ts';
import { rankOf } from '../core/recovery-rank.ts';
import { entryBatchBytes } from '../ops/member-requests.ts';
import { readPiece, type ReadPiece } from '../ops/object-piece.ts';
import { idOf, type AskedMember } from './ask-member.ts';
import type { IntervalRun } from './interval-run.ts';
import { copyOn, hasAllAcknowledged, mendDamaged } from './mend.ts';

/** What a version takes in a message, at most. */
const versionBytes = 24;

/** An object that is found damaged so often while it is copied is on a disk that cannot hold it. */
const mendingsMax = 3;
const damagedPiece: ReadPiece = { piece: { exists: true, damaged: true }, next: undefined, payload: [], bytes: 0 };

/** What the member's log is to say about an object that it is given. */
export interface ObjectEntries {
  readonly add: readonly LogEntry[];
  readonly kept: readonly LogEntry[];
  readonly drop: readonly Version[];
}

export type Copying =
  | 'copied'
  /** Ours cannot be read now: it is to be tried again. */
  | 'held'
  /** Ours cannot be read, and the member's has all that was acknowledged: it is left as it is, for the next peering to take over. */
  | 'left';

/**
 * Makes the member's copy of an object equal to ours. The object is locked: it does not change meanwhile. If ours is
 * damaged, it is mended first. The member is told that its copy is damaged only where it has none that can be read and
 * has what was acknowledged, and nobody else is known who may have one.
 */
export async function copyObject(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  object: string,
  entries: ObjectEntries,
): Promise<Copying> {
  for (let mendings = 0; !(await copyOnce(ctx, pg, run, member, object, entries, false)); mendings++) {
    if (mendings >= mendingsMax) return 'held';
    const mending = await mendDamaged(ctx, pg, run, object);
    if (mending === 'mended') continue;
    if (pg.state.kind === 'active') {
      const instead = await withoutOurs(ctx, pg, run, member, object);
      if (instead === 'left' || mending !== 'lost') return instead;
    } else if (await isReadableOn(ctx, pg, run, member, object)) return 'held'; // to be taken over
    pg.unfound.delete(object);
    await copyOnce(ctx, pg, run, member, object, entries, true);
    return 'copied';
  }
  return 'copied';
}

/** What becomes of the member's copy of an object whose copy here cannot be read, as long as none is found. */
export async function withoutOurs(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  object: string,
): Promise<Exclude<Copying, 'copied'>> {
  const { osd, difference } = member;
  if (difference.kind !== 'log') return 'held';
  // Then nothing is written here now, either.
  if (!hasAllAcknowledged(ctx, pg, osd)) return 'held';
  const copy = await copyOn(ctx, pg, run, osd, object, true);
  run.check();
  return copy === undefined || copy.damage === '' ? 'left' : 'held';
}

/** Whether the member has a copy of the object that can be read, now or later. That it has none says something too, unless it is partial. */
async function isReadableOn(ctx: OsdContext, pg: Pg, run: IntervalRun, member: AskedMember, object: string): Promise<boolean> {
  const copy = await copyOn(ctx, pg, run, member.osd, object, true);
  run.check();
  return copy === undefined ? member.difference.kind !== 'backfill' : copy.damage === '' || copy.withheld;
}

/** False when our copy turned out damaged: the member has nothing new then. */
async function copyOnce(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  object: string,
  entries: ObjectEntries,
  damaged: boolean,
): Promise<boolean> {
  const batches = entryBatches(entries);
  const id = { ...idOf(pg, run), object, copy: ctx.newStream() };
  const send = async (message: object, payload?: readonly Buffer[]): Promise<void> => {
    run.check();
    const { message: reply } = await member.session.request('push', { ...id, ...message }, run.options(payload));
    run.check();
    if (reply.busy) ctx.traffic.noteClient();
  };
  const isWanted = (): boolean => pg.isWaitedFor(object);
  let cursor: PieceCursor | undefined;
  let first = true;
  let sentBytes = 0;
  do {
    const read = damaged ? damagedPiece : await readOwn(ctx, pg, object, cursor);
    run.check();
    if (read === undefined) return false;
    const { piece, next, payload, bytes } = read;
    cursor = next;
    const withEntries = next === undefined ? batches.shift() : undefined;
    const message = { piece, first, ...withEntries, last: next === undefined && batches.length === 0 };
    // While peering all clients of the PG wait.
    if (pg.state.kind !== 'active') await send(message, payload);
    else await ctx.traffic.carry({ bytes, first, rank: rankOf(pg), isWanted, signal: run.signal }, () => send(message, payload));
    first = false;
    sentBytes += bytes;
  } while (cursor !== undefined);
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await send({ ...batch, last: batches.length === 0 });
  pg.meter.add(1, sentBytes);
  return true;
}

/** Undefined when it cannot be read. */
async function readOwn(ctx: OsdContext, pg: Pg, object: string, cursor: PieceCursor | undefined): Promise<ReadPiece | undefined> {
  try {
    return await readPiece(ctx.store, pg.id, object, cursor, ctx.config.pieceBytes);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

interface EntryBatch {
  readonly addEntries: Buffer[];
  readonly kept: Buffer[];
  readonly dropEntries: Version[];
}

/** The entries in messages of bounded size. */
function entryBatches({ add, kept, drop }: ObjectEntries): EntryBatch[] {
  const result: EntryBatch[] = [];
  let bytes = Infinity;
  const batchFor = (length: number): EntryBatch => {
    if (bytes + length > entryBatchBytes) {
      result.push({ addEntries: [], kept: [], dropEntries: [] });
      bytes = 0;
    }
    bytes += length;
    return result[result.length - 1] as EntryBatch;
  };
  for (const version of drop) batchFor(versionBytes).dropEntries.push(version);
  for (const entry of add) {
    const encoded = encodeLogEntry(entry);
    batchFor(encoded.length + 8).addEntries.push(encoded);
  }
  for (const entry of kept) {
    const encoded = encodeLogEntry(entry);
    batchFor(encoded.length + 8).kept.push(encoded);
  }
  return result;
}
