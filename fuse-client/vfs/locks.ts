/**
 * File locks of this host's processes: fcntl(2), those of open file descriptions among them, and flock(2). While the client is alone
 * with a file (fileExclusive), and nobody has to wait, it decides itself; else the MDS does, which is told before what is held.
 * Here is known what is held, which is told when the session is opened again, and who waits.
 *
 * What is told then is the least that may be held: where a call was on its way, the weaker of before and after. Whatever the
 * MDS may have given to others is compatible with that, and the call is made again.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { FileLock, Init, LockReply, LockState } from '../../common/wire/gen/messages.ts';
import {
  Cap,
  decodeLock,
  encodeLock,
  LockOutcome,
  LockTable,
  LockType,
  wholeFile,
  type LockRange,
  type MdsClient,
  type MdsRanks,
  type SessionLock,
} from '../../mds/client/index.ts';
import { itself, type Handle, type LockBlocker, type LockWish, type MaybePromise } from './filesystem.ts';
import type { Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';

/** What locks need of the volume. `mds` may be another from one moment to the next. */
export interface LockVolume {
  readonly env: Env;
  readonly inodes: InodeTable;
  readonly mds: MdsRanks;
  leased(inode: { readonly rank: number }): boolean;
}

/** Ranges of a file up to which this client decides: no more than these are told with one message. */
const decidedMax = 256;

/** Locks of one kind on one inode. */
interface LockedFile {
  readonly key: string;
  readonly ino: number;
  readonly flock: boolean;
  readonly table: LockTable<number>;
  /** The MDS knows the table: nothing has been decided here since. */
  told: boolean;
  /** Not answered, in the order they were made. */
  readonly calls: Set<Call>;
  /** The handles through which each owner has locked since it last closed one. */
  readonly through: Map<string, Set<number>>;
}

/** A lock or unlock that is under way. */
interface Call extends LockRange {
  readonly id: number;
  readonly file: LockedFile;
  readonly owner: string;
  readonly pid: number;
  readonly type: LockType;
  readonly wait: boolean;
  /** The MDS has said that it waits: `LockGranted` will follow. */
  queued: boolean;
  interrupted: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const unanswered = { queued: false, interrupted: false, resolve: (): void => undefined, reject: (): void => undefined };

export class Locks {
  readonly #volume: LockVolume;
  readonly #files = new Map<string, LockedFile>();
  readonly #calls = new Map<number, Call>();
  #nextId = 1;

  constructor(volume: LockVolume) {
    this.#volume = volume;
  }

