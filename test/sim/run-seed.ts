/**
 * One simulated run: a cluster, its workloads, harm, and the checks, all from one seed.
 * @module
 */
import { formatLine, type SimLine } from '../../common/runtime/sim/log.ts';
import type { Filesystem } from '../../fuse-client/vfs/filesystem.ts';
import { assertScrubClean, scrubUnderLoad } from './fs-scrub.ts';
import { watchCaps } from './caps.ts';
import { SimCluster } from './cluster.ts';
import { Crowd } from './crowd.ts';
import { Exile } from './exile.ts';
import { watchFollowers } from './followers.ts';
import { clientsOf, knobs } from './knobs.ts';
import { Locker, watchLocks } from './lockers.ts';
import { Leavings } from './leavings.ts';
import { Fsyncer } from './fsyncer.ts';
import { defaultNemesis, gentleNemesis, Nemesis, shortLeaseMs } from './nemesis.ts';
import type { OwnTree } from './own-tree.ts';
import { Paths } from './paths.ts';
import { Pinner } from './pinner.ts';
import { watchRanks } from './ranks.ts';
import { assertReplicasEqual } from './replicas.ts';
import { assertRebuildable } from './records.ts';
import { Resizer } from './resizer.ts';
import { runReported, type SeedResult } from './seed.ts';
import { SharedClient } from './shared.ts';
import { assertNoStrays } from './strays.ts';
import { Scribe, type Log } from './scribes.ts';
import { Workers } from './workers.ts';

export interface SeedOptions {
  readonly seed: number;
  /** Virtual time under fault. */
  readonly harmMs?: number;
  readonly clients?: number;
  /** No faults at all: for telling a wrong model from a wrong cluster. */
  readonly calm?: boolean;
  /** Compares the whole tree after every call: slower, and finds the call that broke it. */
  readonly paranoid?: boolean;
  /** MDS ranks, between which directories go to and fro; default: one. */
  readonly ranks?: number;
  /** The OSDs' disks acknowledge before anything is durable: the run must fail. */
  readonly lyingDisks?: boolean;
  readonly onLine?: (line: SimLine) => void;
}

export interface FilesystemResult extends SeedResult {
  /** Histories that leave too much open to be judged. */
  readonly undecided: number;
  /** How often the client that is away was evicted for being so. */
  readonly outlasted: number;
  /** Ranks that stopped, and MDSs that were killed as they did. */
  readonly ranksStopped: number;
  readonly stoppingKilled: number;
}

/** Runs one seed. Rejects with {@link SeedFailure}. */
export function runSeed(options: SeedOptions): Promise<FilesystemResult> {
  return runReported(new FilesystemRun(options));
}

const stepsBeforePowerCut = 30;
/** Of several ranks: as many seconds as counts take from one to the next, twice. */
const countLooks = 15;
const replicaLooks = 5;

class FilesystemRun {
  readonly cluster: SimCluster;
  readonly #options: SeedOptions;
  readonly #nemesis: Nemesis;
  readonly #workers: Workers;
  readonly #resizer: Resizer;
  #crowd: Crowd | undefined;
  #outlasted = 0;

  constructor(options: SeedOptions) {
    this.#options = options;
    const { seed, onLine } = options;
    this.cluster = new SimCluster({
      seed,
      logs: onLine === undefined ? {} : { onLine },
      ...knobs(seed),
      ...(this.#ranks > 1 ? { mds: ['a', 'b', 'c', 'd'] } : {}),
      lyingDisks: options.lyingDisks === true,
    });
    this.#workers = new Workers(this.cluster.world);
    watchCaps(this.cluster);
    watchFollowers(this.cluster);
    if (this.#ranks > 1) watchRanks(this.cluster);
    watchLocks(this.cluster);
    this.#resizer = new Resizer(this.cluster, this.#ranks, this.cluster.world.fork('resizer'), options.calm === true);
    this.#nemesis = new Nemesis(
      this.cluster,
      this.cluster.world.fork('nemesis'),
      this.#leaseMs === shortLeaseMs ? gentleNemesis : defaultNemesis,
    );
  }

  async run(): Promise<FilesystemResult> {
    const { world } = this.cluster;
    await world.until(this.#everything(), { timeoutMs: 300_000, what: 'the end of the run' });
    return {
      traceHash: world.traceHash,
      steps: world.steps,
      virtualMs: world.nowMs,
      calls: this.#workers.calls,
      faults: this.#nemesis.history.length,
      undecided: this.#crowd?.undecided ?? 0,
      outlasted: this.#outlasted,
      ranksStopped: this.#resizer.stopped,
      stoppingKilled: this.#resizer.killed,
    };
  }

  get #ranks(): number {
    return this.#options.ranks ?? 1;
  }

  get #leaseMs(): number {
    return this.cluster.options.mdsConfig?.sessionLeaseMs ?? NaN;
  }

