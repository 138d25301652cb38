/**
 * Runs operations: at once when everything is in memory and nobody stands against it, otherwise again and again as what
 * they are blocked on comes. Others are not held up meanwhile.
 * @module
 */
import { unreachable } from '../common/errors/assert.ts';
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import { onAbort } from '../common/runtime/on-abort.ts';
import type { Loader } from './background/loader.ts';
import type { Truncations } from './background/truncations.ts';
import { Blocked, type Obstacle } from './core/blocked.ts';
import type { Inode } from './core/inode.ts';
import type { MdsCore } from './core/mds-core.ts';
import type { Overtaken } from './core/overtaken.ts';
import type { Journal } from './store/journal.ts';

/** What tells that nobody waits for the answer any more. Looked at only when an operation is blocked. */
export interface Abandonable {
  readonly signal: AbortSignal;
}

export interface RequestRunnerOptions {
  readonly core: MdsCore;
  readonly loader: Loader;
  readonly truncations: Truncations;
  readonly journal: Journal;
  /** Resolves when it is known how long the file is. */
  readonly recovered: (inode: Inode) => Promise<void>;
  /** Resolves when nothing is frozen on its way to another rank. */
  readonly movesEnded: () => Promise<void>;
}

export class RequestRunner {
  readonly #options: RequestRunnerOptions;
  readonly #recalls = new Map<Inode, Set<() => void>>();
  readonly #sizes = new Map<Inode, Set<() => void>>();
  readonly #turns = new Map<Inode, Set<() => void>>();
  readonly #between = new Set<() => void>();
  #stopped: FsError | undefined;

  constructor(options: RequestRunnerOptions) {
    this.#options = options;
  }

  /** `onRecall` is told each time that it has to wait for other clients. */
  run<T>(operation: () => T, abandonable?: Abandonable, onRecall?: () => void): T | Promise<T> {
    try {
      return operation();
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      return this.#runLater(error.obstacle, operation, abandonable?.signal, onRecall);
    }
  }

