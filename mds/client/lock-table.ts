/**
 * Locks of one file, of one kind: who holds which bytes, shared or alone. The rules are those of fcntl(2): what an owner sets
 * replaces what it had there, splitting and merging its ranges; flock(2) locks are such that always span the whole file.
 * Invariant: the ranges of one owner are sorted and apart; two that touch differ in type.
 * @module
 */

/** Stronger types have larger numbers. */
export const LockType = { none: 0, read: 1, write: 2 } as const;
export type LockType = (typeof LockType)[keyof typeof LockType];

/** The last byte that a file can have: locks up to here go on as the file grows. */
export const lastByte = 2n ** 63n - 1n;

export interface LockRange {
  readonly start: bigint;
  /** The last byte, not the one after it. */
  readonly end: bigint;
}

export const wholeFile: LockRange = { start: 0n, end: lastByte };

export interface HeldRange extends LockRange {
  readonly type: LockType;
}

/** An owner's range that is in the way of another's. */
export interface Conflict<Tag> {
  readonly owner: string;
  readonly tag: Tag;
  readonly held: HeldRange;
}

interface Owned<Tag> {
  tag: Tag;
  ranges: HeldRange[];
}

/** `Tag`: what is to be known of an owner. */
export class LockTable<Tag> {
  /** In the order in which they came, which is that of F_GETLK's answers. */
  readonly #owners = new Map<string, Owned<Tag>>();
  #size = 0;

  /** How many ranges are held. */
  get size(): number {
    return this.#size;
  }

  has(owner: string): boolean {
    return this.#owners.has(owner);
  }

  owners(): Iterable<string> {
    return this.#owners.keys();
  }

  tagOf(owner: string): Tag | undefined {
    return this.#owners.get(owner)?.tag;
  }

  ranges(owner: string): readonly HeldRange[] {
    return this.#owners.get(owner)?.ranges ?? [];
  }

  copy(): LockTable<Tag> {
    const copy = new LockTable<Tag>();
    for (const [owner, { tag, ranges }] of this.#owners) copy.#owners.set(owner, { tag, ranges: [...ranges] });
    copy.#size = this.#size;
    return copy;
  }

  /** What others hold that excludes `type` on the range, the first of each owner. */
  *conflicts(owner: string, type: LockType, range: LockRange): Generator<Conflict<Tag>> {
    if (type === LockType.none) return;
    for (const [other, { tag, ranges }] of this.#owners) {
      if (other === owner) continue;
      for (let at = firstEndingFrom(ranges, range.start); at < ranges.length; at++) {
        const held = ranges[at] as HeldRange;
        if (held.start > range.end) break;
        if (type === LockType.read && held.type === LockType.read) continue;
        yield { owner: other, tag, held };
        break;
      }
    }
  }

  conflict(owner: string, type: LockType, range: LockRange): Conflict<Tag> | undefined {
    for (const conflict of this.conflicts(owner, type, range)) return conflict;
    return undefined;
  }

  /** Whoever calls it has looked for conflicts. Returns whether the owner holds less than before anywhere: others may go on. */
  set(owner: string, tag: Tag, type: LockType, range: LockRange): boolean {
    // Who unlocks may say nothing of itself.
    return this.#edit(owner, type === LockType.none ? (this.tagOf(owner) ?? tag) : tag, range, () => type);
  }

  /** The owner keeps at most `type` on the range. */
  weaken(owner: string, type: LockType, range: LockRange): void {
    const owned = this.#owners.get(owner);
    if (owned !== undefined) this.#edit(owner, owned.tag, range, (held) => (held < type ? held : type));
  }

  #edit(owner: string, tag: Tag, { start, end }: LockRange, change: (held: LockType) => LockType): boolean {
    const owned = this.#owners.get(owner) ?? { tag, ranges: [] };
    owned.tag = tag;
    const { ranges } = owned;
    // From the first that touches the range to the last, since those may become one with it.
    const first = firstEndingFrom(ranges, start - 1n);
    const made: HeldRange[] = [];
    let freed = false;
    let at = start;
    let next = first;
    const put = (from: bigint, to: bigint, type: LockType): void => {
      if (from > to || type === LockType.none) return;
      const last = made.at(-1);
      if (last !== undefined && last.type === type && last.end + 1n === from) made[made.length - 1] = { start: last.start, end: to, type };
      else made.push({ start: from, end: to, type });
    };
    const pass = (to: bigint, held: LockType): void => {
      if (at > to) return;
      const type = change(held);
      if (type < held) freed = true;
      put(at, to, type);
      at = to + 1n;
    };
    for (; next < ranges.length; next++) {
      const range = ranges[next] as HeldRange;
      if (range.start > end + 1n) break;
      put(range.start, range.end < start ? range.end : start - 1n, range.type);
      pass(range.start > end ? end : range.start - 1n, LockType.none);
      pass(range.end < end ? range.end : end, range.type);
      if (range.end > end) {
        pass(end, LockType.none);
        put(range.start > end ? range.start : end + 1n, range.end, range.type);
      }
    }
    pass(end, LockType.none);
    this.#size += made.length - (next - first);
    ranges.splice(first, next - first, ...made);
    if (ranges.length === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, owned);
    return freed;
  }
}

/** Index of the first range that ends at `byte` or behind it. */
function firstEndingFrom(ranges: readonly HeldRange[], byte: bigint): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as HeldRange).end < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}
