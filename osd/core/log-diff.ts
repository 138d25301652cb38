/**
 * What a member lacks of its primary's log, and what it has beyond it.
 *
 * An interval has one primary and a primary never numbers two writes alike, so equal versions in two logs
 * mean equal histories before them. The newest version that both have, below which the member is known to be
 * complete, is therefore where the comparison starts; without one, objects must be compared (backfill).
 * What a copy remembers of a PG that was split (`past`) counts as shown by its log: see split-pg.ts.
 * @module
 */
import type { LogRun } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { LogEntry } from './log-entry.ts';
import type { PgLog } from './pg-log.ts';
import { compareVersions, sameVersion, zeroVersion } from './version.ts';
import { cutRuns, runsHave } from './version-runs.ts';

/** What a copy of a PG knows of itself beside its entries. */
export interface CopyInfo {
  /** It has every write up to here. */
  readonly completeTo: Version;
  /** Head of the newest activation that it took part in: every write acknowledged until then is at or before it. */
  readonly activated: Version;
  /**
   * `whole`: from `completeTo` on, entries without a gap are complete too. `recovering`: its log has gaps above
   * `completeTo`. `backfilling`: its objects are a partial copy that its log says nothing about.
   */
  readonly condition: 'whole' | 'recovering' | 'backfilling';
  /** Its log has ever lost entries to its bound. */
  readonly trimmed: boolean;
  /** Versions of its history, in reach of its log, from before its PG was split: those of other PGs' objects too. */
  readonly past: readonly LogRun[];
  /**
   * While `backfilling`: the objects with names up to here are there, with every write up to `completeTo`, and the log tells
   * the truth about them from there on. Empty: nothing of it counts.
   */
  readonly cursor: string;
}

/** What a member says of itself (PgQueryReply). */
export interface MemberLog extends CopyInfo {
  readonly runs: readonly LogRun[];
}

export type LogDifference =
  /** Equal. */
  | { readonly kind: 'same' }
  /** `add`: the primary's entries that it lacks. `drop`: its entries that the primary lacks. Both are equal up to `base`. */
  | { readonly kind: 'log'; readonly base: Version; readonly add: readonly LogEntry[]; readonly drop: readonly LogRun[] }
  /**
   * Too far behind, or partial: compare all objects from `cursor` on (empty: all). `add` and `drop`, as by log, are what it
   * lacks and has beyond of the objects before.
   */
  | { readonly kind: 'backfill'; readonly cursor: string; readonly add: readonly LogEntry[]; readonly drop: readonly LogRun[] }
  /** It took part in an activation that the primary knows nothing of: the primary must not serve. */
  | { readonly kind: 'primary-behind' };

/** Compares a member with `log`, its primary's, of which `own` tells the rest. */
export function compareLogs(log: PgLog, own: CopyInfo, member: MemberLog): LogDifference {
  if (!knows(log, own, member.activated)) return { kind: 'primary-behind' };
  if (member.condition === 'backfilling') return compareBackfilling(log, own, member);
  const base = commonVersion(log, own, member);
  if (base === undefined) return wholeBackfill;
  // Everything that both windows show is compared, not only what is above `base`: a copy whose recovery was
  // interrupted may have gaps below.
  const lowest = Math.max(
    own.trimmed ? (reachOf(log.oldest?.version, own.past)?.counter ?? 0) : 0,
    member.trimmed ? (reachOf(firstOf(member.runs), member.past)?.counter ?? base.counter + 1) : 0,
  );
  const has = new VersionSet(member.runs);
  const add: LogEntry[] = [];
  for (const entry of log.after(lowest - 1)) if (!has.has(entry.version)) add.push(entry);
  const drop = missingFrom(log, member.runs, lowest);
  const isSame = add.length === 0 && drop.length === 0 && member.condition === 'whole' && reaches(member, headOf(log, own));
  return isSame ? { kind: 'same' } : { kind: 'log', base, add, drop };
}

/** The oldest version from which on a log shows everything, given its oldest entry; undefined when it shows nothing. */
export function reachOf(oldest: Version | undefined, past: readonly LogRun[]): Version | undefined {
  const start = firstOf(past);
  return start === undefined || (oldest !== undefined && oldest.counter < start.counter) ? oldest : start;
}

/** Below which counter a copy's log, as it is stored, shows nothing: see {@link PgLog.floor}. */
export function floorOf(log: PgLog, { completeTo, condition, trimmed, past }: CopyInfo): number {
  if (!trimmed || condition === 'backfilling') return 0;
  return Math.min(reachOf(log.oldest?.version, past)?.counter ?? Infinity, completeTo.counter + 1);
}

function firstOf(runs: readonly LogRun[]): Version | undefined {
  const [run] = runs;
  return run && { interval: run.interval, counter: run.first };
}

