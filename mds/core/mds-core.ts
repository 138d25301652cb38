/**
 * The state of one MDS rank: namespace, caps, sessions, numbers; and the one way to change it, `commit`.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { Caps } from '../client/caps.ts';
import type { InodeGrant, Layout, Timespec } from '../../common/wire/gen/messages.ts';
import { MetadataCache } from './cache.ts';
import { FileLocks } from './file-locks.ts';
import { Appended } from './appended.ts';
import { Arrivals } from './arrivals.ts';
import { everyDirectory, type Change, type JournalEntry, type JournalSink, type RequestMark } from './change.ts';
import { Departures } from './departures.ts';
import { addSources, type Directory, type Fragment, type Reshaped } from './directory.ts';
import { isSame, type FragmentId, type Shape } from './fragment-shape.ts';
import { foreignHome, inosOf, isSystemDirectory, isUncounted, ourselves, type Dentry, type Inode, type RankInos } from './inode.ts';
import { Loans } from './loans.ts';
import { FormerPositions } from './former-positions.ts';
import { FreshNames } from './fresh-names.ts';
import { isCountDue, Locker } from './locker.ts';
import { MdsSession } from './session.ts';
import { Outbox } from './outbox.ts';
import { Overtaken } from './overtaken.ts';
import { recorded } from './record-table.ts';
import { isForsaken, mayReach } from './reach.ts';
import { limitUnasked, namesUnlimited } from './size-limit.ts';
import { Closed, isGivenRoot, markKey, type Given, type RankMessage } from './subtrees.ts';
import { Unwritten } from './unwritten.ts';

/** What the shell must carry out. */
export interface CoreEffects {
  recall(instance: number, ino: number, keep: Caps, seq: number): void;
  grant(instance: number, grant: InodeGrant): void;
  recalled(inode: Inode): void;
  sizeTold(inode: Inode): void;
  appended(inode: Inode): void;
  /** A session's wait for a file lock is over. */
  lockGranted(instance: number, wait: number): void;
  /** A stray that nobody uses: its objects may go once the journal is safe up to now. */
  purge(inode: Inode): void;
  /** Its data above `size` is to be cut, up to `truncateFrom`. */
  truncate(inode: Inode): void;
  /** It has become doubtful: the OSDs are to be asked how long it is. */
  recover(inode: Inode): void;
  /** Something that was between ranks is over: who waits for that looks again. */
  between(): void;
  /** There are messages for other ranks. */
  posted(): void;
  nowMs(): number;
  nowTimespec(): Timespec;
}

export interface CoreOptions {
  readonly rank: number;
  readonly journal: JournalSink;
  readonly effects: CoreEffects;
  /** Names that a fragment is meant for. */
  readonly splitNames: number;
  /** File locks of one session, and its waits for some. */
  readonly locksMax: number;
  /** A directory in which several clients have been is nobody's alone for so long. */
  readonly directoryQuietMs: number;
  /** Of files whose directories say nothing else. */
  readonly defaultLayout: Layout;
  readonly poolName: (pool: number) => string;
}

