/**
 * What the journal has, and the objects not yet: remembered per omap object ({@link WriteBackSet}), from the journal segment on which the oldest of it
 * is in, until it is written back.
 * @module
 */
import type { MetadataCache } from './cache.ts';
import type { Change } from './change.ts';
import { inoKey } from './block-table.ts';
import type { Directory, Fragment } from './directory.ts';
import type { Dentry, Place } from './inode.ts';
import { LocationTable } from './location-table.ts';
import { rankObject } from './rank-object.ts';
import { recorded, RecordTable, wantsRecord } from './record-table.ts';
import type { MdsSession } from './session.ts';
import { shelfName } from './shelf-name.ts';
import { messageKey, type Given, type RankMessage } from './subtrees.ts';
import { WriteBackSet } from './write-back-set.ts';

/** Keys of the table of single values. */
export const TableKey = { nextIno: 'next-ino' } as const;

/** The state as it is in memory. */
export interface Remembered {
  readonly rank: number;
  readonly cache: MetadataCache;
  readonly sessions: ReadonlyMap<number, MdsSession>;
  readonly nextIno: number;
}

export class Unwritten {
  /** Everything with unwritten changes, longest first. */
  readonly sets = new Set<WriteBackSet<unknown>>();
  readonly locations = new LocationTable();
  readonly records = new RecordTable();
  /** Key: a session's instance in hex. */
  readonly sessionTable: WriteBackSet<MdsSession>;
  readonly valueTable: WriteBackSet<number>;
  /** Key: a message's rank and number. */
  readonly messageTable: WriteBackSet<RankMessage>;
  /** Key: the number of a subtree's root. */
  readonly givenTable: WriteBackSet<Given>;
  readonly #state: Remembered;

  constructor(state: Remembered) {
    const { rank } = state;
    this.#state = state;
    this.sessionTable = new WriteBackSet<MdsSession>('session', rankObject(rank, 'sessions'));
    this.messageTable = new WriteBackSet<RankMessage>('message', rankObject(rank, 'messages'));
    this.givenTable = new WriteBackSet<Given>('given', rankObject(rank, 'given'));
    this.valueTable = new WriteBackSet<number>('value', rankObject(rank, 'values'));
  }

  /** What the journal has in `segment`, and memory as well. Returns the fragment with the name that it is about. */
  note(change: Change, segment: number): Fragment | undefined {
    const { cache } = this.#state;
    switch (change.kind) {
      case 'set': {
        const { dentry } = change;
        const fragment = cache.fragmentOf(dentry);
        this.#changed(fragment.changes, dentry.name, dentry, segment);
        this.#locate(dentry, segment);
        return fragment;
      }
      case 'remove': {
        const fragment = cache.names(change.directory).fragmentOf(change.name);
        if (change.unstored) fragment.changes.forget(change.name);
        else this.#changed(fragment.changes, change.name, undefined, segment);
        return fragment;
      }
      case 'reshaped':
        for (const { changes, sources } of cache.names(change.directory).fragments) {
          if (sources.length === 0) continue;
          changes.mark(segment);
          this.sets.add(changes);
        }
        break;
      case 'forget':
        this.#dropNames(change.ino);
        this.#changed(this.locations.block(change.ino), inoKey(change.ino), undefined, segment);
        if (change.unrecorded !== true) this.#changed(this.records.block(change.ino), inoKey(change.ino), undefined, segment);
        break;
      case 'session':
        this.noteSession(change.instance, segment);
        break;
      case 'session-end':
        this.#changed(this.sessionTable, sessionKey(change.instance), undefined, segment);
        break;
      case 'next-ino':
        this.#changed(this.valueTable, TableKey.nextIno, this.#state.nextIno, segment);
        break;
      case 'mark':
        this.#changed(this.valueTable, change.key, change.value, segment);
        break;
      case 'message':
        this.#changed(this.messageTable, messageKey(change.rank, change.seq), change.message, segment);
        break;
      case 'given':
        this.#changed(this.givenTable, shelfName(change.ino), change.given, segment);
        break;
      case 'leave':
        break;
    }
    return undefined;
  }

  /** The session as it is now. */
  noteSession(instance: number, segment: number): void {
    this.#changed(this.sessionTable, sessionKey(instance), this.#state.sessions.get(instance), segment);
  }

  /** The name is being written to its directory's object, and was in the journal from `segment` on: what data cannot tell of it is to be written too. */
  noteRecord(dentry: Dentry, segment: number): void {
    const { inode } = dentry;
    if (inode === undefined || inode.dentry !== dentry || !wantsRecord(inode, dentry)) return;
    inode.recorded = recorded(inode, dentry, 'no');
    this.#changed(this.records.block(inode.ino), inoKey(inode.ino), dentry, segment);
  }

  /** All names of the directory are in its objects, or need not be: none is to be written. */
  leave({ fragments }: Directory): void {
    for (const { changes } of fragments) {
      changes.dirty.clear();
      this.sets.delete(changes);
    }
  }

  /** What was to be written of the object is. */
  drop(set: WriteBackSet<unknown>): void {
    this.sets.delete(set);
    if (set.kind === 'location') this.locations.drop(set as WriteBackSet<Place>);
    else if (set.kind === 'record') this.records.drop(set as WriteBackSet<Dentry>);
  }

  /** Nothing of the inode is to be written but its name. */
  forget(ino: number): void {
    this.locations.forget(ino);
    this.records.forget(ino);
  }

  /** A removed directory's fragments need no writing any more: their objects are deleted. */
  #dropNames(ino: number): void {
    const { cache } = this.#state;
    const directory = cache.directories.get(ino);
    if (directory === undefined) return;
    this.leave(directory);
    cache.dropNames(directory);
  }

  #locate(dentry: Dentry, segment: number): void {
    const { inode, directory, name } = dentry;
    if (inode === undefined || (inode.location?.directory === directory && inode.location.name === name)) return;
    inode.location = dentry;
    this.#changed(this.locations.block(inode.ino), inoKey(inode.ino), dentry, segment);
  }

  #changed<V>(set: WriteBackSet<V>, key: string, value: V | undefined, segment: number): void {
    set.set(key, value, segment);
    this.sets.add(set);
  }
}

export function sessionKey(instance: number): string {
  return instance.toString(16).padStart(14, '0');
}
