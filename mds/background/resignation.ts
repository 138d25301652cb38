/**
 * How a rank stops that there is not to be any more: everything that it holds goes to rank 0.
 *
 *   asking ──▶ frozen ──▶ handing ──▶ resigned
 *      ▲─────────┘ (another rank is away)
 *
 * Clients give back what they hold of it; in the moment in which nobody holds anything it is frozen: requests wait. The other ranks are told to send
 * nothing more, all that it has is written to its objects, and the journal trimmed up to there. The entry with which it begins to hand over is the
 * last that can be taken for undone: from then on, and in each life after that, nobody is served. Roots of subtrees, linked inodes, strays
 * and what it knows of names go to rank 0 by messages, page by page; what lies below these is in objects that all ranks share. When
 * rank 0 has all of it the others hear who is asked in its place; when all clients have closed their sessions it is over.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import { everyDirectory, type Change } from '../core/change.ts';
import { wholeId } from '../core/fragment-shape.ts';
import { inodesInUse } from '../core/in-use.ts';
import type { Dentry } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { markKey, Stopped, type Given, type RankMessage } from '../core/subtrees.ts';
import type { Journal } from '../store/journal.ts';
import type { MetadataStore } from '../store/metadata-store.ts';
import { propagateCounts } from './recursive-counts.ts';
import type { WriteBack } from './write-back.ts';

export interface ResignationOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly store: MetadataStore;
  readonly writeBack: WriteBack;
  /** There is not to be this rank any more. */
  readonly isStopping: () => boolean;
  /** All ranks that there are. */
  readonly ranks: () => number;
  readonly isServed: (rank: number) => boolean;
  readonly barrierEpoch: () => number;
  /** No subtree is moved any more. Resolves when none is on its way. */
  readonly begin: () => Promise<void>;
  /** Nothing is deleted. Resolves when nothing of that is under way. */
  readonly pause: () => Promise<void>;
  /** After that; not called when the rank has resigned. */
  readonly goOn: () => void;
  /** Something that people may want to know has changed. */
  readonly onNews: () => void;
  /** Nothing is left. */
  readonly onResigned: () => Promise<void>;
}

/** Between two looks whether it is to stop. */
const lookMs = 250;
/** Between two looks for what is waited for. */
const waitMs = 5;
/** What keeps it from stopping is looked at again after so long. */
const pauseMs = 1_000;
/** So long clients are asked before it is looked anew whether something keeps it from stopping. */
const patienceMs = 60_000;
/** Other ranks that have not heard of it by then may be away: requests are not kept waiting for them. */
const closingMs = 5_000;
/** Inodes in one message, and what their attributes may come to: it has to fit into a journal entry. */
const pageInodes = 256;
const pageBytes = 512 * 1024;

/** It cannot go on just now, and somebody may want to know why. */
class Hindered extends Error {
  override readonly name = 'Hindered';
}

export class Resignation {
  readonly #env: Env;
  readonly #options: ResignationOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #waitsFor = '';
  #stopped = false;

  constructor(env: Env, options: ResignationOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** What it waits for, for people; empty: nothing special. */
  get waitsFor(): string {
    return this.#waitsFor;
  }

  /** The journal has been read: goes on from where the life before was. */
  resume(): void {
    const { core } = this.#options;
    const stopped = core.marks.get(markKey.stopped);
    if (stopped !== undefined) core.departures.stopping = stopped === Stopped.handing ? 'handing' : 'resigned';
  }

  /** The rank is active. */
  start(): void {
    if (this.#stopped) return;
    const { core, isStopping } = this.#options;
    this.#open();
    if (core.departures.stopping === 'no' && !isStopping()) {
      this.#timer = this.#env.clock.setTimer(lookMs, () => this.start());
      return;
    }
    this.#env.spawn('stop a rank', async () => {
      this.#running = this.#resign();
      await this.#running;
    });
  }

  /** Goes no further. Resolves when that is so. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#wake();
    await this.#running;
  }

  /** Resolves when nothing is frozen. */
  async thawed(): Promise<void> {
    if (this.#options.core.departures.stopping === 'frozen') await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #resign(): Promise<void> {
    const { core, begin, onResigned } = this.#options;
    this.#env.log.info({}, 'this rank is stopping');
    try {
      await begin();
      while (core.departures.stopping === 'no') await this.#trying(() => this.#tryToFreeze());
      while (core.departures.stopping === 'handing') await this.#trying(() => this.#handOver());
      await this.#until(() => core.posted.size === 0, 'the other ranks');
      await this.#until(() => core.sessions.size === 0, 'clients to close their sessions with it');
      await onResigned();
    } catch (error) {
      if (!this.#stopped) throw error;
    }
  }

  /** What keeps it from going on is told, and for a while nothing is done. */
  async #trying(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#requireGoing();
      if (!(error instanceof Hindered) && !(error instanceof FsError)) throw error;
      this.#tell(error.message);
      await this.#sleep(pauseMs);
    }
  }

