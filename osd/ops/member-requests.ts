/**
 * What a PG's primary asks of the other members: their log, to take part in an interval, to be brought up to
 * date. Each is refused unless it comes from the interval of our own map (DESIGN 4, R5).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { epoch } from '../../common/maps/ids.ts';
import { PgResetRequestPhase, type LogRun, type PgResetRequest } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { OsdContext } from '../context.ts';
import type { Version } from '../client/object-client.ts';
import { floorOf, reachOf } from '../core/log-diff.ts';
import { decodeLogEntry, encodeLogEntry } from '../core/log-entry.ts';
import { infoInInterval } from '../core/after-loss.ts';
import type { Pg, PgInfo } from '../core/pg.ts';
import { decodeScrubRecord, encodeScrubRecord } from '../core/scrub-record.ts';
import { zeroVersion } from '../core/version.ts';
import { cutRuns } from '../core/version-runs.ts';
import type { Mutation } from '../store/object-store.ts';
import { readPiece } from './object-piece.ts';
import { infoMutation, keptKey, logKey, scrubRecordMutation, trimMutations } from './transaction.ts';

const noBytes = new Uint8Array(0);
const listMax = 1_000;
/** Log entries in one message. */
export const entryBatchBytes = 512 * 1024;
/** Records removed by one transaction. */
const keysAtOnce = 1_000;

interface OfInterval {
  readonly pool: number;
  readonly pg: number;
  readonly interval: number;
}

/** The PG, if the message is of its current interval. Waits for our map when it is behind. */
export async function memberPg(ctx: OsdContext, message: OfInterval): Promise<Pg> {
  if (message.interval > ctx.map.epoch) await ctx.monClient.waitForEpoch(epoch(message.interval), { timeoutMs: ctx.config.peerTimeoutMs });
  return currentPg(ctx, message);
}

/** As {@link memberPg}, after a wait: throws ESTALE when another interval has begun. */
export function currentPg(ctx: OsdContext, message: OfInterval): Pg {
  const pg = ctx.pg(message.pool, message.pg);
  if (pg?.interval !== message.interval) {
    throw new FsError(
      'ESTALE',
      `pg ${message.pool}.${message.pg.toString(16)} is in interval ${pg?.interval ?? 0} here, not ${message.interval}`,
      { retry: 'safe' },
    );
  }
  return pg;
}

/** PgQueryRequest. From here on no write of an older interval is taken, and all that is reported is durable. */
export async function pgQuery(ctx: OsdContext, { message }: IncomingRequest<'pgQuery'>): Promise<OutgoingReply<'pgQuery'>> {
  const pg = await memberPg(ctx, message);
  pg.incoming = { interval: message.interval, stream: message.stream, position: 0, durable: 0, ackTo: undefined };
  await saveInfo(ctx, pg, infoInInterval(pg.info, message.interval, pg.lostAt));
  currentPg(ctx, message);
  const { info } = pg;
  return {
    message: {
      runs: pg.log.runs(),
      completeTo: info.completeTo,
      activated: info.activated,
      backfilling: info.condition === 'backfilling',
      recovering: info.condition === 'recovering',
      trimmed: info.trimmed,
      past: info.past,
      cursor: info.cursor,
      freeBytes: ctx.space.freeBytes,
      totalBytes: ctx.space.totalBytes,
      scrubRecord: encodeScrubRecord(pg.scrubs),
    },
  };
}

/** PgLogRequest. */
export async function pgLog(ctx: OsdContext, { message }: IncomingRequest<'pgLog'>): Promise<OutgoingReply<'pgLog'>> {
  const pg = await memberPg(ctx, message);
  const { runs, after } = message;
  const entries: Buffer[] = [];
  let bytes = 0;
  for (const entry of pg.log.after((after?.counter ?? 0) - 1)) {
    const { interval, counter } = entry.version;
    if (after !== null && counter === after.counter && interval <= after.interval) continue;
    if (!runs.some((run) => run.interval === interval && run.first <= counter && counter <= run.last)) continue;
    const encoded = encodeLogEntry(entry);
    bytes += encoded.length;
    if (bytes > entryBatchBytes && entries.length > 0) return { message: { entries, more: true } };
    entries.push(encoded);
  }
  return { message: { entries, more: false } };
}

