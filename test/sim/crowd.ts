/**
 * The clients that live, and all that they do: each in a tree of its own, and all of them at the same files, names, locks and quota.
 * @module
 */
import type { ConnectedFilesystem } from '../../fuse-client/client/index.ts';
import type { SimCluster } from './cluster.ts';
import { Contest, Contestant } from './contest.ts';
import { checkFree, Locker, makeLockFiles } from './lockers.ts';
import { LoneDirectory } from './lone.ts';
import { OwnTree } from './own-tree.ts';
import { Paths } from './paths.ts';
import { QuotaClient, QuotaDirectory } from './quota.ts';
import { Log, Scribe } from './scribes.ts';
import { SharedClient, SharedState } from './shared.ts';
import { TapeClient, Tapes } from './tapes.ts';
import type { Workers } from './workers.ts';

export interface CrowdOptions {
  readonly cluster: SimCluster;
  readonly workers: Workers;
  readonly clients: readonly ConnectedFilesystem[];
  /** There are several MDS ranks. */
  readonly isApart: boolean;
  /** The whole tree is compared after every call. */
  readonly paranoid: boolean;
}

export class Crowd {
  /** Of each client. */
  readonly paths: readonly Paths[];
  readonly trees: readonly OwnTree[];
  /** What all of them append to, and the one that is killed as well. */
  readonly log = new Log();
  readonly shared = new SharedState(2);
  readonly #options: CrowdOptions;
  readonly #contest: Contest;
  readonly #tapes = new Tapes(2);
  readonly #quota = new QuotaDirectory();
  readonly #sharers: readonly SharedClient[];
  readonly #tapers: readonly TapeClient[];
  readonly #scribes: readonly Scribe[];
  readonly #contestants: readonly Contestant[];
  readonly #lone: readonly LoneDirectory[];

  constructor(options: CrowdOptions) {
    const { clients, cluster, isApart } = options;
    const { world } = cluster;
    this.#options = options;
    this.#contest = new Contest(isApart);
    this.paths = clients.map(({ filesystem }) => new Paths(filesystem));
    this.trees = this.paths.map((own, i) => new OwnTree(`c${i}`, own, world.fork(`tree/${i}`)));
    this.#sharers = this.paths.map((own, i) => new SharedClient(this.shared, `c${i}`, i, own, world.fork(`shared/${i}`)));
    this.#tapers = this.paths.map((own, i) => new TapeClient(this.#tapes, `c${i}`, own, world.fork(`tapes/${i}`)));
    this.#scribes = this.paths.map((own, i) => new Scribe(this.log, `c${i}`, own, world.fork(`log/${i}`)));
    this.#contestants = clients.map(
      ({ filesystem }, i) => new Contestant(this.#contest, `c${i}`, filesystem, world.fork(`contest/${i}`), () => world.nowMs),
    );
    this.#lone = this.paths.map((own, i) => {
      const others = this.paths.filter((other) => other !== own);
      return new LoneDirectory(`lone${i}`, own, others, world.fork(`lone/${i}`));
    });
  }

  /** Directories that go to and fro between MDS ranks. */
  get homes(): string[] {
    return [
      ...this.trees.map(({ home }) => home[0] as string),
      ...this.paths.map((_, i) => `lone${i}`),
      'shared',
      'contest/names',
      'contest/apart',
    ];
  }

  /** Histories that leave too much open to be judged. */
  get undecided(): number {
    return this.#contest.undecided;
  }

  async setup(): Promise<void> {
    const first = this.#first;
    await SharedClient.setup(this.shared, first);
    await this.#tapes.setup(first);
    await this.log.setup(first);
    await makeLockFiles(first);
    await this.#contest.setup(first);
    await this.#quota.setup(first);
  }

  /** Resolves when all have stopped, soon after that time. */
  async work(untilMs: number): Promise<void> {
    const fillers = await this.#fillers();
    await Promise.all(
      this.paths.flatMap((_, i) => [
        this.#growTree(i, untilMs),
        this.#repeat(`shared c${i}`, untilMs, this.#sharers[i] as SharedClient, 400),
        this.#repeat(`contest c${i}`, untilMs, this.#contestants[i] as Contestant, 250),
        this.#repeat(`tapes c${i}`, untilMs, this.#tapers[i] as TapeClient, 200),
        this.#repeat(`log c${i}`, untilMs, this.#scribes[i] as Scribe, 200),
        this.#repeat(`quota c${i}`, untilMs, fillers[i] as QuotaClient, 500),
        this.#workAlone(i, untilMs),
        ...['p0', 'p1', 'f'].map((owner) => this.#lock(i, owner, untilMs)),
      ]),
    );
  }

  /** When nothing is broken any more. */
  async check(): Promise<void> {
    const { clients, cluster } = this.#options;
    for (const taper of this.#tapers) await taper.check();
    for (const scribe of this.#scribes) await scribe.check();
    this.#contest.check();
    await checkFree((clients[0] as ConnectedFilesystem).filesystem, this.#first, cluster.world);
    for (const directory of this.#lone) await Promise.all(this.paths.map((each) => directory.check(each)));
  }

  /** Each sees its own tree and the next one's, and the names that all share, as they are to be. */
  async compare(): Promise<void> {
    for (const tree of this.trees) await tree.compare();
    for (const sharer of this.#sharers) await sharer.listNames();
    for (const [i, tree] of this.trees.entries()) await tree.compare([], this.paths[(i + 1) % this.paths.length]);
  }

  get #first(): Paths {
    return this.paths[0] as Paths;
  }

  async #growTree(i: number, untilMs: number): Promise<void> {
    const tree = this.trees[i] as OwnTree;
    const { workers, paranoid } = this.#options;
    await tree.setup();
    const step = async (): Promise<void> => {
      await tree.step();
      if (paranoid) await tree.compare();
    };
    await workers.repeat(`tree c${i}`, untilMs, step, 60);
  }

  async #workAlone(i: number, untilMs: number): Promise<void> {
    const directory = this.#lone[i] as LoneDirectory;
    await directory.setup();
    await this.#repeat(`lone directory of c${i}`, untilMs, directory, 3_000);
  }

  async #lock(i: number, owner: string, untilMs: number): Promise<void> {
    const { filesystem } = this.#options.clients[i] as ConnectedFilesystem;
    const { world } = this.#options.cluster;
    const locker = new Locker(filesystem, this.paths[i] as Paths, owner, owner === 'f', world, `locks/${i}/${owner}`);
    await this.#repeat(`locker ${owner} of c${i}`, untilMs, locker, 100);
    await locker.end();
  }

  /** Of each client: it has a file of its own below the quota, and one that all make longer. */
  async #fillers(): Promise<QuotaClient[]> {
    const { world } = this.#options.cluster;
    const together = await this.#quota.file(this.#first, 'shared');
    return await Promise.all(
      this.paths.map(async (own, i) => {
        const file = await this.#quota.file(own, `c${i}`);
        return new QuotaClient(this.#quota, file, together, own, world.fork(`quota/${i}`));
      }),
    );
  }

  #repeat(worker: string, untilMs: number, work: { step(): Promise<void> }, thinkMs: number): Promise<void> {
    return this.#options.workers.repeat(worker, untilMs, () => work.step(), thinkMs);
  }
}
