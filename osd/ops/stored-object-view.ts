import type { PgId } from '../../common/maps/ids.ts';
import { compareNames } from '../client/list-names.ts';
import type { Extent, OmapEntry } from '../client/object-client.ts';
import type { StoredObject } from '../core/object-view.ts';
import type { ObjectStat, ObjectStore } from '../store/object-store.ts';

const namesAtOnce = 64;

/** One object of a store, as the planner wants to see it. */
export class StoredObjectView implements StoredObject {
  readonly #store: ObjectStore;
  readonly #pg: PgId;
  readonly #object: string;

  constructor(store: ObjectStore, pg: PgId, object: string) {
    this.#store = store;
    this.#pg = pg;
    this.#object = object;
  }

  stat(): ObjectStat | undefined {
    return this.#store.stat(this.#pg, this.#object);
  }

  extents(offset: number, length: number): readonly Extent[] {
    return this.#store.extents(this.#pg, this.#object, offset, length);
  }

  xattr(name: string): Uint8Array | undefined {
    return this.#store.xattr(this.#pg, this.#object, name);
  }

  xattrs(): ReadonlyMap<string, Uint8Array> {
    return this.#store.xattrs(this.#pg, this.#object);
  }

  omapGet(keys: readonly Uint8Array[]): OmapEntry[] {
    return this.#store.omapGet(this.#pg, this.#object, keys);
  }

  omapRange(after: Uint8Array, maxEntries: number): OmapEntry[] {
    return this.#store.omapRange(this.#pg, this.#object, after, maxEntries);
  }

  names(prefix: string, after: string, maxEntries: number): string[] {
    const names: string[] = [];
    let from = compareNames(after, prefix) < 0 ? prefix : after;
    while (names.length < maxEntries) {
      // What lies behind the last of them is read in vain.
      const wanted = Math.min(namesAtOnce, maxEntries - names.length);
      const listed = this.#store.objects(this.#pg, from, wanted);
      for (const { name } of listed) {
        if (!name.startsWith(prefix)) return names;
        names.push(name);
        from = name;
      }
      if (listed.length < wanted) return names;
    }
    return names;
  }
}
