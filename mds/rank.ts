/**
 * One rank of the filesystem, for as long as this process holds it: reads what the lives before have left, lets their
 * clients come back, then serves. Before that it may have followed the one that held it.
 *
 *   (standby-replay ──▶) replay ──▶ reconnect ──▶ active ──▶ (resigned) ──▶ stopped
 *                         │ └─ (no sessions) ──────▲                          ▲
 *                         └──▶ damaged ───────────────────────────────────────┘
 * @module
 */
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import type { PoolId } from '../common/maps/ids.ts';
import type {
  ClientWarnings,
  Init,
  RankAskReply,
  RankAskRequest,
  RankMessageRequest,
  RankReportReply,
} from '../common/wire/gen/messages.ts';
import type { Env } from '../common/runtime/env.ts';
import type { Timer } from '../common/runtime/clock.ts';
import type { ObjectClient } from '../osd/client/object-client.ts';
import { AcrossDesk } from './across-desk.ts';
import { DamageKeeper } from './background/damage-keeper.ts';
import { DataCutter } from './background/data-cutter.ts';
import { Fragmenter } from './background/fragmenter.ts';
import { JournalFollower } from './background/journal-follower.ts';
import { Loader } from './background/loader.ts';
import { Mover } from './background/mover.ts';
import { RankMail } from './background/rank-mail.ts';
import { PurgeQueue } from './background/purge-queue.ts';
import { propagateCounts } from './background/recursive-counts.ts';
import { Repair } from './background/repair.ts';
import { Resignation } from './background/resignation.ts';
import { Scrub } from './background/scrub.ts';
import { SharedAppends } from './background/shared-appends.ts';
import { SizeRecovery } from './background/size-recovery.ts';
import { Truncations } from './background/truncations.ts';
import { WriteBack } from './background/write-back.ts';
import { ClientWatch } from './client-watch.ts';
import { elsewhere } from './core/away.ts';
import type { MdsConfig } from './config.ts';
import { CapBudget } from './core/cap-budget.ts';
import { defaultLayoutIn } from './core/layout.ts';
import { markKey, rootName, type RankMessage } from './core/subtrees.ts';
import { lend } from './ops/lend.ts';
import { takeMessage } from './ops/take-message.ts';
import { BinaryWriter } from './store/binary.ts';
import { decodeMessage, encodeMessage } from './store/subtree-codec.ts';
import { MdsCore } from './core/mds-core.ts';
import { TableKey } from './core/unwritten.ts';
import { rankObject } from './core/rank-object.ts';
import { beginFirstLife } from './first-life.ts';
import { rankReport } from './rank-report.ts';
import type { RankState } from './rank-state.ts';
import { RequestDesk } from './request-desk.ts';
import { RequestRunner, type Abandonable } from './request-runner.ts';
import { SessionDesk } from './session-desk.ts';
import { Journal, type JournalOptions } from './store/journal.ts';
import type { JournalHead } from './store/journal-codec.ts';
import type { JournalReader } from './store/journal-reader.ts';
import { MetadataStore } from './store/metadata-store.ts';
import { PatientObjects } from './store/patient-objects.ts';

export interface RankOptions {
  /** From 0. */
  readonly rank: number;
  readonly objects: ObjectClient;
  readonly metadataPool: PoolId;
  readonly dataPool: PoolId;
  readonly poolName: (pool: number) => string;
  readonly fsid: string;
  readonly instance: number;
  readonly config: MdsConfig;
  /** Resolves when the OSDs refuse everything from that client, with the map's epoch that says so. */
  readonly fence: (instance: number) => Promise<number>;
  /** Whether that has been done before. */
  readonly isFenced: (instance: number) => boolean;
  /** Whether OSDs serve all that there is. */
  readonly isAvailable: () => boolean;
  /** Tells the holder of another rank; resolves when that has taken it. */
  readonly tellRank: (rank: number, message: RankMessageRequest) => Promise<void>;
  /** Asks the holder of another rank to take part in a change of names. */
  readonly askRank: (rank: number, request: Init<RankAskRequest>) => Promise<RankAskReply>;
  /** Whether somebody serves a rank. */
  readonly isServed: (rank: number) => boolean;
  /** How many ranks there are. */
  readonly ranks: () => number;
  /** Whether there is not to be this rank any more. */
  readonly isStopping: () => boolean;
  readonly onState: (state: RankState) => void;
  /** What the mon is to hear has changed: damage, or how far a scrub is. */
  readonly onNews?: () => void;
  /** Somebody else has the rank, or its journal cannot be written: it must be given up at once. */
  readonly onLost: (error: FsError) => void;
}

