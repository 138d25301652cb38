/**
 * A whole filesystem in memory behind {@link Filesystem}: what the drivers are tested against, and a model to compare
 * others with. Permissions are the caller's business (the kernel checks them: default_permissions); ownership,
 * set-id bits, link counts, times and errors follow POSIX.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type {
  AttributeChanges,
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
import { modeOfAcl } from '../../mds/core/acl.ts';
import { MemoryLocks } from './memory-locks.ts';
import { attributesOf, blockSize, checkName, fileData, killSetId, MemoryNodes, nameMax, rootIno, type MemoryNode } from './memory-nodes.ts';

export interface MemoryFilesystemOptions {
  readonly now: () => Timespec;
  /** Whether names and attributes may be cached until invalidated. */
  readonly cacheable: boolean;
}

interface OpenNode extends Handle {
  readonly node: MemoryNode;
  /** Of a directory: what its listing was when it was read from the start. */
  listing?: readonly { readonly name: ByteString; readonly ino: Ino }[];
}

const dot = '.' as ByteString;
const dotDot = '..' as ByteString;

export class MemoryFilesystem implements Filesystem {
  readonly root = rootIno;
  invalidator: CacheInvalidator | undefined;
  readonly #options: MemoryFilesystemOptions;
  readonly #nodes: MemoryNodes;
  readonly #handles = new Map<number, OpenNode>();
  readonly #locks = new MemoryLocks();
  #lastHandle = 0;

  constructor(options: MemoryFilesystemOptions) {
    this.#options = options;
    this.#nodes = new MemoryNodes(options.now);
  }

