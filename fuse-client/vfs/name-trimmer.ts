/**
 * Keeps the number of names that are remembered within its limit: forgets those that have been known longest, and has the kernel
 * forget them, with which its references to their inodes go.
 *
 * Where the kernel can be asked for many inodes at once it is, and a name is forgotten here when its last reference has come back:
 * without one the kernel cannot have the name. What does not come back is in use, and stays among the young. Elsewhere the kernel is
 * told of each name, few at a time, since each takes the lock of its directory. Directories, in which somebody may be, and what
 * is open stay in either case; but where an MDS asks for what is held, the kernel is asked for directories too, and keeps those that are in use.
 * @module
 */
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import { FileType } from '../../mds/client/index.ts';
import type { Dentry, Directory } from './directory.ts';
import type { Volume } from './volume.ts';

/** Inodes that the kernel is asked to let go of at once. */
const pruneBatch = 256;
/** Names that the kernel is told of at once: below the number at which it rather drops all that it has. */
const namesBatch = 48;
/** d_type of a directory. */
const directoryType = FileType.directory >>> 12;

export class NameTrimmer {
  readonly #volume: Volume;
  /** What the kernel has been asked to let go of, and has not yet. */
  readonly #leaving = new Map<Ino, { readonly directory: Directory; readonly name: ByteString }>();
  #running = false;
  /** An MDS asks for inodes that the kernel refers to: so many names should be left, those that lead to what that rank has being the ones to go. */
  #goal: { readonly names: number; readonly rank: number } | undefined;
  /** The kernel has refused to be asked for inodes. */
  #refused = false;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** Begins to forget names when there are too many. */
  trim(): void {
    if (this.#running || this.#surplus <= 0) return;
    this.#running = true;
    this.#volume.env.spawn('trim names', () =>
      this.#run().finally(() => {
        this.#running = false;
        this.#goal = undefined;
      }),
    );
  }

  /** Begins to forget so many names of inodes that are held of that rank. */
  trimBy(count: number, rank: number): void {
    this.#goal = { names: Math.max(0, this.#volume.inodes.names.count - this.#leaving.size - count), rank };
    this.trim();
  }

  /** The kernel has no reference to the inode any more. */
  released(ino: Ino): void {
    const left = this.#leaving.get(ino);
    if (left === undefined) return;
    this.#leaving.delete(ino);
    const { directory, name } = left;
    const dentry = directory.get(name);
    if (dentry?.ino === ino) directory.forgetKnown(name, dentry, this.#hashesMax(directory));
  }

  /** What is leaving counts as gone: else more would be asked to go in its place. */
  get #surplus(): number {
    const { inodes, config } = this.#volume;
    return inodes.names.count - this.#leaving.size - Math.min(config.namesMax, this.#goal?.names ?? Infinity);
  }

  async #run(): Promise<void> {
    const { inodes, invalidator, config } = this.#volume;
    const { names } = inodes;
    for (let fruitless = 0; this.#surplus > 0 && fruitless < names.directories.size;) {
      const [directory] = names.directories;
      if (directory === undefined) return;
      const before = this.#surplus;
      const prunes = invalidator?.prune !== undefined && !this.#refused;
      const asked: Ino[] = [];
      const keeps = (dentry: Dentry, name: ByteString): boolean => {
        const { ino, type } = dentry;
        const goal = inodes.names.count <= config.namesMax ? this.#goal : undefined;
        if (ino === 0) return goal !== undefined;
        const inode = inodes.get(ino);
        if (goal !== undefined && (inode?.rank !== goal.rank || inode.caps === 0)) return true;
        if ((type === directoryType && (goal === undefined || !prunes)) || inode?.opened === true) return true;
        const referred = inode !== undefined && inode.references > 0;
        // Without a reference the kernel cannot have it.
        if (!referred) dentry.inKernel = false;
        if (!prunes || !referred) return false;
        this.#leaving.set(ino, { directory, name });
        asked.push(ino);
        return true;
      };
      const told = directory.forgetOldest(prunes ? pruneBatch : namesBatch, keeps, this.#hashesMax(directory));
      for (let at = 0; at < told.length; at += namesBatch)
        await this.#volume.invalidateNames(
          directory.ino,
          told.slice(at, at + namesBatch).map((name) => ({ name, isFolder: false })),
        );
      const pruned = asked.length > 0 ? await invalidator?.prune?.(asked) : 'asked';
      if (pruned !== 'asked') {
        this.#refused = pruned !== 'failed';
        for (const ino of asked) this.#leaving.delete(ino);
      }
      if (this.#surplus < before) continue;
      fruitless++;
      if (names.directories.delete(directory)) names.directories.add(directory);
    }
  }

  /** A directory remembers the hashes of names that it has forgotten, for up to so many. */
  #hashesMax(directory: Directory): number {
    return 2 * (this.#volume.inodes.get(directory.ino)?.size ?? 0) + namesBatch;
  }
}
