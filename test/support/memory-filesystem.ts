/**
 * A whole filesystem in memory behind {@link Filesystem}: what the drivers are tested against, and a model to compare
 * others with. Permissions are the caller's business (the kernel checks them: default_permissions); ownership,
 * set-id bits, link counts, times and errors follow POSIX.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ErrorCode } from '../../common/errors/fs-error.ts';
import { ino as toIno } from '../../common/maps/ids.ts';
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type {
  AttributeChanges,
  Attributes,
  AttributesReply,
  CacheInvalidator,
  Credentials,
  DirectoryEntry,
  Entry,
  Filesystem,
  Handle,
  LockBlocker,
  LockWish,
  MaybePromise,
  NegativeEntry,
  OpenReply,
  StatfsReply,
} from '../../fuse-client/vfs/filesystem.ts';
import { OpenFlag } from '../../fuse-client/vfs/open-flags.ts';
import { FileType, ModeBit } from '../../mds/client/file-mode.ts';
import { wholeFile } from '../../mds/client/lock-table.ts';
import { modeOfAcl } from '../../mds/core/acl.ts';
import { FileLocks } from '../../mds/core/file-locks.ts';
import { SparseData } from './sparse-data.ts';

export interface MemoryFilesystemOptions {
  readonly now: () => Timespec;
  /** Whether names and attributes may be cached until invalidated. */
  readonly cacheable: boolean;
}

interface Node {
  readonly ino: Ino;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  readonly rdev: number;
  atime: Timespec;
  mtime: Timespec;
  ctime: Timespec;
  readonly btime: Timespec;
  readonly xattrs: Map<ByteString, Uint8Array>;
  /** Kernel references and open handles: an unlinked node goes when it has none. */
  references: number;
  opens: number;
  readonly data?: SparseData;
  readonly children?: Map<ByteString, Ino>;
  parent?: Ino;
  readonly target?: ByteString;
}

interface OpenNode extends Handle {
  readonly node: Node;
  /** Of a directory: what its listing was when it was read from the start. */
  listing?: readonly { readonly name: ByteString; readonly ino: Ino }[];
}

const nameMax = 255;
const blockSize = 4096;
const dot = '.' as ByteString;
const dotDot = '..' as ByteString;

