/**
 * The directories of a filesystem that is rebuilt, as they come to be known: by their records, by what lies in them, and by what files say of the directories
 * above. All are in memory; of files only what they come to.
 * @module
 */
import type { ByteString } from '../../../../common/maps/ids.ts';
import type { Home } from '../../../client/backtrace.ts';
import { FileType } from '../../../client/file-mode.ts';
import { firstPosition, nextCounter } from '../../../core/directory.ts';
import { Inode, isSystem, isSystemDirectory, noCounts, SystemIno, type RecursiveCounts } from '../../../core/inode.ts';
import type { StoredRecord } from './stored-records.ts';

/** Of a directory of which nothing is known: its owner is to look first. */
const unknownMode = FileType.directory | 0o700;

export class DirectoryNode {
  readonly ino: number;
  /** As its record has it; undefined: there is none. */
  inode: Inode | undefined;
  /** Where it was last known to be; undefined: nothing says. */
  home: Home | undefined;
  /** Its record says that it was removed. */
  removed = false;
  entries = 0;
  bytes = 0;
  files = 0;
  readonly children: DirectoryNode[] = [];
  #counter = firstPosition;

  constructor(ino: number) {
    this.ino = ino;
  }

  nextCounter(): number {
    const counter = this.#counter;
    this.#counter = nextCounter(counter);
    return counter;
  }

  get counter(): number {
    return this.#counter;
  }
}

export class DirectoryTree {
  readonly nodes = new Map<number, DirectoryNode>();
  readonly root: DirectoryNode;

  constructor() {
    this.root = this.node(SystemIno.root);
  }

  node(ino: number): DirectoryNode {
    let node = this.nodes.get(ino);
    if (node === undefined) this.nodes.set(ino, (node = new DirectoryNode(ino)));
    return node;
  }

  /** Of a directory. */
  takeRecord({ directory, name, inode }: StoredRecord): void {
    const node = this.node(inode.ino);
    node.inode = inode;
    if (isSystem(directory, 'strays')) node.removed = true;
    else if (!isSystemDirectory(directory)) this.offer(inode.ino, { directory, name, version: inode.version });
  }

  /** It was there at that version. What its record says of the same version counts. */
  offer(ino: number, home: Home): void {
    if (ino === SystemIno.root || isSystemDirectory(ino) || isSystemDirectory(home.directory)) return;
    const node = this.node(ino);
    this.node(home.directory);
    const known = Math.max(node.home?.version ?? -1, node.inode?.version ?? -1);
    if (home.version > known || (node.home === undefined && home.version === known)) {
      node.home = home;
      node.removed = false;
    }
  }

  /** Where each directory is is settled: below the root, or in `lostAndFound`. Returns how many are there. */
  settle(lostAndFound: () => DirectoryNode): number {
    let lost = 0;
    const lose = (node: DirectoryNode): void => {
      lost++;
      const name = node.ino.toString(16) as ByteString;
      node.home = { directory: lostAndFound().ino, name, version: node.home?.version ?? 0 };
    };
    const parents = new Set<number>();
    for (const { home, removed } of this.nodes.values()) if (home !== undefined && !removed) parents.add(home.directory);
    for (const node of [...this.nodes.values()])
      if (node !== this.root && node.removed && node.entries === 0 && !parents.has(node.ino)) this.nodes.delete(node.ino);
    const reached = new Set<DirectoryNode>([this.root]);
    for (const start of [...this.nodes.values()]) {
      const path = new Set<DirectoryNode>();
      for (let node = start; !reached.has(node);) {
        // Names of different times may have made a circle.
        if (path.has(node) || node.home === undefined) lose(node);
        path.add(node);
        node = this.node((node.home as Home).directory);
      }
      for (const node of path) reached.add(node);
    }
    const taken = new Map<string, DirectoryNode>();
    for (const node of [...this.nodes.values()].sort((a, b) => a.ino - b.ino)) {
      if (node === this.root) continue;
      const key = placeOf(node);
      const other = taken.get(key);
      // Two that claim one name: the younger keeps it, and so does what the other goes to.
      if (other === undefined) taken.set(key, node);
      else if (other === lostAndFound()) lose(node);
      else {
        lose(other);
        taken.set(key, node);
      }
    }
    for (const node of this.nodes.values()) if (node !== this.root) this.node((node.home as Home).directory).children.push(node);
    return lost;
  }

  /** The inodes of all that are there, with what is below them counted, children before their parents. */
  *inodes(now: Inode['mtime']): Generator<{ readonly node: DirectoryNode; readonly inode: Inode }> {
    const order: DirectoryNode[] = [this.root];
    for (const node of order) order.push(...node.children);
    const totals = new Map<DirectoryNode, RecursiveCounts>();
    for (const node of order.reverse()) {
      let { bytes, files } = node;
      let subdirs = 0;
      for (const child of node.children) {
        const below = totals.get(child) ?? noCounts;
        bytes += below.bytes;
        files += below.files;
        subdirs += below.subdirs + 1;
      }
      totals.set(node, { bytes, files, subdirs });
      yield { node, inode: finished(node, { bytes, files, subdirs }, now) };
    }
  }
}

function finished(node: DirectoryNode, counts: RecursiveCounts, now: Inode['mtime']): Inode {
  const { inode: known, home, children } = node;
  const inode = new Inode(node.ino, known?.mode ?? (node.ino === SystemIno.root ? FileType.directory | 0o755 : unknownMode));
  inode.atime = inode.mtime = inode.ctime = inode.btime = now;
  if (known !== undefined) {
    const { uid, gid, atime, mtime, ctime, btime, xattrs, layout, quota, pin } = known;
    Object.assign(inode, { uid, gid, atime, mtime, ctime, btime, xattrs, layout, quota, pin });
  }
  inode.version = 1 + Math.max(known?.version ?? 0, home?.version ?? 0);
  inode.entries = node.entries + children.length;
  inode.subdirs = children.length;
  inode.nlink = 2 + children.length;
  inode.parent = home?.directory ?? 0;
  // Those of directories among its names are given when it is written.
  inode.nextPosition = node.counter + children.length;
  inode.recursive = { ...counts, ctime: inode.ctime };
  inode.counted = counts;
  return inode;
}

function placeOf({ home }: DirectoryNode): string {
  return `${home?.directory ?? 0} ${home?.name ?? ''}`;
}
