/**
 * Writes changes from memory to the directories' objects, and trims the journal behind them. Never ahead of the
 * journal: what is written has been made safe before.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import { bytesOf, type ByteString } from '../../common/maps/ids.ts';
import type { OmapEntry } from '../../osd/client/object-client.ts';
import type { MdsConfig } from '../config.ts';
import type { Change } from '../core/change.ts';
import { FragmentChanges, fragmentObject, type Fragment } from '../core/directory.ts';
import { isSame } from '../core/fragment-shape.ts';
import { isUncounted, type Dentry, type Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { WriteBackSet } from '../core/write-back-set.ts';
import type { Journal } from '../store/journal.ts';
import type { MetadataStore } from '../store/metadata-store.ts';
import type { Fragmenter } from './fragmenter.ts';
import type { Loader } from './loader.ts';

/** Keys of one write: below what an OSD accepts. */
const keysMax = 4096;
/** Inodes in one entry. */
const pendingBatch = 32;
/** How often and how long it is waited for what cannot be written at the moment. */
const settleRounds = 50;
const settleMs = 20;

export interface WriteBackOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly store: MetadataStore;
  readonly loader: Loader;
  readonly fragmenter: Pick<Fragmenter, 'run'>;
  readonly config: MdsConfig;
  /** Looked at again and again: the cache is over its limit by so many names, which clients hold; 0: it is not. */
  readonly onFilled: (surplus: number) => void;
  /** It cannot go on: the rank is lost. */
  readonly onLost: (error: unknown) => void;
}

export class WriteBack {
  readonly #env: Env;
  readonly #options: WriteBackOptions;
  #timer: Timer | undefined;
  /** When it began, or has tried last to write back all that there is because nothing new came. */
  #allMs = 0;
  /** What is under way: one writes at a time. */
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(env: Env, options: WriteBackOptions) {
    this.#env = env;
    this.#options = options;
  }

  start(): void {
    this.#allMs = this.#env.clock.monotonicMs();
    this.#next();
  }

  #next(): void {
    this.#timer = this.#env.clock.setTimer(this.#options.config.writeBackIntervalMs, () => {
      this.#turn = this.#turn
        .then(() => this.#trim())
        .catch((error: unknown) => {
          if (!this.#stopped) this.#options.onLost(error);
        })
        .finally(() => {
          if (!this.#stopped) this.#next();
        });
    });
  }

