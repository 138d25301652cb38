/**
 * What has been asked in one client's session with a rank and not been answered: sent in the order in which it was asked, and again, in an order that
 * the next life of the MDS can build on, when the session is open anew.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { ReplyHead } from '../../common/wire/gen/messages.ts';
import type { RequestName, Session } from '../../common/wire/session.ts';
import type { Change, Sending } from './change.ts';
import { isConnectionLoss, isSessionOver, requestTimeoutMs, retryDelayMs } from './session-failures.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { UnsafeChanges } from './unsafe-changes.ts';

/** Changes ahead that go together, and how long the first of them waits for company. */
const gatheredMax = 32;
const gatherMs = 1;

export type HeadedReply = { readonly head: ReplyHead | null };

export interface Pending {
  readonly name: RequestName;
  /** Of the envelope, made again for every sending. */
  readonly encode: (sending: Sending) => object;
  readonly change: Change | undefined;
  /** Sent twice in two sessions it might be done twice: only one session knows what it has done. */
  readonly once: boolean;
  /** Applies the reply in order of arrival. */
  readonly apply: (reply: unknown) => void;
  readonly reject: (error: FsError) => void;
  /** Goes out even while older changes are being sent again: others wait for it. */
  readonly urgent: boolean;
  /** The inode whose caps it is about: of these none overtakes another. */
  readonly capsOf: number | undefined;
  /** Nobody waits for it: it may wait for company. */
  readonly ahead: boolean;
  /** Where it was sent last. */
  session: Session | undefined;
}

export class PendingRequests {
  readonly #env: Env;
  readonly #keeper: SessionKeeper;
  readonly #changes: UnsafeChanges;
  /** Not answered yet, in the order they were asked. */
  readonly #pending = new Set<Pending>();
  /** While changes are sent again: inodes of which something is told behind them. */
  readonly #toldLater = new Set<number>();
  /** Those of the pending that wait for company, in their order. */
  #gathered: Pending[] = [];
  #gathering: Timer | undefined;

  /** `changes`: those that the MDS may have to be told again, answered or not. */
  constructor(env: Env, keeper: SessionKeeper, changes: UnsafeChanges) {
    this.#env = env;
    this.#keeper = keeper;
    this.#changes = changes;
  }

  /** How many there are. */
  get count(): number {
    return this.#pending.size;
  }

  /** Whether, of what is being sent again now, something tells of the inode behind it. */
  tellsLater(ino: number): boolean {
    return this.#toldLater.has(ino);
  }

