/**
 * The namespace as far as it is in memory. Every inode in it hangs on a dentry in a fragment; fragments are loaded on
 * demand and their clean, unheld entries go again when the cache is over its limit, least recently used first.
 * @module
 */
import { LRUCache } from 'lru-cache';
import type { ByteString } from '../../common/maps/ids.ts';
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { Blocked } from './blocked.ts';
import { Directory, type Fragment } from './directory.ts';
import { SystemIno, type Dentry, type Inode } from './inode.ts';

export class MetadataCache {
  readonly inodes = new Map<number, Inode>();
  readonly directories = new Map<number, Directory>();
  /** Number of dentries. */
  size = 0;
  readonly #recent: LRUCache<Directory, true>;

  constructor() {
    this.#recent = new LRUCache<Directory, true>({ maxSize: Number.MAX_SAFE_INTEGER, sizeCalculation: () => 1 });
  }

  /** An inode by number. Blocks while it is not in memory. */
  inode(ino: number): Inode {
    const inode = this.inodes.get(ino);
    if (inode === undefined) throw new Blocked({ kind: 'inode', ino });
    if (inode.purging) throw new FsError('ESTALE', `inode ${ino.toString(16)} is gone`);
    return inode;
  }

  /** The inode of a directory that is there, by number. FsError ENOTDIR, ESTALE (it has been removed). */
  directory(ino: number): Inode {
    const inode = this.inode(ino);
    if (!inode.isDirectory) throw new FsError('ENOTDIR', `inode ${ino.toString(16)} is not a directory`);
    return inode;
  }

  /** What is in memory of a directory's names; made when there is nothing yet. `fresh`: it has none on disk. */
  names(ino: number, fresh = false): Directory {
    let directory = this.directories.get(ino);
    if (directory === undefined) {
      directory = new Directory(ino, fresh);
      this.directories.set(ino, directory);
      this.#recent.set(directory, true);
    }
    return directory;
  }

  /** A name; undefined: it does not exist. Blocks while that cannot be told from memory. */
  find(directory: number, name: ByteString): Dentry | undefined {
    const names = this.names(directory);
    this.#recent.get(names);
    const fragment = names.fragmentOf(name);
    const dentry = fragment.dentries.get(name);
    if (dentry === undefined && !fragment.complete && !fragment.hidesStored(name)) throw new Blocked({ kind: 'fragment', fragment });
    return dentry;
  }

  /** The inode that a name leads to. Blocks while it is not in memory. */
  target(dentry: Dentry): Inode {
    return dentry.inode ?? this.inode(dentry.remoteIno);
  }

  fragmentOf(dentry: Dentry): Fragment {
    return this.names(dentry.directory).fragmentOf(dentry.name);
  }

  /** Puts a dentry in its place, over what was there. */
  put(dentry: Dentry): void {
    const fragment = this.fragmentOf(dentry);
    const old = fragment.dentries.get(dentry.name);
    if (old !== undefined) this.remove(old);
    fragment.add(dentry);
    this.size++;
    const { inode } = dentry;
    if (inode !== undefined) {
      inode.dentry = dentry;
      this.inodes.set(inode.ino, inode);
    }
  }

  /** Takes a dentry out; its inode too, unless it lies elsewhere by now. */
  remove(dentry: Dentry): void {
    this.fragmentOf(dentry).delete(dentry);
    this.size--;
    const { inode } = dentry;
    if (inode?.dentry !== dentry) return;
    inode.dentry = undefined;
    if (this.inodes.get(inode.ino) === inode) this.inodes.delete(inode.ino);
  }

  /** Merges what was read of a fragment: what is in memory, removals too, is newer. */
  loaded(fragment: Fragment, dentries: readonly Dentry[], onInode: (inode: Inode) => void): void {
    for (const dentry of dentries) {
      if (fragment.dentries.has(dentry.name) || fragment.hidesStored(dentry.name)) continue;
      // Moved since, and the move is not written back yet.
      if (dentry.inode !== undefined && this.inodes.has(dentry.inode.ino)) continue;
      this.put(dentry);
      if (dentry.inode !== undefined) onInode(dentry.inode);
    }
    fragment.dropIndex();
  }

  /** Lets go of least recently used entries that nobody holds until at most `entriesMax` are left. */
  shrink(entriesMax: number): void {
    if (this.size <= entriesMax) return;
    for (const directory of [...this.#recent.rkeys()]) {
      if (this.size <= entriesMax) return;
      this.#evict(directory);
    }
  }

  #evict(directory: Directory): void {
    let empty = true;
    for (const fragment of directory.fragments) {
      if (fragment.changes.loading || fragment.changes.isDirty || fragment.changes.writing !== undefined) {
        empty = false;
        continue;
      }
      for (const dentry of fragment.dentries.values()) {
        if (this.#isPinned(dentry)) continue;
        this.remove(dentry);
        fragment.complete = false;
      }
      fragment.dropIndex();
      if (fragment.dentries.size > 0) empty = false;
    }
    if (!empty) return;
    this.directories.delete(directory.ino);
    this.#recent.delete(directory);
  }

  /** Held by a client, waiting to be deleted, or the inode of a directory with names in memory. */
  #isPinned({ inode, directory }: Dentry): boolean {
    if (directory === SystemIno.base) return true;
    if (inode === undefined) return false;
    return (
      inode.nlink === 0 ||
      inode.caps.length > 0 ||
      inode.contenders > 0 ||
      inode.truncateFrom > 0 ||
      (inode.isDirectory && this.directories.has(inode.ino))
    );
  }

  /** Forgets what is known of a directory's names: it has been removed for good, and has none. */
  dropNames(directory: Directory): void {
    const { ino } = directory;
    for (const fragment of directory.fragments) assert(fragment.dentries.size === 0, `removed directory ${ino} has names`);
    this.directories.delete(ino);
    this.#recent.delete(directory);
  }
}
