/**
 * Mending one object: all members' copies are compared while nothing is written to it, those that are wrong are
 * replaced by a right one, and then compared again.
 *
 * Used by scrub, by an operation of a client that met damage, and when a member reports some.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { lostUuid } from '../../common/maps/cluster-map.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { ScrubObject } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import {
  copiesAgree,
  describeFinding,
  judgeCopies,
  type Copy,
  type Finding,
  type NewestWrite,
  type Verdict,
} from '../core/scrub-compare.ts';
import { alsoFound, encodeScrubRecord, mended, type ScrubRecord } from '../core/scrub-record.ts';
import { commitOrEnd } from '../ops/member-requests.ts';
import { plainScrubObject, scrubMap } from '../ops/scrub-map.ts';
import { scrubRecordMutation } from '../ops/transaction.ts';
import { expectedError, IntervalRun } from './interval-run.ts';
import { lockObject, unlockObject } from './object-lock.ts';
import { replaceCopy } from './repair-object.ts';

/** A disk that cannot give back what was written to it so often in a row is done. */
const inVainMax = 3;
const agreed: Verdict = { findings: [], good: [], version: undefined };

export interface CompareOptions {
  readonly deep: boolean;
  /** Members that do not answer are left out instead of ending it. */
  readonly patient: boolean;
}

/** Resolves when every write in flight on the object is durable everywhere, or the interval is over. */
export function settled(pg: Pg, object: string): Promise<void> {
  const write = pg.window.newestOf(object);
  return write === undefined ? Promise.resolve() : new Promise((resolve) => write.waiters.push(() => resolve()));
}

/** The copies of an object on the acting members, as each of them reports it now. */
export async function copiesOf(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string, options: CompareOptions): Promise<Copy[]> {
  const copies: Copy[] = [];
  await Promise.all(
    (pg.mapping?.acting ?? []).map(async (osd) => {
      try {
        copies.push({ osd, object: await copyOn(ctx, pg, run, osd, object, options.deep) });
      } catch (error) {
        run.check();
        const { code, message } = expectedError(error);
        if (!options.patient) throw error;
        ctx.env.log.warn({ pg: pg.id, object, osd, code, reason: message }, 'a copy could not be asked for');
      }
    }),
  );
  run.check();
  return copies.sort((a, b) => a.osd - b.osd);
}

export async function copyOn(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  osd: OsdId,
  object: string,
  deep: boolean,
): Promise<ScrubObject | undefined> {
  const range = { after: '', only: object, maxObjects: 1, deep };
  if (osd === ctx.id) return (await scrubMap(ctx, pg, range, () => run.check())).objects[0];
  const request = { pool: pg.pool, pg: pg.seq, interval: run.interval, ...range };
  const { message } = await ctx.peers.need(osd).request('scrubMap', request, run.options());
  const [found] = message.objects;
  return found && plainScrubObject(found);
}

/** What is the matter with the copies of an object that is locked, and which are right. */
export async function examine(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string, options: CompareOptions): Promise<Verdict> {
  await settled(pg, object);
  run.check();
  const copies = await copiesOf(ctx, pg, run, object, options);
  if (copiesAgree(copies) && copies.length > 1) return agreed;
  const newest = newestWrite(pg, object);
  const verdict = judgeCopies(object, copies, newest);
  return verdict.good.length > 0 ? verdict : await withWitness(ctx, pg, run, object, copies, verdict, newest);
}

/** None of the acting members has a copy that is right: another OSD, one to come or one that was acting, may have it at the same version. */
async function withWitness(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  copies: readonly Copy[],
  verdict: Verdict,
  newest: NewestWrite,
): Promise<Verdict> {
  const version = newest.kind === 'write' ? newest.version : copies.find((copy) => copy.object?.version)?.object?.version;
  if (newest.kind === 'delete' || !version || !copies.some((copy) => isUnreadable(copy))) return verdict;
  const acting = pg.mapping?.acting ?? [];
  const others = [...ctx.map.osds.keys()].filter((osd) => !acting.includes(osd));
  const { found } = await askAll(ctx, pg, run, object, others);
  const good = found.filter((copy) => judgeCopies(object, [copy], { kind: 'write', version }).good.length > 0).map(({ osd }) => osd);
  return good.length === 0 ? verdict : { findings: verdict.findings.map((finding) => ({ ...finding, good })), good, version };
}

