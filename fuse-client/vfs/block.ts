/**
 * One aligned MiB of a file's cached data: a sorted list of segments, each clean, dirty or on its way.
 * Synchronous; what was never cached is simply absent, so a partial overwrite needs no read first.
 *
 * Memory is proportional to what is cached: appends grow into spare room, overwrites happen in place unless
 * the bytes are being sent, in which case new memory takes over and the old stays as it is until the reply.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { Segment, type Slab } from './segment.ts';

/** 1 MiB: the largest FUSE request. */
export const blockBytes = 1 << 20;
const smallestSlab = 4096;

/** Told of every change in size, so that limits over all files can be kept. */
export interface BlockAccount {
  /** Bytes cached and, of those, dirty or on their way. */
  changed(block: Block, cachedBytes: number, unsafeBytes: number): void;
  /** Memory for a whole block: fresh memory costs the kernel more than the copy into it. */
  takeMemory(): Uint8Array;
  /** A whole block's memory that nobody looks at any more. */
  giveMemory(bytes: Uint8Array): void;
}

export class Block {
  /** Position in the file, in blocks. */
  readonly index: number;
  readonly #account: BlockAccount;
  #segments: Segment[] = [];
  #cachedBytes = 0;
  #dirtyBytes = 0;
  #writingBytes = 0;

  constructor(index: number, account: BlockAccount) {
    this.index = index;
    this.#account = account;
  }

  get start(): number {
    return this.index * blockBytes;
  }

  get end(): number {
    return this.start + blockBytes;
  }

  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  get dirtyBytes(): number {
    return this.#dirtyBytes;
  }