  /** Open handles and inodes that exist, for tests of what is left behind. */
  get usage(): { readonly handles: number; readonly inodes: number; readonly references: number } {
    const { count, references } = this.#nodes;
    return { handles: this.#handles.size, inodes: count, references: references - 1 };
  }

  setInvalidator(invalidator: CacheInvalidator): void {
    this.invalidator = invalidator;
  }

  lookup(_who: Credentials, parent: Ino, name: ByteString): Entry | NegativeEntry {
    const directory = this.#nodes.directory(parent);
    checkName(name);
    const ino = name === dot ? directory.ino : name === dotDot ? (directory.parent ?? this.root) : directory.children.get(name);
    if (ino === undefined) return { negativeValid: this.#options.cacheable };
    return this.#entry(this.#nodes.node(ino));
  }

  forget(ino: Ino, count: number): void {
    this.#nodes.forget(ino, count);
  }

  getAttributes(_who: Credentials, ino: Ino): AttributesReply {
    return { attributes: attributesOf(this.#nodes.node(ino)), attributesValid: this.#options.cacheable };
  }

  setAttributes(who: Credentials, ino: Ino, changes: AttributeChanges): AttributesReply {
    const node = this.#nodes.node(ino);
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
    this.#nodes.node(ino);
  }

  readLink(_who: Credentials, ino: Ino): ByteString {
    const { target } = this.#nodes.node(ino);
    if (target === undefined) throw new FsError('EINVAL', 'not a symbolic link');
    return target;
  }

  makeNode(who: Credentials, parent: Ino, name: ByteString, mode: number, rdev: number, umask: number): Entry {
    return this.#entry(this.#nodes.add(who, parent, name, mode & ~umask, { rdev }));
  }

  makeDirectory(who: Credentials, parent: Ino, name: ByteString, mode: number, umask: number): Entry {
    return this.#entry(this.#nodes.add(who, parent, name, FileType.directory | (mode & ModeBit.permissions & ~umask), {}));
  }

  symlink(who: Credentials, parent: Ino, name: ByteString, target: ByteString): Entry {
    return this.#entry(this.#nodes.add(who, parent, name, FileType.symlink | 0o777, { target }));
  }

  link(_who: Credentials, ino: Ino, parent: Ino, name: ByteString): Entry {
    const directory = this.#nodes.directory(parent);
    const node = this.#nodes.node(ino);
    if (node.children) throw new FsError('EPERM', 'directories have one name');
    if (node.nlink === 0) throw new FsError('ENOENT', 'the file is unlinked');
    if (directory.children.has(name)) throw new FsError('EEXIST', name);
    checkName(name);
    directory.children.set(name, ino);
    node.nlink += 1;
    this.#nodes.touch(directory, 'mtime');
    this.#nodes.touch(node, 'ctime');
    return this.#entry(node);
  }

  unlink(_who: Credentials, parent: Ino, name: ByteString): void {
    const directory = this.#nodes.directory(parent);
    const node = this.#nodes.child(directory, name);
    if (node.children) throw new FsError('EISDIR', name);
    directory.children.delete(name);
    this.#nodes.touch(directory, 'mtime');
    this.#nodes.drop(node, 1);
  }

  removeDirectory(_who: Credentials, parent: Ino, name: ByteString): void {
    const directory = this.#nodes.directory(parent);
    const node = this.#nodes.child(directory, name);
    if (!node.children) throw new FsError('ENOTDIR', name);
    if (node.children.size > 0) throw new FsError('ENOTEMPTY', name);
    directory.children.delete(name);
    directory.nlink -= 1;
    this.#nodes.touch(directory, 'mtime');
    this.#nodes.drop(node, 2);
  }

  rename(_who: Credentials, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString, flags: number): void {
    const from = this.#nodes.directory(parent);
    const to = this.#nodes.directory(newParent);
    const node = this.#nodes.child(from, name);
    checkName(newName);
    const targetIno = to.children.get(newName);
    const target = targetIno === undefined ? undefined : this.#nodes.node(targetIno);
    if (flags & 2) {
      if (!target) throw new FsError('ENOENT', newName);
      this.#nodes.checkNotBelow(to, node);
      this.#nodes.checkNotBelow(from, target);
      from.children.set(name, target.ino);
      to.children.set(newName, node.ino);
      this.#nodes.moved(target, to, from);
    } else {
      if (target && flags & 1) throw new FsError('EEXIST', newName);
      if (target === node) return;
      this.#nodes.checkNotBelow(to, node);
      if (target) this.#nodes.replace(to, newName, target, node);
      from.children.delete(name);
      to.children.set(newName, node.ino);
    }
    this.#nodes.moved(node, from, to);
    this.#nodes.touch(from, 'mtime');
    this.#nodes.touch(to, 'mtime');
    this.#nodes.touch(node, 'ctime');
  }

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): Entry & OpenReply {
    const existing = this.#nodes.directory(parent).children.get(name);
    if (existing !== undefined && flags & OpenFlag.exclusive) throw new FsError('EEXIST', name);
    const node =
      existing === undefined
        ? this.#nodes.add(who, parent, name, FileType.regular | (mode & ModeBit.permissions & ~umask), {})
        : this.#nodes.node(existing);
    const opened = this.open(who, node.ino, flags);
    return { ...this.#entry(node), ...opened };
  }

  createUnnamed(): never {
    throw new FsError('EOPNOTSUPP', 'every file here has a name');
  }

  open(_who: Credentials, ino: Ino, flags: number): OpenReply {
    const node = this.#nodes.node(ino);
    if (node.children) throw new FsError('EISDIR', 'a directory');
    if (flags & OpenFlag.truncate && node.data) {
      node.data.truncate(0);
      this.#nodes.touch(node, 'mtime');
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
    this.#nodes.touch(node, 'mtime');
    return data.length;
  }

  flush(handle: Handle, owner?: string): void {
    this.#opened(handle);
    if (owner !== undefined) this.#locks.unlock(handle, false, owner);
  }

  setLock(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void> {
    return this.#locks.set(handle, wish, signal);
  }

  testLock(handle: Handle, wish: LockWish): LockBlocker | undefined {
    return this.#locks.test(handle, wish);
  }

  async fsync(handle: Handle): Promise<void> {
    this.#opened(handle);
    return Promise.resolve();
  }

  release(handle: Handle): void {
    const { node } = this.#opened(handle);
    this.#handles.delete(handle.id);
    this.#locks.released(handle);
    node.opens -= 1;
    this.#nodes.reap(node);
  }

  allocate(_who: Credentials, handle: Handle, mode: number, offset: number, length: number): void {
    const { node } = this.#opened(handle);
    const data = fileData(node);
    if (mode & (2 | 16)) data.zero(offset, length);
    if (!(mode & 1) && offset + length > data.size) data.truncate(offset + length);
    this.#nodes.touch(node, 'mtime');
  }

  copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): number {
    const bytes = Buffer.concat(this.read(from, offset, length));
    return this.write(who, to, at, bytes, { killSetId: false });
  }

  seek(handle: Handle, offset: number, whence: number): number {
    return fileData(this.#opened(handle).node).seek(offset, whence);
  }

  openDirectory(_who: Credentials, ino: Ino, flags: number): OpenReply {
    return { handle: this.#open(this.#nodes.directory(ino), flags), keepCache: false, directIo: false };
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
      const child = this.#nodes.find(ino);
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
    const value = this.#nodes.node(ino).xattrs.get(name);
    if (!value) throw new FsError('ENODATA', name);
    return value;
  }

  setXattr(_who: Credentials, ino: Ino, name: ByteString, value: Uint8Array, flags: number): void {
    const node = this.#nodes.node(ino);
    if (flags & 1 && node.xattrs.has(name)) throw new FsError('EEXIST', name);
    if (flags & 2 && !node.xattrs.has(name)) throw new FsError('ENODATA', name);
    node.xattrs.set(name, value);
    if (name === 'system.posix_acl_access') node.mode = modeOfAcl(node.mode, value);
    this.#nodes.touch(node, 'ctime');
  }

  listXattrs(_who: Credentials, ino: Ino): readonly ByteString[] {
    return [...this.#nodes.node(ino).xattrs.keys()];
  }

  removeXattr(_who: Credentials, ino: Ino, name: ByteString): void {
    const node = this.#nodes.node(ino);
    if (!node.xattrs.delete(name)) throw new FsError('ENODATA', name);
    this.#nodes.touch(node, 'ctime');
  }

  statfs(): StatfsReply {
    return { blockSize, totalBytes: 2 ** 40, freeBytes: 2 ** 39, files: this.#nodes.count, freeFiles: 2 ** 32, nameMax };
  }

  async syncAll(): Promise<void> {
    return Promise.resolve();
  }

  #opened(handle: Handle): OpenNode {
    const opened = this.#handles.get(handle.id);
    if (!opened) throw new FsError('EBADF', `handle ${String(handle.id)}`);
    return opened;
  }

  #open(node: MemoryNode, flags: number): Handle {
    const opened: OpenNode = { id: ++this.#lastHandle, ino: node.ino, flags, node };
    this.#handles.set(opened.id, opened);
    node.opens += 1;
    return opened;
  }

  #peek(node: MemoryNode): Entry {
    return { attributes: attributesOf(node), attributesValid: this.#options.cacheable, entryValid: this.#options.cacheable };
  }

  #entry(node: MemoryNode): Entry {
    if (node.ino !== this.root) node.references += 1;
    return this.#peek(node);
  }
}