/** PgActivateRequest. */
export async function pgActivate(ctx: OsdContext, { message }: IncomingRequest<'pgActivate'>): Promise<OutgoingReply<'pgActivate'>> {
  const pg = await memberPg(ctx, message);
  if (message.scrubRecord.length > 0) pg.scrubs = decodeScrubRecord(message.scrubRecord);
  await Promise.all([
    saveInfo(ctx, pg, activatedInfo(pg, message.interval, message.head ?? zeroVersion, message.past)),
    commitOrEnd(ctx, [scrubRecordMutation(pg.id, pg.scrubs)]),
  ]);
  return { message: {} };
}

/** The info of a member that has all that the primary has, up to `head`, in an interval that begins to serve. */
export function activatedInfo(pg: Pg, interval: number, head: Version, past: readonly LogRun[]): PgInfo {
  return { ...pg.info, interval, condition: 'whole', completeTo: head, activated: head, past: pastWithin(pg, past), cursor: '' };
}

/** What the primary remembers of the PG before it was split, as far as our own log shows all that came after. */
function pastWithin({ info, log }: Pg, past: readonly LogRun[]): LogRun[] {
  const reach = info.trimmed ? (reachOf(log.oldest?.version, info.past)?.counter ?? Infinity) : 0;
  return cutRuns(past, reach, Infinity);
}

/** PgResetRequest. */
export async function pgReset(ctx: OsdContext, { message }: IncomingRequest<'pgReset'>): Promise<OutgoingReply<'pgReset'>> {
  const pg = await memberPg(ctx, message);
  const mutations: Mutation[] = [];
  // Before the copy is called whole: a log that counts must have no gaps.
  if (message.trimBelow > 0) await forgetBelow(ctx, pg, message.trimBelow);
  currentPg(ctx, message);
  pg.info = resetInfo(pg, message);
  if (message.phase === PgResetRequestPhase.BEGIN_BACKFILL) await forgetLog(ctx, pg);
  addEntries(ctx, pg, message.entries, mutations);
  if (message.phase === PgResetRequestPhase.FINISH_BACKFILL) pg.log.raiseFloor(floorOf(pg.log, pg.info));
  keepEntries(pg, message.kept, mutations);
  mutations.push(infoMutation(pg.id, pg.info));
  if (message.phase === PgResetRequestPhase.FINISH_BACKFILL || message.phase === PgResetRequestPhase.FINISH_LOG) ctx.space.release(pg.id);
  await commitOrEnd(ctx, mutations);
  return { message: {} };
}

/** In parts: the copy is partial by its info, which is stored first, so its log says nothing whatever is left of it. */
export async function forgetLog(ctx: OsdContext, pg: Pg): Promise<void> {
  const keys = [...pg.log.after(-1)].map(({ version }) => logKey(version)).concat(pg.log.kept.map(({ version }) => keptKey(version)));
  pg.log.clear();
  const written = [commitOrEnd(ctx, [infoMutation(pg.id, pg.info)])];
  for (let at = 0; at < keys.length; at += keysAtOnce) {
    const removals = keys.slice(at, at + keysAtOnce).map((key): Mutation => ({ kind: 'set-meta', pg: pg.id, key, value: noBytes }));
    written.push(commitOrEnd(ctx, removals));
  }
  await Promise.all(written);
}

/** The log forgets what is below `counter`: some of it never came. */
async function forgetBelow(ctx: OsdContext, pg: Pg, counter: number): Promise<void> {
  pg.info = { ...pg.info, trimmed: true };
  const mutations = [infoMutation(pg.id, pg.info), ...trimMutations(pg.id, pg.log.trimBelow(counter, ctx.requesters.oldestTid))];
  const written: Promise<void>[] = [];
  for (let at = 0; at < mutations.length; at += keysAtOnce) written.push(commitOrEnd(ctx, mutations.slice(at, at + keysAtOnce)));
  await Promise.all(written);
}

