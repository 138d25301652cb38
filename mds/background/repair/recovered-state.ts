/**
 * The state that the readable entries of a damaged journal give. What {@link MdsCore.replay} takes for granted of a whole journal need not be so of
 * one with gaps: that an inode has left the place where it was before it comes to another, and that a directory is empty when it goes. What
 * says otherwise is older than what is read, and gives way.
 * @module
 */
import type { ByteString } from '../../../common/maps/ids.ts';
import type { MdsConfig } from '../../config.ts';
import type { Change, JournalEntry } from '../../core/change.ts';
import { rankOfNumber, type Dentry, type Place } from '../../core/inode.ts';
import { MdsCore } from '../../core/mds-core.ts';
import type { Layout } from '../../../common/wire/gen/messages.ts';
import type { PlacedEntry } from '../../store/journal-codec.ts';

export interface RecoveredOptions {
  readonly rank: number;
  readonly config: MdsConfig;
  readonly defaultLayout: Layout;
  readonly poolName: (pool: number) => string;
}

export class RecoveredState {
  readonly core: MdsCore;
  /** Inodes that the journal has, with the place where it has them last. */
  readonly homes = new Map<number, Place>();
  /** Inodes that are gone for good, by the journal. */
  readonly gone = new Set<number>();
  /** Clients that it names. */
  readonly instances = new Set<number>();
  /** Names that gave way, as directory and name. */
  readonly stale: Place[] = [];
  /** Above every number of this rank's inodes that it names. */
  nextIno = 0;
  #segment = 0;

  constructor({ rank, config, defaultLayout, poolName }: RecoveredOptions) {
    const nothing = (): void => undefined;
    this.core = new MdsCore({
      rank,
      // What is recovered has been in a journal: nothing may be added.
      journal: { segment: 0, safeSeq: 0, append: refuse },
      effects: {
        recall: nothing,
        grant: nothing,
        recalled: nothing,
        sizeTold: nothing,
        appended: nothing,
        lockGranted: nothing,
        purge: nothing,
        truncate: nothing,
        recover: nothing,
        between: nothing,
        posted: nothing,
        nowMs: () => 0,
        nowTimespec: () => ({ sec: 0, nsec: 0 }),
      },
      splitNames: config.fragmentSplitNames,
      locksMax: config.locksMax,
      directoryQuietMs: config.directoryQuietMs,
      defaultLayout,
      poolName,
    });
  }

  apply({ entry: read, seq }: PlacedEntry, segment: number): void {
    const { core } = this;
    this.#segment = segment;
    const entry = { ...read, changes: read.changes.filter((change) => !this.#contradicts(change)) };
    const before: [ino: number, dentry: Dentry][] = [];
    for (const change of entry.changes) {
      if (change.kind !== 'set' || change.dentry.inode === undefined) continue;
      const { ino } = change.dentry.inode;
      const dentry = core.cache.inodes.get(ino)?.dentry;
      if (dentry !== undefined) before.push([ino, dentry]);
    }
    core.replay(entry, seq, segment);
    for (const change of entry.changes) this.#note(change);
    for (const change of entry.changes) {
      // What took its name away is lost.
      const left = change.kind === 'forget' ? core.cache.inodes.get(change.ino)?.dentry : undefined;
      if (left !== undefined) this.giveWay(left);
    }
    if (entry.mark !== undefined) {
      this.instances.add(entry.mark.instance);
      this.#use(entry.mark.usedIno);
    }
    for (const [ino, dentry] of before) {
      const { directory, name, removed } = dentry;
      const home = this.homes.get(ino);
      if (removed || home === undefined || (home.directory === directory && home.name === name)) continue;
      if (core.cache.fragmentOf(dentry).dentries.get(name) === dentry) this.giveWay({ directory, name });
    }
  }

  /** Applies what follows from what has been read. */
  amend(...changes: readonly Change[]): void {
    const entry: JournalEntry = { mark: undefined, changes };
    this.core.replay(entry, 0, this.#segment);
  }

  /** The name is older than what is known of its inode: it goes. */
  giveWay({ directory, name }: Place): void {
    this.stale.push({ directory, name });
    this.amend({ kind: 'remove', directory, name, unstored: false });
  }

  /** Whether what the object of its fragment has of the name is older than what the journal has. */
  overrides(directory: number, name: ByteString): boolean {
    return this.core.cache.directories.get(directory)?.fragmentOf(name).hidesStored(name) === true;
  }

  /**
   * A directory that goes has no names. Those that it has here have been removed, or moved, by entries that are lost, nobody knows which: so they stay where
   * they are, and a scrub finds a directory without an inode.
   */
  #contradicts(change: Change): boolean {
    if (change.kind !== 'forget') return false;
    const directory = this.core.cache.directories.get(change.ino);
    if (directory?.fragments.some(({ dentries }) => dentries.size > 0) !== true) return false;
    this.homes.delete(change.ino);
    this.#use(change.ino);
    return true;
  }

  #note(change: Change): void {
    switch (change.kind) {
      case 'set': {
        const { inode, directory, name } = change.dentry;
        if (inode === undefined) return;
        this.homes.set(inode.ino, { directory, name });
        this.gone.delete(inode.ino);
        this.#use(inode.ino);
        return;
      }
      case 'forget':
        this.homes.delete(change.ino);
        this.gone.add(change.ino);
        this.#use(change.ino);
        return;
      case 'session':
        this.instances.add(change.instance);
        for (const { first, count } of change.ranges) this.#use(first + count - 1);
        return;
      case 'next-ino':
        this.#use(change.ino - 1);
        return;
      default:
    }
  }

  #use(ino: number): void {
    const { rank, inos } = this.core;
    if (ino >= inos.firstFree && rankOfNumber(ino) === rank) this.nextIno = Math.max(this.nextIno, ino + 1);
  }
}

function refuse(): never {
  throw new Error('broken invariant: a recovery has changed something by itself');
}
