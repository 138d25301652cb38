/**
 * A map that can also be walked in key order. Built for bursts of changes with rare walks: keys that are not
 * in order yet wait in a list and are merged in when somebody asks for the order.
 *
 * Keys are "byte strings" (each character one byte, see {@link keyOf}), so that JavaScript's comparison of
 * strings is the comparison of bytes.
 * @module
 */

/** Bytes as a key of a {@link SortedMap}. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The bytes of a key made by {@link keyOf}. */
export function bytesOfKey(key: string): Buffer {
  return Buffer.from(key, 'latin1');
}

const ascii = /^[\0-\x7f]*$/;

/** Text (an object's name, a meta key) as a key whose order is that of its UTF-8 bytes. */
export function keyOfText(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text of a key made by {@link keyOfText}. */
export function textOfKey(key: string): string {
  return ascii.test(key) ? key : Buffer.from(key, 'latin1').toString('utf8');
}

export class SortedMap<V> {
  readonly #values = new Map<string, V>();
  /** In order; may hold keys that have been deleted since (see `#stale`). */
  #sorted: string[] = [];
  /** Set since `#sorted` was last made. */
  #added: string[] = [];
  #stale = 0;

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  set(key: string, value: V): void {
    const before = this.#values.size;
    this.#values.set(key, value);
    if (this.#values.size !== before) this.#added.push(key);
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    this.#stale++;
    return true;
  }

  clear(): void {
    this.#values.clear();
    this.#sorted = [];
    this.#added = [];
    this.#stale = 0;
  }

  /** In no particular order (that of first insertion). */
  entries(): IterableIterator<[string, V]> {
    return this.#values.entries();
  }

  /** Keys in order. Valid until the next change. */
  sortedKeys(): readonly string[] {
    if (this.#stale > 0) {
      this.#sorted = [...this.#values.keys()].sort(compareKeys);
    } else if (this.#added.length > 0) {
      this.#added.sort(compareKeys);
      const last = this.#sorted.at(-1);
      const first = this.#added[0] as string;
      if (last === undefined || last < first) for (const key of this.#added) this.#sorted.push(key);
      else this.#sorted = mergeSorted(this.#sorted, this.#added);
    }
    this.#added = [];
    this.#stale = 0;
    return this.#sorted;
  }
}

/** Index of the first of `keys` (ascending) that is >= `key`, or > `key` when `exclusive`. */
export function lowerBound(keys: readonly string[], key: string, exclusive: boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = keys[middle] as string;
    if (candidate < key || (exclusive && candidate === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mergeSorted(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    if ((left[l] as string) < (right[r] as string)) merged.push(left[l++] as string);
    else merged.push(right[r++] as string);
  }
  while (l < left.length) merged.push(left[l++] as string);
  while (r < right.length) merged.push(right[r++] as string);
  return merged;
}
