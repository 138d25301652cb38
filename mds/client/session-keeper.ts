/**
 * Keeps a session open with the MDS that the map names: finds it, opens, renews, opens again after a broken
 * connection or an MDS restart, and learns of an eviction.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { MdsInfo } from '../../common/maps/cluster-map.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { FileLock, HeldCaps, Init, SessionOpenReply } from '../../common/wire/gen/messages.ts';
import type { Messenger, PeerLink, Session } from '../../common/wire/session.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import { Lease } from './lease.ts';
import { servingMds } from './serving-mds.ts';
import { retryDelayMs } from './session-failures.ts';

const openTimeoutMs = 5_000;
const closeTimeoutMs = 5_000;
const retryDelayMaxMs = 500;
const renewTimeoutMinMs = 1_000;

export type SessionState =
  /** No session: requests queue. */
  | { readonly kind: 'connecting' }
  /** Requests go out on `session`; while `replaying`, only what others wait for: the rest builds on what is sent again. */
  | { readonly kind: 'open'; readonly session: Session; readonly replaying: boolean }
  /** Evicted or stopped: requests fail. */
  | { readonly kind: 'over'; readonly error: FsError };

/** Whose session it is. */
export interface SessionOwner {
  /** What a reconnect must tell: the caps and file locks held, and how many changes will be sent again. */
  reconnecting(): { readonly held: Init<HeldCaps>[]; readonly replays: number; readonly locks: Init<FileLock>[] };
  /** No request with a smaller tid will be sent again. */
  oldestTid(): number;
  /** The session is open; `replaying` until {@link SessionKeeper.goOn}. */
  onOpen(session: Session, reply: SessionOpenReply, reconnect: boolean): void;
  /** What was sent and not answered will not be. */
  onInterrupted(): void;
  onLeaseEnded(): void;
  /** The state is `over`. */
  onEvicted(): void;
}

export interface SessionKeeperOptions {
  /** Whose holder it is a session with. */
  readonly rank: number;
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  readonly owner: SessionOwner;
}

/** What is asked of a rank that has stopped. Nothing has come of it. */
export function rankIsNoMore(): FsError {
  return new FsError('ESHUTDOWN', 'the rank has stopped: rank 0 is asked in its place', { retry: 'safe' });
}

export class SessionKeeper {
  readonly #env: Env;
  readonly #rank: number;
  readonly #messenger: Messenger;
  readonly #mon: MonClient;
  readonly #owner: SessionOwner;
  readonly #lease: Lease;
  #state: SessionState = { kind: 'connecting' };
  #target: MdsInfo | undefined;
  #link: PeerLink | undefined;
  /** The try to open the session that is under way. */
  #opening: Promise<void> | undefined;
  #everOpened = false;
  #retry: Timer | undefined;
  #retryMs = retryDelayMs;
  #renewal: Timer | undefined;
  #renewSeq = 0;
  #waiters: (() => void)[] = [];
  #pushes: { readonly session: Session; readonly act: () => void }[] = [];
  #unsubscribe: (() => void) | undefined;
  /** The rank has nothing left: whether the session is closed by us or has been already is all the same. */
  #retiring = false;

