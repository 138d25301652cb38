/**
 * One scrub of the filesystem under way: what its parts work with, its pace, and what it has found. Its steps are bounded (at most
 * one directory fragment, or a page of objects), and between two of them clients' work has its turn.
 * @module
 */
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import { bytesOf, type ByteString, type PoolId } from '../../../common/maps/ids.ts';
import type { Env } from '../../../common/runtime/env.ts';
import { LRUCache } from 'lru-cache';
import type { FsScrubStatus, Init, RankAskReply, RankAskRequest } from '../../../common/wire/gen/messages.ts';
import type { MdsConfig } from '../../config.ts';
import { isAway } from '../../core/away.ts';
import { pathOf } from '../../core/damage-table.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import type { RequestRunner } from '../../request-runner.ts';
import type { MetadataStore } from '../../store/metadata-store.ts';
import type { PatientObjects } from '../../store/patient-objects.ts';
import type { DamagedPlace, DamageKeeper } from '../damage-keeper.ts';
import type { Loader } from '../loader.ts';
import type { PurgeQueue } from '../purge-queue.ts';

export interface ScrubParts {
  readonly core: MdsCore;
  readonly store: MetadataStore;
  readonly objects: PatientObjects;
  readonly metadataPool: PoolId;
  readonly loader: Loader;
  readonly runner: RequestRunner;
  readonly purges: PurgeQueue;
  readonly damage: DamageKeeper;
  readonly config: MdsConfig;
  /** Asks the holder of another rank. */
  readonly askRank: (rank: number, request: Init<RankAskRequest>) => Promise<RankAskReply>;
}

export type ScrubPhase = 'tree' | 'linked' | 'strays' | 'data' | 'metadata';
/** Counters of a status. */
type Counter = 'directories' | 'names' | 'linked' | 'strays' | 'objects' | 'unsettled';

/** Findings told in words. */
const findingsMax = 50;
/** From a first look at something to the second. */
const secondLookMs = 1_000;
/** Another rank is asked again after so long when nobody serves it, and for so long at most. */
const askAgainMs = 200;
const askingMaxMs = 60_000;
/** Directories of others that are remembered. */
const elsewhereMax = 10_000;
/** Share of the cache's limit by which it may grow before what is not needed goes. */
const surplusShare = 1 / 16;

export class ScrubRun {
  readonly env: Env;
  readonly parts: ScrubParts;
  readonly repair: boolean;
  /** So many take part. */
  readonly ranks: number;
  /** What was found again, of what is in the table of damage. */
  readonly seen = new Set<string>();
  /** Directories that lie with other ranks, as was found last. */
  readonly #elsewhere = new LRUCache<number, true>({ max: elsewhereMax });
  /** Directories that were found without an inode and have one now: their counts are still to be compared. */
  readonly adopted: number[] = [];
  readonly #pass: () => Promise<void>;
  #status: FsScrubStatus;

  /** `pass` resolves when the next step may begin; rejects when the scrub has been stopped. */
  constructor(
    env: Env,
    parts: ScrubParts,
    { status, ranks }: { readonly status: FsScrubStatus; readonly ranks: number },
    pass: () => Promise<void>,
  ) {
    this.env = env;
    this.parts = parts;
    this.ranks = ranks;
    this.repair = status.repair;
    this.#status = status;
    this.#pass = pass;
  }

  get status(): FsScrubStatus {
    return this.#status;
  }

  /** Changes what is told. */
  tell(change: Partial<FsScrubStatus>): void {
    this.#status = { ...this.#status, ...change };
  }

  count(counter: Counter, by = 1): void {
    this.tell({ [counter]: this.#status[counter] + by });
  }

  /** Between two steps. */
  async pace(): Promise<void> {
    const { core, config } = this.parts;
    const { cacheEntriesMax } = config;
    if (core.cache.size > cacheEntriesMax * (1 + surplusShare)) core.cache.shrink(cacheEntriesMax);
    await this.#pass();
  }

  /** What another rank says. FsError when it has nothing to say, or nobody serves it for a long time. */
  async ask(rank: number, kind: number, ino: number, name = '' as ByteString): Promise<RankAskReply> {
    const { askRank, core } = this.parts;
    const { clock } = this.env;
    const question = { from: core.rank, to: rank, loan: '', kind, ino, name: bytesOf(name), uid: 0, gid: 0, groups: [], instance: 0 };
    for (const untilMs = clock.monotonicMs() + askingMaxMs; ;) {
      try {
        return await askRank(rank, question);
      } catch (error) {
        if (!isAway(toFsError(error)) || clock.monotonicMs() > untilMs) throw error;
      }
      await new Promise<void>((resolve) => clock.setTimer(askAgainMs, resolve));
      await this.pace();
    }
  }

  /** Whether a directory was found to lie with another rank; it may have come here since. */
  isElsewhere(directory: number): boolean {
    return this.#elsewhere.has(directory);
  }

  noteElsewhere(directory: number): void {
    this.#elsewhere.set(directory, true);
  }

  /** Before something is said to belong to nothing it is looked at again, when what was on its way has come: a name, a deletion. */
  async waitForLate(): Promise<void> {
    await new Promise<void>((resolve) => this.env.clock.setTimer(secondLookMs, resolve));
    await this.pace();
  }

  /** Something is wrong. */
  found(place: DamagedPlace): void {
    const { core, damage } = this.parts;
    const path = place.path ?? pathOf(core.cache, place.ino);
    damage.note({ ...place, path });
    this.#count(place.key, `${path}: ${place.what}`);
  }

  /** Something was wrong, and is no more. */
  repaired(place: DamagedPlace): void {
    const { core, damage } = this.parts;
    const path = place.path ?? pathOf(core.cache, place.ino);
    this.env.log.warn({ path, ino: place.ino.toString(16), what: place.what }, 'scrub has mended metadata');
    damage.mended(place.key);
    this.tell({
      errors: this.#status.errors + 1,
      repaired: this.#status.repaired + 1,
      findings: this.#with(`${path}: ${place.what}: mended`),
    });
  }

  /** So many objects that belong to nothing. */
  leftover(bytes: number, objects: number, words: string): void {
    this.tell({
      leftovers: this.#status.leftovers + objects,
      leftoverBytes: this.#status.leftoverBytes + bytes,
      findings: this.#with(words),
    });
  }

  /** An error of reading that has been entered under `key` by whoever met it. All others end the scrub. */
  met(error: unknown, key: string): void {
    if (!(error instanceof FsError) || error.code !== 'EIO') throw error;
    const known = this.parts.damage.entries.get(key);
    this.#count(key, known === undefined ? error.message : `${known.path}: ${known.what}`);
  }

  #count(key: string, words: string): void {
    if (this.seen.has(key)) return;
    if (this.parts.damage.entries.has(key)) this.seen.add(key);
    this.tell({ errors: this.#status.errors + 1, findings: this.#with(words) });
  }

  #with(words: string): readonly string[] {
    const { findings } = this.#status;
    return findings.length < findingsMax ? [...findings, words] : findings;
  }
}