function resetInfo(pg: Pg, message: PgResetRequest): PgInfo {
  const completeTo = message.completeTo ?? zeroVersion;
  switch (message.phase) {
    case PgResetRequestPhase.BEGIN_LOG:
      return { ...pg.info, condition: 'recovering', completeTo, past: cutRuns(pg.info.past, 0, completeTo.counter), cursor: '' };
    case PgResetRequestPhase.BEGIN_BACKFILL:
      return { ...pg.info, condition: 'backfilling', completeTo: zeroVersion, trimmed: true, past: [], cursor: '' };
    case PgResetRequestPhase.BACKFILL_PROGRESS:
      return { ...pg.info, completeTo, cursor: message.cursor };
    case PgResetRequestPhase.FINISH_LOG:
      return { ...pg.info, condition: 'whole', completeTo, past: pastWithin(pg, message.past), cursor: '' };
    case PgResetRequestPhase.FINISH_BACKFILL:
      return { ...pg.info, condition: 'whole', completeTo, past: message.past, cursor: '' };
    case PgResetRequestPhase.ADD_ENTRIES:
      return pg.info;
  }
}

/** PgListRequest. */
export async function pgList(ctx: OsdContext, { message }: IncomingRequest<'pgList'>): Promise<OutgoingReply<'pgList'>> {
  const pg = await memberPg(ctx, message);
  const wanted = Math.min(message.maxEntries || listMax, listMax);
  const objects = ctx.store.objects(pg.id, message.after, wanted);
  return { message: { objects: objects.map(({ name, stat }) => ({ name, version: stat.version })), end: objects.length < wanted } };
}

/**
 * Adds the entries to the log, in memory and in the transaction. One from before all that the log shows is not for it (the
 * sender's may reach back farther): it is put aside if its client may repeat the request.
 */
export function addEntries(ctx: OsdContext, pg: Pg, entries: readonly Uint8Array[], transaction: Mutation[]): void {
  for (const bytes of entries) {
    const entry = decodeLogEntry(bytes);
    if (entry.version.counter < pg.log.floor) {
      if (entry.tid >= ctx.requesters.oldestTid(entry.instance)) keepEntries(pg, [bytes], transaction);
      continue;
    }
    pg.log.add(entry);
    transaction.push({ kind: 'set-meta', pg: pg.id, key: logKey(entry.version), value: bytes });
  }
}

/** Puts entries aside that the log does not have, in memory and in the transaction. */
export function keepEntries(pg: Pg, entries: readonly Uint8Array[], transaction: Mutation[]): void {
  for (const bytes of entries) {
    const entry = decodeLogEntry(bytes);
    pg.log.keep(entry);
    transaction.push({ kind: 'set-meta', pg: pg.id, key: keptKey(entry.version), value: bytes });
  }
}

/** PullRequest. */
export async function pullObject(ctx: OsdContext, { message }: IncomingRequest<'pull'>): Promise<OutgoingReply<'pull'>> {
  const pg = await memberPg(ctx, message);
  const { piece, payload } = await readPiece(ctx.store, pg.id, message.object, message.cursor ?? undefined, ctx.config.pieceBytes);
  return { message: { piece }, payload };
}

/** PgStrayRequest: at the primary. Its answer is about the interval of the question. */
export async function pgStray(ctx: OsdContext, { message }: IncomingRequest<'pgStray'>): Promise<OutgoingReply<'pgStray'>> {
  const pg = await memberPg(ctx, message);
  const acting = pg.mapping?.acting ?? [];
  const up = pg.mapping?.up ?? [];
  // One of them may be the last that can be read.
  const sound = pg.unfound.size === 0 && pg.scrubs.errors === 0;
  const clean =
    pg.state.kind === 'active' && acting.length >= pg.size && up.length === acting.length && up.every((osd) => acting.includes(osd));
  return { message: { clean: clean && sound } };
}

/** Stores the PG's info; resolves when it, and with it everything committed before, is durable. */
export async function saveInfo(ctx: OsdContext, pg: Pg, info: PgInfo): Promise<void> {
  pg.info = info;
  await commitOrEnd(ctx, [infoMutation(pg.id, info)]);
}

/** A commit whose failure leaves memory and disk apart: the daemon ends. */
export async function commitOrEnd(ctx: OsdContext, transaction: readonly Mutation[]): Promise<void> {
  try {
    await ctx.store.commit(transaction);
  } catch (error) {
    ctx.fatal('the store refused a change of a PG', error);
    throw error;
  }
}
