/**
 * What of a rank is about to be another's: a subtree that moves, or everything, as the rank stops. What has gone so far that nobody may be served of it
 * any more is kept from requests by the guard of the cache, through which they all go.
 * @module
 */
import { elsewhere } from './away.ts';
import { Blocked } from './blocked.ts';
import type { MetadataCache } from './cache.ts';
import type { Inode } from './inode.ts';
import { isBelowRoot, liesBelow, type Moving, type Stopping } from './subtrees.ts';

export class Departures {
  readonly #cache: MetadataCache;
  #moving: Moving | undefined = undefined;
  #stopping: Stopping = 'no';

  constructor(cache: MetadataCache) {
    this.#cache = cache;
  }

  /** The subtree that is on its way to another rank. */
  get moving(): Moving | undefined {
    return this.#moving;
  }

  set moving(moving: Moving | undefined) {
    this.#moving = moving;
    this.#setGuard();
  }

  /** How far the rank has come with stopping. */
  get stopping(): Stopping {
    return this.#stopping;
  }

  set stopping(stopping: Stopping) {
    this.#stopping = stopping;
    this.#setGuard();
  }

  /** Nobody is given anything of it: it goes to another rank. Also where that cannot be told from memory. */
  isMoving(inode: Inode): boolean {
    if (this.#stopping !== 'no') return true;
    return this.#moving !== undefined && liesBelow(this.#cache, inode, this.#moving.root) !== false;
  }

  /** Nothing of it may change until it has gone. */
  isFrozen(inode: Inode): boolean {
    return this.#moving?.frozen === true && this.isMoving(inode);
  }

  /** What others have sent before they heard that this rank is stopping is taken, though nobody else is served. */
  whileStopping<T>(take: () => T): T {
    if (this.#stopping !== 'frozen') return take();
    this.#cache.guard = undefined;
    try {
      return take();
    } finally {
      this.#setGuard();
    }
  }

  #setGuard(): void {
    const moving = this.#moving;
    if (this.#stopping === 'frozen')
      this.#cache.guard = () => {
        throw new Blocked({ kind: 'moving' });
      };
    else if (this.#stopping === 'handing' || this.#stopping === 'resigned')
      this.#cache.guard = ({ ino }) => {
        throw elsewhere({ ino, rank: 0 });
      };
    else if (moving?.frozen === true)
      this.#cache.guard = (inode) => {
        if (isBelowRoot(this.#cache, inode, moving.root)) throw new Blocked({ kind: 'moving' });
      };
    else this.#cache.guard = undefined;
  }
}
