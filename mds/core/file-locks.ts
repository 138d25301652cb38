/**
 * Advisory locks of all sessions on all files: fcntl(2), those of open file descriptions among them, and flock(2). They are of
 * this life only: after a restart the sessions tell what they hold.
 *
 * Whoever waits stands in its file's queue, and is given the lock in the very step that frees it: an owner that lets go and
 * takes again at once comes after those who wait. Requests that nobody who holds a lock excludes pass the queue, as on Linux, where a
 * reader may rely on being let in beside another.
 * Invariant: no two owners hold what excludes each other; nobody waits whom no lock is in the way of.
 * @module
 */
import { LockTable, LockType, wholeFile, type LockRange } from '../client/lock-table.ts';

/** Whose a lock is. The owners of a session are told apart by what its kernel calls them. */
export interface LockOwner {
  readonly instance: number;
  readonly pid: number;
}

export interface LockWish extends LockRange {
  readonly ino: number;
  /** flock(2), which never conflicts with fcntl(2). */
  readonly flock: boolean;
  readonly instance: number;
  readonly owner: string;
  readonly pid: number;
  readonly type: LockType;
}

export interface Waiter extends LockWish {
  /** Of the session's waits. */
  readonly id: number;
}

export type LockOutcome = 'granted' | 'waiting' | 'busy' | 'deadlock' | 'too-many';

export interface LockBlocker extends LockRange, LockOwner {
  readonly type: LockType;
}

export interface FileLocksOptions {
  /** Ranges that a session may hold, and waits that it may have. */
  readonly locksMax: number;
  /** A wait is over. */
  readonly granted: (instance: number, id: number) => void;
}

/** The locks of one kind on one file. */
interface LockedFile {
  readonly key: string;
  readonly table: LockTable<LockOwner>;
  /** In the order in which they came. */
  readonly queue: Waiter[];
}

/** What a session has here. */
interface Share {
  readonly files: Set<LockedFile>;
  held: number;
  waits: number;
}

export class FileLocks {
  readonly #options: FileLocksOptions;
  readonly #files = new Map<string, LockedFile>();
  readonly #shares = new Map<number, Share>();
  /** The waits for fcntl locks, by owner: what deadlocks are made of. */
  readonly #waits = new Map<string, Set<Waiter>>();
  /** Sessions that were in somebody's way since they were last asked for. */
  readonly #contested = new Set<number>();

  constructor(options: FileLocksOptions) {
    this.#options = options;
  }

