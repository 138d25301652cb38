/**
 * Brings missing parts of files into the cache: what a reader waits for, and what it will ask for next.
 * @module
 */
import type { BlockCache } from './block-cache.ts';
import type { Fetch, FileData } from './file-data.ts';
import type { ObjectIo } from './object-io.ts';

export interface FetcherOptions {
  readonly fetchBytesMax: number;
}

export class Fetcher {
  readonly #io: ObjectIo;
  readonly #cache: BlockCache;
  readonly #options: FetcherOptions;

  constructor(io: ObjectIo, cache: BlockCache, options: FetcherOptions) {
    this.#io = io;
    this.#cache = cache;
    this.#options = options;
  }

  /** Asks for what is missing of [from, to) and not asked for yet. Resolves when all of it has come; undefined when nothing is missing. */
  fetch(file: FileData, from: number, to: number): Promise<unknown> | undefined {
    const waits: Promise<void>[] = [];
    for (const range of file.missing(from, to)) {
      let position = range.from;
      while (position < range.to) {
        const covering = coveringFetch(file, position);
        if (covering !== undefined) {
          waits.push(covering.done);
          position = covering.to;
          continue;
        }
        const stop = Math.min(range.to, this.#stop(file, position), nextFetch(file, position));
        waits.push(this.#start(file, position, stop).done);
        position = stop;
      }
    }
    if (waits.length === 0) return undefined;
    return waits.length === 1 ? waits[0] : Promise.all(waits);
  }

  /** End of the fetch that starts at `position`: aligned, so that streams make whole ones, and within one object. */
  #stop(file: FileData, position: number): number {
    const unit = Math.min(this.#options.fetchBytesMax, file.layout.stripeCount === 1 ? file.layout.objectSize : Infinity);
    return (Math.floor(position / unit) + 1) * unit;
  }

  #start(file: FileData, from: number, to: number): Fetch {
    const fetch = { from, to, overtaken: [], done: Promise.resolve() };
    file.fetches.add(fetch);
    fetch.done = this.#io.read(file, from, to).then(
      (pieces) => {
        file.fetches.delete(fetch);
        for (const { offset, data, owned } of pieces) file.fill(fetch, offset, data, owned);
        this.#cache.trim();
      },
      (error: unknown) => {
        file.fetches.delete(fetch);
        throw error;
      },
    );
    return fetch;
  }
}

function coveringFetch(file: FileData, position: number): Fetch | undefined {
  for (const fetch of file.fetches) if (fetch.from <= position && position < fetch.to) return fetch;
  return undefined;
}

function nextFetch(file: FileData, position: number): number {
  let next = Infinity;
  for (const fetch of file.fetches) if (fetch.from > position) next = Math.min(next, fetch.from);
  return next;
}
