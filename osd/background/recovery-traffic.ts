/**
 * How much of this OSD recovery may take: while clients are at work so many pieces at a time and so many bytes a second, in
 * order of urgency, and nothing while the administrator has it paused.
 *
 * What clients feel is mostly the pieces that stand in the queues before their operations, on processors, disks and
 * connections: the fewer are under way, the less. A place rests as long as its last piece took, so that recovery has half of its
 * time at most, and slows down by itself where the machines are busy.
 * @module
 */
import type { ClusterFlag, ClusterMap } from '../../common/maps/cluster-map.ts';
import type { Clock, Timer } from '../../common/runtime/clock.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';

/** An object counts as so many bytes more than it has: small ones cost round trips and commits. */
const objectOverheadBytes = 16 * 1024;
/** Clients are at work while their last operation is no longer ago than this. */
const quietMs = 1_000;
/** What may be sent at once after a while of nothing. */
const burstMs = 100;

/** A part of an object that is to be sent to another OSD. */
export interface PieceToSend {
  readonly bytes: number;
  /** The object's first one. */
  readonly first: boolean;
  /** Lower ones go first. */
  readonly rank: number;
  /** A client waits for this object. */
  readonly isWanted: () => boolean;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly piece: PieceToSend;
  readonly go: () => void;
}

export interface TrafficParts {
  readonly clock: Clock;
  /** Under way at the same time while clients are at work. */
  readonly piecesMax: number;
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
  #underWay = 0;
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
   * Has `send` send a piece: at once when nobody is disturbed or a client waits for it, else in its turn. Rejects with
   * ECANCELED when the signal aborts before.
   */
  async carry<T>(piece: PieceToSend, send: () => Promise<T>): Promise<T> {
    if (this.#waiting.length === 0 && this.#isFree(piece)) this.#begin(piece);
    else await this.#turnOf(piece);
    const { clock } = this.#parts;
    const sinceMs = clock.monotonicMs();
    try {
      return await send();
    } finally {
      if (this.busy) clock.setTimer(clock.monotonicMs() - sinceMs, () => this.#end());
      else this.#end();
    }
  }

  #end(): void {
    this.#underWay--;
    this.hurry();
  }

  #turnOf(piece: PieceToSend): Promise<void> {
    const { rank, signal } = piece;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new FsError('ECANCELED', 'the copy is wanted no longer', { retry: 'safe' }));
      };
      const waiter: Waiter = {
        piece,
        go: () => {
          forget();
          resolve();
        },
      };
      if (signal.aborted) {
        cancel();
        return;
      }
      const forget = onAbort(signal, cancel);
      const at = this.#waiting.findIndex((other) => other.piece.rank > rank);
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, waiter);
      this.hurry();
    });
  }

  #begin({ bytes, first }: PieceToSend): void {
    this.#underWay++;
    this.#tokens -= bytes + (first ? objectOverheadBytes : 0);
  }

  /** A piece is done, or somebody has begun to wait for an object. */
  hurry(): void {
    if (this.#waiting.length === 0) return;
    const still: Waiter[] = [];
    for (const waiter of this.#waiting) {
      if (!this.#isFree(waiter.piece)) {
        still.push(waiter);
        continue;
      }
      this.#begin(waiter.piece);
      waiter.go();
    }
    this.#waiting = still;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (still.length === 0) return;
    const { bytesPerSecond: rate, clock } = this.#parts;
    // Also when the clients may have gone quiet meanwhile.
    const ms = this.#tokens > 0 || rate === 0 ? quietMs : Math.max(1, Math.min(quietMs, ((1 - this.#tokens) / rate) * 1_000));
    this.#timer = clock.setTimer(ms, () => this.hurry());
  }

  /** Resolves when none of the flags is set. Rejects with ECANCELED when the signal aborts. */
  async whileNot(flags: readonly ClusterFlag[], signal: AbortSignal): Promise<void> {
    while (flags.some((flag) => this.#parts.map().flags.has(flag))) {
      let forget = (): void => undefined;
      if (!signal.aborted)
        await new Promise<void>((resolve) => {
          forget = onAbort(signal, resolve);
          this.#onMap.push(resolve);
        });
      forget();
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

  #isFree({ isWanted }: PieceToSend): boolean {
    if (isWanted() || !this.busy) return true;
    const { bytesPerSecond: rate, piecesMax } = this.#parts;
    if (this.#underWay >= piecesMax) return false;
    if (rate === 0) return true;
    const nowMs = this.#parts.clock.monotonicMs();
    const gained = Math.min(burstMs, nowMs - this.#filledMs) * (rate / 1_000);
    this.#tokens = Math.min((burstMs * rate) / 1_000, Math.max(this.#tokens, -rate) + gained);
    this.#filledMs = nowMs;
    return this.#tokens > 0;
  }
}