  /** Resolves when the lock is set or removed. FsError EAGAIN, EDEADLK, ENOLCK, EINTR. */
  set(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void> {
    const file = this.#file(handle.ino, wish.flock);
    if (wish.type === LockType.none) return this.#unlock(file, wish);
    if (this.#volume.inodes.get(handle.ino)?.locksLost?.has(wish.owner) === true)
      throw new FsError('EIO', 'the locks that its holder had were lost when this client was evicted: it must let go of them first');
    const through = file.through.get(wish.owner) ?? new Set();
    file.through.set(wish.owner, through.add(handle.id));
    return this.#decide(file, wish) ? undefined : this.#call(file, wish, signal);
  }

  /** F_GETLK: what is in the way of the lock. `pid` 0: of another host. */
  async test({ ino }: Handle, wish: LockWish): Promise<LockBlocker | undefined> {
    const file = this.#files.get(keyOf(ino, wish.flock));
    if (file !== undefined && this.#decides(file)) {
      const found = file.table.conflict(wish.owner, wish.type, wish);
      return found === undefined ? undefined : { ...found.held, pid: found.tag };
    }
    const lock = encodeLock({ ...wish, ino });
    const { blocker, blockerIsOwn } = await this.#ask(ino, (mds) => mds.query('lock', itself, { lock, test: true }, (reply) => reply));
    if (blocker === null) return undefined;
    const { type, start, end, pid } = decodeLock(blocker);
    return { type, start, end, pid: blockerIsOwn ? pid : 0 };
  }

  /** close(2) of a descriptor of the file by a process: POSIX has all its locks on the file go, whatever they were set through. */
  closed(handle: Handle, owner: string): MaybePromise<void> {
    const file = this.#files.get(keyOf(handle.ino, false));
    if (file === undefined) return;
    file.through.delete(owner);
    return this.#letGo(file, owner);
  }

  /** The last descriptor of an open file description is closed: so are the locks that belong to it. */
  released(handle: Handle): void {
    for (const flock of [false, true]) {
      const file = this.#files.get(keyOf(handle.ino, flock));
      if (file === undefined) continue;
      for (const [owner, handles] of file.through) {
        if (!handles.delete(handle.id) || handles.size > 0) continue;
        file.through.delete(owner);
        const gone = this.#letGo(file, owner);
        if (gone instanceof Promise) this.#volume.env.spawn('let go of locks', () => gone);
      }
    }
  }

  /** For a reconnect: what it may be said to hold. From here on that is what is held: see above. */
  held(rank: number): Init<FileLock>[] {
    for (const file of this.#files.values()) {
      if (this.#rankOf(file) !== rank) continue;
      weakenByCalls(file, file.table);
      file.told = true;
    }
    return this.certain((of) => of === rank).map(encodeLock);
  }

  /** What is held whatever becomes of the calls under way, by the word of such ranks. */
  certain(counts: (rank: number) => boolean): SessionLock[] {
    const held: SessionLock[] = [];
    for (const file of this.#files.values()) {
      if (!counts(this.#rankOf(file))) continue;
      let { table } = file;
      if (file.calls.size > 0) weakenByCalls(file, (table = table.copy()));
      held.push(...locksOf(file, table));
    }
    return held;
  }

  /** The client is about to be no longer alone with the file: what the MDS does not know of its locks. From now on the MDS decides. */
  handOver(ino: number): LockState[] {
    return [false, true].flatMap((flock) => {
      const file = this.#files.get(keyOf(ino, flock));
      return (file === undefined ? undefined : untold(file)) ?? [];
    });
  }

  onGranted(wait: number): void {
    const call = this.#calls.get(wait);
    if (call?.queued === true) this.#granted(call);
  }

  /** Nobody waits at the MDS any more. */
  onReconnected(rank: number): void {
    for (const call of this.#calls.values()) {
      if (!call.queued || this.#rankOf(call.file) !== rank) continue;
      call.queued = false;
      if (call.interrupted) call.reject(interrupted());
      else this.#send(call);
    }
  }

  /** Evicted: others may have the locks. Who held one must not go on as if it still did: the file is of no use to it until it lets go. */
  forgetAll(): void {
    for (const { ino, table } of this.#files.values()) {
      const inode = this.#volume.inodes.get(ino);
      if (inode !== undefined && table.size > 0) inode.locksLost = new Set([...(inode.locksLost ?? []), ...table.owners()]);
      for (const owner of [...table.owners()]) table.set(owner, 0, LockType.none, wholeFile);
    }
    for (const call of this.#calls.values()) {
      if (call.queued) call.reject(new FsError('ESHUTDOWN', 'this client was evicted while it waited for a lock', { retry: 'safe' }));
    }
  }

  #unlock(file: LockedFile, wish: LockWish): MaybePromise<void> {
    const inode = this.#volume.inodes.get(file.ino);
    if (wish.start === 0n && wish.end === wholeFile.end) this.#found(inode, wish.owner);
    if ((file.table.has(wish.owner) || this.#isCalling(file, wish.owner)) && !this.#decide(file, wish)) return this.#call(file, wish);
    this.#tidy(file);
    return undefined;
  }

  /** Whether what becomes of a lock is for this client to say. Not while the MDS has something to answer about the file. */
  #decides({ ino, calls }: LockedFile): boolean {
    const inode = this.#volume.inodes.get(ino);
    return calls.size === 0 && inode?.holds(Cap.fileExclusive) === true && inode.recall === undefined && this.#volume.leased(inode);
  }

  /** Sets a lock here. False: the MDS has to. FsError EAGAIN. */
  #decide(file: LockedFile, { owner, pid, type, start, end, wait, flock }: LockWish): boolean {
    if (!this.#decides(file) || file.table.size >= decidedMax) return false;
    const busy = file.table.conflict(owner, type, { start, end }) !== undefined;
    if (busy && wait) return false;
    // Whatever comes of a conversion by flock(2), the lock before it is gone.
    if (!busy || (flock && file.table.has(owner))) {
      file.told = false;
      file.table.set(owner, pid, busy ? LockType.none : type, { start, end });
    }
    if (busy) throw new FsError('EAGAIN', 'another holds the lock');
    return true;
  }

  #letGo(file: LockedFile, owner: string): MaybePromise<void> {
    return this.#unlock(file, { ...wholeFile, flock: file.flock, owner, pid: 0, type: LockType.none, wait: false });
  }

  /** It has been told that its locks were lost, or need not be. */
  #found(inode: Inode | undefined, owner: string): void {
    if (inode?.locksLost?.delete(owner) === true && inode.locksLost.size === 0) inode.locksLost = undefined;
  }

  #isCalling({ calls }: LockedFile, owner: string): boolean {
    for (const call of calls) if (call.owner === owner) return true;
    return false;
  }

  async #call(file: LockedFile, { owner, pid, type, start, end, wait }: LockWish, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw interrupted();
    const call: Call = { id: this.#nextId++, file, owner, pid, type, start, end, wait, ...unanswered };
    const done = new Promise<void>((resolve, reject) => {
      call.resolve = resolve;
      call.reject = reject;
    });
    const interrupt = (): void => this.#interrupt(call);
    signal?.addEventListener('abort', interrupt);
    file.calls.add(call);
    this.#calls.set(call.id, call);
    this.#send(call);
    try {
      await done;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      this.#end(call);
    }
  }

  #send(call: Call): void {
    const { id, file, wait } = call;
    const lock = encodeLock({ ...call, ino: file.ino, flock: file.flock });
    const message = {
      lock,
      wait: wait ? id : 0,
      // Of the moment in which it is sent: when it is sent again, all has been told.
      get state(): LockState | null {
        return untold(file) ?? null;
      },
    };
    this.#ask(file.ino, (mds) => mds.query('lock', itself, message, (reply) => this.#answered(call, reply))).catch((error: unknown) => {
      // With the session its locks are gone.
      if (call.type === LockType.none && toFsError(error).code === 'ESHUTDOWN') call.resolve();
      else call.reject(error);
    });
  }

