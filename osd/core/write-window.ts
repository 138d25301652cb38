/**
 * The writes of one PG that its primary has begun and not yet acknowledged, and how far each member has
 * got with them.
 *
 * Every member takes the writes in the order of their counters and acknowledges them cumulatively, so a write
 * is durable everywhere once the slowest member is past it, and writes complete in the order in which they
 * began. A member in recovery is sent only the writes of objects it already has; those it was not sent do not
 * wait for it. Hot path: calls out instead of returning effects.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { OsdId } from '../../common/maps/ids.ts';

/** One write on its way. `message` and `payload` are kept for a member whose connection comes back. */
export interface InFlightWrite<M> {
  readonly counter: number;
  readonly object: string;
  /** Bytes held until it completes. */
  readonly bytes: number;
  readonly message: M;
  readonly payload: readonly Uint8Array[];
  /** Run when it is durable on all members, or the interval has ended. */
  readonly waiters: Waiter[];
  /** How often it was sent to members, and how often one has acknowledged it. */
  sendings: number;
  acks: number;
}

/** `durable` false: the interval ended first; whether the write survives is not known here. */
export type Waiter = (durable: boolean) => void;

/** The writes sent to one member and not acknowledged, oldest first. */
export class MemberStream<M> {
  readonly osd: OsdId;
  readonly stream: number;
  #unacked: { readonly position: number; readonly write: InFlightWrite<M> }[] = [];
  #start = 0;
  #position = 0;
  #flushWaiters: { readonly position: number; readonly done: () => void }[] = [];

  constructor(osd: OsdId, stream: number) {
    this.osd = osd;
    this.stream = stream;
  }

  /** Counter of the oldest write that it has not acknowledged; Infinity when there is none. */
  get oldestUnacked(): number {
    return this.#start === this.#unacked.length ? Infinity : (this.#unacked[this.#start]?.write.counter as number);
  }

  /** Notes that `write` goes to it; returns its position in the stream. */
  add(write: InFlightWrite<M>): number {
    const position = ++this.#position;
    this.#unacked.push({ position, write });
    return position;
  }

  /** It has everything up to `position`. */
  ack(position: number): void {
    for (let oldest; (oldest = this.#unacked[this.#start]) !== undefined && oldest.position <= position; this.#start++) oldest.write.acks++;
    if (this.#start === this.#unacked.length || this.#start > 256) {
      this.#unacked = this.#unacked.slice(this.#start);
      this.#start = 0;
    }
    while (this.#flushWaiters.length > 0 && (this.#flushWaiters[0]?.position as number) <= position) this.#flushWaiters.shift()?.done();
  }

  /** Runs `done` when it has acknowledged everything sent so far. */
  whenFlushed(done: () => void): void {
    if (this.#start === this.#unacked.length) done();
    else this.#flushWaiters.push({ position: this.#position, done });
  }

  /** What to send again when its connection has come back. */
  *unacked(): Generator<{ readonly position: number; readonly write: InFlightWrite<M> }> {
    for (let i = this.#start; i < this.#unacked.length; i++) yield this.#unacked[i] as { position: number; write: InFlightWrite<M> };
  }
}

/** Bytes in flight of all PGs of an OSD. */
export interface InFlightBudget {
  bytes: number;
}

export class WriteWindow<M> {
  readonly #budget: InFlightBudget;
  #writes: InFlightWrite<M>[] = [];
  #start = 0;
  /** Newest write in flight of each object. */
  readonly #byObject = new Map<string, InFlightWrite<M>>();
  readonly members = new Map<OsdId, MemberStream<M>>();
  #localDurable = 0;
  /** Together of all writes in flight. */
  bytes = 0;

  constructor(budget: InFlightBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#writes.length - this.#start;
  }

  /** Counter of the oldest write in flight; undefined when there is none. */
  get oldest(): number | undefined {
    return this.#writes[this.#start]?.counter;
  }

  /** The newest write of `object` that is not yet durable everywhere. */
  newestOf(object: string): InFlightWrite<M> | undefined {
    return this.#byObject.get(object);
  }

  /** The newest write of all that is not yet durable everywhere. */
  get newest(): InFlightWrite<M> | undefined {
    return this.size === 0 ? undefined : this.#writes[this.#writes.length - 1];
  }

  /** Counter of the oldest write in flight; undefined when there is none. */
  get oldestCounter(): number | undefined {
    return this.#writes[this.#start]?.counter;
  }

  /** The write in flight with that counter. */
  at(counter: number): InFlightWrite<M> | undefined {
    const first = this.#writes[this.#start];
    return first === undefined || counter < first.counter ? undefined : this.#writes[this.#start + counter - first.counter];
  }

  begin(write: InFlightWrite<M>): void {
    const last = this.size === 0 ? undefined : this.#writes[this.#writes.length - 1];
    assert(last === undefined || last.counter + 1 === write.counter, `write ${write.counter} begins after ${last?.counter ?? 0}`);
    this.#writes.push(write);
    this.#byObject.set(write.object, write);
    this.bytes += write.bytes;
    this.#budget.bytes += write.bytes;
  }

  /** The primary's own store has everything up to `counter`. */
  localDurable(counter: number): void {
    if (counter <= this.#localDurable) return;
    this.#localDurable = counter;
    this.advance();
  }

  /** Completes what has become durable everywhere. */
  advance(): void {
    if (this.#start === this.#writes.length) return;
    let limit = this.#localDurable;
    for (const member of this.members.values()) limit = Math.min(limit, member.oldestUnacked - 1);
    while (this.#start < this.#writes.length) {
      const write = this.#writes[this.#start] as InFlightWrite<M>;
      if (write.counter > limit) break;
      this.#start++;
      this.#finish(write, true);
    }
    if (this.#start === this.#writes.length || this.#start > 256) {
      this.#writes = this.#writes.slice(this.#start);
      this.#start = 0;
    }
  }

  /** The interval is over: nothing more is known of what was in flight. */
  abandon(): void {
    const writes = this.#writes.slice(this.#start);
    this.#writes = [];
    this.#start = 0;
    this.members.clear();
    this.#localDurable = 0;
    for (const write of writes) this.#finish(write, false);
  }

  #finish(write: InFlightWrite<M>, durable: boolean): void {
    if (this.#byObject.get(write.object) === write) this.#byObject.delete(write.object);
    this.bytes -= write.bytes;
    this.#budget.bytes -= write.bytes;
    for (const waiter of write.waiters) waiter(durable);
  }
}
