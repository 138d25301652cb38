/**
 * Cuts the data of files that were made smaller: begun when the journal holds the new size, resumed after a crash when
 * the inode is read with `truncateFrom` set, and noted as done in the journal.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import { spaceOf } from '../client/file-space.ts';
import type { Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { Journal } from '../store/journal.ts';
import type { DataCutter } from './data-cutter.ts';

export interface TruncationsOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly cutter: DataCutter;
  readonly onLost: (error: unknown) => void;
}

export class Truncations {
  readonly #env: Env;
  readonly #options: TruncationsOptions;
  readonly #running = new Map<number, Promise<void>>();
  /** Cut, and not yet noted so in the journal on disk: a crash now would cut once more, and take what is written from here on. */
  readonly #noting = new Map<number, Promise<void>>();

  constructor(env: Env, options: TruncationsOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Begins, when what the caller is doing has been journaled. */
  begin(inode: Inode): void {
    if (this.#running.has(inode.ino)) return;
    const done = Promise.resolve().then(() => this.#cut(inode));
    this.#running.set(inode.ino, done);
    this.#env.spawn('mds truncation', () => done.catch((error: unknown) => this.#failed(inode, error)));
  }

  /** Resolves when the inode's data is as long as its size says, and will not be cut again: it may be written. */
  async done(ino: number): Promise<void> {
    // Failed before: whoever needs it has it tried again, and gets the error when that fails too.
    const inode = this.#options.core.cache.inodes.get(ino);
    if (inode !== undefined && inode.truncateFrom > 0) this.begin(inode);
    try {
      await this.#running.get(ino);
    } catch (error) {
      throw new FsError('EIO', `the objects of inode ${ino.toString(16)} could not be cut`, { cause: error });
    }
    await this.#noting.get(ino);
  }

  /** The inode says so until it is cut after all: when somebody needs it, or in the next life of the MDS. */
  #failed(inode: Inode, error: unknown): void {
    const failure = toFsError(error);
    if (failure.code === 'ESHUTDOWN') this.#options.onLost(failure);
    else this.#env.log.error({ ino: inode.ino.toString(16), err: failure }, 'the objects of a file cannot be cut');
  }

  async #cut(inode: Inode): Promise<void> {
    const { core, journal, cutter } = this.#options;
    try {
      await journal.flush();
      const { blocksBeforeCut: before, unsure } = inode;
      const blocks = await cutter.cut(inode, inode.size, inode.truncateFrom, before !== undefined && inode.size > 0);
      // Until now as much of what was cut counted as holes as could be: there may be more of them left than that.
      if (unsure) {
        // What was cut may have been a dead writer's, who had told nobody: no file is to be taken for empty that is not.
        const left = Math.max(0, (before ?? 0) - blocks) || (await cutter.blocks(inode, inode.size));
        inode.space = spaceOf(inode.size, left, inode.space?.dataEnd ?? inode.size);
        inode.unsure = false;
      }
      inode.blocksBeforeCut = undefined;
    } finally {
      this.#running.delete(inode.ino);
    }
    inode.truncateFrom = 0;
    if (inode.dentry !== undefined) {
      core.commit([{ kind: 'set', dentry: inode.dentry }]);
      const noted: Promise<void> = journal.flush().finally(() => {
        if (this.#noting.get(inode.ino) === noted) this.#noting.delete(inode.ino);
      });
      this.#noting.set(inode.ino, noted);
      noted.catch((error: unknown) => this.#options.onLost(error));
    }
    core.locker.settle(inode);
    if (inode.nlink === 0 && inode.caps.length === 0) core.effects.purge(inode);
  }
}
