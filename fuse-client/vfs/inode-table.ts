/**
 * All inodes that this client knows. Those that nobody refers to stay, with their caps, until there are too
 * many; then the least recently used clean ones are given back.
 * @module
 */
import type { Ino } from '../../common/maps/ids.ts';
import type { InodeGrant, InodeRecord, ReplyHead } from '../../common/wire/gen/messages.ts';
import { allCaps, Cap } from '../../mds/client/index.ts';
import { NameTally } from './directory.ts';
import { Inode } from './inode.ts';
import type { LastChanges } from './last-changes.ts';
import { ShownFolders } from './shown-folders.ts';

/** Changes of forgotten inodes that are kept before those that are in the journal are looked for; where most are not, twice those that are left. */
const changesMax = 1_024;

export class InodeTable {
  /** Of the names in the directories among them. */
  readonly names = new NameTally();
  readonly shownFolders = new ShownFolders();
  readonly #inodes = new Map<number, Inode>();
  /** Without references, oldest first. */
  readonly #idle = new Map<number, Inode>();
  /** Given back and not confirmed: grants up to this seq were sent before the MDS knew. */
  readonly #returned = new Map<number, { readonly rank: number; readonly seq: number }>();
  /** Of forgotten inodes, what may not be in the journal: who finds one again, and fsyncs it, is to wait for that, or to hear that it is lost. */
  readonly #changes = new Map<number, LastChanges>();
  #lookAt = changesMax;

  get size(): number {
    return this.#inodes.size;
  }

  get idleCount(): number {
    return this.#idle.size;
  }

  get(ino: number): Inode | undefined {
    return this.#inodes.get(ino);
  }

  all(): Iterable<Inode> {
    return this.#inodes.values();
  }

  /**
   * Takes over what the MDS said of an inode. A grant that is not newer than the last word on its caps changes
   * no caps. `rank`: who says it. `own`: the DirtyField bits that this reply answers, which it sets even against what we hold exclusively.
   */
  apply(grant: InodeGrant, rank: number, own = 0): Inode | undefined {
    const record = grant.inode;
    if (record === null) return undefined;
    let inode = this.#inodes.get(record.ino);
    if (inode === undefined) {
      inode = new Inode(record.ino as Ino, this.names, rank);
      inode.lastChanges = this.#changes.get(record.ino);
      this.#changes.delete(record.ino);
      this.#inodes.set(record.ino, inode);
      this.#idle.set(record.ino, inode);
    } else if (inode.rank !== rank) {
      // Said before it went to the rank that has given us something of it since.
      if (inode.caps !== 0 || inode.recall !== undefined) return inode;
      inode.movedTo(rank);
    }
    inode.take(record, own);
    if (grant.seq > inode.seq && inode.recall === undefined && grant.seq > this.#returnedSeq(inode)) {
      inode.seq = grant.seq;
      // What a grant takes away without a recall it takes at the recall that is on its way.
      const caps = inode.tenable(inode.caps | grant.caps);
      if ((caps & ~inode.caps & Cap.fileExclusive) !== 0) inode.endReach();
      inode.caps = caps;
      inode.wakeCapWaiters();
    }
    if (inode.isFile) inode.takeLimit(record.sizeLimit);
    return inode;
  }

  /** An inode that is made here, ahead of the MDS: this client's alone. */
  make(record: InodeRecord, rank: number): Inode {
    const inode = new Inode(record.ino as Ino, this.names, rank);
    this.#inodes.set(record.ino, inode);
    this.#idle.set(record.ino, inode);
    inode.take(record, 0);
    inode.caps = allCaps(inode.type);
    return inode;
  }

  /** Applies all grants of a reply. Returns the first inode. */
  applyAll(head: ReplyHead | null, own = 0): Inode | undefined {
    if (head === null) return undefined;
    const { grants } = head;
    let first: Inode | undefined;
    for (let at = 0; at < grants.length; at++) {
      const inode = this.apply(grants[at] as InodeGrant, head.rank, at === 0 ? own : 0);
      if (at === 0) first = inode;
    }
    return first;
  }

