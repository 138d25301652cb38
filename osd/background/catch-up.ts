/**
 * Brings one member of a PG up to its primary: asks what it has, then pushes what differs; by log where both
 * logs reach, else by comparing all objects in name order (backfill).
 *
 * Used while peering (acting members; nothing is written meanwhile) and while active (members to come; writes
 * of objects that they already have go to them too).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import { PgResetRequestPhase, type LogRun, type PieceCursor } from '../../common/wire/gen/messages.ts';
import type { Session } from '../../common/wire/session.ts';
import type { OsdContext } from '../context.ts';
import type { Version } from '../client/object-client.ts';
import { compareLogs, type LogDifference } from '../core/log-diff.ts';
import { isDamage } from '../core/damage.ts';
import { decodeLogEntry, encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import { compareNames, type MemberRecovery } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import { decodeScrubRecord, noScrubs, type ScrubRecord } from '../core/scrub-record.ts';
import { sameVersion, zeroVersion } from '../core/version.ts';
import { MemberStream } from '../core/write-window.ts';
import { readPiece } from '../ops/object-piece.ts';
import type { IntervalRun } from './interval-run.ts';
import { roomFor } from './count-objects.ts';
import { mendDamaged } from './mend.ts';
import { lockObject, unblocked, unlockObject } from './object-lock.ts';

/** Log entries in one message. */
const entryBatchBytes = 512 * 1024;
/** An object that is found damaged so often while it is copied is on a disk that cannot hold it. */
const mendingsMax = 3;
/** What a version takes in a message, at most. */
const versionBytes = 24;

/** A member as the primary has just heard from it. */
export interface AskedMember {
  readonly osd: OsdId;
  /** Everything for it goes over this one connection, in order; when it is lost, the member is asked again. */
  readonly session: Session;
  readonly stream: number;
  readonly difference: LogDifference;
  readonly scrubs: ScrubRecord;
}

/** Opens a stream to the member and compares its log with ours, as ours is when its answer arrives. */
export async function askMember(ctx: OsdContext, pg: Pg, run: IntervalRun, osd: OsdId, stream: number): Promise<AskedMember> {
  const link = ctx.peers.need(osd);
  const { message } = await link.request('pgQuery', { pool: pg.pool, pg: pg.seq, interval: run.interval, stream }, run.options());
  run.check();
  const { session } = link;
  if (session === undefined) throw new FsError('ECONNRESET', `the connection to osd.${osd} was lost`, { retry: 'safe' });
  const difference = compareLogs(pg.log, pg.info, {
    runs: message.runs,
    completeTo: message.completeTo ?? zeroVersion,
    activated: message.activated ?? zeroVersion,
    condition: message.backfilling ? 'backfilling' : message.recovering ? 'recovering' : 'whole',
    trimmed: message.trimmed,
    past: message.past,
  });
  ctx.space.notePeer(osd, message.freeBytes, message.totalBytes);
  const scrubs = message.scrubRecord.length === 0 ? noScrubs : decodeScrubRecord(message.scrubRecord);
  return { osd, session, stream, difference, scrubs };
}

/** The stream of writes to a member that was asked; to be entered in the window by the caller. */
export function streamTo(member: AskedMember): MemberStream<never> {
  return new MemberStream<never>(member.osd, member.stream);
}

/**
 * Pushes what the member lacks. `recovery` follows, so that writes meanwhile go to it as they must: its phase
 * must be set by {@link beginPhase} in the same turn in which the member was asked. Resolves when it has all.
 */
export async function catchUp(ctx: OsdContext, pg: Pg, run: IntervalRun, member: AskedMember, recovery: MemberRecovery): Promise<void> {
  const { difference } = member;
  if (recovery.copiesAll) await reserveRoom(pg, run, member);
  if (difference.kind === 'log') await catchUpByLog(ctx, pg, run, member, recovery, difference.base, difference.drop);
  else if (difference.kind === 'backfill') await backfill(ctx, pg, run, member, recovery);
  recovery.phase = { kind: 'caught-up' };
}

/** Sets out what the member has from this moment on. */
export function beginPhase(recovery: MemberRecovery, difference: LogDifference): void {
  recovery.copiesAll = difference.kind === 'backfill' || (difference.kind === 'log' && sameVersion(difference.base, zeroVersion));
  if (difference.kind === 'log') {
    const missing = new Map<string, LogEntry[]>();
    for (const entry of difference.add) {
      const entries = missing.get(entry.object);
      if (entries === undefined) missing.set(entry.object, [entry]);
      else entries.push(entry);
    }
    // What it must drop may concern any object: until that is known, it is sent nothing.
    recovery.phase = { kind: 'log', missing, complete: difference.drop.length === 0 };
  } else if (difference.kind === 'backfill') recovery.phase = { kind: 'backfill' };
  else recovery.phase = { kind: 'caught-up' };
}