export class Rank {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly sessions: SessionDesk;
  readonly requests: RequestDesk;
  readonly damage: DamageKeeper;
  readonly scrub: Scrub;
  readonly repair: Repair;
  readonly #env: Env;
  readonly #options: RankOptions;
  readonly #objects: PatientObjects;
  readonly #store: MetadataStore;
  readonly #truncations: Truncations;
  readonly #recovery: SizeRecovery;
  readonly #purges: PurgeQueue;
  readonly #writeBack: WriteBack;
  readonly #runner: RequestRunner;
  readonly #reader: JournalReader;
  readonly #loader: Loader;
  readonly #mail: RankMail;
  readonly #mover: Mover;
  readonly #resignation: Resignation;
  readonly #across: AcrossDesk;
  readonly #watch: ClientWatch;
  readonly #writer = new BinaryWriter();
  #follower: JournalFollower | undefined;
  /** Of the journal, when it began to be read. */
  #journalBytes = 0;
  #state: RankState = 'replay';
  #trouble = '';
  #countTimer: Timer | undefined;

  constructor(env: Env, options: RankOptions) {
    this.#env = env;
    this.#options = options;
    const { config, metadataPool } = options;
    const objects = new PatientObjects(env, options.objects);
    this.#objects = objects;
    const onLost = (error: unknown): void => this.#lost(toFsError(error));
    const journalOptions: JournalOptions = {
      rank: options.rank,
      objects,
      pool: metadataPool,
      fsid: options.fsid,
      instance: options.instance,
      delayMs: config.journalDelayMs,
      segmentBytes: config.journalSegmentBytes,
      batchBytes: config.journalBatchBytes,
      batchesInFlight: config.journalBatchesInFlight,
      onSafe: (seq) => this.sessions.announceSafe(seq),
      onLost,
    };
    this.journal = new Journal(env, journalOptions);
    this.core = new MdsCore({
      rank: options.rank,
      journal: this.journal,
      effects: {
        recall: (instance, ino, keep, seq) => this.sessions.recall(instance, ino, keep, seq),
        grant: (instance, grant) => this.sessions.grant(instance, grant),
        recalled: (inode) => this.#runner.recalled(inode),
        sizeTold: (inode) => this.#runner.sizeTold(inode),
        appended: (inode) => this.#runner.appended(inode),
        lockGranted: (instance, wait) => this.sessions.lockGranted(instance, wait),
        // What is lent may get a name.
        purge: (inode) => {
          if (!this.core.loans.isLent(inode.ino)) this.#purges.add(inode);
        },
        truncate: (inode) => this.#truncations.begin(inode),
        recover: (inode) => this.#recovery.begin(inode),
        posted: () => this.#mail.posted(),
        between: () => this.#runner.between(),
        nowMs: () => env.clock.monotonicMs(),
        nowTimespec: () => env.clock.nowTimespec(),
      },
      splitNames: config.fragmentSplitNames,
      locksMax: config.locksMax,
      directoryQuietMs: config.directoryQuietMs,
      defaultLayout: defaultLayoutIn(options.dataPool),
      poolName: options.poolName,
    });
    const { core, journal } = this;
    this.#reader = journal.reader();
    this.#store = new MetadataStore(objects, metadataPool, options.rank, options.dataPool);
    const store = this.#store;
    const cutter = new DataCutter(objects, core.defaultLayout, config.purgeObjectsInFlight);
    this.damage = new DamageKeeper(env, { core, store, onChange: () => options.onNews?.() });
    const { damage } = this;
    const loader = new Loader(core, store, damage);
    this.#truncations = new Truncations(env, { core, journal, cutter, onLost });
    this.#purges = new PurgeQueue(env, { core, journal, store, cutter, damage, config, onLost });
    this.#writeBack = new WriteBack(env, {
      core,
      journal,
      store,
      loader,
      fragmenter: new Fragmenter(env, core, loader),
      config,
      onLost,
      onFilled: (surplus) => this.sessions.askForCaps(surplus),
    });
    this.#runner = new RequestRunner({
      core,
      loader,
      truncations: this.#truncations,
      journal,
      recovered: (inode) => this.#recovery.done(inode),
      movesEnded: async () => {
        await this.#mover.ended();
        await this.#resignation.thawed();
      },
    });
    this.#recovery = new SizeRecovery(env, { core, runner: this.#runner, cutter, filesInFlight: config.purgeFilesInFlight, onLost });
    this.#loader = loader;
    this.#mail = new RankMail(env, {
      core,
      journal,
      tell: (rank, seq, message) => options.tellRank(rank, this.#messageOf(rank, seq, message)),
      onLost,
    });
    this.#mover = new Mover(env, {
      core,
      store,
      runner: this.#runner,
      writeBack: this.#writeBack,
      isServed: options.isServed,
      barrierEpoch: () => this.sessions.barrierEpoch,
    });
    this.#resignation = new Resignation(env, {
      core,
      journal,
      store,
      writeBack: this.#writeBack,
      isStopping: options.isStopping,
      ranks: options.ranks,
      isServed: options.isServed,
      barrierEpoch: () => this.sessions.barrierEpoch,
      begin: async () => {
        await this.#mover.stop();
        await this.scrub.stop();
      },
      pause: () => this.#purges.stop(),
      goOn: () => this.#purges.start(),
      onNews: () => options.onNews?.(),
      onResigned: () => this.#resign(),
    });
    this.scrub = new Scrub(env, {
      core,
      store,
      objects,
      metadataPool,
      loader,
      runner: this.#runner,
      purges: this.#purges,
      damage,
      config,
      askRank: options.askRank,
      onNews: () => options.onNews?.(),
    });
    const nothing = (): void => undefined;
    this.repair = new Repair({
      env,
      rank: options.rank,
      ranks: options.ranks,
      isServed: options.isServed,
      instance: options.instance,
      config,
      objects,
      store,
      metadataPool,
      defaultLayout: core.defaultLayout,
      poolName: options.poolName,
      reading: journalOptions,
      journal: { ...journalOptions, onSafe: nothing, onLost: nothing },
      fence: options.fence,
      state: () => this.#state,
    });
    const budget = new CapBudget({ capsMax: config.clientCapsMax, capsMin: config.clientCapsMin });
    this.#watch = new ClientWatch(env.clock, { core, runner: this.#runner, budget, config });
    this.sessions = new SessionDesk(env, {
      core,
      journal,
      runner: this.#runner,
      config,
      budget,
      fence: options.fence,
      isFenced: options.isFenced,
      isAvailable: options.isAvailable,
      state: () => this.#state,
      onAllBack: () => this.#becomeActive(),
      onLost,
    });
    this.#across = new AcrossDesk(env, {
      core,
      journal,
      runner: this.#runner,
      life: options.instance,
      askRank: options.askRank,
      ranks: options.ranks,
    });
    this.requests = new RequestDesk({
      core,
      journal,
      runner: this.#runner,
      truncations: this.#truncations,
      appends: new SharedAppends(env, { core, runner: this.#runner, journal, objects, onLost }),
      sessions: this.sessions,
      across: this.#across,
    });
  }

  get state(): RankState {
    return this.#state;
  }

  /** In `damaged`: what is, and where. While it is stopping: what it waits for. */
  get trouble(): string {
    return this.#trouble || this.#resignation.waitsFor;
  }

  /** What the mon is to hear of clients with which something is the matter. */
  get clientWarnings(): readonly ClientWarnings[] {
    return this.#state === 'active' ? this.#watch.warnings() : [];
  }

  /** How much it has in memory, and what it has done. */
  get report(): RankReportReply {
    return rankReport(this, this.#options.config);
  }

  /** Strays not purged yet. */
  get straysWaiting(): number {
    return this.#purges.length;
  }

  /** It knew of the journal before it was given the rank. */
  get followed(): boolean {
    return this.#follower !== undefined;
  }

  /** It has followed the journal as far as that went, once at least. */
  get caughtUp(): boolean {
    return this.#follower?.caughtUp ?? false;
  }

  /** How much of the journal has been read, in bytes, while it is in replay. */
  get replayed(): { readonly bytes: number; readonly ofBytes: number } | undefined {
    return this.#state === 'replay' ? { bytes: this.#reader.bytesRead, ofBytes: this.#journalBytes } : undefined;
  }

  /**
   * Follows the journal of the one that has the rank. Resolves when {@link start} takes over, or at {@link stop}. FsError EILSEQ when
   * there is no going on from what it has read: then another Rank may begin anew, also when `start` finds that.
   */
  async follow(): Promise<void> {
    const { followMs, cacheEntriesMax } = this.#options.config;
    this.#become('standby-replay');
    this.#follower = new JournalFollower(this.#env, {
      core: this.core,
      reader: this.#reader,
      readTables: () => this.#readTables(),
      followMs,
      cacheEntriesMax,
    });
    await this.#follower.run();
  }

  /** Resolves when it has read everything. FsError EILSEQ, EIO, EINVAL when what it finds is damaged or not ours: it has obeyed nothing of it. */
  async start(): Promise<void> {
    const read = this.#reader.entriesRead;
    if (this.#follower === undefined) await this.#replay();
    else await this.#takeOver(this.#follower);
    await this.journal.continueAfter(this.#reader);
    await this.damage.read();
    this.#resignation.resume();
    await this.#readRoots();
    const { seq } = this.journal;
    const entries = this.#reader.entriesRead - read;
    this.#env.log.info({ entries, seq, followed: this.followed, sessions: this.core.sessions.size }, 'journal replayed');
    if (this.#state !== 'replay') return;
    for (const inode of this.core.cache.inodes.values()) if (inode.truncateFrom > 0) this.#truncations.begin(inode);
    if (this.core.sessions.size === 0) {
      this.#becomeActive();
      return;
    }
    this.#become('reconnect');
    this.sessions.awaitReturn();
  }

  async #replay(): Promise<void> {
    const head = (await this.#reader.head()) ?? (await this.#beginFirst());
    await this.#readTables();
    this.#reader.begin(head);
    this.#journalBytes = await this.#reader.measure();
    await this.#reader.advance(({ entry, seq }, segment) => this.core.replay(entry, seq, segment));
  }

  /** There has been no life before: there is no journal. */
  async #beginFirst(): Promise<JournalHead> {
    const { metadataPool, dataPool } = this.#options;
    const { core, journal } = this;
    await beginFirstLife({ env: this.#env, core, store: this.#store, objects: this.#objects, journal, metadataPool, dataPool });
    const head = await this.#reader.head();
    if (head === undefined) throw new FsError('EIO', 'the head of the MDS journal is gone just after it was written');
    return head;
  }

  async #takeOver(follower: JournalFollower): Promise<void> {
    this.#become('replay');
    await follower.stop();
    // What the one before wrote last; from here on the OSDs refuse it.
    await follower.catchUp();
  }

  /** A message from another rank. Resolves when it has been taken, and is in the journal. FsError EAGAIN while that cannot be done. */
  async take({ from, to, seq, body }: RankMessageRequest): Promise<void> {
    this.#requireMeant(to);
    const message = decodeMessage(body, `message ${seq} of rank ${from}`);
    if (message.kind === 'move' || message.kind === 'estate') this.sessions.raiseBarrier(message.barrierEpoch);
    await this.#runner.run(() => this.core.departures.whileStopping(() => takeMessage(this.core, from, seq, message)));
    await this.journal.flush();
  }

  /** Another rank needs something of ours for a change of names: lends it, which certainly comes, or tells of it. FsError EAGAIN while that cannot be done. */
  async lend(request: RankAskRequest, asker?: Abandonable): Promise<RankAskReply> {
    this.#requireMeant(request.to);
    const { stopping } = this.core.departures;
    if (stopping === 'frozen') throw new FsError('EAGAIN', `rank ${this.core.rank} is stopping`, { retry: 'safe' });
    if (stopping === 'handing' || stopping === 'resigned') throw elsewhere({ ino: request.ino, rank: 0 });
    const told = await this.#runner.run(() => lend(this.core, request), asker);
    await this.journal.flush();
    return told;
  }

  /** Of another rank that this daemon had by an older map nothing is taken here. FsError EAGAIN. */
  #requireMeant(rank: number): void {
    if (this.#state !== 'active' || rank !== this.core.rank)
      throw new FsError('EAGAIN', `rank ${rank} is not active here`, { retry: 'safe' });
  }

  #messageOf(to: number, seq: number, message: RankMessage): RankMessageRequest {
    return { from: this.core.rank, to, seq, body: encodeMessage(this.#writer, message) };
  }

  /** The roots of its subtrees stay in memory: what lies below none of them, and not below that of a rank, is another's. */
  async #readRoots(): Promise<void> {
    const { core } = this;
    if (!core.isShared) return;
    await this.#loader.fragment(core.cache.names(core.inos.base).fragmentOf(rootName(0, 0)));
    for (const inode of core.cache.inodes.values()) core.checkPin(inode);
  }

  /** What it needs to start is damaged: until a person has mended that it keeps its place, so that nobody else tries in its stead. */
  giveUp({ message }: FsError): void {
    if (this.#state !== 'replay') return;
    this.#trouble = message;
    this.#become('damaged');
  }

  /** `clean`: everything is written back first, so that the next life has nothing to replay. */
  async stop(clean: boolean): Promise<void> {
    if (this.#state === 'stopped') return;
    const served = this.#state === 'active';
    this.#become('stopped');
    this.#follower?.abandon();
    this.#countTimer?.cancel();
    this.sessions.stop();
    this.#runner.stop();
    this.#mail.stop();
    this.#across.stop();
    await this.#resignation.stop();
    await this.#mover.stop();
    await this.scrub.stop();
    await this.#writeBack.stop();
    if (clean && served) {
      await this.#purges.stop();
      while (this.#counts && propagateCounts(this.core) > 0) {
        // Level by level, up to the root.
      }
      if (await this.#writeBack.all()) await this.journal.close();
      else await this.journal.flush();
    }
    this.#objects.stop();
    this.journal.abandon();
  }

  #become(state: RankState): void {
    this.#state = state;
    this.#env.log.info({ state }, 'MDS rank');
    this.#options.onState(state);
  }

  #becomeActive(): void {
    if (this.#state === 'stopped' || this.#state === 'active') return;
    this.#become('active');
    this.core.complete();
    this.#writeBack.start();
    const { stopping } = this.core.departures;
    if (stopping === 'no') this.#purges.start();
    this.#mail.start();
    this.#across.start();
    if (stopping === 'no') this.#mover.start();
    this.#resignation.start();
    this.#countLater();
    this.requests.release();
  }

  /** Nothing is left of it: what its journal and tables still say is written, so that the rank begins from there should there be one again. */
  async #resign(): Promise<void> {
    this.core.commit([{ kind: 'mark', key: markKey.stopped, value: undefined }]);
    this.damage.forgetAll();
    this.#countTimer?.cancel();
    this.sessions.stop();
    this.#runner.stop();
    this.#mail.stop();
    this.#across.stop();
    try {
      await this.#writeBack.stop();
      if (await this.#writeBack.all()) await this.journal.close();
      else await this.journal.flush();
    } catch (error) {
      // The next life ends it.
      this.#lost(toFsError(error));
      return;
    }
    if (this.#state === 'active') this.#become('resigned');
  }

  #countLater(): void {
    this.#countTimer = this.#env.clock.setTimer(this.#options.config.recursiveDelayMs, () => {
      if (this.#counts) propagateCounts(this.core);
      this.#countLater();
    });
  }

  /** Once it is stopping, what is not counted yet goes with what it is of. */
  get #counts(): boolean {
    return ['no', 'asking'].includes(this.core.departures.stopping);
  }

  #lost(error: FsError): void {
    if (this.#state === 'stopped') return;
    this.#options.onLost(error);
  }

  async #readTables(): Promise<void> {
    const sessions = await this.#store.readSessions();
    const values = await this.#store.readValues();
    const nextIno = values.get(TableKey.nextIno);
    for (const [key, value] of values) if (key !== TableKey.nextIno) this.core.mark(key, value);
    for (const posted of await this.#store.readMessages()) this.core.posted.put(posted);
    for (const [ino, given] of await this.#store.readGiven()) this.core.given.set(ino, given);
    // Until the journal has been trimmed for the first time it has all that they would have.
    if (this.#reader.first.index > 0 && (sessions === undefined || nextIno === undefined))
      throw new FsError(
        'EILSEQ',
        `object ${rankObject(this.core.rank, sessions === undefined ? 'sessions' : 'values')} of the metadata pool is missing, or lacks what was in it`,
      );
    for (const session of sessions ?? []) this.core.sessions.set(session.instance, session);
    this.core.nextIno = nextIno ?? this.core.inos.firstFree;
  }
}
