/**
 * A client's sessions with the ranks of the filesystem: one with each that it has to ask, opened when it is first asked. What is asked
 * goes to the rank that the inode is known to be with; one that is not with it says who has it. In the place of a rank that has stopped
 * rank 0 is asked.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import type { FsError } from '../../common/errors/fs-error.ts';
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Messenger } from '../../common/wire/session.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { Change } from './change.ts';
import { MdsClient, type MdsClientHandlers } from './mds-client.ts';
import { rankIsNoMore } from './session-keeper.ts';

/** An inode is on its way from one rank to another for about so long; each sends us to the other meanwhile. */
const wayMs = 20;

/** Something that one rank decides about, as far as is known. */
export interface HeldByRank {
  readonly ino: Ino;
  readonly rank: number;
  /** Another does: what was held of it from the one before is void. */
  movedTo(rank: number): void;
}

export interface MdsRanksOptions {
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  /** Asked for when first needed: the owner may come into being after this. */
  readonly handlers: (rank: number) => MdsClientHandlers;
}

export class MdsRanks {
  readonly #env: Env;
  readonly #options: MdsRanksOptions;
  readonly #clients: MdsClient[] = [];
  /** Ranks that have said that nothing is with them any more, and the process that did. */
  readonly #resigned = new Map<number, number>();
  /** Sessions with such that are being closed. */
  readonly #retiring = new Set<MdsClient>();
  /** Of those that are. */
  #barrierBefore = 0;
  readonly #unsubscribe: () => void;
  readonly #first: MdsClient;

  constructor(env: Env, options: MdsRanksOptions) {
    this.#env = env;
    this.#options = options;
    this.#first = this.#make(0);
    this.#unsubscribe = options.monClient.onMap(() => this.#onMap());
  }

  /** Inode number of the sessions' root; 0 before the first open. */
  get rootIno(): number {
    return this.#first.rootIno;
  }

  /** With which there are sessions, or have been. */
  get ranks(): readonly number[] {
    return this.#clients.map(({ rank }) => rank);
  }

  /** Evicted or stopped: nothing is answered any more. */
  get over(): boolean {
    return this.#first.over;
  }

