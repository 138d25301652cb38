/**
 * Deletes and cuts files' data objects: what lies beyond a new size, and all of what has been unlinked.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { poolId } from '../../common/maps/ids.ts';
import type { Layout } from '../../common/wire/gen/messages.ts';
import type { ObjectOperation, ObjectReply } from '../../osd/client/object-client.ts';
import { blocksOf, spaceBlockBytes } from '../client/file-space.ts';
import type { Inode } from '../core/inode.ts';
import type { PatientObjects } from '../store/patient-objects.ts';
import { dataObject, objectBytes, objectCount } from '../core/layout.ts';

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

  /** Nothing of the file from `size` up to `end` is left on the OSDs. With `counts`: returns how many blocks of data that took away. */
  async cut(inode: Inode, size: number, end: number, counts = false): Promise<number> {
    const layout = this.#layoutOf(inode);
    const count = objectCount(layout, end);
    const first = layout.stripeCount <= 1 ? Math.floor(size / layout.objectSize) : 0;
    let next = first;
    let blocks = 0;
    const worker = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const keep = objectBytes(layout, index, size);
        if (keep >= objectBytes(layout, index, end)) continue;
        const object = dataObject(inode.ino, index);
        const found = counts ? await this.#blocksBehind(layout, object, keep) : 0;
        blocks += found;
        await this.#apply(
          layout,
          object,
          keep === 0 ? [{ kind: 'remove' }] : [{ kind: 'assert-exists' }, { kind: 'truncate', size: keep }],
        );
      }
    };
    const workers = Math.min(this.#inFlight, count - first);
    if (workers > 0) await Promise.all(Array.from({ length: workers }, worker));
    return blocks;
  }

  /** Blocks of data that an object has wholly from `offset` on. */
  async #blocksBehind(layout: Layout, object: string, offset: number): Promise<number> {
    const from = blocksOf(offset) * spaceBlockBytes;
    let blocks = 0;
    const reply = await this.#apply(layout, object, [{ kind: 'extents', offset: from, length: 0 }]);
    for (const extent of reply?.results[0]?.extents ?? [])
      blocks += blocksOf(extent.offset + extent.length) - Math.floor(extent.offset / spaceBlockBytes);
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
