/**
 * Scrub of one PG, by its primary: the members' copies are compared, in name order, a chunk at a time.
 *
 *   reserve a place on every member ─▶ ask all for the next objects ─▶ equal? ─ yes ─▶ next chunk
 *                                                                        └ no ──▶ look at that object alone
 *
 * Clients are not held up for a chunk: its objects may change while members read them, and then differ or are
 * reported as changed. Only an object that does not look right is looked at again, and the last time with its
 * writes held back and those in flight settled: what differs then is wrong.
 * @module
 */
import type { OsdId } from '../../common/maps/ids.ts';
import type { Init, ScrubMapReply, ScrubObject } from '../../common/wire/gen/messages.ts';
import type { OsdContext } from '../context.ts';
import { compareNames } from '../core/member-recovery.ts';
import type { Pg } from '../core/pg.ts';
import { copiesAgree, type Copy, type Finding } from '../core/scrub-compare.ts';
import { scrubbed, type ScrubKind } from '../core/scrub-record.ts';
import type { Version } from '../client/object-client.ts';
import { plainScrubObject, scrubMap } from '../ops/scrub-map.ts';
import { countObjects } from './count-objects.ts';
import { expectedError, IntervalRun } from './interval-run.ts';
import { copiesOf, examine, mendLocked, reportFindings, saveScrubRecord, type CompareOptions } from './mend.ts';
import { lockObject, unlockObject } from './object-lock.ts';

/** Looks at an object that seems wrong, before its writes are held back. */
const looksMax = 2;

export type ScrubOutcome =
  /** A member takes part in another one: later. */
  | 'busy'
  /** The interval ended, or a member did not answer. */
  | 'interrupted'
  | 'done';

/** Scrubs an active PG whose primary we are. */
export async function scrubPg(ctx: OsdContext, pg: Pg, kind: ScrubKind): Promise<ScrubOutcome> {
  const run = new IntervalRun(ctx, pg);
  const scrub = new Scrub(ctx, pg, run, kind);
  try {
    if (!(await scrub.reserve())) return 'busy';
    await scrub.run();
    return 'done';
  } catch (error) {
    const { code, message } = expectedError(error);
    ctx.env.log.info({ pg: pg.id, kind, code, reason: message }, 'scrub interrupted, it begins again later');
    return 'interrupted';
  } finally {
    scrub.release();
    run.end();
  }
}

class Scrub {
  readonly #ctx: OsdContext;
  readonly #pg: Pg;
  readonly #run: IntervalRun;
  readonly #kind: ScrubKind;
  readonly #others: readonly OsdId[];
  readonly #options: CompareOptions;
  #reserved: OsdId[] = [];
  readonly #findings: Finding[] = [];
  #objects = 0;

  constructor(ctx: OsdContext, pg: Pg, run: IntervalRun, kind: ScrubKind) {
    this.#ctx = ctx;
    this.#pg = pg;
    this.#run = run;
    this.#kind = kind;
    this.#others = (pg.mapping?.acting ?? []).filter((osd) => osd !== ctx.id);
    this.#options = { deep: kind !== 'scrub', patient: false };
  }

  /** A place here and on every other member, or none. */
  async reserve(): Promise<boolean> {
    const { env, scrubSlots, id } = this.#ctx;
    if (!scrubSlots.take(this.#pg, env.clock.monotonicMs())) return false;
    this.#reserved.push(id);
    const granted = await Promise.all(
      this.#others.map(async (osd) => {
        // Released also when the answer is lost.
        this.#reserved.push(osd);
        const { message } = await this.#ctx.peers.need(osd).request('scrubReserve', this.#name, this.#run.options());
        return message.granted;
      }),
    );
    this.#run.check();
    return granted.every((is) => is);
  }

