/**
 * Work that belongs to one interval of one PG: it ends with the interval or the daemon, whichever is first.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';

export class IntervalRun {
  readonly interval: number;
  readonly signal: AbortSignal;
  readonly #ctx: OsdContext;
  readonly #pg: Pg;
  readonly #forget: () => void;

  constructor(ctx: OsdContext, pg: Pg) {
    this.#ctx = ctx;
    this.#pg = pg;
    this.interval = pg.interval;
    const controller = new AbortController();
    this.signal = controller.signal;
    const end = (): void => controller.abort();
    this.#forget = pg.onIntervalEnd(end);
    if (ctx.stopping.aborted) end();
  }

  /** The work is done: the PG need not tell it any more when the interval ends. */
  end(): void {
    this.#forget();
  }

  /** Neither the interval nor the daemon has ended. */
  alive(): boolean {
    return !this.signal.aborted && !this.#ctx.stopping.aborted;
  }

  /** Throws ECANCELED when the interval is over. */
  check(): void {
    if (!this.alive()) throw new FsError('ECANCELED', `pg ${this.#pg.id}: interval ${this.interval} is over`, { retry: 'safe' });
  }

  /** Options for a request to another OSD. */
  options(payload?: readonly Uint8Array[]): {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    readonly payload?: readonly Uint8Array[];
  } {
    const { signal } = this;
    const timeoutMs = this.#ctx.config.peerTimeoutMs;
    return payload === undefined ? { timeoutMs, signal } : { timeoutMs, signal, payload };
  }

  /** Resolves after the time, or at once when the interval ends. */
  async sleep(ms: number): Promise<void> {
    await sleep(this.#ctx, ms, this.signal);
  }
}

/** Resolves after the time, or at once when the signal aborts or the daemon stops. */
export function sleep(ctx: OsdContext, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      for (const forget of forgets) forget();
      resolve();
    };
    const timer = ctx.env.clock.setTimer(ms, done);
    const forgets = [ctx.stopping, ...(signal === undefined ? [] : [signal])].map((each) => onAbort(each, done));
    if (signal?.aborted === true || ctx.stopping.aborted) done();
  });
}

/** Operating failures pass; anything else is a bug and ends the daemon. */
export function expectedError(error: unknown): FsError {
  if (!(error instanceof FsError)) throw error;
  return error;
}
