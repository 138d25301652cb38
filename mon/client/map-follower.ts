/**
 * Follows the cluster map and speaks with the mon, for every daemon and client.
 *
 * One link at a time leads to one of the mons; when that cannot be reached the next is tried. On every session
 * with a mon the follower subscribes from the epoch it has; whenever a peer shows a newer epoch than ours, it
 * asks at once instead of waiting for the subscription.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { decodeIncrement, decodeMap } from '../../common/maps/codec.ts';
import { emptyMap } from '../../common/maps/empty-map.ts';
import { type EntityName, type Epoch, type InstanceId, entityName, epoch as toEpoch } from '../../common/maps/ids.ts';
import { applyIncrement } from '../../common/maps/increment.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import type { Init, MapUpdate, Requests } from '../../common/wire/gen/messages.ts';
import type { Messenger, PeerLink, RequestName, Session } from '../../common/wire/session.ts';
import type { MonClient } from './mon-client.ts';
import { Waiters } from './waiters.ts';

export interface MapFollowerOptions {
  readonly messenger: Messenger;
  /** `host:port` of each monitor. */
  readonly mons: readonly string[];
  /** A client announces itself with this, so that status can list it. */
  readonly announce?: { readonly mountpoint: string; readonly host: string };
}

const requestMs = 5_000;
const commandMs = 30_000;
const retryMs = 200;
/** Between rounds of attempts to reach any of several monitors. */
const roundMs = 500;
/** A client announces itself so often. */
const announceMs = 5_000;
/** The same failure is reported once within this time. */
const reportMs = 1_000;
/** Failures remembered for that. */
const reportsMax = 1_000;

export class MapFollower implements MonClient {
  readonly #env: Env;
  readonly #messenger: Messenger;
  readonly #mons: readonly string[];
  readonly #announce: MapFollowerOptions['announce'];
  readonly #listeners = new Set<(map: ClusterMap, previous: ClusterMap) => void>();
  readonly #waiters: Waiters;
  readonly #reported = new Map<string, number>();
  readonly #timers = new Set<Timer>();
  readonly #stop = new AbortController();
  #map: ClusterMap = emptyMap();
  #link: PeerLink | undefined;
  #mon = 0;
  /** Monitors tried since the last that answered. */
  #inVain = 0;
  #catchingUp = false;
  #started = false;

  constructor(env: Env, options: MapFollowerOptions) {
    if (options.mons.length === 0) throw new FsError('EINVAL', 'no monitor is configured: give their addresses in "mons"');
    this.#env = env;
    this.#messenger = options.messenger;
    this.#mons = options.mons;
    this.#announce = options.announce;
    this.#waiters = new Waiters(env.clock);
    this.#messenger.onPush('mapUpdate', (session, update) => this.#onPush(session, update));
    this.#messenger.onSessionOpen((session) => this.#onSession(session));
    this.#messenger.onNewerEpoch(() => this.#catchUp());
  }

  get map(): ClusterMap {
    return this.#map;
  }

