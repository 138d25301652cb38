/**
 * Small operations on objects, all along, with the time that each took.
 * @module
 */
import type { PoolId } from '../common/maps/ids.ts';
import type { ObjectClient, ObjectOperation } from '../osd/client/object-client.ts';

/** Operations in flight: enough to reach every PG, too few to make the processors all that is measured. */
const workers = 8;
const small = [Buffer.alloc(4096, 0x5a)];

export interface Figures {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** A client that works all along, and remembers when each operation ended and how long it took. */
export class ObjectLoad {
  readonly #objects: ObjectClient;
  readonly #pool: PoolId;
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #running: Promise<unknown>;
  #next = 0;
  #stopping = false;

  constructor(objects: ObjectClient, pool: PoolId) {
    this.#objects = objects;
    this.#pool = pool;
    this.#running = Promise.all(Array.from({ length: workers }, () => this.#work()));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  /** Resolves when what is in flight now has been answered. */
  async passed(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** Of the operations that ended between these times (`performance.now`). */
  between(fromMs: number, toMs: number): Figures {
    const times = this.#times
      .filter((_, n) => (this.#ends[n] as number) >= fromMs && (this.#ends[n] as number) < toMs)
      .sort((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { perSecond: times.length / ((toMs - fromMs) / 1000), medianMs: at(0.5), p99Ms: at(0.99), longestMs: at(1) };
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const from = performance.now();
      const operation = this.#operate(this.#next++);
      this.#inFlight.add(operation);
      await operation;
      this.#inFlight.delete(operation);
      const to = performance.now();
      this.#ends.push(to);
      this.#times.push(to - from);
    }
  }

  /** Three writes for each read. */
  #operate(n: number): Promise<unknown> {
    const object = `load.${n % 256}`;
    const operations: readonly ObjectOperation[] =
      n % 4 === 3
        ? [
            { kind: 'create', exclusive: false },
            { kind: 'read', offset: 0, length: 4096 },
          ]
        : [{ kind: 'write', offset: (n % 16) * 4096, data: small }];
    return this.#objects.operate(this.#pool, object, operations);
  }
}
