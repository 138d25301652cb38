/**
 * What a client knows of how much of a file is data, and what of that it has still to tell. Synchronous.
 *
 * Most files are data from their start up to some place and hole from there on (mostly nothing): `head` blocks. What is
 * written onto that end is counted here at once, and the OSDs are asked nothing. What is written beyond it, or where others
 * write as well, is counted when it goes to the OSDs, which are asked just before what they have there. Until then it is shown
 * whole: too much rather than too little, so that no backup takes a file for empty. The MDS is told of what has been counted only:
 * of what has not it knows that it may be there, by the file's reach.
 * @module
 */
import type { FileSpace as SpaceRecord } from '../../common/wire/gen/messages.ts';
import { blocksOf, dataBlocks, spaceBlockBytes, type Filled } from '../../mds/client/index.ts';

export class FileSpace {
  /** Blocks of data. */
  #blocks = 0;
  /** The blocks below this one are data, all of them. */
  #head = 0;
  #dataEnd = 0;
  /** What the MDS makes of what it was told. */
  #told = 0;
  #dataEndTold = 0;
  /** Something is dirty that is not counted before it is written back. */
  #uncounted = false;
  /** See {@link doubt}; and whether the MDS has heard so. */
  #unsure = false;
  #unsureTold = false;
  #changes = 0;

  /** End of the last byte that was ever written, or somewhere behind it. */
  get dataEnd(): number {
    return this.#dataEnd;
  }

  /** The block below which writes fill no holes; what is written from there on is counted by asking the OSDs. */
  get head(): number {
    return this.#head;
  }

  /** Whether what is written now is to be counted when it is written back. */
  get uncounted(): boolean {
    return this.#uncounted;
  }

  /** It may be counted wrong: to be {@link recount}ed when nobody writes. */
  get unsure(): boolean {
    return this.#unsure;
  }

  /** How often it has changed, or what is known of it. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether the MDS has still to hear of something that makes up the data up to `to`. */
  tells(to: number): boolean {
    return to > this.#dataEndTold || this.#uncounted;
  }

