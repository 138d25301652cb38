/**
 * One simulated run: a cluster, its workloads, harm, and the checks, all from one seed.
 * @module
 */
import { formatLine, type SimLine } from '../../common/runtime/sim/log.ts';
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { Filesystem } from '../../fuse-client/vfs/filesystem.ts';
import { assertScrubClean, scrubUnderLoad } from './fs-scrub.ts';
import { watchCaps } from './caps.ts';
import { SimCluster } from './cluster.ts';
import { Contest, Contestant } from './contest.ts';
import { Exile } from './exile.ts';
import { watchFollowers } from './followers.ts';
import { clientsOf, knobs } from './knobs.ts';
import { checkFree, Locker, makeLockFiles, watchLocks } from './lockers.ts';
import { Leavings } from './leavings.ts';
import { LoneDirectory } from './lone.ts';
import { Fsyncer } from './fsyncer.ts';
import { defaultNemesis, gentleNemesis, Nemesis, shortLeaseMs } from './nemesis.ts';
import { OwnTree } from './own-tree.ts';
import { Paths } from './paths.ts';
import { Pinner } from './pinner.ts';
import { watchRanks } from './ranks.ts';
import { QuotaClient, QuotaDirectory } from './quota.ts';
import { assertReplicasEqual } from './replicas.ts';
import { runReported, type SeedResult } from './seed.ts';
import { SharedClient, SharedState } from './shared.ts';
import { assertNoStrays } from './strays.ts';
import { Log, Scribe } from './scribes.ts';
import { TapeClient, Tapes } from './tapes.ts';

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
  readonly #trees: OwnTree[] = [];
  readonly #contest: Contest;
  readonly #log = new Log();
  /** What each worker has been waiting for, and since when. */
  readonly #busy = new Map<string, number>();
  #calls = 0;
  #outlasted = 0;

  constructor(options: SeedOptions) {
    this.#options = options;
    const { seed, onLine } = options;
    this.#contest = new Contest(this.#ranks > 1);
    this.cluster = new SimCluster({
      seed,
      logs: onLine === undefined ? {} : { onLine },
      ...knobs(seed),
      ...(this.#ranks > 1 ? { mds: ['a', 'b', 'c', 'd'] } : {}),
      lyingDisks: options.lyingDisks === true,
    });
    watchCaps(this.cluster);
    watchFollowers(this.cluster);
    if (this.#ranks > 1) watchRanks(this.cluster);
    watchLocks(this.cluster);
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
      calls: this.#calls,
      faults: this.#nemesis.history.length,
      undecided: this.#contest.undecided,
      outlasted: this.#outlasted,
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
      ...this.#trees.flatMap((tree) => [
        `--- last calls in /${tree.home.join('/')}`,
        ...tree.history.slice(this.#options.onLine === undefined ? -12 : -60),
      ]),
      '--- waiting',
      ...[...this.#busy].map(([worker, sinceMs]) => `${worker} since ${sinceMs.toFixed(3)} ms`),
      '--- log',
      ...logs,
      `replay: npm run sim -- ${this.#ranks > 1 ? `--ranks ${this.#ranks} ` : ''}--seed ${this.#options.seed}`,
    ].join('\n');
  }

  async #everything(): Promise<void> {
    const { cluster } = this;
    const { world } = cluster;
    await cluster.start();
    if (this.#ranks > 1) await cluster.command({ prefix: 'fs set', maxMds: this.#ranks });
    const count = this.#options.clients ?? clientsOf(this.#options.seed);
    const clients = await Promise.all(Array.from({ length: count }, (_, i) => cluster.connect(`c${i}`)));
    const paths = clients.map(({ filesystem }) => new Paths(filesystem));
    const shared = new SharedState(2);
    await SharedClient.setup(shared, paths[0] as Paths);
    const tapes = new Tapes(2);
    await tapes.setup(paths[0] as Paths);
    await this.#log.setup(paths[0] as Paths);
    const scribes = paths.map((own, i) => new Scribe(this.#log, `c${i}`, own, world.fork(`log/${i}`)));
    await makeLockFiles(paths[0] as Paths);
    await this.#contest.setup(paths[0] as Paths);
    const contestants = clients.map(
      ({ filesystem }, i) => new Contestant(this.#contest, `c${i}`, filesystem, world.fork(`contest/${i}`), () => world.nowMs),
    );
    const untilMs = world.nowMs + (this.#options.harmMs ?? 20_000);
    const sharers = paths.map((own, i) => new SharedClient(shared, `c${i}`, i, own, world.fork(`shared/${i}`)));
    const tapers = paths.map((own, i) => new TapeClient(tapes, `c${i}`, own, world.fork(`tapes/${i}`)));
    const work = paths.flatMap((own, i) => {
      const tree = new OwnTree(`c${i}`, own, world.fork(`tree/${i}`));
      this.#trees.push(tree);
      const sharer = sharers[i] as SharedClient;
      return [
        tree.setup().then(() =>
          this.#repeat(
            `tree c${i}`,
            untilMs,
            async () => {
              await tree.step();
              if (this.#options.paranoid === true) await tree.compare();
            },
            60,
          ),
        ),
        this.#repeat(`shared c${i}`, untilMs, () => sharer.step(), 400),
        this.#repeat(`contest c${i}`, untilMs, () => (contestants[i] as Contestant).step(), 250),
        this.#repeat(`tapes c${i}`, untilMs, () => (tapers[i] as TapeClient).step(), 200),
        this.#repeat(`log c${i}`, untilMs, () => (scribes[i] as Scribe).step(), 200),
      ];
    });
    const lockers = paths.flatMap((own, i) =>
      ['p0', 'p1', 'f'].map((owner) => {
        const locker = new Locker((clients[i] as ConnectedFilesystem).filesystem, own, owner, owner === 'f', world, `locks/${i}/${owner}`);
        return this.#repeat(`locker ${owner} of c${i}`, untilMs, () => locker.step(), 100).then(() => locker.end());
      }),
    );
    const lone = paths.map((own, i) => {
      const others = paths.filter((other) => other !== own);
      return new LoneDirectory(`lone${i}`, own, others, world.fork(`lone/${i}`));
    });
    const loners = lone.map(async (directory, i) => {
      await directory.setup();
      await this.#repeat(`lone directory of c${i}`, untilMs, () => directory.step(), 3_000);
    });
    const quota = new QuotaDirectory();
    await quota.setup(paths[0] as Paths);
    const sharedBelowQuota = await quota.file(paths[0] as Paths, 'shared');
    const fillers = paths.map(async (own, i) => {
      const file = await quota.file(own, `c${i}`);
      const client = new QuotaClient(quota, file, sharedBelowQuota, own, world.fork(`quota/${i}`));
      await this.#repeat(`quota c${i}`, untilMs, () => client.step(), 500);
    });
    const fsyncer = new Fsyncer('fsynced', world.fork('fsyncer'));
    const exile = await this.#exile(paths);
    const leavings = new Leavings(world.fork('leavings'));
    await Promise.all([
      ...work,
      ...lockers,
      ...loners,
      ...fillers,
      this.#repeat('exile', untilMs, () => exile.step(), 2_000),
      this.#killedClient(fsyncer, leavings, untilMs),
      scrubUnderLoad(cluster, world.fork('scrub'), untilMs),
      this.#pin(
        paths[0] as Paths,
        [
          ...this.#trees.map(({ home }) => home[0] as string),
          ...paths.map((_, i) => `lone${i}`),
          'shared',
          'fsynced',
          'exiled',
          'leavings',
          'contest/names',
          'contest/apart',
        ],
        untilMs,
      ),
      this.#options.calm === true ? undefined : this.#nemesis.run(untilMs),
    ]);

    this.#nemesis.heal();
    await cluster.settle();
    await exile.end();
    for (const taper of tapers) await taper.check();
    for (const scribe of scribes) await scribe.check();
    this.#contest.check();
    await checkFree((clients[0] as ConnectedFilesystem).filesystem, paths[0] as Paths, world);
    for (const directory of lone) await Promise.all(paths.map((each) => directory.check(each)));
    for (const each of paths) await exile.check(each);
    this.#outlasted = exile.outlasted;
    await this.#check(paths, sharers, fsyncer);
    await leavings.check(paths[0] as Paths);
    await this.#checkAfterPowerCut(fsyncer, exile, shared);
  }

  async #pin(paths: Paths, homes: readonly string[], untilMs: number): Promise<void> {
    const { cluster } = this;
    if (this.#ranks === 1) return;
    // Those who work there make them.
    for (const home of homes) while (!(await paths.list([])).includes(home.split('/')[0] as string)) await cluster.world.sleep(100);
    await new Pinner(cluster, paths, homes, this.#ranks, cluster.world.fork('pinner')).run(untilMs);
  }

  async #repeat(worker: string, untilMs: number, step: () => Promise<void>, thinkMs: number): Promise<void> {
    const { world } = this.cluster;
    const random = world.fork(`think/${worker}`);
    while (world.nowMs < untilMs) {
      this.#busy.set(worker, world.nowMs);
      await step();
      this.#busy.delete(worker);
      this.#calls += 1;
      await world.sleep(random.below(thinkMs));
    }
  }

  /** Works, is killed at a random moment, comes back and looks. */
  async #killedClient(fsyncer: Fsyncer, leavings: Leavings, untilMs: number): Promise<void> {
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
      const scribe = new Scribe(this.#log, 'killed', paths, world.fork(`log/killed/${life}`), true);
      const killed = world.sleep(500 + random.below(6_000)).then(() => 'killed');
      for (;;) {
        const step = (random.chance(0.3) ? scribe : random.chance(0.5) ? fsyncer : leavings).step(paths).then(() => 'done');
        if ((await Promise.race([step, killed])) === 'killed') break;
        this.#calls += 1;
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
  async #check(paths: readonly Paths[], sharers: readonly SharedClient[], fsyncer: Fsyncer): Promise<void> {
    for (const tree of this.#trees) await tree.compare();
    for (const sharer of sharers) await sharer.listNames();
    for (const [i, tree] of this.#trees.entries()) await tree.compare([], paths[(i + 1) % paths.length]);
    await fsyncer.check(paths[0] as Paths);
    await this.#assertReplicasEqual();
    for (const tree of this.#trees) await this.#compareCounts(tree, paths[0] as Paths);
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
  async #checkAfterPowerCut(fsyncer: Fsyncer, exile: Exile, shared: SharedState): Promise<void> {
    const { cluster } = this;
    await Promise.all(
      this.#trees.map(async (tree) => {
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
    for (const tree of this.#trees) {
      await tree.compare([], paths);
      await this.#compareCounts(tree, paths);
    }
    await fsyncer.check(paths);
    await exile.check(paths);
    await new SharedClient(shared, 'late', -1, paths, cluster.world.fork('late')).listNames();
    await assertScrubClean(cluster);
    await assertNoStrays(cluster, this.#ranks);
    await this.#assertReplicasEqual();
  }
}