  /** How many ranges are held, by all. */
  get size(): number {
    let size = 0;
    for (const { held } of this.#shares.values()) size += held;
    return size;
  }

  /** Whether anybody holds a lock of the file, or waits for one. */
  has(ino: number): boolean {
    return [false, true].some((flock) => this.#files.has(keyOf({ ino, flock })));
  }

  /** Sets or removes a lock. `id`: of the wait, when it is to wait. */
  request(wish: LockWish, id?: number): LockOutcome {
    const share = this.#share(wish.instance);
    const file = this.#file(wish);
    const owner = ownerOf(wish);
    try {
      if (wish.type !== LockType.none && share.held >= this.#options.locksMax) return 'too-many';
      const converts = wish.flock && file.table.has(owner);
      if (converts) {
        if (file.table.ranges(owner)[0]?.type === wish.type) return 'granted';
        // As flock(2) has it: the old lock goes first, whatever comes of the new one.
        if (file.table.conflict(owner, wish.type, wish) !== undefined) this.#set(file, { ...wish, type: LockType.none });
      }
      if (file.table.conflict(owner, wish.type, wish) === undefined) {
        this.#set(file, wish);
        return 'granted';
      }
      for (const { tag } of file.table.conflicts(owner, wish.type, wish)) this.#contested.add(tag.instance);
      if (id === undefined) return 'busy';
      if (share.waits >= this.#options.locksMax) return 'too-many';
      if (!wish.flock && this.#closesCircle(file, owner, wish)) return 'deadlock';
      this.#wait(file, share, { ...wish, id });
      return 'waiting';
    } finally {
      this.#tidy(file);
    }
  }

  /** What is in the way of a lock. */
  test(wish: LockWish): LockBlocker | undefined {
    const found = this.#files.get(keyOf(wish))?.table.conflict(ownerOf(wish), wish.type, wish);
    return found === undefined ? undefined : { ...found.held, ...found.tag };
  }

  /** Ends a wait. False when there is none: it has been answered. */
  cancel(instance: number, id: number): boolean {
    for (const file of this.#shares.get(instance)?.files ?? []) {
      const waiter = file.queue.find((each) => each.instance === instance && each.id === id);
      if (waiter === undefined) continue;
      this.#unwait(file, waiter);
      this.#tidy(file);
      return true;
    }
    return false;
  }

  /** Its connection is gone: nobody would hear of a lock being given. It asks again when it is back. */
  interrupted(instance: number): void {
    for (const file of [...(this.#shares.get(instance)?.files ?? [])]) {
      for (const waiter of file.queue.filter((each) => each.instance === instance)) this.#unwait(file, waiter);
      this.#tidy(file);
    }
  }

  /** The session is over. */
  end(instance: number): void {
    for (const file of this.#forget(instance)) {
      this.#serve(file);
      this.#tidy(file);
    }
    this.#shares.delete(instance);
    this.#contested.delete(instance);
  }

  /**
   * A session that is back tells what it holds; what else was known of it is void. Returns the locks that others hold already,
   * which it cannot have been given by us.
   */
  restore(instance: number, held: readonly LockWish[]): LockWish[] {
    // Others are served when all of it is known: what it goes on holding must not be given away between.
    const files = new Set(this.#forget(instance));
    const refused: LockWish[] = [];
    for (const lock of held) {
      const file = this.#file(lock);
      files.add(file);
      refused.push(...this.#take(file, [lock]));
    }
    for (const file of files) {
      this.#serve(file);
      this.#tidy(file);
    }
    return refused;
  }

  /** A session tells what it holds on one file, of one kind, after it was alone with it. As {@link restore}. */
  replace(instance: number, ino: number, flock: boolean, held: readonly LockWish[]): LockWish[] {
    const file = this.#file({ ino, flock });
    this.#drop(file, instance);
    const refused = this.#take(file, held);
    this.#serve(file);
    this.#tidy(file);
    return refused;
  }

  /** The sessions that were in somebody's way since the last call, or are now. */
  takeContested(): Set<number> {
    const contested = new Set(this.#contested);
    this.#contested.clear();
    for (const waits of this.#files.values()) {
      for (const waiter of waits.queue)
        for (const { tag } of waits.table.conflicts(ownerOf(waiter), waiter.type, waiter)) contested.add(tag.instance);
    }
    return contested;
  }

  /** Nothing of the session's is held or waited for any more. Returns where it was: nobody has been served yet. */
  #forget(instance: number): LockedFile[] {
    const files = [...(this.#shares.get(instance)?.files ?? [])];
    for (const file of files) {
      for (const waiter of file.queue.filter((each) => each.instance === instance)) this.#unwait(file, waiter);
      this.#drop(file, instance);
    }
    return files;
  }

  #drop(file: LockedFile, instance: number): void {
    for (const owner of [...file.table.owners()]) {
      const tag = file.table.tagOf(owner);
      if (tag?.instance === instance) this.#put(file, owner, tag, LockType.none, wholeFile);
    }
  }

  /** Takes a session's word for what it holds. Returns what others hold already. */
  #take(file: LockedFile, held: readonly LockWish[]): LockWish[] {
    return held.filter((lock) => {
      const owner = ownerOf(lock);
      if (file.table.conflict(owner, lock.type, lock) !== undefined) return true;
      this.#put(file, owner, { instance: lock.instance, pid: lock.pid }, lock.type, lock);
      return false;
    });
  }

  #set(file: LockedFile, wish: LockWish): void {
    if (this.#put(file, ownerOf(wish), { instance: wish.instance, pid: wish.pid }, wish.type, wish)) this.#serve(file);
  }

  #put(file: LockedFile, owner: string, tag: LockOwner, type: LockType, range: LockRange): boolean {
    const share = this.#share(tag.instance);
    const before = file.table.size;
    const freed = file.table.set(owner, tag, type, range);
    share.held += file.table.size - before;
    share.files.add(file);
    return freed;
  }

  /** Gives those who wait, in their order, what nobody is in the way of any more. */
  #serve(file: LockedFile): void {
    const { queue, table } = file;
    for (let at = 0; at < queue.length;) {
      const waiter = queue[at] as Waiter;
      const owner = ownerOf(waiter);
      if (table.conflict(owner, waiter.type, waiter) !== undefined) {
        at++;
        continue;
      }
      this.#unwait(file, waiter);
      const freed = this.#put(file, owner, { instance: waiter.instance, pid: waiter.pid }, waiter.type, waiter);
      this.#options.granted(waiter.instance, waiter.id);
      if (freed) at = 0;
    }
  }

  #wait(file: LockedFile, share: Share, waiter: Waiter): void {
    file.queue.push(waiter);
    share.files.add(file);
    share.waits++;
    if (waiter.flock) return;
    const owner = ownerOf(waiter);
    const waits = this.#waits.get(owner) ?? new Set();
    this.#waits.set(owner, waits.add(waiter));
  }

  #unwait(file: LockedFile, waiter: Waiter): void {
    file.queue.splice(file.queue.indexOf(waiter), 1);
    this.#share(waiter.instance).waits--;
    const owner = ownerOf(waiter);
    const waits = this.#waits.get(owner);
    if (waits?.delete(waiter) === true && waits.size === 0) this.#waits.delete(owner);
  }

  /** Whether one of those for whom the owner would wait waits for it, by however many others. */
  #closesCircle(file: LockedFile, owner: string, wish: LockWish): boolean {
    const seen = new Set<string>();
    const ahead = [...file.table.conflicts(owner, wish.type, wish)].map((each) => each.owner);
    for (let other = ahead.pop(); other !== undefined; other = ahead.pop()) {
      if (other === owner) return true;
      if (seen.has(other)) continue;
      seen.add(other);
      for (const waiter of this.#waits.get(other) ?? []) {
        const { table } = this.#file(waiter);
        for (const each of table.conflicts(other, waiter.type, waiter)) ahead.push(each.owner);
      }
    }
    return false;
  }

  #file(wish: Pick<LockWish, 'ino' | 'flock'>): LockedFile {
    const key = keyOf(wish);
    let file = this.#files.get(key);
    if (file === undefined) {
      file = { key, table: new LockTable(), queue: [] };
      this.#files.set(key, file);
    }
    return file;
  }

  #share(instance: number): Share {
    let share = this.#shares.get(instance);
    if (share === undefined) {
      share = { files: new Set(), held: 0, waits: 0 };
      this.#shares.set(instance, share);
    }
    return share;
  }

  #tidy(file: LockedFile): void {
    if (file.table.size > 0 || file.queue.length > 0) return;
    this.#files.delete(file.key);
    for (const share of this.#shares.values()) share.files.delete(file);
  }
}

function ownerOf({ instance, owner }: LockWish): string {
  return `${instance}/${owner}`;
}

function keyOf({ flock, ino }: Pick<LockWish, 'ino' | 'flock'>): string {
  return flock ? `flock ${ino}` : `fcntl ${ino}`;
}
