/**
 * One mon, OSDs on memory stores and object clients in a simulated world: for scenarios about objects alone.
 * @module
 */
import { makeConfig } from '../../common/config/schema.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { entityName, instanceId, osdId, parsePgId, pgId, poolId, type PgId, type PoolId } from '../../common/maps/ids.ts';
import { allPgs, pgMappingAt, pgOfObject, type PgMapping } from '../../common/maps/placement.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { CrashOptions, SimNode } from '../../common/runtime/sim/node.ts';
import { SimWorld, type SimWorldOptions } from '../../common/runtime/sim/world.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import { monSchema, type MonConfig } from '../../mon/config.ts';
import type { LeaseRecord } from '../../mon/core/silences.ts';
import { Mon } from '../../mon/mon.ts';
import { decodeLeaseRecord } from '../../mon/store/lease-codec.ts';
import { MemoryDisk as MonDisk, MemoryStore as MonStore } from '../../mon/store/memory.ts';
import { Objecter } from '../../osd/client/objecter.ts';
import { decodeLogEntry } from '../../osd/core/log-entry.ts';
import { osdSchema, type OsdConfig } from '../../osd/config.ts';
import { Osd } from '../../osd/osd.ts';
import { MemoryImage, MemoryStore, type MemoryStoreOptions } from '../../osd/store/memory.ts';
import type { Mutation } from '../../osd/store/object-store.ts';
import { compareCopies } from './compare-copies.ts';

export interface OsdClusterOptions extends SimWorldOptions {
  readonly osds?: number;
  /** Name of the machine that osd `id` is on. Default: each on its own. */
  readonly hostOf?: (id: number) => string;
  readonly size?: number;
  readonly minSize?: number;
  readonly pgNum?: number;
  readonly sizeBytesMax?: number;
  /** Virtual time that making a group of transactions durable takes. */
  readonly commitDelayMs?: number;
  /** Virtual time that the mon's store takes for a commit. Default: none. */
  readonly monCommitMs?: number;
  /** Sees every transaction that an OSD hands to its store, before it is applied. */
  readonly onCommit?: (id: number, store: MemoryStore, transaction: readonly Mutation[]) => void;
  /** Largest transaction of the OSDs' stores. */
  readonly recordBytesMax?: number;
  readonly monConfig?: Partial<MonConfig>;
  readonly osdConfig?: Partial<OsdConfig>;
}

export interface ObjectClientHandle {
  readonly objects: Objecter;
  readonly monClient: MapFollower;
  readonly messenger: WireMessenger;
}

interface OsdSlot {
  readonly node: SimNode;
  readonly host: string;
  image: MemoryImage;
  /** Its disk is gone: it never comes back. */
  lost: boolean;
  store: MemoryStore | undefined;
  osd: Osd | undefined;
}

class WatchedStore extends MemoryStore {
  readonly #watch: (store: MemoryStore, transaction: readonly Mutation[]) => void;

  constructor(env: Env, options: MemoryStoreOptions, watch: (store: MemoryStore, transaction: readonly Mutation[]) => void) {
    super(env, options);
    this.#watch = watch;
  }

  override commit(transaction: readonly Mutation[]): Promise<void> {
    this.#watch(this, transaction);
    return super.commit(transaction);
  }
}

const fsid = '11111111-2222-4333-8444-555555555555';
const monAddress = 'mon.a:6789';

export class OsdCluster {
  readonly world: SimWorld;
  readonly options: OsdClusterOptions;
  pool: PoolId = poolId(1);
  readonly #slots: OsdSlot[] = [];
  readonly #ids: number[] = [];
  readonly #clients = new Map<string, ObjectClientHandle>();
  #mon: Mon | undefined;
  #lastMap: ClusterMap | undefined;
  readonly #monDisk = new MonDisk();
  /** The mon begins to store this of its leases. */
  onSaveLeases: ((record: LeaseRecord) => void) | undefined;

  constructor(options: OsdClusterOptions) {
    this.options = options;
    this.world = new SimWorld(options);
    for (let id = 0; id < (options.osds ?? 3); id++) this.addOsd();
  }