  get writingBytes(): number {
    return this.#writingBytes;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Puts `data` at `offset`, dirty. It must lie within the block; it is copied. */
  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length;
    assert(offset >= this.start && end <= this.end, `write of [${offset}, ${end}) outside block ${this.index}`);
    if (data.length === 0) return;
    const at = this.#find(offset);
    const found = this.#segments[at];
    if (found !== undefined && found.start <= offset && end <= found.end && found.slab.writable && found.state !== 'writing') {
      found.slab.bytes.set(data, found.base + (offset - found.start));
      if (found.state === 'clean') this.#markDirty(at, found, offset, end);
      return;
    }
    const previous = this.#segments[at - 1];
    const free = found === undefined || found.start >= end;
    if (free && previous !== undefined && previous.end === offset && this.#append(at, previous, data, end)) return;
    if (!free) this.#remove(offset, end);
    const capacity =
      previous !== undefined && previous.end === offset
        ? Math.min(Math.max(smallestSlab, data.length, 2 * previous.slab.bytes.length), this.end - offset)
        : data.length;
    const bytes = capacity === blockBytes ? this.#account.takeMemory() : Buffer.allocUnsafeSlow(Math.max(capacity, data.length));
    const slab: Slab = { bytes, used: data.length, writable: true, shown: false };
    slab.bytes.set(data, 0);
    this.#insert(this.#find(offset), new Segment(offset, end, slab, 0, 'dirty'));
  }

  /** Fills what is missing of [offset, offset + data.length) with `data`, clean, uncopied. What is cached is newer and stays. */
  fill(offset: number, data: Uint8Array, writable: boolean): void {
    const end = offset + data.length;
    assert(offset >= this.start && end <= this.end, `fill of [${offset}, ${end}) outside block ${this.index}`);
    const slab: Slab = { bytes: data, used: data.length, writable, shown: true };
    let from = offset;
    let at = this.#find(offset);
    while (from < end) {
      const next = this.#segments[at];
      const to = Math.min(end, next?.start ?? end);
      if (to > from) this.#insert(at++, new Segment(from, to, slab, from - offset, 'clean'));
      from = next === undefined ? end : Math.max(to, next.end);
      at++;
    }
  }

  /** Calls `have` and `miss` for the cached and the missing parts of [from, to), in order. */
  scan(
    from: number,
    to: number,
    have: (segment: Segment, from: number, to: number) => void,
    miss: (from: number, to: number) => void,
  ): void {
    let position = from;
    for (let at = this.#find(from); position < to; at++) {
      const segment = this.#segments[at];
      const begin = Math.min(to, segment?.start ?? to);
      if (begin > position) miss(position, begin);
      if (segment === undefined || begin === to) return;
      const stop = Math.min(to, segment.end);
      have(segment, Math.max(position, begin), stop);
      position = stop;
    }
  }

  /** Adds views of [from, to) to `out` if all of it is cached. */
  read(from: number, to: number, out: Uint8Array[]): boolean {
    let position = from;
    for (let at = this.#find(from); position < to; at++) {
      const segment = this.#segments[at];
      if (segment === undefined || segment.start > position) return false;
      const stop = Math.min(to, segment.end);
      segment.slab.shown = true;
      out.push(segment.view(position, stop));
      position = stop;
    }
    return true;
  }

  /** Forgets [from, to), dirty or not. Bytes on their way stay as they are in memory. */
  cut(from: number, to: number): void {
    this.#remove(Math.max(from, this.start), Math.min(to, this.end));
  }

  /** Marks everything dirty as carried by `carrier` and returns it, in order. */
  take(carrier: object): Segment[] {
    const taken: Segment[] = [];
    for (const segment of this.#segments) {
      if (segment.state !== 'dirty') continue;
      segment.state = 'writing';
      segment.carrier = carrier;
      taken.push(segment.slice(segment.start, segment.end));
    }
    const bytes = this.#dirtyBytes;
    this.#dirtyBytes = 0;
    this.#writingBytes += bytes;
    return taken;
  }

  /** The write has ended: what it carried and nobody has overwritten is clean, or gone when it failed. Returns how many bytes. */
  settle(carrier: object, written: boolean): number {
    let bytes = 0;
    const kept: Segment[] = [];
    for (const segment of this.#segments) {
      if (segment.carrier === carrier) {
        bytes += segment.length;
        if (!written) continue;
        segment.state = 'clean';
        segment.carrier = undefined;
      }
      const last = kept.at(-1);
      if (last?.state === 'clean' && last.joins(segment)) last.end = segment.end;
      else kept.push(segment);
    }
    this.#segments = kept;
    this.#writingBytes -= bytes;
    this.#changed(written ? 0 : -bytes, -bytes);
    return bytes;
  }

  /** Forgets what is clean. */
  dropClean(): void {
    const kept = this.#segments.filter((segment) => segment.state !== 'clean');
    const [only] = this.#segments;
    if (kept.length === 0 && only !== undefined && only.length === blockBytes && !only.slab.shown && only.slab.bytes.length === blockBytes)
      this.#account.giveMemory(only.slab.bytes);
    if (kept.length === this.#segments.length) return;
    this.#segments = kept;
    this.#changed(this.#dirtyBytes + this.#writingBytes - this.#cachedBytes, 0);
  }

  /** Index of the first segment that ends after `offset`. */
  #find(offset: number): number {
    const segments = this.#segments;
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((segments[middle] as Segment).end > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Writes into the room behind `previous`, if nobody else has it. */
  #append(at: number, previous: Segment, data: Uint8Array, end: number): boolean {
    const slab = previous.slab;
    const tail = previous.base + previous.length;
    if (!slab.writable || tail !== slab.used || slab.bytes.length - tail < data.length) return false;
    slab.bytes.set(data, tail);
    slab.used += data.length;
    if (previous.state === 'dirty') {
      previous.end = end;
      this.#dirtyBytes += data.length;
      this.#changed(data.length, data.length);
    } else {
      this.#insert(at, new Segment(previous.end, end, slab, tail, 'dirty'));
    }
    return true;
  }

  /** [from, to) of the clean segment at `at` has been overwritten in place. */
  #markDirty(at: number, segment: Segment, from: number, to: number): void {
    const parts: Segment[] = [];
    if (from > segment.start) parts.push(segment.slice(segment.start, from));
    const dirty = segment.slice(from, to);
    dirty.state = 'dirty';
    parts.push(dirty);
    if (to < segment.end) parts.push(segment.slice(to, segment.end));
    this.#segments.splice(at, 1, ...parts);
    this.#join(at + parts.indexOf(dirty));
    this.#dirtyBytes += to - from;
    this.#changed(0, to - from);
  }

  /** Joins the segment at `at` with neighbours that continue it. */
  #join(at: number): void {
    const segment = this.#segments[at] as Segment;
    const next = this.#segments[at + 1];
    if (next !== undefined && segment.joins(next)) {
      segment.end = next.end;
      this.#segments.splice(at + 1, 1);
    }
    const previous = this.#segments[at - 1];
    if (previous?.joins(segment)) {
      previous.end = segment.end;
      this.#segments.splice(at, 1);
    }
  }

  #insert(at: number, segment: Segment): void {
    this.#segments.splice(at, 0, segment);
    if (segment.state === 'dirty') this.#dirtyBytes += segment.length;
    this.#changed(segment.length, segment.state === 'dirty' ? segment.length : 0);
  }

  #remove(from: number, to: number): void {
    let at = this.#find(from);
    let cached = 0;
    let unsafe = 0;
    for (;;) {
      const segment = this.#segments[at];
      if (segment === undefined || segment.start >= to) break;
      const begin = Math.max(from, segment.start);
      const stop = Math.min(to, segment.end);
      const bytes = stop - begin;
      cached += bytes;
      if (segment.state === 'dirty') this.#dirtyBytes -= bytes;
      else if (segment.state === 'writing') this.#writingBytes -= bytes;
      if (segment.state !== 'clean') unsafe += bytes;
      const rest: Segment[] = [];
      if (begin > segment.start) rest.push(segment.slice(segment.start, begin));
      if (stop < segment.end) rest.push(segment.slice(stop, segment.end));
      this.#segments.splice(at, 1, ...rest);
      if (begin > segment.start) at++;
      if (stop < segment.end) break;
    }
    if (cached > 0) this.#changed(-cached, -unsafe);
  }

  #changed(cached: number, unsafe: number): void {
    this.#cachedBytes += cached;
    this.#account.changed(this, cached, unsafe);
  }
}
