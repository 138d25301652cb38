/**
 * The namespace as far as it is in memory. Every inode in it hangs on a dentry in a fragment; fragments are loaded on
 * demand and their clean, unheld entries go again when the cache is over its limit, least recently used first. Of a fragment that
 * was known as a whole the hashes of such names stay: what does not exist is still told from memory.
 * @module
 */
import { LRUCache } from 'lru-cache';
import type { ByteString } from '../../common/maps/ids.ts';
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { nameHash } from '../client/hash-bag.ts';
import { Blocked } from './blocked.ts';
import { Directory, type Fragment, type Reshaped } from './directory.ts';
import { wholeShape, type Shape } from './fragment-shape.ts';
import { isSystem, isSystemDirectory, isUncounted, type Dentry, type Inode } from './inode.ts';

/** The part of the limit that is let go of at once when it has been reached: fragments are looked through for it, whatever comes of them. */
const shrinkShare = 16;
/** Names remembered by their hash alone, for each that may be in memory: a hash takes a hundredth of the room. */
const hashesPerEntry = 32;

export class MetadataCache {
  readonly inodes = new Map<number, Inode>();
  readonly directories = new Map<number, Directory>();
  /** Paths of roots of subtrees whose names others have, as these said last. */
  readonly rootPaths = new Map<number, string>();
  /** Number of dentries. */
  size = 0;
  /** Throws when an inode is not to be used just now. */
  guard: ((inode: Inode) => void) | undefined = undefined;
  readonly #recent: LRUCache<Fragment, true>;

  constructor() {
    this.#recent = new LRUCache<Fragment, true>({ maxSize: Number.MAX_SAFE_INTEGER, sizeCalculation: () => 1 });
  }

  /** An inode by number. Blocks while it is not in memory. */
  inode(ino: number): Inode {
    const inode = this.inodes.get(ino);
    if (inode === undefined) throw new Blocked({ kind: 'inode', ino });
    if (inode.purging) throw new FsError('ESTALE', `inode ${ino.toString(16)} is gone`);
    this.guard?.(inode);
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
      const shape = fresh || isSystemDirectory(ino) ? wholeShape : this.inodes.get(ino)?.shape;
      directory = new Directory(ino, shape, fresh);
      this.directories.set(ino, directory);
      for (const fragment of directory.fragments) this.#recent.set(fragment, true);
    }
    return directory;
  }

  /** A name; undefined: it does not exist. Blocks while that cannot be told from memory. */
  find(directory: number, name: ByteString): Dentry | undefined {
    const fragment = this.names(directory).fragmentOf(name);
    this.use(fragment);
    const dentry = fragment.dentries.get(name);
    if (dentry !== undefined || fragment.lacks(name)) return dentry;
    throw new Blocked(fragment.comesByName ? { kind: 'name', fragment, name } : { kind: 'fragment', fragment });
  }

  /** Its names stay longer than those of fragments used before. */
  use(fragment: Fragment): void {
    this.#recent.get(fragment);
  }

  /** Divides a directory's names anew: see {@link Directory.reshape}. */
  reshape(directory: Directory, shape: Shape, moves: boolean): Reshaped {
    const reshaped = directory.reshape(shape, moves);
    for (const fragment of reshaped.retired) this.#recent.delete(fragment);
    for (const fragment of reshaped.made) this.#recent.set(fragment, true);
    return reshaped;
  }

  /** The inode that a name leads to. Blocks while it is not in memory. */
  target(dentry: Dentry): Inode {
    if (dentry.inode !== undefined) return dentry.inode;
    if (!this.inodes.has(dentry.remoteIno)) throw new Blocked({ kind: 'target', dentry });
    return this.inode(dentry.remoteIno);
  }

  /** The place in listings of a name that is in memory; 0: it is not. */
  positionOf(directory: number, name: ByteString): number {
    return this.directories.get(directory)?.fragmentOf(name).dentries.get(name)?.position ?? 0;
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

  /** Merges names that were read of a fragment: what is in memory, removals too, is newer. */
  loaded(fragment: Fragment, dentries: readonly Dentry[], onInode: (inode: Inode) => void): void {
    for (const dentry of dentries) {
      if (fragment.dentries.has(dentry.name) || fragment.hidesStored(dentry.name)) continue;
      // Moved since, and the move is not written back yet.
      if (dentry.inode !== undefined && this.inodes.has(dentry.inode.ino)) continue;
      fragment.absent?.delete(nameHash(dentry.name));
      this.put(dentry);
      if (dentry.inode !== undefined) onInode(dentry.inode);
    }
    fragment.dropIndex();
  }

  /** Where there are more than `entriesMax`, lets go of clean entries that nobody holds, those of least recently used fragments first. */
  shrink(entriesMax: number): void {
    if (this.size <= entriesMax) return;
    const enough = entriesMax - Math.floor(entriesMax / shrinkShare);
    const oldestFirst = [...this.#recent.rkeys()];
    for (const fragment of oldestFirst) {
      if (this.size <= enough) break;
      this.#evict(fragment);
    }
    let hashes = 0;
    for (const { absent } of oldestFirst) hashes += absent?.size ?? 0;
    for (const fragment of oldestFirst) {
      if (hashes <= hashesPerEntry * entriesMax) return;
      if (fragment.complete && fragment.dentries.size > 0) continue;
      hashes -= fragment.absent?.size ?? 0;
      fragment.absent = undefined;
      this.#dropUnused(fragment.directory);
    }
  }

  #evict(fragment: Fragment): void {
    const { changes } = fragment;
    if (changes.frozen > 0) return;
    for (const dentry of fragment.dentries.values()) {
      if (this.#isPinned(dentry) || fragment.hidesStored(dentry.name)) continue;
      this.remove(dentry);
      fragment.absent?.add(nameHash(dentry.name));
    }
    fragment.dropIndex();
    this.#dropUnused(fragment.directory);
  }

  /** Forgets a directory of which nothing is in memory; of a divided one, also which names it has. */
  #dropUnused(directory: Directory): void {
    const { fragments } = directory;
    for (const { dentries, absent, changes, id } of fragments) {
      if (dentries.size > 0 || changes.frozen > 0 || changes.isDirty || changes.writing !== undefined) return;
      if (id.bits > 0 && absent !== undefined) return;
    }
    this.#forget(directory);
  }

  #forget(directory: Directory): void {
    this.directories.delete(directory.ino);
    for (const fragment of directory.fragments) {
      fragment.retired = true;
      this.#recent.delete(fragment);
    }
  }

  /** Held by a client, waiting to be deleted, or the inode of a directory with names in memory. */
  #isPinned({ inode, directory }: Dentry): boolean {
    if (isSystem(directory, 'base')) return true;
    if (inode === undefined) return false;
    return (
      inode.nlink === 0 ||
      inode.caps.length > 0 ||
      inode.contenders > 0 ||
      inode.truncateFrom > 0 ||
      inode.doubtful ||
      inode.untold ||
      (inode.isDirectory && (this.directories.has(inode.ino) || isUncounted(inode)))
    );
  }

  /** Forgets all names of a directory that is another rank's from now on. */
  leave(directory: Directory): void {
    for (const { dentries } of directory.fragments) for (const dentry of [...dentries.values()]) this.remove(dentry);
    this.#forget(directory);
  }

  /** Forgets what is known of a directory's names: it has been removed for good, and has none. */
  dropNames(directory: Directory): void {
    const { ino } = directory;
    for (const fragment of directory.fragments) assert(fragment.dentries.size === 0, `removed directory ${ino} has names`);
    this.#forget(directory);
  }
}
