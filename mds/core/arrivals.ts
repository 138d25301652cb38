/**
 * Subtrees that have come from other ranks. Until the entry that takes one is durable nobody is shown anything of it, as the next life would be given it
 * anew: of its root the inode itself says that (`MdsCore.told`), of what lies below, only this.
 * @module
 */
import type { MetadataCache } from './cache.ts';
import type { Inode } from './inode.ts';
import { liesBelow } from './subtrees.ts';

export class Arrivals {
  /** When one came for the last time: who has files in it open may not have told us yet. */
  lastMs = -Infinity;
  readonly #cache: MetadataCache;
  /** Roots, with the positions of the entries that take them; as long as these may not be durable. */
  readonly #roots = new Map<Inode, number>();

  constructor(cache: MetadataCache) {
    this.#cache = cache;
  }

  /** The entry at `seq` takes the root, with all below it. */
  add(root: Inode, seq: number): void {
    this.#roots.set(root, seq);
  }

  /** Position of the entry by which the inode has come with a subtree; 0: that is durable, as everything up to `safeSeq` is, or there is none. */
  of(inode: Inode, safeSeq: number): number {
    for (const [root, seq] of this.#roots) {
      if (seq <= safeSeq) this.#roots.delete(root);
      else if (liesBelow(this.#cache, inode, root) !== false) return seq;
    }
    return 0;
  }
}
