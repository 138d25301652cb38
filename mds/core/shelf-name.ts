import type { ByteString } from '../../common/maps/ids.ts';

/** Name of an inode in the tables of linked inodes and strays. */
export function shelfName(ino: number): ByteString {
  return ino.toString(16).padStart(14, '0') as ByteString;
}
