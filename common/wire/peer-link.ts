/**
 * A link that comes back: connects, greets, and after a loss connects again with jittered backoff.
 * @module
 */
import { FsError, toFsError } from '../errors/fs-error.ts';
import type { EntityName } from '../maps/ids.ts';
import type { Timer } from '../runtime/clock.ts';
import type { Env } from '../runtime/env.ts';
import { onAbort } from '../runtime/on-abort.ts';
import { Deadline, type DeadlineWheel } from './deadlines.ts';
import type { Init, Pushes, Requests } from './gen/messages.ts';
import { greet, type Greeted, type Identity } from './handshake.ts';
import type { WireLimits } from './limits.ts';
import type { PeerLink, PushName, Reply, RequestName, RequestOptions, Session } from './session.ts';

/** What a link needs of its messenger. */
export interface LinkHost {
  readonly env: Env;
  readonly limits: WireLimits;
  readonly wheel: DeadlineWheel;
  readonly identity: Identity;
  /** Makes the session of a finished handshake and tells it when that ends. */
  adopt(greeted: Greeted, onClosed: (reason: string) => void): Session;
  linkClosed(link: WirePeerLink): void;
}

type LinkState =
  | { readonly kind: 'connecting'; readonly abort: AbortController }
  /** Connected, waiting for the peer's hello. */
  | { readonly kind: 'greeting'; close(reason: string): void }
  | { readonly kind: 'open'; readonly session: Session; readonly sinceMs: number }
  /** Until the next attempt. */
  | { readonly kind: 'backoff'; readonly timer: Timer }
  | { readonly kind: 'closed'; readonly reason: string };

/** A session that lived for so long was a good one: the next loss starts with the shortest wait. */
const healthyMs = 1_000;

export class WirePeerLink implements PeerLink {
  readonly address: string;
  readonly entity: EntityName;
  readonly #host: LinkHost;
  readonly #waiters = new Set<Waiter>();
  readonly #onUnreachable = new Set<(refused: boolean) => void>();
  #state: LinkState;
  #backoffMs: number;
  /** The last failure that was logged, so that each is logged once. */
  #logged = '';

  constructor(host: LinkHost, entity: EntityName, address: string) {
    this.#host = host;
    this.entity = entity;
    this.address = address;
    this.#backoffMs = host.limits.backoffMinMs;
    this.#state = { kind: 'connecting', abort: new AbortController() };
    this.#connect(this.#state.abort.signal);
  }

  get session(): Session | undefined {
    return this.#state.kind === 'open' ? this.#state.session : undefined;
  }

