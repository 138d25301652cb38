/**
 * Where files are, as far as this client knows: the first object of each says so (mds/client/backtrace.ts), so that names can be
 * found again from data alone.
 *
 * What is claimed is that an inode had a name when it had a version: a record and the name it came with, in one answer of the MDS. It need not be so any
 * more, and is never said of a version that came after it. Nor of one that may be in no journal: should it be lost, another life of the MDS gives it to
 * something else, and the claim would count for more than what is so. What was renamed is said to be where it was until it is found again: the MDS writes down
 * where it is.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { InodeGrant } from '../../common/wire/gen/messages.ts';
import { encodeBacktrace, lineageMax, type Home } from '../../mds/client/index.ts';
import type { Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';

/** `inode` is in `directory` under `name`, as the MDS says together with `grant`, which is not the answer to a change. */
export function foundAt(inode: Inode, directory: Inode, name: ByteString, grant: InodeGrant | null | undefined): void {
  const record = grant?.inode;
  if (record?.ino !== inode.ino || record.version < (inode.home?.version ?? 0)) return;
  if (grant?.unsafe === true) putAt(inode, directory, name);
  else inode.home = { directory: directory.ino, name, version: record.version };
}

/** It was made there, and may not be in a journal yet. */
export function putAt(inode: Inode, directory: Inode, name: ByteString): void {
  inode.home ??= { directory: directory.ino, name, version: 0 };
}

/** What the first object of the file is to say. */
export function backtraceOf(inodes: InodeTable, inode: Inode): Buffer {
  const lineage: Home[] = [];
  // Names of different times may make a circle.
  for (let { home } = inode; home !== undefined && lineage.length < lineageMax; home = inodes.get(home.directory)?.home) lineage.push(home);
  const { ino, mode, uid, gid, layout } = inode;
  return encodeBacktrace({ ino, mode, uid, gid, layout, lineage });
}
