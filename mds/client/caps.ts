/**
 * Capabilities: what a client may do with an inode without asking (DESIGN §7). Bits as on the wire.
 * @module
 */
import { FileType } from './file-mode.ts';

export const Cap = {
  /** Attributes (mode, owner, times, size, nlink, xattrs) may be cached. */
  attrShared: 1,
  /** Attributes may be changed locally and sent later. */
  attrExclusive: 2,
  /** File: may be read from the OSDs. */
  fileRead: 4,
  /** File: what was read may be cached. */
  fileCache: 8,
  /** File: may be written. */
  fileWrite: 16,
  /** File: writes may be buffered. */
  fileBuffer: 32,
  /** File: this client owns size and mtime. */
  fileExclusive: 64,
  /** Directory: names (and the absence of names) may be cached. */
  dirShared: 128,
  /** Directory: names may be added and removed locally. */
  dirExclusive: 256,
} as const;

/** A set of {@link Cap} bits. */
export type Caps = number;

/** What only one client may hold at a time: any of these beside another client's caps is a conflict. */
export const exclusiveCaps: Caps = Cap.attrExclusive | Cap.fileBuffer | Cap.fileExclusive | Cap.dirExclusive;

/** What one user alone holds of a file, and of a directory. */
export const fileAll: Caps =
  Cap.attrShared | Cap.attrExclusive | Cap.fileRead | Cap.fileCache | Cap.fileWrite | Cap.fileBuffer | Cap.fileExclusive;
export const directoryAll: Caps = Cap.attrShared | Cap.dirShared | Cap.dirExclusive;
/** Of whatever is held all is kept. */
export const everyCap: Caps = fileAll | directoryAll;

/** All that fit an inode's type, for a lone user. */
export function allCaps(type: number): Caps {
  if (type === FileType.directory) return directoryAll;
  return type === FileType.regular ? fileAll : Cap.attrShared;
}

/** Which of `DirtyInode`'s fields are set. */
export const DirtyField = { size: 1, mtime: 2, atime: 4, ctime: 8, space: 16 } as const;

/** Which of `SetAttrRequest`'s fields are set. */
export const SetAttrField = {
  mode: 1,
  uid: 2,
  gid: 4,
  size: 8,
  atime: 16,
  mtime: 32,
  atimeNow: 64,
  mtimeNow: 128,
  ctime: 256,
  /** Data was changed by one who may not keep the set-id bits: they are cleared, and file capabilities dropped. */
  killSetId: 512,
  /** Data was changed: file capabilities are dropped. */
  dropCapability: 1024,
  /** With size: by way of a descriptor, whose opening was allowed. */
  byHandle: 2048,
  /** chown(2) that leaves owner and group as they are. */
  sameOwner: 4096,
  /** With size: what is told of the file's space counts. */
  space: 8192,
} as const;