  #answered(call: Call, { outcome }: LockReply): void {
    const { file, owner, pid } = call;
    if (outcome === LockOutcome.granted) {
      this.#granted(call);
      return;
    }
    // Whatever comes of a conversion, the lock before it is gone.
    if (file.flock && outcome !== LockOutcome['too-many']) file.table.set(owner, pid, LockType.none, wholeFile);
    if (outcome === LockOutcome.waiting) {
      call.queued = true;
      // The MDS may have heard of it before the wait had begun.
      if (call.interrupted) this.#interrupt(call);
    } else if (outcome === LockOutcome.busy) call.reject(new FsError('EAGAIN', 'another holds the lock'));
    else if (outcome === LockOutcome.deadlock) call.reject(new FsError('EDEADLK', 'each would wait for the other'));
    else call.reject(new FsError('ENOLCK', 'this client has too many locks'));
  }

  #granted(call: Call): void {
    const { file, owner, pid, type } = call;
    // At once, before anything else that the MDS has said is looked at.
    file.table.set(owner, pid, type, call);
    this.#end(call);
    call.resolve();
  }

  #end(call: Call): void {
    this.#calls.delete(call.id);
    call.file.calls.delete(call);
    this.#tidy(call.file);
  }

  /** A signal has come: the MDS says whether the lock came before. */
  #interrupt(call: Call): void {
    if (!this.#calls.has(call.id)) return;
    call.interrupted = true;
    this.#volume.mds
      .of({ rank: this.#rankOf(call.file) })
      .query('lockCancel', itself, { wait: call.id }, ({ cancelled }) => {
        if (cancelled) call.reject(interrupted());
      })
      .catch((error: unknown) => call.reject(error));
  }

  #rankOf({ ino }: Pick<LockedFile, 'ino'>): number {
    return this.#volume.inodes.get(ino)?.rank ?? 0;
  }

  #ask<T>(ino: number, ask: (mds: MdsClient) => Promise<T>): Promise<T> {
    const { inodes, mds } = this.#volume;
    const inode = inodes.get(ino);
    return inode === undefined ? ask(mds.rank(0)) : mds.ask(inode, ask);
  }

  #file(ino: number, flock: boolean): LockedFile {
    const key = keyOf(ino, flock);
    let file = this.#files.get(key);
    if (file === undefined) {
      file = { key, ino, flock, table: new LockTable(), told: true, calls: new Set(), through: new Map() };
      this.#files.set(key, file);
    }
    return file;
  }

  #tidy(file: LockedFile): void {
    if (file.table.size === 0 && file.calls.size === 0 && file.through.size === 0) this.#files.delete(file.key);
  }
}

/** What the MDS is to know before it decides about the file: it is about to be told. */
function untold(file: LockedFile): LockState | undefined {
  if (file.told) return undefined;
  file.told = true;
  const { ino, flock, table } = file;
  return { ino, flock, locks: locksOf(file, table).map(encodeLock) };
}

function locksOf({ ino, flock }: LockedFile, table: LockTable<number>): SessionLock[] {
  const locks: SessionLock[] = [];
  for (const owner of table.owners()) {
    const pid = table.tagOf(owner) ?? 0;
    for (const range of table.ranges(owner)) locks.push({ ...range, ino, flock, owner, pid });
  }
  return locks;
}

/** Leaves in the table what is held both before and after the calls under way. */
function weakenByCalls({ flock, calls }: LockedFile, table: LockTable<number>): void {
  for (const call of calls) {
    // A lock of flock(2) that is to become stronger goes first.
    const before = flock ? (table.ranges(call.owner)[0]?.type ?? LockType.none) : call.type;
    table.weaken(call.owner, call.type > before ? LockType.none : call.type, call);
  }
}

function keyOf(ino: number, flock: boolean): string {
  return flock ? `flock ${ino}` : `fcntl ${ino}`;
}

function interrupted(): FsError {
  return new FsError('EINTR', 'interrupted while it waited for a lock');
}
