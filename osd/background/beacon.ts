/**
 * The beacon: renews the lease (DESIGN 4, R4) and tells the mon how the PGs are whose primary this OSD is.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { OsdId } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Init, OsdBeaconReply, PgStat } from '../../common/wire/gen/messages.ts';
import type { OsdContext } from '../context.ts';
import { copiesLeft } from '../core/copies-left.ts';
import type { Pg } from '../core/pg.ts';

/** After something changed, a beacon goes out within this time. */
const soonMs = 50;
/** Wrong copies of a PG that are named; of more, the count. */
const findingsMax = 50;
/** Likewise of its objects of which no copy is at hand. */
const unfoundMax = 50;

export interface BeaconOptions {
  /** The answer to a beacon that was sent at `sentMs` on the monotonic clock. */
  readonly onReply: (reply: OsdBeaconReply, sentMs: number) => void;
}

/** Sends beacons until the daemon stops. */
export class Beacon {
  readonly #ctx: OsdContext;
  readonly #options: BeaconOptions;
  #timer: Timer | undefined;
  #soon = false;
  #sending = false;
  #wasScarce = false;

  constructor(ctx: OsdContext, options: BeaconOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  start(): void {
    this.#send();
  }

  /** Something worth telling has changed. */
  soon(): void {
    if (this.#soon || this.#timer === undefined) return;
    this.#soon = true;
    this.#arm(soonMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#ctx.env.clock.setTimer(ms, () => this.#send());
  }

  /** Who is nearly full says how much room there is, and once when it no longer is. */
  #tellOfSpace(): void {
    const { isScarce } = this.#ctx.space;
    if (isScarce || this.#wasScarce) tellPrimaries(this.#ctx);
    this.#wasScarce = isScarce;
  }

  #send(): void {
    const ctx = this.#ctx;
    if (ctx.stopping.aborted) return;
    this.#soon = false;
    this.#arm(ctx.config.beaconMs);
    if (this.#sending) return;
    this.#sending = true;
    const sentMs = ctx.env.clock.monotonicMs();
    const usage = ctx.store.usage();
    ctx.space.invalidate();
    this.#tellOfSpace();
    const beacon = {
      osd: ctx.id,
      instance: ctx.messenger.instance,
      epoch: ctx.map.epoch,
      usedBytes: usage.usedBytes,
      totalBytes: usage.totalBytes,
      objects: usage.objects,
      storedBytes: usage.storedBytes,
      pgs: pgStats(ctx),
      unreachable: ctx.peers.unreachable(sentMs),
    };
    ctx.monClient.request('osdBeacon', beacon, { timeoutMs: ctx.config.beaconMs, signal: ctx.stopping }).then(
      (reply) => {
        this.#sending = false;
        this.#options.onReply(reply, sentMs);
      },
      (error: unknown) => {
        this.#sending = false;
        const { code, message } = toFsError(error);
        if (!ctx.stopping.aborted) ctx.env.log.debug({ code, reason: message }, 'beacon not answered');
      },
    );
  }
}

/** Word of how much room there is, to those whose writes come here. */
function tellPrimaries(ctx: OsdContext): void {
  const primaries = new Set<OsdId>();
  for (const { mapping } of ctx.allPgs()) {
    const primary = mapping?.primary;
    if (primary !== undefined && primary !== ctx.id) primaries.add(primary);
  }
  const { freeBytes, totalBytes } = ctx.space;
  for (const osd of primaries) ctx.peers.session(osd)?.push('repAck', { items: [], freeBytes, totalBytes });
}

function pgStats(ctx: OsdContext): Init<PgStat>[] {
  const stats: Init<PgStat>[] = [];
  for (const pg of ctx.allPgs()) if (pg.isPrimary) stats.push(statOf(pg, ctx.env.clock.monotonicMs()));
  return stats;
}

function statOf(pg: Pg, nowMs: number): Init<PgStat> {
  const { objectsPerSecond, bytesPerSecond } = pg.meter.rate(nowMs);
  return {
    pg: pg.id,
    state: stateName(pg),
    interval: pg.interval,
    objects: pg.objects,
    bytes: pg.bytes,
    ...copiesLeft(pg),
    recoveredObjectsPerSecond: objectsPerSecond,
    recoveredBytesPerSecond: bytesPerSecond,
    lastScrubMs: pg.scrubs.scrubbedMs,
    lastDeepScrubMs: pg.scrubs.deepScrubbedMs,
    scrubErrors: pg.scrubs.errors,
    findings: pg.scrubs.findings.slice(0, findingsMax),
    scrubOrder: pg.scrubOrder,
    unfoundObjects: pg.unfound.size,
    unfound: [...pg.unfound].slice(0, unfoundMax).map(([object, osds]) => ({ object, osds })),
  };
}

/** `active+clean`, `active+degraded+recovering`, `peering`, ...: words that say all that is the matter. */
function stateName(pg: Pg): string {
  const { kind } = pg.state;
  if (kind !== 'active') return kind;
  const acting = pg.mapping?.acting ?? [];
  const up = pg.mapping?.up ?? [];
  const words = ['active'];
  if (acting.length < pg.size) words.push('degraded');
  if (!pg.writable) words.push('readonly');
  if (pg.recovering.size > 0)
    words.push([...pg.recovering.values()].some((recovery) => recovery.phase.kind === 'backfill') ? 'backfilling' : 'recovering');
  else if (acting.some((osd) => !up.includes(osd))) words.push('remapped');
  words.push(...new Set(pg.tooFull.values()));
  if (pg.unfound.size > 0) words.push('unfound');
  if (words.length === 1) words.push('clean');
  if (pg.scrubs.errors > 0) words.push('inconsistent');
  if (pg.scrubbing !== undefined)
    words.push('scrubbing', ...(pg.scrubbing === 'scrub' ? [] : ['deep']), ...(pg.scrubbing === 'repair' ? ['repair'] : []));
  return words.join('+');
}
