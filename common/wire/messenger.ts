/**
 * A daemon's end of the wire: listens, keeps links, routes messages to handlers. See `session.ts` for what it
 * promises and docs/PROTOCOL.md for the bytes.
 *
 *   WireMessenger ─┬─ WirePeerLink ── greet ────────┐
 *                  └─ listener ────── awaitGreeting ┴─▶ WireSession ── MessageStream ── Connection
 * @module
 */
import { assert } from '../errors/assert.ts';
import { FsError } from '../errors/fs-error.ts';
import { epoch as toEpoch, type EntityName, type Epoch, type InstanceId } from '../maps/ids.ts';
import { expose, expositionType, type Family } from '../metrics/exposition.ts';
import type { Timer } from '../runtime/clock.ts';
import type { Env } from '../runtime/env.ts';
import type { Connection, Listener, Page } from '../runtime/network.ts';
import { DeadlineWheel } from './deadlines.ts';
import { awaitGreeting, type Greeted, type Identity } from './handshake.ts';
import { defaultLimits, type WireLimits } from './limits.ts';
import type { MessageStream } from './message-stream.ts';
import { WirePeerLink, type LinkHost } from './peer-link.ts';
import type { Messenger, PeerLink, PushHandler, PushName, RequestHandler, RequestName, Session } from './session.ts';
import { WireSession, type SessionHost } from './wire-session.ts';

const noHandlers: readonly never[] = [];

export interface MessengerOptions {
  readonly entity: EntityName;
  readonly instance: InstanceId;
  /** Empty: take that of the first daemon we connect to (clients only). */
  readonly fsid: string;
  readonly limits?: Partial<WireLimits>;
}

export class WireMessenger implements Messenger, SessionHost, LinkHost {
  readonly env: Env;
  readonly entity: EntityName;
  readonly instance: InstanceId;
  readonly limits: WireLimits;
  readonly wheel: DeadlineWheel;
  epoch: Epoch = toEpoch(0);
  #fsid: string;
  readonly #requestHandlers = new Map<string, RequestHandler<RequestName>>();
  readonly #pushHandlers = new Map<string, PushHandler<PushName>[]>();
  readonly #onOpen: ((session: Session) => void)[] = [];
  readonly #onClosed: ((session: Session, reason: string) => void)[] = [];
  readonly #onEpoch: ((session: Session, epoch: Epoch) => void)[] = [];
  readonly sessions = new Set<WireSession>();
  readonly #onSessionEnd = new Map<Session, (reason: string) => void>();
  readonly #reportedEpochs = new WeakMap<Session, number>();
  readonly #handshakes = new Set<MessageStream>();
  readonly #links = new Map<string, WirePeerLink>();
  readonly #listeners = new Set<Listener>();
  #aliveTimer: Timer | undefined;
  #stopped = false;

  constructor(env: Env, options: MessengerOptions) {
    this.env = env;
    this.entity = options.entity;
    this.instance = options.instance;
    this.#fsid = options.fsid;
    this.limits = { ...defaultLimits, ...options.limits };
    this.wheel = new DeadlineWheel(env.clock);
  }

  /** The cluster's; learned from the first peer when it was not given. */
  get fsid(): string {
    return this.#fsid;
  }

