/**
 * The state that the readable entries of a damaged journal give. What {@link MdsCore.replay} takes for granted of a whole journal need not be so of
 * one with gaps: that an inode has left the place where it was before it comes to another, and that a directory is empty when it goes. What
 * says otherwise is older than what is read, and gives way.
 * @module
 */
import type { ByteString } from '../../../common/maps/ids.ts';
import { assert } from '../../../common/errors/assert.ts';
import type { MdsConfig } from '../../config.ts';
import type { Change, JournalEntry } from '../../core/change.ts';
import { placeKey, rankOfNumber, type Dentry, type Place } from '../../core/inode.ts';
import { MdsCore } from '../../core/mds-core.ts';
import type { RankMessage } from '../../core/subtrees.ts';
import type { Layout } from '../../../common/wire/gen/messages.ts';
import type { PlacedEntry } from '../../store/journal-codec.ts';

export interface RecoveredOptions {
  readonly rank: number;
  readonly config: MdsConfig;
  readonly defaultLayout: Layout;
  readonly poolName: (pool: number) => string;
}

const receivedKey = /^received-(\d+)$/;

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
  /** Messages of other ranks that its entries say were taken, by rank, with the entries' positions. */
  readonly received = new Map<number, Map<number, number>>();
  /** Positions of the last entries that tell of names (by {@link placeKey}) and of inodes. */
  readonly told = new Map<string | number, number>();
  /** Messages to other ranks that its entries have, also those that have come, by rank. */
  readonly sent = new Map<number, Map<number, RankMessage>>();
  /** Above every number of this rank's inodes that it names. */
  nextIno = 0;
  /** What is read may be added to. */
  amends = false;
  #segment = 0;
  /** Of the entry that is being applied. */
  #seq = 0;

  constructor({ rank, config, defaultLayout, poolName }: RecoveredOptions) {
    const nothing = (): void => undefined;
    this.core = new MdsCore({
      rank,
      // What is recovered has been in a journal: nothing may be added.
      journal: { segment: 0, safeSeq: 0, append: ({ changes }) => this.#append(changes) },
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
    this.#seq = seq;
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

  /** It lies with another rank by now: nothing that is known of its place counts. */
  leave(ino: number): void {
    this.homes.delete(ino);
    this.core.unwritten.forget(ino);
  }

  #append(changes: readonly Change[]): number {
    assert(this.amends, 'a recovery has changed something by itself');
    for (const change of changes) this.#note(change);
    return 0;
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
        const { inode, directory, name, remoteIno } = change.dentry;
        this.told.set(placeKey(change.dentry), this.#seq);
        this.told.set(inode?.ino ?? remoteIno, this.#seq);
        if (inode === undefined) return;
        this.homes.set(inode.ino, { directory, name });
        this.gone.delete(inode.ino);
        this.#use(inode.ino);
        return;
      }
      case 'remove':
        this.told.set(placeKey(change), this.#seq);
        return;
      case 'given':
        this.told.set(change.ino, this.#seq);
        return;
      case 'forget':
        this.told.set(change.ino, this.#seq);
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
      case 'mark': {
        const [, from] = receivedKey.exec(change.key) ?? [];
        if (from !== undefined && change.value !== undefined)
          at(this.received, Number(from), () => new Map<number, number>()).set(change.value, this.#seq);
        return;
      }
      case 'message':
        if (change.message !== undefined) at(this.sent, change.rank, () => new Map<number, RankMessage>()).set(change.seq, change.message);
        return;
      default:
    }
  }

  #use(ino: number): void {
    const { rank, inos } = this.core;
    if (ino >= inos.firstFree && rankOfNumber(ino) === rank) this.nextIno = Math.max(this.nextIno, ino + 1);
  }
}

function at<V>(map: Map<number, V>, key: number, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
