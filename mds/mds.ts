/**
 * The MDS: registers with the mon, waits for a rank, serves it while it has it, and starts over as a standby with a
 * new instance when it loses it.
 * @module
 */
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import { holdsRank, stoppingRank, type ClusterMap, type FilesystemInfo, type MdsInfo } from '../common/maps/cluster-map.ts';
import { epoch as toEpoch, instanceId, poolId, type EntityName, type InstanceId } from '../common/maps/ids.ts';
import { isAvailable } from '../common/maps/placement.ts';
import type { Family } from '../common/metrics/exposition.ts';
import type { Timer } from '../common/runtime/clock.ts';
import type { Env } from '../common/runtime/env.ts';
import { WireMessenger } from '../common/wire/messenger.ts';
import type { IncomingRequest, PeerLink, Session } from '../common/wire/session.ts';
import { MapFollower } from '../mon/client/map-follower.ts';
import { Objecter } from '../osd/client/objecter.ts';
import { isDamage } from './background/damage-keeper.ts';
import { dumpCache } from './cache-dump.ts';
import type { RankRepairRequest } from '../common/wire/gen/messages.ts';
import type { RepairStatus } from './client/repair-report.ts';
import type { MdsConfig } from './config.ts';
import { mdsMetrics } from './metrics.ts';
import { Rank } from './rank.ts';
import { operations, type OperationName } from './request-desk.ts';

export interface MdsOptions {
  /** `mds.<id>`. */
  readonly name: string;
  readonly fsid: string;
  readonly listen: string;
  readonly mons: readonly string[];
  readonly config: MdsConfig;
}

const monTimeoutMs = 30_000;
const rankTimeoutMs = 30_000;
const beaconTimeoutMs = 5_000;
/** Between losing a rank and registering anew, and between two tries to follow one. */
const pauseMs = 500;
/** The same where the last try has failed likewise. */
const pauseMaxMs = 15_000;
/** Between something that the mon is to hear and telling it. */
const newsDelayMs = 100;
/** Places told of, of those that are damaged. */
const damageTold = 50;

/** One life under one instance: from registering until it is stopped or has lost its rank. */
interface Life {
  readonly instance: InstanceId;
  readonly messenger: WireMessenger;
  readonly monClient: MapFollower;
  readonly objects: Objecter;
  /** To the holders of other ranks that it has told something. */
  readonly links: Map<number, PeerLink>;
  readonly address: string;
  rank: Rank | undefined;
  /** Why it could not follow a rank, and how long it paused then: until it has caught up with the journal again. */
  setback: { readonly why: string; readonly pauseMs: number } | undefined;
  /** Clock.monotonicMs until which the mon lets it act. */
  leaseEndsMs: number;
  beacon: Timer | undefined;
  news: Timer | undefined;
  over: boolean;
}

export class Mds {
  readonly #env: Env;
  readonly #options: MdsOptions;
  #life: Life | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #pause: Timer | undefined;
  readonly #ending = new AbortController();

