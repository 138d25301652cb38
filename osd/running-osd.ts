/**
 * An OSD from start to stop: the PGs, the map they follow, the lease they serve under.
 * @module
 */
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import type { ClusterMap, PoolInfo } from '../common/maps/cluster-map.ts';
import type { OsdId, PoolId } from '../common/maps/ids.ts';
import { pgMappingAt } from '../common/maps/placement.ts';
import type { Env } from '../common/runtime/env.ts';
import type { OsdBeaconReply } from '../common/wire/gen/messages.ts';
import type { IncomingRequest, Messenger, OutgoingReply, RequestName, Session } from '../common/wire/session.ts';
import type { MonClient } from '../mon/client/mon-client.ts';
import { AckBatch } from './ack-batch.ts';
import { Beacon } from './background/beacon.ts';
import { sleep } from './background/interval-run.ts';
import { Mender } from './background/mend.ts';
import { beginInterval } from './background/peering.ts';
import { RecoveryTraffic } from './background/recovery-traffic.ts';
import { ScrubSchedule } from './background/scrub-schedule.ts';
import { Slots } from './background/slots.ts';
import { watchStrays } from './background/stray-copies.ts';
import type { OsdConfig } from './config.ts';
import type { OsdContext } from './context.ts';
import type { ClientOp } from './core/client-op.ts';
import { freshInfo, Pg, type PgOptions } from './core/pg.ts';
import { WaitingOps } from './core/waiting-ops.ts';
import type { InFlightBudget } from './core/write-window.ts';
import { loadPgs } from './load-pgs.ts';
import { pgActivate, pgList, pgLog, pgQuery, pgReset, pgStray, pullObject, saveInfo } from './ops/member-requests.ts';
import { mayServe, osdOp, runOp, sendWrite, takeOp } from './ops/osd-op.ts';
import { pgReserve } from './ops/pg-reserve.ts';
import { pgTurn, pgTurnEnd, pgYield } from './ops/pg-turn.ts';
import { pushObject } from './ops/push-object.ts';
import { repAck, repOp } from './ops/rep-op.ts';
import { copyDamaged, scrubMapRequest, scrubRecord, scrubRelease, scrubRepair, scrubReserve } from './ops/scrub-requests.ts';
import { pgRead } from './ops/replica-read.ts';
import { PeerSessions } from './peer-sessions.ts';
import { Requesters } from './requesters.ts';
import { ScrubSlots } from './scrub-slots.ts';
import { Space } from './space.ts';
import { splitCopy } from './split-pgs.ts';
import type { ObjectStore } from './store/object-store.ts';
import { savedEpoch, saveEpoch, type Superblock } from './superblock.ts';

export interface RunningOsdParts {
  readonly id: OsdId;
  readonly config: OsdConfig;
  readonly store: ObjectStore;
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  readonly superblock: Superblock;
  readonly host: string;
}

const bootRetryMs = 200;
/** A place in a scrub whose primary was silent for so many time-outs is free again. */
const scrubIdleTimeouts = 6;

export class RunningOsd implements OsdContext {
  readonly env: Env;
  readonly config: OsdConfig;
  readonly id: OsdId;
  readonly store: ObjectStore;
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  readonly peers: PeerSessions;
  readonly acks: AckBatch;
  readonly space: Space;
  readonly requesters = new Requesters();
  readonly recoverySlots: Slots;
  readonly scrubSlots: ScrubSlots;
  readonly arrivalSlots: Slots;
  readonly traffic: RecoveryTraffic;
  readonly budget: InFlightBudget = { bytes: 0 };
  readonly waitingOps: WaitingOps;
  readonly #pgOptions: PgOptions;
  readonly #superblock: Superblock;
  readonly #host: string;
  readonly #beacon: Beacon;
  readonly #scrubs: ScrubSchedule;
  readonly #mender: Mender;
  readonly #stop = new AbortController();
  /** By pool, then number. */
  readonly #pgs = new Map<number, Pg[]>();
  #address = '';
  #leaseUntilMs = 0;
  #streams = 0;
  #savingEpoch = false;
  #booting: Promise<void> | undefined;
  #stopStrays: (() => void) | undefined;
  /** They wait for a newer map, in order. */
  readonly #futureOps = new Set<ClientOp>();
  /** PGs where operations wait, some of them perhaps for the budget. */
  readonly #waitingPgs = new Set<Pg>();
  #failed = false;

