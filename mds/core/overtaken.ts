/**
 * Inodes that requests have been overtaken at. What a session has changed it may build on at once; others wait until it is durable, and may
 * find then that it has been changed again: by one who never pauses, for ever. So who has to wait once more puts the inode here, and until
 * that is over everybody waits for what has been changed of it.
 * @module
 */
import type { Inode } from './inode.ts';

export class Overtaken {
  /** And by how many. */
  readonly #inodes = new Map<Inode, number>();

  has(inode: Inode): boolean {
    return this.#inodes.size > 0 && this.#inodes.has(inode);
  }

  add(inode: Inode): void {
    this.#inodes.set(inode, (this.#inodes.get(inode) ?? 0) + 1);
  }

  /** Takes back one {@link add}. */
  remove(inode: Inode): void {
    const left = (this.#inodes.get(inode) ?? 0) - 1;
    if (left > 0) this.#inodes.set(inode, left);
    else this.#inodes.delete(inode);
  }
}
