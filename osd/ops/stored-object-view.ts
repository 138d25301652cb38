import type { PgId } from '../../common/maps/ids.ts';
import type { Extent, OmapEntry } from '../client/object-client.ts';
import type { StoredObject } from '../core/object-view.ts';
import type { ObjectStat, ObjectStore } from '../store/object-store.ts';

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
}
