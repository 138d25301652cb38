/**
 * Where inodes lie: number -> directory and name that they are embedded in. It finds an inode by number alone
 * (a client's handle, a reconnect, a remote name) when it is not in memory. One omap object per block of numbers;
 * written back with the fragments.
 * @module
 */
import type { Place } from './inode.ts';
import { WriteBackSet } from './write-back-set.ts';

/** Numbers per object. */
export const locationBlock = 4096;

/** Keys are the numbers; undefined: gone. */
export class LocationTable {
  readonly #blocks = new Map<number, WriteBackSet<Place>>();

  /** The changes of `ino`'s block; made when missing. */
  block(ino: number): WriteBackSet<Place> {
    const number = Math.floor(ino / locationBlock);
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = new WriteBackSet('location', locationObject(ino));
      this.#blocks.set(number, block);
    }
    return block;
  }

  /** What is known without reading: a place, 'gone', or undefined for "look on disk". */
  recent(ino: number): Place | 'gone' | undefined {
    const block = this.#blocks.get(Math.floor(ino / locationBlock));
    if (block === undefined) return undefined;
    const key = locationKey(ino);
    for (const changes of [block.dirty, block.writing]) {
      if (changes?.has(key) === true) return changes.get(key) ?? 'gone';
    }
    return undefined;
  }

  /** What was to be written of `ino` is written. */
  forget(ino: number): void {
    this.#blocks.get(Math.floor(ino / locationBlock))?.forget(locationKey(ino));
  }

  /** Forgets blocks that are written back. */
  drop(block: WriteBackSet<Place>): void {
    for (const [number, candidate] of this.#blocks)
      if (candidate === block && !block.isDirty && block.writing === undefined) this.#blocks.delete(number);
  }

  /** For state comparison in tests. */
  *unwritten(): Iterable<readonly [string, Place | undefined]> {
    for (const block of this.#blocks.values()) yield* block.dirty;
  }
}

/** Name of the object that has `ino`'s location: `locations.<block hex>`. */
export function locationObject(ino: number): string {
  return `locations.${Math.floor(ino / locationBlock).toString(16)}`;
}

/** Key of `ino` in its object: 14 hex digits. */
export function locationKey(ino: number): string {
  return ino.toString(16).padStart(14, '0');
}
