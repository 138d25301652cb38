/**
 * Deadlines of many requests on one timer: a wheel of slots, each a linked list, so that adding and removing
 * cost nothing that grows and no timer is made per request.
 * A deadline fires up to one slot late, never early.
 * @module
 */
import type { Clock, Timer } from '../runtime/clock.ts';

const slotMs = 16;
const slots = 512;

/** Something with a deadline: extend it, or hold one. */
export abstract class Deadline {
  /** @internal */
  previous: Deadline | undefined = undefined;
  /** @internal */
  next: Deadline | undefined = undefined;
  /** @internal Tick at which it fires; -1 while not in a wheel. */
  dueTick = -1;

  /** The time has come; it is out of the wheel. */
  abstract onDeadline(): void;
}

export class DeadlineWheel {
  readonly #clock: Clock;
  readonly #heads: (Deadline | undefined)[] = new Array<Deadline | undefined>(slots).fill(undefined);
  #count = 0;
  /** The last tick that was swept. */
  #sweptTick: number;
  #timer: Timer | undefined;
  #armedTick = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sweptTick = this.#nowTick();
  }

  /** Calls `item.onDeadline()` once, `ms` from now, unless removed before. */
  add(item: Deadline, ms: number): void {
    if (this.#count === 0) this.#sweptTick = this.#nowTick();
    const due = Math.max(this.#sweptTick + 1, Math.ceil((this.#clock.monotonicMs() + ms) / slotMs));
    item.dueTick = due;
    const slot = due % slots;
    const head = this.#heads[slot];
    item.next = head;
    if (head !== undefined) head.previous = item;
    this.#heads[slot] = item;
    this.#count += 1;
    if (due < this.#armedTick) this.#arm(due);
  }

  /** Takes it out; harmless when it is not in. */
  remove(item: Deadline): void {
    if (item.dueTick < 0) return;
    const { previous, next } = item;
    if (previous !== undefined) previous.next = next;
    else this.#heads[item.dueTick % slots] = next;
    if (next !== undefined) next.previous = previous;
    item.previous = undefined;
    item.next = undefined;
    item.dueTick = -1;
    this.#count -= 1;
  }

  /** Forgets all without firing. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedTick = Infinity;
    this.#heads.fill(undefined);
    this.#count = 0;
  }

  #nowTick(): number {
    return Math.floor(this.#clock.monotonicMs() / slotMs);
  }

  #arm(tick: number): void {
    this.#timer?.cancel();
    this.#armedTick = tick;
    // At least a millisecond: one that fires a rounding error too early must not be made anew without time passing.
    this.#timer = this.#clock.setTimer(Math.max(1, tick * slotMs - this.#clock.monotonicMs()), () => this.#sweep());
  }

  #sweep(): void {
    this.#timer = undefined;
    this.#armedTick = Infinity;
    const from = this.#sweptTick + 1;
    const now = Math.max(this.#nowTick(), this.#sweptTick);
    this.#sweptTick = now; // what is added while sweeping is due later
    const last = Math.min(now, from + slots - 1); // after a long stop one round sees every slot
    for (let tick = from; tick <= last; tick += 1) this.#sweepSlot(tick % slots, now);
    if (this.#count === 0) return;
    const next = this.#nextTick();
    if (next < this.#armedTick) this.#arm(next);
  }

  #sweepSlot(slot: number, now: number): void {
    const due: Deadline[] = [];
    for (let item = this.#heads[slot]; item !== undefined; item = item.next) if (item.dueTick <= now) due.push(item);
    // Oldest first; one that fires may remove another.
    for (let i = due.length - 1; i >= 0; i -= 1) {
      const item = due[i] as Deadline;
      if (item.dueTick < 0 || item.dueTick > now) continue;
      this.remove(item);
      item.onDeadline();
    }
  }

  /** The next tick whose slot holds something; an item of a later round only costs a look. */
  #nextTick(): number {
    for (let i = 1; i < slots; i += 1) if (this.#heads[(this.#sweptTick + i) % slots] !== undefined) return this.#sweptTick + i;
    return this.#sweptTick + slots;
  }
}
