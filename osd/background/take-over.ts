/**
 * Taking over: while peering, the primary's copy of an object cannot be read, nobody is known to have it as the
 * primary's log wants it, and an acting member has another that can be read. Every acting member has every
 * acknowledged write (R2), so this one is right too: what the primary's has beyond it was never acknowledged, nor was
 * what it has beyond the primary's. The primary makes its own equal to it, what the log says of the object included,
 * and compares the members anew.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import { encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import type { Pg } from '../core/pg.ts';
import { mended } from '../core/scrub-record.ts';
import { compareVersions, versionText, zeroVersion } from '../core/version.ts';
import { cutRuns } from '../core/version-runs.ts';
import { commitOrEnd } from '../ops/member-requests.ts';
import { infoMutation, logKey } from '../ops/transaction.ts';
import type { Mutation } from '../store/object-store.ts';
import { memberEntries, type AskedMember } from './ask-member.ts';
import type { IntervalRun } from './interval-run.ts';
import { copyOn } from './mend.ts';
import { withCopy } from './repair-object.ts';

const noBytes = new Uint8Array(0);

/** How the log changes with an object that is taken over. */
export interface EntriesTaken {
  /** The member's, which ours lacks. */
  readonly add: readonly LogEntry[];
  /** Ours, which the member lacks. */
  readonly drop: readonly Version[];
}

/** Takes over the newest copy of the object that an acting member can read. Throws EAGAIN when there is none any more. */
export async function takeOver(ctx: OsdContext, pg: Pg, run: IntervalRun, members: readonly AskedMember[], object: string): Promise<void> {
  const { member, version } = await newestReadable(ctx, pg, run, members, object);
  const entries = await entriesTaken(pg, run, member, object, version);
  await withCopy(ctx, pg, run, object, member.osd, version, (mutations) => commitOrEnd(ctx, [...mutations, ...changeLog(pg, entries)]));
  run.check();
  pg.unfound.delete(object);
  pg.scrubs = mended(pg.scrubs, object, [ctx.id]);
  ctx.env.log.warn(
    { pg: pg.id, interval: run.interval, object, from: member.osd, dropped: entries.drop.map(versionText), added: entries.add.length },
    'an object that cannot be read here was taken over from an acting member, without writes that were never acknowledged',
  );
}

/** The newest copy; one of no version is that of a member without the object. */
async function newestReadable(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  members: readonly AskedMember[],
  object: string,
): Promise<{ readonly member: AskedMember; readonly version: Version | undefined }> {
  let best: { readonly member: AskedMember; readonly version: Version | undefined } | undefined;
  for (const member of members) {
    const copy = await copyOn(ctx, pg, run, member.osd, object, true);
    run.check();
    if (copy !== undefined && (copy.damage !== '' || copy.changed)) continue;
    const version = copy?.version ?? undefined;
    // The log of a partial copy says nothing: ours must know its version.
    if (member.difference.kind === 'backfill' && (version === undefined || !pg.log.has(version))) continue;
    if (best === undefined || compareVersions(version ?? zeroVersion, best.version ?? zeroVersion) > 0) best = { member, version };
  }
  if (best === undefined)
    throw new FsError('EAGAIN', `object ${object} of pg ${pg.id}: no member has a copy to take over`, { retry: 'safe' });
  return best;
}

async function entriesTaken(
  pg: Pg,
  run: IntervalRun,
  member: AskedMember,
  object: string,
  version: Version | undefined,
): Promise<EntriesTaken> {
  const { difference } = member;
  const isOurs = (entry: LogEntry): boolean => entry.object === object;
  if (difference.kind !== 'log') {
    const later = [...pg.log.after(version?.counter ?? 0)].filter(isOurs);
    return { add: [], drop: later.map((entry) => entry.version) };
  }
  const add: LogEntry[] = [];
  for await (const entry of memberEntries(pg, run, member, difference.drop)) if (isOurs(entry)) add.push(entry);
  return { add, drop: difference.add.filter(isOurs).map((entry) => entry.version) };
}

/** Changes the log in memory; returns what the store is to note with the object. What comes after the first change may have gaps. */
export function changeLog(pg: Pg, { add, drop }: EntriesTaken): Mutation[] {
  const mutations: Mutation[] = [];
  const lowest = Math.min(...add.map(({ version }) => version.counter), ...drop.map(({ counter }) => counter));
  for (const version of drop) {
    if (pg.log.remove(version) !== undefined) mutations.push({ kind: 'set-meta', pg: pg.id, key: logKey(version), value: noBytes });
  }
  for (const entry of add) {
    pg.log.add(entry);
    mutations.push({ kind: 'set-meta', pg: pg.id, key: logKey(entry.version), value: encodeLogEntry(entry) });
  }
  const { info } = pg;
  const before = versionBefore(pg, lowest);
  const isKnown = info.completeTo.counter < lowest && (info.condition !== 'whole' || info.completeTo.counter > before.counter);
  const completeTo = isKnown ? info.completeTo : before;
  pg.info = { ...info, condition: 'recovering', completeTo, past: cutRuns(info.past, 0, completeTo.counter) };
  mutations.push(infoMutation(pg.id, pg.info));
  return mutations;
}

/** The newest version of the PG's history with a counter below `counter`, from before it was split off, too. */
function versionBefore({ log, info }: Pg, counter: number): Version {
  const inLog = log.before(counter)?.version ?? zeroVersion;
  const run = cutRuns(info.past, 0, counter - 1).at(-1);
  const inPast = run === undefined ? zeroVersion : { interval: run.interval, counter: run.last };
  return compareVersions(inLog, inPast) >= 0 ? inLog : inPast;
}
