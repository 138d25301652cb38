/**
 * The /dev/fuse ABI as far as we speak it: linux/fuse.h, protocol 7.31 to 7.45. Little-endian machines only;
 * every structure is made of 32-bit and 64-bit fields aligned to their size, so a 32-bit view reads them all.
 *
 * ```
 * request  0 len u32 │ 4 opcode u32 │ 8 unique u64 │ 16 nodeid u64 │ 24 uid u32 │ 28 gid u32 │ 32 pid u32 │ 36 extlen u16, pad
 *         40 body of the operation, then names (each ended by NUL) or data
 * reply    0 len u32 │ 4 error i32 (0 or -errno) │ 8 unique u64 │ 16 body
 * ```
 * @module
 */

export const majorVersion = 7;
/** The newest minor version whose structures we know. */
export const minorVersion = 45;
/** The oldest that has everything we need (Linux 5.4). */
export const minorVersionMin = 31;

export const requestHeaderBytes = 40;
export const replyHeaderBytes = 16;
/** struct fuse_write_in: what precedes the data of a WRITE. */
export const writeHeaderBytes = requestHeaderBytes + 40;
export const attributesBytes = 88;
export const entryBytes = 40 + attributesBytes;
export const attributesReplyBytes = 16 + attributesBytes;
export const openReplyBytes = 16;
export const initReplyBytes = 64;
export const statfsReplyBytes = 80;
export const statxReplyBytes = 288;
export const directoryEntryHeaderBytes = 24;

/** enum fuse_opcode. */
export const Opcode = {
  lookup: 1,
  forget: 2,
  getAttributes: 3,
  setAttributes: 4,
  readLink: 5,
  symlink: 6,
  makeNode: 8,
  makeDirectory: 9,
  unlink: 10,
  removeDirectory: 11,
  rename: 12,
  link: 13,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  setXattr: 21,
  getXattr: 22,
  listXattrs: 23,
  removeXattr: 24,
  flush: 25,
  init: 26,
  openDirectory: 27,
  readDirectory: 28,
  releaseDirectory: 29,
  fsyncDirectory: 30,
  getLock: 31,
  setLock: 32,
  setLockWait: 33,
  access: 34,
  create: 35,
  interrupt: 36,
  destroy: 38,
  batchForget: 42,
  allocate: 43,
  readDirectoryPlus: 44,
  rename2: 45,
  seek: 46,
  copyRange: 47,
  syncAll: 50,
  createUnnamed: 51,
  statx: 52,
  copyRange64: 53,
} as const;

/** FUSE_* flags of INIT; bit 32 and above travel in `flags2`. */
export const InitFlag = {
  asyncRead: 2 ** 0,
  posixLocks: 2 ** 1,
  atomicTruncate: 2 ** 3,
  exportSupport: 2 ** 4,
  bigWrites: 2 ** 5,
  dontMask: 2 ** 6,
  flockLocks: 2 ** 10,
  readDirectoryPlus: 2 ** 13,
  readDirectoryPlusAuto: 2 ** 14,
  asyncDirectIo: 2 ** 15,
  parallelDirectoryOperations: 2 ** 18,
  posixAcl: 2 ** 20,
  abortError: 2 ** 21,
  maxPages: 2 ** 22,
  cacheSymlinks: 2 ** 23,
  explicitInvalidation: 2 ** 25,
  handleKillPrivilegesV2: 2 ** 28,
  setXattrExtended: 2 ** 29,
  initExtended: 2 ** 30,
  directIoMayBeMapped: 2 ** 36,
} as const;

/** FOPEN_* flags of OPEN, CREATE and OPENDIR replies. */
export const OpenFlag = { directIo: 1, keepCache: 2, parallelDirectWrites: 64 } as const;

/** FUSE_OPEN_KILL_SUIDGID of OPEN and CREATE. */
export const openKillSetId = 1;
/** FUSE_READ_LOCKOWNER: somebody reads. Without it the kernel fills its cache, for somebody who reads through that or has mapped the file. */
export const readForCaller = 2;
/** FUSE_WRITE_CACHE: what was stored into the kernel's pages, through a mapping. */
export const writeFromPages = 1;
/** FUSE_WRITE_KILL_SUIDGID. */
export const writeKillSetId = 4;
/** FUSE_SETXATTR_ACL_KILL_SGID. */
export const setXattrKillSetGid = 1;
/** FUSE_GETATTR_FH. */
export const getAttributesHasHandle = 1;
/** Types of struct fuse_file_lock, as in fcntl.h. */
export const FileLockType = { read: 0, write: 1, unlock: 2 } as const;
/** FUSE_LK_FLOCK. */
export const lockIsFlock = 1;
/** FUSE_FSYNC_FDATASYNC. */
export const fsyncDataOnly = 1;

/** FATTR_* bits of SETATTR. */
export const SetAttributesFlag = {
  mode: 1,
  uid: 2,
  gid: 4,
  size: 8,
  atime: 16,
  mtime: 32,
  handle: 64,
  atimeNow: 128,
  mtimeNow: 256,
  ctime: 1024,
  killSetId: 2048,
} as const;

/**
 * enum fuse_notify_code. `increaseEpoch` makes every cached name be looked up again (7.44), `prune` drops the names of inodes that
 * nobody uses (7.45).
 */
export const Notification = { invalidateInode: 2, invalidateEntry: 3, increaseEpoch: 8, prune: 9 } as const;
/** The first minor version with {@link Notification.increaseEpoch}, and with {@link Notification.prune}. */
export const minorVersionWithEpoch = 44;
export const minorVersionWithPrune = 45;

/** Lower bits first: the two halves of a 64-bit field as one number (exact below 2^53). */
export const joinU64 = (low: number, high: number): number => high * 0x1_0000_0000 + low;
/** Likewise for a signed field. */
export const joinI64 = (low: number, high: number): number => (high | 0) * 0x1_0000_0000 + low;
/** The upper half of `value`, as a 32-bit view stores it (two's complement when negative). */
export const highHalf = (value: number): number => Math.floor(value / 0x1_0000_0000);
