import type { MapCommit, MonStore, StoredIncrement, StoredMap } from './mon-store.ts';

/**
 * A store in memory, for simulation and tests: what was committed survives as long as this object, so that a
 * mon that is crashed and made again on the same store finds it.
 */
export class MemoryStore implements MonStore {
  #full: { readonly fsid: string; readonly epoch: number; readonly bytes: Buffer } | undefined;
  #increments: StoredIncrement[] = [];

  open(): Promise<void> {
    return Promise.resolve();
  }

  load(): Promise<StoredMap | undefined> {
    if (!this.#full) return Promise.resolve(undefined);
    const { fsid, epoch, bytes } = this.#full;
    return Promise.resolve({ fsid, full: bytes, fullEpoch: epoch, increments: [...this.#increments] });
  }

  commit({ fsid, epoch, increment, full, trimTo }: MapCommit): Promise<void> {
    if (full) this.#full = { fsid, epoch, bytes: full };
    if (increment) this.#increments.push({ epoch, bytes: increment });
    this.#increments = this.#increments.filter((kept) => kept.epoch > trimTo);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