  /** Data is read and written with a map of this epoch or a newer one only: older ones do not know who was evicted. */
  get barrierEpoch(): number {
    let epoch = this.#barrierBefore;
    for (const client of this.#clients) epoch = Math.max(epoch, client.barrierEpoch);
    return epoch;
  }

  /** Opens the session with the rank that has the root. Rejects with ETIMEDOUT when no MDS serves within `timeoutMs`. */
  async start(options: { readonly timeoutMs: number }): Promise<void> {
    await this.#first.start(options);
  }

  /** Closes all sessions. Whoever calls it has written back everything. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    await Promise.all(this.#clients.map((client) => client.stop()));
  }

  /** The session with the rank that decides about it. */
  of(held: Pick<HeldByRank, 'rank'> & Partial<HeldByRank>): MdsClient {
    if (held.rank > 0 && this.isGone(held.rank)) {
      held.movedTo?.(0);
      return this.#first;
    }
    return held.rank === 0 ? this.#first : this.rank(held.rank);
  }

  /** Nothing is with that rank: it has stopped, or there is none of that number, as far as the map here says. */
  isGone(rank: number): boolean {
    if (this.#resigned.has(rank)) return true;
    const [filesystem] = this.#options.monClient.map.filesystems;
    return filesystem !== undefined && rank >= filesystem.ranks;
  }

  rank(rank: number): MdsClient {
    const known = this.#clients.find((client) => client.rank === rank);
    if (known !== undefined) return known;
    const client = this.#make(rank);
    const { endedBy } = this.#first;
    if (endedBy === undefined) client.begin();
    else client.end(endedBy);
    return client;
  }

  /** Asks who decides about `held`; when that turns out to be another, that one. FsError EREMOTE when it is about what a name in it leads to. */
  ask<T>(held: HeldByRank, ask: (client: MdsClient) => Promise<T>): Promise<T> {
    return this.follow(held, ask(this.of(held)), ask);
  }

  /** {@link ask}, of which the first time is under way. */
  async follow<T>(held: HeldByRank, asked: Promise<T>, ask: (client: MdsClient) => Promise<T>): Promise<T> {
    for (let answer = asked; ; answer = ask(this.of(held))) {
      const { rank } = held;
      try {
        return await answer;
      } catch (error) {
        // Another request may have heard of it before.
        const failure = toFsError(error);
        if (!this.#isElsewhere(held, failure) && held.rank === rank) {
          // All sessions but that with a rank that has stopped end together.
          if (failure.code !== 'ESHUTDOWN' || failure.retry !== 'safe' || this.over) throw error;
          if (this.isGone(rank)) held.movedTo(0);
        }
      }
      await new Promise<void>((resolve) => this.#env.clock.setTimer(wayMs, resolve));
    }
  }

  /** Resolves when `change` is in the journal of the rank that made it: as {@link MdsClient.flush}. */
  flush(change: Change): Promise<void> {
    return this.of(change).flush(change);
  }

  /** Resolves when every change so far is in a journal. */
  async flushAll(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.flushAll()));
  }

  /** What waits for company is sent now. */
  hurry(): void {
    for (const client of this.#clients) client.hurry();
  }

  #make(rank: number): MdsClient {
    const { messenger, monClient, handlers } = this.#options;
    let owner: MdsClientHandlers | undefined;
    const client = new MdsClient(this.#env, {
      rank,
      messenger,
      monClient,
      handlers: () => (owner ??= { ...handlers(rank), onEvicted: () => this.#onEvicted(rank) }),
      onResigned: () => this.#onResigned(client),
    });
    this.#clients.push(client);
    return client;
  }

  /** Nothing is asked of it any more, and its session ends when all is answered. */
  #onResigned(client: MdsClient): void {
    if (this.#retiring.has(client) || client.over) return;
    const { rank } = client;
    this.#retiring.add(client);
    this.#resigned.set(rank, client.life);
    this.#options.handlers(rank).onResigned();
    this.#env.spawn('close the session with a rank that stops', async () => {
      await client.retire();
      this.#forget(client);
    });
  }

  #onMap(): void {
    const { mdss, filesystems } = this.#options.monClient.map;
    for (const { rank, state, instance } of mdss.values()) {
      // There may be one of that number again.
      const isAnother = state === 'active' && this.#resigned.has(rank) && this.#resigned.get(rank) !== instance;
      if (isAnother && ![...this.#retiring].some((client) => client.rank === rank)) this.#resigned.delete(rank);
    }
    const ranks = filesystems[0]?.ranks ?? Infinity;
    for (const client of [...this.#clients]) {
      if (client.rank < ranks || client === this.#first) continue;
      client.end(rankIsNoMore());
      if (!this.#retiring.has(client)) this.#options.handlers(client.rank).onResigned();
      this.#forget(client);
    }
  }

  #forget(client: MdsClient): void {
    this.#barrierBefore = Math.max(this.#barrierBefore, client.barrierEpoch);
    this.#retiring.delete(client);
    const at = this.#clients.indexOf(client);
    // Evicted, it is over like all others.
    if (at >= 0 && !this.over) this.#clients.splice(at, 1);
    if (!this.over) this.#onMap();
  }

  /** Whom one rank has evicted is blocklisted, so that the others will as well. Each session is over, the owner hears of it once. */
  #onEvicted(rank: number): void {
    const { endedBy } = this.rank(rank);
    assert(endedBy !== undefined, 'evicted, and the session is not over');
    for (const client of this.#clients) client.end(endedBy);
    this.#options.handlers(rank).onEvicted();
  }

  /** Notes who decides about it now. False: that is not what the error says. */
  #isElsewhere(held: HeldByRank, { code, elsewhere }: FsError): boolean {
    if (code !== 'EREMOTE' || elsewhere === undefined) return false;
    // What a name in it leads to is: that is the asker's affair.
    if (elsewhere.ino !== held.ino) return false;
    if (elsewhere.rank !== held.rank) held.movedTo(elsewhere.rank);
    return true;
  }
}