function isUnreadable({ object }: Copy): boolean {
  return object !== undefined && object.damage !== '';
}

/** The copies of an object that the OSDs have, and which of them have not said. */
async function askAll(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  osds: readonly OsdId[],
): Promise<{ readonly found: readonly Copy[]; readonly silent: readonly OsdId[] }> {
  const found: Copy[] = [];
  const silent: OsdId[] = [];
  await Promise.all(
    osds.map(async (osd) => {
      try {
        found.push({ osd, object: await copyOn(ctx, pg, run, osd, object, true) });
      } catch (error) {
        run.check();
        // One that has nothing of the PG says that it is in no such interval.
        if (expectedError(error).code !== 'ESTALE') silent.push(osd);
      }
    }),
  );
  run.check();
  const byId = (a: OsdId, b: OsdId): number => a - b;
  return { found: found.sort((a, b) => byId(a.osd, b.osd)), silent: silent.sort(byId) };
}

/**
 * Who may have a copy that is right, though none was at hand: of those that have, or had, a whole copy of the PG and are
 * down, did not answer, or whose disk does not give it; those that have one now, one that lacks only what was never acknowledged
 * included; and members to come whose log says that they lack nothing of it.
 */
async function whoMayHave(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string): Promise<readonly OsdId[]> {
  const { acting = [], candidates = [] } = pg.mapping ?? {};
  const former = (ctx.map.pgs.get(pg.id)?.former ?? []).map(({ osd }) => osd).filter((osd) => !isGivenUp(ctx, osd));
  const { found, silent } = await askAll(ctx, pg, run, object, [...new Set([...acting, ...candidates, ...former])]);
  const newest = newestWrite(pg, object);
  const may = found.filter((copy) => {
    if (copy.object !== undefined && isUnreadable(copy)) return copy.object.withheld;
    if (hasAllAcknowledged(ctx, pg, copy.osd)) return true;
    if (copy.object === undefined) return false;
    if (judgeCopies(object, [copy], newest).good.length > 0) return newest.kind === 'write' || hasAllOf(pg, copy.osd, object);
    return copy.object.changed;
  });
  return [...silent, ...may.map(({ osd }) => osd)].sort((a, b) => a - b);
}

/** Whether an OSD that left the acting set, and may be back, has every acknowledged write. */
export function hasAllAcknowledged({ map }: OsdContext, { id }: Pg, osd: OsdId): boolean {
  return map.pgs.get(id)?.former.some((former) => former.osd === osd && former.current) === true;
}

/** Its disk is lost, or it was removed. */
function isGivenUp({ map }: OsdContext, osd: OsdId): boolean {
  return (map.osds.get(osd)?.uuid ?? lostUuid) === lostUuid;
}

/** Whether the member's copy of the object is to be as ours, as far as its log says. */
function hasAllOf(pg: Pg, osd: OsdId, object: string): boolean {
  const phase = pg.recovering.get(osd)?.phase;
  if (phase === undefined) return pg.mapping?.acting.includes(osd) === true;
  return phase.kind !== 'backfill' && !(phase.kind === 'log' && phase.missing.has(object));
}

function newestWrite({ log }: Pg, object: string): NewestWrite {
  const entry = log.newestOf(object);
  if (entry === undefined) return { kind: 'before', counter: log.oldest?.version.counter ?? Infinity };
  return entry.kind === 'delete' ? { kind: 'delete' } : { kind: 'write', version: entry.version };
}

export interface Mended {
  /** What is still wrong. */
  readonly left: readonly Finding[];
  /** Whose copy was replaced by a right one and cannot be read even so. */
  readonly inVain: readonly OsdId[];
}

