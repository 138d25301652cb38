/**
 * Hashes of names, and bags of them: which names a directory has beside those in memory, in about eight bytes each.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';

const firstSlots = 16;

/** Open addressing with linear probing; the same hash may be in it several times. */
export class HashBag {
  /** 0: free. */
  #slots = new Uint32Array(firstSlots);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(hash: number): void {
    if ((this.#size + 1) * 3 > this.#slots.length * 2) this.#grow();
    insert(this.#slots, stored(hash));
    this.#size++;
  }

  /** Never false for one that is in it. */
  has(hash: number): boolean {
    return this.#find(stored(hash)) >= 0;
  }

  /** Takes one out. Returns whether there was one. */
  delete(hash: number): boolean {
    let hole = this.#find(stored(hash));
    if (hole < 0) return false;
    const slots = this.#slots;
    const mask = slots.length - 1;
    // What was pushed on by the one that goes moves back, so that every search still ends at a free slot.
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const value = slots[at] as number;
      if (((at - value) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = value;
      hole = at;
    }
    slots[hole] = 0;
    this.#size--;
    return true;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const hash of this.#slots) if (hash !== 0) yield hash;
  }

  #find(value: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = value & mask; slots[at] !== 0; at = (at + 1) & mask) if (slots[at] === value) return at;
    return -1;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (const hash of this.#slots) if (hash !== 0) insert(larger, hash);
    this.#slots = larger;
  }
}

/** 32-bit hash of a name's bytes: FNV-1a with MurmurHash3's finalizer, so that the upper bits are even. On disk: never change it. */
export function nameHash(name: ByteString): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0 means free: that hash shares the place of 1, which has the same upper bits. */
function stored(hash: number): number {
  return hash === 0 ? 1 : hash;
}

function insert(slots: Uint32Array, value: number): void {
  const mask = slots.length - 1;
  let at = value & mask;
  while (slots[at] !== 0) at = (at + 1) & mask;
  slots[at] = value;
}
