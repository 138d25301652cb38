/**
 * Several MDS ranks on one pool of objects in memory, which hear of one another as over a wire; each can die and begin again.
 * @module
 */
import type { ExecutionContext } from 'ava';
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { RankAskRequest } from '../../common/wire/gen/messages.ts';
import { SimWorld } from '../../common/runtime/sim/world.ts';
import type { MdsConfig } from '../../mds/config.ts';
import { isSystemDirectory } from '../../mds/core/inode.ts';
import { MemoryObjects, type MemoryClientOptions } from './memory-objects.ts';
import { bytes, RankClient, RankFixture, recordOf } from './mds-rank.ts';

/** What is periodic comes often, journals are trimmed soon, and who has died is not waited for for long. */
export const busyConfig: Partial<MdsConfig> = {
  journalSegmentBytes: 64 * 1024,
  writeBackMs: 500,
  writeBackIntervalMs: 50,
  recursiveDelayMs: 30,
  journalDelayMs: 3,
  reconnectMs: 100,
  sessionLeaseMs: 2_000,
};

const messageMs = 1;
const lookMs = 1;
const deadMs = 20;

/** That a rank dies once. */
export interface Death {
  /** It has died, and is about to be there again. Set: it is not to be looked after any more. */
  came: boolean;
}

export class SeveralRanks {
  readonly world = new SimWorld({ seed: 'ranks' });
  readonly store: MemoryObjects;
  readonly #config: Partial<MdsConfig>;
  readonly #alive = new Map<number, RankFixture>();
  readonly #deaths = new Map<RankFixture, { readonly promise: Promise<never>; readonly reject: (error: unknown) => void }>();
  /** There is not to be that rank any more. */
  stopping: number | undefined = undefined;
  /** A rank that all take for served, by an older map. */
  believed: number | undefined = undefined;
  /** Inodes that two of them had in memory at the same time. */
  readonly shared = new Set<string>();

  constructor(config: Partial<MdsConfig> = {}, store = new MemoryObjects()) {
    this.#config = config;
    this.store = store;
    void this.#watch();
  }

  get(rank: number): RankFixture {
    const fixture = this.#alive.get(rank);
    if (fixture === undefined) throw new Error(`rank ${rank} is not there`);
    return fixture;
  }

  async start(rank: number, objects: Partial<MemoryClientOptions> = {}): Promise<RankFixture> {
    const fixture = this.make(rank, objects);
    await fixture.start();
    return fixture;
  }