  get identity(): Identity {
    return { entity: this.entity, instance: this.instance, fsid: this.#fsid };
  }

  handle<K extends RequestName>(name: K, handler: RequestHandler<K>): void {
    assert(!this.#requestHandlers.has(name), `two handlers for ${name}`);
    this.#requestHandlers.set(name, handler as unknown as RequestHandler<RequestName>);
  }

  onPush<K extends PushName>(name: K, handler: PushHandler<K>): void {
    const handlers = this.#pushHandlers.get(name) ?? [];
    handlers.push(handler as unknown as PushHandler<PushName>);
    this.#pushHandlers.set(name, handlers);
  }

  onSessionOpen(fn: (session: Session) => void): void {
    this.#onOpen.push(fn);
  }

  onSessionClosed(fn: (session: Session, reason: string) => void): void {
    this.#onClosed.push(fn);
  }

  onNewerEpoch(fn: (session: Session, epoch: Epoch) => void): void {
    this.#onEpoch.push(fn);
  }

  async listen(address: string, metrics?: () => readonly Family[]): Promise<string> {
    const page = (path: string): Page | undefined =>
      path === '/metrics' && metrics !== undefined ? { contentType: expositionType, text: expose(metrics()) } : undefined;
    const listener = await this.env.network.listen(address, (connection) => this.#accept(connection), page);
    if (this.#stopped) {
      await listener.close();
      throw new FsError('ESHUTDOWN', 'stopped while starting to listen');
    }
    this.#listeners.add(listener);
    return listener.address;
  }

  link(entity: EntityName, address: string, purpose = ''): PeerLink {
    const key = `${entity}@${address} ${purpose}`;
    const existing = this.#links.get(key);
    if (existing !== undefined) return existing;
    if (this.#stopped) throw new FsError('ESHUTDOWN', `${this.entity} is stopping`, { retry: 'safe' });
    const link = new WirePeerLink(this, entity, address);
    this.#links.set(key, link);
    return link;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const reason = `${this.entity} is stopping`;
    for (const link of [...this.#links.values()]) link.close(reason);
    for (const session of [...this.sessions]) session.close(reason);
    for (const stream of [...this.#handshakes]) stream.close(reason);
    this.#aliveTimer?.cancel();
    this.#aliveTimer = undefined;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    await Promise.all(listeners.map((listener) => listener.close()));
    this.wheel.stop();
  }

  /** @internal */
  requestHandler(name: string): RequestHandler<RequestName> | undefined {
    return this.#requestHandlers.get(name);
  }

  /** @internal */
  pushHandlers(name: string): readonly PushHandler<PushName>[] {
    return this.#pushHandlers.get(name) ?? noHandlers;
  }

  /** @internal Reported once for each session and epoch. */
  sawEpoch(session: Session, seen: number): void {
    if ((this.#reportedEpochs.get(session) ?? 0) >= seen) return;
    this.#reportedEpochs.set(session, seen);
    for (const fn of this.#onEpoch) fn(session, toEpoch(seen));
  }

  /** @internal */
  adopt(greeted: Greeted, onClosed?: (reason: string) => void): Session {
    if (this.#fsid === '') this.#fsid = greeted.fsid;
    const session = new WireSession(this, greeted.stream, greeted.peer);
    this.sessions.add(session);
    if (onClosed !== undefined) this.#onSessionEnd.set(session, onClosed);
    this.#armAliveTimer();
    this.env.log.debug({ peer: session.peer.entity, address: session.peer.address }, 'session open');
    for (const fn of this.#onOpen) if (!session.closed) fn(session);
    return session;
  }

  /** @internal */
  sessionClosed(session: WireSession, reason: string): void {
    if (!this.sessions.delete(session)) return;
    const onClosed = this.#onSessionEnd.get(session);
    this.#onSessionEnd.delete(session);
    const fields = { peer: session.peer.entity, address: session.peer.address, reason };
    if (reason.startsWith('protocol violation')) this.env.log.warn(fields, 'peer disconnected');
    else this.env.log.debug(fields, 'session closed');
    onClosed?.(reason);
    for (const fn of this.#onClosed) fn(session, reason);
  }

  /** @internal */
  linkClosed(link: WirePeerLink): void {
    for (const [key, known] of this.#links) if (known === link) this.#links.delete(key);
  }

  #accept(connection: Connection): void {
    const stream: MessageStream = awaitGreeting(this.env, connection, {
      identity: this.identity,
      limits: this.limits,
      address: connection.remoteAddress,
      onGreeted: (greeted) => {
        this.#handshakes.delete(stream);
        this.adopt(greeted);
      },
      onFailed: (error) => {
        this.#handshakes.delete(stream);
        this.env.log.warn(
          { address: connection.remoteAddress, code: error.code, reason: error.message },
          'connection refused in its handshake',
        );
      },
    });
    if (this.#stopped) stream.close(`${this.entity} is stopping`);
    else if (this.#handshakes.size >= this.limits.handshakes) stream.close('too many connections are waiting for their handshake');
    else if (!stream.closed) this.#handshakes.add(stream);
  }

  #armAliveTimer(): void {
    if (this.#aliveTimer !== undefined || this.#stopped) return;
    const everyMs = this.limits.pingMs;
    this.#aliveTimer = this.env.clock.setTimer(everyMs, () => {
      this.#aliveTimer = undefined;
      for (const session of [...this.sessions]) session.checkAlive(everyMs);
      if (this.sessions.size > 0) this.#armAliveTimer();
    });
  }
}
