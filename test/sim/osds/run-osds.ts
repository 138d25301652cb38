/**
 * One simulated run of OSDs under harm: bursts of work and faults, long quiet stretches between them, and the checks,
 * all from one seed. README.md of test/sim tells what is checked.
 * @module
 */
import { formatLine, type SimLine } from '../../../common/runtime/sim/log.ts';
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { allPgs } from '../../../common/maps/placement.ts';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import type { PgStatus, ScrubOrdered } from '../../../mon/client/reports.ts';
import { OsdCluster } from '../../support/osd-cluster.ts';
import { runReported, type SeedResult } from '../seed.ts';
import { type BurstKnobs, drawKnobs, type Knobs } from './knobs.ts';
import { objectFaults } from './faults.ts';
import { ObjectNemesis } from './nemesis.ts';
import { Rules } from './rules.ts';
import { type ClientLife, Workload } from './workload.ts';

export interface OsdSeedOptions {
  readonly seed: number;
  /** A run of a minute instead of hours, for `npm test`. */
  readonly short?: boolean;
  /** No faults at all: for telling a wrong model from a wrong cluster. */
  readonly calm?: boolean;
  readonly onLine?: (line: SimLine) => void;
}

export interface OsdSeedResult extends SeedResult {
  readonly osds: number;
  /** Times that a rule was looked at. */
  readonly ruleChecks: number;
  readonly faultsByKind: ReadonlyMap<string, number>;
  /** Histories that could not be judged. */
  readonly undecided: number;
}

/** Runs one seed. Rejects with {@link SeedFailure}. */
export function runOsdSeed(options: OsdSeedOptions): Promise<OsdSeedResult> {
  return runReported(new OsdRun(options));
}

/** Everything is well again within so much virtual time after the last fault. */
const healMs = 1_800_000;
/** Expected of daemons whose disk fails: they end. */
const diskFailures = /^the store (refused|could not)/;
/** Expected where disks rot. */
const damage = [/scrub found a copy/, /a damaged copy cannot be mended/];

/** Time in which rotten copies are worked with before they are repaired. */
const rottenMs = 3_000;
/** A connection may break while a copy is fetched, and once more. */
const repairRoundsMax = 5;

/** Has all its copies where they belong, damaged or not. */
function isClean(state: string): boolean {
  const words = state.split('+');
  return words.includes('active') && words.includes('clean');
}

class OsdRun {
  readonly cluster: OsdCluster;
  readonly #options: OsdSeedOptions;
  readonly #knobs: Knobs;
  readonly #rules: Rules;
  readonly #workload: Workload;
  readonly #nemesis: ObjectNemesis;
  #phase = 'start';

