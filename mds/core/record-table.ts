/**
 * What data cannot tell of inodes: one record each, name and all, in the data pool. So what there is can be rebuilt should the metadata pool be lost
 * (background/repair/rebuild.ts); nothing else reads it. A file that is where it was made, as it was made, has none: its first object says
 * enough (client/backtrace.ts), and costs no request.
 *
 * Written when the name is written back to its directory's object, at the latest: one omap object per block of numbers, as locations are.
 * @module
 */
import { isSystem, SystemIno, type Dentry, type Inode, type Place, type Recorded } from './inode.ts';
import { WriteBackSet } from './write-back-set.ts';

/** Numbers per object. */
export const recordBlock = 4096;

/** Keys as in the table of locations. Undefined: gone. */
export class RecordTable {
  readonly #blocks = new Map<number, WriteBackSet<Dentry>>();

  /** The changes of `ino`'s block; made when missing. */
  block(ino: number): WriteBackSet<Dentry> {
    const number = Math.floor(ino / recordBlock);
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = new WriteBackSet('record', recordObject(ino));
      this.#blocks.set(number, block);
    }
    return block;
  }

  /** What was to be written under `key` of `ino`'s block is written. */
  forget(ino: number, key: string): void {
    this.#blocks.get(Math.floor(ino / recordBlock))?.forget(key);
  }

  /** Forgets a block that is written back. */
  drop(block: WriteBackSet<Dentry>): void {
    for (const [number, candidate] of this.#blocks)
      if (candidate === block && !block.isDirty && block.writing === undefined) this.#blocks.delete(number);
  }
}

/** Name of the object in the data pool that has `ino`'s record: `records.<block hex>`. */
export function recordObject(ino: number): string {
  return `records.${Math.floor(ino / recordBlock).toString(16)}`;
}

/** The inode as it is now is what is written down. `byData`: by its first object, as soon as there is one. */
export function recorded(inode: Inode, place: Place, byData: boolean): Recorded {
  const { mode, uid, gid, xattrs, layout, quota, pin, names } = inode;
  return { place, mode, uid, gid, xattrs, layout, quota, pin, names, sparseSize: sparseSizeOf(inode), byData };
}

/** Whether what is written down of the inode is no longer all. */
export function wantsRecord(inode: Inode, { directory, name }: Dentry): boolean {
  const known = inode.recorded;
  // The name of a subtree's root is its parent's rank's affair: the last record with a name stays.
  if (isSystem(directory, 'base') && inode.ino !== SystemIno.root) return false;
  if (known === undefined) return true;
  if (known.byData && !isToldByData(inode)) return true;
  return (
    known.place.directory !== directory ||
    known.place.name !== name ||
    known.mode !== inode.mode ||
    known.uid !== inode.uid ||
    known.gid !== inode.gid ||
    known.xattrs !== inode.xattrs ||
    known.layout !== inode.layout ||
    known.quota !== inode.quota ||
    known.pin !== inode.pin ||
    known.names !== inode.names ||
    known.sparseSize !== sparseSizeOf(inode)
  );
}

/** Whether the file has, as far as is known, a first object; and data that lie as data lie everywhere. */
export function isToldByData({ isRegular, size, layout, space, xattrs }: Inode): boolean {
  return isRegular && size > 0 && layout === null && space === null && xattrs.length === 0;
}

function sparseSizeOf({ space, size }: Inode): number {
  return space === null ? -1 : size;
}