  report(error: unknown): string {
    const { world } = this.cluster;
    const logs = world.logs.lines
      .filter(({ level }) => level !== 'debug')
      .slice(-40)
      .map(formatLine);
    return [
      `seed ${this.#options.seed} failed at ${world.nowMs.toFixed(3)} virtual ms, step ${world.steps}`,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      '--- faults',
      ...this.#nemesis.history.slice(-25),
      ...(this.#crowd?.trees ?? []).flatMap((tree) => [
        `--- last calls in /${tree.home.join('/')}`,
        ...tree.history.slice(this.#options.onLine === undefined ? -12 : -60),
      ]),
      '--- waiting',
      ...this.#workers.waiting,
      '--- log',
      ...logs,
      `replay: npm run sim -- ${this.#ranks > 1 ? `--ranks ${this.#ranks} ` : ''}--seed ${this.#options.seed}`,
    ].join('\n');
  }

  async #everything(): Promise<void> {
    const { cluster } = this;
    const { world } = cluster;
    const { seed, calm, paranoid, harmMs = 20_000 } = this.#options;
    await cluster.start();
    if (this.#ranks > 1) await cluster.command({ prefix: 'fs set', maxMds: this.#ranks });
    const count = this.#options.clients ?? clientsOf(seed);
    const clients = await Promise.all(Array.from({ length: count }, (_, i) => cluster.connect(`c${i}`)));
    const crowd = new Crowd({ cluster, workers: this.#workers, clients, isApart: this.#ranks > 1, paranoid: paranoid === true });
    this.#crowd = crowd;
    await crowd.setup();
    const first = crowd.paths[0] as Paths;
    const fsyncer = new Fsyncer('fsynced', world.fork('fsyncer'));
    const leavings = new Leavings(world.fork('leavings'));
    const exile = await this.#exile(crowd.paths);
    const untilMs = world.nowMs + harmMs;
    await Promise.all([
      crowd.work(untilMs),
      this.#workers.repeat('exile', untilMs, () => exile.step(), 2_000),
      this.#killedClient(fsyncer, leavings, crowd.log, untilMs),
      scrubUnderLoad(cluster, world.fork('scrub'), untilMs),
      this.#pin(first, [...crowd.homes, 'fsynced', 'exiled', 'leavings'], untilMs),
      calm === true ? undefined : this.#nemesis.run(untilMs),
      this.#ranks > 1 ? this.#resizer.run(untilMs) : undefined,
    ]);

    this.#nemesis.heal();
    await cluster.settle();
    // In one of two seeds all ends with one rank.
    if (this.#ranks > 1) await this.#resizer.end(seed % 2 === 0 ? 1 : this.#ranks);
    await exile.end();
    await crowd.check();
    for (const each of crowd.paths) await exile.check(each);
    this.#outlasted = exile.outlasted;
    await this.#check(crowd, fsyncer);
    await leavings.check(first);
    await this.#checkAfterPowerCut(crowd, fsyncer, exile);
  }

  async #pin(paths: Paths, homes: readonly string[], untilMs: number): Promise<void> {
    const { cluster } = this;
    if (this.#ranks === 1) return;
    // Those who work there make them.
    for (const home of homes) while (!(await paths.list([])).includes(home.split('/')[0] as string)) await cluster.world.sleep(100);
    await new Pinner(cluster, paths, homes, this.#ranks, cluster.world.fork('pinner')).run(untilMs);
  }

  /** Works, is killed at a random moment, comes back and looks. */
  async #killedClient(fsyncer: Fsyncer, leavings: Leavings, log: Log, untilMs: number): Promise<void> {
    const { world } = this.cluster;
    const random = world.fork('killed');
    for (let life = 0; world.nowMs < untilMs; life += 1) {
      const { filesystem } = await this.cluster.connect('killed');
      const paths = new Paths(filesystem);
      if (life === 0) {
        await fsyncer.setup(paths);
        await leavings.setup(paths);
      } else {
        await fsyncer.check(paths);
        await leavings.check(paths);
      }
      if (this.#options.calm !== true && random.chance(0.5)) this.#lockAndDie(filesystem, paths);
      const scribe = new Scribe(log, 'killed', paths, world.fork(`log/killed/${life}`), true);
      const killed = world.sleep(500 + random.below(6_000)).then(() => 'killed');
      for (;;) {
        const step = (random.chance(0.3) ? scribe : random.chance(0.5) ? fsyncer : leavings).step(paths).then(() => 'done');
        if ((await Promise.race([step, killed])) === 'killed') break;
        this.#workers.calls += 1;
        await world.sleep(random.below(100));
      }
      if (this.#options.calm === true) return;
      this.cluster.crashClient('killed');
      leavings.died();
      await world.sleep(random.below(500));
    }
  }

  /** A client that is evicted again and again; `others` are those of c0, c1 and so on. */
  async #exile(others: readonly Paths[]): Promise<Exile> {
    const { cluster } = this;
    const { filesystem } = await cluster.connect('exile');
    const exile = new Exile({
      cluster,
      name: 'exile',
      own: new Paths(filesystem),
      others: new Map(others.map((paths, i) => [`c${i}`, paths])),
      random: cluster.world.fork('exile'),
      calm: this.#options.calm === true,
      leaseMs: this.#leaseMs,
    });
    await exile.setup();
    return exile;
  }

  /** What it locks nobody lets go of. */
  #lockAndDie(filesystem: Filesystem, paths: Paths): void {
    const { world } = this.cluster;
    const locker = new Locker(filesystem, paths, 'killed', false, world, 'killed/locker');
    const node = world.node('killed');
    void world
      .sleep(world.fork('killed/when').below(1_000))
      .then(() => (node.alive ? locker.take(0) : undefined))
      .catch((error: unknown) => world.fail(error instanceof Error ? error : new Error(String(error))));
  }

  /** Nothing is broken any more: every client sees the model, and the replicas are equal. */
  async #check(crowd: Crowd, fsyncer: Fsyncer): Promise<void> {
    const first = crowd.paths[0] as Paths;
    await crowd.compare();
    await fsyncer.check(first);
    await this.#assertReplicasEqual();
    for (const tree of crowd.trees) await this.#compareCounts(tree, first);
    await assertScrubClean(this.cluster);
  }

  async #assertReplicasEqual(): Promise<void> {
    const { cluster } = this;
    await Promise.all([...cluster.clients.values()].map(({ filesystem }) => filesystem.syncAll()));
    await cluster.settle();
    await cluster.world.sleep(2_000);
    // The MDS writes back now and then: what differs only while that is on its way is equal soon.
    for (let tries = 1; ; tries += 1) {
      try {
        assertReplicasEqual(await cluster.map(), cluster.images);
        return;
      } catch (error) {
        if (tries === replicaLooks) throw error;
        await cluster.world.sleep(300);
      }
    }
  }

  /** What is below a directory that another rank has is counted when that rank has told it, which it does now and then. */
  async #compareCounts(tree: OwnTree, paths: Paths): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await tree.compareCounts(paths);
        return;
      } catch (error) {
        if (this.#ranks === 1 || tries === countLooks) throw error;
        await this.cluster.world.sleep(1_000);
      }
    }
  }

