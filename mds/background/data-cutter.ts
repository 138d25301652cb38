/**
 * Deletes and cuts files' data objects: what lies beyond a new size, and all of what has been unlinked. And looks how much of a file
 * they have.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { poolId } from '../../common/maps/ids.ts';
import type { Layout } from '../../common/wire/gen/messages.ts';
import type { ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';
import { dataObject, storedObjects, type StoredObjects } from '../client/data-objects.ts';
import { blocksOf, spaceBlockBytes } from '../client/file-space.ts';
import type { Inode } from '../core/inode.ts';
import type { PatientObjects } from '../store/patient-objects.ts';
import { fileEnd, objectBytes, objectCount } from '../core/layout.ts';

/** Names of one PG in a page. */
const namesPerPg = 128;

export class DataCutter {
  readonly #objects: PatientObjects;
  readonly #defaultLayout: Layout;
  readonly #inFlight: number;

  constructor(objects: PatientObjects, defaultLayout: Layout, inFlight: number) {
    this.#objects = objects;
    this.#defaultLayout = defaultLayout;
    this.#inFlight = inFlight;
  }

  /** How many objects the file may have up to `end`. */
  objects(inode: Inode, end: number): number {
    return objectCount(this.#layoutOf(inode), end);
  }

  /**
   * Nothing of the file from `size` up to `end` is left on the OSDs; beyond neither, where so many objects might be that they are asked
   * which there are. With `counts`: returns how many blocks of data that took away, of those up to `end`.
   */
  async cut(inode: Inode, size: number, end: number, counts = false): Promise<number> {
    const layout = this.#layoutOf(inode);
    const first = layout.stripeCount <= 1 ? Math.floor(size / layout.objectSize) : 0;
    const count = objectCount(layout, end);
    let blocks = 0;
    const cutOne = async (index: number): Promise<void> => {
      const keep = objectBytes(layout, index, size);
      if (keep >= layout.objectSize) return;
      const object = dataObject(inode.ino, index);
      const found = counts && keep < objectBytes(layout, index, end) ? await this.#blocksBehind(layout, object, keep) : 0;
      blocks += found;
      await this.#apply(layout, object, keep === 0 ? [{ kind: 'remove' }] : [{ kind: 'assert-exists' }, { kind: 'truncate', size: keep }]);
    };
    await this.#eachObject(inode, first, count, cutOne);
    return blocks;
  }

  /** How far the file's objects go beyond `from`, and how many blocks of data they have there, if it has been written up to `to` at most. */
  async beyond(inode: Inode, from: number, to: number): Promise<{ readonly end: number; readonly blocks: number }> {
    const layout = this.#layoutOf(inode);
    const first = layout.stripeCount <= 1 ? Math.floor(from / layout.objectSize) : 0;
    let end = from;
    let blocks = 0;
    await this.#eachObject(inode, first, objectCount(layout, to), async (index) => {
      const object = dataObject(inode.ino, index);
      const known = objectBytes(layout, index, from);
      const reply = await this.#apply(layout, object, [{ kind: 'stat' }]);
      const size = Math.min(reply?.results[0]?.size ?? 0, layout.objectSize);
      if (size <= known) return;
      end = Math.max(end, fileEnd(layout, index, size));
      const found = await this.#blocksBehind(layout, object, known);
      blocks += found;
    });
    return { end, blocks };
  }

  /** How many blocks of [0, size) are data. */
  async blocks(inode: Inode, size: number): Promise<number> {
    const layout = this.#layoutOf(inode);
    let blocks = 0;
    await this.#eachObject(inode, 0, objectCount(layout, size), async (index) => {
      const end = objectBytes(layout, index, size);
      const found = end === 0 ? 0 : await this.#blocksBehind(layout, dataObject(inode.ino, index), 0, end);
      blocks += found;
    });
    return blocks;
  }

  /** Calls `act` for the file's objects from `first` on, up to `count`; where they could be very many, only for those there are, and beyond. */
  async #eachObject(inode: Inode, first: number, count: number, act: (index: number) => Promise<void>): Promise<void> {
    const pool = poolId(this.#layoutOf(inode).pool);
    if (count - first <= this.#objects.listingRequests(pool)) {
      await this.#each(
        Array.from({ length: Math.max(0, count - first) }, (_, n) => first + n),
        act,
      );
      return;
    }
    for (let next: number | undefined = first; next !== undefined;) {
      const stored: StoredObjects = await storedObjects(this.#objects, pool, inode.ino, next, namesPerPg);
      await this.#each(stored.indexes, act);
      next = stored.next;
    }
  }

  async #each(indexes: readonly number[], act: (index: number) => Promise<void>): Promise<void> {
    const pending = indexes.values();
    const worker = async (): Promise<void> => {
      for (const index of pending) await act(index);
    };
    await Promise.all(Array.from({ length: Math.min(this.#inFlight, indexes.length) }, worker));
  }

  /** Blocks of data that an object has wholly from `offset` on, up to `end`. */
  async #blocksBehind(layout: Layout, object: string, offset: number, end = layout.objectSize): Promise<number> {
    let blocks = 0;
    for (let from = blocksOf(offset) * spaceBlockBytes; from < end;) {
      const reply = await this.#apply(layout, object, [{ kind: 'extents', offset: from, length: end - from }]);
      const { extents = [], more = false } = reply?.results[0] ?? {};
      for (const extent of extents) blocks += blocksOf(extent.offset + extent.length) - Math.floor(extent.offset / spaceBlockBytes);
      const last = extents.at(-1);
      if (!more || last === undefined) break;
      from = blocksOf(last.offset + last.length) * spaceBlockBytes;
    }
    return blocks;
  }

  /** Undefined when there is no such object. */
  async #apply({ pool }: Layout, object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply | undefined> {
    try {
      return await this.#objects.operate(poolId(pool), object, operations);
    } catch (error) {
      // A hole has no object.
      if (toFsError(error).code !== 'ENOENT') throw error;
      return undefined;
    }
  }

  #layoutOf({ layout }: Inode): Layout {
    return layout ?? this.#defaultLayout;
  }
}