  constructor(env: Env, options: MdsOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** The address that clients reach it at; undefined before `start`. */
  get address(): string | undefined {
    return this.#life?.address;
  }

  /** What it serves just now. */
  get rank(): Rank | undefined {
    return this.#life?.rank;
  }

  /** What Prometheus is told. */
  metrics(): readonly Family[] {
    const rank = this.#life?.rank;
    const { name } = this.#options;
    if (rank === undefined || rank.state === 'stopped') return mdsMetrics({ name, state: 'standby', rank: undefined });
    const { state } = rank;
    if (state === 'standby-replay' || state === 'replay' || state === 'damaged') return mdsMetrics({ name, state, rank: undefined });
    const numbers = {
      report: rank.report,
      sessions: rank.sessions.list().sessions,
      warnings: rank.clientWarnings,
      damaged: rank.damage.count,
    };
    return mdsMetrics({ name, state, rank: numbers });
  }

  /** Resolves when it is registered with the mon. */
  start(): Promise<void> {
    this.#starting ??= this.#begin();
    return this.#starting;
  }

  /** Writes everything back, gives the rank up and resolves when nothing is pending. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #begin(): Promise<void> {
    const { name, fsid, listen, mons } = this.#options;
    const entity = name as EntityName;
    const instance = instanceId(this.#env.random.id());
    const messenger = new WireMessenger(this.#env, { entity, instance, fsid });
    const monClient = new MapFollower(this.#env, { messenger, mons });
    const objects = new Objecter(this.#env, { messenger, monClient });
    const address = await messenger.listen(listen, () => this.metrics());
    const life: Life = {
      instance,
      messenger,
      monClient,
      objects,
      links: new Map(),
      address,
      rank: undefined,
      setback: undefined,
      leaseEndsMs: 0,
      beacon: undefined,
      news: undefined,
      over: false,
    };
    this.#life = life;
    this.#route(life);
    monClient.onMap((map) => this.#onMap(life, map));
    await monClient.start({ timeoutMs: monTimeoutMs, signal: this.#ending.signal });
    await this.#sendBeacon(life);
    this.#beaconLater(life);
  }

  async #end(): Promise<void> {
    this.#pause?.cancel();
    // A start that is under way waits no longer for a mon that may not be there.
    this.#ending.abort(new FsError('ESHUTDOWN', 'this MDS is stopping'));
    await this.#starting?.catch(() => undefined);
    const life = this.#life;
    if (life === undefined) return;
    if (!life.over) {
      life.over = true;
      life.beacon?.cancel();
      life.news?.cancel();
      try {
        await life.rank?.stop(true);
      } catch (error) {
        this.#env.log.warn({ err: toFsError(error) }, 'not everything was written back: the journal has the rest');
      }
      // A mon that it has never heard knows nothing of it.
      if (life.monClient.map.epoch > 0) await this.#sayGoodbye(life);
    }
    await this.#close(life);
    this.#life = undefined;
  }

  async #sayGoodbye({ monClient, instance, address }: Life): Promise<void> {
    try {
      await monClient.request(
        'mdsBeacon',
        { name: this.#options.name, instance, address, state: 'stopping', epoch: monClient.map.epoch },
        { timeoutMs: 1_000 },
      );
    } catch (error) {
      this.#env.log.debug({ err: error }, 'the mon did not hear that this MDS stops');
    }
  }

  async #close({ objects, monClient, messenger }: Life): Promise<void> {
    await objects.stop();
    await monClient.stop();
    await messenger.stop();
  }

  #route(life: Life): void {
    const { messenger } = life;
    const rank = (): Rank => {
      if (life.rank === undefined || life.rank.state === 'stopped' || life.rank.state === 'standby-replay')
        throw new FsError('EAGAIN', 'this MDS has no rank: look at the newer map', { retry: 'safe' });
      if (life.rank.state === 'damaged') throw new FsError('EAGAIN', `the rank is damaged: ${life.rank.trouble}`, { retry: 'safe' });
      return life.rank;
    };
    // What was under way when the rank went is unanswered, as on a broken connection: the client asks the next holder.
    const unlessOver = async <M>(replying: M | Promise<M>): Promise<{ readonly message: M }> => {
      try {
        return { message: await replying };
      } catch (error) {
        if (life.rank?.state !== 'stopped') throw error;
        throw new FsError('ECONNRESET', 'this MDS has given up its rank', { retry: 'maybe-applied', cause: error });
      }
    };
    for (const name of Object.keys(operations) as OperationName[]) {
      messenger.handle(name, (incoming: IncomingRequest<typeof name>) => {
        const reply = rank().requests.operate(name, incoming);
        return reply instanceof Promise ? unlessOver(reply) : { message: reply };
      });
    }
    const requireRank = ({ peer: { entity, instance } }: Session, from: number): void => {
      const sender = life.monClient.map.mdss.get(entity);
      if (sender?.instance !== instance || sender.rank !== from || !holdsRank(sender))
        throw new FsError('EAGAIN', `${entity} does not have rank ${from} by the map that is known here`, { retry: 'safe' });
    };
    messenger.handle('rankAsk', (incoming) => {
      const { session, message } = incoming;
      requireRank(session, message.from);
      return unlessOver(rank().lend(message, incoming));
    });
    messenger.handle('rankMessage', ({ session, message }) => {
      requireRank(session, message.from);
      return unlessOver(
        rank()
          .take(message)
          .then(() => ({})),
      );
    });
    messenger.handle('sessionOpen', ({ session, message }) => unlessOver(rank().sessions.open(session, message)));
    messenger.handle('sessionRenew', ({ session, message }) => ({ message: rank().sessions.renew(session, message.oldestTid) }));
    messenger.handle('sessionClose', ({ session }) => unlessOver(rank().sessions.close(session)));
    messenger.handle('sessionList', () => ({ message: rank().sessions.list() }));
    messenger.handle('sessionEvict', ({ message }) => unlessOver(rank().sessions.evictByCommand(message.instance)));
    messenger.handle('rankReport', () => ({ message: rank().report }));
    messenger.handle('cacheDump', ({ message }) => ({ message: dumpCache(rank().core, message, this.#env.clock.monotonicMs()) }));
    messenger.handle('rankRepair', ({ message }) => ({ message: { status: JSON.stringify(this.#repair(life, message)) } }));
    messenger.handle('allocateInos', ({ session, message }) => unlessOver(rank().sessions.allocate(session, message)));
    messenger.handle('journalFlush', (incoming) => unlessOver(rank().requests.journalFlush(incoming)));
    messenger.handle('capUpdate', (incoming) => unlessOver(rank().requests.capUpdate(incoming)));
    messenger.handle('capRelease', (incoming) => unlessOver(rank().requests.capRelease(incoming)));
    messenger.onSessionClosed((session) => life.rank?.sessions.connectionClosed(session));
  }

  /** What an administrator orders of a rank that this daemon holds, served or damaged. FsError EAGAIN: it does not hold that. */
  #repair(life: Life, { rank: wanted, action, discard }: RankRepairRequest): RepairStatus {
    const { rank } = life;
    if (rank === undefined || rank.core.rank !== wanted || rank.state === 'stopped' || rank.state === 'standby-replay')
      throw new FsError('EAGAIN', `this MDS does not hold rank ${wanted}: look at the newer map`, { retry: 'safe' });
    if (action === '') return rank.repair.status;
    if (action !== 'start') return rank.repair.order(action, discard);
    rank.repair.requireDamaged();
    this.#giveUp(life, new FsError('ESHUTDOWN', 'an administrator has ordered it to begin anew'));
    return rank.repair.status;
  }

