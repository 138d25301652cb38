import type { ByteString, Ino } from '../../common/maps/ids.ts';
import { FileType, HashBag, nameHash } from '../../mds/client/index.ts';

/** A name as far as we know, under the directory's dirShared. */
export interface Dentry {
  /** 0: there is no such name. */
  readonly ino: Ino | 0;
  /** d_type. */
  readonly type: number;
  /** Its place in listings, the same for all clients; 0: not known. */
  readonly position: number;
  /** The kernel may have it in its cache. */
  inKernel: boolean;
}

/** Names of one directory with their places. */
export interface Listed {
  readonly name: ByteString;
  readonly ino: Ino;
  readonly type: number;
  readonly position: number;
}

/** A name that the kernel may have. */
export interface KernelName {
  readonly name: ByteString;
  readonly isFolder: boolean;
}

/** d_type of a directory. */
const folderType = FileType.directory >>> 12;
/** Absent names remembered per directory. */
const negativeMax = 4096;

/** The names that all directories of a client remember, counted. */
export class NameTally {
  count = 0;
  /** Directories that have names, the one that was given one last at the end. */
  readonly directories = new Set<Directory>();
}

/** Names of one directory, cached while the client holds dirShared on it. */
export class Directory {
  readonly ino: Ino;
  readonly #tally: NameTally;
  readonly #names = new Map<ByteString, Dentry>();
  #negative = 0;
  /** Existing names whose place is not known. */
  #unplaced = 0;
  /** Hashes of all existing names that are not here, and maybe of others; undefined: nobody knows which these are. */
  #elsewhere: HashBag | undefined;
  /** The same, of those that the listing under way has passed. */
  #passed: HashBag | undefined;
  /** Rises whenever names are forgotten for good, and with every listing: one that was under way then no longer makes it complete. */
  generation = 0;

  constructor(ino: Ino, tally: NameTally) {
    this.ino = ino;
    this.#tally = tally;
  }

  /** Every existing name is here. */
  get complete(): boolean {
    return this.#elsewhere?.size === 0;
  }

  /** It has been made just now, and has no names. */
  becomeComplete(): void {
    this.#elsewhere = new HashBag();
  }

  /** All names are about to be given to {@link set}, in some order. Returns what {@link endListing} is to be told. */
  beginListing(): number {
    this.#passed = new HashBag();
    return ++this.generation;
  }

  /** They have been. Where nothing was forgotten for good meanwhile, what is not known now does not exist. */
  endListing(generation: number): void {
    if (generation !== this.generation) return;
    this.#elsewhere = this.#passed;
    this.#passed = undefined;
  }

  /** Whether a name that is not here is known not to exist. */
  lacks(name: ByteString): boolean {
    return this.#elsewhere !== undefined && (this.#elsewhere.size === 0 || !this.#elsewhere.has(nameHash(name)));
  }

  get(name: ByteString): Dentry | undefined {
    return this.#names.get(name);
  }

  /** `name` exists, at `position` (0: not known). Returns what is known of it. */
  set(name: ByteString, ino: Ino, type: number, position: number): Dentry {
    const old = this.#names.get(name);
    if (old?.ino === ino && old.type === type && (position === 0 || old.position === position)) return old;
    return this.#replace(name, old, { ino, type, position, inKernel: old?.inKernel ?? false });
  }

  /** `name` does not exist. Undefined when that is not remembered. */
  setAbsent(name: ByteString): Dentry | undefined {
    const old = this.#names.get(name);
    if (old?.ino === 0) return old;
    if (this.#negative >= negativeMax) {
      if (old !== undefined) this.#delete(name, old);
      return undefined;
    }
    return this.#replace(name, old, { ino: 0, type: 0, position: 0, inKernel: old?.inKernel ?? false });
  }

  /** Every name behind `after`, in the order of their places; undefined unless all are known. */
  listing(after: number): Listed[] | undefined {
    if (!this.complete || this.#unplaced > 0) return undefined;
    const listed: Listed[] = [];
    for (const [name, { ino, type, position }] of this.#names)
      if (ino !== 0 && position > after) listed.push({ name, ino, type, position });
    return listed.sort((a, b) => a.position - b.position);
  }

  /** The names that are known to exist, and whose. */
  *existing(): Iterable<{ readonly name: ByteString; readonly ino: Ino }> {
    for (const [name, { ino }] of this.#names) if (ino !== 0) yield { name, ino };
  }

  /** Forgets one name: the next lookup asks. */
  forget(name: ByteString): void {
    const old = this.#names.get(name);
    if (old !== undefined) this.#delete(name, old);
    // Whether it is there or not is not known either.
    this.#incomplete();
  }

  /**
   * Forgets up to `count` of the names that have been known longest, but for those that `keeps`: they go to the young end. What does
   * not exist is known as well as before, for up to `hashesMax` names. Returns those of them that the kernel may have.
   */
  forgetOldest(count: number, keeps: (dentry: Dentry, name: ByteString) => boolean, hashesMax: number): ByteString[] {
    const inKernel: ByteString[] = [];
    let looks = Math.min(count, this.#names.size);
    for (const [name, dentry] of this.#names) {
      if (looks-- === 0) break;
      if (keeps(dentry, name)) {
        this.#names.delete(name);
        this.#names.set(name, dentry);
        continue;
      }
      this.forgetKnown(name, dentry, hashesMax);
      if (dentry.inKernel) inKernel.push(name);
    }
    return inKernel;
  }

  /** Forgets one name, of which `dentry` is known; likewise. */
  forgetKnown(name: ByteString, dentry: Dentry, hashesMax: number): void {
    this.#delete(name, dentry);
    if (dentry.ino !== 0) this.#remember(nameHash(name));
    if (Math.max(this.#elsewhere?.size ?? 0, this.#passed?.size ?? 0) > hashesMax) this.#incomplete();
  }

  /** The names that the kernel may have; it is taken to drop them. */
  namesInKernel(): KernelName[] {
    const inKernel: KernelName[] = [];
    for (const [name, dentry] of this.#names) {
      if (!dentry.inKernel) continue;
      dentry.inKernel = false;
      inKernel.push({ name, isFolder: dentry.type === folderType });
    }
    return inKernel;
  }

  /** Forgets all. Returns the names that the kernel may have. */
  clear(): KernelName[] {
    const inKernel = this.namesInKernel();
    this.#tally.count -= this.#names.size;
    this.#tally.directories.delete(this);
    this.#names.clear();
    this.#negative = 0;
    this.#unplaced = 0;
    this.#incomplete();
    return inKernel;
  }

  #remember(hash: number): void {
    for (const bag of [this.#elsewhere, this.#passed]) if (bag?.has(hash) === false) bag.add(hash);
  }

  #incomplete(): void {
    this.#elsewhere = undefined;
    this.#passed = undefined;
    this.generation++;
  }

  #replace(name: ByteString, old: Dentry | undefined, dentry: Dentry): Dentry {
    if (old !== undefined) this.#count(old, -1);
    else {
      this.#tally.count++;
      this.#tally.directories.delete(this);
      this.#tally.directories.add(this);
    }
    this.#count(dentry, 1);
    this.#names.set(name, dentry);
    return dentry;
  }

  #delete(name: ByteString, dentry: Dentry): void {
    this.#count(dentry, -1);
    this.#names.delete(name);
    this.#tally.count--;
    if (this.#names.size === 0) this.#tally.directories.delete(this);
  }

  #count({ ino, position }: Dentry, sign: 1 | -1): void {
    if (ino === 0) this.#negative += sign;
    else if (position === 0) this.#unplaced += sign;
  }
}
