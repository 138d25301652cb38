import { assert } from '../../common/errors/assert.ts';
import type { RequestName } from '../../common/wire/session.ts';

export type Sending =
  /** At once. */
  | 'first'
  /** There was no session when it was made, or its answer did not come. */
  | 'later'
  /** Likewise, and something is sent behind it that tells of the same inode, an answer to a recall perhaps: that gives back what is to go. */
  | 'before-answer'
  /** It was answered by a life of the MDS that had not written it down. */
  | 'replay';

/**
 * A request that may have changed something, from sending until its journal entry is safe.
 * It is kept, so that the next life of the MDS can be told again what the last one did not yet write down.
 */
export class Change {
  /** Unique and rising within the client's instance. */
  readonly tid: number;
  readonly name: RequestName;
  /** Of the MDS that was asked. */
  readonly rank: number;
  /** Position of its journal entry in the MDS's present life: Infinity until an answer names it. */
  journalSeq = Infinity;
  /** Position when it was first answered, 0 before, and in which of the MDS's lives that was: the order in which such changes took effect. */
  firstSeq = 0;
  firstLife = 0;
  /** Where the name that it made is in listings, as it was answered first; 0: it makes none. There it is to be again when it is sent again. */
  offset = 0;
  /** Why it is in no journal and never will be: refused when it was sent again after it had been acknowledged, or the session is over. */
  lost: Error | undefined;
  /** Makes the message to send; undefined once it is safe: inodes remember their last change for long, and the request would stay with it. */
  #encode: ((sending: Sending) => object) | undefined;
  #waiters: (() => void)[] | undefined;

  constructor(tid: number, name: RequestName, encode: (sending: Sending) => object, rank = 0) {
    this.tid = tid;
    this.name = name;
    this.rank = rank;
    this.#encode = encode;
  }

  /** In the journal on disk, or known to have changed nothing. */
  get safe(): boolean {
    return this.#encode === undefined;
  }

  get answered(): boolean {
    return this.safe || this.journalSeq !== Infinity;
  }

  /** It is in the journal, or need not be. */
  get durable(): boolean {
    return this.safe && this.lost === undefined;
  }

  /** The message to send, while it is not safe. */
  encode(sending: Sending): object {
    assert(this.#encode !== undefined, 'a change that is safe was sent again');
    return this.#encode(sending);
  }

  /** It is safe, or {@link lost}. */
  settle(): void {
    this.#encode = undefined;
    this.notify();
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

/** For changes that were answered. By life first: each counts on from what it has found in the journal, so that it may use positions of the one before for others. */
export function inOrderOfEffect(a: Change, b: Change): number {
  return a.firstLife - b.firstLife || a.firstSeq - b.firstSeq || a.tid - b.tid;
}