  constructor(env: Env, parts: RunningOsdParts) {
    this.env = env;
    this.config = parts.config;
    this.id = parts.id;
    this.store = parts.store;
    this.messenger = parts.messenger;
    this.monClient = parts.monClient;
    this.#pgOptions = { logEntriesMax: parts.config.logEntriesMax, budget: this.budget };
    this.waitingOps = new WaitingOps(parts.config.waitingBytesMax);
    this.#superblock = parts.superblock;
    this.#host = parts.host;
    this.peers = new PeerSessions(parts.messenger, parts.monClient);
    this.space = new Space({ clock: env.clock, store: parts.store, inFlight: this.budget, map: () => this.map });
    this.acks = new AckBatch(this.space);
    this.recoverySlots = new Slots(parts.config.recoveryPgsMax);
    this.arrivalSlots = new Slots(parts.config.backfillsMax);
    this.traffic = new RecoveryTraffic({
      clock: env.clock,
      piecesMax: parts.config.recoveryPiecesMax,
      bytesPerSecond: parts.config.recoveryBytesPerSecond,
      map: () => this.map,
    });
    this.scrubSlots = new ScrubSlots(parts.config.scrubsMax, scrubIdleTimeouts * parts.config.peerTimeoutMs);
    this.#mender = new Mender(this);
    this.#scrubs = new ScrubSchedule(this);
    this.#beacon = new Beacon(this, { onReply: (reply, sentMs) => this.#onBeaconReply(reply, sentMs) });
  }

  get map(): ClusterMap {
    return this.monClient.map;
  }