export class MdsCore {
  readonly rank: number;
  readonly inos: RankInos;
  readonly cache = new MetadataCache();
  readonly unwritten: Unwritten;
  readonly locker: Locker;
  readonly fileLocks: FileLocks;
  readonly effects: CoreEffects;
  readonly sessions = new Map<number, MdsSession>();
  /** Lowest inode number that nobody has been given. */
  nextIno: number;
  /** Roots of subtrees that other ranks hold and whose names are here. */
  readonly given = new Map<number, Given>();
  /** Messages to other ranks that these are not known to have. */
  readonly posted = new Outbox();
  /** Numbers of the last messages to and from each rank. */
  readonly marks = new Map<string, number>();
  /** What is with others of ours, and here of theirs. */
  readonly loans = new Loans();
  /** Loans that have been asked for, and are made use of. */
  readonly awaited = new Set<string>();
  /** Files whose size another rank counts, which it may not have been told. */
  readonly untold = new Set<Inode>();
  readonly arrivals = new Arrivals(this.cache);
  readonly departures = new Departures(this.cache);
  /** Directories that may be pinned to another rank than holds them, or no more to that which does. */
  readonly misplaced = new Set<Inode>();
  /** Directories whose parents have not counted all of what is below them. */
  readonly uncounted = new Set<Inode>();
  /** Files whose clients may give them more bytes than are known of, below a quota. */
  readonly promised = new Set<Inode>();
  /** Files that are longer than is known, perhaps: clients that wrote to them have died. */
  readonly doubtful = new Set<Inode>();
  readonly appended = new Appended();
  readonly freshNames = new FreshNames();
  readonly formerPositions = new FormerPositions();
  /** A session of the life before has not come back: what it held is not known. */
  lostSome = false;
  /** Fragments that may have too many names, or few enough to be merged. */
  readonly unbalanced = new Set<Fragment>();
  readonly overtaken = new Overtaken();
  /** Inodes, by number, that somebody compares with others: one that changes is taken out. */
  readonly unchanged = new Set<number>();
  readonly splitNames: number;
  readonly defaultLayout: Layout;
  readonly poolName: (pool: number) => string;
  readonly #journal: JournalSink;
  /** Other ranks that are stopping. */
  #closing = 0;

  constructor({ rank, journal, effects, splitNames, locksMax, directoryQuietMs, defaultLayout, poolName }: CoreOptions) {
    this.rank = rank;
    this.inos = inosOf(rank);
    this.nextIno = this.inos.firstFree;
    this.unwritten = new Unwritten(this);
    this.splitNames = splitNames;
    this.defaultLayout = defaultLayout;
    this.poolName = poolName;
    this.#journal = journal;
    this.effects = effects;
    this.fileLocks = new FileLocks({ locksMax, granted: (instance, wait) => effects.lockGranted(instance, wait) });
    this.locker = new Locker(
      {
        recall: (instance, ino, keep, seq) => effects.recall(instance, ino, keep, seq),
        grant: (instance, grant) => effects.grant(instance, grant),
        recalled: (inode) => effects.recalled(inode),
        appended: (inode) => effects.appended(inode),
        unheld: (inode) => {
          if (inode.nlink === 0) effects.purge(inode);
        },
        limit: (inode) => limitUnasked(this.cache, inode),
        isUnlimited: (directory) => namesUnlimited(this.cache, directory),
        isUnsafe: ({ savedSeq }) => savedSeq > this.safeSeq,
        isMoving: (inode) => this.departures.isMoving(inode) || this.loans.isLent(inode.ino),
        nowMs: () => effects.nowMs(),
      },
      directoryQuietMs,
    );
  }

  /** Journals what has just been changed in memory. Returns the entry's position. */
  commit(changes: readonly Change[], mark?: RequestMark): number {
    const { segment } = this.#journal;
    const seq = this.#journal.append({ changes, mark });
    for (const change of changes) {
      this.#record(change);
      this.#note(change, segment);
      if (change.kind === 'set' && change.dentry.inode !== undefined) change.dentry.inode.savedSeq = seq;
    }
    if (mark !== undefined) {
      this.#made(mark);
      for (const change of changes) {
        if (change.kind !== 'set' || change.dentry.inode === undefined) continue;
        const { inode } = change.dentry;
        if (change.weight === 'unseen') continue;
        if (inode.changedBy !== mark.instance) inode.beneathSeq = inode.changedSeq;
        inode.changedSeq = seq;
        inode.changedBy = mark.instance;
        if (change.weight === 'beside') continue;
        inode.shapedSeq = seq;
        inode.shapedBy = mark.instance;
      }
      const session = this.sessions.get(mark.instance);
      assert(session !== undefined, 'a request of an unknown session was applied');
      session.newestSeq = seq;
      session.complete(mark.tid, { ...mark.completed, journalSeq: seq });
      this.unwritten.noteSession(mark.instance, segment);
    }
    return seq;
  }

