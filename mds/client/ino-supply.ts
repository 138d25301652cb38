/**
 * Inode numbers for what this client makes: more are asked for before those that the session was handed run out.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { InoRange } from '../../common/wire/gen/messages.ts';
import { InoRanges } from './ino-ranges.ts';
import type { SessionKeeper } from './session-keeper.ts';
import { isConnectionLoss, requestTimeoutMs, retryDelayMs } from './session-failures.ts';

const batch = 4096;
const lowWater = 1024;

export class InoSupply {
  readonly #env: Env;
  readonly #keeper: SessionKeeper;
  readonly #ranges = new InoRanges();
  #allocating: Promise<void> | undefined;

  constructor(env: Env, keeper: SessionKeeper) {
    this.#env = env;
    this.#keeper = keeper;
  }

  /** The session was handed these. */
  add(ranges: readonly InoRange[]): void {
    this.#ranges.add(ranges);
  }

  /** The next free number; undefined when more have to be asked for, which begins now. */
  next(): Ino | undefined {
    if (this.#ranges.remaining < lowWater) void this.#allocate();
    return this.#ranges.take();
  }

  /** The next free number, at once while the session has some. Rejects when the session is over. */
  take(): Ino | Promise<Ino> {
    return this.next() ?? this.#wait();
  }

  async #wait(): Promise<Ino> {
    for (;;) {
      const taken = this.#ranges.take();
      if (taken !== undefined) return taken;
      await this.#keeper.ready();
      await this.#allocate();
    }
  }

  #allocate(): Promise<void> {
    if (this.#allocating !== undefined) return this.#allocating;
    const { state } = this.#keeper;
    if (state.kind !== 'open') return Promise.resolve();
    this.#allocating = state.session
      .request('allocateInos', { count: batch }, { timeoutMs: requestTimeoutMs })
      .then(
        (reply) => this.#ranges.add(reply.message.ranges),
        (error: unknown) => {
          if (!isConnectionLoss(toFsError(error))) this.#env.log.warn({ err: error }, 'the MDS hands out no inode numbers');
          return new Promise<void>((resolve) => this.#env.clock.setTimer(retryDelayMs, resolve));
        },
      )
      .finally(() => (this.#allocating = undefined));
    return this.#allocating;
  }
}
