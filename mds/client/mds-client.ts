/**
 * A client's session with one rank: what can be asked of it, and what it pushes. Every request is answered in the end, whatever becomes of
 * connections and lives of the MDS (session-keeper.ts, pending-requests.ts). Requests that change something stay in memory until the MDS says
 * that they are in its journal, and are sent again, in order, to its next life.
 *
 * Replies are applied in the order in which they arrive, before anything that the MDS pushed after them.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Ino } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type {
  CapUpdateReply,
  CapUpdateRequest,
  FileLock,
  HeldCaps,
  Init,
  InodeGrant,
  RequestHead,
  Requests,
  SessionOpenReply,
} from '../../common/wire/gen/messages.ts';
import type { Messenger, RequestName, Session } from '../../common/wire/session.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { Caller } from './access.ts';
import { everyCap } from './caps.ts';
import { Change, type Sending } from './change.ts';
import { InoSupply } from './ino-supply.ts';
import { PendingRequests, type HeadedReply, type Pending } from './pending-requests.ts';
import { isSessionOver, requestTimeoutMs } from './session-failures.ts';
import { SessionKeeper, type SessionState } from './session-keeper.ts';
import { UnsafeChanges } from './unsafe-changes.ts';

const noGroups: readonly number[] = [];
/** Between two looks whether all is answered that was asked of a rank that stops. */
const retireLookMs = 20;
/** What the session's owner, the holder of the caps, is told and asked. */
export interface MdsClientHandlers {
  onRecall(ino: Ino, keep: number, seq: number): void;
  onGrant(grant: InodeGrant): void;
  onTrim(capsMax: number): void;
  /** Rank 0 decides about all that this rank has decided about. */
  onResigned(): void;
  /** For a reconnect: everything it holds. The numbers of caps go on from what is told. */
  heldCaps(): Init<HeldCaps>[];
  /** For a reconnect: the file locks that it may be said to hold. */
  heldLocks(): Init<FileLock>[];
  /** A wait for a file lock is over. */
  onLockGranted(wait: number): void;
  /** What it holds of one inode now. */
  capsOf(ino: Ino): { readonly caps: number; readonly wanted: number; readonly seq: number };
  /** The session is open again: wishes for caps that were not granted must be sent again. */
  onReconnected(): void;
  /** The lease has run out without being renewed: nothing held may be trusted until {@link MdsClient.leased} again. */
  onLeaseEnded(): void;
  /**
   * Evicted: caps and dirty data are void, this instance is blocklisted. Called once; every request fails with ESHUTDOWN: `safe` when
   * nothing has come of it, `maybe-applied` when it was to change something and had been sent.
   */
  onEvicted(): void;
}

export interface MdsClientOptions {
  readonly rank: number;
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  /** Asked for when first needed: the owner may come into being after the client. */
  readonly handlers: () => MdsClientHandlers;
  /** Nothing is with this rank any more. Called again and again until {@link MdsClient.retire}. */
  readonly onResigned: () => void;
}

/** The requests that carry a {@link RequestHead}. */
export type HeadedRequest = {
  [K in RequestName]: Requests[K]['request'] extends { readonly head: RequestHead | null } ? K : never;
}[RequestName];

/** What becomes of a change that nobody waits for: each is called in the order of the answers. */
export interface Ahead<K extends HeadedRequest> {
  /** Of the call, for mtime and ctime. */
  readonly time: Timespec;
  readonly answered: (reply: Requests[K]['reply'], change: Change) => void;
  /** It has not been made and never will be. */
  readonly refused: (error: FsError) => void;
}

export class MdsClient {
  readonly rank: number;
  readonly #env: Env;
  readonly #messenger: Messenger;
  readonly #owner: () => MdsClientHandlers;
  readonly #onResigned: () => void;
  readonly #keeper: SessionKeeper;
  readonly #changes = new UnsafeChanges();
  readonly #requests: PendingRequests;
  #barrierEpoch = 0;
  readonly #inos: InoSupply;
  #rootIno = 0;