/** Makes all copies of an object that is locked equal to a right one, and looks again. */
export async function mendLocked(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string, found: Verdict): Promise<Mended> {
  const { findings, good, version } = found;
  const [from] = good;
  if (from === undefined) return { left: findings, inVain: [] };
  const replaced = new Set<OsdId>();
  for (const { osd } of findings) {
    try {
      await replaceOn(ctx, pg, run, object, osd, from, version);
      replaced.add(osd);
    } catch (error) {
      run.check();
      const { code, message } = expectedError(error);
      ctx.env.log.warn({ pg: pg.id, object, osd, from, code, reason: message }, 'a wrong copy could not be replaced');
    }
  }
  const left = await examine(ctx, pg, run, object, { deep: true, patient: true });
  for (const { osd, what } of findings) {
    if (!left.findings.some((finding) => finding.osd === osd))
      ctx.env.log.warn({ pg: pg.id, object, osd, what, from }, 'wrong copy of an object replaced by a right one');
  }
  const inVain = left.findings.filter(({ osd, what }) => replaced.has(osd) && what.includes('unreadable')).map(({ osd }) => osd);
  return { left: left.findings, inVain };
}

async function replaceOn(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  osd: OsdId,
  from: OsdId,
  version: Version | undefined,
): Promise<void> {
  if (osd === ctx.id) {
    await replaceCopy(ctx, pg, run, object, from, version);
    return;
  }
  const request = { pool: pg.pool, pg: pg.seq, interval: run.interval, object, from, ...(version === undefined ? {} : { version }) };
  await ctx.peers.need(osd).request('scrubRepair', request, run.options());
}

export type Mending =
  /** Our copy is right again. */
  | 'mended'
  /** No copy that can be read is at hand, or ours could not be replaced by it; the PG's `unfound` says who may have one. */
  | 'unfound'
  /** Ours was replaced by a right one and cannot be read even so: the disk does not keep it. */
  | 'in-vain'
  /** Whoever there is was asked, and nobody has one. */
  | 'lost';

/** Mends an object that the caller has locked, after damage was met in our copy. */
export async function mendDamaged(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string, damage?: FsError): Promise<Mending> {
  ctx.env.log.warn({ pg: pg.id, object, reason: damage?.message }, 'an object is damaged here, mending it from another copy');
  const { left, inVain } = await mendCopies(ctx, pg, run, object);
  const ours = left.find(({ osd }) => osd === ctx.id);
  const osds = ours === undefined ? [] : ours.good.length > 0 ? ours.good : await whoMayHave(ctx, pg, run, object);
  if (osds.length > 0) {
    if (!pg.unfound.has(object))
      ctx.env.log.warn({ pg: pg.id, object, osds }, 'no copy of an object that can be read is at hand, it waits');
    pg.noteUnfound(object, osds);
    ctx.reportSoon();
    return inVain.includes(ctx.id) ? 'in-vain' : 'unfound';
  }
  pg.unfound.delete(object);
  noteFindings(ctx, pg, object, left);
  return ours === undefined ? 'mended' : 'lost';
}

/**
 * As {@link mendDamaged}, again and again until the object is mended or lost. A disk that does not keep what others have
 * ends the daemon: they serve it then.
 */
export async function mendWhenFound(
  ctx: OsdContext,
  pg: Pg,
  run: IntervalRun,
  object: string,
  damage?: FsError,
): Promise<'mended' | 'lost'> {
  for (let inVain = 0; ;) {
    const mending = await mendDamaged(ctx, pg, run, object, damage);
    if (mending === 'mended' || mending === 'lost') return mending;
    inVain = mending === 'in-vain' ? inVain + 1 : 0;
    if (inVain === inVainMax)
      ctx.fatal(
        'the store could not keep an object that others have',
        new FsError('EIO', `object ${object} of pg ${pg.id} was written anew ${inVain} times and cannot be read here`, { cause: damage }),
      );
    await run.sleep(ctx.config.recoveryRetryMs);
    run.check();
  }
}

async function mendCopies(ctx: OsdContext, pg: Pg, run: IntervalRun, object: string): Promise<Mended> {
  const verdict = await examine(ctx, pg, run, object, { deep: true, patient: true });
  // Before the PG is active other members' copies may rightly differ: they are being made equal to ours.
  const isOurs = ({ osd }: Finding): boolean => osd === ctx.id || pg.state.kind === 'active';
  const findings = verdict.findings.filter(isOurs);
  if (findings.length === 0) return { left: [], inVain: [] };
  const { left, inVain } = await mendLocked(ctx, pg, run, object, { ...verdict, findings });
  return { left: left.filter(isOurs), inVain };
}