export class MemoryFilesystem implements Filesystem {
  readonly root = toIno(1);
  invalidator: CacheInvalidator | undefined;
  readonly #options: MemoryFilesystemOptions;
  readonly #nodes = new Map<Ino, Node>();
  readonly #handles = new Map<number, OpenNode>();
  #lastIno = 1;
  #lastHandle = 0;
  readonly #waits = new Map<number, () => void>();
  readonly #locks = new FileLocks({
    locksMax: 10_000,
    granted: (_instance, id) => {
      this.#waits.get(id)?.();
      this.#waits.delete(id);
    },
  });
  /** Who has locked through each handle. */
  readonly #owners = new Map<number, Set<string>>();
  #nextWait = 1;

  constructor(options: MemoryFilesystemOptions) {
    this.#options = options;
    const now = options.now();
    this.#nodes.set(this.root, {
      ino: this.root,
      mode: FileType.directory | 0o755,
      nlink: 2,
      uid: 0,
      gid: 0,
      rdev: 0,
      atime: now,
      mtime: now,
      ctime: now,
      btime: now,
      xattrs: new Map(),
      references: 1,
      opens: 0,
      children: new Map(),
      parent: this.root,
    });
  }

  /** Open handles and inodes that exist, for tests of what is left behind. */
  get usage(): { readonly handles: number; readonly inodes: number; readonly references: number } {
    let references = 0;
    for (const node of this.#nodes.values()) references += node.references;
    return { handles: this.#handles.size, inodes: this.#nodes.size, references: references - 1 };
  }

  setInvalidator(invalidator: CacheInvalidator): void {
    this.invalidator = invalidator;
  }

  lookup(_who: Credentials, parent: Ino, name: ByteString): Entry | NegativeEntry {
    const directory = this.#directory(parent);
    checkName(name);
    const ino = name === dot ? directory.ino : name === dotDot ? (directory.parent ?? this.root) : directory.children.get(name);
    if (ino === undefined) return { negativeValid: this.#options.cacheable };
    return this.#entry(this.#node(ino));
  }

  forget(ino: Ino, count: number): void {
    const node = this.#nodes.get(ino);
    if (!node || ino === this.root) return;
    node.references -= count;
    if (node.references < 0) throw new Error(`inode ${String(ino)} forgotten more often than given out`);
    this.#reap(node);
  }

  getAttributes(_who: Credentials, ino: Ino): AttributesReply {
    return { attributes: attributesOf(this.#node(ino)), attributesValid: this.#options.cacheable };
  }

  setAttributes(who: Credentials, ino: Ino, changes: AttributeChanges): AttributesReply {
    const node = this.#node(ino);
    const now = this.#options.now();
    if (changes.size !== undefined) {
      if (!node.data) throw new FsError(node.children ? 'EISDIR' : 'EINVAL', 'only files have a size');
      node.data.truncate(changes.size);
      node.mtime = now;
    }
    if (changes.uid !== undefined || changes.gid !== undefined || changes.killSetId === true) killSetId(node);
    if (changes.mode !== undefined) node.mode = (node.mode & FileType.mask) | (changes.mode & ~FileType.mask);
    if (changes.uid !== undefined) node.uid = changes.uid;
    if (changes.gid !== undefined) node.gid = changes.gid;
    if (changes.atime !== undefined) node.atime = changes.atime === 'now' ? now : changes.atime;
    if (changes.mtime !== undefined) node.mtime = changes.mtime === 'now' ? now : changes.mtime;
    node.ctime = changes.ctime ?? now;
    return this.getAttributes(who, ino);
  }

  access(_who: Credentials, ino: Ino, _mask: number): void {
    this.#node(ino);
  }

  readLink(_who: Credentials, ino: Ino): ByteString {
    const { target } = this.#node(ino);
    if (target === undefined) throw new FsError('EINVAL', 'not a symbolic link');
    return target;
  }

  makeNode(who: Credentials, parent: Ino, name: ByteString, mode: number, rdev: number, umask: number): Entry {
    return this.#entry(this.#add(who, parent, name, mode & ~umask, { rdev }));
  }

  makeDirectory(who: Credentials, parent: Ino, name: ByteString, mode: number, umask: number): Entry {
    return this.#entry(this.#add(who, parent, name, FileType.directory | (mode & ModeBit.permissions & ~umask), {}));
  }

  symlink(who: Credentials, parent: Ino, name: ByteString, target: ByteString): Entry {
    return this.#entry(this.#add(who, parent, name, FileType.symlink | 0o777, { target }));
  }

  link(_who: Credentials, ino: Ino, parent: Ino, name: ByteString): Entry {
    const directory = this.#directory(parent);
    const node = this.#node(ino);
    if (node.children) throw new FsError('EPERM', 'directories have one name');
    if (node.nlink === 0) throw new FsError('ENOENT', 'the file is unlinked');
    if (directory.children.has(name)) throw new FsError('EEXIST', name);
    checkName(name);
    directory.children.set(name, ino);
    node.nlink += 1;
    this.#touch(directory, 'mtime');
    this.#touch(node, 'ctime');
    return this.#entry(node);
  }

  unlink(_who: Credentials, parent: Ino, name: ByteString): void {
    const directory = this.#directory(parent);
    const node = this.#child(directory, name);
    if (node.children) throw new FsError('EISDIR', name);
    directory.children.delete(name);
    this.#touch(directory, 'mtime');
    this.#drop(node, 1);
  }

  removeDirectory(_who: Credentials, parent: Ino, name: ByteString): void {
    const directory = this.#directory(parent);
    const node = this.#child(directory, name);
    if (!node.children) throw new FsError('ENOTDIR', name);
    if (node.children.size > 0) throw new FsError('ENOTEMPTY', name);
    directory.children.delete(name);
    directory.nlink -= 1;
    this.#touch(directory, 'mtime');
    this.#drop(node, 2);
  }

  rename(_who: Credentials, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString, flags: number): void {
    const from = this.#directory(parent);
    const to = this.#directory(newParent);
    const node = this.#child(from, name);
    checkName(newName);
    const targetIno = to.children.get(newName);
    const target = targetIno === undefined ? undefined : this.#node(targetIno);
    if (flags & 2) {
      if (!target) throw new FsError('ENOENT', newName);
      this.#checkNotBelow(to, node);
      this.#checkNotBelow(from, target);
      from.children.set(name, target.ino);
      to.children.set(newName, node.ino);
      this.#moved(target, to, from);
    } else {
      if (target && flags & 1) throw new FsError('EEXIST', newName);
      if (target === node) return;
      this.#checkNotBelow(to, node);
      if (target) this.#replace(to, newName, target, node);
      from.children.delete(name);
      to.children.set(newName, node.ino);
    }
    this.#moved(node, from, to);
    this.#touch(from, 'mtime');
    this.#touch(to, 'mtime');
    this.#touch(node, 'ctime');
  }

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): Entry & OpenReply {
    const existing = this.#directory(parent).children.get(name);
    if (existing !== undefined && flags & OpenFlag.exclusive) throw new FsError('EEXIST', name);
    const node =
      existing === undefined
        ? this.#add(who, parent, name, FileType.regular | (mode & ModeBit.permissions & ~umask), {})
        : this.#node(existing);
    const opened = this.open(who, node.ino, flags);
    return { ...this.#entry(node), ...opened };
  }

  createUnnamed(): never {
    throw new FsError('EOPNOTSUPP', 'every file here has a name');
  }

  open(_who: Credentials, ino: Ino, flags: number): OpenReply {
    const node = this.#node(ino);
    if (node.children) throw new FsError('EISDIR', 'a directory');
    if (flags & OpenFlag.truncate && node.data) {
      node.data.truncate(0);
      this.#touch(node, 'mtime');
    }
    return { handle: this.#open(node, flags), keepCache: this.#options.cacheable, directIo: false };
  }

  read(handle: Handle, offset: number, length: number): readonly Uint8Array[] {
    const { node } = this.#opened(handle);
    return fileData(node).read(offset, length);
  }

  write(_who: Credentials, handle: Handle, offset: number, data: Uint8Array, { killSetId: kill }: { readonly killSetId: boolean }): number {
    const { node } = this.#opened(handle);
    fileData(node).write(offset, data);
    if (kill) killSetId(node);
    this.#touch(node, 'mtime');
    return data.length;
  }

  flush(handle: Handle, owner?: string): void {
    this.#opened(handle);
    if (owner !== undefined) this.#unlock(handle, false, owner);
  }

  setLock(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void> {
    const id = this.#nextWait++;
    const outcome = this.#locks.request({ ...wish, ino: handle.ino, instance: 0 }, wish.wait ? id : undefined);
    if (wish.type !== 0) this.#owners.set(handle.id, (this.#owners.get(handle.id) ?? new Set()).add(`${Number(wish.flock)}${wish.owner}`));
    if (outcome === 'busy') throw new FsError('EAGAIN', 'locked');
    if (outcome === 'deadlock') throw new FsError('EDEADLK', 'deadlock');
    if (outcome !== 'waiting') return undefined;
    return new Promise((resolve, reject) => {
      this.#waits.set(id, resolve);
      signal?.addEventListener('abort', () => {
        if (this.#locks.cancel(0, id)) reject(new FsError('EINTR', 'interrupted'));
      });
    });
  }

  testLock(handle: Handle, wish: LockWish): LockBlocker | undefined {
    return this.#locks.test({ ...wish, ino: handle.ino, instance: 0 });
  }

  #unlock(handle: Handle, flock: boolean, owner: string): void {
    this.#locks.request({ ...wholeFile, ino: handle.ino, instance: 0, flock, owner, pid: 0, type: 0 });
  }

  async fsync(handle: Handle): Promise<void> {
    this.#opened(handle);
    return Promise.resolve();
  }

  release(handle: Handle): void {
    const { node } = this.#opened(handle);
    this.#handles.delete(handle.id);
    for (const owner of this.#owners.get(handle.id) ?? []) this.#unlock(handle, owner.startsWith('1'), owner.slice(1));
    this.#owners.delete(handle.id);
    node.opens -= 1;
    this.#reap(node);
  }

  allocate(_who: Credentials, handle: Handle, mode: number, offset: number, length: number): void {
    const { node } = this.#opened(handle);
    const data = fileData(node);
    if (mode & (2 | 16)) data.zero(offset, length);
    if (!(mode & 1) && offset + length > data.size) data.truncate(offset + length);
    this.#touch(node, 'mtime');
  }

  copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): number {
    const bytes = Buffer.concat(this.read(from, offset, length));
    return this.write(who, to, at, bytes, { killSetId: false });
  }

  seek(handle: Handle, offset: number, whence: number): number {
    return fileData(this.#opened(handle).node).seek(offset, whence);
  }

  openDirectory(_who: Credentials, ino: Ino, flags: number): OpenReply {
    return { handle: this.#open(this.#directory(ino), flags), keepCache: false, directIo: false };
  }

  readDirectory(handle: Handle, offset: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): void {
    const opened = this.#opened(handle);
    const { node } = opened;
    if (!node.children) throw new FsError('ENOTDIR', 'not a directory');
    if (offset === 0 || opened.listing === undefined) {
      opened.listing = [
        { name: dot, ino: node.ino },
        { name: dotDot, ino: node.parent ?? this.root },
        ...Array.from(node.children, ([name, ino]) => ({ name, ino })),
      ];
    }
    for (let i = offset; i < opened.listing.length; i += 1) {
      const { name, ino } = opened.listing[i] as { readonly name: ByteString; readonly ino: Ino };
      const child = this.#nodes.get(ino);
      if (!child || (i > 1 && node.children.get(name) !== ino)) continue;
      const entry = plus && i > 1 ? { entry: this.#peek(child) } : {};
      if (!accept({ name, ino, type: child.mode >> 12, offset: i + 1, ...entry })) return;
      if (plus && i > 1) child.references += 1;
    }
  }

  async fsyncDirectory(handle: Handle): Promise<void> {
    return this.fsync(handle);
  }

  releaseDirectory(handle: Handle): void {
    this.release(handle);
  }

  getXattr(_who: Credentials, ino: Ino, name: ByteString): Uint8Array {
    const value = this.#node(ino).xattrs.get(name);
    if (!value) throw new FsError('ENODATA', name);
    return value;
  }

  setXattr(_who: Credentials, ino: Ino, name: ByteString, value: Uint8Array, flags: number): void {
    const node = this.#node(ino);
    if (flags & 1 && node.xattrs.has(name)) throw new FsError('EEXIST', name);
    if (flags & 2 && !node.xattrs.has(name)) throw new FsError('ENODATA', name);
    node.xattrs.set(name, value);
    if (name === 'system.posix_acl_access') node.mode = modeOfAcl(node.mode, value);
    this.#touch(node, 'ctime');
  }

  listXattrs(_who: Credentials, ino: Ino): readonly ByteString[] {
    return [...this.#node(ino).xattrs.keys()];
  }

  removeXattr(_who: Credentials, ino: Ino, name: ByteString): void {
    const node = this.#node(ino);
    if (!node.xattrs.delete(name)) throw new FsError('ENODATA', name);
    this.#touch(node, 'ctime');
  }

  statfs(): StatfsReply {
    return { blockSize, totalBytes: 2 ** 40, freeBytes: 2 ** 39, files: this.#nodes.size, freeFiles: 2 ** 32, nameMax };
  }

  async syncAll(): Promise<void> {
    return Promise.resolve();
  }

  #node(ino: Ino): Node {
    const node = this.#nodes.get(ino);
    if (!node) throw new FsError('ESTALE', `inode ${String(ino)} is gone`);
    return node;
  }

  #directory(ino: Ino): Node & { readonly children: Map<ByteString, Ino> } {
    const node = this.#node(ino);
    if (!node.children) throw new FsError('ENOTDIR', `inode ${String(ino)} is not a directory`);
    return node as Node & { readonly children: Map<ByteString, Ino> };
  }

  #child(directory: { readonly children: Map<ByteString, Ino> }, name: ByteString): Node {
    const ino = directory.children.get(name);
    if (ino === undefined) throw new FsError('ENOENT', name);
    return this.#node(ino);
  }

  #opened(handle: Handle): OpenNode {
    const opened = this.#handles.get(handle.id);
    if (!opened) throw new FsError('EBADF', `handle ${String(handle.id)}`);
    return opened;
  }

  #open(node: Node, flags: number): Handle {
    const opened: OpenNode = { id: ++this.#lastHandle, ino: node.ino, flags, node };
    this.#handles.set(opened.id, opened);
    node.opens += 1;
    return opened;
  }

  #add(
    who: Credentials,
    parent: Ino,
    name: ByteString,
    mode: number,
    special: { readonly rdev?: number; readonly target?: ByteString },
  ): Node {
    const directory = this.#directory(parent);
    checkName(name);
    if (directory.children.has(name)) throw new FsError('EEXIST', name);
    if (directory.nlink === 0) throw new FsError('ENOENT', 'the directory is removed');
    const now = this.#options.now();
    const type = mode & FileType.mask || FileType.regular;
    const isDirectory = type === FileType.directory;
    const inheritsGroup = (directory.mode & ModeBit.setGid) !== 0;
    const node: Node = {
      ino: toIno(++this.#lastIno),
      mode: type | (mode & ~FileType.mask) | (inheritsGroup && isDirectory ? ModeBit.setGid : 0),
      nlink: isDirectory ? 2 : 1,
      uid: who.uid,
      gid: inheritsGroup ? directory.gid : who.gid,
      rdev: special.rdev ?? 0,
      atime: now,
      mtime: now,
      ctime: now,
      btime: now,
      xattrs: new Map(),
      references: 0,
      opens: 0,
      ...(type === FileType.regular ? { data: new SparseData() } : {}),
      ...(isDirectory ? { children: new Map<ByteString, Ino>(), parent } : {}),
      ...(special.target === undefined ? {} : { target: special.target }),
    };
    this.#nodes.set(node.ino, node);
    directory.children.set(name, node.ino);
    if (isDirectory) directory.nlink += 1;
    this.#touch(directory, 'mtime');
    return node;
  }

  #replace(directory: Node, name: ByteString, target: Node, by: Node): void {
    if (target.children && !by.children) throw new FsError('EISDIR', name);
    if (!target.children && by.children) throw new FsError('ENOTDIR', name);
    if (target.children && target.children.size > 0) throw new FsError('ENOTEMPTY', name);
    if (target.children) directory.nlink -= 1;
    this.#drop(target, target.children ? 2 : 1);
  }

  #moved(node: Node, from: Node, to: Node): void {
    if (!node.children || from === to) return;
    node.parent = to.ino;
    from.nlink -= 1;
    to.nlink += 1;
  }

  #checkNotBelow(directory: Node, node: Node): void {
    for (let at = directory; at.ino !== this.root; at = this.#node(at.parent ?? this.root)) {
      if (at === node) throw new FsError('EINVAL', 'a directory cannot move into itself');
    }
  }

  #drop(node: Node, links: number): void {
    node.nlink -= links;
    this.#touch(node, 'ctime');
    this.#reap(node);
  }

  #reap(node: Node): void {
    if (node.nlink === 0 && node.references === 0 && node.opens === 0) this.#nodes.delete(node.ino);
  }

  #touch(node: Node, what: 'mtime' | 'ctime'): void {
    const now = this.#options.now();
    if (what === 'mtime') node.mtime = now;
    node.ctime = now;
  }

  #peek(node: Node): Entry {
    return { attributes: attributesOf(node), attributesValid: this.#options.cacheable, entryValid: this.#options.cacheable };
  }

  #entry(node: Node): Entry {
    if (node.ino !== this.root) node.references += 1;
    return this.#peek(node);
  }
}

function checkName(name: ByteString): void {
  if (name.length > nameMax) throw new FsError('ENAMETOOLONG', `${String(name.length)} bytes`);
}

function killSetId(node: Node): void {
  if (node.children) return;
  node.mode &= ~ModeBit.setUid;
  if (node.mode & ModeBit.groupExecute) node.mode &= ~ModeBit.setGid;
}

function fileData(node: Node): SparseData {
  if (!node.data) throw new FsError('EINVAL' satisfies ErrorCode, 'not a file');
  return node.data;
}

function attributesOf(node: Node): Attributes {
  const { ino, mode, nlink, uid, gid, rdev, atime, mtime, ctime, btime } = node;
  const size = node.data?.size ?? node.target?.length ?? 0;
  return { ino, mode, nlink, uid, gid, rdev, size, blocks: (node.data?.allocatedBytes ?? 0) / 512, blockSize, atime, mtime, ctime, btime };
}
