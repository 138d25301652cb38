/**
 * Follows the journal of an MDS that has a rank, so that what it has done is known here when it dies: what it appends is applied as
 * it comes, what it trims is forgotten.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import { FollowedJournal } from '../core/followed-journal.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { JournalReader } from '../store/journal-reader.ts';

export interface JournalFollowerOptions {
  readonly core: MdsCore;
  readonly reader: JournalReader;
  /** Reads what the journal lies over, once its head is known. */
  readonly readTables: () => Promise<void>;
  readonly followMs: number;
  readonly cacheEntriesMax: number;
}

export class JournalFollower {
  readonly #env: Env;
  readonly #options: JournalFollowerOptions;
  readonly #journal: FollowedJournal;
  #running: Promise<void> | undefined;
  #stopping = false;
  #caughtUp = false;
  /** Ends the pause between two looks. */
  #wake: (() => void) | undefined;
  #pause: Timer | undefined;

  constructor(env: Env, options: JournalFollowerOptions) {
    this.#env = env;
    this.#options = options;
    this.#journal = new FollowedJournal(options.core);
  }

  /** Everything that was there at some moment has been applied. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Goes on until {@link stop}. FsError EILSEQ when there is no going on from what has been read: see {@link JournalReader.advance}. */
  run(): Promise<void> {
    this.#running ??= this.#follow();
    return this.#running;
  }

  /** Resolves when nothing is being read any more; rejects as {@link run} does. */
  async stop(): Promise<void> {
    this.abandon();
    await this.#running;
  }

  /** Begins nothing any more. */
  abandon(): void {
    this.#stopping = true;
    this.#pause?.cancel();
    this.#wake?.();
  }

  /** Everything that is there by now is applied. FsError EILSEQ likewise. */
  async catchUp(): Promise<void> {
    const { core, reader, cacheEntriesMax } = this.#options;
    const first = await reader.follow(({ entry, seq }, segment) => this.#journal.apply(entry, seq, segment));
    this.#journal.trim(first);
    core.cache.shrink(cacheEntriesMax);
    this.#caughtUp = true;
  }

  async #follow(): Promise<void> {
    const { reader, readTables, followMs } = this.#options;
    const head = await reader.head();
    if (head === undefined) throw new FsError('EILSEQ', 'there is no MDS journal to follow');
    await readTables();
    reader.begin(head);
    while (!this.#stopping) {
      await this.catchUp();
      await this.#sleep(followMs);
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#pause = this.#env.clock.setTimer(ms, resolve);
    });
  }
}