async function catchUpByLog(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  recovery: MemberRecovery,
  base: Version,
  drop: readonly LogRun[],
): Promise<void> {
  const { phase } = recovery;
  if (phase.kind !== 'log') return;
  await reset(pg, run, member, PgResetRequestPhase.BEGIN_LOG, { completeTo: base });
  const dropped = new Map<string, Version[]>();
  if (drop.length > 0) {
    const { message } = await member.session.request('pgLog', { ...idOf(pg, run), runs: drop }, run.options());
    run.check();
    for (const bytes of message.entries) {
      const { object, version } = decodeLogEntry(bytes);
      dropped.set(object, [...(dropped.get(object) ?? []), version]);
    }
    recovery.dropsAreKnown(dropped.keys());
  }
  // What was removed first: it makes room for the rest.
  const isRemoved = (object: string): boolean => !exists(ctx, pg, object);
  const missing = [...phase.missing.keys()];
  const objects = [...missing.filter(isRemoved), ...missing.filter((object) => !isRemoved(object))];
  await inParallel(ctx.config.recoveryObjectsMax, objects, async (object) => {
    await lockObject(pg, run, object);
    try {
      await push(ctx, pg, run, member, object, { add: phase.missing.get(object) ?? [], kept: [], drop: dropped.get(object) ?? [] });
      phase.missing.delete(object);
      recovery.objectsLeft = phase.missing.size;
    } finally {
      unlockObject(ctx, pg, run, object);
    }
    if (ctx.config.recoveryPauseMs > 0) await run.sleep(ctx.config.recoveryPauseMs);
  });
  recovery.requireRoom();
  await reset(pg, run, member, PgResetRequestPhase.FINISH_LOG, { completeTo: pg.head, past: pg.info.past });
}

async function backfill(ctx: OsdContext, pg: Pg, run: IntervalRun, member: AskedMember, recovery: MemberRecovery): Promise<void> {
  ctx.env.log.info({ pg: pg.id, osd: member.osd }, 'backfill begins');
  recovery.objectsLeft = Math.max(1, pg.objects);
  await reset(pg, run, member, PgResetRequestPhase.BEGIN_BACKFILL, {});
  const theirs = new TheirObjects(pg, run, member);
  let cursor = '';
  let copied = 0;
  while (true) {
    const their = await theirs.after(cursor);
    run.check();
    // Ours is looked up in the turn in which the cursor moves: what appears before it later goes to the member by itself.
    const our = ctx.store.objects(pg.id, cursor, 1)[0];
    if (our === undefined && their === undefined) break;
    const name =
      our === undefined || (their !== undefined && compareText(their.name, our.name) < 0) ? (their as { name: string }).name : our.name;
    const same = our?.name === name && their?.name === name && their.version !== null && sameVersion(our.stat.version, their.version);
    if (!same || pg.window.newestOf(name) !== undefined) {
      if (pg.isBlocked(name)) {
        // Objects may appear before it while we wait: looked up again afterwards.
        await unblocked(pg, run, name);
        continue;
      }
      pg.block(name);
      recovery.reach(name);
      try {
        await push(ctx, pg, run, member, name, { add: [], kept: [], drop: [] });
        copied++;
      } finally {
        unlockObject(ctx, pg, run, name);
      }
      if (ctx.config.recoveryPauseMs > 0) await run.sleep(ctx.config.recoveryPauseMs);
    } else recovery.reach(name);
    recovery.objectsLeft = Math.max(1, recovery.objectsLeft - 1);
    cursor = name;
  }
  recovery.requireRoom();
  // From this turn on it gets every write; the log that it is given holds all before.
  recovery.phase = { kind: 'caught-up' };
  const { head } = pg;
  const { past } = pg.info;
  const keptParts = batches(pg.log.kept.map(encodeLogEntry));
  for (const entries of batches([...pg.log.after(-1)].map(encodeLogEntry)))
    await reset(pg, run, member, PgResetRequestPhase.ADD_ENTRIES, { entries });
  for (const kept of keptParts) await reset(pg, run, member, PgResetRequestPhase.ADD_ENTRIES, { kept });
  await reset(pg, run, member, PgResetRequestPhase.FINISH_BACKFILL, { completeTo: head, past });
  ctx.env.log.info({ pg: pg.id, osd: member.osd, copied }, 'backfill done');
}

/** Throws ENOSPC when the member has no room for a whole copy. One that acts already must be made equal, room or not. */
async function reserveRoom(pg: Pg, run: IntervalRun, member: AskedMember): Promise<void> {
  if (pg.mapping?.acting.includes(member.osd) === true) return;
  const { message } = await member.session.request('pgReserve', { ...idOf(pg, run), bytes: roomFor(pg) }, run.options());
  run.check();
  if (!message.granted) throw new FsError('ENOSPC', `osd.${member.osd} has no room for a copy of pg ${pg.id}`, { retry: 'safe' });
  pg.tooFull.delete(member.osd);
}