  /** Not begun yet. */
  make(rank: number, objects: Partial<MemoryClientOptions> = {}): RankFixture {
    const { world, store } = this;
    const fixture: RankFixture = new RankFixture({
      world,
      store,
      config: this.#config,
      objects,
      rank: {
        rank,
        tellRank: async (to, message) => {
          await world.sleep(messageMs);
          const there = this.#alive.get(to);
          if (there === undefined || this.#alive.get(rank) !== fixture) throw new FsError('ECONNRESET', 'nobody there');
          await Promise.race([there.rank.take(message), this.#death(there)]);
          await world.sleep(messageMs);
          if (this.#alive.get(rank) !== fixture || this.#alive.get(to) !== there) throw new FsError('ECONNRESET', 'the answer is lost');
        },
        askRank: async (to, request) => {
          await world.sleep(messageMs);
          const there = this.#alive.get(to);
          if (there === undefined || this.#alive.get(rank) !== fixture) throw new FsError('ECONNRESET', 'nobody there');
          const reply = await Promise.race([there.rank.lend(request as RankAskRequest), this.#death(there)]);
          await world.sleep(messageMs);
          if (this.#alive.get(rank) !== fixture || this.#alive.get(to) !== there) throw new FsError('ECONNRESET', 'the answer is lost');
          return reply;
        },
        isServed: (other) => other === this.believed || (other !== this.stopping && this.#alive.get(other)?.rank.state === 'active'),
        ranks: () => Math.max(0, ...this.#alive.keys()) + 1,
        isStopping: () => this.stopping === rank,
      },
    });
    this.#alive.set(rank, fixture);
    return fixture;
  }

  /** It does nothing any more that anybody could notice. */
  kill(rank: number): void {
    const fixture = this.#alive.get(rank);
    this.#alive.delete(rank);
    if (fixture !== undefined) this.#deaths.get(fixture)?.reject(new FsError('ECONNRESET', 'it has died'));
    void fixture?.client.stop();
    void fixture?.rank.stop(false);
  }

  /** Begins ranks 0 and 1, of which `dying` dies after so many changes of objects, and soon has another life. */
  startWithDeath(dying: number, changesMax: number): Death {
    const death: Death = { came: false };
    const look = async (): Promise<void> => {
      while (!death.came) {
        await this.world.sleep(lookMs);
        if (!this.get(dying).client.dead) continue;
        await this.world.sleep(deadMs);
        this.kill(dying);
        death.came = true;
        await this.make(dying).rank.start();
      }
    };
    for (const rank of [0, 1]) this.make(rank, rank === dying ? { changesMax } : {});
    void look();
    for (const rank of [0, 1]) void this.get(rank).rank.start();
    return death;
  }

  /** Rejects when it is killed. */
  #death(fixture: RankFixture): Promise<never> {
    let death = this.#deaths.get(fixture);
    if (death === undefined) {
      let reject: (error: unknown) => void = () => undefined;
      const promise = new Promise<never>((_, fail) => (reject = fail));
      promise.catch(() => undefined);
      this.#deaths.set(fixture, (death = { promise, reject }));
    }
    return death.promise;
  }

  /** A client of one rank that gives back at once what it is asked for. */
  async connect(rank: number, instance: number): Promise<RankClient> {
    const client = new RankClient(this.get(rank), instance, `client.${instance}`);
    client.onRecall = ({ ino, keep, seq }) =>
      void this.world.sleep(messageMs).then(() => client.capUpdate({ ino, caps: keep, wanted: 0, seq }));
    await this.world.until(client.open());
    return client;
  }

  /** That rank, which is the last, stops: its clients close their sessions when they hold nothing of it. Resolves when it has resigned. */
  async stop(rank: number, clients: readonly RankClient[]): Promise<void> {
    this.stopping = rank;
    const { core } = this.get(rank).rank;
    await this.until(() => core.departures.stopping === 'resigned');
    for (const client of clients) await this.world.until(client.close());
    await this.until(() => this.get(rank).rank.state === 'resigned');
    this.kill(rank);
    this.stopping = undefined;
  }

  /** Until it is so, for a minute at most. */
  async until(what: () => boolean): Promise<void> {
    const wait = async (): Promise<void> => {
      while (!what()) await this.world.sleep(5);
    };
    await this.world.until(wait(), { timeoutMs: 60_000 });
  }

  /** Whether the rank decides about it. */
  has(rank: number, ino: number): boolean {
    return this.#alive.get(rank)?.rank.core.cache.inodes.has(ino) === true;
  }

  /** No inode is ever in the memory of two. */
  async #watch(): Promise<void> {
    for (;;) {
      const seen = new Map<number, number>();
      for (const [
        rank,
        {
          rank: { core, state },
        },
      ] of this.#alive) {
        if (state === 'stopped' || state === 'standby-replay') continue;
        for (const ino of core.cache.inodes.keys()) {
          if (isSystemDirectory(ino)) continue;
          const other = seen.get(ino);
          if (other !== undefined) this.shared.add(`${ino.toString(16)} with ranks ${other} and ${rank}`);
          seen.set(ino, rank);
        }
      }
      await this.world.sleep(lookMs);
    }
  }
}

/** What {@link twoTrees} makes. */
export interface Trees {
  readonly ranks: SeveralRanks;
  /** The client's sessions with rank 0 and rank 1. */
  readonly a: RankClient;
  readonly b: RankClient;
  readonly here: number;
  readonly there: number;
}

/** `/here` with rank 0, `/there` with rank 1, and a client of both. */
export async function twoTrees(ranks: SeveralRanks): Promise<Trees> {
  await ranks.start(0);
  await ranks.start(1);
  const a = await ranks.connect(0, 11);
  const b = await ranks.connect(1, 11);
  const here = recordOf(await a.mkdir(1, 'here')).ino;
  const there = recordOf(await a.mkdir(1, 'there')).ino;
  await pin(a, there, 1);
  await ranks.until(() => ranks.has(1, there));
  return { ranks, a, b, here, there };
}

/** Asks for the directory to be with a rank, which it will be soon. */
export async function pin(client: RankClient, ino: number, rank: number): Promise<void> {
  await client.request('setXattr', { ino, name: bytes('ceph.dir.pin'), value: bytes(`${rank}`) });
}

export async function xattrOf(client: RankClient, ino: number, name: string): Promise<string> {
  return Buffer.from((await client.request('getXattr', { ino, name: bytes(name) })).value).toString();
}

export async function fails(t: ExecutionContext, act: () => Promise<unknown>, code: string): Promise<void> {
  const error = toFsError(await t.throwsAsync(act));
  t.is(error.code, code as never, error.message);
}
