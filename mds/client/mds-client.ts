/**
 * A client's session with the MDS: opened, renewed, reconnected after a broken connection or an MDS restart,
 * with every request answered in the end. Requests that change something stay in memory until the MDS says
 * that they are in its journal, and are sent again, in order, to its next life.
 *
 * Replies are applied in the order in which they arrive, before anything that the MDS pushed after them.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { MdsInfo } from '../../common/maps/cluster-map.ts';
import type { Ino } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type {
  CapUpdateReply,
  CapUpdateRequest,
  HeldCaps,
  Init,
  InodeGrant,
  ReplyHead,
  RequestHead,
  Requests,
} from '../../common/wire/gen/messages.ts';
import type { Messenger, PeerLink, RequestName, Session } from '../../common/wire/session.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import { Change, type Sending } from './change.ts';
import { InoRanges } from './ino-ranges.ts';

/** A request may wait for other clients to give back caps, which eviction bounds; the session's renewal finds dead peers. */
const requestTimeoutMs = 600_000;
const openTimeoutMs = 5_000;
const retryDelayMs = 50;
const retryDelayMaxMs = 500;
const inoBatch = 4096;
const inoLowWater = 1024;
/** In the message of an ESTALE that means: this connection has no session. */
const noSession = 'no session';

export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What the session's owner, the holder of the caps, is told and asked. */
export interface MdsClientHandlers {
  onRecall(ino: Ino, keep: number, seq: number): void;
  onGrant(grant: InodeGrant): void;
  onTrim(capsMax: number): void;
  /** For a reconnect: everything it holds. */
  heldCaps(): Init<HeldCaps>[];
  /** What it holds of one inode now. */
  capsOf(ino: Ino): { readonly caps: number; readonly wanted: number; readonly seq: number };
  /** The session is open again: wishes for caps that were not granted must be sent again. */
  onReconnected(): void;
  /** The lease has run out without being renewed: nothing held may be trusted until {@link MdsClient.leased} again. */
  onLeaseEnded(): void;
  /** Evicted: caps and dirty data are void, this instance is blocklisted. Called once; every request fails with ESHUTDOWN. */
  onEvicted(): void;
}

export interface MdsClientOptions {
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  /** Asked for when first needed: the owner may come into being after the client. */
  readonly handlers: () => MdsClientHandlers;
}

/** The requests that carry a {@link RequestHead}. */
export type HeadedRequest = {
  [K in RequestName]: Requests[K]['request'] extends { readonly head: RequestHead | null } ? K : never;
}[RequestName];
type HeadedReply = { readonly head: ReplyHead | null };

interface Pending {
  readonly name: RequestName;
  /** Of the envelope, made again for every sending. */
  readonly encode: (sending: Sending) => object;
  readonly change: Change | undefined;
  /** Applies the reply in order of arrival. */
  readonly apply: (reply: unknown) => void;
  readonly reject: (error: FsError) => void;
  /** Goes out even while older changes are being sent again: others wait for it. */
  readonly urgent: boolean;
  /** Where it was sent last. */
  session: Session | undefined;
}

type State =
  /** No session: requests queue. */
  | { readonly kind: 'connecting' }
  /** Requests go out on `session`; while `replaying`, only what others wait for: the rest builds on what is sent again. */
  | { readonly kind: 'open'; readonly session: Session; readonly replaying: boolean }
  /** Evicted or stopped: requests fail. */
  | { readonly kind: 'over'; readonly error: FsError };

export class MdsClient {
  readonly #env: Env;
  readonly #messenger: Messenger;
  readonly #mon: MonClient;
  readonly #owner: () => MdsClientHandlers;
  #state: State = { kind: 'connecting' };
  #link: PeerLink | undefined;
  #target: MdsInfo | undefined;
  #opening = false;
  #everOpened = false;
  #retry: Timer | undefined;
  #retryMs = retryDelayMs;
  #renewal: Timer | undefined;
  #leaseTimer: Timer | undefined;
  #renewSeq = 0;
  #leaseEndsMs = -Infinity;
  #leaseMs = 60_000;
  #nextTid = 1;
  /** Not answered yet, in the order they were asked. */
  readonly #pending = new Set<Pending>();
  /** Not safe yet, by tid. */
  readonly #changes = new Map<number, Change>();
  #safeSeq = 0;
  #barrierEpoch = 0;
  readonly #inos = new InoRanges();
  #allocating: Promise<void> | undefined;
  #rootIno = 0;
  #stateWaiters: (() => void)[] = [];
  #pushes: { readonly session: Session; readonly act: () => void }[] = [];
  #unsubscribe: (() => void) | undefined;