  start(options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<ClusterMap> {
    if (!this.#started) {
      this.#started = true;
      this.#mon = this.#env.random.below(this.#mons.length);
      this.#connect();
      if (this.#messenger.entity.startsWith('client.')) this.#announceOften();
    }
    return this.waitForEpoch(toEpoch(1), options);
  }

  onMap(fn: (map: ClusterMap, previous: ClusterMap) => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  waitForEpoch(epoch: Epoch, options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<ClusterMap> {
    if (this.#map.epoch >= epoch) return Promise.resolve(this.#map);
    if (this.#stop.signal.aborted) return Promise.reject(stopped());
    this.#catchUp();
    return this.#waiters.add(epoch, this.#mons.join(', '), options);
  }

  async request<K extends RequestName>(
    name: K,
    message: Init<Requests[K]['request']>,
    options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
  ): Promise<Requests[K]['reply']> {
    const { clock } = this.#env;
    const untilMs = clock.monotonicMs() + options.timeoutMs;
    for (;;) {
      const leftMs = untilMs - clock.monotonicMs();
      try {
        if (!this.#link)
          throw this.#stop.signal.aborted ? stopped() : new FsError('ECONNRESET', 'no monitor can be reached', { retry: 'safe' });
        return (await this.#link.request(name, message, { ...options, timeoutMs: Math.max(1, leftMs) })).message;
      } catch (error) {
        // Everything the mon is asked may be asked again: it changes nothing the second time.
        const known = toFsError(error);
        const again = known.code !== 'ETIMEDOUT' && known.code !== 'ECANCELED' && known.retry !== 'never';
        if (!again || this.#stop.signal.aborted || untilMs - clock.monotonicMs() <= retryMs) throw known;
        await this.#pause(retryMs);
      }
    }
  }

  async command<T = unknown>(command: { readonly prefix: string } & Readonly<Record<string, unknown>>): Promise<T> {
    const { result } = await this.request('command', { command: JSON.stringify(command) }, { timeoutMs: commandMs });
    return JSON.parse(result) as T;
  }

  reportFailure(entity: EntityName, instance: InstanceId, refused: boolean): void {
    const key = `${entity} ${instance} ${refused}`;
    const nowMs = this.#env.clock.monotonicMs();
    if (nowMs - (this.#reported.get(key) ?? Number.NEGATIVE_INFINITY) < reportMs) return;
    if (this.#reported.size >= reportsMax) this.#reported.clear();
    this.#reported.set(key, nowMs);
    this.#background('report a failure', this.request('failureReport', { entity, instance, refused }, { timeoutMs: requestMs }));
  }

  stop(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#link?.close('stopping');
    this.#link = undefined;
    this.#waiters.fail(stopped());
    return Promise.resolve();
  }

  /** Links to the mon whose turn it is. */
  #connect(): void {
    if (this.#stop.signal.aborted) return;
    const address = this.#mons[this.#mon] as string;
    const link = this.#messenger.link(entityName('mon', '*'), address);
    this.#link = link;
    if (this.#mons.length > 1) link.onUnreachable(() => this.#link === link && this.#tryNext(link));
    if (link.session) this.#subscribe(link.session);
  }

  /** The next mon; when all have been tried in vain, after a pause. */
  #tryNext(link: PeerLink): void {
    link.close('trying another monitor');
    this.#link = undefined;
    this.#mon = (this.#mon + 1) % this.#mons.length;
    this.#inVain += 1;
    if (this.#inVain % this.#mons.length === 0) this.#after(roundMs, () => this.#connect());
    else this.#connect();
  }

  #onSession(session: Session): void {
    if (session.peer.entity.startsWith('mon.') && session.peer.address === this.#link?.address) {
      this.#inVain = 0;
      this.#subscribe(session);
    }
  }

  #subscribe(session: Session): void {
    this.#sendAnnouncement(session);
    session.request('mapSubscribe', { haveEpoch: this.#map.epoch }, { timeoutMs: requestMs }).then(
      () => undefined,
      (error: unknown) => {
        if (session.closed || this.#stop.signal.aborted) return;
        this.#env.log.debug({ err: error }, 'subscribing to the map failed: trying again');
        this.#after(retryMs, () => !session.closed && this.#subscribe(session));
      },
    );
  }

  #onPush(session: Session, update: MapUpdate): void {
    const { entity } = session.peer;
    // Only whom we asked is believed.
    if (session !== this.#link?.session) {
      session.close('protocol violation: a cluster map that was not asked for');
      return;
    }
    try {
      this.#apply(update);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      this.#env.log.warn({ peer: entity, err: error }, 'a cluster map that cannot be read');
      session.close(`protocol violation: ${error.message}`);
    }
  }

  /** Takes what is newer than ours; when something between is missing, asks for it. */
  #apply(update: MapUpdate): void {
    if (this.#stop.signal.aborted || update.epoch <= this.#map.epoch) return;
    if (update.baseEpoch > this.#map.epoch) {
      this.#catchUp();
      return;
    }
    let map = this.#map;
    if (update.baseEpoch === 0) map = decodeMap(update.full);
    else {
      for (const bytes of update.increments) {
        const increment = decodeIncrement(bytes);
        if (increment.epoch <= map.epoch) continue;
        if (increment.epoch !== map.epoch + 1)
          throw new FsError('EPROTO', `increment to epoch ${increment.epoch} after epoch ${map.epoch}`);
        map = applyIncrement(map, increment);
      }
    }
    if (map.epoch <= this.#map.epoch) throw new FsError('EPROTO', `map update to epoch ${update.epoch} that holds epoch ${map.epoch}`);
    this.#become(map);
  }

  #become(map: ClusterMap): void {
    const previous = this.#map;
    this.#map = map;
    this.#messenger.epoch = map.epoch;
    this.#env.log.debug({ epoch: map.epoch }, 'cluster map');
    for (const fn of [...this.#listeners]) fn(map, previous);
    this.#waiters.resolve(map);
  }

  /** Asks for the newest map now; one question at a time. */
  #catchUp(): void {
    if (this.#catchingUp || !this.#link || this.#stop.signal.aborted) return;
    this.#catchingUp = true;
    const before = this.#map.epoch;
    const done = (): void => {
      this.#catchingUp = false;
      // Someone waits for an epoch that the mon may not have had yet.
      if (this.#waiters.newest > this.#map.epoch) this.#after(retryMs, () => this.#waiters.newest > this.#map.epoch && this.#catchUp());
    };
    this.request('mapGet', { haveEpoch: before }, { timeoutMs: requestMs }).then(
      ({ update }) => {
        if (update && this.#link?.session) this.#onPush(this.#link.session, update);
        done();
      },
      (error: unknown) => {
        this.#env.log.debug({ err: error }, 'asking for the map failed');
        done();
      },
    );
  }

  #announceOften(): void {
    this.#after(announceMs, () => {
      if (this.#link?.session) this.#sendAnnouncement(this.#link.session);
      this.#announceOften();
    });
  }

  #sendAnnouncement(session: Session): void {
    const { entity, instance } = this.#messenger;
    if (!this.#announce || !entity.startsWith('client.')) return;
    this.#background(
      'announce this client',
      session.request('clientBeacon', { name: entity, instance, ...this.#announce }, { timeoutMs: requestMs }),
    );
  }

  #background(what: string, promise: Promise<unknown>): void {
    promise.then(undefined, (error: unknown) => {
      if (!this.#stop.signal.aborted) this.#env.log.debug({ what, err: error }, 'a request to the monitor failed');
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const forget = onAbort(this.#stop.signal, () => reject(stopped()));
      this.#after(ms, () => {
        forget();
        resolve();
      });
    });
  }

  #after(ms: number, fn: () => void): void {
    const timer = this.#env.clock.setTimer(ms, () => {
      this.#timers.delete(timer);
      fn();
    });
    this.#timers.add(timer);
  }
}

function stopped(): FsError {
  return new FsError('ESHUTDOWN', 'this daemon is stopping', { retry: 'never' });
}