/** The member's object list, fetched a page at a time. Only our pushes change it. */
class TheirObjects {
  readonly #pg: Pg;
  readonly #run: IntervalRun;
  readonly #member: AskedMember;
  #page: readonly { readonly name: string; readonly version: Version | null }[] = [];
  #at = 0;
  #end = false;

  constructor(pg: Pg, run: IntervalRun, member: AskedMember) {
    this.#pg = pg;
    this.#run = run;
    this.#member = member;
  }

  /** The first object after `name`. */
  async after(name: string): Promise<{ readonly name: string; readonly version: Version | null } | undefined> {
    while (true) {
      while (this.#at < this.#page.length) {
        const entry = this.#page[this.#at] as { readonly name: string; readonly version: Version | null };
        if (name === '' || compareText(entry.name, name) > 0) return entry;
        this.#at++;
      }
      if (this.#end) return undefined;
      const after = this.#page[this.#page.length - 1]?.name ?? '';
      const { message } = await this.#member.session.request(
        'pgList',
        { ...idOf(this.#pg, this.#run), after, maxEntries: 0 },
        this.#run.options(),
      );
      this.#page = message.objects;
      this.#at = 0;
      this.#end = message.end || message.objects.length === 0;
    }
  }
}

/**
 * Makes the member's copy of an object equal to ours. The object is locked: it does not change meanwhile. If ours is
 * damaged, it is mended first; if that cannot be done, the member is told so, and has a damaged one as well: what cannot
 * be read anywhere must not keep the rest of the PG from being copied.
 */
async function push(ctx: OsdContext, pg: Pg, run: IntervalRun, member: AskedMember, object: string, entries: ObjectEntries): Promise<void> {
  let damaged = false;
  for (let attempt = 0; !(await pushCopy(ctx, pg, run, member, object, entries, damaged)); attempt++) {
    try {
      if (attempt >= mendingsMax) damaged = true;
      else await mendDamaged(ctx, pg, run, object);
    } catch (error) {
      run.check();
      if (!isDamage(error)) throw error;
      damaged = true;
    }
  }
}

/** False when our copy turned out damaged: the member has nothing new then. */
async function pushCopy(
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
    await member.session.request('push', { ...id, ...message }, run.options(payload));
    run.check();
  };
  let cursor: PieceCursor | undefined;
  let first = true;
  do {
    const read = damaged ? damagedPiece : await readOwn(ctx, pg, object, cursor);
    run.check();
    if (read === undefined) return false;
    const { piece, next, payload } = read;
    cursor = next;
    const withEntries = next === undefined ? batches.shift() : undefined;
    await send({ piece, first, ...withEntries, last: next === undefined && batches.length === 0 }, payload);
    first = false;
  } while (cursor !== undefined);
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await send({ ...batch, last: batches.length === 0 });
  return true;
}

function exists(ctx: OsdContext, pg: Pg, object: string): boolean {
  try {
    return ctx.store.stat(pg.id, object) !== undefined;
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}

const damagedPiece = { piece: { exists: true, damaged: true }, next: undefined, payload: [] };

/** Undefined when it cannot be read. */
async function readOwn(
  ctx: OsdContext,
  pg: Pg,
  object: string,
  cursor: PieceCursor | undefined,
): Promise<Awaited<ReturnType<typeof readPiece>> | undefined> {
  try {
    return await readPiece(ctx.store, pg.id, object, cursor, ctx.config.pieceBytes);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** What the member's log is to say about an object that it is given. */
interface ObjectEntries {
  readonly add: readonly LogEntry[];
  readonly kept: readonly LogEntry[];
  readonly drop: readonly Version[];
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

async function reset(
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  phase: PgResetRequestPhase,
  fields: {
    readonly completeTo?: Version;
    readonly entries?: readonly Buffer[];
    readonly kept?: readonly Buffer[];
    readonly past?: readonly LogRun[];
  },
): Promise<void> {
  await member.session.request('pgReset', { ...idOf(pg, run), ...fields, phase }, run.options());
  run.check();
}

function idOf(pg: Pg, run: IntervalRun): { readonly pool: number; readonly pg: number; readonly interval: number } {
  return { pool: pg.pool, pg: pg.seq, interval: run.interval };
}

async function inParallel<T>(width: number, items: readonly T[], fn: (item: T) => Promise<void>): Promise<void> {
  let at = 0;
  const worker = async (): Promise<void> => {
    while (at < items.length) await fn(items[at++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

/** Log entries in messages of bounded size. */
function batches(entries: readonly Buffer[]): Buffer[][] {
  const result: Buffer[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    if (bytes + entry.length > entryBatchBytes) {
      result.push([]);
      bytes = 0;
    }
    result[result.length - 1]?.push(entry);
    bytes += entry.length;
  }
  return result;
}

function compareText(a: string, b: string): number {
  return compareNames(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
