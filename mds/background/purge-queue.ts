/**
 * Strays that nobody uses any more: their objects are deleted, then the inode is forgotten. A stray that a crash leaves
 * behind is found again in the table of strays.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { MdsConfig } from '../config.ts';
import { fragmentObject } from '../core/directory.ts';
import { wholeId } from '../core/fragment-shape.ts';
import type { Inode } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { shelfName } from '../core/shelf-name.ts';
import type { Journal } from '../store/journal.ts';
import type { MetadataStore } from '../store/metadata-store.ts';
import { isDamage, type DamageKeeper } from './damage-keeper.ts';
import type { DataCutter } from './data-cutter.ts';

export interface PurgeQueueOptions {
  readonly core: MdsCore;
  readonly journal: Journal;
  readonly store: MetadataStore;
  readonly cutter: DataCutter;
  readonly damage: DamageKeeper;
  readonly config: MdsConfig;
  readonly onLost: (error: unknown) => void;
}

const retryMs = 30_000;

export class PurgeQueue {
  readonly #env: Env;
  readonly #options: PurgeQueueOptions;
  readonly #waiting = new Set<Inode>();
  /** Of strays that wait for their time. */
  readonly #timers = new Map<Inode, Timer>();
  #running = 0;
  #scanned = false;
  #paused = true;
  #idle: (() => void)[] = [];

  constructor(env: Env, options: PurgeQueueOptions) {
    this.#env = env;
    this.#options = options;
  }

  /** Strays waiting or being deleted. */
  get length(): number {
    return this.#timers.size + this.#waiting.size + this.#running;
  }

  /**
   * Of what several clients knew one may just have looked it up in order to open it: for a while it still can, as if
   * that had come before the unlink. And whoever has a file open that came from another rank has the time of its lease to say so.
   */
  add(inode: Inode): void {
    if (inode.purging) return;
    const { core, config } = this.#options;
    const known = inode.recalledMs + config.purgeGraceMs;
    const untilMs = inode.isRegular ? Math.max(known, core.arrivals.lastMs + config.sessionLeaseMs) : known;
    const graceMs = untilMs - this.#env.clock.monotonicMs();
    if (graceMs > 0) {
      this.#wait(inode, graceMs);
      return;
    }
    this.#waiting.add(inode);
    this.#pump();
  }

  #wait(inode: Inode, graceMs: number): void {
    if (this.#timers.has(inode)) return;
    const timer = this.#env.clock.setTimer(graceMs, () => {
      this.#timers.delete(inode);
      if (this.#unused(inode)) this.add(inode);
    });
    this.#timers.set(inode, timer);
  }

  /** Begins, with the strays that were left by the lives before. */
  start(): void {
    this.#paused = false;
    const { core } = this.#options;
    // In the life before something may have come from another rank, of which nobody is left to tell when.
    if (core.marks.size > 0) core.arrivals.lastMs = core.effects.nowMs();
    this.#env.spawn('mds stray scan', () => this.#scan().catch((error: unknown) => this.#scanFailed(error)));
    this.#pump();
  }

  /** Nobody uses it, and it does not wait for its end either. Not told before those that were left by the lives before have been found. */
  isForgotten(inode: Inode): boolean {
    return this.#scanned && this.#unused(inode) && !this.#waiting.has(inode) && !this.#timers.has(inode);
  }

  /** Finishes what is being deleted, begins nothing. */
  async stop(): Promise<void> {
    this.#paused = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #scan(): Promise<void> {
    const { core, store, damage } = this.#options;
    const fragment = core.cache.names(core.inos.strays).fragmentOf(shelfName(0));
    // What is on disk must stand still while it is read: what is purged meanwhile would come back.
    fragment.changes.frozen++;
    try {
      // What is damaged stays: nothing can be said of its objects.
      const onDamaged = (name: ByteString, error: FsError): void =>
        damage.note({ key: `stray ${name}`, ino: core.inos.strays, object: fragment.changes.object, what: error.message });
      for await (const page of store.readFragment(core.inos.strays, wholeId, { onDamaged })) {
        if (this.#paused) return;
        core.cache.loaded(fragment, page, (inode) => core.adopt(inode));
      }
    } catch (error) {
      throw damage.failure(error, { key: 'strays', ino: core.inos.strays, object: fragment.changes.object });
    } finally {
      fragment.changes.frozen--;
    }
    damage.mended('strays');
    for (const { inode } of [...fragment.dentries.values()]) {
      if (inode !== undefined && this.#unused(inode)) this.add(inode);
    }
    this.#scanned = true;
  }

  /** Damage is noted: the strays stay, all else is served. */
  #scanFailed(error: unknown): void {
    if (!(error instanceof FsError) || !isDamage(error)) this.#options.onLost(error);
  }

  #pump(): void {
    while (!this.#paused && this.#running < this.#options.config.purgeFilesInFlight) {
      const [inode] = this.#waiting;
      if (inode === undefined) return;
      this.#waiting.delete(inode);
      if (!this.#unused(inode)) continue;
      this.#running++;
      this.#env.spawn('mds purge', () => this.#purge(inode));
    }
  }

  /** Used again or being cut: whoever ends that puts it here again. */
  #unused(inode: Inode): boolean {
    return (
      inode.nlink === 0 &&
      inode.caps.length === 0 &&
      inode.contenders === 0 &&
      inode.truncateFrom === 0 &&
      !inode.doubtful &&
      !inode.purging &&
      inode.dentry !== undefined
    );
  }

  async #purge(inode: Inode): Promise<void> {
    const { journal, onLost } = this.#options;
    inode.purging = true;
    try {
      if (this.#hasObjects(inode)) {
        await journal.safe(journal.seq);
        await this.#deleteObjects(inode);
      }
      this.#forget(inode);
    } catch (error) {
      const failure = toFsError(error);
      if (failure.code === 'ESHUTDOWN') onLost(failure);
      else {
        this.#env.log.error(
          { ino: inode.ino.toString(16), err: failure },
          'the objects of an unlinked file cannot be deleted, trying again',
        );
        this.#retry(inode);
      }
    }
    this.#running--;
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#pump();
  }

  /** It stays a stray that nobody finds; should this life of the MDS end before, the next goes on. */
  #retry(inode: Inode): void {
    const timer = this.#env.clock.setTimer(retryMs, () => {
      this.#timers.delete(inode);
      inode.purging = false;
      this.add(inode);
    });
    this.#timers.set(inode, timer);
  }

  #forget(inode: Inode): void {
    const { core } = this.#options;
    const { dentry } = inode;
    if (dentry === undefined) return;
    const unstored = !dentry.stored && core.cache.fragmentOf(dentry).changes.writing?.has(dentry.name) !== true;
    core.cache.remove(dentry);
    core.commit([
      { kind: 'remove', directory: dentry.directory, name: dentry.name, unstored },
      { kind: 'forget', ino: inode.ino, unrecorded: inode.recorded?.byData === 'alone' },
    ]);
  }

  #hasObjects(inode: Inode): boolean {
    return inode.isDirectory || (inode.isRegular && this.#options.cutter.objects(inode, inode.size) > 0);
  }

  async #deleteObjects(inode: Inode): Promise<void> {
    const { core, store, cutter } = this.#options;
    if (inode.isRegular) {
      await cutter.cut(inode, 0, inode.size);
      return;
    }
    for (const { id, sources, changes } of core.cache.names(inode.ino).fragments) {
      // Nothing of it is written any more; what is on its way comes before the deletion. Until the objects are gone the
      // journal knows of them.
      changes.frozen++;
      await changes.written;
      for (const each of [id, ...sources]) await store.remove(fragmentObject(inode.ino, each));
    }
  }
}