/** What is known of the object now is remembered, here at once and on the other members soon. */
function noteFindings(ctx: OsdContext, pg: Pg, object: string, left: readonly Finding[]): void {
  let record = mended(
    pg.scrubs,
    object,
    (pg.mapping?.acting ?? []).filter((osd) => !left.some((finding) => finding.osd === osd)),
  );
  for (const finding of left) {
    const more = alsoFound(record, finding);
    if (more !== record)
      ctx.env.log.error({ pg: pg.id, object, osd: finding.osd, what: finding.what, good: finding.good }, 'a damaged copy cannot be mended');
    record = more;
  }
  if (record === pg.scrubs) return;
  pg.scrubs = record;
  ctx.reportSoon();
  ctx.env.spawn(`scrub record of ${pg.id}`, () => saveScrubRecord(ctx, pg, record));
}

/** Stores the record here and on the other members; those that cannot be told have it when they peer again. */
export async function saveScrubRecord(ctx: OsdContext, pg: Pg, record: ScrubRecord): Promise<void> {
  const { interval } = pg;
  pg.scrubs = record;
  const bytes = encodeScrubRecord(record);
  const others = (pg.mapping?.acting ?? []).filter((osd) => osd !== ctx.id);
  await commitOrEnd(ctx, [scrubRecordMutation(pg.id, record)]);
  const options = { timeoutMs: ctx.config.peerTimeoutMs, signal: ctx.stopping };
  await Promise.all(
    others.map(async (osd) => {
      try {
        await ctx.peers.need(osd).request('scrubRecord', { pool: pg.pool, pg: pg.seq, interval, record: bytes }, options);
      } catch (error) {
        const { code, message } = expectedError(error);
        ctx.env.log.debug({ pg: pg.id, osd, code, reason: message }, 'a member does not have the record of scrubs yet');
      }
    }),
  );
}

/** Objects in which members have met damage, mended one after the other. */
export class Mender {
  readonly #ctx: OsdContext;
  readonly #queue = new Map<Pg, Set<string>>();
  #running = false;

  constructor(ctx: OsdContext) {
    this.#ctx = ctx;
  }

  /** Asking for one that waits already changes nothing; with too many waiting, it is left to scrub. */
  add(pg: Pg, object: string): void {
    let objects = this.#queue.get(pg);
    if (objects === undefined) this.#queue.set(pg, (objects = new Set<string>()));
    if (objects.size >= waitingMax) return;
    objects.add(object);
    if (this.#running) return;
    this.#running = true;
    this.#ctx.env.spawn('mend', () => this.#run());
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#mend(next.pg, next.object);
    this.#running = false;
  }

  #next(): { readonly pg: Pg; readonly object: string } | undefined {
    for (const [pg, objects] of this.#queue) {
      const [object] = objects;
      if (object !== undefined && pg.state.kind === 'active' && !this.#ctx.stopping.aborted) {
        objects.delete(object);
        return { pg, object };
      }
      this.#queue.delete(pg);
    }
    return undefined;
  }

  async #mend(pg: Pg, object: string): Promise<void> {
    const run = new IntervalRun(this.#ctx, pg);
    try {
      if (!(await lockObject(pg, run, object))) return;
      try {
        noteFindings(this.#ctx, pg, object, (await mendCopies(this.#ctx, pg, run, object)).left);
      } finally {
        unlockObject(this.#ctx, pg, run, object);
      }
    } catch (error) {
      const { code, message } = expectedError(error);
      this.#ctx.env.log.info({ pg: pg.id, object, code, reason: message }, 'mending interrupted; it goes on when the damage is met again');
    } finally {
      run.end();
    }
  }
}

const waitingMax = 1_000;

/** Logs what was found, one line for each copy. */
export function reportFindings(ctx: OsdContext, pg: Pg, findings: readonly Finding[]): void {
  for (const finding of findings) {
    const { object, osd, what, good } = finding;
    ctx.env.log.error(
      { pg: pg.id, object, osd, what, good, text: describeFinding(finding) },
      'scrub found a copy that is not as it should be',
    );
  }
}
