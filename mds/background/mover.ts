/**
 * Takes directories to the ranks that they are pinned to, one at a time:
 *
 *   ask for what clients hold ──▶ freeze ──▶ all of it into objects ──▶ walk through it ──▶ give it away (one journal entry)
 *
 * Until the last step nothing has happened: whatever fails, or dies, leaves it where it is. A root that is not pinned to this rank goes
 * back to the rank that has its name, and on from there.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import { FileType } from '../client/file-mode.ts';
import type { Change } from '../core/change.ts';
import { inodesInUse } from '../core/in-use.ts';
import type { Dentry, Inode } from '../core/inode.ts';
import { quotasAbove } from '../core/quota.ts';
import { giverOf, isBelowRoot, isGivenRoot } from '../core/subtrees.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { RequestRunner } from '../request-runner.ts';
import type { MetadataStore } from '../store/metadata-store.ts';
import { raiseCounts } from './recursive-counts.ts';
import { surveySubtree } from './subtree-survey.ts';
import type { WriteBack } from './write-back.ts';

export interface MoverOptions {
  readonly core: MdsCore;
  readonly store: MetadataStore;
  readonly runner: RequestRunner;
  readonly writeBack: WriteBack;
  /** Whether somebody serves that rank. */
  readonly isServed: (rank: number) => boolean;
  readonly barrierEpoch: () => number;
}

/** Between two looks for what is to be moved. */
const lookMs = 250;
/** Between two looks whether clients have given back what they hold. */
const waitMs = 5;
/** What could not be moved is tried again after so long. */
const retryMs = 5_000;
/** What somebody holds on to for longer is given up for now. */
const patienceMs = 60_000;
/** Directories in one entry. */
const leavingMax = 50_000;

export class Mover {
  readonly #env: Env;
  readonly #options: MoverOptions;
  /** Clock.monotonicMs, of what could not be moved. */
  readonly #notBefore = new WeakMap<Inode, number>();
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #stopped = false;

