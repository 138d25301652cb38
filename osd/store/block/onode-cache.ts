/**
 * Recently used objects that are as the database has them, so that reading one again needs no decoding.
 * @module
 */
import type { Onode } from './onode.ts';

/** What one costs, against what a shard of a block map costs (1). */
const onodeWeight = 1;

export class OnodeCache {
  /** In order of last use. */
  readonly #onodes = new Map<string, Onode>();
  readonly #weightMax: number;
  #weight = 0;

  /** `weightMax`: onodes and shards, each up to about a KiB. */
  constructor(weightMax: number) {
    this.#weightMax = weightMax;
  }

  get(key: string): Onode | undefined {
    const onode = this.#onodes.get(key);
    if (onode) {
      this.#onodes.delete(key);
      this.#onodes.set(key, onode);
    }
    return onode;
  }

  add(key: string, onode: Onode): void {
    this.remove(key);
    this.#onodes.set(key, onode);
    this.#weight += weightOf(onode);
    while (this.#weight > this.#weightMax) {
      const oldest = this.#onodes.keys().next();
      if (oldest.done === true) break;
      this.remove(oldest.value);
    }
  }

  /** One more of its shards is in memory. */
  grown(key: string): void {
    if (this.#onodes.has(key)) this.#weight++;
  }

  remove(key: string): Onode | undefined {
    const onode = this.#onodes.get(key);
    if (onode) {
      this.#onodes.delete(key);
      this.#weight -= weightOf(onode);
    }
    return onode;
  }

  clear(): void {
    this.#onodes.clear();
    this.#weight = 0;
  }
}

function weightOf(onode: Onode): number {
  return onodeWeight + onode.shards.size;
}
