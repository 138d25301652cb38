/**
 * Sessions as connections see them: opened, renewed, reconnected, evicted; and the way of everything that is pushed.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { Timer } from '../common/runtime/clock.ts';
import type { Env } from '../common/runtime/env.ts';
import type {
  AllocateInosReply,
  AllocateInosRequest,
  HeldCaps,
  InodeGrant,
  SessionInfo,
  SessionOpenReply,
  SessionOpenRequest,
} from '../common/wire/gen/messages.ts';
import type { Session } from '../common/wire/session.ts';
import type { Caps } from './client/caps.ts';
import { decodeLock } from './client/lock-wire.ts';
import type { MdsConfig } from './config.ts';
import type { CapBudget } from './core/cap-budget.ts';
import { SystemIno, type Inode } from './core/inode.ts';
import { capOf } from './core/locker.ts';
import type { MdsCore } from './core/mds-core.ts';
import { Operation } from './core/operation.ts';
import { Overdue } from './core/overdue.ts';
import { Access, allow } from './core/permissions.ts';
import { Returns } from './core/returns.ts';
import type { MdsSession } from './core/session.ts';
import { Evictions } from './evictions.ts';
import { takeDirty } from './ops/cap-update.ts';
import { allocateInos, sessionEnd, sessionOpen } from './ops/session-open.ts';
import type { RankState } from './rank-state.ts';
import type { RequestRunner } from './request-runner.ts';
import type { Journal } from './store/journal.ts';

export interface SessionDeskOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly runner: RequestRunner;
  readonly config: MdsConfig;
  readonly budget: CapBudget;
  /** Resolves when the OSDs refuse everything from that client, with the map's epoch that says so. */
  readonly fence: (instance: number) => Promise<number>;
  /** Whether that has been done before. */
  readonly isFenced: (instance: number) => boolean;
  /** Whether OSDs serve all that there is, so that who is to give something back can write what it holds. */
  readonly isAvailable: () => boolean;
  readonly state: () => RankState;
  /** Every session of the life before is back, or evicted. */
  readonly onAllBack: () => void;
  readonly onLost: (error: unknown) => void;
}

/** Inodes that a client tells of between two looks at the size of the cache. */
const restoredBatch = 1_024;
const tickMs = 500;

/** Of a lease a client is told so much less than it is: its clock may go slower than ours. */
const leaseMarginShare = 0.05;

export class SessionDesk {
  readonly #env: Env;
  readonly #options: SessionDeskOptions;
  readonly #byConnection = new Map<Session, MdsSession>();
  readonly #connections = new Map<number, Session>();
  /** Of sessions of the life before. */
  readonly #returns: Returns;
  readonly #patienceMs: number;
  readonly #evictions: Evictions;
  readonly #overdue: Overdue;
  readonly #announced = new Map<number, number>();
  /** Connections on which a session that was there before is being opened, unanswered as yet: their clients can renew nothing meanwhile. */
  readonly #resuming = new Set<Session>();
  #returnTimer: Timer | undefined;
  #tick: Timer | undefined;