  #onMap(life: Life, map: ClusterMap): void {
    if (life.over) return;
    const named = map.mdss.get(this.#options.name as EntityName);
    const mine = named?.instance === life.instance && named.rank >= 0 ? named : undefined;
    const { rank } = life;
    if (mine === undefined) {
      if (rank !== undefined) this.#giveUp(life, new FsError('ESHUTDOWN', 'the map gives the rank to another'));
    } else if (rank === undefined) this.#enterRank(life, map, mine);
    else if (rank.core.rank !== mine.rank) this.#changeRank(life, rank);
    else if (holdsRank(mine) && rank.state === 'standby-replay') {
      this.#env.log.info({ rank: mine.rank }, 'takes over the rank that it followed');
      this.#run(life, rank, () => rank.start());
    }
  }

  /** Takes the rank that the map gives to this life, or begins to follow whoever has it. */
  #enterRank(life: Life, map: ClusterMap, mine: MdsInfo): void {
    const [filesystem] = map.filesystems;
    if (filesystem === undefined) return;
    const rank = this.#makeRank(life, filesystem, mine.rank);
    life.rank = rank;
    const holds = holdsRank(mine);
    this.#env.log.info({ rank: mine.rank, filesystem: filesystem.name }, holds ? 'has a rank' : 'follows a rank');
    this.#run(life, rank, () => (holds ? rank.start() : rank.follow()));
  }

  #makeRank(life: Life, filesystem: FilesystemInfo, rank: number): Rank {
    const { monClient } = life;
    return new Rank(this.#env, {
      rank,
      objects: life.objects,
      metadataPool: filesystem.metadataPool,
      dataPool: filesystem.dataPool,
      poolName: (pool) => monClient.map.pools.get(poolId(pool))?.name ?? `${pool}`,
      fsid: this.#options.fsid,
      instance: life.instance,
      config: this.#options.config,
      fence: async (instance) => {
        const { epoch } = await monClient.command<{ readonly epoch: number }>({ prefix: 'blocklist add', instance });
        await monClient.waitForEpoch(toEpoch(epoch), { timeoutMs: monTimeoutMs });
        return epoch;
      },
      tellRank: async (to, message) => {
        const holder = holderOf(monClient.map, to);
        if (holder === undefined) throw new FsError('EAGAIN', `nobody serves rank ${to}`, { retry: 'safe' });
        await linkTo(life, to, holder).request('rankMessage', message, { timeoutMs: rankTimeoutMs });
      },
      askRank: async (to, request) => {
        const holder = holderOf(monClient.map, to);
        if (holder === undefined) throw new FsError('EAGAIN', `nobody serves rank ${to}`, { retry: 'safe' });
        const { message } = await linkTo(life, to, holder).request('rankAsk', request, { timeoutMs: rankTimeoutMs });
        return message;
      },
      isServed: (other) => holderOf(monClient.map, other) !== undefined && stoppingRank(monClient.map) !== other,
      ranks: () => monClient.map.filesystems[0]?.ranks ?? 1,
      isStopping: () => stoppingRank(monClient.map) === rank,
      isFenced: (instance) => monClient.map.blocklist.has(instanceId(instance)),
      isAvailable: () => isAvailable(monClient.map),
      onState: () => {
        if (!life.over) this.#env.spawn('mds beacon', () => this.#sendBeacon(life));
      },
      onNews: () => this.#tellNews(life),
      onLost: (error) => this.#giveUp(life, error),
    });
  }

  /** The map has another use for one that followed. */
  #changeRank(life: Life, followed: Rank): void {
    life.rank = undefined;
    this.#env.spawn('mds rank', async () => {
      await followed.stop(false);
      this.#onMap(life, life.monClient.map);
    });
  }

  #run(life: Life, rank: Rank, act: () => Promise<void>): void {
    this.#env.spawn('mds rank', async () => {
      try {
        await act();
      } catch (error) {
        if (life.over || life.rank !== rank) return;
        const failure = toFsError(error);
        if (rank.followed && isDamage(failure)) await this.#beginAnew(life, rank, failure);
        else if (!(error instanceof FsError)) throw error;
        else if (rank.state === 'replay' && (isDamage(failure) || failure.code === 'EINVAL')) {
          this.#env.log.error(
            { err: failure },
            'what the rank needs is damaged: it is not served until that is mended and this MDS started again',
          );
          rank.giveUp(failure);
        } else this.#giveUp(life, failure);
      }
    });
  }

  /** What it knew of the journal as a follower leads no further: only who reads it from its head, and holds the rank, can call that damage. */
  async #beginAnew(life: Life, rank: Rank, why: FsError): Promise<void> {
    const held = rank.state !== 'standby-replay';
    const before = rank.caughtUp ? undefined : life.setback;
    const repeats = before?.why === why.message;
    if (!repeats) this.#env.log.warn({ err: why }, 'cannot go on from what has been read of the journal: reads it from its beginning');
    const setback = { why: why.message, pauseMs: repeats ? Math.min(2 * before.pauseMs, pauseMaxMs) : pauseMs };
    life.setback = setback;
    life.rank = undefined;
    await rank.stop(false);
    const again = (): void => this.#onMap(life, life.monClient.map);
    if (held) again();
    else this.#pause = this.#env.clock.setTimer(setback.pauseMs, again);
  }

  #giveUp(life: Life, error: FsError): void {
    if (life.over) return;
    life.over = true;
    life.beacon?.cancel();
    life.news?.cancel();
    if (life.rank?.state === 'resigned')
      this.#env.log.info({ rank: life.rank.core.rank }, 'the rank is no more: starting over as a standby');
    else this.#env.log.warn({ err: error }, 'lost the rank: starting over as a standby');
    this.#env.spawn('mds restart', async () => {
      await life.rank?.stop(false);
      await this.#close(life);
      if (this.#stopping !== undefined) return;
      this.#pause = this.#env.clock.setTimer(pauseMs, () => {
        this.#starting = this.#begin();
        this.#env.spawn('mds start', () => this.#startedAgain());
      });
    });
  }

  /** The mon may be away for a while: keeps trying. */
  async #startedAgain(): Promise<void> {
    try {
      await this.#starting;
    } catch (error) {
      if (this.#stopping !== undefined || this.#life === undefined) return;
      this.#giveUp(this.#life, toFsError(error));
    }
  }

  #beaconLater(life: Life): void {
    life.beacon = this.#env.clock.setTimer(this.#options.config.beaconMs, () => {
      if (life.over) return;
      if (life.rank !== undefined && this.#env.clock.monotonicMs() > life.leaseEndsMs) {
        this.#giveUp(life, new FsError('ESHUTDOWN', 'the lease ran out: the mon does not answer'));
        return;
      }
      this.#env.spawn('mds beacon', () => this.#sendBeacon(life));
      this.#beaconLater(life);
    });
  }

  /** What is news for people is told soon, what comes close behind it together. */
  #tellNews(life: Life): void {
    if (life.over || life.news !== undefined) return;
    life.news = this.#env.clock.setTimer(newsDelayMs, () => {
      life.news = undefined;
      if (!life.over) this.#env.spawn('mds beacon', () => this.#sendBeacon(life));
    });
  }

  /** Renews the lease. Failures are the mon's absence: they matter when the lease has run out. */
  async #sendBeacon(life: Life): Promise<void> {
    const { monClient, instance, address, rank } = life;
    const state = rank === undefined || rank.state === 'stopped' ? 'standby' : rank.state;
    const sentMs = this.#env.clock.monotonicMs();
    const damage = rank === undefined ? [] : [...rank.damage.entries.values()].slice(0, damageTold);
    try {
      const { bytes = 0, ofBytes = 0 } = rank?.replayed ?? {};
      const { leaseMs, scrubOrder, scrubTurn } = await monClient.request(
        'mdsBeacon',
        {
          name: this.#options.name,
          instance,
          address,
          state,
          epoch: monClient.map.epoch,
          replayedBytes: bytes,
          journalBytes: ofBytes,
          trouble: rank?.trouble ?? '',
          damageCount: rank?.damage.count ?? 0,
          damage,
          scrub: rank?.scrub.status ?? null,
          clientWarnings: rank?.clientWarnings ?? [],
        },
        { timeoutMs: beaconTimeoutMs },
      );
      life.leaseEndsMs = Math.max(life.leaseEndsMs, sentMs + leaseMs);
      if (life.over || rank?.state !== 'active') return;
      if (scrubOrder !== null) rank.scrub.order(scrubOrder);
      if (scrubTurn !== null) rank.scrub.turn(scrubTurn);
    } catch (error) {
      const failure = toFsError(error);
      if (life.over) return;
      if (failure.code === 'ESHUTDOWN' || failure.code === 'EINVAL') this.#giveUp(life, failure);
      else this.#env.log.debug({ err: failure }, 'the mon did not answer a beacon');
    }
  }
}

function holderOf(map: ClusterMap, rank: number): MdsInfo | undefined {
  for (const mds of map.mdss.values()) if (mds.rank === rank && mds.state === 'active') return mds;
  return undefined;
}

/** One link to each rank, that to its present holder. */
function linkTo({ messenger, links }: Life, rank: number, { name, address }: MdsInfo): PeerLink {
  const known = links.get(rank);
  if (known?.entity === name && known.address === address) return known;
  known?.close('the rank has another holder');
  const link = messenger.link(name, address, `rank ${rank}`);
  links.set(rank, link);
  return link;
}
