/**
 * One mon, OSDs on memory stores and object clients in a simulated world: for scenarios about objects alone.
 * @module
 */
import { makeConfig } from '../../common/config/schema.ts';
import { entityName, instanceId, poolId, type PoolId } from '../../common/maps/ids.ts';
import { allPgs, pgMappingAt, pgOfObject, type PgMapping } from '../../common/maps/placement.ts';
import type { CrashOptions, SimNode } from '../../common/runtime/sim/node.ts';
import { SimWorld, type SimWorldOptions } from '../../common/runtime/sim/world.ts';
import { WireMessenger } from '../../common/wire/messenger.ts';
import { MapFollower } from '../../mon/client/map-follower.ts';
import { monSchema, type MonConfig } from '../../mon/config.ts';
import { Mon } from '../../mon/mon.ts';
import { MemoryStore as MonStore } from '../../mon/store/memory.ts';
import { Objecter } from '../../osd/client/objecter.ts';
import { osdSchema, type OsdConfig } from '../../osd/config.ts';
import { Osd } from '../../osd/osd.ts';
import { MemoryImage, MemoryStore } from '../../osd/store/memory.ts';
import { compareCopies } from './compare-copies.ts';

export interface OsdClusterOptions extends SimWorldOptions {
  readonly osds?: number;
  readonly size?: number;
  readonly minSize?: number;
  readonly pgNum?: number;
  readonly sizeBytesMax?: number;
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
  image: MemoryImage;
  store: MemoryStore | undefined;
  osd: Osd | undefined;
}

const fsid = '11111111-2222-4333-8444-555555555555';
const monAddress = 'mon.a:6789';

export class OsdCluster {
  readonly world: SimWorld;
  readonly options: OsdClusterOptions;
  pool: PoolId = poolId(1);
  readonly #slots: OsdSlot[] = [];
  readonly #clients = new Map<string, ObjectClientHandle>();
  #mon: Mon | undefined;
  readonly #monStore = new MonStore();

  constructor(options: OsdClusterOptions) {
    this.options = options;
    this.world = new SimWorld(options);
    for (let id = 0; id < (options.osds ?? 3); id++)
      this.#slots.push({ node: this.world.node(`osd.${id}`), image: new MemoryImage(), store: undefined, osd: undefined });
  }

  get osdCount(): number {
    return this.#slots.length;
  }

  /** A started cluster with one pool. Not to be awaited inside `world.until`. */
  static async start(options: OsdClusterOptions): Promise<OsdCluster> {
    const cluster = new OsdCluster(options);
    await cluster.world.until(cluster.#start(), { what: 'the start' });
    return cluster;
  }

  /** Runs `story` in a started cluster of its own. */
  static async tell(options: OsdClusterOptions, story: (cluster: OsdCluster) => Promise<void>): Promise<void> {
    const cluster = await OsdCluster.start(options);
    await cluster.world.until(story(cluster), { what: 'the end of the story' });
  }

  async #start(): Promise<void> {
    await this.bootMon();
    await Promise.all(this.#slots.map((_, id) => this.boot(id)));
    const { monClient } = await this.client('admin');
    const { size = 3, pgNum = 4 } = this.options;
    const pool = await monClient.command<{ id: number }>({
      prefix: 'pool create',
      name: 'data',
      size,
      pgNum,
      minSize: this.options.minSize ?? Math.max(1, size - 1),
      failureDomain: 'host',
    });
    this.pool = poolId(pool.id);
    while (!monClient.map.pools.has(this.pool)) await this.world.sleep(10);
  }

  async bootMon(): Promise<void> {
    const node = this.world.node('mon.a');
    const env = node.alive ? node.env : node.boot();
    const config = makeConfig(monSchema, { ...this.options.monConfig, name: 'mon.a', fsid, bootstrap: true });
    this.#mon = new Mon(env, { name: 'mon.a', fsid, listen: monAddress, store: this.#monStore, config });
    await this.#mon.start();
  }

  get monIsUp(): boolean {
    return this.#mon !== undefined;
  }

  crashMon(): void {
    this.world.node('mon.a').crash();
    this.#mon = undefined;
  }

  /** Starts an OSD that is down. Resolves when it is up. */
  async boot(id: number): Promise<void> {
    const slot = this.#slot(id);
    if (slot.osd !== undefined) return;
    const env = slot.node.alive ? slot.node.env : slot.node.boot();
    const name = `osd.${id}`;
    const config = makeConfig(osdSchema, { ...this.options.osdConfig, name, fsid, mons: [monAddress], host: `host${id}` });
    slot.store = new MemoryStore(env, {
      image: slot.image,
      fsid,
      ...(this.options.sizeBytesMax === undefined ? {} : { sizeBytesMax: this.options.sizeBytesMax }),
    });
    slot.osd = new Osd(env, { id, fsid, listen: `${name}:6800`, host: `host${id}`, mons: [monAddress], store: slot.store, config });
    const { osd, node } = slot;
    const { life } = node;
    try {
      await osd.start();
    } catch (error) {
      if (node.isLife(life)) throw error;
    }
  }

  /** Ends the process: what was not durable is lost. */
  crash(id: number, options: CrashOptions = {}): void {
    const slot = this.#slot(id);
    if (slot.osd === undefined) return;
    slot.osd = undefined;
    slot.node.crash(options);
    slot.store?.crash();
    slot.store = undefined;
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
    await monClient.start({ timeoutMs: 60_000 });
    if (name !== 'admin') while (!monClient.map.pools.has(this.pool)) await this.world.sleep(10);
    const handle = { objects: new Objecter(env, { messenger, monClient }), monClient, messenger };
    this.#clients.set(name, handle);
    return handle;
  }

  async status(): Promise<{ readonly pgs: { readonly byState: Readonly<Record<string, number>> } }> {
    return (await this.client('admin')).monClient.command({ prefix: 'status' });
  }

  /** Boots what is down; resolves when every PG is active and clean. */
  async settle(): Promise<void> {
    while (!this.monIsUp) await this.world.sleep(100);
    for (const [id] of this.#slots.entries()) if (!this.isUp(id)) await this.boot(id);
    for (;;) {
      const { byState } = (await this.status()).pgs;
      const states = Object.keys(byState).filter((state) => byState[state] !== 0);
      if (states.length === 1 && states[0] === 'active+clean') return;
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

  #slot(id: number): OsdSlot {
    const slot = this.#slots[id];
    if (slot === undefined) throw new Error(`no osd.${id}`);
    return slot;
  }
}
