/**
 * Messages of one rank to others that these are not known to have: to each in order.
 * @module
 */
import type { Posted, RankMessage } from './subtrees.ts';

export class Outbox {
  /** By rank, then by number, rising. */
  readonly #queues = new Map<number, Map<number, RankMessage>>();
  /** How many messages are on their way that tell what an inode counts. */
  readonly #telling = new Map<number, number>();
  /** Roots of subtrees that are on their way. */
  readonly #moving = new Set<number>();
  /** Number of the newest message to a rank that brought something back. */
  readonly #returns = new Map<number, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** To which something is on its way. */
  get ranks(): Iterable<number> {
    return this.#queues.keys();
  }

  put({ rank, seq, message }: Posted): void {
    this.delete(rank, seq);
    let queue = this.#queues.get(rank);
    if (queue === undefined) {
      queue = new Map<number, RankMessage>();
      this.#queues.set(rank, queue);
    }
    queue.set(seq, message);
    this.#size++;
    if (message.kind === 'counts') this.#telling.set(message.ino, (this.#telling.get(message.ino) ?? 0) + 1);
    if (message.kind === 'move' && message.root.inode !== undefined) this.#moving.add(message.root.inode.ino);
    if (message.kind === 'return') this.#returns.set(rank, Math.max(this.#returns.get(rank) ?? 0, seq));
  }

  delete(rank: number, seq: number): void {
    const queue = this.#queues.get(rank);
    const message = queue?.get(seq);
    if (queue === undefined || message === undefined) return;
    queue.delete(seq);
    if (queue.size === 0) this.#queues.delete(rank);
    this.#size--;
    if (message.kind === 'move' && message.root.inode !== undefined) this.#moving.delete(message.root.inode.ino);
    if (message.kind !== 'counts') return;
    const left = (this.#telling.get(message.ino) ?? 0) - 1;
    if (left > 0) this.#telling.set(message.ino, left);
    else this.#telling.delete(message.ino);
  }

  /** All on their way to the rank, in order. */
  to(rank: number): Posted[] {
    return [...(this.#queues.get(rank) ?? [])].map(([seq, message]) => ({ rank, seq, message }));
  }

  /** The oldest on its way to the rank. */
  next(rank: number): Posted | undefined {
    for (const [seq, message] of this.#queues.get(rank) ?? []) return { rank, seq, message };
    return undefined;
  }

  /** What an inode counts, as another rank was told it last, is still on its way. */
  isTelling(ino: number): boolean {
    return this.#telling.has(ino);
  }

  /** The subtree of which that is the root has been given away, and may not have come. */
  isMoving(ino: number): boolean {
    return this.#moving.has(ino);
  }

  /** For {@link isPast}: of each rank the newest that brings something back, as far as there are any. */
  returns(): ReadonlyMap<number, number> {
    return new Map([...this.#returns].filter(([rank, seq]) => (this.next(rank)?.seq ?? Infinity) <= seq));
  }

  /** Whether all up to these have come. */
  isPast(newest: ReadonlyMap<number, number>): boolean {
    for (const [rank, seq] of newest) if ((this.next(rank)?.seq ?? Infinity) <= seq) return false;
    return true;
  }
}
