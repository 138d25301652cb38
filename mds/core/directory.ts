/**
 * Directories in memory: fragments, their dentries, and the order in which names are listed.
 *
 * A name's position (its readdir cookie) is 52 bits: the upper 20 are the upper bits of the name's hash, so that a
 * fragment, which is a prefix of that hash, is a range of positions; the lower 32 are a counter kept by the directory.
 * Given once and stored with the name, it is unique and never moves, whatever comes, goes, splits or merges meanwhile.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { Dentry } from './inode.ts';
import { WriteBackSet } from './write-back-set.ts';

/** First position of a directory; lower cookies are for `.` and `..`. */
export const firstPosition = 16;
const counterRange = 2 ** 32;

export class Fragment {
  readonly directory: Directory;
  /** Upper `bits` bits of the names' hash. */
  readonly value: number;
  readonly bits: number;
  readonly dentries = new Map<ByteString, Dentry>();
  /** Every name it has is in memory: what is not found does not exist. */
  complete: boolean;
  readonly changes: WriteBackSet<Dentry>;
  /** Ascending by position; may contain removed dentries and lack those in `#fresh`. Undefined: never listed. */
  #index: Dentry[] | undefined;
  #fresh: Dentry[] = [];

  constructor(directory: Directory, value: number, bits: number, complete: boolean) {
    this.directory = directory;
    this.value = value;
    this.bits = bits;
    this.complete = complete;
    this.changes = new WriteBackSet('fragment', fragmentObject(directory.ino, value, bits));
  }

  /** Whether the object may have a name that is not in memory because it was removed. */
  hidesStored(name: ByteString): boolean {
    return this.changes.dirty.has(name) || this.changes.writing?.has(name) === true;
  }

  add(dentry: Dentry): void {
    this.dentries.set(dentry.name, dentry);
    if (this.#index !== undefined) this.#fresh.push(dentry);
  }

  delete(dentry: Dentry): void {
    dentry.removed = true;
    this.dentries.delete(dentry.name);
  }

  /** Forgets the order; the next listing makes it anew. */
  dropIndex(): void {
    this.#index = undefined;
    this.#fresh = [];
  }

  /** All names in order; `start` is the first with a position above `after`. */
  list(after: number): { readonly entries: readonly Dentry[]; readonly start: number } {
    const entries = this.#sorted();
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((entries[middle] as Dentry).position > after) high = middle;
      else low = middle + 1;
    }
    return { entries, start: low };
  }

  #sorted(): readonly Dentry[] {
    if (this.#index === undefined) {
      this.#index = [...this.dentries.values()].sort(byPosition);
    } else if (this.#fresh.length > 0 || this.#index.length > 2 * this.dentries.size + 64) {
      const kept = this.#index.filter(isPresent);
      const fresh = this.#fresh.filter(isPresent).sort(byPosition);
      this.#index = fresh.length > 0 ? merge(kept, fresh) : kept;
      this.#fresh = [];
    }
    return this.#index;
  }
}

export class Directory {
  readonly ino: number;
  readonly fragments: Fragment[];

  /** `fresh`: it was made just now, so what it has is known. */
  constructor(ino: number, fresh: boolean) {
    this.ino = ino;
    this.fragments = [new Fragment(this, 0, 0, fresh)];
  }

  fragmentOf(name: ByteString): Fragment {
    if (this.fragments.length === 1) return this.fragments[0] as Fragment;
    const hash = nameHash(name);
    return this.fragments.find(({ value, bits }) => bits === 0 || hash >>> (32 - bits) === value) as Fragment;
  }
}

/** Name of a fragment's object: `<ino hex>.<bits, 2 hex digits><value, 6 hex digits>`. */
export function fragmentObject(ino: number, value: number, bits: number): string {
  return `${ino.toString(16)}.${bits.toString(16).padStart(2, '0')}${value.toString(16).padStart(6, '0')}`;
}

/** Position of a new name, when the directory's counter is at `counter`. */
export function positionOf(name: ByteString, counter: number): number {
  return (nameHash(name) >>> 12) * counterRange + (counter % counterRange);
}

/** Counter after `counter`: it wraps before it would give a cookie that is kept for `.` and `..`. */
export function nextCounter(counter: number): number {
  return counter + 1 >= counterRange ? firstPosition : counter + 1;
}

/** 32-bit hash of a name's bytes: FNV-1a with MurmurHash3's finalizer, so that the upper bits are even. On disk: never change it. */
export function nameHash(name: ByteString): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function byPosition(a: Dentry, b: Dentry): number {
  return a.position - b.position;
}

function isPresent(dentry: Dentry): boolean {
  return !dentry.removed;
}

function merge(a: readonly Dentry[], b: readonly Dentry[]): Dentry[] {
  const out: Dentry[] = [];
  let i = 0;
  for (const dentry of b) {
    while (i < a.length && (a[i] as Dentry).position < dentry.position) out.push(a[i++] as Dentry);
    out.push(dentry);
  }
  while (i < a.length) out.push(a[i++] as Dentry);
  return out;
}
