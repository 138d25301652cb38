/**
 * Where inodes lie: number -> directory and name that they are embedded in. It finds an inode by number alone
 * (a client's handle, a reconnect, a remote name) when it is not in memory. One omap object per block of numbers;
 * written back with the fragments.
 * @module
 */
import { BlockTable, blockOf } from './block-table.ts';
import type { Place } from './inode.ts';

export class LocationTable extends BlockTable<Place> {
  constructor() {
    super('location', locationObject);
  }
}

/** Name of the object that has `ino`'s location: `locations.<block hex>`. */
export function locationObject(ino: number): string {
  return `locations.${blockOf(ino).toString(16)}`;
}
