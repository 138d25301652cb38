/**
 * The whole filesystem without a kernel, by inode: what both FUSE drivers, the mountless client and the
 * tests call. Method names and rules follow the FUSE low-level protocol (linux/fuse.h) and POSIX.1-2017.
 *
 * Every method either returns its answer at once, when it can be given from what is cached under a
 * capability, or a promise. Failures are FsError with a POSIX code, thrown or rejected.
 * @module
 */
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';

export type MaybePromise<T> = T | Promise<T>;

/** Who asks: from the kernel, or chosen by the mountless client's user. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups (the kernel does not pass them: the driver reads /proc/<pid>/status when they matter). */
  readonly groups: readonly number[];
  readonly pid: number;
}

/** Who asks where the client does for itself. */
export const itself: Credentials = { uid: 0, gid: 0, groups: [], pid: 0 };

/** st_* fields. */
export interface Attributes {
  readonly ino: Ino;
  /** Type and permission bits. */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  /** Bytes. */
  readonly size: number;
  /** Units of 512 bytes. */
  readonly blocks: number;
  /** Preferred I/O size in bytes. */
  readonly blockSize: number;
  readonly atime: Timespec;
  readonly mtime: Timespec;
  readonly ctime: Timespec;
  readonly btime: Timespec;
}

/** An inode found or made. The caller's reference to it lasts until `forget`. */
export interface Entry {
  readonly attributes: Attributes;
  /** Whether the attributes may be cached until invalidated. */
  readonly attributesValid: boolean;
  /** Whether the name may be cached until invalidated. */
  readonly entryValid: boolean;
  /** The kernel may have the inode under another name as well, which does not lead to it any more. */
  readonly elsewhere?: boolean;
}

/** A name that does not exist. */
export interface NegativeEntry {
  /** Whether its absence may be cached until invalidated. */
  readonly negativeValid: boolean;
}

export interface AttributesReply {
  readonly attributes: Attributes;
  readonly attributesValid: boolean;
}

/** A lock of fcntl(2), whoever owns it, or of flock(2). */
export interface LockWish {
  readonly flock: boolean;
  /** Who holds it: a process, or an open file description. As long as it lives nobody else has that name on this host. */
  readonly owner: string;
  readonly pid: number;
  /** 0 none (unlock), 1 read, 2 write. */
  readonly type: 0 | 1 | 2;
  readonly start: bigint;
  /** The last byte; 2^63 - 1: however long the file becomes. */
  readonly end: bigint;
  /** Whether it waits for those in its way. */
  readonly wait: boolean;
}

/** A lock in the way of another. */
export interface LockBlocker {
  readonly type: 0 | 1 | 2;
  readonly start: bigint;
  readonly end: bigint;
  /** Of its process; 0 when that is on another host. */
  readonly pid: number;
}

/** Fields to change; those absent stay. */
export interface AttributeChanges {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly atime?: Timespec | 'now';
  readonly mtime?: Timespec | 'now';
  readonly ctime?: Timespec;
  /** Clear setuid/setgid as POSIX asks on this change (FUSE_HANDLE_KILLPRIV_V2). */
  readonly killSetId?: boolean;
  /** chown(2) with owner and group left as they are: clears what any change of owner clears. */
  readonly sameOwner?: boolean;
  /** Drop file capabilities: the data has changed. */
  readonly dropCapability?: boolean;
}

/** An open file or directory. */
export interface Handle {
  /** Unique among the open files and directories of this filesystem. */
  readonly id: number;
  readonly ino: Ino;
  /** open(2) flags (asm-generic values). */
  readonly flags: number;
}

export interface WriteOptions {
  /** By one who may not keep the set-id bits. */
  readonly killSetId: boolean;
  /** What was stored into the kernel's pages, through a mapping: it belongs where it is, whatever the handle was opened for. The kernel keeps it. */
  readonly fromPages?: boolean;
  /** open(2) flags of this write, when they may be more than the handle's: RWF_DSYNC and RWF_SYNC of pwritev2(2). */
  readonly flags?: number;
}

export interface OpenReply {
  readonly handle: Handle;
  /** Whether what the kernel has cached of the data is still good (FOPEN_KEEP_CACHE). */
  readonly keepCache: boolean;
  /** Whether the kernel must pass every read and write through (FOPEN_DIRECT_IO). */
  readonly directIo: boolean;
}

export interface DirectoryEntry {
  readonly name: ByteString;
  readonly ino: Ino;
  /** Type bits of st_mode, shifted right by 12 (d_type). */
  readonly type: number;
  /** Cookie to go on after this entry. */
  readonly offset: number;
  /** With `plus`: as from `lookup`, and counted as a reference. Absent for `.` and `..`. */
  readonly entry?: Entry;
}

export interface StatfsReply {
  /** In bytes; `blockSize` is f_frsize. */
  readonly blockSize: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly files: number;
  readonly freeFiles: number;
  readonly nameMax: number;
}

/**
 * How the filesystem reaches the kernel's caches. Promises resolve when the kernel has let go.
 *
 * Until then reads and writes of the inode, and lookups in the directory, must go on being answered under the capability
 * that is about to be given back: the kernel may be waiting for exactly such an answer before it can let go.
 */