  constructor(options: OsdSeedOptions) {
    this.#options = options;
    const { seed, onLine } = options;
    this.#knobs = drawKnobs(seed, options.short === true);
    this.cluster = new OsdCluster({
      seed: `osds/${seed}`,
      ...this.#knobs.cluster,
      stepsMax: 50_000_000,
      logs: {
        expectedErrors: this.#findsDamage ? [diskFailures, ...damage] : [diskFailures],
        ...(onLine === undefined ? {} : { onLine }),
      },
      onCommit: (id, store, transaction) => this.#rules.committing(id, store, transaction),
    });
    const { world } = this.cluster;
    this.#rules = new Rules(this.cluster);
    this.#workload = new Workload(this.cluster, this.#rules, this.#knobs.workload);
    this.#nemesis = new ObjectNemesis(this.cluster, world.fork('nemesis'), this.#knobs.nemesis, objectFaults, {
      killClient: () => this.#killClient(),
    });
    this.#victims = world.fork('victims');
  }

  /** Copies may be found that cannot be read. */
  get #findsDamage(): boolean {
    const { rot, badReads } = this.#knobs.nemesis;
    return rot || badReads;
  }

  async run(): Promise<OsdSeedResult> {
    const { world } = this.cluster;
    await world.until(this.#everything(), { timeoutMs: 24 * 3_600_000, what: 'the end of the run' });
    return {
      traceHash: world.traceHash,
      steps: world.steps,
      virtualMs: world.nowMs,
      calls: this.#workload.calls,
      faults: this.#nemesis.history.length,
      osds: this.cluster.osdCount,
      ruleChecks: this.#rules.checks,
      faultsByKind: this.#nemesis.counts,
      undecided: this.#workload.undecided,
    };
  }

  report(error: unknown): string {
    const { world } = this.cluster;
    const { seed, short, onLine } = this.#options;
    const logs = world.logs.lines
      .filter(({ level }) => level !== 'debug')
      .slice(onLine === undefined ? -40 : -10)
      .map(formatLine);
    return [
      `seed ${seed} failed at ${world.nowMs.toFixed(3)} virtual ms, step ${world.steps}, phase: ${this.#phase}`,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      '--- settings',
      JSON.stringify(this.#knobs),
      '--- faults',
      ...this.#nemesis.history.slice(-25),
      '--- waiting',
      ...[...this.#workload.busy].map(([worker, { sinceMs, what }]) => `${worker} since ${sinceMs.toFixed(3)} ms: ${what.slice(0, 200)}`),
      '--- log',
      ...logs,
      `replay: npm run sim -- --osds${short === true ? ' --short' : ''} --seed ${seed}`,
    ].join('\n');
  }

  async #everything(): Promise<void> {
    const { cluster } = this;
    const { bursts, pools } = this.#knobs;
    await cluster.startInside();
    this.#workload.addTargets(cluster.pool, 'o', pools[0]?.objects ?? 1);
    for (const [i, { objects, ...pool }] of pools.slice(1).entries()) {
      this.#workload.addTargets(await cluster.createPool({ name: `pool${i}`, ...pool }), `p${i}-`, objects);
    }
    for (const [n, burst] of bursts.entries()) {
      this.#phase = `burst ${n}`;
      await this.#burst(n, burst.ms);
      if (burst.heals) {
        await this.#heal(`after burst ${n}`);
        if (this.#options.calm !== true) await this.#administer(burst.then);
      }
      this.#phase = `quiet after burst ${n}`;
      await cluster.world.sleep(burst.quietMs);
    }
    await this.#heal('the end');
    await this.#finish();
  }

  async #administer(what: BurstKnobs['then']): Promise<void> {
    this.#phase = what;
    if (what === 'replace disk') await this.#nemesis.replaceDisk();
    else if (what === 'remove OSD') await this.#nemesis.removeOsd();
    else if (what === 'rot') await this.#rot();
  }

  /** Copies rot; nobody notices, and what is left of it is repaired. */
  async #rot(): Promise<void> {
    const { world } = this.cluster;
    this.#nemesis.rotSome();
    const untilMs = world.nowMs + rottenMs;
    await Promise.all(Array.from({ length: this.#knobs.clients }, (_, c) => this.#clientWork(c, Math.floor(world.nowMs), untilMs)));
    await this.#repairAll();
    await this.cluster.settle();
  }

  async #burst(n: number, ms: number): Promise<void> {
    const { world } = this.cluster;
    const untilMs = world.nowMs + ms;
    for (let c = 0; c < this.#knobs.clients; c += 1) {
      const done = this.#clientWork(c, n, untilMs);
      this.#pending.push(done);
      done.catch((error: unknown) => world.fail(error instanceof Error ? error : new Error(String(error))));
    }
    if (this.#options.calm !== true) await this.#nemesis.run(untilMs);
    await world.sleep(Math.max(0, untilMs - world.nowMs));
  }

  /** One client, and when it dies the next in its place. */
  async #clientWork(c: number, n: number, untilMs: number): Promise<void> {
    const { world } = this.cluster;
    while (world.nowMs < untilMs) {
      const client = await this.#client(c);
      await Promise.all(
        Array.from({ length: this.#knobs.workersPerClient }, (_, w) => {
          const worker = `${client.name}.${w}.${n}`;
          return this.#workload.work(worker, client, world.fork(`work/${worker}/${world.nowMs}`), untilMs);
        }),
      );
    }
  }

  /** The client in place `c`. */
  async #client(c: number): Promise<ClientLife> {
    const known = this.#clients.get(c);
    if (known?.dead === false) return known;
    const name = `c${c}${known === undefined ? '' : `-${this.#deaths}`}`;
    let die = (): void => undefined;
    const death = new Promise<void>((resolve) => (die = resolve));
    const client = { name, handle: await this.cluster.client(name), death, dead: false, die };
    this.#clients.set(c, client);
    return client;
  }

  #killClient(): string | undefined {
    const living = [...this.#clients.values()].filter(({ dead }) => !dead);
    if (living.length === 0) return undefined;
    const client = this.#victims.pick(living);
    this.#deaths += 1;
    client.dead = true;
    this.cluster.world.node(client.name).crash();
    client.die();
    return client.name;
  }

  readonly #clients = new Map<number, ClientLife & { readonly die: () => void }>();
  readonly #victims: Prng;
  #deaths = 0;
  readonly #pending: Promise<void>[] = [];

  /** Ends all harm; everything comes back to health, every call is answered, all copies are equal. */
  async #heal(when: string): Promise<void> {
    const { cluster } = this;
    const { world } = cluster;
    this.#phase = `healing ${when}`;
    await this.#nemesis.heal();
    const late = world.schedule(healMs, 'too late', () =>
      world.fail(new Error(`the cluster has not come back to health within ${healMs} virtual ms`)),
    );
    await cluster.settle(isClean);
    await Promise.all(this.#pending.splice(0));
    await cluster.settle(isClean);
    await this.#nemesis.forgetLost();
    if (this.#findsDamage) await this.#repairAll();
    await cluster.settle();
    late.run = undefined;
    this.#phase = `checks ${when}`;
    const differences = await cluster.differences();
    if (differences.length > 0) throw new Error(`copies differ:\n${differences.slice(0, 20).join('\n')}`);
  }

  /** Has every PG scrubbed deeply and what is damaged replaced, once it is clean; again where that was interrupted. */
  async #repairAll(): Promise<void> {
    const { cluster } = this;
    await cluster.settle(isClean);
    for (let round = 1; ; round += 1) {
      const orders = new Map<string, number>();
      for (const { pg } of await cluster.command<readonly PgStatus[]>({ prefix: 'pg ls' }))
        orders.set(pg, (await cluster.command<ScrubOrdered>({ prefix: 'pg repair', pg })).order);
      const isDone = ({ pg, state, lastOrder }: PgStatus): boolean => lastOrder >= (orders.get(pg) ?? 0) && !state.includes('scrubbing');
      let pgs: readonly PgStatus[] = [];
      do {
        await cluster.world.sleep(200);
        pgs = await cluster.command<readonly PgStatus[]>({ prefix: 'pg ls' });
      } while (!pgs.every(isDone));
      if (!pgs.some(({ state }) => state.includes('inconsistent'))) return;
      if (round === repairRoundsMax) throw new Error(`damage is left after ${round} repairs`);
    }
  }

  /** Everything acknowledged can be read, every history is linearizable, nothing is left over. */
  async #finish(): Promise<void> {
    this.#damageCopies();
    this.#phase = 'last reads';
    const reader = await this.cluster.client('reader');
    await Promise.all(this.#workload.targets.map((target) => this.#workload.call('reader', reader, target, { kind: 'read' })));
    this.#phase = 'linearizability';
    const [violation] = this.#workload.violations();
    if (violation !== undefined) throw new Error(violation);
    await this.#repairCopies();
    this.#phase = 'leftovers';
    await this.#checkLeftovers();
  }

  /** Of every PG one copy decays: its objects' data, records or omap entries. Reads must not notice. */
  #damageCopies(): void {
    const { cluster } = this;
    const random = cluster.world.fork('damage');
    this.#phase = 'damage';
    // From here on only: what scrub reports before is a false alarm.
    cluster.world.logs.expectError(/^scrub found a copy/);
    for (const { pgId: pg, acting } of allPgs(cluster.monMap as ClusterMap)) {
      if (acting.length < 2) continue;
      const store = cluster.store(random.pick(acting));
      for (const { name } of store.objects(pg, '', 1_000)) {
        const [entry] = store.omapRange(pg, name, Buffer.alloc(0), 1);
        if (random.chance(0.3)) store.corrupt(pg, name, 0);
        else if (entry !== undefined && random.chance(0.5)) store.corruptRecord(pg, name, entry.key);
        else if (random.chance(0.3)) store.corruptRecord(pg, name);
      }
    }
  }

  /** Nothing of the damage is left, and copies are equal again. */
  async #repairCopies(): Promise<void> {
    const { cluster } = this;
    this.#phase = 'repair';
    await this.#repairAll();
    await cluster.settle();
    const differences = await cluster.differences();
    if (differences.length > 0) throw new Error(`copies differ after repair:\n${differences.slice(0, 20).join('\n')}`);
  }

  async #checkLeftovers(): Promise<void> {
    const { cluster } = this;
    for (let tries = 1; ; tries += 1) {
      const left = cluster.leftovers();
      if (left.length === 0) return;
      if (tries === 10) throw new Error(`copies that belong nowhere are left over:\n${left.join('\n')}`);
      await cluster.world.sleep(this.#knobs.strayCheckMs);
    }
  }
}