  /** The caller now holds a reference more. */
  reference(inode: Inode): void {
    if (inode.references++ === 0) this.#idle.delete(inode.ino);
  }

  /** `count` references less. */
  dereference(inode: Inode, count: number): void {
    inode.references = Math.max(0, inode.references - count);
    if (inode.references === 0) {
      inode.shown = [];
      this.shownFolders.forget(inode.ino);
    }
    this.rest(inode);
  }

  /** Something that kept it from being idle has ended. */
  rest(inode: Inode): void {
    if (inode.references === 0 && !inode.opened && this.#inodes.get(inode.ino) === inode) {
      this.#idle.delete(inode.ino);
      this.#idle.set(inode.ino, inode);
    }
  }

  /** Whether it can be forgotten now. */
  isIdle(inode: Inode): boolean {
    return this.#idle.get(inode.ino) === inode && inode.references === 0 && !inode.opened && canGo(inode);
  }

  /**
   * Up to `count` of the longest idle inodes that can be forgotten now, of all ranks or of one. Busy ones go to the young end. Those that
   * are returned are to be removed.
   */
  oldestIdle(count: number, rank?: number): Inode[] {
    const found: Inode[] = [];
    // Of one rank there may be very few among the others.
    let looks = rank === undefined ? Math.min(this.#idle.size, 4 * count) : this.#idle.size;
    for (const [ino, inode] of this.#idle) {
      if (looks-- <= 0 || found.length >= count) break;
      if (inode.references > 0 || inode.opened) {
        this.#idle.delete(ino);
      } else if (rank !== undefined && inode.rank !== rank) {
        continue;
      } else if (canGo(inode)) {
        found.push(inode);
      } else {
        this.#idle.delete(ino);
        this.#idle.set(ino, inode);
      }
    }
    return found;
  }

  /** All caps on it are on their way back, under `seq`. */
  returning(ino: number, rank: number, seq: number): void {
    this.#returned.set(ino, { rank, seq });
  }

  #returnedSeq({ ino, rank }: Inode): number {
    const returned = this.#returned.get(ino);
    return returned?.rank === rank ? returned.seq : 0;
  }

  /** The MDS has them. Whoever found the inode again meanwhile was granted nothing, and asks again. */
  returned(ino: number, rank: number, seq: number): void {
    const returned = this.#returned.get(ino);
    if (returned?.rank !== rank || returned.seq !== seq) return;
    this.#returned.delete(ino);
    this.#inodes.get(ino)?.wakeCapWaiters();
  }

  /** A new connection: what was on its way has arrived, or the MDS was told of what is held. */
  forgetReturns(rank?: number): void {
    for (const [ino, returned] of this.#returned) if (rank === undefined || returned.rank === rank) this.#returned.delete(ino);
  }

  /** Forgets an inode; its caps have been given back. */
  remove(inode: Inode): void {
    inode.directory?.clear();
    this.#inodes.delete(inode.ino);
    this.#idle.delete(inode.ino);
    if (inode.lastChanges?.durable === false) this.#keep(inode.ino, inode.lastChanges);
  }

  #keep(ino: number, changes: LastChanges): void {
    this.#changes.set(ino, changes);
    if (this.#changes.size <= this.#lookAt) return;
    for (const [other, { durable }] of this.#changes) if (durable) this.#changes.delete(other);
    this.#lookAt = Math.max(changesMax, 2 * this.#changes.size);
  }

  /** The session is over, and with it what was changed in it. */
  forgetChanges(): void {
    this.#changes.clear();
  }

  clear(): void {
    this.#inodes.clear();
    this.#idle.clear();
    this.#changes.clear();
  }
}

function canGo({ clean, recall, pins }: Inode): boolean {
  return clean && recall === undefined && pins === 0;
}
