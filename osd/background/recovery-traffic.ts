/**
 * How much of this OSD recovery may take: at most so many bytes a second while clients are at work, in order of
 * urgency, and nothing while the administrator has it paused.
 * @module
 */
import type { ClusterFlag, ClusterMap } from '../../common/maps/cluster-map.ts';
import type { Clock, Timer } from '../../common/runtime/clock.ts';
import { FsError } from '../../common/errors/fs-error.ts';

/** An object counts as so many bytes more than it has: small ones cost round trips and commits. */
const objectOverheadBytes = 16 * 1024;
/** Clients are at work while their last operation is no longer ago than this. */
const quietMs = 1_000;
/** What may be sent at once after a while of nothing. */
const burstMs = 100;

interface Waiter {
  readonly bytes: number;
  readonly rank: number;
  /** A client waits for this object. */
  readonly isWanted: () => boolean;
  readonly go: () => void;
}

export interface TrafficParts {
  readonly clock: Clock;
  /** 0: no limit. */
  readonly bytesPerSecond: number;
  readonly map: () => ClusterMap;
}

export class RecoveryTraffic {
  readonly #parts: TrafficParts;
  #lastClientMs = -Infinity;
  /** That may be sent; below 0 when what was urgent has been sent before its time. */
  #tokens = 0;
  #filledMs = -Infinity;
  #waiting: Waiter[] = [];
  #timer: Timer | undefined;
  #onMap: (() => void)[] = [];

  constructor(parts: TrafficParts) {
    this.#parts = parts;
  }

  /** A client's operation, here or at a member that copies go to. */
  noteClient(): void {
    this.#lastClientMs = this.#parts.clock.monotonicMs();
  }

  get busy(): boolean {
    return this.#parts.clock.monotonicMs() - this.#lastClientMs < quietMs;
  }

  /**
   * Resolves when a piece of so many bytes may be sent: at once when nobody is disturbed or a client waits for it, else
   * in its turn; `rank`: lower ones first. Rejects with ECANCELED when the signal aborts.
   */
  take(bytes: number, first: boolean, rank: number, isWanted: () => boolean, signal: AbortSignal): Promise<void> {
    const cost = bytes + (first ? objectOverheadBytes : 0);
    if (this.#waiting.length === 0 && this.#isFree(isWanted)) {
      this.#tokens -= cost;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new FsError('ECANCELED', 'the copy is wanted no longer', { retry: 'safe' }));
      };
      const waiter: Waiter = {
        bytes: cost,
        rank,
        isWanted,
        go: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      if (signal.aborted) {
        cancel();
        return;
      }
      signal.addEventListener('abort', cancel);
      const at = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, waiter);
      this.hurry();
    });
  }

  /** Somebody has begun to wait for an object. */
  hurry(): void {
    if (this.#waiting.length === 0) return;
    const still: Waiter[] = [];
    for (const waiter of this.#waiting) {
      if (!this.#isFree(waiter.isWanted)) {
        still.push(waiter);
        continue;
      }
      this.#tokens -= waiter.bytes;
      waiter.go();
    }
    this.#waiting = still;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (still.length === 0) return;
    const { bytesPerSecond: rate } = this.#parts;
    const ms = Math.max(1, Math.min(quietMs, ((1 - this.#tokens) / rate) * 1_000));
    this.#timer = this.#parts.clock.setTimer(ms, () => this.hurry());
  }

  /** Resolves when none of the flags is set. Rejects with ECANCELED when the signal aborts. */
  async whileNot(flags: readonly ClusterFlag[], signal: AbortSignal): Promise<void> {
    while (flags.some((flag) => this.#parts.map().flags.has(flag))) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        this.#onMap.push(resolve);
        if (signal.aborted) resolve();
      });
      if (signal.aborted) throw new FsError('ECANCELED', 'recovery is wanted no longer', { retry: 'safe' });
    }
  }

  /** There is a newer map. */
  mapChanged(): void {
    const waiting = this.#onMap;
    this.#onMap = [];
    for (const resolve of waiting) resolve();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #isFree(isWanted: () => boolean): boolean {
    const { bytesPerSecond: rate } = this.#parts;
    if (rate === 0 || isWanted() || !this.busy) return true;
    const nowMs = this.#parts.clock.monotonicMs();
    const gained = Math.min(burstMs, nowMs - this.#filledMs) * (rate / 1_000);
    this.#tokens = Math.min((burstMs * rate) / 1_000, Math.max(this.#tokens, -rate) + gained);
    this.#filledMs = nowMs;
    return this.#tokens > 0;
  }
}
