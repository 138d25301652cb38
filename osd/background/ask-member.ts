/**
 * What a primary asks and tells a member about its copy, before and after objects are copied.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { LogRun, PgResetRequestPhase } from '../../common/wire/gen/messages.ts';
import type { Session } from '../../common/wire/session.ts';
import type { OsdContext } from '../context.ts';
import type { Version } from '../client/object-client.ts';
import { compareLogs, reachOf, type LogDifference } from '../core/log-diff.ts';
import { decodeLogEntry, encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import type { Pg } from '../core/pg.ts';
import { decodeScrubRecord, noScrubs, type ScrubRecord } from '../core/scrub-record.ts';
import { zeroVersion } from '../core/version.ts';
import { MemberStream } from '../core/write-window.ts';
import { entryBatchBytes } from '../ops/member-requests.ts';
import { roomFor } from './count-objects.ts';
import type { IntervalRun } from './interval-run.ts';

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
    cursor: message.cursor,
  });
  ctx.space.notePeer(osd, message.freeBytes, message.totalBytes);
  const scrubs = message.scrubRecord.length === 0 ? noScrubs : decodeScrubRecord(message.scrubRecord);
  return { osd, session, stream, difference, scrubs };
}

/** The stream of writes to a member that was asked; to be entered in the window by the caller. */
export function streamTo(member: AskedMember): MemberStream<never> {
  return new MemberStream<never>(member.osd, member.stream);
}

/** Versions of the member's entries in the runs, by object: what it must drop. */
export async function entriesOf(pg: Pg, run: IntervalRun, member: AskedMember, runs: readonly LogRun[]): Promise<Map<string, Version[]>> {
  const found = new Map<string, Version[]>();
  for await (const { object, version } of memberEntries(pg, run, member, runs)) {
    const versions = found.get(object);
    if (versions === undefined) found.set(object, [version]);
    else versions.push(version);
  }
  return found;
}

/** The member's entries in the runs, in order. */
export async function* memberEntries(
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  runs: readonly LogRun[],
): AsyncGenerator<LogEntry, void, undefined> {
  let after: Version | undefined;
  while (runs.length > 0) {
    const request = { ...idOf(pg, run), runs, ...(after === undefined ? {} : { after }) };
    const { message } = await member.session.request('pgLog', request, run.options());
    run.check();
    for (const bytes of message.entries) {
      const entry = decodeLogEntry(bytes);
      after = entry.version;
      yield entry;
    }
    if (!message.more || message.entries.length === 0) return;
  }
}

interface ResetFields {
  readonly completeTo?: Version;
  readonly entries?: readonly Buffer[];
  readonly kept?: readonly Buffer[];
  readonly cursor?: string;
  readonly trimBelow?: number;
  readonly past?: readonly LogRun[];
}

/** Tells the member where its copy stands. */
export async function resetMember(
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  phase: PgResetRequestPhase,
  fields: ResetFields,
): Promise<void> {
  await member.session.request('pgReset', { ...idOf(pg, run), ...fields, phase }, run.options());
  run.check();
}

/** Throws ENOSPC when the member has no room for a whole copy. One that acts already must be made equal, room or not. */
export async function reserveRoom(pg: Pg, run: IntervalRun, member: AskedMember): Promise<void> {
  if (pg.mapping?.acting.includes(member.osd) === true) return;
  const { message } = await member.session.request('pgReserve', { ...idOf(pg, run), bytes: roomFor(pg) }, run.options());
  run.check();
  if (!message.granted) throw new FsError('ENOSPC', `osd.${member.osd} has no room for a copy of pg ${pg.id}`, { retry: 'safe' });
  pg.tooFull.delete(member.osd);
}

/** What the member's log must forget when it has been made equal: where ours was trimmed meanwhile, it may have gaps. */
export function trimOf({ log, info, head }: Pg): { readonly trimBelow: number } {
  return { trimBelow: info.trimmed ? (reachOf(log.oldest?.version, info.past)?.counter ?? head.counter + 1) : 0 };
}

export function idOf(pg: Pg, run: IntervalRun): { readonly pool: number; readonly pg: number; readonly interval: number } {
  return { pool: pg.pool, pg: pg.seq, interval: run.interval };
}

/** Entries, encoded, as many as fit a message at a time. */
export function encodedBatches(entries: Iterable<LogEntry>): Buffer[][] {
  const result: Buffer[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const encoded = encodeLogEntry(entry);
    if (bytes + encoded.length > entryBatchBytes) {
      result.push([]);
      bytes = 0;
    }
    result[result.length - 1]?.push(encoded);
    bytes += encoded.length;
  }
  return result;
}