  constructor(env: Env, options: SessionKeeperOptions) {
    this.#env = env;
    this.#rank = options.rank;
    this.#messenger = options.messenger;
    this.#mon = options.monClient;
    this.#owner = options.owner;
    this.#lease = new Lease(env.clock, () => {
      env.log.warn({ leaseMs: this.#lease.lengthMs }, 'the session could not be renewed in time: caches are not used until it is');
      this.#owner.onLeaseEnded();
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether the MDS cannot have evicted us yet. */
  get leased(): boolean {
    return this.#lease.valid;
  }

  start(): void {
    this.#messenger.onSessionClosed((session, reason) => this.#onClosed(session, reason));
    this.#unsubscribe = this.#mon.onMap(() => this.#connect());
    this.#connect();
  }

  /** Resolves when the session is open; rejects with ETIMEDOUT when no MDS takes it in time. */
  async opened(timeoutMs: number): Promise<void> {
    const deadline = this.#env.clock.setTimer(timeoutMs, () => this.#wake());
    const endsMs = this.#env.clock.monotonicMs() + timeoutMs;
    while (this.#state.kind === 'connecting' && this.#env.clock.monotonicMs() < endsMs) await this.change();
    deadline.cancel();
    if (this.#state.kind === 'over') throw this.#state.error;
    if (this.#state.kind === 'connecting') {
      const advice = "see whether one is active with 'nacre status'";
      throw new FsError('ETIMEDOUT', `no MDS took the session within ${timeoutMs} ms: ${advice}`, { retry: 'safe' });
    }
  }

  /** Ends the session in order, if it is open, and for good. */
  async close(): Promise<void> {
    // One that the MDS has been asked for it may open: it would be there until somebody needs what it has.
    if (this.#opening !== undefined && this.#link?.session !== undefined) await this.#opening;
    if (this.#state.kind === 'open') {
      await this.#state.session
        .request('sessionClose', {}, { timeoutMs: closeTimeoutMs })
        .catch((error: unknown) => this.#env.log.debug({ err: error }, 'session not closed in order'));
    }
    this.end(new FsError('ESHUTDOWN', 'the client has stopped'));
  }

  /** Ends the session in order, whatever becomes of connections and of the MDS meanwhile: nobody is to wait for its lease. Its rank has nothing left. */
  async retire(): Promise<void> {
    this.#retiring = true;
    for (let { state } = this; state.kind !== 'over'; { state } = this) {
      if (state.kind === 'connecting') {
        await this.change();
        continue;
      }
      try {
        await state.session.request('sessionClose', {}, { timeoutMs: closeTimeoutMs });
        this.end(rankIsNoMore());
      } catch (error) {
        this.#env.log.debug({ err: error }, 'session not closed in order');
        this.drop(state.session, 'its end was not answered');
      }
    }
  }

  /** Resolves at the next change of the state, or renewal of the lease. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Resolves while or once the session is open; rejects when it is over. */
  async ready(): Promise<void> {
    while (this.#state.kind !== 'open') {
      if (this.#state.kind === 'over') throw this.#state.error;
      await this.change();
    }
  }

  isOpenOn(session: Session): boolean {
    return this.#state.kind === 'open' && this.#state.session === session;
  }

  /** What had to be sent again has been answered. */
  goOn(session: Session): void {
    this.#become({ kind: 'open', session, replaying: false });
  }

  /** The connection is of no use any more. */
  drop(session: Session, reason: string): void {
    if (!session.closed) session.close(reason);
    this.#onClosed(session, reason);
  }

  /**
   * Acts on something pushed after the replies that came before it, whose promises are still on their way; on what comes
   * while the session opens (recalls of what it has just claimed), once it is open.
   */
  deliver(session: Session, act: () => void): void {
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

  /** Goes for the MDS that the map names, unless that is where we are. */
  #connect(): void {
    if (this.#state.kind === 'over') return;
    const target = servingMds(this.#mon.map, this.#rank);
    if (target === undefined) return;
    const current = this.#target;
    if (current !== undefined && this.#link !== undefined && current.instance === target.instance && current.address === target.address) {
      if (this.#state.kind === 'connecting') this.#open(this.#link);
      return;
    }
    this.#target = target;
    const old = this.#link;
    this.#link = undefined;
    if (this.#state.kind === 'open') this.#onClosed(this.#state.session, 'the MDS has moved');
    old?.close('the MDS has moved');
    // Its own: a daemon may have another rank soon after this one, and the session with that would end with ours.
    this.#link = this.#messenger.link(target.name, target.address, `rank ${this.#rank}`);
    this.#open(this.#link);
  }

  #open(link: PeerLink): void {
    if (this.#opening !== undefined) return;
    const opening = this.#tryToOpen(link);
    this.#opening = opening;
    this.#env.spawn('mds session', () => opening);
  }

  async #tryToOpen(link: PeerLink): Promise<void> {
    try {
      await this.#openOn(link);
    } catch (error) {
      this.#env.log.debug({ mds: link.entity, address: link.address, err: toFsError(error) }, 'session not opened');
      // What the MDS has pushed on this connection adds to what it was told there. The next try tells anew, on another.
      this.#pushes = [];
      link.session?.close('its session was not opened');
      this.#retryLater();
    } finally {
      this.#opening = undefined;
      if (this.#link !== link && this.#link !== undefined && this.#state.kind === 'connecting') this.#open(this.#link);
    }
  }

  async #openOn(link: PeerLink): Promise<void> {
    const { entity, instance } = this.#messenger;
    const reconnect = this.#everOpened;
    const sentMs = this.#env.clock.monotonicMs();
    const told = reconnect ? this.#owner.reconnecting() : {};
    const { message } = await link.request(
      'sessionOpen',
      { name: entity, instance, reconnect, rank: this.#rank, ...told },
      { timeoutMs: openTimeoutMs },
    );
    const { session } = link;
    if (this.#state.kind !== 'connecting' || this.#link !== link) return;
    if (session === undefined) throw new FsError('ECONNRESET', 'the connection broke as the session opened', { retry: 'safe' });
    // A new process at the old address, which the map does not know yet: it cannot know us either.
    if (session.peer.instance !== this.#target?.instance)
      throw new FsError('EAGAIN', 'the map does not name this life of the MDS yet', { retry: 'safe' });
    if (this.#retiring && !message.resumed) {
      this.end(rankIsNoMore());
      return;
    }
    if (reconnect && !message.resumed) {
      this.#env.log.warn({ mds: link.entity }, 'session lost: the MDS has evicted this client');
      this.end(new FsError('ESHUTDOWN', 'this client was evicted by the MDS: what it had not written back is lost', { retry: 'safe' }));
      this.#owner.onEvicted();
      return;
    }
    this.#everOpened = true;
    this.#retryMs = retryDelayMs;
    this.#lease.extend(sentMs, message.leaseMs);
    this.#become({ kind: 'open', session, replaying: true });
    this.#renewLater(session, sentMs);
    this.#owner.onOpen(session, message, reconnect);
    if (this.#pushes.length > 0) this.#env.clock.defer(() => this.#actOnPushes());
  }

  /** `sentMs`: of the request that was answered last. Its answer may have come so late that nothing is left of the lease. */
  #renewLater(session: Session, sentMs: number): void {
    this.#renewal?.cancel();
    const dueMs = sentMs + this.#lease.lengthMs / 3;
    this.#renewal = this.#env.clock.setTimer(Math.max(0, dueMs - this.#env.clock.monotonicMs()), () => {
      if (!this.isOpenOn(session)) return;
      const sentMs = this.#env.clock.monotonicMs();
      const timeoutMs = Math.max(renewTimeoutMinMs, this.#lease.lengthMs / 6);
      session.request('sessionRenew', { seq: ++this.#renewSeq, oldestTid: this.#owner.oldestTid() }, { timeoutMs }).then(
        ({ message }) => {
          if (!this.isOpenOn(session)) return;
          this.#lease.extend(sentMs, message.leaseMs);
          this.#wake();
          this.#renewLater(session, sentMs);
        },
        (error: unknown) => this.drop(session, `renewal failed: ${toFsError(error).message}`),
      );
    });
  }

  #onClosed(session: Session, reason: string): void {
    if (!this.isOpenOn(session)) return;
    this.#env.log.info({ mds: session.peer.entity, reason }, 'session interrupted');
    this.#pushes = [];
    this.#become({ kind: 'connecting' });
    this.#owner.onInterrupted();
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#state.kind !== 'connecting') return;
    this.#retry?.cancel();
    this.#retry = this.#env.clock.setTimer(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(2 * this.#retryMs, retryDelayMaxMs);
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** The session is over, and every request fails with `error`. */
  end(error: FsError): void {
    if (this.#state.kind === 'over') return;
    this.#become({ kind: 'over', error });
    this.#lease.end();
    this.#retry?.cancel();
    this.#renewal?.cancel();
    this.#unsubscribe?.();
    this.#link?.close(error.message);
  }
}
