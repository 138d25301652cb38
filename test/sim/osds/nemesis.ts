/**
 * Does harm to a cluster of OSDs, from a seed, and administers it while it is harmed.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { type EntityName, entityName } from '../../../common/maps/ids.ts';
import { calmNetwork } from '../../../common/runtime/sim/network.ts';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import type { MemoryObject } from '../../../osd/store/memory-state.ts';
import type { OsdCluster } from '../../support/osd-cluster.ts';

export interface NemesisOptions {
  /** Longest time between one fault and the next. */
  readonly pauseMs: number;
  /** What the mon gives to OSDs. */
  readonly leaseMs: number;
  /** Longest time that something is stopped, cut off or down: beyond the lease. */
  readonly harmMs: number;
  /** Clocks may go so much too fast or too slow. */
  readonly clockDrift: number;
  /** OSDs are added up to so many. */
  readonly osdsMax: number;
  /** Disks forget bits. Then no disk is lost, and pools keep three copies: one damage at a time is what can be mended. */
  readonly rot: boolean;
  /** Disks do not give what they hold, now and then, for a while: one at a time. */
  readonly badReads: boolean;
}

/** What the run does on behalf of the nemesis. */
export interface NemesisHelp {
  /** Ends the life of a client; returns its name, or nothing when there is none. */
  killClient(): string | undefined;
}

/** One kind of harm. It says what it does, or nothing when it can do nothing now. */
export type Fault = (this: ObjectNemesis) => string | undefined;
/** Kinds of harm by name, each as often as it weighs. */
export type Faults = Readonly<Record<string, { readonly weight: number; readonly strike: Fault }>>;

/** Flags of the map under which data is less safe, or not to be had. */
export const harmfulFlags = ['norecover', 'noout', 'pause'];

/** Copies that rot at a time. */
const rotMax = 12;

export class ObjectNemesis {
  /** What was done, for a failure's report. */
  readonly history: string[] = [];
  readonly counts = new Map<string, number>();
  readonly cluster: OsdCluster;
  readonly random: Prng;
  readonly options: NemesisOptions;
  readonly help: NemesisHelp;
  /** How many PGs each pool is to have. */
  readonly pgNums = new Map<number, number>();
  /** Commands that the mon has not answered. */
  readonly #telling = new Set<Promise<void>>();
  /** Until all is healed, what was prepared may strike. */
  #strikes = false;
  readonly #faults: readonly (readonly [name: string, fault: Fault])[];

