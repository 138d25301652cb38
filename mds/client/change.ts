import type { RequestName } from '../../common/wire/session.ts';

/**
 * A request that may have changed something, from sending until its journal entry is safe.
 * It is kept, so that the next life of the MDS can be told again what the last one did not yet write down.
 */
export class Change {
  /** Unique and rising within the client's instance. */
  readonly tid: number;
  readonly name: RequestName;
  /** Makes the message to send; with `replay` it says that it was sent before. */
  readonly encode: (replay: boolean) => object;
  /** Has gone out at least once: from then on it is announced and marked as a replay. */
  sent = false;
  /** Position of its journal entry: Infinity until an answer names it. */
  journalSeq = Infinity;
  /** In the journal on disk, or known to have changed nothing. */
  safe = false;
  /** Set when the MDS refused it when it was sent again after it had been acknowledged. */
  lost: Error | undefined;
  #waiters: (() => void)[] | undefined;

  constructor(tid: number, name: RequestName, encode: (replay: boolean) => object) {
    this.tid = tid;
    this.name = name;
    this.encode = encode;
  }

  get answered(): boolean {
    return this.safe || this.journalSeq !== Infinity;
  }

  /** Resolves at the next change of its state. */
  progress(): Promise<void> {
    return new Promise((resolve) => {
      (this.#waiters ??= []).push(resolve);
    });
  }

  /** Tells those who wait on {@link progress}. */
  notify(): void {
    const waiters = this.#waiters;
    this.#waiters = undefined;
    if (waiters !== undefined) for (const wake of waiters) wake();
  }
}
