/**
 * A client that is away as it works, again and again: evicted by command, cut off, or stopped, for shorter and for longer than its
 * session's lease. What it had fsynced is there for whoever comes next, and what it has sent and is late never comes after an eviction. Often its
 * writes stall on their way, and others hear late of the eviction. Without one nothing is lost.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import { instanceId, type InstanceId } from '../../common/maps/ids.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { Admin } from '../support/admin.ts';
import type { SimCluster } from './cluster.ts';
import { Fsyncer } from './fsyncer.ts';
import type { OpenFile, Paths } from './paths.ts';
import { record, recordBytes, versionIn } from './shared.ts';

const home = ['exile'];
/** What the log of an evicted client says of what it has lost. */
export const lossTold = /^evicted before this was written|^data not written|^a change of names is lost/;
/** Of a command that was not carried out, or not known to be. */
const passing: ReadonlySet<string> = new Set(['EAGAIN', 'ENOENT', 'ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED', 'ECANCELED']);
/** Of what an evicted client has lost. */
const lost: ReadonlySet<string> = new Set(['EIO', 'ESTALE', 'ESHUTDOWN']);

export interface ExileOptions {
  readonly cluster: SimCluster;
  /** Its name as a client, and its filesystem. */
  readonly name: string;
  readonly own: Paths;
  /** Other clients, by name. */
  readonly others: ReadonlyMap<string, Paths>;
  readonly random: Prng;
  /** Nothing stalls, nobody is cut off. */
  readonly calm: boolean;
  /** Of its session. */
  readonly leaseMs: number;
}

/** Leases at least so long are not outlasted: a run would be little else. */
const longLeaseMs = 10_000;

export class Exile {
  readonly #options: ExileOptions;
  readonly #admin: Admin;
  /** Versions of the file: the newest that was begun, and the newest that cannot go any more. */
  #begun = 0;
  #kept = 0;
  /** What it does in a directory of its own. */
  readonly #fsyncer: Fsyncer;
  #absences = 0;
  /** How often it was evicted for being away. */
  outlasted = 0;

  constructor(options: ExileOptions) {
    const { cluster, name } = options;
    this.#options = options;
    this.#admin = new Admin(cluster);
    this.#fsyncer = new Fsyncer('exiled', cluster.world.fork('exiled'));
    cluster.world.logs.expectError(lossTold, name);
  }

  async setup(): Promise<void> {
    const file = await this.#options.own.create(home, true);
    await file.write(0, record(0));
    await file.fsync();
    await file.close();
    await this.#fsyncer.setup(this.#options.own);
  }