  constructor(env: Env, options: MoverOptions) {
    this.#env = env;
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#env.clock.setTimer(lookMs, () => {
      this.#env.spawn('move subtrees', async () => {
        this.#running = this.#look();
        await this.#running;
        this.start();
      });
    });
  }

  /** Begins nothing any more; what is under way stays. Resolves when that is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#wake();
    await this.#running;
  }

  /** Resolves when nothing is frozen. */
  async ended(): Promise<void> {
    if (this.#options.core.departures.moving?.frozen === true) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #look(): Promise<void> {
    const { core } = this.#options;
    for (const inode of [...core.misplaced]) {
      const to = this.#destination(inode);
      if (to === undefined || (this.#notBefore.get(inode) ?? 0) > this.#env.clock.monotonicMs()) continue;
      try {
        await this.#move(inode, to);
        this.#env.log.info({ ino: inode.ino.toString(16), rank: to }, 'gave a subtree to another rank');
      } catch (error) {
        if (this.#stopped) return;
        if (!(error instanceof FsError)) throw error;
        this.#notBefore.set(inode, this.#env.clock.monotonicMs() + retryMs);
        this.#env.log.warn({ ino: inode.ino.toString(16), rank: to, err: toFsError(error) }, 'a pinned directory stays where it is');
      }
      if (this.#stopped) return;
    }
  }

  /** Where it is to go now; undefined: nowhere. */
  #destination(inode: Inode): number | undefined {
    const { core, isServed } = this.#options;
    const { pin } = inode;
    const isRoot = isGivenRoot(inode);
    const isHere = core.cache.inodes.get(inode.ino) === inode && inode.nlink > 0;
    if (!isHere || pin === core.rank || (pin < 0 && !isRoot)) {
      core.misplaced.delete(inode);
      return undefined;
    }
    // Pinned to a rank that is not there it stays where it is.
    if (pin >= 0 && !isServed(pin)) return undefined;
    const to = isRoot ? giverOf(inode) : pin;
    return isServed(to) && !core.isClosed(to) ? to : undefined;
  }

  async #move(root: Inode, to: number): Promise<void> {
    const { core, runner, writeBack, store, barrierEpoch } = this.#options;
    // Most of it while everything is still in use.
    if (!(await writeBack.settle())) throw new FsError('EIO', 'changes of directories cannot be written back');
    await runner.run(() => this.#check(root));
    core.departures.moving = { root, frozen: false };
    try {
      await this.#freeze(root);
      if (!(await writeBack.settle())) throw new FsError('EIO', 'changes of directories cannot be written back');
      const directories = await surveySubtree(store, root);
      await runner.run(() => {
        if (this.#stopped) throw new FsError('ESHUTDOWN', 'the MDS is stopping');
        this.#check(root);
        this.#give(root, to, directories, barrierEpoch());
      });
    } finally {
      core.departures.moving = undefined;
      this.#wake();
    }
  }

  /** Blocks. */
  #check(root: Inode): void {
    const { core } = this.#options;
    if (core.cache.inodes.get(root.ino) !== root || root.nlink === 0 || root.dentry === undefined)
      throw new FsError('ESTALE', 'it has been removed');
    if (root.above !== 0 && quotasAbove(core, core.cache.directory(root.above)).length > 0)
      throw new FsError('EBUSY', 'a quota binds what is in the directory: it must be with the rank that counts');
  }

  /** Has everybody give back what is held of it; ends in the moment in which nobody holds anything and nothing is under way. */
  async #freeze(root: Inode): Promise<void> {
    const { core, runner } = this.#options;
    const untilMs = this.#env.clock.monotonicMs() + patienceMs;
    while (!(await runner.run(() => this.#freezeNow(root)))) {
      if (this.#stopped) throw new FsError('ESHUTDOWN', 'the MDS is stopping');
      if (this.#env.clock.monotonicMs() > untilMs) throw new FsError('ETIMEDOUT', 'something in it is in use all the time');
      await new Promise<void>((resolve) => this.#env.clock.setTimer(waitMs, resolve));
    }
    if (core.departures.moving?.frozen !== true) throw new FsError('ESHUTDOWN', 'the MDS is stopping');
  }

  /** Blocks where it is not in memory what lies below. */
  #freezeNow(root: Inode): boolean {
    const { core } = this.#options;
    let free = true;
    for (const inode of inodesInUse(core)) {
      if (!isBelowRoot(core.cache, inode, root)) continue;
      if (core.fileLocks.has(inode.ino)) throw new FsError('EBUSY', `file ${inode.ino.toString(16)} in it is locked`);
      if (!core.locker.takeBack(inode) || inode.truncateFrom > 0 || inode.doubtful || inode.appenders.length > 0) free = false;
    }
    for (const ino of core.loans.inos) {
      const inode = core.cache.inodes.get(ino);
      if (inode !== undefined && isBelowRoot(core.cache, inode, root)) free = false;
    }
    if (!free) return false;
    raiseCounts(core);
    core.departures.moving = { root, frozen: true };
    return true;
  }

  /** From this moment on it is not ours. Blocks. */
  #give(root: Inode, to: number, directories: readonly number[], barrierEpoch: number): void {
    const { core } = this.#options;
    const { dentry } = root;
    if (dentry === undefined) throw new FsError('ESTALE', 'it has been removed');
    if (core.isClosed(to)) throw new FsError('EAGAIN', `rank ${to} is stopping`, { retry: 'safe' });
    const wanted = [...inodesInUse(core)].filter((inode) => isBelowRoot(core.cache, inode, root));
    for (const inode of wanted) core.locker.leave(inode, core.sessions);
    for (let at = 0; at < directories.length; at += leavingMax)
      core.commit([{ kind: 'leave', directories: directories.slice(at, at + leavingMax) }]);
    core.misplaced.delete(root);
    core.uncounted.delete(root);
    const { directory, name } = dentry;
    const changes: Change[] = [];
    if (isGivenRoot(root)) {
      core.cache.remove(dentry);
      changes.push({ kind: 'remove', directory, name, unstored: false });
    } else {
      const left: Dentry = { ...dentry, inode: undefined, remoteIno: root.ino, remoteType: FileType.directory, removed: false };
      core.cache.put(left);
      changes.push(
        { kind: 'set', dentry: left },
        { kind: 'given', ino: root.ino, given: { place: { directory, name }, rank: to, counted: root.counted, names: 1, others: [] } },
      );
    }
    core.commit([...changes, ...core.post(to, { kind: 'move', root: { ...dentry, inode: root }, barrierEpoch })]);
    core.effects.posted();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