  /** In the middle of work everything is synced; as soon as that returns the power fails everywhere; a new client sees it all. */
  async #checkAfterPowerCut({ trees, shared }: Crowd, fsyncer: Fsyncer, exile: Exile): Promise<void> {
    const { cluster } = this;
    await Promise.all(
      trees.map(async (tree) => {
        for (let i = 0; i < stepsBeforePowerCut; i += 1) await tree.step();
      }),
    );
    await Promise.all([...cluster.clients.values()].map(({ filesystem }) => filesystem.syncAll()));
    for (const name of [...cluster.clients.keys()]) cluster.crashClient(name);
    for (const name of cluster.daemonNames) cluster.crash(name);
    await cluster.world.sleep(1_000);
    await cluster.settle();
    const { filesystem } = await cluster.connect('late');
    const paths = new Paths(filesystem);
    for (const tree of trees) {
      await tree.compare([], paths);
      await this.#compareCounts(tree, paths);
    }
    await fsyncer.check(paths);
    await exile.check(paths);
    await new SharedClient(shared, 'late', -1, paths, cluster.world.fork('late')).listNames();
    await assertScrubClean(cluster);
    await assertNoStrays(cluster, this.#ranks);
    await assertRebuildable(cluster);
    await this.#assertReplicasEqual();
  }
}
