/**
 * What data cannot tell of inodes: one record each, name and all, in the data pool. So what there is can be rebuilt should the metadata pool be lost
 * (background/repair/rebuild.ts); nothing else reads it. A file that is where it was made, as it was made, has none: its first object says
 * enough (client/backtrace.ts), and costs no request.
 *
 * Written when the name is written back to its directory's object, at the latest: one omap object per block of numbers, as locations are.
 * @module
 */
import { BlockTable, blockOf } from './block-table.ts';
import { isSystem, SystemIno, type Dentry, type Inode, type ByData, type Place, type Recorded } from './inode.ts';

export class RecordTable extends BlockTable<Dentry> {
  constructor() {
    super('record', recordObject);
  }
}

/** Name of the object in the data pool that has `ino`'s record: `records.<block hex>`. */
export function recordObject(ino: number): string {
  return `records.${blockOf(ino).toString(16)}`;
}

/** The inode as it is now is what is written down. */
export function recorded(inode: Inode, place: Place, byData: ByData): Recorded {
  const { mode, uid, gid, xattrs, layout, quota, pin, names } = inode;
  return { place, mode, uid, gid, xattrs, layout, quota, pin, names, sparseSize: sparseSizeOf(inode), byData };
}

/** Whether what is written down of the inode is no longer all. */
export function wantsRecord(inode: Inode, { directory, name }: Dentry): boolean {
  const known = inode.recorded;
  // The name of a subtree's root is its parent's rank's affair: the last record with a name stays.
  if (isSystem(directory, 'base') && inode.ino !== SystemIno.root) return false;
  if (known === undefined) return true;
  if (known.byData !== 'no' && !isToldByData(inode)) return true;
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