  /** There are other ranks that hold something: not everything that there is needs be here. */
  get isShared(): boolean {
    return this.rank > 0 || this.given.size > 0;
  }

  /** Nothing is posted to that rank: it is stopping, or has stopped. */
  isClosed(rank: number): boolean {
    return this.marks.has(markKey.closed(rank));
  }

  /** Whether that rank may be told what it counts. While one is stopping, rank 0 may not have got yet what is counted there. */
  mayTell(rank: number): boolean {
    return rank === 0 ? this.#closing === 0 : !this.isClosed(rank);
  }

  /** A single value, as the journal or the table has it; undefined: none any more. */
  mark(key: string, value: number | undefined): void {
    if (key.startsWith(closedPrefix)) this.#closing += Number(value === Closed.stopping) - Number(this.marks.get(key) === Closed.stopping);
    if (value === undefined) this.marks.delete(key);
    else this.marks.set(key, value);
    this.loans.note(key, value);
  }

  /** What another rank was told last of what is below a directory, or of a file, is still on its way. */
  isTelling(ino: number): boolean {
    return this.posted.isTelling(ino);
  }

  /** A file's size has changed, or its names have, and it is another rank that counts it. */
  owe(inode: Inode): void {
    inode.untold = true;
    this.untold.add(inode);
  }

  /** Notes a directory whose pin says another rank, or no longer this. */
  checkPin(inode: Inode): void {
    if (inode.isDirectory && (isGivenRoot(inode) ? inode.pin !== this.rank : inode.pin >= 0 && inode.pin !== this.rank))
      this.misplaced.add(inode);
  }

  /** What another rank has told of an inode, or given, or the OSDs have said of it, is in the entry at `seq`: until that is durable nobody builds on it, as the next life would be told anew. */
  told(inode: Inode, seq: number): void {
    if (inode.changedBy !== ourselves) inode.beneathSeq = inode.changedSeq;
    inode.changedSeq = inode.shapedSeq = seq;
    inode.changedBy = inode.shapedBy = ourselves;
  }

  /** The changes that post a message to another rank. */
  post(rank: number, message: RankMessage): Change[] {
    const key = markKey.sent(rank);
    const seq = (this.marks.get(key) ?? 0) + 1;
    return [
      { kind: 'mark', key, value: seq },
      { kind: 'message', rank, seq, message },
    ];
  }

  /** Everything up to here is durable. */
  get safeSeq(): number {
    return this.#journal.safeSeq;
  }

  /** What others than the session have changed of the inode is durable. */
  isDurableFor(instance: number, { changedSeq, changedBy, beneathSeq }: Inode): boolean {
    return changedSeq <= this.safeSeq || (changedBy === instance && beneathSeq <= this.safeSeq);
  }

  /** Applies an entry read from the journal. Harmless when it, or later ones, were applied already. */
  replay(entry: JournalEntry, seq: number, segment: number): void {
    for (const change of entry.changes) {
      this.#apply(change);
      this.#note(change, segment);
    }
    const { mark } = entry;
    const session = mark === undefined ? undefined : this.sessions.get(mark.instance);
    if (mark === undefined || session === undefined) return;
    if (mark.usedIno !== 0) session.useNumber(mark.usedIno);
    if (mark.tid >= session.oldestTid) session.complete(mark.tid, { ...mark.completed, journalSeq: seq });
    session.advance(mark.oldestTid);
    this.unwritten.noteSession(mark.instance, segment);
  }

