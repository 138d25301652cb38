/** Memory that segments are carved from. Bytes below `used` belong to some segment or to a write on its way. */
export interface Slab {
  readonly bytes: Uint8Array;
  used: number;
  /** May be overwritten in place where it is not on its way to an OSD (the shared zeros may not). */
  readonly writable: boolean;
  /** A reader may still look at it: its memory is not used again. */
  shown: boolean;
}

export type SegmentState =
  /** As on the OSDs. */
  | 'clean'
  /** Newer than on the OSDs. */
  | 'dirty'
  /** Newer, and on its way: its bytes must not change until the reply. */
  | 'writing';

/** One contiguous, cached piece of a file: offsets are the file's. */
export class Segment {
  start: number;
  end: number;
  readonly slab: Slab;
  /** Where `start` lies in the slab. */
  base: number;
  state: SegmentState;
  /** The write that carries it, while `writing`. */
  carrier: object | undefined;

  constructor(start: number, end: number, slab: Slab, base: number, state: SegmentState, carrier?: object) {
    this.start = start;
    this.end = end;
    this.slab = slab;
    this.base = base;
    this.state = state;
    this.carrier = carrier;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** The bytes of [from, to) of the file, uncopied. */
  view(from: number, to: number): Uint8Array {
    const begin = this.base + (from - this.start);
    return this.slab.bytes.subarray(begin, begin + (to - from));
  }

  /** The part [from, to) as a segment of its own on the same memory. */
  slice(from: number, to: number): Segment {
    return new Segment(from, to, this.slab, this.base + (from - this.start), this.state, this.carrier);
  }

  /** Whether `next` follows it in the file and in memory, in the same state. */
  joins(next: Segment): boolean {
    return (
      this.end === next.start &&
      this.slab === next.slab &&
      this.state === next.state &&
      this.carrier === next.carrier &&
      this.base + this.length === next.base
    );
  }
}
