/**
 * A monitor: keeps the cluster map, gives leases, decides who is up and who acts for which PG.
 *
 * This shell routes messages to ops/, which put them to the core; the committer makes durable what the core
 * decided, and only then is it answered and published.
 * @module
 */
import { assert } from '../common/errors/assert.ts';
import { FsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import type { Family } from '../common/metrics/exposition.ts';
import { type EntityName, type InstanceId, epoch, instanceId, parseEntityName } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import { WireMessenger } from '../common/wire/messenger.ts';
import type { IncomingRequest, OutgoingReply, RequestName, Session } from '../common/wire/session.ts';
import { Probe } from './background/probe.ts';
import { startTick } from './background/tick.ts';
import { Committer } from './committer.ts';
import type { MonConfig } from './config.ts';
import type { MonContext } from './context.ts';
import { firstMap } from './core/first-map.ts';
import { MonCore } from './core/mon-core.ts';
import { type LeaseRecord, longestLeaseMs } from './core/silences.ts';
import type { Now } from './core/state.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { logChanges } from './log-changes.ts';
import { monMetrics } from './metrics.ts';
import { clientBeacon } from './ops/client-beacon.ts';
import { command } from './ops/command.ts';
import { failureReport } from './ops/failure-report.ts';
import { mapGet } from './ops/map-get.ts';
import { mapSubscribe } from './ops/map-subscribe.ts';
import { mdsBeacon } from './ops/mds-beacon.ts';
import { osdBeacon } from './ops/osd-beacon.ts';
import { osdBoot } from './ops/osd-boot.ts';
import { pgCertify } from './ops/pg-certify.ts';
import { statfs } from './ops/statfs.ts';
import { decodeLeaseRecord, encodeLeaseRecord } from './store/lease-codec.ts';
import { MapJournal } from './store/map-journal.ts';
import type { MonStore } from './store/mon-store.ts';
import { Subscribers } from './subscribers.ts';

export interface MonOptions {
  /** `a` or `mon.a`. */
  readonly name: string;
  /** Empty: that of the store; of a new cluster: made. */
  readonly fsid: string;
  readonly listen: string;
  readonly store: MonStore;
  readonly config: MonConfig;
}

export class Mon {
  readonly #env: Env;
  readonly #options: MonOptions;
  readonly #name: EntityName;
  #running: Running | undefined;
  #starting: Promise<void> | undefined;

  constructor(env: Env, options: MonOptions) {
    const name = parseEntityName(options.name) ? options.name : `mon.${options.name}`;
    if (parseEntityName(name)?.type !== 'mon') throw new FsError('EINVAL', `"${options.name}" is no name for a monitor`);
    this.#env = env;
    this.#options = options;
    this.#name = name as EntityName;
  }

  /** Where it listens. Once started. */
  get address(): string {
    assert(this.#running, 'the monitor runs');
    return this.#running.address;
  }

  /** What Prometheus is told; nothing until it serves. */
  metrics(): readonly Family[] {
    return this.#running === undefined ? [] : monMetrics(this.#running.core.status());
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Its newest durable map. Once started. */
  get map(): ClusterMap {
    assert(this.#running, 'the monitor runs');
    return this.#running.journal.map;
  }

  /** Serves once resolved. Throws FsError EINVAL when the store is of another cluster or unexpectedly empty. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#running = undefined;
    this.#starting = undefined;
    await running?.stop();
  }

  async #start(): Promise<void> {
    const { store, config, listen } = this.#options;
    await store.open();
    try {
      const journal = new MapJournal(store, config.keepEpochs);
      const stored = await journal.load();
      const fsid = this.#clusterOf(stored);
      const messenger = new WireMessenger(this.#env, { entity: this.#name, instance: instanceId(this.#env.random.id()), fsid });
      try {
        const running = new Running(this.#env, { config, journal, messenger, store });
        // Routes first: a peer may connect as soon as we listen, and is answered when the map is there.
        const address = await messenger.listen(listen, () => this.metrics());
        await running.start(this.#name, fsid, stored, address);
        this.#running = running;
      } catch (error) {
        await messenger.stop();
        throw error;
      }
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** The cluster to serve; checks that configuration and store agree on it. */
  #clusterOf(stored: ClusterMap | undefined): string {
    const { fsid, config } = this.#options;
    if (stored) {
      if (fsid !== '' && fsid !== stored.fsid) {
        throw new FsError('EINVAL', `this mon's store belongs to cluster ${stored.fsid}, not to ${fsid}: give the right dataDir or fsid`);
      }
      return stored.fsid;
    }
    if (!config.bootstrap) {
      throw new FsError(
        'EINVAL',
        `the store of ${this.#name} is empty: give the right dataDir, or set bootstrap = true to begin a new cluster`,
      );
    }
    return fsid === '' ? newUuid(this.#env) : fsid;
  }
}

interface Parts {
  readonly config: MonConfig;
  readonly journal: MapJournal;
  readonly messenger: WireMessenger;
  readonly store: MonStore;
}

/** A monitor from start to stop. */
class Running implements MonContext {
  readonly env: Env;
  readonly config: MonConfig;
  readonly journal: MapJournal;
  readonly subscribers: Subscribers;
  readonly #messenger: WireMessenger;
  readonly #store: MonStore;
  readonly #probe: Probe;
  #core: MonCore | undefined;
  #committer: Committer | undefined;
  #leases: LeaseKeeper | undefined;
  #stopTick: (() => void) | undefined;
  #address = '';
  #published: ClusterMap | undefined;

  constructor(env: Env, { config, journal, messenger, store }: Parts) {
    this.env = env;
    this.config = config;
    this.journal = journal;
    this.#messenger = messenger;
    this.#store = store;
    this.subscribers = new Subscribers(journal);
    this.#probe = new Probe(this);
    this.#route();
  }

  get address(): string {
    return this.#address;
  }

  get core(): MonCore {
    assert(this.#core, 'the core is there once the map is');
    return this.#core;
  }

  async start(name: EntityName, fsid: string, stored: ClusterMap | undefined, address: string): Promise<void> {
    const { env, config, journal } = this;
    this.#address = address;
    if (!stored) {
      await journal.append(firstMap(fsid, { name, address }, this.now()), undefined);
      env.log.info({ fsid }, 'began a new cluster');
    }
    const leases = await this.#loadLeases();
    this.#core = new MonCore(journal.map, config, this.now(), leases);
    this.#leases = new LeaseKeeper(env, { core: this.#core, store: this.#store, stored: leases, now: () => this.now() });
    this.#committer = new Committer(env, {
      core: this.#core,
      journal,
      batchMs: config.batchMs,
      now: () => this.now(),
      onCommitted: (map) => this.#publish(map),
    });
    this.#publish(journal.map);
    this.#core.setMon(name, address);
    await this.settled();
    this.#stopTick = startTick(this, this.#leases);
    env.log.info({ epoch: journal.map.epoch, address }, 'monitor serves');
  }

  now(): Now {
    return { wallMs: this.env.clock.nowMs(), monotonicMs: this.env.clock.monotonicMs() };
  }

  settled(): Promise<void> | undefined {
    return this.#committer?.settled();
  }

  renewed(entity: EntityName, instance: InstanceId): Promise<void> | undefined {
    const settled = this.settled();
    const noted = this.#leases?.renewed(entity, instance);
    return settled && noted ? settled.then(() => noted) : (settled ?? noted);
  }

  suspect(...[entity, instance]: Parameters<MonContext['suspect']>): void {
    this.#probe.suspect(entity, instance);
  }

  async stop(): Promise<void> {
    this.#stopTick?.();
    this.#probe.stop();
    await this.#messenger.stop();
    await this.#committer?.stop();
    await this.#leases?.stop();
    await this.#store.close();
  }

  /** What the last life noted of its leases; it says how long one may be before the first is given. */
  async #loadLeases(): Promise<LeaseRecord> {
    const bytes = await this.#store.loadLeases();
    const stored = bytes && decodeLeaseRecord(bytes);
    const leaseMs = longestLeaseMs(stored, this.config);
    if (stored?.leaseMs === leaseMs) return stored;
    const first: LeaseRecord = { leaseMs, silences: stored?.silences ?? new Map() };
    await this.#store.saveLeases(encodeLeaseRecord(first));
    return first;
  }

  #publish(map: ClusterMap): void {
    logChanges(this.env.log, this.#published ?? map, map);
    this.#published = map;
    this.#messenger.epoch = epoch(map.epoch);
    this.subscribers.publish();
    this.env.log.debug({ epoch: map.epoch }, 'epoch published');
  }

  #route(): void {
    this.#handle('mapSubscribe', mapSubscribe);
    this.#handle('mapGet', mapGet);
    this.#handle('osdBoot', osdBoot);
    this.#handle('osdBeacon', osdBeacon);
    this.#handle('failureReport', failureReport);
    this.#handle('pgCertify', pgCertify);
    this.#handle('mdsBeacon', mdsBeacon);
    this.#handle('clientBeacon', clientBeacon);
    this.#handle('command', command);
    this.#handle('statfs', statfs);
    this.#messenger.onSessionClosed((session) => this.#onSessionClosed(session));
  }

  #handle<K extends RequestName>(
    name: K,
    op: (mon: MonContext, incoming: IncomingRequest<K>) => OutgoingReply<K> | Promise<OutgoingReply<K>>,
  ): void {
    this.#messenger.handle(name, (incoming) => {
      if (!this.#core) throw new FsError('EAGAIN', 'the monitor is starting', { retry: 'safe' });
      return op(this, incoming);
    });
  }

  #onSessionClosed(session: Session): void {
    this.subscribers.remove(session);
    if (!this.#core) return;
    const { entity, instance } = session.peer;
    if (entity.startsWith('client.')) this.#core.clientGone(instance);
    else this.suspect(entity, instance);
  }
}

function newUuid(env: Env): string {
  const hex = Buffer.from(env.random.bytes(16)).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
