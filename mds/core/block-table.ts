/**
 * A table that has one entry for each of some inodes: number -> entry, in one omap object per block of numbers. What is in memory of it is what has
 * changed and is not written back: a block that is gets forgotten.
 * @module
 */
import { WriteBackSet, type WriteBackKind } from './write-back-set.ts';

/** Numbers per object. */
export const blockNumbers = 4096;

/** Keys are the numbers ({@link inoKey}); undefined: gone. */
export class BlockTable<V> {
  readonly #kind: WriteBackKind;
  readonly #objectOf: (ino: number) => string;
  readonly #blocks = new Map<number, WriteBackSet<V>>();

  /** `objectOf`: the name of the object that has the entry of that number, see {@link blockOf}. */
  constructor(kind: WriteBackKind, objectOf: (ino: number) => string) {
    this.#kind = kind;
    this.#objectOf = objectOf;
  }

  /** The changes of `ino`'s block; made when missing. */
  block(ino: number): WriteBackSet<V> {
    const number = blockOf(ino);
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = new WriteBackSet(this.#kind, this.#objectOf(ino));
      this.#blocks.set(number, block);
    }
    return block;
  }

  /** What is known without reading: an entry, 'gone', or undefined for "look on disk". */
  recent(ino: number): V | 'gone' | undefined {
    const block = this.#blocks.get(blockOf(ino));
    if (block === undefined) return undefined;
    const key = inoKey(ino);
    for (const changes of [block.dirty, block.writing]) {
      if (changes?.has(key) === true) return changes.get(key) ?? 'gone';
    }
    return undefined;
  }

  /** What was to be written of `ino` is written. */
  forget(ino: number): void {
    this.#blocks.get(blockOf(ino))?.forget(inoKey(ino));
  }

  /** Forgets a block that is written back. */
  drop(block: WriteBackSet<V>): void {
    for (const [number, candidate] of this.#blocks)
      if (candidate === block && !block.isDirty && block.writing === undefined) this.#blocks.delete(number);
  }

  /** For state comparison in tests. */
  *unwritten(): Iterable<readonly [string, V | undefined]> {
    for (const block of this.#blocks.values()) yield* block.dirty;
  }
}

/** Number of the block that `ino` is in: what is in one block is in one object. */
export function blockOf(ino: number): number {
  return Math.floor(ino / blockNumbers);
}

/** Key of `ino` in its object: 14 hex digits. */
export function inoKey(ino: number): string {
  return ino.toString(16).padStart(14, '0');
}