  get osdCount(): number {
    return this.#slots.length;
  }

  /** Numbers of all that there ever were. */
  get osdIds(): readonly number[] {
    return this.#ids;
  }

  /** A started cluster with one pool. Not to be awaited inside `world.until`. */
  static async start(options: OsdClusterOptions): Promise<OsdCluster> {
    const cluster = new OsdCluster(options);
    await cluster.world.until(cluster.startInside(), { what: 'the start' });
    return cluster;
  }

  /** Runs `story` in a started cluster of its own. */
  static async tell(options: OsdClusterOptions, story: (cluster: OsdCluster) => Promise<void>): Promise<void> {
    const cluster = await OsdCluster.start(options);
    await cluster.world.until(story(cluster), { what: 'the end of the story' });
  }

  /** As {@link start}, to be awaited inside `world.until`. */
  async startInside(): Promise<void> {
    await this.bootMon();
    await Promise.all(this.#slots.map((_, id) => this.boot(id)));
    const { size = 3, pgNum = 4 } = this.options;
    this.pool = await this.createPool({ name: 'data', size, pgNum, minSize: this.options.minSize ?? Math.max(1, size - 1) });
  }

  async createPool(options: {
    readonly name: string;
    readonly size: number;
    readonly minSize: number;
    readonly pgNum: number;
  }): Promise<PoolId> {
    const { monClient } = await this.client('admin');
    const { id } = await monClient.command<{ id: number }>({ prefix: 'pool create', failureDomain: 'host', ...options });
    while (!monClient.map.pools.has(poolId(id))) await this.world.sleep(10);
    return poolId(id);
  }

  /** An administrative command. */
  async command<T = unknown>(command: { readonly prefix: string } & Readonly<Record<string, unknown>>): Promise<T> {
    return (await this.client('admin')).monClient.command<T>(command);
  }

  async bootMon(): Promise<void> {
    const node = this.world.node('mon.a');
    const env = node.alive ? node.env : node.boot();
    const config = makeConfig(monSchema, { ...this.options.monConfig, name: 'mon.a', fsid, bootstrap: true });
    const { monCommitMs = 0 } = this.options;
    const slow = monCommitMs > 0 ? { slow: { env, commitMs: monCommitMs } } : {};
    const store = new MonStore({ disk: this.#monDisk, ...slow, onSaveLeases: (bytes) => this.onSaveLeases?.(decodeLeaseRecord(bytes)) });
    this.#mon = new Mon(env, { name: 'mon.a', fsid, listen: monAddress, store, config });
    await this.#mon.start();
  }

  /** The mon's newest durable map; while it is down, the last one. Undefined before its first start. */
  get monMap(): ClusterMap | undefined {
    if (this.#mon?.isRunning === true) this.#lastMap = this.#mon.map;
    return this.#lastMap;
  }

  get monIsUp(): boolean {
    return this.#mon !== undefined;
  }

  crashMon(): void {
    this.world.node('mon.a').crash();
    this.#mon = undefined;
  }

  /** A place for one more OSD, with an empty disk; {@link boot} starts it. Returns its number. */
  addOsd(host?: string): number {
    const id = this.#slots.length;
    const node = this.world.node(`osd.${id}`);
    // A dead disk ends the daemon, and only that.
    node.onFailure = (error) => {
      if (!this.image(id).faults.failsCommits && !(error instanceof FsError && error.code === 'EIO')) return false;
      this.crash(id);
      return true;
    };
    this.#ids.push(id);
    this.#slots.push({
      node,
      host: host ?? this.options.hostOf?.(id) ?? `host${id}`,
      image: new MemoryImage(),
      lost: false,
      store: undefined,
      osd: undefined,
    });
    return id;
  }

  /** Ends the machine and all that was on its disk. */
  destroy(id: number): void {
    this.crash(id, { machine: true });
    const slot = this.#slot(id);
    slot.lost = true;
    slot.image = new MemoryImage();
  }

  isLost(id: number): boolean {
    return this.#slot(id).lost;
  }

  hostOf(id: number): string {
    return this.#slot(id).host;
  }

  /** What is durable on its disk. */
  image(id: number): MemoryImage {
    return this.#slot(id).image;
  }

  /** The daemon, while it runs. */
  osd(id: number): Osd | undefined {
    return this.#slots[id]?.osd;
  }

  /** Starts an OSD that is down. Resolves when it is up. */
  async boot(id: number): Promise<void> {
    const slot = this.#slot(id);
    if (slot.osd !== undefined || slot.lost) return;
    const env = slot.node.alive ? slot.node.env : slot.node.boot();
    const name = `osd.${id}`;
    const config = makeConfig(osdSchema, { ...this.options.osdConfig, name, fsid, mons: [monAddress], host: slot.host });
    const { sizeBytesMax, recordBytesMax, commitDelayMs, onCommit } = this.options;
    slot.store = new WatchedStore(
      env,
      {
        image: slot.image,
        fsid,
        ...(sizeBytesMax === undefined ? {} : { sizeBytesMax }),
        ...(recordBytesMax === undefined ? {} : { recordBytesMax }),
        ...(commitDelayMs === undefined ? {} : { commitDelayMs }),
      },
      (store, transaction) => onCommit?.(id, store, transaction),
    );
    slot.osd = new Osd(env, { id, fsid, listen: `${name}:6800`, host: slot.host, mons: [monAddress], store: slot.store, config });
    const { osd, node } = slot;
    const { life } = node;
    try {
      await osd.start();
    } catch (error) {
      slot.osd = undefined;
      if (node.isLife(life)) throw error;
    }
  }

  /** Ends the process: what was not durable is lost, but for the first `written` transactions of those being committed. */
  crash(id: number, options: CrashOptions & { readonly written?: number } = {}): void {
    const slot = this.#slot(id);
    if (slot.osd === undefined) return;
    slot.osd = undefined;
    slot.node.crash(options);
    slot.store?.crash(options.written);
    slot.store = undefined;
  }

  /** Puts another disk into an OSD that is down: an empty one, or one that was there before. Returns the one it had. */
  replaceDisk(id: number, image = new MemoryImage()): MemoryImage {
    const slot = this.#slot(id);
    if (slot.osd !== undefined) throw new Error(`osd.${id} runs`);
    const old = slot.image;
    slot.image = image;
    return old;
  }

  isUp(id: number): boolean {
    return this.#slot(id).osd !== undefined;
  }

  store(id: number): MemoryStore {
    const { store } = this.#slot(id);
    if (store === undefined) throw new Error(`osd.${id} is down`);
    return store;
  }

  /** An object client on a node of its own. */
  async client(name: string): Promise<ObjectClientHandle> {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const { env } = this.world.node(name);
    const messenger = new WireMessenger(env, { entity: entityName('client', name), instance: instanceId(env.random.id()), fsid });
    const monClient = new MapFollower(env, { messenger, mons: [monAddress] });
    await monClient.start({ timeoutMs: 600_000 });
    if (name !== 'admin') while (!monClient.map.pools.has(this.pool)) await this.world.sleep(10);
    const handle = { objects: new Objecter(env, { messenger, monClient }), monClient, messenger };
    this.#clients.set(name, handle);
    return handle;
  }

  async status(): Promise<{ readonly pgs: { readonly byState: Readonly<Record<string, number>> } }> {
    return (await this.client('admin')).monClient.command({ prefix: 'status' });
  }

  /** Boots what is down; resolves when every PG is active and clean, or as `isSettled` wants its state. */
  async settle(isSettled: (state: string) => boolean = (state) => state === 'active+clean'): Promise<void> {
    while (!this.monIsUp) await this.world.sleep(100);
    for (;;) {
      for (const [id] of this.#slots.entries()) if (!this.isUp(id)) await this.boot(id);
      const { byState } = (await this.status()).pgs;
      const states = Object.keys(byState).filter((state) => byState[state] !== 0);
      if (states.length > 0 && states.every(isSettled)) return;
      await this.world.sleep(200);
    }
  }

  /** Where the object's PG is, by the mon's map. */
  async mappingOf(object: string): Promise<PgMapping> {
    const { map } = (await this.client('admin')).monClient;
    const pool = map.pools.get(this.pool);
    const mapping = pool && pgMappingAt(map, this.pool, pgOfObject(pool, object));
    if (mapping === undefined) throw new Error('no pool');
    return mapping;
  }

  /** The PG that the object is in, by the mon's map. */
  pgIdOf(pool: PoolId, object: string): PgId {
    const info = this.monMap?.pools.get(pool);
    if (info === undefined) throw new Error(`no pool ${pool}`);
    return pgId(pool, pgOfObject(info, object));
  }

  /** Another name in the same PG. */
  async siblingOf(object: string): Promise<string> {
    const { pgId } = await this.mappingOf(object);
    for (let n = 0; ; n++) if ((await this.mappingOf(`sibling${n}`)).pgId === pgId) return `sibling${n}`;
  }

  /** Primary of the PG that holds the object, by the mon's map. */
  async primaryOf(object: string): Promise<number> {
    const { primary } = await this.mappingOf(object);
    if (primary === undefined) throw new Error(`no primary for ${object}`);
    return primary;
  }

  /** Doubles the pool's PGs, once the mon can be reached; resolves when its map says so. */
  async split(times = 1): Promise<number> {
    const { monClient } = await this.client('admin');
    const pgNum = (monClient.map.pools.get(this.pool)?.pgNum ?? 0) * 2 ** times;
    for (;;) {
      try {
        await monClient.command({ prefix: 'pool set', name: 'data', pgNum });
        break;
      } catch (error) {
        if (!(error instanceof FsError) || error.retry === 'never') throw error;
        await this.world.sleep(100);
      }
    }
    while (monClient.map.pools.get(this.pool)?.pgNum !== pgNum) await this.world.sleep(1);
    return pgNum;
  }

  /** Objects, and log entries, that are in a PG that does not own them, on any OSD that is up. */
  async misplaced(): Promise<string[]> {
    const { map } = (await this.client('admin')).monClient;
    const found: string[] = [];
    for (const [id, { store }] of this.#slots.entries()) {
      if (store === undefined) continue;
      for (const pg of store.collections()) {
        const { pool, seq } = parsePgId(pg) as { pool: PoolId; seq: number };
        const info = map.pools.get(pool);
        const isOwn = (object: string): boolean => info !== undefined && pgOfObject(info, object) === seq;
        const objects = [...store.objects(pg, '', 1_000_000).map(({ name }) => name), ...store.shelved(pg, 1_000_000)];
        const entries = store.metaRange(pg, 'k', 'm').map(({ value }) => decodeLogEntry(value).object);
        for (const name of [...objects, ...entries]) if (!isOwn(name)) found.push(`osd.${id}: ${name} in pg ${pg}`);
      }
    }
    return found;
  }

  /** Empty when all copies of every PG are the same, log included; else what differs. */
  async differences(): Promise<string[]> {
    const { monClient } = await this.client('admin');
    const found: string[] = [];
    for (const mapping of allPgs(monClient.map)) {
      const copies = mapping.acting.map((osd) => ({ name: `osd.${osd}`, store: this.store(osd) }));
      found.push(...(await compareCopies(mapping.pgId, copies)));
    }
    return found;
  }

  /** Copies on disks of OSDs that do not act for their PG. */
  leftovers(): string[] {
    const found: string[] = [];
    for (const [id, { image }] of this.#slots.entries()) {
      for (const pg of image.state.collections.keys()) {
        if (this.monMap?.pgs.get(pg)?.acting.includes(osdId(id)) !== true) found.push(`osd.${id} has a copy of pg ${pg}`);
      }
    }
    return found;
  }

  #slot(id: number): OsdSlot {
    const slot = this.#slots[id];
    if (slot === undefined) throw new Error(`no osd.${id}`);
    return slot;
  }
}
