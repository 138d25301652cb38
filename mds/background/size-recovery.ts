/**
 * Finds out how long the files are that clients may have written to who then died without telling: from their objects. Whoever wants
 * such a file waits until that is done. Of one that the client had to itself what has arrived counts, with zeros where something is
 * missing; of one that it had beside others, whose writes are over only when they are told, what nobody was told of is cut.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import { blocksOf, spaceOf } from '../client/file-space.ts';
import { fileBytesMax } from '../client/limits.ts';
import { Blocked } from '../core/blocked.ts';
import { touch, type Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { endReach } from '../core/reach.ts';
import type { RequestRunner } from '../request-runner.ts';
import type { DataCutter } from './data-cutter.ts';
import { systemOperation } from './scrub/system-operation.ts';

/** Objects of a file without holes that are asked what they have: of a longer one what was told counts as data. */
const countedMax = 4_096;

export interface SizeRecoveryOptions {
  readonly core: MdsCore;
  readonly runner: RequestRunner;
  readonly cutter: DataCutter;
  /** Looked at at a time, beyond those that somebody waits for. */
  readonly filesInFlight: number;
  readonly onLost: (error: unknown) => void;
}

/** What the objects say. */
interface Found {
  readonly size: number;
  /** The end of the last byte written, or somewhere behind it. */
  readonly dataEnd: number;
  /** Blocks of data. */
  readonly blocks: number;
}

export class SizeRecovery {
  readonly #env: Env;
  readonly #options: SizeRecoveryOptions;
  readonly #waiting = new Set<Inode>();
  readonly #running = new Map<Inode, Promise<void>>();

  constructor(env: Env, options: SizeRecoveryOptions) {
    this.#env = env;
    this.#options = options;
  }

  begin(inode: Inode): void {
    if (this.#running.has(inode)) return;
    this.#waiting.add(inode);
    this.#pump();
  }

  /** Resolves when it is known how long the file is. FsError EIO when its objects cannot be read; then whoever asks next has it tried again. */
  async done(inode: Inode): Promise<void> {
    if (!inode.doubtful) return;
    const running = this.#running.get(inode) ?? this.#run(inode);
    try {
      await running;
    } catch (error) {
      throw new FsError('EIO', `the objects of inode ${inode.ino.toString(16)} could not be read`, { cause: error });
    }
  }

  #pump(): void {
    for (const inode of this.#waiting) {
      if (this.#running.size >= this.#options.filesInFlight) return;
      this.#run(inode).catch(() => undefined);
    }
  }

  /** What it comes to is logged here, and told to who waits for it. */
  #run(inode: Inode): Promise<void> {
    this.#waiting.delete(inode);
    const running = this.#recover(inode).finally(() => {
      this.#running.delete(inode);
      this.#pump();
    });
    this.#running.set(inode, running);
    this.#env.spawn('mds size recovery', () => running.catch((error: unknown) => this.#failed(inode, error)));
    return running;
  }

  #failed({ ino }: Inode, error: unknown): void {
    const failure = toFsError(error);
    if (failure.code === 'ESHUTDOWN') this.#options.onLost(failure);
    else this.#env.log.error({ ino: ino.toString(16), err: failure }, 'it cannot be told how long the file of a dead client is');
  }

  async #recover(inode: Inode): Promise<void> {
    const { core, runner } = this.#options;
    // All others have told what they wrote, and write no more.
    await runner.run(() => {
      if (inode.truncateFrom > 0) throw new Blocked({ kind: 'truncation', ino: inode.ino });
      core.locker.clear(undefined, inode, 'cut');
    });
    const { reachedBeside } = inode;
    const found = reachedBeside ? await this.#within(inode) : await this.#beyond(inode);
    await runner.run(() => this.#take(inode, found));
    core.locker.settle(inode);
    if (inode.nlink === 0 && inode.caps.length === 0) core.effects.purge(inode);
  }

  /** All that has arrived counts. What was told may not have: size and space go with the data when somebody waits for both. */
  async #beyond(inode: Inode): Promise<Found> {
    const { cutter } = this.#options;
    const { space, reach, unsure } = inode;
    const { end, blocks } = await cutter.beyond(inode, space?.dataEnd ?? inode.size, reach);
    const dataEnd = Math.min(end, fileBytesMax);
    const size = Math.max(inode.size, dataEnd);
    const counted = space !== null || unsure || cutter.objects(inode, size) <= countedMax;
    return { size, dataEnd, blocks: counted ? await cutter.blocks(inode, size) : blocksOf(inode.size) + blocks };
  }

  /** What was told counts. Of its holes some may have been filled. */
  async #within(inode: Inode): Promise<Found> {
    const { size, space, unsure } = inode;
    const counted = space !== null || unsure;
    return { size, dataEnd: size, blocks: counted ? await this.#options.cutter.blocks(inode, size) : blocksOf(size) };
  }

  /** In one entry with what follows from it. */
  #take(inode: Inode, { size, dataEnd, blocks }: Found): void {
    const { core } = this.#options;
    if (core.cache.inodes.get(inode.ino) !== inode) {
      core.doubtful.delete(inode);
      return;
    }
    const op = systemOperation(core);
    const counter = size > inode.size ? op.counter(inode) : undefined;
    assert(inode.truncateFrom === 0, 'a file of which nobody knows how long it is was cut');
    const { reach, reachedBeside, size: before } = inode;
    inode.space = spaceOf(size, blocks, dataEnd);
    if (size > before) {
      inode.size = size;
      touch(inode, op.now);
      inode.mtime = inode.ctime;
      if (counter !== undefined) op.count(counter, size - before);
    }
    if (reachedBeside && reach > size) {
      inode.truncateFrom = reach;
      core.effects.truncate(inode);
    }
    endReach(inode);
    inode.unsure = false;
    inode.doubtful = false;
    core.doubtful.delete(inode);
    op.save(inode);
    // Whoever was given it alone before that is durable, and outlives us, would keep counting from what the next life knows nothing of.
    core.told(inode, op.commit([inode]));
    this.#env.log.info({ ino: inode.ino.toString(16), before, size }, "the size of a dead client's file is known again");
  }
}