  /** Of a file that was made just now its first object will tell. Of one that is replayed there may be a record, of whatever it was in between. */
  #made({ usedIno }: RequestMark): void {
    const inode = usedIno === 0 ? undefined : this.cache.inodes.get(usedIno);
    if (inode?.isRegular === true && inode.recorded === undefined && inode.dentry !== undefined)
      inode.recorded = recorded(inode, inode.dentry, 'alone');
  }

  /** The data pool does not have what it should of these: it will, when they are written back. */
  renewRecords(dentries: readonly Dentry[]): void {
    for (const { inode } of dentries) if (inode !== undefined) inode.recorded = undefined;
    this.commit(dentries.map((dentry) => ({ kind: 'set', dentry, weight: 'unseen' })));
  }

  /**
   * Divides a directory's names anew, in one entry. From then on the journal is kept until all of them have been written to their
   * new places and the objects that they were in are gone.
   */
  reshape(directory: Directory, shape: Shape): void {
    const { dentry } = this.cache.directory(directory.ino);
    assert(dentry?.inode !== undefined, 'a directory without a place was reshaped');
    dentry.inode.shape = shape;
    const { made } = this.#divide(directory, shape, true);
    const sources: FragmentId[] = [];
    for (const fragment of made)
      for (const source of fragment.sources) if (!sources.some((known) => isSame(known, source))) sources.push(source);
    this.commit([
      { kind: 'set', dentry },
      { kind: 'reshaped', directory: directory.ino, sources },
    ]);
  }

  /** Notes a fragment that may have to be divided or merged. */
  balance(fragment: Fragment): void {
    if (isSystemDirectory(fragment.directory.ino)) return;
    if (fragment.isLarge(this.splitNames) || fragment.isSmall(this.splitNames)) this.unbalanced.add(fragment);
  }

  /** All sessions of the life before are back, or over. */
  complete(): void {
    const { inodes } = this.cache;
    this.locker.complete(inodes.values());
    for (const inode of inodes.values())
      if (inode.doubtful || isForsaken(inode, this.lostSome)) {
        this.#recordDoubt(inode);
        this.doubt(inode);
      } else this.released(inode);
  }

  /** A client does not have what it had, without having said so. */
  revoke(session: MdsSession, inode: Inode): void {
    const reached = mayReach(session, inode);
    this.locker.revoke(session, inode);
    if (!reached) {
      this.released(inode);
      return;
    }
    if (this.locker.isComplete) this.doubt(inode);
    else this.#recordDoubt(inode);
  }

  /**
   * Somebody holds or wants less of it than before: its blocks may be counted now. While one still has the right to write it is asked back, and
   * no more: what is written meanwhile may need something that waits for doubtful files.
   */
  released(inode: Inode): void {
    if (inode.doubtful || !this.locker.isComplete || !isCountDue(inode)) return;
    if (!isForsaken(inode, false)) {
      this.locker.takeBack(inode);
      return;
    }
    this.#recordDoubt(inode);
    this.doubt(inode);
  }

  /** What is changed and not written back yet is written as it is then: so nothing of it may be otherwise than the journal says. */
  #recordDoubt(inode: Inode): void {
    const { doubtful, dentry } = inode;
    inode.doubtful = true;
    if (!doubtful && dentry !== undefined) this.commit([{ kind: 'set', dentry }]);
  }

  /** It is for the OSDs to say how much of the file there is: a client that may have written to it without having told has died, or several have written. Until then nobody is given it. */
  doubt(inode: Inode): void {
    inode.doubtful = true;
    if (this.doubtful.has(inode)) return;
    this.doubtful.add(inode);
    this.effects.recover(inode);
  }

  /** An inode came into memory: whatever was going on with it goes on. */
  adopt(inode: Inode): void {
    this.#place(inode);
    // Who has it, or had it before we began, would have kept it in memory.
    if (this.locker.isComplete && (inode.doubtful || isForsaken(inode, false))) this.doubt(inode);
    if (inode.truncateFrom > 0) this.effects.truncate(inode);
    if (inode.isDirectory && isUncounted(inode)) this.uncounted.add(inode);
    if (inode.pin >= 0 || isGivenRoot(inode)) this.checkPin(inode);
  }

  /** What is between ranks changes with its entry. */
  #record(change: Change): void {
    switch (change.kind) {
      case 'mark':
        this.mark(change.key, change.value);
        return;
      case 'message': {
        const { rank, seq, message } = change;
        if (message === undefined) this.posted.delete(rank, seq);
        else this.posted.put({ rank, seq, message });
        return;
      }
      case 'given':
        if (change.given === undefined) this.given.delete(change.ino);
        else this.given.set(change.ino, change.given);
        return;
      case 'leave':
        for (const ino of change.directories) {
          if (ino !== everyDirectory) this.#leave(ino);
          else for (const each of [...this.cache.directories.keys()]) if (!isSystemDirectory(each)) this.#leave(each);
        }
        return;
      default:
    }
  }

  /** Its names are all in its objects. */
  #leave(ino: number): void {
    const directory = this.cache.directories.get(ino);
    if (directory === undefined) return;
    this.unwritten.leave(directory);
    for (const fragment of directory.fragments) {
      this.unbalanced.delete(fragment);
      for (const { inode } of fragment.dentries.values()) {
        if (inode === undefined) continue;
        this.unwritten.forget(inode.ino);
        this.uncounted.delete(inode);
        this.untold.delete(inode);
        this.misplaced.delete(inode);
        this.promised.delete(inode);
      }
    }
    this.cache.leave(directory);
  }

  #apply(change: Change): void {
    switch (change.kind) {
      case 'set': {
        const { dentry } = change;
        const before = dentry.inode === undefined ? undefined : this.cache.inodes.get(dentry.inode.ino);
        if (before !== undefined) {
          this.uncounted.delete(before);
          this.untold.delete(before);
        }
        this.cache.put(dentry);
        if (dentry.inode !== undefined && foreignHome(dentry.inode) !== undefined) this.untold.add(dentry.inode);
        if (dentry.inode !== undefined) this.#place(dentry.inode);
        if (dentry.inode?.isDirectory === true && isUncounted(dentry.inode)) this.uncounted.add(dentry.inode);
        return;
      }
      case 'remove': {
        const dentry = this.cache.names(change.directory).fragmentOf(change.name).dentries.get(change.name);
        if (dentry !== undefined) this.cache.remove(dentry);
        if (dentry?.inode !== undefined) {
          this.uncounted.delete(dentry.inode);
          this.untold.delete(dentry.inode);
        }
        return;
      }
      case 'reshaped':
        for (const fragment of this.cache.names(change.directory).fragments) {
          addSources(fragment, change.sources);
          if (!fragment.complete) fragment.gathered = fragment.sources.length === 0;
        }
        return;
      case 'forget':
        return;
      case 'session': {
        let session = this.sessions.get(change.instance);
        if (session === undefined) {
          session = new MdsSession(change.instance, change.name, change.root);
          this.sessions.set(change.instance, session);
        }
        session.ranges = [...change.ranges];
        return;
      }
      case 'session-end':
        this.sessions.delete(change.instance);
        return;
      case 'next-ino':
        this.nextIno = Math.max(this.nextIno, change.ino);
        return;
      case 'mark':
      case 'message':
      case 'given':
      case 'leave':
        this.#record(change);
    }
  }

  #note(change: Change, segment: number): void {
    const fragment = this.unwritten.note(change, segment);
    if (fragment !== undefined) this.balance(fragment);
    if (change.kind === 'set' && change.dentry.inode !== undefined && this.unchanged.size > 0)
      this.unchanged.delete(change.dentry.inode.ino);
  }

  /** A directory's inode came into memory: what the journal had of its names goes to the fragments that it has. */
  #place(inode: Inode): void {
    const directory = this.cache.directories.get(inode.ino);
    if (directory === undefined || (directory.placed && directory.shape === inode.shape)) return;
    this.#divide(directory, inode.shape, directory.placed);
    inode.shape = directory.shape;
  }

  #divide(directory: Directory, shape: Shape, moves: boolean): Reshaped {
    const reshaped = this.cache.reshape(directory, shape, moves);
    for (const { changes } of reshaped.retired) this.unwritten.sets.delete(changes);
    for (const fragment of reshaped.made) {
      if (fragment.changes.isDirty) this.unwritten.sets.add(fragment.changes);
      this.balance(fragment);
    }
    return reshaped;
  }
}

const closedPrefix = markKey.closed(0).slice(0, -1);
