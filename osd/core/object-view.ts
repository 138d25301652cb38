/**
 * An object as a compound operation sees it: what is stored, below what the operations before it in the list
 * have changed.
 * @module
 */
import type { Extent, OmapEntry, Version } from '../client/object-client.ts';

/** What is stored, as of now. Synchronous: attributes and omap are memory-mapped. */
export interface StoredObject {
  stat(): { readonly size: number; readonly version: Version; readonly mtimeMs: number } | undefined;
  /** Where [offset, offset + length) has data, ascending; all else is holes. */
  extents(offset: number, length: number): readonly Extent[];
  xattr(name: string): Uint8Array | undefined;
  xattrs(): ReadonlyMap<string, Uint8Array>;
  omapGet(keys: readonly Uint8Array[]): OmapEntry[];
  omapRange(after: Uint8Array, maxEntries: number): OmapEntry[];
  /** Of its PG: up to `maxEntries` names that begin with `prefix`, are longer, and are above `after`; in byte order. */
  names(prefix: string, after: string, maxEntries: number): string[];
}

/** The object below the changes planned so far. Overlays are made only when something is changed. */
export class ObjectDraft {
  readonly #stored: StoredObject;
  readonly existed: boolean;
  /** Size before. */
  readonly sizeBefore: number;
  exists: boolean;
  size: number;
  readonly version: Version | undefined;
  readonly mtimeMs: number;
  /** Nothing of what is stored shows through any more: it was removed. */
  #fresh = false;
  #xattrs: Map<string, Uint8Array | undefined> | undefined;
  #omap: Map<string, OmapEntry | undefined> | undefined;
  /** Changes not yet in `#omap`: a batch is only taken apart when something reads after it. */
  #omapChanges: { readonly set: readonly OmapEntry[]; readonly remove: readonly Uint8Array[] }[] | undefined;
  #omapCleared = false;

  constructor(stored: StoredObject) {
    this.#stored = stored;
    const stat = stored.stat();
    this.existed = stat !== undefined;
    this.exists = this.existed;
    this.size = stat?.size ?? 0;
    this.sizeBefore = this.size;
    this.version = stat?.version;
    this.mtimeMs = stat?.mtimeMs ?? 0;
  }

  /** Its stored data no longer show through. */
  get fresh(): boolean {
    return this.#fresh;
  }

  remove(): void {
    this.exists = false;
    this.size = 0;
    this.#fresh = true;
    this.#xattrs = undefined;
    this.#omap = undefined;
    this.#omapChanges = undefined;
    this.#omapCleared = false;
  }

  /** Of what is stored: only for operations that change nothing. */
  extents(offset: number, length: number): readonly Extent[] {
    return this.#stored.extents(offset, length);
  }

  /** Of its PG, as it is stored: likewise. */
  names(prefix: string, after: string, maxEntries: number): string[] {
    return this.#stored.names(prefix, after, maxEntries);
  }

  xattr(name: string): Uint8Array | undefined {
    if (this.#xattrs?.has(name) === true) return this.#xattrs.get(name);
    return this.#fresh ? undefined : this.#stored.xattr(name);
  }

  xattrs(): ReadonlyMap<string, Uint8Array> {
    if (this.#xattrs === undefined) return this.#fresh ? new Map() : this.#stored.xattrs();
    const all = new Map<string, Uint8Array>(this.#fresh ? [] : this.#stored.xattrs());
    for (const [name, value] of this.#xattrs) {
      if (value === undefined) all.delete(name);
      else all.set(name, value);
    }
    return all;
  }

  setXattr(name: string, value: Uint8Array | undefined): void {
    (this.#xattrs ??= new Map()).set(name, value);
  }

  omapGet(keys: readonly Uint8Array[]): OmapEntry[] {
    this.#foldOmap();
    const showsThrough = !this.#fresh && !this.#omapCleared;
    if (this.#omap === undefined) return showsThrough ? this.#stored.omapGet(keys) : [];
    const found: OmapEntry[] = [];
    for (const key of keys) {
      const id = keyText(key);
      if (this.#omap.has(id)) {
        const entry = this.#omap.get(id);
        if (entry !== undefined) found.push(entry);
      } else if (showsThrough) found.push(...this.#stored.omapGet([key]));
    }
    return found;
  }

  omapRange(after: Uint8Array, maxEntries: number): OmapEntry[] {
    this.#foldOmap();
    const showsThrough = !this.#fresh && !this.#omapCleared;
    if (this.#omap === undefined) return showsThrough ? this.#stored.omapRange(after, maxEntries) : [];
    const merged = new Map<string, OmapEntry>();
    const afterText = keyText(after);
    if (showsThrough)
      for (const entry of this.#stored.omapRange(after, maxEntries + this.#omap.size)) merged.set(keyText(entry.key), entry);
    for (const [id, entry] of this.#omap) {
      if (entry === undefined) merged.delete(id);
      else if (id > afterText) merged.set(id, entry);
    }
    return [...merged.entries()]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .slice(0, maxEntries)
      .map(([, entry]) => entry);
  }

  omapChange(set: readonly OmapEntry[], remove: readonly Uint8Array[]): void {
    (this.#omapChanges ??= []).push({ set, remove });
  }

  omapClear(): void {
    this.#omapCleared = true;
    this.#omap = undefined;
    this.#omapChanges = undefined;
  }

  #foldOmap(): void {
    if (this.#omapChanges === undefined) return;
    this.#omap ??= new Map();
    for (const { set, remove } of this.#omapChanges) {
      for (const entry of set) this.#omap.set(keyText(entry.key), entry);
      for (const key of remove) this.#omap.set(keyText(key), undefined);
    }
    this.#omapChanges = undefined;
  }
}

/** Latin-1, so that comparing texts compares bytes. */
function keyText(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
