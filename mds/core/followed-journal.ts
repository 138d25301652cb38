/**
 * The state of a rank as one that follows its journal has it: what the journal holds is applied as it comes, and is forgotten to
 * be unwritten as the one that leads writes it back and trims the journal. So at any time it is what a replay of the
 * journal that is there would give, and what was changed before may stay in memory as long as there is room.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { Change, JournalEntry } from './change.ts';
import type { MdsCore } from './mds-core.ts';
import { sessionKey, TableKey } from './unwritten.ts';
import { shelfName } from './shelf-name.ts';
import { messageKey } from './subtrees.ts';

/** What an entry has changed. */
type Changed =
  | { readonly kind: 'name'; readonly directory: number; readonly name: ByteString }
  | { readonly kind: 'location'; readonly ino: number }
  | { readonly kind: 'session'; readonly instance: number }
  /** A key of a small table. */
  | { readonly kind: 'record'; readonly table: 'value' | 'message' | 'given'; readonly key: string }
  /** How a directory's names are divided. */
  | { readonly kind: 'shape'; readonly directory: number };

export class FollowedJournal {
  readonly #core: MdsCore;
  /** Everything that the journal has, with its last segment that does; in the order of these. */
  readonly #last = new Map<string, { readonly changed: Changed; readonly segment: number }>();
  #first = 0;

  constructor(core: MdsCore) {
    this.#core = core;
  }

  /** How much of it the journal has. */
  get size(): number {
    return this.#last.size;
  }

  apply(entry: JournalEntry, seq: number, segment: number): void {
    this.#core.replay(entry, seq, segment);
    for (const change of entry.changes) for (const changed of changedBy(change)) this.#note(changed, segment);
    if (entry.mark !== undefined) this.#note({ kind: 'session', instance: entry.mark.instance }, segment);
  }

  /** What was changed before `segment`, and not since, has been written back. */
  trim(segment: number): void {
    if (segment <= this.#first) return;
    this.#first = segment;
    const { unwritten, unbalanced } = this.#core;
    for (const [key, { changed, segment: last }] of this.#last) {
      if (last >= segment) break;
      this.#last.delete(key);
      this.#written(changed);
    }
    for (const set of [...unwritten.sets]) if (!set.trimmed(segment)) unwritten.drop(set);
    for (const fragment of unbalanced) if (fragment.retired) unbalanced.delete(fragment);
  }

  #note(changed: Changed, segment: number): void {
    const key = keyOf(changed);
    this.#last.delete(key);
    this.#last.set(key, { changed, segment });
  }

  #written(changed: Changed): void {
    const { unwritten } = this.#core;
    const { sessionTable, valueTable, messageTable, givenTable } = unwritten;
    switch (changed.kind) {
      case 'name':
        this.#nameWritten(changed.directory, changed.name);
        return;
      case 'location':
        unwritten.forget(changed.ino);
        return;
      case 'session':
        sessionTable.forget(sessionKey(changed.instance));
        return;
      case 'record':
        ({ value: valueTable, message: messageTable, given: givenTable })[changed.table].forget(changed.key);
        return;
      case 'shape':
        this.#moved(changed.directory);
    }
  }

  #nameWritten(directory: number, name: ByteString): void {
    const fragment = this.#core.cache.directories.get(directory)?.fragmentOf(name);
    const inode = fragment?.dentries.get(name)?.inode;
    fragment?.changes.forget(name);
    // Who writes it back has told it before.
    if (inode !== undefined) this.#core.untold.delete(inode);
  }

  /** All names of a directory that was divided anew are in the objects of its fragments, and those of the ones before are gone. */
  #moved(ino: number): void {
    for (const fragment of this.#core.cache.directories.get(ino)?.fragments ?? []) {
      fragment.sources = [];
      fragment.gathered = true;
      for (const name of fragment.changes.dirty.keys()) {
        if (!this.#last.has(keyOf({ kind: 'name', directory: ino, name: name as ByteString }))) fragment.changes.forget(name);
      }
    }
  }
}

function* changedBy(change: Change): Generator<Changed> {
  switch (change.kind) {
    case 'set': {
      const { directory, name, inode } = change.dentry;
      yield { kind: 'name', directory, name };
      if (inode !== undefined) yield { kind: 'location', ino: inode.ino };
      return;
    }
    case 'remove':
      yield { kind: 'name', directory: change.directory, name: change.name };
      return;
    case 'reshaped':
      yield { kind: 'shape', directory: change.directory };
      return;
    case 'forget':
      yield { kind: 'location', ino: change.ino };
      return;
    case 'session':
    case 'session-end':
      yield { kind: 'session', instance: change.instance };
      return;
    case 'next-ino':
      yield { kind: 'record', table: 'value', key: TableKey.nextIno };
      return;
    case 'mark':
      yield { kind: 'record', table: 'value', key: change.key };
      return;
    case 'message':
      yield { kind: 'record', table: 'message', key: messageKey(change.rank, change.seq) };
      return;
    case 'given':
      yield { kind: 'record', table: 'given', key: shelfName(change.ino) };
      return;
    case 'leave':
      return;
  }
}

function keyOf(changed: Changed): string {
  switch (changed.kind) {
    case 'name':
      return `${changed.directory}/${changed.name}`;
    case 'location':
      return `location ${changed.ino}`;
    case 'session':
      return `session ${changed.instance}`;
    case 'record':
      return `${changed.table} ${changed.key}`;
    case 'shape':
      return `shape ${changed.directory}`;
  }
}