  /** A client has answered a recall on this inode. */
  recalled(inode: Inode): void {
    wakeAll(this.#recalls, inode);
    this.sizeTold(inode);
  }

  /** The client that has been asked for the inode has told its size. */
  sizeTold(inode: Inode): void {
    wakeAll(this.#sizes, inode);
  }

  /** The turn to append to this inode has ended: those who wait for theirs ask again in the order in which they came. */
  appended(inode: Inode): void {
    wakeAll(this.#turns, inode);
  }

  /** Something that was between ranks is over. */
  between(): void {
    const waiting = [...this.#between];
    this.#between.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves with the next {@link between}, or when nobody waits any more. */
  nextBetween(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#between.delete(wake);
        forget?.();
        resolve();
      };
      this.#between.add(wake);
      const forget = signal && onAbort(signal, wake);
    });
  }

  /** Somebody waits for the turn to append to it. */
  isTurnWanted(inode: Inode): boolean {
    return this.#turns.has(inode);
  }

  /** Ends what waits for recalls. */
  stop(): void {
    this.#stopped = new FsError('ESHUTDOWN', 'the MDS is stopping', { retry: 'safe' });
    for (const groups of [this.#recalls, this.#sizes, this.#turns]) for (const inode of [...groups.keys()]) wakeAll(groups, inode);
    this.between();
  }

  async #runLater<T>(
    obstacle: Obstacle,
    operation: () => T,
    signal: AbortSignal | undefined,
    onRecall: (() => void) | undefined,
  ): Promise<T> {
    const patience = new Patience(this.#options.core.overtaken);
    for (let next = obstacle; ;) {
      if (next.kind === 'recall' || next.kind === 'size') onRecall?.();
      if (next.kind === 'unsafe') patience.begins(next.inode);
      try {
        await this.#overcome(next, signal);
        // Until here nobody else was given what this operation has waited for.
        if (next.kind === 'recall') this.#leave(next.inode);
        if (this.#stopped !== undefined) throw this.#stopped;
        if (signal?.aborted === true) throw new FsError('ETIMEDOUT', 'nobody waits for this request any more', { retry: 'safe' });
        const { journal } = this.#options;
        const { seq } = journal;
        const result = operation();
        // Who has had to give something back for this change will look at what has become of it.
        if (obstacle.kind === 'recall' && journal.seq > seq) journal.hurry();
        return result;
      } catch (error) {
        if (!(error instanceof Blocked)) throw error;
        next = error.obstacle;
      } finally {
        patience.ends();
      }
    }
  }

  #overcome(obstacle: Obstacle, signal: AbortSignal | undefined): Promise<void> {
    switch (obstacle.kind) {
      case 'inode':
        return this.#load(obstacle.ino, obstacle.mayBeGone === true);
      case 'target':
        return this.#options.loader.target(obstacle.dentry);
      case 'fragment':
        return this.#options.loader.fragment(obstacle.fragment);
      case 'name':
        return this.#options.loader.name(obstacle.fragment, obstacle.name);
      case 'unsafe':
        return this.#options.journal.flush(obstacle.seq);
      case 'truncation':
        return this.#options.truncations.done(obstacle.ino);
      case 'recovery':
        return this.#options.recovered(obstacle.inode);
      case 'moving':
        return this.#options.movesEnded();
      case 'between':
        return this.nextBetween(signal);
      case 'recall':
        obstacle.inode.contenders++;
        return wait(this.#recalls, obstacle.inode, signal);
      case 'size':
        return wait(this.#sizes, obstacle.inode, signal);
      case 'append':
        return wait(this.#turns, obstacle.inode, signal);
      default:
        return unreachable(obstacle);
    }
  }

  async #load(ino: number, mayBeGone: boolean): Promise<void> {
    try {
      await this.#options.loader.inode(ino);
    } catch (error) {
      if (!mayBeGone || !['ESTALE', 'EREMOTE'].includes(toFsError(error).code)) throw error;
    }
  }

  #leave(inode: Inode): void {
    inode.contenders--;
    if (inode.contenders === 0 && inode.nlink === 0 && inode.caps.length === 0) this.#options.core.effects.purge(inode);
  }
}

/** Where one operation has waited for changes to be durable: while it waits for that at an inode once more, nobody overtakes it at any of these. */
class Patience {
  readonly #overtaken: Overtaken;
  /** And whether more than once. Undefined in most: they wait once. */
  #waited: Map<Inode, boolean> | undefined;
  #held: Inode[] = [];

  constructor(overtaken: Overtaken) {
    this.#overtaken = overtaken;
  }

  /** It is about to wait for the inode's changes. */
  begins(inode: Inode): void {
    this.#waited ??= new Map();
    this.#waited.set(inode, this.#waited.has(inode));
    for (const [each, again] of this.#waited) {
      if (!again) continue;
      this.#overtaken.add(each);
      this.#held.push(each);
    }
  }

  /** It has tried again. */
  ends(): void {
    for (const inode of this.#held.splice(0)) this.#overtaken.remove(inode);
  }
}

type Waiting = Map<Inode, Set<() => void>>;

/** Resolves with {@link wakeAll} of the inode, or when nobody waits any more. */
function wait(groups: Waiting, inode: Inode, signal: AbortSignal | undefined): Promise<void> {
  let waiting = groups.get(inode);
  if (waiting === undefined) {
    waiting = new Set();
    groups.set(inode, waiting);
  }
  const group = waiting;
  return new Promise((resolve) => {
    const wake = (): void => {
      if (!group.delete(wake)) return;
      if (group.size === 0 && groups.get(inode) === group) groups.delete(inode);
      forget?.();
      resolve();
    };
    group.add(wake);
    const forget = signal && onAbort(signal, wake);
  });
}

function wakeAll(groups: Waiting, inode: Inode): void {
  const waiting = groups.get(inode);
  if (waiting === undefined) return;
  groups.delete(inode);
  for (const wake of waiting) wake();
}