  /** st_blocks, in blocks of 4 KiB, of a file of `size` bytes, of which so many blocks have something behind the {@link head} that is not written back yet. */
  blocks(size: number, unsafe: number): number {
    return Math.min(blocksOf(size), this.#blocks + (this.#uncounted ? unsafe : 0));
  }

  /**
   * Takes over what the MDS says of the file, which has `size` bytes there. `mine`: nobody else can have changed it; what
   * it says may be from before what we have told.
   */
  take(size: number, space: SpaceRecord | null, mine: 'alone' | 'shared' | 'no'): void {
    if (mine === 'alone') return;
    const said = dataBlocks(size, space);
    const blocks = said + this.#blocks - this.#told;
    if (mine === 'no' || blocks > this.#blocks) {
      this.#told = said;
      this.#blocks = Math.max(0, blocks);
    }
    if (mine === 'no') this.#dataEndTold = space?.dataEnd ?? size;
    this.#dataEnd = Math.max(this.#dataEnd > this.#dataEndTold ? this.#dataEnd : 0, space?.dataEnd ?? size);
    this.#head = blocksOf(this.#dataEnd) === this.#blocks ? this.#blocks : 0;
  }

  /** The MDS has cut the file, or made it longer: what was not told before went with the request. */
  set(size: number, space: SpaceRecord | null): void {
    this.#changes++;
    this.#told = this.#blocks = dataBlocks(size, space);
    this.#dataEnd = this.#dataEndTold = space?.dataEnd ?? size;
    // Of a file with holes it says what may be left at most, before it has counted what was cut: no more is known to be data than was.
    this.#head = blocksOf(this.#dataEnd) === this.#blocks ? Math.min(this.#head, this.#blocks) : 0;
    this.#uncounted = false;
  }

  /** [from, to) was written into the cache of a file that is this client's alone. Returns whether the MDS has to hear of it. */
  wrote(from: number, to: number): boolean {
    const before = this.#dataEnd;
    this.#changes++;
    this.#dataEnd = Math.max(before, to);
    const first = Math.floor(from / spaceBlockBytes);
    const end = blocksOf(to);
    if (end <= this.#head) return this.#dataEnd > before;
    // What is on its way behind that may lie below the new end: it would be counted twice.
    if (first <= this.#head && this.#head === this.#blocks && !this.#uncounted) this.#head = this.#blocks = end;
    else this.#uncounted = true;
    return true;
  }

  /** A write at `from` is about to go past the cache, to a file of `size` bytes: others may fill and punch it just now. */
  writesThrough(from: number, size: number): void {
    if (this.#blocks >= blocksOf(size) && from <= this.#dataEnd) return;
    this.#head = 0;
    this.#uncounted = true;
  }

  /** That write has been done. Where no holes were known it counts whole, and the MDS, which knows better, rounds. */
  wroteThrough(from: number, to: number): void {
    this.#changes++;
    this.#dataEnd = Math.max(this.#dataEnd, to);
    if (!this.#uncounted) this.found(blocksOf(to) - Math.floor(from / spaceBlockBytes));
  }

  /**
   * So many blocks have become data on the OSDs, or with a minus holes; `least` there are for certain. What a writer has left that
   * died before it told of it was not counted.
   */
  found(blocks: number, least = 0): void {
    this.#changes++;
    this.#blocks = Math.max(least, this.#blocks + blocks);
  }

  /** Whether it counts as empty: before anybody is told, it is to be {@link recount}ed. */
  get countsAsEmpty(): boolean {
    return this.#blocks === 0;
  }

  /** It cannot be said what was there before the OSDs changed it, or whether they have: what was counted then need not be so. */
  doubt(): void {
    this.#changes++;
    this.#unsure = true;
    this.#unsureTold = false;
  }

  /** The OSDs have so many blocks of it. */
  recount(blocks: number): void {
    this.#unsure = false;
    this.#blocks = blocks;
    if (blocks < this.#head) this.#head = 0;
  }

  /** [from, to) was copied from elsewhere, where there may be holes; it had so many blocks of data before, and has so many now. */
  copied(from: number, to: number, had: number, has: number): void {
    const first = Math.floor(from / spaceBlockBytes);
    this.#dataEnd = Math.max(this.#dataEnd, to);
    this.found(has - had);
    if (has < blocksOf(to) - first) this.punched(from);
    else if (first <= this.#head) this.#head = Math.max(this.#head, blocksOf(to));
  }

  /** What lies behind `from` has become a hole: how much that was, {@link found} says. */
  punched(from: number): void {
    this.#head = Math.min(this.#head, Math.floor(from / spaceBlockBytes));
  }

  /** Whether there is something to tell. */
  get untold(): boolean {
    return this.#blocks !== this.#told || this.#dataEnd > this.#dataEndTold || (this.#unsure && !this.#unsureTold);
  }

  /** What is to be told with a size of `size` bytes, taken as told. `settled`: nothing is dirty or on its way. */
  takeUntold(size: number, settled: boolean): Filled {
    if (settled) this.#uncounted = false;
    const filled = this.#blocks - this.#told;
    this.#told = this.#blocks = Math.min(this.#blocks, blocksOf(size));
    this.#dataEndTold = this.#dataEnd;
    this.#unsureTold = this.#unsure;
    return { filled, dataEnd: this.#dataEnd, unsure: this.#unsure };
  }

  /** The MDS did not take it. */
  untell({ filled }: Filled): void {
    this.#told -= filled;
    this.#dataEndTold = 0;
    this.#unsureTold = false;
  }

  /** Nobody will hear of what is untold: what there is the MDS finds out by itself. */
  forget(size: number): void {
    this.takeUntold(size, true);
    this.#unsure = false;
  }
}
