/**
 * Messages to other ranks: sent in order, again and again until they are known to have been taken. None is sent before it is in the
 * journal here, and none is forgotten before it is in the journal there.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { RankMessage } from '../core/subtrees.ts';
import type { Journal } from '../store/journal.ts';

/** Resolves when the rank has it in its journal. FsError when it may not have. */
export type TellRank = (rank: number, seq: number, message: RankMessage) => Promise<void>;

export interface RankMailOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly tell: TellRank;
  readonly onLost: (error: unknown) => void;
}

const retryMs = 100;

export class RankMail {
  readonly #env: Env;
  readonly #options: RankMailOptions;
  /** Ranks to which something is being sent. */
  readonly #sending = new Set<number>();
  readonly #timers = new Set<Timer>();
  #started = false;

  constructor(env: Env, options: RankMailOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Begins, with what the lives before have left. */
  start(): void {
    this.#started = true;
    this.posted();
  }

  /** There is something to be sent. */
  posted(): void {
    if (!this.#started) return;
    for (const rank of this.#options.core.posted.ranks) {
      if (this.#sending.has(rank)) continue;
      this.#sending.add(rank);
      this.#env.spawn('mail to a rank', () => this.#send(rank));
    }
  }

  /** Begins nothing any more. */
  stop(): void {
    this.#started = false;
    for (const timer of this.#timers) timer.cancel();
  }

  async #send(rank: number): Promise<void> {
    const { core, journal, tell, onLost } = this.#options;
    let refused = 0;
    for (let next = core.posted.next(rank); next !== undefined && this.#goesOn(); next = core.posted.next(rank)) {
      try {
        await journal.flush();
      } catch (error) {
        if (this.#goesOn()) onLost(error);
        return;
      }
      try {
        await tell(rank, next.seq, next.message);
      } catch (error) {
        const failure = toFsError(error);
        const fields = { rank, seq: next.seq, message: next.message.kind, err: failure };
        if (failure.retry !== 'never' || refused === next.seq) this.#env.log.debug(fields, 'another rank does not take a message yet');
        else this.#env.log.warn(fields, 'another rank refuses a message: what it is about waits until that rank is mended');
        if (failure.retry === 'never') refused = next.seq;
        await this.#pause();
        continue;
      }
      if (!this.#goesOn()) break;
      core.commit([{ kind: 'message', rank, seq: next.seq, message: undefined }]);
      core.effects.between();
    }
    this.#sending.delete(rank);
  }

  /** Asked after each wait. */
  #goesOn(): boolean {
    return this.#started;
  }

  async #pause(): Promise<void> {
    if (!this.#started) return;
    await new Promise<void>((resolve) => {
      const timer = this.#env.clock.setTimer(retryMs, () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }
}