  constructor(cluster: OsdCluster, random: Prng, options: NemesisOptions, faults: Faults, help: NemesisHelp) {
    this.cluster = cluster;
    this.random = random;
    this.options = options;
    this.help = help;
    this.#faults = Object.entries(faults).flatMap(([name, { weight, strike }]) =>
      Array.from({ length: weight }, () => [name, strike] as const),
    );
  }

  async run(untilMs: number): Promise<void> {
    const { world } = this.cluster;
    this.#strikes = true;
    while (world.nowMs < untilMs) {
      await world.sleep(this.random.below(this.options.pauseMs));
      if (world.nowMs >= untilMs) return;
      const [name, strike] = this.random.pick(this.#faults);
      const done = strike.call(this);
      if (done !== undefined) this.note(name, done);
      for (const id of this.cluster.osdIds) if (!this.cluster.isUp(id) && this.random.below(3) === 0) this.boot(id);
    }
  }

  /** Ends all harm and all that an administrator would undo. What is damaged on disks stays so. */
  async heal(): Promise<void> {
    const { cluster } = this;
    const { world } = cluster;
    this.#strikes = false;
    cluster.onSaveLeases = undefined;
    world.fabric.heal();
    world.fabric.faults = calmNetwork;
    for (const node of world.nodes) node.resume();
    if (!cluster.monIsUp) await cluster.bootMon();
    for (const id of cluster.osdIds) cluster.image(id).heal();
    await Promise.allSettled(this.#telling);
    for (const flag of harmfulFlags) await cluster.command({ prefix: 'flag unset', flag });
    for (const id of cluster.osdIds) {
      if (cluster.isLost(id) || cluster.monMap?.osds.has(id as never) !== true) continue;
      await cluster.command({ prefix: 'osd in', osd: id });
      await cluster.command({ prefix: 'osd reweight', osd: id, reweight: 1 });
    }
  }

  /**
   * Loses a disk for good while everything is well, and puts an empty one in its place, as a new OSD of the same host.
   * Nothing else happens until the mon knows.
   */
  async replaceDisk(): Promise<void> {
    const { cluster } = this;
    const id = this.aKnownOsd();
    if (id === undefined) return;
    cluster.destroy(id);
    const next = cluster.addOsd(cluster.hostOf(id));
    this.note('replaced disk', `the disk of osd.${id} is gone, osd.${next} comes in its place`);
    this.boot(next);
    const acts = (): boolean => [...(cluster.monMap?.pgs.values() ?? [])].some(({ acting }) => acting.includes(id as never));
    while (acts()) await cluster.world.sleep(100);
    await cluster.command({ prefix: 'osd out', osd: id });
  }

  /** Empties an OSD and takes it away, if there are hosts enough without it. */
  async removeOsd(): Promise<void> {
    const { cluster } = this;
    const id = this.aKnownOsd();
    if (id === undefined) return;
    const copies = Math.max(...[...(cluster.monMap?.pools.values() ?? [])].map(({ size }) => size));
    const hosts = new Set(cluster.osdIds.filter((other) => other !== id && !cluster.isLost(other)).map((other) => cluster.hostOf(other)));
    if (hosts.size < copies) return;
    this.note('removed', `osd.${id} is emptied and removed`);
    await cluster.command({ prefix: 'osd out', osd: id });
    await cluster.settle();
    cluster.destroy(id);
    await this.forgetLost();
  }

  /** Takes those that will never come back out of the map, once everything is clean without them. */
  async forgetLost(): Promise<void> {
    const { cluster } = this;
    for (const id of cluster.osdIds) {
      if (!cluster.isLost(id)) continue;
      while (cluster.monMap?.osds.get(id as never)?.up === true) await cluster.world.sleep(100);
      if (cluster.monMap?.osds.has(id as never) === true) await cluster.command({ prefix: 'osd rm', osd: id });
    }
  }

  note(name: string, what: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.history.push(`${this.cluster.world.nowMs.toFixed(0).padStart(9)} ms: ${what}`);
  }

  boot(id: number): void {
    this.cluster.image(id).heal();
    this.cluster.boot(id).catch((error: unknown) => {
      this.cluster.world.fail(
        new Error(`osd.${id} did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      );
    });
  }

  /** Carried out by the mon as soon as it can be reached; not again once `isDone`. */
  command(command: { readonly prefix: string } & Readonly<Record<string, unknown>>, isDone = (): boolean => false): string {
    const telling = this.#tell(command, isDone);
    this.#telling.add(telling);
    telling
      .catch((error: unknown) => this.cluster.world.fail(new Error(`${command.prefix}: ${String(error)}`)))
      .finally(() => this.#telling.delete(telling));
    return Object.values(command).join(' ');
  }

  async #tell(command: { readonly prefix: string } & Readonly<Record<string, unknown>>, isDone: () => boolean): Promise<void> {
    for (;;) {
      try {
        await this.cluster.command(command);
        return;
      } catch (error) {
        if (isDone()) return;
        if (!(error instanceof FsError) || error.retry === 'never') throw error;
      }
    }
  }

  /** A time of harm, of any length up to the longest. */
  aWhile(): number {
    return this.random.below(this.random.chance(0.3) ? this.options.harmMs : this.options.harmMs / 6);
  }

  after(ms: number, act: () => void): void {
    this.cluster.world.schedule(ms, 'nemesis', act);
  }

  /** Of the transactions being committed there, how many are on the disk already: any number. */
  written(id: number): number {
    const running = this.cluster.osd(id)?.context === undefined ? 0 : this.cluster.store(id).beingWritten;
    return this.random.below(running + 1);
  }

  anOsd(): number {
    return this.random.pick(this.cluster.osdIds.filter((id) => !this.cluster.isLost(id)));
  }

  /** While everything is well, damages one copy of some objects; each is noted. */
  rotSome(): void {
    for (let tries = 0; tries < rotMax; tries += 1) {
      const what = this.rot();
      if (what !== undefined) this.note('rot', what);
    }
  }

  /**
   * Damages one copy of an object: a block of its data, its record, or an entry of its omap. Never the last good one: no
   * other copy of it is damaged, whoever has it, and another member of the acting set, up or not, has one.
   */
  rot(): string | undefined {
    const { cluster } = this;
    const id = this.anOsd();
    const image = cluster.image(id);
    const copies = [...image.state.collections].flatMap(([pg, { objects }]) =>
      [...objects.entries()].map(([name, object]) => ({ pg, name, object })),
    );
    if (copies.length === 0) return undefined;
    const { pg, name, object } = this.random.pick(copies);
    const pool = pg.slice(0, pg.indexOf('.'));
    for (const other of cluster.osdIds)
      for (const [otherPg, { objects }] of cluster.image(other).state.collections)
        if (otherPg.startsWith(`${pool}.`) && isDamaged(objects.get(name))) return undefined;
    const acting = cluster.monMap?.pgs.get(cluster.pgIdOf(Number(pool) as never, name))?.acting ?? [];
    if (!acting.some((other) => other !== id && !cluster.isLost(other))) return undefined;
    // A running store shows it too.
    const disk = cluster.isUp(id) && cluster.osd(id)?.context !== undefined ? cluster.store(id) : image;
    const keys = [...object.omap.entries()].map(([key]) => key);
    const roll = this.random.below(3);
    if (roll === 0 && disk.corrupt(pg, name, this.random.below(object.size + 1))) return `osd.${id}: a block of ${name} in pg ${pg} rots`;
    if (roll === 1 && keys.length > 0 && disk.corruptRecord(pg, name, Buffer.from(this.random.pick(keys), 'latin1')))
      return `osd.${id}: an omap entry of ${name} in pg ${pg} rots`;
    return disk.corruptRecord(pg, name) ? `osd.${id}: the record of ${name} in pg ${pg} rots` : undefined;
  }

  /** One that the mon knows. */
  aKnownOsd(): number | undefined {
    const id = this.anOsd();
    return this.cluster.monMap?.osds.has(id as never) === true ? id : undefined;
  }

  /** For how long it is away. */
  crashMon(ms = this.aWhile()): number {
    const { cluster } = this;
    cluster.crashMon();
    this.after(ms, () => {
      if (cluster.monIsUp) return;
      cluster.bootMon().catch((error: unknown) => cluster.world.fail(new Error(`the mon did not start: ${String(error)}`)));
    });
    return ms;
  }

  /**
   * The OSD is cut off from the mon, which dies: at once, or when the OSD has been let through, and the mon has just begun to store
   * that it is no longer silent. Then it is silent again, whatever it has been told, until its lease must be over.
   */
  dieAroundSilence(id: number, join: () => void): void {
    const { cluster, random } = this;
    const { leaseMs } = this.options;
    const name = entityName('osd', id);
    const die = (): void => {
      if (!cluster.monIsUp || !this.#strikes) return;
      this.note('mon restart', `crash the mon for ${this.crashMon(random.below(leaseMs / 2))} ms beside a silent ${name}`);
    };
    if (!this.#strikes) join();
    else if (random.chance(0.3)) {
      die();
      this.after(this.aWhile(), join);
    } else this.dieAsStored(name, die, join);
  }

  /** Ends the silence, and strikes while it is being stored that there is none any more. */
  dieAsStored(name: EntityName, die: () => void, join: () => void): void {
    const { cluster, random } = this;
    let named = true;
    cluster.onSaveLeases = ({ silences }) => {
      const isNamed = silences.has(name);
      if (named && !isNamed) {
        cluster.onSaveLeases = undefined;
        this.after((random.float() * (cluster.options.monCommitMs ?? 0)) / 2, () => {
          die();
          if (this.#strikes) this.cut([name], ['mon.a'], false, 2 * this.options.leaseMs);
        });
      }
      named = isNamed;
    };
    join();
  }

  cut(from: readonly string[], to: readonly string[], oneWay: boolean, ms = this.aWhile()): string {
    this.after(ms, this.cluster.world.fabric.partition(from, to, { oneWay }));
    return `cut ${from.join(' ')} off from ${to.join(' ')} for ${ms} ms${oneWay ? ', one way' : ''}`;
  }
}

function isDamaged(object: MemoryObject | undefined): boolean {
  return object !== undefined && (object.damaged.size > 0 || object.damagedOmap.size > 0 || object.damagedHead);
}