  constructor(env: Env, options: SessionDeskOptions) {
    this.#env = env;
    this.#options = options;
    const { reconnectMs, sessionLeaseMs } = options.config;
    // A client that does not come back may trust its caps for as long as its lease was when the MDS died.
    this.#patienceMs = Math.max(reconnectMs, sessionLeaseMs);
    this.#returns = new Returns(this.#patienceMs);
    this.#evictions = new Evictions(env, {
      fence: options.fence,
      onBegun: (session) => {
        this.#connections.get(session.instance)?.close('evicted');
        this.#unbind(session.instance);
      },
      onOver: (session) => {
        sessionEnd(options.core, session);
        this.#returned(session.instance);
      },
      onLost: options.onLost,
    });
    this.#overdue = new Overdue({
      core: options.core,
      recallTimeoutMs: options.config.recallTimeoutMs,
      sessionLeaseMs,
      isUntold: (instance) => this.#returns.isUntold(instance),
      isSilent: (session) => this.#isSilent(session),
      isTurnWanted: (inode) => options.runner.isTurnWanted(inode),
      isAvailable: options.isAvailable,
    });
    this.#tickLater();
  }

  /** Data under caps given from now on is touched with this map or a newer one only. */
  get barrierEpoch(): number {
    return this.#evictions.barrierEpoch;
  }

  /** How many were begun. */
  get evictions(): number {
    return this.#evictions.begun;
  }

  /** Data is touched with a map of `epoch` or a newer one only, from now on. */
  raiseBarrier(epoch: number): void {
    this.#evictions.raiseBarrier(epoch);
  }

  /** The session that speaks on this connection. FsError ESTALE. */
  of(connection: Session): MdsSession {
    const session = this.#byConnection.get(connection);
    if (session === undefined || session.ended)
      throw new FsError('ESTALE', 'no session: open one on this connection first', { retry: 'safe' });
    return session;
  }

  /** Gives the sessions found in the journal their time to come back. */
  awaitReturn(): void {
    const { core, config } = this.#options;
    const nowMs = this.#env.clock.monotonicMs();
    for (const session of core.sessions.values()) {
      session.leaseEndsMs = nowMs + config.sessionLeaseMs;
      this.#returns.expect(session.instance, nowMs);
    }
    this.#returnTimer = this.#env.clock.setTimer(this.#patienceMs, () => this.#endPatience());
  }

  async open(connection: Session, request: SessionOpenRequest): Promise<SessionOpenReply> {
    if (request.instance === 0 || request.instance !== connection.peer.instance)
      throw new FsError('EINVAL', 'a session has the instance of its connection');
    const { core, config, journal } = this.#options;
    // Before the tables and the journal have been read nobody knows which inode numbers are free.
    if (this.#options.state() === 'replay') throw new FsError('EAGAIN', 'this MDS is still reading its journal', { retry: 'safe' });
    // What it tells of what it holds would be taken for all that it holds of ours.
    if (request.rank !== core.rank) throw new FsError('EAGAIN', `this MDS has rank ${core.rank}: look at the newer map`, { retry: 'safe' });
    const known = core.sessions.get(request.instance);
    if (this.#options.isFenced(request.instance)) {
      if (known !== undefined) this.evict(known, 'it was blocklisted before');
      return { session: 0, leaseMs: 0, ranges: [], rootIno: 0, resumed: false };
    }
    if (request.reconnect) {
      if (known === undefined || this.#evictions.isUnderWay(request.instance))
        return { session: 0, leaseMs: 0, ranges: [], rootIno: 0, resumed: false };
      return await this.#resume(connection, known, request);
    }
    this.#replaceNamesake(request);
    const session = known ?? sessionOpen(core, request.instance, request.name, request.root, config.inoRange).session;
    this.#bind(connection, session);
    const rootIno = await this.#options.runner.run(() => this.#rootOf(session));
    await journal.flush();
    // Opened in the life before, whose answer was lost: it is here, and has nothing to send again.
    this.#returned(session.instance);
    this.#env.log.info({ client: session.name, instance: session.instance }, 'session opened');
    return { session: session.instance, leaseMs: trustMs(config), ranges: session.ranges, rootIno, resumed: false };
  }

  renew(connection: Session, oldestTid = 0): { readonly leaseMs: number } {
    const { config } = this.#options;
    const session = this.of(connection);
    this.#renewed(session);
    session.advance(oldestTid);
    return { leaseMs: trustMs(config) };
  }

  async close(connection: Session): Promise<object> {
    const session = this.of(connection);
    sessionEnd(this.#options.core, session);
    this.#unbind(session.instance);
    this.#returned(session.instance);
    await this.#options.journal.flush();
    this.#env.log.info({ client: session.name, instance: session.instance }, 'session closed');
    return {};
  }

  async allocate(connection: Session, { count }: AllocateInosRequest): Promise<AllocateInosReply> {
    const { core, config, journal } = this.#options;
    const session = this.of(connection);
    const first = core.nextIno;
    const given = Math.min(Math.max(count, 1), config.inoRange * 16);
    if (session.numbersLeft > config.inoRange * 64)
      throw new FsError('EINVAL', `session ${session.name} has ${session.numbersLeft} numbers to use`);
    await journal.flush(allocateInos(core, session, given));
    return { ranges: [{ first, count: given }] };
  }

  connectionClosed(connection: Session): void {
    const session = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    if (session === undefined || this.#connections.get(session.instance) !== connection) return;
    // Until now it has waited for us.
    if (this.#resuming.has(connection)) this.#renewed(session);
    this.#connections.delete(session.instance);
    this.#options.core.fileLocks.interrupted(session.instance);
  }

  /** A request that is sent again has come. Returns what is to be called when it has been answered. */
  replaying({ instance }: MdsSession): () => void {
    const owing = this.#returns.begin(instance);
    return () => {
      if (owing !== undefined && this.#returns.replayed(owing, this.#env.clock.monotonicMs())) this.#oneIsBack();
    };
  }

  /** What the client held before the restart of an inode that its replay has only just made again. */
  async expectedCame(session: MdsSession, ino: number): Promise<void> {
    const held = session.expected.get(ino);
    if (held === undefined) return;
    session.expected.delete(ino);
    await this.#restore(session, held, () => !session.ended);
  }

  recall(instance: number, ino: number, keep: Caps, seq: number): void {
    this.#connections.get(instance)?.push('capRecall', { ino, keep, seq });
  }

  /**
   * Said when the answers of this moment are on their way: one of them may be that the wait has begun. On another connection the
   * client knows nothing of it.
   */
  lockGranted(instance: number, wait: number): void {
    const connection = this.#connections.get(instance);
    if (connection !== undefined) this.#env.clock.defer(() => connection.push('lockGranted', { wait, barrierEpoch: this.barrierEpoch }));
  }

  /** What another session changed is shown when it is durable, not before. */
  grant(instance: number, grant: InodeGrant): void {
    const { core } = this.#options;
    const inode = grant.inode === null ? undefined : core.cache.inodes.get(grant.inode.ino);
    if (inode === undefined || core.isDurableFor(instance, inode))
      this.#connections.get(instance)?.push('capGrant', { grant, barrierEpoch: this.barrierEpoch });
    else this.#env.spawn('grant what is not durable yet', () => this.#grantLater(instance, inode));
  }

  /** By then the client may have been asked to give something back, or have told anew what it holds: it hears of what it holds then. */
  async #grantLater(instance: number, inode: Inode): Promise<void> {
    const { core, journal, onLost } = this.#options;
    try {
      await journal.flush(inode.changedSeq);
    } catch (error) {
      onLost(error);
      return;
    }
    const session = core.sessions.get(instance);
    const cap = session?.caps.get(inode.ino);
    if (session !== undefined && cap !== undefined && cap.recall === undefined) this.grant(instance, core.locker.held(session, inode));
  }

  /** Tells every session whose changes have become safe. */
  announceSafe(seq: number): void {
    for (const [instance, connection] of this.#connections) {
      const session = this.#options.core.sessions.get(instance);
      if (session === undefined || (this.#announced.get(instance) ?? 0) >= session.newestSeq) continue;
      const safe = Math.min(seq, session.newestSeq);
      if (safe <= (this.#announced.get(instance) ?? 0)) continue;
      this.#announced.set(instance, safe);
      connection.push('journalSafe', { seq });
    }
  }

  /** Whoever holds more than it may gives that back; and where memory is short (`surplus` is above 0) those who hold most. */
  askForCaps(surplus: number): void {
    const { core, budget } = this.#options;
    const heard = [...core.sessions.values()].filter(({ instance }) => this.#connections.has(instance));
    for (const [{ instance }, { capsMax }] of budget.round(heard, surplus, this.#env.clock.monotonicMs()))
      this.#connections.get(instance)?.push('sessionTrim', { capsMax, resigned: false });
  }

  /** Ends a session that others cannot wait for, see {@link Evictions}. `gone`: it trusts nothing any more. */
  evict(session: MdsSession, why: string, gone = false): void {
    this.#evictions.begin(session, why, gone);
  }

  /** Evicts on command. Resolves when what it held is free for others, with the map's epoch from which on the OSDs refuse it. FsError ENOENT. */
  async evictByCommand(instance: number): Promise<{ readonly epoch: number }> {
    const session = this.#options.core.sessions.get(instance);
    if (session === undefined)
      throw new FsError('ENOENT', `no session has the instance ${instance}: nacre mds session ls shows those that are`);
    this.evict(session, 'by command');
    await this.#evictions.over(session);
    return { epoch: this.barrierEpoch };
  }

  /** Who has a session. */
  list(): { readonly sessions: readonly SessionInfo[] } {
    const nowMs = this.#env.clock.monotonicMs();
    const recalls = new Map<number, number>();
    for (const { instance } of this.#options.core.locker.recalls) recalls.set(instance, (recalls.get(instance) ?? 0) + 1);
    const sessions = [...this.#options.core.sessions.values()].map((session) => {
      const { name, instance, root, caps, leaseEndsMs, oldestTid, completed, requests } = session;
      return {
        name,
        instance,
        root,
        caps: caps.size,
        connected: this.#connections.has(instance),
        leaseMs: Math.max(0, Math.round(leaseEndsMs - nowMs)),
        evicting: this.#evictions.isUnderWay(instance),
        oldestTid,
        answers: completed.size,
        address: this.#connections.get(instance)?.peer.address ?? '',
        recalls: recalls.get(instance) ?? 0,
        requests,
      };
    });
    return { sessions: sessions.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.instance - b.instance)) };
  }

  stop(): void {
    this.#evictions.stop();
    this.#returnTimer?.cancel();
    this.#tick?.cancel();
  }

  #bind(connection: Session, session: MdsSession): void {
    const old = this.#connections.get(session.instance);
    if (old !== undefined && old !== connection) this.#byConnection.delete(old);
    this.#byConnection.set(connection, session);
    this.#connections.set(session.instance, connection);
    this.#announced.delete(session.instance);
    this.#renewed(session);
  }

  #renewed(session: MdsSession): void {
    session.leaseEndsMs = this.#env.clock.monotonicMs() + this.#options.config.sessionLeaseMs;
  }

  /** Its lease is over, and it is not for us that it waits. */
  #isSilent(session: MdsSession): boolean {
    const connection = this.#connections.get(session.instance);
    return session.leaseEndsMs < this.#env.clock.monotonicMs() && (connection === undefined || !this.#resuming.has(connection));
  }

  #unbind(instance: number): void {
    const connection = this.#connections.get(instance);
    this.#connections.delete(instance);
    this.#announced.delete(instance);
    if (connection !== undefined) this.#byConnection.delete(connection);
  }

  async #resume(connection: Session, session: MdsSession, request: SessionOpenRequest): Promise<SessionOpenReply> {
    this.#bind(connection, session);
    const { instance } = session;
    this.#returns.tells(instance);
    this.#resuming.add(connection);
    try {
      const reply = await this.#takeHeld(connection, session, request);
      this.#renewed(session);
      return reply;
    } catch (error) {
      // On a newer connection it may be telling anew.
      const isNewest = [undefined, connection].includes(this.#connections.get(instance));
      if (isNewest) {
        this.#returns.failed(instance);
        this.#evictOverdue();
      }
      throw error;
    } finally {
      this.#resuming.delete(connection);
    }
  }

  async #takeHeld(connection: Session, session: MdsSession, request: SessionOpenRequest): Promise<SessionOpenReply> {
    const { core, config, journal, runner } = this.#options;
    const refused = core.fileLocks.restore(
      session.instance,
      request.locks.map((lock) => ({ ...decodeLock(lock), instance: session.instance })),
    );
    if (refused.length > 0) {
      // It believes to hold what another does: it must not go on.
      this.#env.log.error(
        { client: session.name, inos: refused.map(({ ino }) => ino) },
        'a client that came back holds file locks of others',
      );
      this.evict(session, 'it holds file locks of others');
      this.of(connection);
    }
    const held = new Set<number>();
    session.expected.clear();
    for (const caps of request.held) {
      held.add(caps.ino);
      await this.#restore(session, caps, () => this.#byConnection.get(connection) === session);
      // Nothing is written back yet, which is when the cache is looked at otherwise. What has been restored stays.
      if (held.size % restoredBatch === 0) core.cache.shrink(config.cacheEntriesMax);
    }
    // On a newer connection it has told what it holds anew.
    this.of(connection);
    for (const ino of [...session.caps.keys()]) {
      const inode = held.has(ino) ? undefined : core.cache.inodes.get(ino);
      if (inode !== undefined) core.revoke(session, inode);
    }
    const rootIno = await runner.run(() => this.#rootOf(session));
    await journal.flush();
    this.of(connection);
    if (this.#returns.told(session.instance, request.replays, this.#env.clock.monotonicMs())) this.#oneIsBack();
    this.#env.log.info({ client: session.name, instance: session.instance, caps: held.size, replays: request.replays }, 'session resumed');
    return { session: session.instance, leaseMs: trustMs(config), ranges: session.ranges, rootIno, resumed: true };
  }

  /** A client's word for what it held when its connection broke, or before the MDS was restarted. */
  async #restore(session: MdsSession, held: HeldCaps, counts: () => boolean): Promise<void> {
    const { core, runner } = this.#options;
    try {
      await runner.run(() => {
        if (!counts()) return;
        const inode = core.cache.inode(held.ino);
        if (capOf(inode, session) === undefined) {
          core.locker.restore(session, inode, held.caps, held.wanted, held.seq, held.telling);
          // What it appended before the restart must be known before others append: its size is still to come.
          if (held.appending) core.locker.takeTurn(inode, session.instance);
        } else {
          core.locker.confirm(session, inode, held.caps, held.wanted, held.seq);
          if (!held.appending) core.locker.endTurn(inode, session.instance);
        }
        if (held.sizeLimit > inode.sizeLimit) {
          inode.sizeLimit = held.sizeLimit;
          core.promised.add(inode);
        }
        const cap = capOf(inode, session);
        if (cap !== undefined) {
          cap.allowed = Math.max(cap.allowed, held.allowedSize);
          cap.claimed = Math.max(cap.claimed, held.sizeLimit - 1);
        }
        if (held.dirty !== null) takeDirty(new Operation(core, session, null), inode, held.dirty);
      });
    } catch (error) {
      // Given to another rank, which the client hears with the answer.
      if (error instanceof FsError && error.code === 'EREMOTE') {
        this.recall(session.instance, held.ino, 0, held.seq + 1);
        return;
      }
      if (!(error instanceof FsError) || !(error.code === 'ESTALE' || error.code === 'EIO')) throw error;
      if (!counts()) return;
      if (error.code === 'ESTALE') session.expected.set(held.ino, held);
      else this.#takeBack(session, held, error);
    }
  }

  /**
   * What a client holds of an inode that cannot be read: it is to give it back, which brings its data to the OSDs. What it had to tell of
   * the inode is lost.
   */
  #takeBack(session: MdsSession, { ino, seq, dirty }: HeldCaps, error: FsError): void {
    this.#env.log.error(
      { client: session.name, ino: ino.toString(16), size: dirty?.size, err: error },
      'a client held a file whose metadata cannot be read',
    );
    this.recall(session.instance, ino, 0, seq + 1);
  }

  #rootOf(session: MdsSession): number {
    const { core } = this.#options;
    if (core.rank > 0) return 0;
    let inode: Inode = core.cache.directory(SystemIno.root);
    for (const part of session.root.split('/').filter((name) => name !== '')) {
      allow({ uid: 0, gid: 0, groups: [] }, inode, Access.execute);
      const dentry = core.cache.find(inode.ino, Buffer.from(part).toString('latin1') as never);
      if (dentry === undefined) throw new FsError('ENOENT', `there is no ${session.root} in the filesystem`);
      inode = core.cache.directory(core.cache.target(dentry).ino);
    }
    return inode.ino;
  }

  /** A name is one client's: when it opens anew, its life before, which nobody hears any more, is over. */
  #replaceNamesake(request: SessionOpenRequest): void {
    for (const session of this.#options.core.sessions.values()) {
      if (session.name === request.name && session.instance !== request.instance && !this.#connections.has(session.instance)) {
        this.evict(session, 'the same client has come back in a new life', true);
      }
    }
  }

  /** From the first time on somebody may be overdue at any time. */
  #endPatience(): void {
    this.#evictOverdue();
    if (this.#returns.count > 0) this.#returnTimer = this.#env.clock.setTimer(tickMs, () => this.#endPatience());
  }

  #evictOverdue(): void {
    for (const instance of this.#returns.overdue(this.#env.clock.monotonicMs())) {
      const session = this.#options.core.sessions.get(instance);
      if (session === undefined) this.#returned(instance);
      else this.evict(session, 'it did not come back after the restart with all that it had to tell');
    }
  }

  #returned(instance: number): void {
    if (this.#returns.end(instance)) this.#oneIsBack();
  }

  #oneIsBack(): void {
    if (this.#returns.count > 0) return;
    this.#returnTimer?.cancel();
    if (this.#options.state() === 'reconnect') this.#options.onAllBack();
  }

  #tickLater(): void {
    this.#tick = this.#env.clock.setTimer(tickMs, () => {
      this.#expire();
      this.#tickLater();
    });
  }

  #expire(): void {
    const { core, state } = this.#options;
    const nowMs = this.#env.clock.monotonicMs();
    for (const [session, why] of this.#overdue.late(nowMs)) this.evict(session, why);
    if (state() !== 'active') return;
    if (core.departures.stopping === 'resigned')
      for (const connection of this.#connections.values()) connection.push('sessionTrim', { capsMax: 0, resigned: true });
    for (const [session, why] of this.#overdue.silent(nowMs)) this.evict(session, why);
  }
}

/** For so long a client may trust what it caches. */
function trustMs({ sessionLeaseMs }: MdsConfig): number {
  return Math.floor(sessionLeaseMs * (1 - leaseMarginShare));
}