  request<K extends RequestName>(name: K, message: Init<Requests[K]['request']>, options: RequestOptions): Promise<Reply<K>> {
    if (this.#state.kind === 'open') return this.#state.session.request(name, message, options);
    if (this.#state.kind === 'closed')
      return Promise.reject(
        new FsError('ESHUTDOWN', `${name}: the link to ${this.entity} is closed: ${this.#state.reason}`, { retry: 'safe' }),
      );
    const { promise, resolve, reject } = promiseParts<Reply<K>>();
    const untilMs = this.#host.env.clock.monotonicMs() + options.timeoutMs;
    const waiter = new Waiter(
      (session) => {
        const timeoutMs = Math.max(0, untilMs - this.#host.env.clock.monotonicMs());
        resolve(session.request(name, message, { ...options, timeoutMs }));
      },
      (code, why) => reject(new FsError(code, `${name}: ${why}`, { retry: code === 'EPROTO' ? 'never' : 'safe' })),
      (given) => this.#drop(given),
      `no connection to ${this.entity} at ${this.address} within ${options.timeoutMs} ms`,
      options.signal,
    );
    if (options.signal?.aborted === true) waiter.fail('ECANCELED', 'cancelled by the caller');
    else {
      this.#waiters.add(waiter);
      this.#host.wheel.add(waiter, options.timeoutMs);
    }
    return promise;
  }

  push<K extends PushName>(name: K, message: Init<Pushes[K]>, payload?: readonly Uint8Array[]): void {
    this.session?.push(name, message, payload);
  }

  onUnreachable(fn: (refused: boolean) => void): () => void {
    this.#onUnreachable.add(fn);
    return () => this.#onUnreachable.delete(fn);
  }

  close(reason: string): void {
    const before = this.#state;
    if (before.kind === 'closed') return;
    this.#state = { kind: 'closed', reason };
    if (before.kind === 'connecting') before.abort.abort();
    else if (before.kind === 'greeting') before.close(reason);
    else if (before.kind === 'backoff') before.timer.cancel();
    else before.session.close(reason);
    this.#failWaiters('ESHUTDOWN', `the link to ${this.entity} was closed: ${reason}`);
    this.#host.linkClosed(this);
  }

  #connect(signal: AbortSignal): void {
    this.#host.env.network.connect(this.address, { signal, timeoutMs: this.#host.limits.connectMs }).then(
      (connection) => {
        if (this.#state.kind !== 'connecting' || signal.aborted) {
          connection.setHandlers({ onFrame: () => undefined, onClose: () => undefined });
          connection.close('no longer wanted');
          return;
        }
        const { env, limits, identity } = this.#host;
        const stream = greet(env, connection, {
          identity,
          limits,
          expected: this.entity,
          address: this.address,
          onGreeted: (greeted) => this.#becomeOpen(greeted),
          onFailed: (error) => this.#onFailed(error),
        });
        if (!stream.closed) this.#state = { kind: 'greeting', close: (reason) => stream.close(reason) };
      },
      (error: unknown) => this.#onFailed(toFsError(error)),
    );
  }

  #becomeOpen(greeted: Greeted): void {
    const session = this.#host.adopt(greeted, (reason) => this.#onLost(reason));
    if (session.closed) return; // an observer closed it at once: #onLost has run
    if (this.#state.kind === 'closed') {
      session.close(this.#state.reason);
      return;
    }
    this.#state = { kind: 'open', session, sinceMs: this.#host.env.clock.monotonicMs() };
    this.#logged = '';
    for (const waiter of this.#waiters) {
      this.#drop(waiter);
      waiter.send(session);
    }
  }

  #onLost(_reason: string): void {
    if (this.#state.kind === 'closed') return;
    if (this.#state.kind === 'open' && this.#host.env.clock.monotonicMs() - this.#state.sinceMs >= healthyMs)
      this.#backoffMs = this.#host.limits.backoffMinMs;
    this.#becomeBackoff();
  }

  #onFailed(error: FsError): void {
    if (this.#state.kind === 'closed') return;
    if (error.message !== this.#logged) {
      this.#logged = error.message;
      const fields = { peer: this.entity, address: this.address, code: error.code, reason: error.message };
      if (error.code === 'EPROTO') this.#host.env.log.warn(fields, 'handshake refused');
      else this.#host.env.log.info(fields, 'peer unreachable, trying again');
    }
    this.#becomeBackoff();
    if (error.code === 'EPROTO' && error.retry === 'never')
      this.#failWaiters('EPROTO', `${this.entity} at ${this.address}: ${error.message}`);
    for (const fn of [...this.#onUnreachable]) fn(error.code === 'ECONNREFUSED');
  }

  #becomeBackoff(): void {
    const waitMs = this.#backoffMs * (0.5 + this.#host.env.random.float() / 2);
    this.#backoffMs = Math.min(this.#backoffMs * 2, this.#host.limits.backoffMaxMs);
    const timer = this.#host.env.clock.setTimer(waitMs, () => {
      const abort = new AbortController();
      this.#state = { kind: 'connecting', abort };
      this.#connect(abort.signal);
    });
    this.#state = { kind: 'backoff', timer };
  }

  #drop(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    this.#host.wheel.remove(waiter);
    waiter.detach();
  }

  #failWaiters(code: 'EPROTO' | 'ESHUTDOWN', why: string): void {
    for (const waiter of [...this.#waiters]) {
      this.#drop(waiter);
      waiter.fail(code, why);
    }
  }
}

/** A request that waits for the connection. */
class Waiter extends Deadline {
  readonly send: (session: Session) => void;
  readonly fail: (code: 'ETIMEDOUT' | 'ECANCELED' | 'ESHUTDOWN' | 'EPROTO', why: string) => void;
  readonly #drop: (waiter: Waiter) => void;
  readonly #timeoutText: string;
  readonly #forget: (() => void) | undefined;

  constructor(
    send: Waiter['send'],
    fail: Waiter['fail'],
    drop: (waiter: Waiter) => void,
    timeoutText: string,
    signal: AbortSignal | undefined,
  ) {
    super();
    this.send = send;
    this.fail = fail;
    this.#drop = drop;
    this.#timeoutText = timeoutText;
    this.#forget =
      signal &&
      onAbort(signal, () => {
        this.#drop(this);
        this.fail('ECANCELED', 'cancelled by the caller');
      });
  }

  override onDeadline(): void {
    this.#drop(this);
    this.fail('ETIMEDOUT', this.#timeoutText);
  }

  detach(): void {
    this.#forget?.();
  }
}

function promiseParts<T>(): { promise: Promise<T>; resolve: (value: T | Promise<T>) => void; reject: (error: Error) => void } {
  let resolve!: (value: T | Promise<T>) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