  /** Until it is handing over, or something has kept it from that. */
  async #tryToFreeze(): Promise<void> {
    const { core, pause, goOn } = this.#options;
    let paused = false;
    try {
      await this.#freeze();
      paused = true;
      await pause();
      await this.#empty();
    } finally {
      if (core.departures.stopping !== 'handing') {
        core.departures.stopping = 'no';
        this.#open();
        if (paused && !this.#stopped) goOn();
      }
      this.#wake();
    }
  }

  /** Has everybody give back what is held; ends in the moment in which nobody holds anything and nothing is under way. */
  async #freeze(): Promise<void> {
    const { core, writeBack } = this.#options;
    this.#requireFree();
    // Most of it while everything is still in use.
    if (!(await writeBack.settle())) throw new Hindered('changes of directories that cannot be written back');
    this.#requireFree();
    core.departures.stopping = 'asking';
    const untilMs = this.#env.clock.monotonicMs() + patienceMs;
    while (!this.#isFree()) {
      this.#requireFree();
      if (this.#env.clock.monotonicMs() > untilMs) throw new Hindered('something that is in use all the time');
      await this.#sleep(waitMs);
    }
    core.departures.stopping = 'frozen';
  }

  /** Throws when there is no point in asking anybody. */
  #requireFree(): void {
    const { core, ranks, isServed } = this.#options;
    for (let rank = 0; rank < ranks(); rank++)
      if (rank !== core.rank && !isServed(rank)) throw new Hindered(`rank ${rank}, which is not active`);
    const { size } = core.fileLocks;
    if (size > 0) throw new Hindered(size === 1 ? 'a file that is locked' : `${size} files that are locked`);
  }

  #isFree(): boolean {
    const { core } = this.#options;
    const { loans, awaited } = core;
    let free = loans.lent.size === 0 && loans.borrowed.size === 0 && awaited.size === 0 && core.departures.moving === undefined;
    // Of some it hears as they are given back.
    if (core.fileLocks.size > 0) free = false;
    for (const inode of inodesInUse(core))
      if (!core.locker.takeBack(inode) || inode.truncateFrom > 0 || inode.doubtful || inode.appenders.length > 0) free = false;
    return free;
  }

  /** Frozen: all of it goes to its objects, and nobody sends anything more. Ends with the entry that begins to hand over. */
  async #empty(): Promise<void> {
    const { core, journal, writeBack } = this.#options;
    const deadlineMs = this.#env.clock.monotonicMs() + closingMs;
    core.commit([{ kind: 'mark', key: markKey.shut, value: 1 }, ...this.#toOthers({ kind: 'close' })]);
    core.effects.posted();
    await this.#until(() => core.posted.size === 0, 'the other ranks to hear of it', deadlineMs);
    for (;;) {
      while (propagateCounts(core) > 0) {
        // Level by level.
      }
      await this.#until(() => core.posted.size === 0, 'the other ranks', deadlineMs);
      if (!(await writeBack.settle())) throw new Hindered('changes of directories that cannot be written back');
      this.#requireGoing();
      if (this.#isFree() && this.#isWritten() && core.posted.size === 0) break;
      if (this.#env.clock.monotonicMs() > deadlineMs) throw new Hindered('something that changes all the time');
    }
    // Whoever wants something hears whom to tell.
    for (const inode of new Set(inodesInUse(core))) core.locker.leave(inode, core.sessions);
    core.commit([
      { kind: 'leave', directories: [everyDirectory] },
      { kind: 'mark', key: markKey.stopped, value: Stopped.handing },
    ]);
    core.departures.stopping = 'handing';
    this.#wake();
    await journal.flush();
  }

  /** All names are in their objects. */
  #isWritten(): boolean {
    for (const { kind } of this.#options.core.unwritten.sets)
      if (kind === 'fragment' || kind === 'location' || kind === 'record') return false;
    return true;
  }

  /** What the life before has begun is ended as well. */
  async #handOver(): Promise<void> {
    const { core } = this.#options;
    const { base, linked, strays } = core.inos;
    this.#tell('');
    for (const table of [base, linked, strays]) await this.#handTable(table);
    for (let page = this.#pageOfGiven(); page.length > 0; page = this.#pageOfGiven()) {
      const heirs = new Map<number, number[]>();
      const changes: Change[] = page.map(([ino]) => ({ kind: 'given', ino, given: undefined }));
      for (const [ino, { rank }] of page) if (rank !== 0) heirs.set(rank, [...(heirs.get(rank) ?? []), ino]);
      changes.push(...core.post(0, this.#estate([], page)));
      for (const [rank, inos] of heirs) changes.push(...core.post(rank, { kind: 'heir', inos, last: false }));
      await this.#commit(changes);
    }
    const last = this.#toOthers({ kind: 'heir', inos: [], last: true });
    last.push({ kind: 'mark', key: markKey.stopped, value: Stopped.resigned });
    await this.#commit(last);
    core.departures.stopping = 'resigned';
    this.#env.log.info({}, 'all that this rank had is with rank 0');
  }

  /** All inodes of one of the rank's own directories. */
  async #handTable(table: number): Promise<void> {
    const { core, store } = this.#options;
    let page: Dentry[] = [];
    let bytes = 0;
    const hand = async (): Promise<void> => {
      const dentries = page;
      page = [];
      bytes = 0;
      if (dentries.length === 0) return;
      const changes: Change[] = [];
      for (const { directory, name } of dentries) {
        const known = core.cache.names(directory).fragmentOf(name).dentries.get(name);
        if (known !== undefined) core.cache.remove(known);
        changes.push({ kind: 'remove', directory, name, unstored: false });
      }
      await this.#commit([...changes, ...core.post(0, this.#estate(dentries, []))]);
    };
    const fragment = core.cache.names(table).fragmentOf('' as ByteString);
    for await (const found of store.readFragment(table, wholeId)) {
      for (const dentry of found) {
        const here = fragment.dentries.get(dentry.name) ?? dentry;
        // It has gone before.
        if (here === dentry && fragment.hidesStored(dentry.name)) continue;
        page.push(here);
        bytes += bytesOf(here);
        if (page.length >= pageInodes || bytes >= pageBytes) await hand();
      }
    }
    await hand();
  }

  #pageOfGiven(): (readonly [number, Given])[] {
    const page: (readonly [number, Given])[] = [];
    let bytes = 0;
    for (const entry of this.#options.core.given) {
      page.push(entry);
      for (const { name } of [entry[1].place, ...entry[1].others]) bytes += name.length;
      if (page.length >= pageInodes || bytes >= pageBytes) break;
    }
    return page;
  }

  #estate(dentries: readonly Dentry[], given: readonly (readonly [number, Given])[]): RankMessage {
    return { kind: 'estate', dentries, given, barrierEpoch: this.#options.barrierEpoch() };
  }

  #others(): number[] {
    const { core, ranks } = this.#options;
    return Array.from({ length: ranks() }, (_, rank) => rank).filter((rank) => rank !== core.rank);
  }

  /** Others send us what they have for us: it is served again, or for the first time since it has stopped. */
  #open(): void {
    const { core } = this.#options;
    if (core.departures.stopping !== 'no' || this.#stopped || !core.marks.has(markKey.shut)) return;
    core.commit([{ kind: 'mark', key: markKey.shut, value: undefined }, ...this.#toOthers({ kind: 'open' })]);
    core.effects.posted();
  }

  #toOthers(message: RankMessage): Change[] {
    return this.#others().flatMap((rank) => this.#options.core.post(rank, message));
  }

  /** Resolves when what is posted with it has come. */
  async #commit(changes: readonly Change[]): Promise<void> {
    const { core } = this.#options;
    core.commit(changes);
    core.effects.posted();
    await this.#until(() => core.posted.size === 0);
  }

  /** Throws when that takes longer than until `deadlineMs`. */
  async #until(isSo: () => boolean, what = '', deadlineMs = Infinity): Promise<void> {
    const saysMs = this.#env.clock.monotonicMs() + pauseMs;
    while (!isSo()) {
      this.#requireGoing();
      const nowMs = this.#env.clock.monotonicMs();
      if (nowMs > deadlineMs) throw new Hindered(what);
      if (what !== '' && nowMs > saysMs) this.#tell(what);
      await this.#sleep(waitMs);
    }
    this.#requireGoing();
  }

  #requireGoing(): void {
    if (this.#stopped) throw new FsError('ESHUTDOWN', 'the MDS is stopping');
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#env.clock.setTimer(ms, resolve));
    this.#requireGoing();
  }

  #tell(waitsFor: string): void {
    if (this.#waitsFor === waitsFor) return;
    this.#waitsFor = waitsFor;
    this.#env.log.info({ waitsFor }, 'this rank is stopping');
    this.#options.onNews();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** About. */
function bytesOf({ inode }: Dentry): number {
  let bytes = inode?.symlink.length ?? 0;
  for (const { value } of inode?.xattrs ?? []) bytes += value.length;
  for (const { name } of inode?.names ?? []) bytes += name.length;
  return bytes;
}