  constructor(env: Env, options: MdsClientOptions) {
    this.#env = env;
    this.#messenger = options.messenger;
    this.#owner = options.handlers;
    this.#onResigned = options.onResigned;
    this.rank = options.rank;
    this.#keeper = new SessionKeeper(env, {
      rank: options.rank,
      messenger: options.messenger,
      monClient: options.monClient,
      owner: {
        reconnecting: () => ({
          held: this.#handlers.heldCaps(),
          replays: this.#changes.acknowledged().length,
          locks: this.#handlers.heldLocks(),
        }),
        oldestTid: () => this.#changes.oldestTid,
        onOpen: (session, reply, reconnect) => this.#onOpen(session, reply, reconnect),
        onInterrupted: () => this.#changes.lookUp(),
        onLeaseEnded: () => this.#handlers.onLeaseEnded(),
        onEvicted: () => {
          this.#requests.failAll();
          this.#handlers.onEvicted();
        },
      },
    });
    this.#requests = new PendingRequests(env, this.#keeper, this.#changes);
    this.#inos = new InoSupply(env, this.#keeper);
  }

  get #handlers(): MdsClientHandlers {
    return this.#owner();
  }

  /** Inode number of the session's root; 0 before the first open. */
  get rootIno(): number {
    return this.#rootIno;
  }

  /** The instance of the MDS that it spoke with last; 0: none. */
  get life(): number {
    return this.#changes.life;
  }

  /** Whether what is cached under caps may be used now: the MDS cannot have evicted us yet. */
  get leased(): boolean {
    return this.#keeper.leased;
  }

  /** Data is read and written with a map of this epoch or a newer one only: older ones do not know who was evicted. */
  get barrierEpoch(): number {
    return this.#barrierEpoch;
  }

  /** Evicted or stopped: it answers nothing any more. */
  get over(): boolean {
    return this.endedBy !== undefined;
  }

  /** What every request fails with, when it is over. */
  get endedBy(): FsError | undefined {
    const { state } = this.#keeper;
    return state.kind === 'over' ? state.error : undefined;
  }

  /** Opens the session. Rejects with ETIMEDOUT when no MDS serves within `timeoutMs`. */
  async start(options: { readonly timeoutMs: number }): Promise<void> {
    this.begin();
    await this.#keeper.opened(options.timeoutMs);
  }

  /** Begins to open the session: until it is open requests wait. */
  begin(): void {
    const keeper = this.#keeper;
    this.#messenger.onPush('capRecall', (session, message) =>
      keeper.deliver(session, () => this.#handlers.onRecall(message.ino as Ino, message.keep, message.seq)),
    );
    this.#messenger.onPush('capGrant', (session, { barrierEpoch, grant }) => {
      this.#barrier(barrierEpoch);
      if (grant !== null) keeper.deliver(session, () => this.#handlers.onGrant(grant));
    });
    this.#messenger.onPush('lockGranted', (session, { wait, barrierEpoch }) => {
      this.#barrier(barrierEpoch);
      keeper.deliver(session, () => this.#handlers.onLockGranted(wait));
    });
    this.#messenger.onPush('sessionTrim', (session, { capsMax, resigned }) =>
      keeper.deliver(session, () => {
        if (resigned) this.#onResigned();
        else this.#handlers.onTrim(capsMax);
      }),
    );
    this.#messenger.onPush('journalSafe', (session, message) => {
      if (keeper.isOpenOn(session)) this.#changes.safeUpTo(message.seq);
    });
    keeper.start();
  }

  /** Closes the session, so that the MDS need not wait for its lease. Whoever calls it has written back everything. */
  async stop(): Promise<void> {
    if (this.#keeper.state.kind === 'open') {
      await this.flushAll().catch((error: unknown) =>
        this.#env.log.warn({ err: error }, 'changes not confirmed before the session closed'),
      );
    }
    await this.#keeper.close();
    this.#requests.failAll();
  }

  /** Closes the session with a rank that has nothing left, when all that was asked of it is answered. */
  async retire(): Promise<void> {
    while (!this.over && (this.#requests.count > 0 || this.#changes.count > 0)) {
      await this.flushAll().catch((error: unknown) => this.#env.log.debug({ err: toFsError(error) }, 'not confirmed by a rank that stops'));
      if (this.#requests.count > 0) await new Promise<void>((resolve) => this.#env.clock.setTimer(retireLookMs, resolve));
    }
    await this.#keeper.retire();
    this.#requests.failAll();
  }

  /** It is over, as `error` says, which was heard elsewhere. Nothing when it has been before. */
  end(error: FsError): void {
    this.#keeper.end(error);
    this.#requests.failAll();
  }

  /** Resolves while or once the session is open; rejects when it is over. */
  ready(): Promise<void> {
    return this.#keeper.ready();
  }

  /** Resolves while or once the session is open and its lease not over; rejects when the session is over. */
  async leaseValid(): Promise<void> {
    await this.#keeper.ready();
    while (!this.#keeper.leased) {
      await this.#keeper.change();
      await this.#keeper.ready();
    }
  }

  /**
   * Sends a request that changes nothing and resolves with what `apply` makes of the reply. It waits out
   * connections and MDS restarts. Rejects with the MDS's FsError.
   */
  query<K extends HeadedRequest, T>(
    name: K,
    caller: Caller,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    apply: (reply: Requests[K]['reply']) => T,
  ): Promise<T> {
    const who = asNow(caller);
    const encode = (): object => ({ ...(message as object), head: this.#head(0, who, false) });
    return this.#ask(name, encode, { change: undefined, once: false }, (reply) => {
      this.#barrier((reply as HeadedReply).head?.barrierEpoch);
      return apply(reply as Requests[K]['reply']);
    });
  }

  /** Sends a request that changes something; `apply` also gets the {@link Change}, for {@link flush}. */
  change<K extends HeadedRequest, T>(
    name: K,
    caller: Caller,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    apply: (reply: Requests[K]['reply'], change: Change) => T,
  ): Promise<T> {
    return this.beginChange(name, caller, message, apply).done;
  }

  /** {@link change} for who does not wait for its answer, but must know what to {@link flush}. */
  beginChange<K extends HeadedRequest, T>(
    name: K,
    caller: Caller,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    apply: (reply: Requests[K]['reply'], change: Change) => T,
  ): { readonly change: Change; readonly done: Promise<T> } {
    const { change, encode, take } = this.#begin(name, caller, message, this.#env.clock.nowTimespec(), false, apply);
    return { change, done: this.#ask(name, encode, { change, once: true }, take) };
  }

  /**
   * Tells of a change that the client knows to be allowed, and has made for itself: nobody waits for the answer, and what is sent later may
   * build on it. It leaves within a millisecond, or with what is sent next.
   */
  tell<K extends HeadedRequest>(name: K, caller: Caller, message: Init<Omit<Requests[K]['request'], 'head'>>, ahead: Ahead<K>): Change {
    const { change, encode, take } = this.#begin(name, caller, message, ahead.time, true, ahead.answered);
    this.#requests.add({
      name,
      encode,
      change,
      once: true,
      apply: take,
      reject: ahead.refused,
      urgent: false,
      capsOf: undefined,
      ahead: true,
      session: undefined,
    });
    return change;
  }

  /** What waits for company is sent now: somebody waits for its answers. */
  hurry(): void {
    this.#requests.hurry();
  }

  /**
   * Answers a recall (`urgent`), sends dirty attributes, or asks for caps. `apply` runs in order with the other replies.
   */
  updateCaps<T>(
    message: Init<Omit<CapUpdateRequest, 'tid' | 'replay' | 'oldestTid'>>,
    apply: (reply: CapUpdateReply, change: Change) => T,
    urgent = false,
  ): { readonly change: Change; readonly done: Promise<T> } {
    const tid = this.#changes.takeTid();
    const encode = (sending: Sending): object => {
      // Sent later, it must not bring back caps that have changed since, or numbers from before: only its dirty attributes count.
      const now = sending === 'first' ? undefined : this.#handlers.capsOf(message.ino as Ino);
      // Nor does it give back what another does that goes behind it, with what else is to be told before.
      const isFollowed = sending === 'before-answer' || (sending === 'replay' && this.#requests.tellsLater(message.ino ?? 0));
      const caps = now !== undefined && isFollowed ? { ...now, caps: everyCap, seq: 0 } : now;
      const wanted = (message.wanted ?? 0) | (caps?.wanted ?? 0);
      // One that was answered has ended its turn to append: it must not end the next.
      const appended = message.appended === true && sending !== 'replay';
      // Locks were told when the session was opened again.
      const lockStates = sending === 'first' ? message.lockStates : [];
      return { ...message, ...caps, wanted, appended, lockStates, tid, replay: sending === 'replay', oldestTid: this.#changes.oldestTid };
    };
    const change = new Change(tid, 'capUpdate', encode, this.rank);
    const take = (reply: unknown): T => {
      const { barrierEpoch, journalSeq } = reply as CapUpdateReply;
      this.#barrier(barrierEpoch);
      this.#changes.answered(change, journalSeq);
      return apply(reply as CapUpdateReply, change);
    };
    // Wishes and answers to recalls mean nothing to another session.
    const once = (message.dirty ?? null) !== null || message.appended === true;
    const done = this.#ask('capUpdate', encode, { change, once }, take, { urgent, capsOf: message.ino });
    return { change, done };
  }

  /**
   * Gives back clean inodes; `done` runs when the MDS has them. Lost with the connection, which is harmless: a reconnect names what is held.
   * Resolves when it is one or the other. It goes behind all that there is to tell of them: on a new connection that has to wait until changes have been
   * sent again.
   */
  async releaseCaps(released: readonly Init<HeldCaps>[], done: () => void): Promise<void> {
    const { state } = this.#keeper;
    if (state.kind !== 'open') return;
    for (let now: SessionState = state; now.kind === 'open' && now.replaying; now = this.#keeper.state) await this.#keeper.change();
    if (!this.#keeper.isOpenOn(state.session)) return;
    await state.session
      .request('capRelease', { released }, { timeoutMs: requestTimeoutMs })
      .then(done, (error: unknown) => this.#env.log.debug({ err: error }, 'release of caps not answered'));
  }

  /** Resolves when `change` is in the journal. FsError EIO when the MDS refused it after a restart, or the session was over before. */
  async flush(change: Change): Promise<void> {
    while (!change.safe) {
      const { state } = this.#keeper;
      if (state.kind === 'over') throw state.error;
      this.#requests.hurry();
      if (!change.answered || state.kind !== 'open') {
        await (change.answered ? this.#keeper.change() : change.progress());
        continue;
      }
      const { session } = state;
      try {
        const reply = await session.request('journalFlush', { seq: change.journalSeq }, { timeoutMs: requestTimeoutMs });
        if (this.#keeper.isOpenOn(session)) this.#changes.safeUpTo(reply.message.seq);
      } catch (error) {
        if (!isSessionOver(toFsError(error))) throw error;
        this.#keeper.drop(session, 'journal flush not answered');
      }
    }
    if (change.lost !== undefined)
      throw new FsError('EIO', `an acknowledged change is lost: ${change.lost.message}`, { cause: change.lost });
  }

  /** Resolves when every change so far is in the journal. */
  async flushAll(): Promise<void> {
    for (const change of this.#changes.all()) await this.flush(change);
  }

  /** The next free inode number, at once while the session has some. */
  takeIno(): Ino | Promise<Ino> {
    return this.#inos.take();
  }

  /** The next free inode number; undefined when more have to be asked for, which begins now. */
  nextIno(): Ino | undefined {
    return this.#inos.next();
  }

  #begin<K extends HeadedRequest, T>(
    name: K,
    caller: Caller,
    message: Init<Omit<Requests[K]['request'], 'head'>>,
    time: Timespec,
    ahead: boolean,
    apply: (reply: Requests[K]['reply'], change: Change) => T,
  ): { readonly change: Change; readonly encode: (sending: Sending) => object; readonly take: (reply: unknown) => T } {
    const tid = this.#changes.takeTid();
    const who = asNow(caller);
    const encode = (sending: Sending): object => ({
      ...(message as object),
      ...(sending === 'replay' && change.offset > 0 ? { offset: change.offset } : {}),
      head: { ...this.#head(tid, who, sending === 'replay'), time, ahead },
    });
    const change = new Change(tid, name, encode, this.rank);
    const take = (reply: unknown): T => {
      const { head, offset = 0 } = reply as HeadedReply & { readonly offset?: number };
      this.#barrier(head?.barrierEpoch);
      change.offset = offset;
      this.#changes.answered(change, head?.journalSeq ?? 0);
      return apply(reply as Requests[K]['reply'], change);
    };
    return { change, encode, take };
  }

  #head(tid: number, caller: Caller, replay: boolean): Init<RequestHead> {
    return { tid, uid: caller.uid, gid: caller.gid, groups: caller.groups, replay, oldestTid: this.#changes.oldestTid };
  }

  #ask<T>(
    name: RequestName,
    encode: (sending: Sending) => object,
    { change, once }: Pick<Pending, 'change' | 'once'>,
    apply: (reply: unknown) => T,
    { urgent, capsOf }: Pick<Pending, 'urgent' | 'capsOf'> = { urgent: false, capsOf: undefined },
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { state } = this.#keeper;
      if (state.kind === 'over') {
        reject(state.error);
        return;
      }
      this.#requests.add({
        name,
        encode,
        change,
        once,
        apply: (reply) => {
          try {
            resolve(apply(reply));
          } catch (error) {
            reject(error);
          }
        },
        reject,
        urgent,
        capsOf,
        ahead: false,
        session: undefined,
      });
    });
  }

  #barrier(epoch: number | undefined): void {
    if (epoch !== undefined && epoch > this.#barrierEpoch) this.#barrierEpoch = epoch;
  }

  #onOpen(session: Session, reply: SessionOpenReply, reconnect: boolean): void {
    this.#rootIno = reply.rootIno;
    this.#changes.metLife(session.peer.instance);
    if (!reconnect) this.#inos.add(reply.ranges);
    this.#env.log.info({ mds: session.peer.entity, reconnect, unsafe: this.#changes.count, waiting: this.#requests.count }, 'session open');
    this.#requests.sendAgain(session);
    if (reconnect) this.#handlers.onReconnected();
  }
}

/** The caller as it is now: it may be gone when the request is sent again. Root's groups change nothing and may be costly to find. */
function asNow(caller: Caller): Caller {
  const { uid, gid } = caller;
  return { uid, gid, groups: uid === 0 ? noGroups : caller.groups };
}
