/**
 * Files with more names than their inode remembers: their names are counted while the tree is walked. A file that changes meanwhile
 * is left out.
 * @module
 */
import { knowsAllNames } from '../../core/audit.ts';
import { isForeign, type Inode } from '../../core/inode.ts';
import type { MdsCore } from '../../core/mds-core.ts';

/** Files counted at once. */
const filesMax = 100_000;

export class LinkCounts {
  readonly #core: MdsCore;
  readonly #found = new Map<number, number>();

  constructor(core: MdsCore) {
    this.#core = core;
  }

  /** Begins to count, before the walk. Returns whether there is room for one more. Where other ranks have names too these are compared between ranks. */
  expect({ ino, names }: Inode): boolean {
    if (names.some(isForeign)) return true;
    if (this.#found.size >= filesMax) return false;
    this.#found.set(ino, 0);
    this.#core.unchanged.add(ino);
    return true;
  }

  /** A name of it was met. */
  met(inode: Inode): void {
    if (knowsAllNames(inode)) return;
    const found = this.#found.get(inode.ino);
    if (found !== undefined) this.#found.set(inode.ino, found + 1);
  }

  /** Those that have not changed since {@link expect}, with how many names were met. Ends counting. */
  *end(): Generator<readonly [ino: number, names: number]> {
    for (const [ino, names] of this.#found) if (this.#core.unchanged.has(ino)) yield [ino, names];
    this.stop();
  }

  stop(): void {
    for (const ino of this.#found.keys()) this.#core.unchanged.delete(ino);
    this.#found.clear();
  }
}
