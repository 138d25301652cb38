/**
 * A whole cluster in a simulated world: one mon, OSDs on memory stores, one MDS, mountless clients.
 * Each daemon has a node of its own; crashing it loses everything that was not durable.
 * @module
 */
import { makeConfig } from '../../common/config/schema.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { entityName, instanceId } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { SimNode, CrashOptions } from '../../common/runtime/sim/node.ts';
import { SimWorld, type SimWorldOptions } from '../../common/runtime/sim/world.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { lockPages } from './page-locks.ts';
import { connectFilesystem, type ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import { clientSchema, type ClientConfig } from '../../fuse-client/config.ts';
import { mdsSchema, type MdsConfig } from '../../mds/config.ts';
import { Mds } from '../../mds/mds.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import { monSchema, type MonConfig } from '../../mon/config.ts';
import { Mon } from '../../mon/mon.ts';
import { MemoryDisk as MonDisk, MemoryStore as MonStore } from '../../mon/store/memory.ts';
import { osdSchema, type OsdConfig } from '../../osd/config.ts';
import { Osd } from '../../osd/osd.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { MemoryImage, MemoryStore } from '../../osd/store/memory.ts';

export interface SimClusterOptions extends SimWorldOptions {
  readonly osds?: number;
  readonly size?: number;
  readonly pgNum?: number;
  readonly mds?: readonly string[];
  /** Virtual time that an OSD's disk takes to make a group of transactions durable. */
  readonly commitDelayMs?: number;
  /** Virtual time that the mon's store takes for a commit. Default: none. */
  readonly monCommitMs?: number;
  /** Of each OSD's disk. */
  readonly sizeBytesMax?: number;
  /** Those disks acknowledge before anything is durable: for showing that the checks notice. */
  readonly lyingDisks?: boolean;
  readonly monConfig?: Partial<MonConfig>;
  readonly osdConfig?: Partial<OsdConfig>;
  readonly mdsConfig?: Partial<MdsConfig>;
  readonly clientConfig?: Partial<ClientConfig>;
}

interface Daemon {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A daemon's place: its node, and how to make its next life. */
interface Slot {
  readonly node: SimNode;
  readonly make: (env: Env) => Daemon;
  /** What a crash does to its store beside the node's own loss. */
  readonly onCrash: () => void;
  running: Daemon | undefined;
}

/** Says "durable" at once. */
class LyingStore extends MemoryStore {
  override commit(transaction: readonly Mutation[]): Promise<void> {
    super.commit(transaction).catch(() => undefined);
    return Promise.resolve();
  }
}

export const fsid = '11111111-2222-4333-8444-555555555555';
const monAddress = 'mon.a:6789';
const startMs = 60_000;

export class SimCluster {
  readonly world: SimWorld;
  readonly options: SimClusterOptions;
  readonly osdNames: readonly string[];
  readonly mdsNames: readonly string[];
  readonly clients = new Map<string, ConnectedFilesystem>();
  readonly images = new Map<string, MemoryImage>();
  readonly #slots = new Map<string, Slot>();
  #admin: { readonly mon: MapFollower; readonly messenger: WireMessenger } | undefined;

  constructor(options: SimClusterOptions) {
    this.options = options;
    this.world = new SimWorld(options);
    this.osdNames = Array.from({ length: options.osds ?? 3 }, (_, id) => `osd.${id}`);
    this.mdsNames = (options.mds ?? ['a']).map((name) => `mds.${name}`);
    this.#addMon();
    for (const id of this.osdNames.keys()) this.#addOsd(id);
    for (const name of this.mdsNames) this.#addMds(name);
  }

  /** The life of that MDS; undefined while it is down. */
  mds(name: string): Mds | undefined {
    const { running } = this.#slot(name);
    return running instanceof Mds ? running : undefined;
  }

  /** The map of the mon that runs; undefined: none does. */
  get newestMap(): ClusterMap | undefined {
    const { running } = this.#slot('mon.a');
    return running instanceof Mon && running.isRunning ? running.map : undefined;
  }

  get daemonNames(): readonly string[] {
    return [...this.#slots.keys()];
  }

  isUp(name: string): boolean {
    return this.#slot(name).running !== undefined;
  }

  /** Starts everything and makes the pools and the filesystem. Await it inside `world.until`. */
  async start(): Promise<void> {
    await this.boot('mon.a');
    await Promise.all(this.osdNames.map((name) => this.boot(name)));
    const { size = 3, pgNum = 8 } = this.options;
    await this.command({ prefix: 'pool create', name: 'meta', size, pgNum });
    await this.command({ prefix: 'pool create', name: 'data', size, pgNum });
    await this.command({ prefix: 'fs new', name: 'nacre', metadataPool: 'meta', dataPool: 'data' });
    await Promise.all(this.mdsNames.map((name) => this.boot(name)));
  }

  /** Starts a daemon that is down, on a new life of its node if it crashed. */
  async boot(name: string): Promise<void> {
    const slot = this.#slot(name);
    if (slot.running !== undefined) return;
    const env = slot.node.alive ? slot.node.env : slot.node.boot();
    const daemon = slot.make(env);
    slot.running = daemon;
    await daemon.start();
  }

  /** As {@link boot}, not awaited: a start that fails while its node lives fails the run. */
  restart(name: string): void {
    const { node } = this.#slot(name);
    this.boot(name).catch((error: unknown) => {
      if (node.alive)
        this.world.fail(new Error(`${name} did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
    });
  }

  crash(name: string, options: CrashOptions = {}): void {
    const slot = this.#slot(name);
    if (slot.running === undefined) return;
    slot.running = undefined;
    slot.node.crash(options);
    slot.onCrash();
  }

  /** Connects a client on the node of that name; of a kernel it has only the locks. */
  async connect(name: string): Promise<ConnectedFilesystem> {
    const node = this.world.node(name);
    const env = node.alive ? node.env : node.boot();
    const config = makeConfig(clientSchema, {
      ...this.options.clientConfig,
      name: `client.${name}`,
      fsid,
      mons: [monAddress],
      connectTimeoutMs: 300_000,
    });
    const client = await connectFilesystem(env, { name: `client.${name}`, fsid, mons: [monAddress], config });
    lockPages(client.filesystem);
    this.clients.set(name, client);
    return client;
  }

  crashClient(name: string): void {
    this.clients.delete(name);
    this.world.node(name).crash();
  }

  async command<T = unknown>(command: { readonly prefix: string } & Readonly<Record<string, unknown>>): Promise<T> {
    if (this.#admin === undefined) {
      const { env } = this.world.node('admin');
      const messenger = new WireMessenger(env, { entity: entityName('client', 'admin'), instance: instanceId(env.random.id()), fsid });
      const mon = new MapFollower(env, { messenger, mons: [monAddress] });
      await mon.start({ timeoutMs: startMs });
      this.#admin = { mon, messenger };
    }
    return this.#admin.mon.command<T>(command);
  }

  /** The newest map. */
  async map(): Promise<ClusterMap> {
    await this.command({ prefix: 'status' });
    const { mon } = this.#admin as { readonly mon: MapFollower };
    return mon.map;
  }

  /** Everything up, every PG active and clean. */
  async settle(): Promise<void> {
    for (const name of this.daemonNames) if (!this.isUp(name)) await this.boot(name);
    for (;;) {
      const status = await this.command<{ pgs: { byState: Record<string, number> }; osds: { up: boolean }[] }>({ prefix: 'status' });
      const states = Object.keys(status.pgs.byState).filter((state) => (status.pgs.byState[state] ?? 0) > 0);
      if (states.length === 1 && states[0] === 'active+clean' && status.osds.every(({ up }) => up)) return;
      await this.world.sleep(500);
    }
  }

  /** The nodes of all daemons and clients, for partitions. */
  get nodeNames(): readonly string[] {
    return this.world.nodes.map(({ name }) => name);
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`no daemon ${name}`);
    return slot;
  }

  #addMon(): void {
    const disk = new MonDisk();
    const { monCommitMs = 0 } = this.options;
    const config = makeConfig(monSchema, { ...this.options.monConfig, name: 'mon.a', fsid, bootstrap: true });
    const make = (env: Env): Daemon => {
      const store = new MonStore({ disk, ...(monCommitMs > 0 ? { slow: { env, commitMs: monCommitMs } } : {}) });
      return new Mon(env, { name: 'mon.a', fsid, listen: monAddress, store, config });
    };
    this.#slots.set('mon.a', { node: this.world.node('mon.a'), make, onCrash: () => undefined, running: undefined });
  }

  #addOsd(id: number): void {
    const name = `osd.${id}`;
    const image = new MemoryImage();
    this.images.set(name, image);
    let store: MemoryStore | undefined;
    const config = makeConfig(osdSchema, { ...this.options.osdConfig, name, fsid, mons: [monAddress], host: `host${id}` });
    const make = (env: Env): Daemon => {
      const { commitDelayMs, sizeBytesMax, lyingDisks } = this.options;
      const Store = lyingDisks === true ? LyingStore : MemoryStore;
      store = new Store(env, {
        image,
        fsid,
        ...(commitDelayMs === undefined ? {} : { commitDelayMs }),
        ...(sizeBytesMax === undefined ? {} : { sizeBytesMax }),
      });
      return new Osd(env, { id, fsid, listen: `${name}:6800`, host: `host${id}`, mons: [monAddress], store, config });
    };
    this.#slots.set(name, { node: this.world.node(name), make, onCrash: () => store?.crash(), running: undefined });
  }

  #addMds(name: string): void {
    const config = makeConfig(mdsSchema, { ...this.options.mdsConfig, name, fsid, mons: [monAddress] });
    const make = (env: Env): Daemon => new Mds(env, { name: name, fsid, listen: `${name}:6810`, mons: [monAddress], config });
    this.#slots.set(name, { node: this.world.node(name), make, onCrash: () => undefined, running: undefined });
  }
}