  /** Takes in what is asked, and sends it when there is a session: what was to go before goes before. */
  add(pending: Pending): void {
    const { change, urgent, ahead } = pending;
    if (change !== undefined) this.#changes.add(change);
    this.#pending.add(pending);
    const { state } = this.#keeper;
    if (state.kind !== 'open' || (state.replaying && !urgent)) return;
    if (!ahead) {
      this.hurry();
      if (state.replaying) this.#sendEarlier(state.session, pending);
      this.#send(state.session, pending, 'first');
      return;
    }
    this.#gathered.push(pending);
    if (this.#gathered.length >= gatheredMax) this.hurry();
    else this.#gathering ??= this.#env.clock.setTimer(gatherMs, () => this.hurry());
  }

  /** What waits for company is sent now: somebody waits for its answers. */
  hurry(): void {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    if (this.#gathered.length === 0) return;
    const gathered = this.#gathered;
    this.#gathered = [];
    const { state } = this.#keeper;
    // Else they go when the session is open again, with all that is pending.
    if (state.kind !== 'open' || state.replaying) return;
    for (const pending of gathered)
      if (pending.session === undefined && this.#pending.has(pending)) this.#send(state.session, pending, 'first');
  }

  /** What was to be told of an inode goes before it is given back. It is not what gives it back: that tells of locks too. */
  #sendEarlier(session: Session, pending: Pending): void {
    for (const earlier of this.#pending)
      if (earlier !== pending && earlier.capsOf === pending.capsOf && earlier.session !== session)
        this.#send(session, earlier, 'before-answer');
  }

  #send(session: Session, pending: Pending, sending: Exclude<Sending, 'replay'>): void {
    pending.session = session;
    session.request(pending.name, pending.encode(sending) as never, { timeoutMs: requestTimeoutMs }).then(
      (reply) => {
        // On a connection that is over it counts as never come: what has been told of what we hold did not include it.
        if (this.#keeper.isOpenOn(session) && this.#pending.delete(pending)) pending.apply(reply.message);
      },
      (error: unknown) => this.#onFailure(session, pending, toFsError(error)),
    );
  }

  #onFailure(session: Session, pending: Pending, error: FsError): void {
    if (!this.#pending.has(pending)) return;
    if (isConnectionLoss(error)) {
      this.#keeper.drop(session, error.message);
      return;
    }
    if (error.code === 'EAGAIN' && error.retry === 'safe') {
      this.#env.clock.setTimer(retryDelayMs, () => {
        const { state } = this.#keeper;
        // On a newer one it has been sent with all the others.
        if (this.#pending.has(pending) && state.kind === 'open' && state.session === session) this.#send(session, pending, 'later');
      });
      return;
    }
    this.#pending.delete(pending);
    if (pending.change !== undefined) this.#changes.forget(pending.change);
    pending.reject(error);
  }

  /**
   * First what was answered before and is not safe, in the order in which it took effect; when that is done, the rest:
   * what was never answered waited for others then, and nothing builds on it.
   */
  sendAgain(session: Session): void {
    const replayed = this.#changes.acknowledged();
    for (const { capsOf } of this.#pending) if (capsOf !== undefined) this.#toldLater.add(capsOf);
    // What has not been answered goes behind these.
    for (const change of replayed) this.#replay(session, change);
    this.#toldLater.clear();
    if (replayed.length === 0) this.#goOn(session);
    else this.#env.spawn('send changes again', () => this.#afterReplays(session, replayed));
  }

  async #afterReplays(session: Session, replayed: readonly Change[]): Promise<void> {
    for (const change of replayed) while (!change.answered && this.#keeper.isOpenOn(session)) await change.progress();
    if (this.#keeper.isOpenOn(session)) this.#goOn(session);
  }

  #goOn(session: Session): void {
    this.#keeper.goOn(session);
    const last = new Map<number, Pending>();
    for (const pending of this.#pending) if (pending.capsOf !== undefined) last.set(pending.capsOf, pending);
    for (const pending of this.#pending) {
      if (pending.session === session) continue;
      const isFollowed = pending.capsOf !== undefined && last.get(pending.capsOf) !== pending;
      this.#send(session, pending, isFollowed ? 'before-answer' : 'later');
    }
  }

  /** A change that was answered before, sent again for the journal's sake. */
  #replay(session: Session, change: Change): void {
    change.journalSeq = Infinity;
    session.request(change.name, change.encode('replay') as never, { timeoutMs: requestTimeoutMs }).then(
      (reply) => {
        if (!this.#keeper.isOpenOn(session)) return;
        const message = reply.message as HeadedReply & { readonly journalSeq?: number };
        this.#changes.answered(change, message.journalSeq ?? message.head?.journalSeq ?? 0);
      },
      (error: unknown) => {
        const failure = toFsError(error);
        if (isSessionOver(failure)) {
          this.#keeper.drop(session, failure.message);
          return;
        }
        // Attributes of a file that has been deleted since need not be anywhere; one that another rank holds now was given to it with them.
        if (change.name === 'capUpdate' && (failure.code === 'ESTALE' || failure.code === 'EREMOTE')) {
          this.#changes.forget(change);
          return;
        }
        this.#env.log.error(
          { request: change.name, tid: change.tid, err: failure },
          'an acknowledged change was refused when it was sent again',
        );
        change.lost = failure;
        this.#changes.forget(change);
      },
    );
  }

  /** The session is over: nothing is answered any more. */
  failAll(): void {
    const { state } = this.#keeper;
    if (state.kind !== 'over') return;
    const { error } = state;
    const inDoubt = new FsError(error.code, `${error.message}; whether this was done is not known`, {
      retry: 'maybe-applied',
      cause: error,
    });
    for (const pending of [...this.#pending]) pending.reject(pending.once && pending.session !== undefined ? inDoubt : error);
    this.#pending.clear();
    this.#changes.loseAll(error);
  }
}