  get address(): string {
    return this.#address;
  }

  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  async start(listen: string, signal: AbortSignal): Promise<void> {
    for (const pg of await loadPgs(this.store, this.#pgOptions)) this.#add(pg);
    this.#route();
    this.#address = await this.messenger.listen(listen);
    this.monClient.onMap((map) => this.#onMap(map));
    await this.monClient.start({ timeoutMs: this.config.bootTimeoutMs, signal });
    await this.#boot(signal);
    this.#beacon.start();
    this.#stopStrays = watchStrays(this);
    this.#scrubs.start();
    this.env.log.info({ address: this.#address, epoch: this.map.epoch, pgs: [...this.allPgs()].length }, 'OSD serves');
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#beacon.stop();
    this.#stopStrays?.();
    this.#scrubs.stop();
    this.traffic.stop();
    for (const pg of this.allPgs()) pg.retire();
    for (const op of this.#futureOps) op.fail(stopped());
    this.#futureOps.clear();
    this.peers.stop();
    await this.monClient.stop();
    await this.messenger.stop();
    await this.#booting?.catch(() => undefined);
  }

  pg(pool: number, seq: number): Pg | undefined {
    return this.#pgs.get(pool)?.[seq];
  }

  *allPgs(): Generator<Pg> {
    // Rows have holes: PGs that are not here.
    for (const row of this.#pgs.values()) for (const pg of row as (Pg | undefined)[]) if (pg !== undefined) yield pg;
  }

  leaseValid(): boolean {
    return this.env.clock.monotonicMs() < this.#leaseUntilMs;
  }

  newStream(): number {
    return ++this.#streams;
  }

  resume(pg: Pg, ops: readonly ClientOp[]): void {
    for (const op of ops) runOp(this, pg, op);
  }

  wait(pg: Pg, op: ClientOp): void {
    pg.waiting.push(op);
    this.#waitingPgs.add(pg);
    op.onCancel(() => {
      pg.waiting = pg.waiting.filter((other) => other !== op);
    });
  }

  budgetFreed(): void {
    if (this.#waitingPgs.size === 0 || this.budget.bytes > this.config.inFlightBytesMax) return;
    for (const pg of [...this.#waitingPgs]) {
      this.serveWaiting(pg);
      if (pg.waiting.length === 0) this.#waitingPgs.delete(pg);
    }
  }

  serveWaiting(pg: Pg): void {
    if (pg.waiting.length === 0 || pg.state.kind !== 'active' || !this.leaseValid()) return;
    const ops = pg.waiting;
    pg.waiting = [];
    const kept: ClientOp[] = [];
    // What is passed over holds back what follows it on the same object.
    const held = new Set<string>();
    for (const op of ops) {
      if (!held.has(op.message.object) && mayServe(this, pg, op)) runOp(this, pg, op);
      else {
        held.add(op.message.object);
        kept.push(op);
      }
    }
    pg.waiting = kept.concat(pg.waiting);
  }

  waitForEpoch(op: ClientOp): void {
    if (this.#futureOps.size >= this.config.waitingOpsMax || !this.waitingOps.hold(op)) {
      op.turnAway();
      return;
    }
    this.#futureOps.add(op);
    op.onCancel(() => this.#futureOps.delete(op));
  }

  ensurePg(pool: PoolId, seq: number): Pg {
    const pgNum = this.map.pools.get(pool)?.pgNum ?? 0;
    return this.pg(pool, seq) ?? this.#add(new Pg(pool, seq, { ...freshInfo, pgNum }, this.#pgOptions));
  }

  forgetPg(pg: Pg): void {
    pg.retire();
    delete this.#pgs.get(pg.pool)?.[pg.seq];
  }

  mendSoon(pg: Pg, object: string): void {
    this.#mender.add(pg, object);
  }

  reportSoon(): void {
    this.#beacon.soon();
  }

  fatal(what: string, error: unknown): void {
    if (this.#failed || this.#stop.signal.aborted) return;
    this.#failed = true;
    this.env.log.error({ err: error }, what);
    this.#leaseUntilMs = 0;
    this.env.spawn('store', () => Promise.reject(error instanceof Error ? error : new Error(what)));
  }

  #add(pg: Pg): Pg {
    let row = this.#pgs.get(pg.pool);
    if (row === undefined) this.#pgs.set(pg.pool, (row = []));
    row[pg.seq] = pg;
    return pg;
  }

  #route(): void {
    this.messenger.handle('osdOp', (incoming) => osdOp(this, incoming));
    this.messenger.onPush('repOp', (session, message, payload) => {
      if (isOsd(session)) repOp(this, session, message, payload);
    });
    this.messenger.onPush('repAck', (session, message) => {
      if (isOsd(session)) repAck(this, session, message);
    });
    this.#handleOsd('pgQuery', pgQuery);
    this.#handleOsd('pgLog', pgLog);
    this.#handleOsd('pgActivate', pgActivate);
    this.#handleOsd('pgReset', pgReset);
    this.#handleOsd('pgList', pgList);
    this.#handleOsd('push', pushObject);
    this.#handleOsd('pull', pullObject);
    this.#handleOsd('pgStray', pgStray);
    this.#handleOsd('pgReserve', pgReserve);
    this.#handleOsd('scrubReserve', scrubReserve);
    this.#handleOsd('scrubMap', scrubMapRequest);
    this.#handleOsd('scrubRepair', scrubRepair);
    this.#handleOsd('scrubRecord', scrubRecord);
    this.messenger.onPush('scrubRelease', (session, message) => {
      if (isOsd(session)) scrubRelease(this, message);
    });
    this.messenger.onPush('copyDamaged', (session, message) => {
      if (isOsd(session)) copyDamaged(this, session, message);
    });
    this.#handleOsd('pgRead', pgRead);
    this.#handleOsd('pgTurn', pgTurn);
    this.messenger.onPush('pgTurnEnd', (session, message) => {
      if (isOsd(session)) pgTurnEnd(this, message);
    });
    this.messenger.onPush('pgYield', (session, message) => {
      if (isOsd(session)) pgYield(this, session, message);
    });
    this.messenger.onSessionOpen((session) => this.#onPeer(session));
  }

  #handleOsd<K extends RequestName>(
    name: K,
    op: (ctx: OsdContext, incoming: IncomingRequest<K>) => OutgoingReply<K> | Promise<OutgoingReply<K>>,
  ): void {
    this.messenger.handle(name, (incoming) => {
      if (!isOsd(incoming.session)) throw new FsError('EPERM', `${name} is between OSDs`);
      return op(this, incoming);
    });
  }

  /** The connection to a member is back: it is sent again what it has not acknowledged. */
  #onPeer(session: Session): void {
    if (!isOsd(session)) return;
    for (const pg of this.allPgs()) {
      for (const member of pg.window.members.values()) {
        if (session.peer.entity !== `osd.${member.osd}`) continue;
        for (const { write, position } of member.unacked()) sendWrite(session, member, write, position);
      }
    }
  }

  #onMap(map: ClusterMap): void {
    if (this.#stop.signal.aborted) return;
    this.peers.enterMap(map);
    if (this.#isUp(map)) {
      this.#enterMap(map);
      // Not before it is a member: a store without an epoch was never part of a cluster.
      this.#noteEpoch(map.epoch);
      this.traffic.mapChanged();
    } else {
      for (const pg of this.allPgs()) pg.retire();
      if (this.#booting === undefined && this.#leaseUntilMs > 0) this.#bootAgain();
    }
    // One that is turned away takes those of its connection with it.
    for (const op of [...this.#futureOps]) if (this.#futureOps.delete(op)) takeOp(this, op);
  }

  #isUp(map: ClusterMap): boolean {
    const info = map.osds.get(this.id);
    return info?.up === true && info.instance === this.messenger.instance && info.address === this.#address;
  }

  #enterMap(map: ClusterMap): void {
    for (const pool of map.pools.values()) {
      this.#split(pool);
      for (let seq = 0; seq < pool.pgNum; seq++) {
        const mapping = pgMappingAt(map, pool.id, seq);
        if (mapping === undefined) continue;
        const mine = mapping.acting.includes(this.id) || mapping.candidates.includes(this.id);
        const pg = mine ? this.ensurePg(pool.id, seq) : this.pg(pool.id, seq);
        if (pg === undefined) continue;
        pg.minSize = pool.minSize;
        pg.size = pool.size;
        if (pg.enterMap(mapping, this.id) && pg.isPrimary) beginInterval(this, pg);
        else this.serveWaiting(pg);
      }
    }
    for (const [pool, row] of this.#pgs) if (!map.pools.has(pool as PoolId)) this.#removePool(row);
  }

  /** Before they take part in anything, all copies are of as many PGs as the pool has. */
  #split({ id, pgNum }: PoolInfo): void {
    for (const pg of [...(this.#pgs.get(id) ?? [])] as (Pg | undefined)[]) {
      if (pg === undefined || pg.info.pgNum === pgNum) continue;
      if (pg.info.pgNum > 0) for (const child of splitCopy(this, pg, pgNum, this.#pgOptions)) this.#add(child);
      else this.env.spawn(`pg ${pg.id}`, () => saveInfo(this, pg, { ...pg.info, pgNum }));
    }
  }

  #removePool(row: readonly Pg[]): void {
    for (const pg of row as readonly (Pg | undefined)[]) {
      if (pg === undefined) continue;
      this.forgetPg(pg);
      this.store
        .commit([{ kind: 'remove-collection', pg: pg.id }])
        .catch((error: unknown) => this.fatal('the store could not remove a pool', error));
    }
  }

  #onBeaconReply({ leaseMs, scrubOrders }: OsdBeaconReply, sentMs: number): void {
    this.#onLease(leaseMs, sentMs);
    this.#scrubs.order(scrubOrders);
  }

  #onLease(leaseMs: number, sentMs: number): void {
    if (leaseMs === 0) {
      this.#leaseUntilMs = 0;
      this.#bootAgain();
      return;
    }
    this.#leaseUntilMs = Math.max(this.#leaseUntilMs, sentMs + leaseMs);
    for (const pg of this.allPgs()) if (pg.waiting.length > 0) this.serveWaiting(pg);
  }

  /** The mon holds us for dead: we tell it otherwise. */
  #bootAgain(): void {
    if (this.#booting !== undefined || this.#stop.signal.aborted) return;
    this.env.log.warn({ epoch: this.map.epoch }, 'the map says that this OSD is down, booting again');
    this.#booting = this.#boot(this.#stop.signal).finally(() => (this.#booting = undefined));
    this.env.spawn('boot', () => (this.#booting ?? Promise.resolve()).catch((error: unknown) => this.#bootFailed(error)));
  }

  #bootFailed(error: unknown): void {
    if (!this.#stop.signal.aborted) throw error;
  }

  /** Resolves when the map says that this life is up. */
  async #boot(signal: AbortSignal): Promise<void> {
    const request = {
      osd: this.id,
      uuid: this.#superblock.uuid,
      instance: this.messenger.instance,
      address: this.#address,
      host: this.#host,
      rack: this.config.rack,
      weight: Math.round(Number(this.config.crushWeight) * 0x10000),
      totalBytes: this.store.usage().totalBytes,
      newestEpoch: savedEpoch(this.store),
    };
    let refusal = '';
    while (true) {
      if (this.#isStopping(signal)) throw stopped();
      try {
        const { epoch } = await this.monClient.request('osdBoot', request, { timeoutMs: this.config.bootTimeoutMs, signal });
        const map = await this.monClient.waitForEpoch(epoch as never, { timeoutMs: this.config.bootTimeoutMs, signal });
        if (this.#isUp(map)) return;
      } catch (error) {
        const known = toFsError(error);
        if (known.retry === 'never' || this.#isStopping(signal)) throw known;
        if (known.message !== refusal) this.env.log.info({ code: known.code, reason: known.message }, 'boot not taken yet, trying again');
        refusal = known.message;
      }
      await sleep(this, bootRetryMs, signal);
    }
  }

  #isStopping(signal: AbortSignal): boolean {
    return signal.aborted || this.#stop.signal.aborted;
  }

  /** Keeps the newest epoch seen in the store; not each one when they come fast. */
  #noteEpoch(epoch: number): void {
    if (this.#savingEpoch) return;
    this.#savingEpoch = true;
    saveEpoch(this.store, epoch).then(
      () => {
        this.#savingEpoch = false;
        if (this.map.epoch > epoch && !this.#stop.signal.aborted) this.#noteEpoch(this.map.epoch);
      },
      (error: unknown) => {
        this.#savingEpoch = false;
        // A full disk may refuse even this; it is only a safeguard.
        if (toFsError(error).code !== 'ENOSPC') this.fatal('the store could not note the epoch', error);
      },
    );
  }
}

function isOsd(session: Session): boolean {
  return session.peer.entity.startsWith('osd.');
}

function stopped(): FsError {
  return new FsError('ESHUTDOWN', 'the OSD is stopping', { retry: 'safe' });
}