  async step(): Promise<void> {
    const { calm, random } = this.#options;
    const file = await this.#options.own.open(home);
    await this.#write(file);
    if (random.chance(0.4)) await this.#sync(file);
    await this.#write(file);
    if (calm || (!this.#mustOutlast && random.chance(0.5))) await this.#beEvicted(file);
    else await this.#beAway(file);
    await orLost(file.close());
  }

  /** Where leases are short enough the first absence lasts until others have been given what it held, so that no run goes without. */
  get #mustOutlast(): boolean {
    return this.#absences === 0 && this.#options.leaseMs < longLeaseMs;
  }

  /** When nothing keeps it from the cluster any more: it hears of what it has lost without having been told. */
  async end(): Promise<void> {
    await orLost(this.#options.own.syncAll());
  }

  /** By command, while it goes on. */
  async #beEvicted(file: OpenFile): Promise<void> {
    const { cluster, random, calm } = this.#options;
    if (!calm && random.chance(0.6)) this.#stall();
    const syncing = random.chance(0.8) ? this.#sync(file) : Promise.resolve(undefined);
    await cluster.world.sleep(random.below(20));
    const left = (await this.#evict()) ? await this.#takeOver() : Infinity;
    const synced = await syncing;
    if (synced !== undefined && synced > left)
      throw new Error(`version ${synced} was fsynced; after the eviction version ${left} was there`);
  }

  /** Cut off or stopped in the midst of what it does. Who is away for longer than its lease is evicted as soon as others look at what it holds. */
  async #beAway(file: OpenFile): Promise<void> {
    const { cluster, others, own, random, leaseMs } = this.#options;
    const { world } = cluster;
    const instance = await this.#instance();
    const mustOutlast = this.#mustOutlast;
    const isLong = leaseMs < longLeaseMs && random.chance(0.7);
    const awayMs = isLong ? leaseMs * (1.1 + random.float()) : random.below(leaseMs / 4);
    const syncing = random.chance(0.8) ? this.#sync(file) : Promise.resolve(undefined);
    const working = orLost(this.#fsyncer.step(own));
    await world.sleep(random.below(20));
    const comeBack = random.chance(0.4) ? this.#freeze() : this.#cutOff();
    const back = mustOutlast ? undefined : world.sleep(awayMs).then(comeBack);
    // Whoever looks at what it has to itself waits for it, or for its eviction.
    const other = random.pick([...others.values()]);
    await (mustOutlast ? this.check(other) : this.#fsyncer.check(other));
    const evicted = instance !== undefined && cluster.newestMap?.blocklist.has(instance) === true;
    if (instance !== undefined) this.#absences += 1;
    const left = evicted ? await this.#takeOver() : Infinity;
    await back;
    comeBack();
    const synced = await syncing;
    await working;
    if (evicted) this.outlasted += 1;
    if (synced !== undefined && synced > left)
      throw new Error(`version ${synced} was fsynced; when its writer was evicted, as it was away, version ${left} was there`);
    await this.#fsyncer.check(random.pick([...others.values()]));
  }

  /** Stops it. Returns what makes it go on. */
  #freeze(): () => void {
    const node = this.#options.cluster.world.node(this.#options.name);
    node.pause();
    return () => node.resume();
  }

  /** From all daemons, or from those that tell it who it is: then what it sends to the OSDs goes on. Returns what makes that good. */
  #cutOff(): () => void {
    const { cluster, name, random } = this.#options;
    const { world, daemonNames, mdsNames } = cluster;
    const from = random.pick([daemonNames, mdsNames, ['mon.a', ...mdsNames]]);
    return world.fabric.partition([name], from, { oneWay: random.chance(0.2) });
  }

  /** By any client, at any time. Returns the version that is there. */
  async check(paths: Paths): Promise<number> {
    await this.#fsyncer.check(paths);
    const kept = this.#kept;
    const seen = await this.#read(paths);
    if (seen < kept || seen > this.#begun)
      throw new Error(`${home.join('/')} has version ${seen}; ${kept} was there to stay, ${this.#begun} is the newest`);
    return seen;
  }

  async #write(file: OpenFile): Promise<void> {
    this.#begun += 1;
    await orLost(file.write(0, record(this.#begun)));
  }

  /** Returns what is durable then; undefined: it was lost. */
  async #sync(file: OpenFile): Promise<number | undefined> {
    const written = this.#begun;
    if (!(await orLost(file.fsync()))) return undefined;
    this.#kept = Math.max(this.#kept, written);
    return written;
  }

  /** Another client goes on with the file: what it writes stays, whatever comes late. Returns the version that it has found. */
  async #takeOver(): Promise<number> {
    const { cluster, others, random } = this.#options;
    const heir = random.pick([...others.values()]);
    const found = await this.check(heir);
    this.#begun += 1;
    this.#kept = this.#begun;
    const file = await heir.open(home);
    await file.write(0, record(this.#begun));
    if (random.chance(0.7)) await file.fsync();
    await file.close();
    for (let looks = 1 + random.below(4); looks > 0; looks--) {
      await cluster.world.sleep(random.below(1_000));
      await this.check(random.pick([...others.values()]));
    }
    return found;
  }

  /** Of its session; undefined: nobody can say. */
  async #instance(): Promise<InstanceId | undefined> {
    try {
      return instanceId(await this.#admin.instanceOf(this.#options.name));
    } catch (error) {
      if (!passing.has(toFsError(error).code)) throw error;
      return undefined;
    }
  }

  async #evict(): Promise<boolean> {
    try {
      await this.#admin.evict(await this.#admin.instanceOf(this.#options.name));
      return true;
    } catch (error) {
      if (!passing.has(toFsError(error).code)) throw error;
      return false;
    }
  }

  /** For a while it reaches no OSD, and the mon neither those nor the other clients: they do not hear of newer maps. What it has sent comes last. */
  #stall(): void {
    const { cluster, name, others, random } = this.#options;
    const { world, osdNames } = cluster;
    const late = random.below(1_500);
    const mendMon = world.fabric.partition(['mon.a'], [...osdNames, ...others.keys()]);
    const mendOwn = world.fabric.partition([name], osdNames);
    world.schedule(late, 'exile', mendOwn);
    world.schedule(late + random.below(1_000), 'exile', mendMon);
  }

  async #read(paths: Paths): Promise<number> {
    const file = await paths.open(home);
    const bytes = await file.read(0, recordBytes);
    await file.close();
    const version = versionIn(bytes);
    if (version === undefined) throw new Error(`${home.join('/')} is torn: ${bytes.toString('latin1')}`);
    return version;
  }
}

/** Whether it was done. An evicted client is told once of what it has lost. */
export async function orLost(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (!lost.has(toFsError(error).code)) throw error;
    return false;
  }
}
