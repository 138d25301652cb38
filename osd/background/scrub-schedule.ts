/**
 * When which PG is scrubbed: what was ordered first, then what has waited longest.
 *
 * Of the PGs whose primary this OSD is, one is scrubbed at a time. Times are drawn apart, so that PGs of one age do
 * not all come due together.
 * @module
 */
import type { Timer } from '../../common/runtime/clock.ts';
import type { ScrubOrder } from '../../common/wire/gen/messages.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import { scrubKinds, type ScrubKind } from '../core/scrub-record.ts';
import { scrubPg } from './scrub.ts';

/** What was ordered and could not begin is tried again within this time. */
const retryMs = 1_000;
/** Intervals vary by this share, either way. */
const jitter = 0.25;

interface Order {
  readonly id: number;
  readonly kind: ScrubKind;
}

export class ScrubSchedule {
  readonly #ctx: OsdContext;
  readonly #orders = new Map<string, Order>();
  /** Share of its interval after which a PG is due, by PG; drawn anew after each scrub. */
  readonly #shares = new Map<Pg, number>();
  #timer: Timer | undefined;
  #running = false;
  #again = false;

  constructor(ctx: OsdContext) {
    this.#ctx = ctx;
  }

  start(): void {
    this.#arm(this.#ctx.config.scrubCheckMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** What the mon wants done, as it says with every answer to a beacon. */
  order(orders: readonly ScrubOrder[]): void {
    if (orders.length === 0 && this.#orders.size === 0) return;
    const before = new Map(this.#orders);
    this.#orders.clear();
    for (const { pg, id, kind } of orders) {
      const known = scrubKinds.find((each) => each === kind);
      if (known !== undefined) this.#orders.set(pg, { id, kind: known });
    }
    // One that could not be carried out is tried again after a pause of random length, not with each beacon: two primaries that
    // each hold the place the other needs would else try, and fail, at the same moments for ever.
    if ([...this.#orders].some(([pg, { id }]) => before.get(pg)?.id !== id)) this.#wake();
  }

  #arm(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#ctx.env.clock.setTimer(ms, () => this.#wake());
  }

  #wake(): void {
    if (this.#ctx.stopping.aborted || this.#timer === undefined) return;
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    this.#ctx.env.spawn('scrub', () => this.#run());
  }

  async #run(): Promise<void> {
    let waits = false;
    while (this.#again && !this.#ctx.stopping.aborted) {
      this.#again = false;
      waits = false;
      for (const pg of this.#ctx.allPgs()) waits = (await this.#orderedScrub(pg)) || waits;
      await this.#dueScrub();
    }
    this.#running = false;
    if (this.#ctx.stopping.aborted) return;
    const { random } = this.#ctx.env;
    this.#arm((waits ? retryMs : this.#ctx.config.scrubCheckMs) * (1 - jitter + 2 * jitter * random.float()));
  }

  /** True: there is an order that could not be carried out yet. */
  async #orderedScrub(pg: Pg): Promise<boolean> {
    const order = this.#orders.get(pg.id);
    if (order === undefined || !pg.isPrimary || order.id <= pg.scrubOrder) return false;
    if (!this.#mayScrub(pg) || (await scrubPg(this.#ctx, pg, order.kind)) !== 'done') return true;
    pg.scrubOrder = order.id;
    this.#drawShare(pg);
    this.#ctx.reportSoon();
    return false;
  }

  /** Scrubs the PG that has waited longest, if any is due; others have their turn before the next. */
  async #dueScrub(): Promise<void> {
    const due: { readonly pg: Pg; readonly kind: ScrubKind; readonly lateMs: number }[] = [];
    for (const pg of this.#ctx.allPgs()) {
      const kind = this.#mayScrub(pg) ? this.#dueKind(pg) : undefined;
      if (kind !== undefined) due.push({ pg, ...kind });
    }
    due.sort((a, b) => b.lateMs - a.lateMs || a.pg.id.localeCompare(b.pg.id));
    for (const { pg, kind } of due) {
      if (!this.#mayScrub(pg) || (await scrubPg(this.#ctx, pg, kind)) !== 'done') continue;
      this.#drawShare(pg);
      this.#again ||= due.length > 1;
      return;
    }
  }

  #mayScrub(pg: Pg): boolean {
    return pg.state.kind === 'active' && this.#ctx.leaseValid() && !this.#ctx.stopping.aborted;
  }

  #dueKind(pg: Pg): { readonly kind: ScrubKind; readonly lateMs: number } | undefined {
    const { config, env, map } = this.#ctx;
    if (map.flags.has('noscrub')) return undefined;
    const { sinceMs, scrubbedMs, deepScrubbedMs } = pg.scrubs;
    const share = this.#shares.get(pg) ?? this.#drawShare(pg);
    const nowMs = env.clock.nowMs();
    const deepLateMs = nowMs - Math.max(sinceMs, deepScrubbedMs) - share * config.deepScrubIntervalMs;
    if (deepLateMs >= 0 && !map.flags.has('nodeep-scrub')) return { kind: 'deep-scrub', lateMs: deepLateMs };
    const lateMs = nowMs - Math.max(sinceMs, scrubbedMs) - share * config.scrubIntervalMs;
    return lateMs >= 0 ? { kind: 'scrub', lateMs } : undefined;
  }

  #drawShare(pg: Pg): number {
    const share = 1 - jitter + 2 * jitter * this.#ctx.env.random.float();
    this.#shares.set(pg, share);
    return share;
  }
}