  /** Stops between two writes; nothing is written back any more but by {@link all}. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#turn;
  }

  /** All that has changed until now is in its objects, and no longer in the journal. Resolves to false where something stands against it. */
  settle(): Promise<boolean> {
    const settled = this.#turn.then(() => this.#settle());
    this.#turn = settled.then(
      () => undefined,
      () => undefined,
    );
    return settled;
  }

  /** Everything that has changed is in its place. Returns false where damage stands against it. */
  async all(): Promise<boolean> {
    await this.#writeThrough(Number.MAX_SAFE_INTEGER, () => true);
    return this.#options.core.unwritten.sets.size === 0;
  }

  async #settle(): Promise<boolean> {
    const { journal, core } = this.#options;
    await journal.flush();
    const through = journal.segmentStartedMs === undefined ? journal.segment - 1 : journal.segment;
    journal.roll();
    // With this the next segment begins.
    core.commit([{ kind: 'next-ino', ino: core.nextIno }]);
    await journal.flush();
    for (let round = 0; round < settleRounds && !this.#stopped; round++) {
      await this.#writeThrough(through, () => !this.#stopped);
      let oldest = journal.segment;
      for (const set of core.unwritten.sets) oldest = Math.min(oldest, set.dirtySince);
      if (oldest > through) {
        await journal.trim(oldest);
        return true;
      }
      // Read just now, which is over soon; or damaged.
      await new Promise<void>((resolve) => this.#env.clock.setTimer(settleMs, resolve));
    }
    return false;
  }

  async #trim(): Promise<void> {
    const { journal, config, core } = this.#options;
    const { segmentStartedMs: startedMs } = journal;
    const old = startedMs !== undefined && this.#env.clock.monotonicMs() - startedMs >= config.writeBackMs;
    // What the lives before have left is written back though nothing new comes.
    const isIdle = startedMs === undefined && this.#env.clock.monotonicMs() - this.#allMs >= config.writeBackMs;
    if (isIdle) this.#allMs = this.#env.clock.monotonicMs();
    const through = old || isIdle ? journal.segment : journal.segment - config.journalSegments - 1;
    if (old) journal.roll();
    await this.#writeThrough(through, () => !this.#stopped);
    let oldest = journal.segment;
    for (const set of core.unwritten.sets) oldest = Math.min(oldest, set.dirtySince);
    if (oldest > journal.firstSegment) await this.#keepPending(oldest);
    if (!this.#stopped) await journal.trim(oldest);
    core.cache.shrink(config.cacheEntriesMax);
    this.#options.onFilled(Math.max(0, core.cache.size - config.cacheEntriesMax));
  }

  /** What the next life has to know of before anybody looks for it is told again, when what the journal has of it lies below the segment `oldest`. */
  async #keepPending(oldest: number): Promise<void> {
    const { core, journal } = this.#options;
    const firstSeq = journal.firstSeqOf(oldest);
    const changes: Change[] = [];
    for (const inode of core.cache.inodes.values()) {
      const { dentry } = inode;
      if (dentry === undefined || inode.changedSeq >= firstSeq || !isPending(inode) || core.departures.isFrozen(inode)) continue;
      changes.push({ kind: 'set', dentry });
    }
    for (let at = 0; at < changes.length; at += pendingBatch) core.commit(changes.slice(at, at + pendingBatch));
    await journal.flush();
  }

  /** Writes whatever has a change from `segment` or before. Between two writes directories are divided and merged. */
  async #writeThrough(segment: number, goesOn: () => boolean): Promise<void> {
    const { core, fragmenter } = this.#options;
    const stuck = new Set<WriteBackSet<unknown>>();
    for (;;) {
      if (goesOn()) await fragmenter.run();
      const due = [...core.unwritten.sets].filter((set) => set.dirtySince <= segment && set.frozen === 0 && !stuck.has(set));
      if (due.length === 0 || !goesOn()) return;
      for (const set of due) {
        await fragmenter.run();
        if (!goesOn()) return;
        if (set instanceof FragmentChanges && !(await this.#prepare(set.fragment))) stuck.add(set);
        if (!core.unwritten.sets.has(set) || set.frozen > 0 || stuck.has(set)) continue;
        set.written = this.#write(set);
        await set.written;
      }
    }
  }

  /**
   * Where the fragment's names are to be written, and what is to be moved there, is known. False when damage stands against it: its
   * changes stay in the journal.
   */
  async #prepare(fragment: Fragment): Promise<boolean> {
    const { loader } = this.#options;
    try {
      if (!fragment.directory.placed) await loader.inode(fragment.directory.ino);
      while (!fragment.gathered && !fragment.retired) await loader.fragment(fragment);
      return true;
    } catch (error) {
      if (toFsError(error).code === 'ESHUTDOWN') throw error;
      this.#env.log.error({ object: fragment.changes.object, err: error }, 'changes of a directory cannot be written back');
      return false;
    }
  }

  async #write(set: WriteBackSet<unknown>): Promise<void> {
    const { core, store, journal, config } = this.#options;
    const { dirtySince } = set;
    const changes = set.begin();
    // What changes from here on must be written again, after this.
    let entries: OmapEntry[] = [];
    let removed: Uint8Array[] = [];
    let bytes = 0;
    // That of a part of a divided directory is there even when it has no names: one that is not is lost.
    const makes = set instanceof FragmentChanges && set.fragment.sources.length > 0;
    const flush = async (): Promise<void> => {
      const [sets, removals] = [entries, removed];
      entries = [];
      removed = [];
      bytes = 0;
      await journal.flush();
      if (set.kind === 'record') await store.writeRecords(set.object, sets, removals);
      else await store.write(set.object, sets, removals, makes);
    };
    if (set.kind === 'fragment') {
      for (const dentry of (changes as ReadonlyMap<string, Dentry | undefined>).values()) {
        if (dentry === undefined) continue;
        dentry.stored = true;
        // Behind this, in a write of its own: until that is done the journal stays.
        core.unwritten.noteRecord(dentry, dirtySince);
      }
    }
    for (const [key, value] of changes) {
      const keyBytes = bytesOf(key as ByteString);
      if (value === undefined || (set.kind === 'fragment' && (value as Dentry).removed)) removed.push(keyBytes);
      else {
        const encoded = store.encode(set.kind, value);
        entries.push({ key: keyBytes, value: encoded });
        bytes += encoded.length;
      }
      bytes += keyBytes.length;
      if (bytes >= config.writeBackBytes || entries.length + removed.length >= keysMax) await flush();
    }
    await flush();
    if (set instanceof FragmentChanges) await this.#removeSources(set.fragment);
    core.unwritten.sets.delete(set);
    if (set.end()) core.unwritten.sets.add(set);
    else core.unwritten.drop(set);
  }

  /**
   * All that the fragment had elsewhere is in its own object now. What was there before goes when nobody needs it: only after
   * that may the journal forget that it was.
   */
  async #removeSources(fragment: Fragment): Promise<void> {
    const { directory, sources } = fragment;
    for (const source of sources) {
      const needed = directory.fragments.some((other) => other !== fragment && other.sources.some((each) => isSame(each, source)));
      if (!needed) await this.#options.store.remove(fragmentObject(directory.ino, source));
    }
    fragment.sources = [];
  }
}

/** Whether what directories above count depends on it: counts that have yet to rise, or a size that nobody may be left to tell of. */
function isPending(inode: Inode): boolean {
  return inode.isDirectory ? isUncounted(inode) : inode.reach > 0 || inode.doubtful;
}