  release(): void {
    for (const osd of this.#reserved) {
      if (osd === this.#ctx.id) this.#ctx.scrubSlots.release(this.#pg);
      else this.#ctx.peers.session(osd)?.push('scrubRelease', this.#name);
    }
    this.#reserved = [];
    this.#pg.scrubbing = undefined;
  }

  async run(): Promise<void> {
    const { env } = this.#ctx;
    this.#pg.scrubbing = this.#kind;
    this.#ctx.reportSoon();
    const startedMs = env.clock.monotonicMs();
    env.log.info({ pg: this.#pg.id, kind: this.#kind }, 'scrub begins');
    let after = '';
    while (true) {
      const { through, end } = await this.#chunk(after);
      if (end) break;
      after = through;
    }
    await this.#finish(env.clock.monotonicMs() - startedMs);
  }

  get #name(): { readonly pool: number; readonly pg: number; readonly interval: number } {
    return { pool: this.#pg.pool, pg: this.#pg.seq, interval: this.#run.interval };
  }

  /** Compares the objects after a name, up to another. */
  async #chunk(after: string): Promise<{ readonly through: string; readonly end: boolean }> {
    const { env, config } = this.#ctx;
    const startedMs = env.clock.monotonicMs();
    this.#ctx.scrubSlots.touch(this.#pg, startedMs);
    const maps = await this.#maps(after);
    this.#run.check();
    const through = nearest(maps.filter(({ end }) => !end).map((map) => map.through));
    const names = namesUpTo(maps, through);
    let bytes = 0;
    for (const name of names) {
      const copies = maps.map(({ osd, objects }): Copy => ({ osd, object: objects.get(name) }));
      bytes += Math.max(0, ...copies.map(({ object }) => object?.size ?? 0));
      if (!copiesAgree(copies)) await this.#look(name);
    }
    this.#objects += names.length;
    // At most half of the time, and not more than so many bytes a second.
    const spentMs = env.clock.monotonicMs() - startedMs;
    const paidMs = this.#options.deep ? (bytes / config.scrubBytesPerSecond) * 1_000 : 0;
    await this.#run.sleep(Math.max(config.scrubPauseMs, spentMs, paidMs - spentMs));
    this.#run.check();
    return { through: through ?? after, end: through === undefined };
  }

  async #maps(after: string): Promise<MemberMap[]> {
    const { config, id, peers } = this.#ctx;
    const range = { after, only: '', maxObjects: config.scrubChunkObjects, deep: this.#options.deep };
    const settled = settledVersion(this.#pg);
    return Promise.all(
      [id, ...this.#others].map(async (osd) => {
        if (osd === id) return memberMap(osd, await scrubMap(this.#ctx, this.#pg, range, () => this.#run.check()));
        const request = { ...this.#name, ...range, ...(settled === undefined ? {} : { settled }) };
        const { message } = await peers.need(osd).request('scrubMap', request, this.#run.options());
        if (message.logGap) this.#logGap(osd);
        return memberMap(osd, message);
      }),
    );
  }

  #logGap(osd: OsdId): void {
    if (this.#findings.some((finding) => finding.object === '' && finding.osd === osd)) return;
    this.#found([{ object: '', osd, what: ['log'], good: [this.#ctx.id], detail: '' }]);
  }

  /** An object that did not look right. */
  async #look(name: string): Promise<void> {
    for (let look = 0; look < looksMax; look++) {
      const copies = await copiesOf(this.#ctx, this.#pg, this.#run, name, this.#options);
      if (copiesAgree(copies)) return;
    }
    // One that is looked for already is left to that.
    if (!(await lockObject(this.#pg, this.#run, name))) return;
    try {
      const verdict = await examine(this.#ctx, this.#pg, this.#run, name, this.#options);
      if (verdict.findings.length === 0) return;
      if (this.#kind !== 'repair') this.#found(verdict.findings);
      else {
        reportFindings(this.#ctx, this.#pg, verdict.findings);
        this.#findings.push(...(await mendLocked(this.#ctx, this.#pg, this.#run, name, verdict)).left);
      }
    } finally {
      unlockObject(this.#ctx, this.#pg, this.#run, name);
    }
  }

  #found(findings: readonly Finding[]): void {
    this.#findings.push(...findings);
    reportFindings(this.#ctx, this.#pg, findings);
  }

  async #finish(tookMs: number): Promise<void> {
    const { env } = this.#ctx;
    const pg = this.#pg;
    const record = scrubbed(pg.scrubs, this.#kind, Math.floor(env.clock.nowMs()), this.#findings);
    pg.scrubbing = undefined;
    await saveScrubRecord(this.#ctx, pg, record);
    if (this.#kind === 'repair') await countObjects(this.#ctx, pg, this.#run);
    this.#ctx.reportSoon();
    const { errors } = record;
    env.log.info({ pg: pg.id, kind: this.#kind, objects: this.#objects, errors, ms: Math.round(tookMs) }, 'scrub done');
  }
}

/** What one member has of a chunk. */
interface MemberMap {
  readonly osd: OsdId;
  readonly objects: ReadonlyMap<string, ScrubObject>;
  readonly through: string;
  readonly end: boolean;
}

function memberMap(osd: OsdId, map: Pick<Init<ScrubMapReply>, 'objects' | 'through' | 'end'>): MemberMap {
  const objects = new Map<string, ScrubObject>();
  for (const object of map.objects ?? []) {
    const plain = plainScrubObject(object);
    objects.set(plain.name, plain);
  }
  return { osd, objects, through: map.through ?? '', end: map.end ?? false };
}

/** The smallest in name order. */
function nearest(names: readonly string[]): string | undefined {
  return names.reduce<string | undefined>((least, name) => (least === undefined || inOrder(name, least) < 0 ? name : least), undefined);
}

function namesUpTo(maps: readonly MemberMap[], through: string | undefined): string[] {
  const names = new Set<string>();
  for (const { objects } of maps)
    for (const name of objects.keys()) if (through === undefined || inOrder(name, through) <= 0) names.add(name);
  return [...names].sort(inOrder);
}

function inOrder(a: string, b: string): number {
  return compareNames(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** The newest write that is durable on every member; undefined before there is one. */
function settledVersion(pg: Pg): Version | undefined {
  const newest = pg.window.oldest;
  if (newest === undefined) return pg.log.newest?.version;
  return pg.log.before(newest)?.version;
}