  constructor(env: Env, options: MdsClientOptions) {
    this.#env = env;
    this.#messenger = options.messenger;
    this.#mon = options.monClient;
    this.#owner = options.handlers;
  }

  get #handlers(): MdsClientHandlers {
    return this.#owner();
  }

  /** Inode number of the session's root; 0 before the first open. */
  get rootIno(): number {
    return this.#rootIno;
  }

  /** Whether what is cached under caps may be used now: the MDS cannot have evicted us yet. */
  get leased(): boolean {
    return this.#env.clock.monotonicMs() < this.#leaseEndsMs;
  }

  /** Data is read and written with a map of this epoch or a newer one only: older ones do not know who was evicted. */
  get barrierEpoch(): number {
    return this.#barrierEpoch;
  }

  /** Changes that are not in the journal yet. */
  get unsafeCount(): number {
    return this.#changes.size;
  }

  /** Opens the session. Rejects with ETIMEDOUT when no MDS serves within `timeoutMs`. */
  async start(options: { readonly timeoutMs: number }): Promise<void> {
    this.#messenger.onPush('capRecall', (session, message) =>
      this.#push(session, () => this.#handlers.onRecall(message.ino as Ino, message.keep, message.seq)),
    );
    this.#messenger.onPush('capGrant', (session, message) => {
      this.#barrier(message.barrierEpoch);
      const grant = message.grant;
      if (grant !== null) this.#push(session, () => this.#handlers.onGrant(grant));
    });
    this.#messenger.onPush('sessionTrim', (session, message) => this.#push(session, () => this.#handlers.onTrim(message.capsMax)));
    this.#messenger.onPush('journalSafe', (_session, message) => this.#onSafe(message.seq));
    this.#messenger.onSessionClosed((session, reason) => this.#onSessionClosed(session, reason));
    this.#unsubscribe = this.#mon.onMap(() => this.#connect());
    this.#connect();
    const deadline = this.#env.clock.setTimer(options.timeoutMs, () => this.#wakeStateWaiters());
    const endsMs = this.#env.clock.monotonicMs() + options.timeoutMs;
    while (this.#state.kind === 'connecting' && this.#env.clock.monotonicMs() < endsMs) await this.#stateChange();
    deadline.cancel();
    if (this.#state.kind === 'over') throw this.#state.error;
    if (this.#state.kind === 'connecting') {
      throw new FsError(
        'ETIMEDOUT',
        `no MDS took the session within ${options.timeoutMs} ms: see whether one is active with 'nacre status'`,
        { retry: 'safe' },
      );
    }
  }

  /** Closes the session, so that the MDS need not wait for its lease. Whoever calls it has written back everything. */
  async stop(): Promise<void> {
    if (this.#state.kind === 'open') {
      const { session } = this.#state;
      await this.flushAll().catch((error: unknown) =>
        this.#env.log.warn({ err: error }, 'changes not confirmed before the session closed'),
      );
      await session
        .request('sessionClose', {}, { timeoutMs: openTimeoutMs })
        .catch((error: unknown) => this.#env.log.debug({ err: error }, 'session not closed in order'));
    }
    this.#end(new FsError('ESHUTDOWN', 'the client has stopped'));
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
    const encode = (): object => ({ ...(message as object), head: this.#head(0, caller, false) });
    return this.#ask(name, encode, undefined, (reply) => {
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
    const tid = this.#nextTid++;
    const time = this.#env.clock.nowTimespec();
    const encode = (sending: Sending): object => ({
      ...(message as object),
      head: { ...this.#head(tid, caller, sending === 'replay'), time },
    });
    const change = new Change(tid, name, encode);
    return this.#ask(name, encode, change, (reply) => {
      const { head } = reply as HeadedReply;
      this.#barrier(head?.barrierEpoch);
      this.#answered(change, head?.journalSeq ?? 0);
      return apply(reply as Requests[K]['reply'], change);
    });
  }

  /**
   * Answers a recall (`urgent`), sends dirty attributes, or asks for caps. `apply` runs in order with the other replies.
   */
  updateCaps<T>(
    message: Init<Omit<CapUpdateRequest, 'tid' | 'replay'>>,
    apply: (reply: CapUpdateReply, change: Change) => T,
    urgent = false,
  ): { readonly change: Change; readonly done: Promise<T> } {
    const tid = this.#nextTid++;
    const encode = (sending: Sending): object => {
      // Sent again, it must not bring back caps that have changed since: only its dirty attributes count.
      const caps = sending === 'first' ? undefined : this.#handlers.capsOf(message.ino as Ino);
      return { ...message, ...caps, wanted: (message.wanted ?? 0) | (caps?.wanted ?? 0), tid, replay: sending === 'replay' };
    };
    const change = new Change(tid, 'capUpdate', encode);
    const take = (reply: unknown): T => {
      const { barrierEpoch, journalSeq } = reply as CapUpdateReply;
      this.#barrier(barrierEpoch);
      this.#answered(change, journalSeq);
      return apply(reply as CapUpdateReply, change);
    };
    const done = this.#ask('capUpdate', encode, change, take, urgent);
    return { change, done };
  }

  /** Gives back clean inodes; `done` runs when the MDS has them. Lost with the connection, which is harmless: a reconnect names what is held. */
  releaseCaps(released: readonly Init<HeldCaps>[], done: () => void): void {
    if (this.#state.kind !== 'open') return;
    this.#state.session
      .request('capRelease', { released }, { timeoutMs: requestTimeoutMs })
      .then(done, (error: unknown) => this.#env.log.debug({ err: error }, 'release of caps not answered'));
  }

  /** Resolves when `change` is in the journal. Rejects when the MDS refused it after a restart, or the session is over. */
  async flush(change: Change): Promise<void> {
    while (!change.safe) {
      if (this.#state.kind === 'over') throw this.#state.error;
      if (!change.answered || this.#state.kind !== 'open') {
        await (change.answered ? this.#stateChange() : change.progress());
        continue;
      }
      const { session } = this.#state;
      try {
        const reply = await session.request('journalFlush', { seq: change.journalSeq }, { timeoutMs: requestTimeoutMs });
        this.#onSafe(reply.message.seq);
      } catch (error) {
        if (!isConnectionLoss(toFsError(error))) throw error;
        this.#drop(session, 'journal flush not answered');
      }
    }
    if (change.lost !== undefined)
      throw new FsError('EIO', 'an acknowledged change was refused by the MDS after its restart', { cause: change.lost });
  }

  /** The next free inode number, at once while the session has some. */
  takeIno(): Ino | Promise<Ino> {
    if (this.#inos.remaining < inoLowWater) void this.#allocate();
    return this.#inos.take() ?? this.#waitForIno();
  }

  async #waitForIno(): Promise<Ino> {
    for (;;) {
      const taken = this.#inos.take();
      if (taken !== undefined) return taken;
      if (this.#state.kind === 'over') throw this.#state.error;
      if (this.#state.kind !== 'open') await this.#stateChange();
      else await this.#allocate();
    }
  }

  #allocate(): Promise<void> {
    if (this.#allocating !== undefined) return this.#allocating;
    if (this.#state.kind !== 'open') return Promise.resolve();
    const { session } = this.#state;
    this.#allocating = session
      .request('allocateInos', { count: inoBatch }, { timeoutMs: requestTimeoutMs })
      .then(
        (reply) => this.#inos.add(reply.message.ranges),
        (error: unknown) => {
          if (!isConnectionLoss(toFsError(error))) this.#env.log.warn({ err: error }, 'the MDS hands out no inode numbers');
          return this.#pause();
        },
      )
      .finally(() => (this.#allocating = undefined));
    return this.#allocating;
  }

  // --- requests ---

  #head(tid: number, caller: Caller, replay: boolean): Init<RequestHead> {
    return { tid, uid: caller.uid, gid: caller.gid, groups: caller.groups, replay, oldestTid: this.#oldestTid() };
  }

  #oldestTid(): number {
    for (const tid of this.#changes.keys()) return tid;
    return this.#nextTid;
  }

  #ask<T>(
    name: RequestName,
    encode: (sending: Sending) => object,
    change: Change | undefined,
    apply: (reply: unknown) => T,
    urgent = false,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#state.kind === 'over') {
        reject(this.#state.error);
        return;
      }
      if (change !== undefined) this.#changes.set(change.tid, change);
      const pending: Pending = {
        name,
        encode,
        change,
        apply: (reply) => {
          try {
            resolve(apply(reply));
          } catch (error) {
            reject(error);
          }
        },
        reject,
        urgent,
        session: undefined,
      };
      this.#pending.add(pending);
      if (this.#state.kind === 'open' && (urgent || !this.#state.replaying)) this.#send(this.#state.session, pending);
    });
  }

  #send(session: Session, pending: Pending): void {
    const sending = pending.change?.sent === true ? 'again' : 'first';
    if (pending.change !== undefined) pending.change.sent = true;
    pending.session = session;
    session.request(pending.name, pending.encode(sending) as never, { timeoutMs: requestTimeoutMs }).then(
      (reply) => {
        if (this.#pending.delete(pending)) pending.apply(reply.message);
      },
      (error: unknown) => this.#onFailure(session, pending, toFsError(error)),
    );
  }

  #onFailure(session: Session, pending: Pending, error: FsError): void {
    if (!this.#pending.has(pending)) return;
    if (isConnectionLoss(error)) {
      this.#drop(session, error.message);
      return;
    }
    if (error.code === 'EAGAIN' && error.retry === 'safe') {
      this.#env.clock.setTimer(retryDelayMs, () => {
        if (this.#pending.has(pending) && this.#state.kind === 'open') this.#send(this.#state.session, pending);
      });
      return;
    }
    this.#pending.delete(pending);
    if (pending.change !== undefined) this.#forget(pending.change);
    pending.reject(error);
  }

  #barrier(epoch: number | undefined): void {
    if (epoch !== undefined && epoch > this.#barrierEpoch) this.#barrierEpoch = epoch;
  }

  #answered(change: Change, journalSeq: number): void {
    if (journalSeq === 0 || journalSeq <= this.#safeSeq) {
      this.#forget(change);
      return;
    }
    change.journalSeq = journalSeq;
    if (change.firstSeq === 0) change.firstSeq = journalSeq;
    change.notify();
  }

  #forget(change: Change): void {
    change.safe = true;
    this.#changes.delete(change.tid);
    change.notify();
  }

  #onSafe(seq: number): void {
    if (seq <= this.#safeSeq) return;
    this.#safeSeq = seq;
    for (const change of this.#changes.values()) if (change.journalSeq <= seq) this.#forget(change);
  }

  /** Resolves when every change so far is in the journal. */
  async flushAll(): Promise<void> {
    for (const change of [...this.#changes.values()]) await this.flush(change);
  }

  /**
   * Pushes act after the replies that came before them, whose promises are still on their way; those that come
   * while the session opens (recalls of what it has just claimed) act once it is open.
   */
  #push(session: Session, act: () => void): void {
    if (session !== this.#link?.session) return;
    this.#pushes.push({ session, act });
    if (this.#pushes.length === 1 && this.#state.kind === 'open') this.#env.clock.defer(() => this.#actOnPushes());
  }

  #actOnPushes(): void {
    if (this.#state.kind !== 'open') return;
    const current = this.#state.session;
    const batch = this.#pushes;
    this.#pushes = [];
    for (const { session, act } of batch) if (session === current) act();
  }

  // --- the session ---

  /** Goes for the MDS that the map names, unless that is where we are. */
  #connect(): void {
    if (this.#state.kind === 'over') return;
    const target = this.#serving();
    if (target === undefined) return;
    const current = this.#target;
    if (current !== undefined && this.#link !== undefined && current.instance === target.instance && current.address === target.address) {
      if (this.#state.kind === 'connecting') this.#open(this.#link);
      return;
    }
    this.#target = target;
    const old = this.#link;
    this.#link = undefined;
    if (this.#state.kind === 'open') this.#onSessionClosed(this.#state.session, 'the MDS has moved');
    old?.close('the MDS has moved');
    this.#link = this.#messenger.link(target.name, target.address);
    this.#open(this.#link);
  }

  #serving(): MdsInfo | undefined {
    for (const mds of this.#mon.map.mdss.values()) if (mds.rank === 0 && (mds.state === 'active' || mds.state === 'reconnect')) return mds;
    return undefined;
  }

  #open(link: PeerLink): void {
    if (this.#opening) return;
    this.#opening = true;
    this.#env.spawn('mds session', async () => {
      try {
        await this.#openOn(link);
      } catch (error) {
        const failure = toFsError(error);
        this.#env.log.debug({ mds: link.entity, address: link.address, err: failure }, 'session not opened');
        this.#retryLater();
      } finally {
        this.#opening = false;
        if (this.#link !== link && this.#link !== undefined && this.#state.kind === 'connecting') this.#open(this.#link);
      }
    });
  }

  async #openOn(link: PeerLink): Promise<void> {
    const reconnect = this.#everOpened;
    const sentMs = this.#env.clock.monotonicMs();
    const held = reconnect ? this.#handlers.heldCaps() : [];
    const replays = this.#acknowledged().length;
    const reply = await link.request(
      'sessionOpen',
      { name: this.#messenger.entity, instance: this.#messenger.instance, reconnect, held, replays },
      { timeoutMs: openTimeoutMs },
    );
    const session = link.session;
    if (this.#state.kind !== 'connecting' || this.#link !== link) return;
    if (session === undefined) throw new FsError('ECONNRESET', 'the connection broke as the session opened', { retry: 'safe' });
    // A new process at the old address, which the map does not know yet: it cannot know us either.
    if (session.peer.instance !== this.#target?.instance)
      throw new FsError('EAGAIN', 'the map does not name this life of the MDS yet', { retry: 'safe' });
    if (reconnect && !reply.message.resumed) {
      this.#env.log.warn({ mds: link.entity }, 'session lost: the MDS has evicted this client');
      this.#end(new FsError('ESHUTDOWN', 'this client was evicted by the MDS: what it had not written back is lost'));
      this.#handlers.onEvicted();
      return;
    }
    this.#everOpened = true;
    this.#retryMs = retryDelayMs;
    this.#rootIno = reply.message.rootIno;
    if (!reconnect) this.#inos.clear();
    this.#inos.add(reconnect ? [] : reply.message.ranges);
    this.#extendLease(sentMs, reply.message.leaseMs);
    this.#become({ kind: 'open', session, replaying: true });
    this.#env.log.info({ mds: link.entity, reconnect, unsafe: this.#changes.size, waiting: this.#pending.size }, 'session open');
    this.#resend(session);
    this.#scheduleRenewal(session);
    if (reconnect) this.#handlers.onReconnected();
    if (this.#pushes.length > 0) this.#env.clock.defer(() => this.#actOnPushes());
  }

  /**
   * First what was answered before and is not safe, in the order in which it took effect; when that is done, the rest:
   * what was never answered waited for others then, and nothing builds on it.
   */
  #resend(session: Session): void {
    const replayed = this.#acknowledged();
    for (const change of replayed) this.#replay(session, change);
    if (replayed.length === 0) this.#goOn(session);
    else this.#env.spawn('send changes again', () => this.#afterReplays(session, replayed));
  }

  /** Changes that were answered and are not safe. */
  #acknowledged(): Change[] {
    return [...this.#changes.values()].filter(({ firstSeq }) => firstSeq > 0).sort((a, b) => a.firstSeq - b.firstSeq || a.tid - b.tid);
  }

  async #afterReplays(session: Session, replayed: readonly Change[]): Promise<void> {
    for (const change of replayed)
      while (!change.answered && this.#state.kind === 'open' && this.#state.session === session) await change.progress();
    if (this.#state.kind === 'open' && this.#state.session === session) this.#goOn(session);
  }

  #goOn(session: Session): void {
    this.#become({ kind: 'open', session, replaying: false });
    for (const pending of this.#pending) if (pending.session !== session) this.#send(session, pending);
  }

  /** A change that was answered before, sent again for the journal's sake. */
  #replay(session: Session, change: Change): void {
    change.journalSeq = Infinity;
    session.request(change.name, change.encode('replay') as never, { timeoutMs: requestTimeoutMs }).then(
      (reply) => {
        const message = reply.message as HeadedReply & { readonly journalSeq?: number };
        this.#answered(change, message.journalSeq ?? message.head?.journalSeq ?? 0);
      },
      (error: unknown) => {
        const failure = toFsError(error);
        if (isConnectionLoss(failure)) {
          this.#drop(session, failure.message);
          return;
        }
        // Attributes of a file that has been deleted since need not be anywhere.
        if (change.name === 'capUpdate' && failure.code === 'ESTALE') {
          this.#forget(change);
          return;
        }
        this.#env.log.error(
          { request: change.name, tid: change.tid, err: failure },
          'an acknowledged change was refused when it was sent again',
        );
        change.lost = failure;
        this.#forget(change);
      },
    );
  }

  #scheduleRenewal(session: Session): void {
    this.#renewal?.cancel();
    this.#renewal = this.#env.clock.setTimer(this.#leaseMs / 3, () => {
      if (this.#state.kind !== 'open' || this.#state.session !== session) return;
      const sentMs = this.#env.clock.monotonicMs();
      session.request('sessionRenew', { seq: ++this.#renewSeq }, { timeoutMs: Math.max(1_000, this.#leaseMs / 6) }).then(
        (reply) => {
          if (this.#state.kind !== 'open' || this.#state.session !== session) return;
          this.#extendLease(sentMs, reply.message.leaseMs);
          this.#scheduleRenewal(session);
        },
        (error: unknown) => this.#drop(session, `renewal failed: ${toFsError(error).message}`),
      );
    });
  }

  /** The lease runs from the moment its request was sent. */
  #extendLease(sentMs: number, leaseMs: number): void {
    this.#leaseMs = leaseMs > 0 ? leaseMs : this.#leaseMs;
    this.#leaseEndsMs = sentMs + this.#leaseMs;
    this.#leaseTimer?.cancel();
    this.#leaseTimer = this.#env.clock.setTimer(Math.max(0, this.#leaseEndsMs - this.#env.clock.monotonicMs()), () => {
      this.#env.log.warn({ leaseMs: this.#leaseMs }, 'the session could not be renewed in time: caches are not used until it is');
      this.#handlers.onLeaseEnded();
    });
  }

  #drop(session: Session, reason: string): void {
    if (!session.closed) session.close(reason);
    this.#onSessionClosed(session, reason);
  }

  #onSessionClosed(session: Session, reason: string): void {
    if (this.#state.kind !== 'open' || this.#state.session !== session) return;
    this.#env.log.info({ mds: session.peer.entity, reason }, 'session interrupted');
    this.#pushes = [];
    this.#become({ kind: 'connecting' });
    // Whoever waits for an answer on this connection looks up.
    for (const change of this.#changes.values()) change.notify();
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#state.kind !== 'connecting') return;
    this.#retry?.cancel();
    this.#retry = this.#env.clock.setTimer(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(2 * this.#retryMs, retryDelayMaxMs);
  }

  #become(state: State): void {
    this.#state = state;
    this.#wakeStateWaiters();
  }

  #end(error: FsError): void {
    if (this.#state.kind === 'over') return;
    this.#become({ kind: 'over', error });
    this.#leaseEndsMs = -Infinity;
    this.#retry?.cancel();
    this.#renewal?.cancel();
    this.#leaseTimer?.cancel();
    this.#unsubscribe?.();
    for (const pending of [...this.#pending]) pending.reject(error);
    this.#pending.clear();
    for (const change of this.#changes.values()) change.notify();
    this.#link?.close(error.message);
  }

  /** Resolves at the next change of the session's state. */
  #stateChange(): Promise<void> {
    return new Promise((resolve) => this.#stateWaiters.push(resolve));
  }

  #wakeStateWaiters(): void {
    const waiters = this.#stateWaiters;
    this.#stateWaiters = [];
    for (const wake of waiters) wake();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#env.clock.setTimer(retryDelayMs, resolve));
  }

  /** Resolves while or once the session is open and leased; rejects when it is over. */
  async ready(): Promise<void> {
    while (this.#state.kind !== 'open') {
      if (this.#state.kind === 'over') throw this.#state.error;
      await this.#stateChange();
    }
  }
}

/** Whether the answer may still come from the next connection, or the next session on it. */
function isConnectionLoss(error: FsError): boolean {
  if (error.code === 'ESTALE') return error.message.includes(noSession);
  return error.code === 'ECONNRESET' || error.code === 'ETIMEDOUT' || error.code === 'ECONNREFUSED' || error.code === 'ESHUTDOWN';
}