export interface CacheInvalidator {
  /**
   * Attributes, and data from `offset` for `length` bytes; length 0 means to the end, offset -1 attributes only. `recalled`: another host
   * waits for it. What the kernel waits for is then answered without anyone else; others may wait for the MDS, and never hold those up.
   */
  invalidateInode(ino: Ino, offset: number, length: number, recalled?: boolean): Promise<void>;
  /** One name, present or absent, and the directory's listing. */
  invalidateEntry(parent: Ino, name: ByteString, isFolder?: boolean): Promise<void>;
  /**
   * Asks for these inodes' names, and with them the references ({@link Filesystem.forget}), where nobody uses them. Waits for no lock
   * of a directory. No such method: it cannot be asked.
   */
  prune?(inodes: readonly Ino[]): Promise<Pruned>;
}

/** `asked`: what nobody uses comes back; `failed`: nothing does, this time; `unknown`: it cannot be asked. */
export type Pruned = 'asked' | 'failed' | 'unknown';

export interface Filesystem {
  readonly root: Ino;
  /** The driver sets it before its first request; without one nothing is cached outside. */
  setInvalidator(invalidator: CacheInvalidator): void;

  lookup(who: Credentials, parent: Ino, name: ByteString): MaybePromise<Entry | NegativeEntry>;
  /** Drops `count` references. */
  forget(ino: Ino, count: number): void;
  getAttributes(who: Credentials, ino: Ino, handle?: Handle): MaybePromise<AttributesReply>;
  setAttributes(who: Credentials, ino: Ino, changes: AttributeChanges, handle?: Handle): MaybePromise<AttributesReply>;
  /** access(2): mask of 4 read, 2 write, 1 execute. */
  access(who: Credentials, ino: Ino, mask: number): MaybePromise<void>;
  readLink(who: Credentials, ino: Ino): MaybePromise<ByteString>;

  makeNode(who: Credentials, parent: Ino, name: ByteString, mode: number, rdev: number, umask: number): MaybePromise<Entry>;
  makeDirectory(who: Credentials, parent: Ino, name: ByteString, mode: number, umask: number): MaybePromise<Entry>;
  symlink(who: Credentials, parent: Ino, name: ByteString, target: ByteString): MaybePromise<Entry>;
  link(who: Credentials, ino: Ino, parent: Ino, name: ByteString): MaybePromise<Entry>;
  unlink(who: Credentials, parent: Ino, name: ByteString): MaybePromise<void>;
  removeDirectory(who: Credentials, parent: Ino, name: ByteString): MaybePromise<void>;
  /** `flags`: 1 RENAME_NOREPLACE, 2 RENAME_EXCHANGE. */
  rename(who: Credentials, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString, flags: number): MaybePromise<void>;

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply>;
  /** open(2) with O_TMPFILE: a file without a name, which `link` may give it one unless O_EXCL is among the flags. */
  createUnnamed(who: Credentials, parent: Ino, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply>;
  open(who: Credentials, ino: Ino, flags: number): MaybePromise<OpenReply>;
  /** Up to `length` bytes; shorter only at the end of the file. Pieces in order, not to be changed. `forPages`: the kernel keeps them. */
  read(handle: Handle, offset: number, length: number, forPages?: boolean): MaybePromise<readonly Uint8Array[]>;
  /** `data` may be reused once this returns (or its promise resolves). Returns the bytes written: all of them. */
  write(who: Credentials, handle: Handle, offset: number, data: Uint8Array, options: WriteOptions): MaybePromise<number>;
  /** close(2) of one descriptor: reports a late write error once, and lets go of the fcntl locks that `owner` has on the file. */
  flush(handle: Handle, owner?: string): MaybePromise<void>;
  /** Sets or removes a lock. EAGAIN: another holds one, and it is not to wait; EDEADLK; EINTR: `signal` came before the lock. */
  setLock(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void>;
  /** What is in the way of a lock. */
  testLock(handle: Handle, wish: LockWish): MaybePromise<LockBlocker | undefined>;
  /** Durable on all replicas, metadata in the journal. `dataOnly`: fdatasync. */
  fsync(handle: Handle, dataOnly: boolean): Promise<void>;
  /** The last descriptor of the handle is closed: locks that belong to it go. */
  release(handle: Handle): MaybePromise<void>;
  /** fallocate(2) mode bits: 0 allocate, 1 KEEP_SIZE, 2 PUNCH_HOLE, 16 ZERO_RANGE. */
  allocate(who: Credentials, handle: Handle, mode: number, offset: number, length: number): MaybePromise<void>;
  /** copy_file_range(2) between two files, or two ranges of one that do not overlap. Bytes copied: 0 from the end on, maybe fewer than asked for. */
  copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): MaybePromise<number>;
  /** SEEK_DATA (3) and SEEK_HOLE (4). */
  seek(handle: Handle, offset: number, whence: number): MaybePromise<number>;

  openDirectory(who: Credentials, ino: Ino, flags: number): MaybePromise<OpenReply>;
  /** Entries after cookie `offset`, as many as `budget(entry)` accepts; none at the end. */
  readDirectory(handle: Handle, offset: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void>;
  fsyncDirectory(handle: Handle): Promise<void>;
  releaseDirectory(handle: Handle): MaybePromise<void>;

  getXattr(who: Credentials, ino: Ino, name: ByteString): MaybePromise<Uint8Array>;
  setXattr(who: Credentials, ino: Ino, name: ByteString, value: Uint8Array, flags: number): MaybePromise<void>;
  listXattrs(who: Credentials, ino: Ino): MaybePromise<readonly ByteString[]>;
  removeXattr(who: Credentials, ino: Ino, name: ByteString): MaybePromise<void>;

  statfs(ino: Ino): MaybePromise<StatfsReply>;
  /** Everything dirty of every file is durable. */
  syncAll(): Promise<void>;
}