const wholeBackfill: LogDifference = { kind: 'backfill', cursor: '', add: [], drop: [] };

/** A backfill that was interrupted goes on where it was if our log still tells what has happened to the objects before. */
function compareBackfilling(log: PgLog, own: CopyInfo, member: MemberLog): LogDifference {
  const { cursor, completeTo } = member;
  if (cursor === '' || own.condition !== 'whole' || !shows(log, own, completeTo)) return wholeBackfill;
  const has = new VersionSet(member.runs);
  const end = Buffer.from(cursor, 'utf8');
  const isBefore = (object: string): boolean => Buffer.compare(Buffer.from(object, 'utf8'), end) <= 0;
  const add = [...log.after(completeTo.counter)].filter(({ version, object }) => !has.has(version) && isBefore(object));
  return { kind: 'backfill', cursor, add, drop: missingFrom(log, member.runs, completeTo.counter + 1) };
}

/** Whether the primary's history contains `version`: in its log, or older than all of it. */
function knows(log: PgLog, own: CopyInfo, version: Version): boolean {
  if (version.counter === 0 || shows(log, own, version)) return true;
  // A log that lost its last entries still says where it ended.
  const oldest = reachOf(log.oldest?.version, own.past) ?? (own.trimmed ? own.completeTo : undefined);
  return oldest !== undefined && version.counter < oldest.counter && compareVersions(version, oldest) < 0;
}

/** Whether the primary knows that `version` is in its history, and knows all that came after it. */
function shows(log: PgLog, own: CopyInfo, version: Version): boolean {
  return log.has(version) || runsHave(own.past, version) || (own.condition !== 'backfilling' && sameVersion(own.completeTo, version));
}

/** Whether the member knows that `head` is in its history: one that lacks nothing may still have to be told. */
function reaches({ completeTo, runs, past }: MemberLog, head: Version): boolean {
  return head.counter === 0 || sameVersion(completeTo, head) || runsHave(runs, head) || runsHave(past, head);
}

/** Newest write that the copy has, or that the PG had which it was split off. */
export function headOf(log: PgLog, { completeTo }: CopyInfo): Version {
  return compareVersions(log.head, completeTo) >= 0 ? log.head : completeTo;
}

/** The newest version that both have and up to which both are complete. */
function commonVersion(log: PgLog, own: CopyInfo, member: MemberLog): Version | undefined {
  const counterMax = own.condition === 'whole' ? Infinity : own.completeTo.counter;
  let newest: Version | undefined;
  for (const { interval, first, last } of chainOf(member)) {
    const lowest = Math.max(first, newest === undefined ? 0 : newest.counter + 1);
    for (let counter = Math.min(last, counterMax); counter >= lowest; counter--) {
      if (!shows(log, own, { interval, counter })) continue;
      newest = { interval, counter };
      break;
    }
  }
  if (newest !== undefined) return newest;
  // Both logs reach back to the PG's beginning: all that they differ in is in them.
  return own.trimmed || member.trimmed ? undefined : zeroVersion;
}

/** The member's versions up to which it is complete, as runs. */
function chainOf(member: MemberLog): LogRun[] {
  const start = member.completeTo;
  const chain = cutRuns(member.past, 0, member.condition === 'whole' ? Infinity : start.counter);
  if (start.counter > 0) chain.push({ interval: start.interval, first: start.counter, last: start.counter });
  let end = start.counter;
  for (const run of member.runs) {
    const last = member.condition === 'whole' ? run.last : Math.min(run.last, start.counter);
    if (run.first > end + 1 || last < run.first) break;
    end = Math.max(end, last);
    chain.push({ interval: run.interval, first: run.first, last });
  }
  return chain;
}

/** The parts of `runs` from `lowest` on that the log lacks. */
function missingFrom(log: PgLog, runs: readonly LogRun[], lowest: number): LogRun[] {
  const result: { interval: number; first: number; last: number }[] = [];
  for (const run of runs) {
    for (let at = Math.max(run.first, lowest); at <= run.last; at++) {
      if (log.has({ interval: run.interval, counter: at })) continue;
      const last = result[result.length - 1];
      if (last?.interval === run.interval && last.last + 1 === at) last.last = at;
      else result.push({ interval: run.interval, first: at, last: at });
    }
  }
  return result;
}

/** Versions in runs, by interval. */
class VersionSet {
  readonly #byInterval = new Map<number, LogRun[]>();

  constructor(runs: readonly LogRun[]) {
    for (const run of runs) {
      const list = this.#byInterval.get(run.interval);
      if (list) list.push(run);
      else this.#byInterval.set(run.interval, [run]);
    }
  }

  has(version: Version): boolean {
    return this.#byInterval.get(version.interval)?.some((run) => run.first <= version.counter && version.counter <= run.last) === true;
  }
}
