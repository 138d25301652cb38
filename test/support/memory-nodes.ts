/**
 * Inodes and names in memory: what there is, who is in which directory, and what goes when nobody uses it any more.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { ino as toIno, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type { Attributes, Credentials } from '../../fuse-client/vfs/filesystem.ts';
import { FileType, ModeBit } from '../../mds/client/file-mode.ts';
import { SparseData } from './sparse-data.ts';

export const nameMax = 255;
export const blockSize = 4096;
export const rootIno = toIno(1);

export interface MemoryNode {
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

export type MemoryDirectory = MemoryNode & { readonly children: Map<ByteString, Ino> };

export class MemoryNodes {
  readonly #now: () => Timespec;
  readonly #nodes = new Map<Ino, MemoryNode>();
  #lastIno: number = rootIno;

  constructor(now: () => Timespec) {
    this.#now = now;
    const time = now();
    this.#nodes.set(rootIno, {
      ino: rootIno,
      mode: FileType.directory | 0o755,
      nlink: 2,
      uid: 0,
      gid: 0,
      rdev: 0,
      atime: time,
      mtime: time,
      ctime: time,
      btime: time,
      xattrs: new Map(),
      references: 1,
      opens: 0,
      children: new Map(),
      parent: rootIno,
    });
  }

  get count(): number {
    return this.#nodes.size;
  }

  /** Of all of them together. */
  get references(): number {
    let references = 0;
    for (const node of this.#nodes.values()) references += node.references;
    return references;
  }

  find(ino: Ino): MemoryNode | undefined {
    return this.#nodes.get(ino);
  }

  /** FsError ESTALE: it has gone. */
  node(ino: Ino): MemoryNode {
    const node = this.#nodes.get(ino);
    if (!node) throw new FsError('ESTALE', `inode ${String(ino)} is gone`);
    return node;
  }

  directory(ino: Ino): MemoryDirectory {
    const node = this.node(ino);
    if (!node.children) throw new FsError('ENOTDIR', `inode ${String(ino)} is not a directory`);
    return node as MemoryDirectory;
  }

  child(directory: { readonly children: Map<ByteString, Ino> }, name: ByteString): MemoryNode {
    const ino = directory.children.get(name);
    if (ino === undefined) throw new FsError('ENOENT', name);
    return this.node(ino);
  }

  /** Makes it, by the rules of who owns what is made. */
  add(
    who: Credentials,
    parent: Ino,
    name: ByteString,
    mode: number,
    special: { readonly rdev?: number; readonly target?: ByteString },
  ): MemoryNode {
    const directory = this.directory(parent);
    checkName(name);
    if (directory.children.has(name)) throw new FsError('EEXIST', name);
    if (directory.nlink === 0) throw new FsError('ENOENT', 'the directory is removed');
    const now = this.#now();
    const type = mode & FileType.mask || FileType.regular;
    const isDirectory = type === FileType.directory;
    const inheritsGroup = (directory.mode & ModeBit.setGid) !== 0;
    const node: MemoryNode = {
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
    this.touch(directory, 'mtime');
    return node;
  }

  /** `target` gives its name to `by`. */
  replace(directory: MemoryNode, name: ByteString, target: MemoryNode, by: MemoryNode): void {
    if (target.children && !by.children) throw new FsError('EISDIR', name);
    if (!target.children && by.children) throw new FsError('ENOTDIR', name);
    if (target.children && target.children.size > 0) throw new FsError('ENOTEMPTY', name);
    if (target.children) directory.nlink -= 1;
    this.drop(target, target.children ? 2 : 1);
  }

  /** A directory's `..` follows it. */
  moved(node: MemoryNode, from: MemoryNode, to: MemoryNode): void {
    if (!node.children || from === to) return;
    node.parent = to.ino;
    from.nlink -= 1;
    to.nlink += 1;
  }

  /** FsError EINVAL: `directory` is `node`, or below it. */
  checkNotBelow(directory: MemoryNode, node: MemoryNode): void {
    for (let at = directory; at.ino !== rootIno; at = this.node(at.parent ?? rootIno)) {
      if (at === node) throw new FsError('EINVAL', 'a directory cannot move into itself');
    }
  }

  /** It has so many names less; a directory has two. */
  drop(node: MemoryNode, links: number): void {
    node.nlink -= links;
    this.touch(node, 'ctime');
    this.reap(node);
  }

  /** Gone, if nobody uses it any more. */
  reap(node: MemoryNode): void {
    if (node.nlink === 0 && node.references === 0 && node.opens === 0) this.#nodes.delete(node.ino);
  }

  touch(node: MemoryNode, what: 'mtime' | 'ctime'): void {
    const now = this.#now();
    if (what === 'mtime') node.mtime = now;
    node.ctime = now;
  }

  /** The kernel has dropped `count` references. */
  forget(ino: Ino, count: number): void {
    const node = this.#nodes.get(ino);
    if (!node || ino === rootIno) return;
    node.references -= count;
    if (node.references < 0) throw new Error(`inode ${String(ino)} forgotten more often than given out`);
    this.reap(node);
  }
}

export function checkName(name: ByteString): void {
  if (name.length > nameMax) throw new FsError('ENAMETOOLONG', `${String(name.length)} bytes`);
}

export function killSetId(node: MemoryNode): void {
  if (node.children) return;
  node.mode &= ~ModeBit.setUid;
  if (node.mode & ModeBit.groupExecute) node.mode &= ~ModeBit.setGid;
}

export function fileData(node: MemoryNode): SparseData {
  if (!node.data) throw new FsError('EINVAL', 'not a file');
  return node.data;
}

export function attributesOf(node: MemoryNode): Attributes {
  const { ino, mode, nlink, uid, gid, rdev, atime, mtime, ctime, btime } = node;
  const size = node.data?.size ?? node.target?.length ?? 0;
  return { ino, mode, nlink, uid, gid, rdev, size, blocks: (node.data?.allocatedBytes ?? 0) / 512, blockSize, atime, mtime, ctime, btime };
}
