/**
 * Capabilities as the client keeps them: asks for those that an operation needs, sends attributes changed
 * under them in time, gives them back when they are not used any more, and carries them from one session to the next.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import type { Ino } from '../../common/maps/ids.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { HeldCaps, Init, InodeGrant, UntoldSize } from '../../common/wire/gen/messages.ts';
import { DirtyField, type Caps } from '../../mds/client/index.ts';
import { CapLimits } from './cap-limits.ts';
import { CapRecalls, emptyKernel } from './cap-recalls.ts';
import { CapReleases } from './cap-releases.ts';
import { CapUpdates } from './cap-updates.ts';
import type { KernelName } from './directory.ts';
import type { Inode } from './inode.ts';
import { knownPaths } from './known-paths.ts';
import { NameTrimmer } from './name-trimmer.ts';
import type { Range } from './range.ts';
import type { Volume } from './volume.ts';

const askAgainMs = 100;
/** Sizes told with a question about space, of files that the MDS will hear of later. */
const untoldSizesMax = 4_096;

const nothingTold = { caps: 0, sizeLimit: 0, telling: 0 };
/** Access times wait this many times longer than other attributes; how many of them are sent at a time. */
const accessPatience = 12;
const accessBatch = 256;

export class CapKeeper {
  readonly updates: CapUpdates;
  readonly recalls: CapRecalls;
  readonly releases: CapReleases;
  readonly limits: CapLimits;
  readonly #volume: Volume;
  /** Inodes with dirty attributes, oldest change first. */
  readonly #dirty = new Map<Inode, number>();
  /** Those whose time has come, and whose data is written before. */
  readonly #following = new Set<Inode>();
  /** Inodes of which only the access time is to be told, and since when. */
  readonly #accessed = new Map<Inode, number>();
  #tick: Timer | undefined;
  readonly #names: NameTrimmer;

  constructor(volume: Volume) {
    this.#volume = volume;
    this.updates = new CapUpdates(volume);
    this.recalls = new CapRecalls(volume, this.updates);
    this.releases = new CapReleases(volume);
    this.#names = new NameTrimmer(volume);
    this.limits = new CapLimits(volume, this.#names, (inode) => this.#release(inode));
  }

  // --- asking ---

  /** Resolves when `need` is held, under a live session. */
  async acquire(inode: Inode, need: Caps): Promise<void> {
    for (;;) {
      await this.#volume.mds.of(inode).ready();
      if (inode.holds(need)) {
        if (this.#volume.leased(inode)) return;
        // Not for the end of a recall, which may wait for pages that the kernel holds for the caller.
        await this.#volume.mds.of(inode).leaseValid();
        continue;
      }
      if (inode.recall !== undefined) {
        await inode.recall.done;
        continue;
      }
      // Without any caps there is nothing to update: the inode is opened anew.
      if (inode.caps === 0 && inode.seq === 0) await this.updates.open(inode, need);
      else await this.updates.send(inode, { wanted: inode.wanted | need }).done;
      if (inode.holds(need)) return;
      // The MDS pushes them when others have let go; where several contend it may have to be asked again.
      const patience = this.#volume.env.clock.setTimer(askAgainMs, () => inode.wakeCapWaiters());
      await inode.capChange();
      patience.cancel();
    }
  }

  // --- attributes that changed here ---

  /** The inode has something to tell (dirty attributes, handles that were closed): the MDS hears of it in time. */
  changed(inode: Inode): void {
    if (this.#dirty.has(inode)) return;
    this.#dirty.set(inode, this.#volume.env.clock.monotonicMs());
    if (this.#tick === undefined) this.#schedule();
  }

  /** Runs `act`, which cuts the file: writers wait, and its size is told by nobody else. */
  async whileCutting<T>(inode: Inode, act: () => Promise<T>): Promise<T> {
    assert(inode.cutting === undefined, 'a file is cut twice at a time');
    let finish = (): void => undefined;
    inode.cutting = new Promise((resolve) => (finish = resolve));
    try {
      return await act();
    } finally {
      inode.cutting = undefined;
      // What it kept from being told, if it has not told it itself.
      if (inode.untold) this.changed(inode);
      finish();
    }
  }

  /** Files that have become longer here, which the MDS may not know yet; the oldest when there are very many. */
  untoldSizes(): Init<UntoldSize>[] {
    const sizes: Init<UntoldSize>[] = [];
    for (const inode of [...this.#following, ...this.#dirty.keys()]) {
      if (sizes.length >= untoldSizesMax) break;
      if ((inode.dirtyFields & DirtyField.size) !== 0) sizes.push({ ino: inode.ino, size: inode.size });
    }
    return sizes;
  }

  /** Its access time has moved: told with the next thing there is to tell of it, or alone much later. */
  accessed(inode: Inode): void {
    if (this.#dirty.has(inode) || this.#accessed.has(inode)) return;
    this.#accessed.set(inode, this.#volume.env.clock.monotonicMs());
    if (this.#tick === undefined) this.#schedule();
  }

  /** Sends what is dirty, if anything; with `flush` resolves when it and everything before it is in the journal. */
  async sendDirty(inode: Inode, flush: boolean): Promise<void> {
    while (inode.keptByCut !== 0) await inode.cutting;
    this.#dirty.delete(inode);
    if (inode.dirtyFields !== 0) await this.updates.send(inode, { flush }).done;
    // The answer to a recall may have taken them with it.
    else await inode.telling;
    if (!flush) return;
    await inode.aheadAnswered;
    await this.#volume.journaled(inode);
  }

  /** Ends the turn to append: sends the size with it, and resolves when others see it. */
  async endTurn(inode: Inode): Promise<void> {
    while (inode.keptByCut !== 0) await inode.cutting;
    this.#dirty.delete(inode);
    const taken = inode.telling;
    await this.updates.send(inode, { appended: true }).done;
    // The answer to a recall may have taken the size with it: should the MDS die before it is answered, the turn goes on.
    await taken;
  }

  /** Everything dirty of every inode. */
  async sendAll(): Promise<void> {
    const dirty = new Set(this.#dirty.keys());
    // Those too whose turn has come, and that wait for their data before their attributes go out.
    for (const inode of this.#volume.inodes.all()) if (inode.dirtyFields !== 0) dirty.add(inode);
    await Promise.all([...dirty].map((inode) => this.sendDirty(inode, true)));
  }

  #schedule(): void {
    const { env, config, writeBack } = this.#volume;
    this.#tick = env.clock.setTimer(config.writeBackDelayMs / 8, () => {
      this.#tick = undefined;
      const due = env.clock.monotonicMs() - config.writeBackDelayMs * 0.75;
      for (const [inode, sinceMs] of this.#dirty) {
        if (sinceMs > due) break;
        this.#dirty.delete(inode);
        if (inode.dirtyFields === 0 && !inode.space.untold && !inode.space.unsure && inode.caps !== 0) {
          this.releases.rest(inode);
          continue;
        }
        const { data } = inode;
        // The size follows the data, so that a file never shows bytes that are nowhere.
        env.spawn('write back attributes', async () => {
          this.#following.add(inode);
          if (data !== undefined) await writeBack.flush(data);
          await this.#volume.recount(inode);
          this.#following.delete(inode);
          if (inode.dirtyFields !== 0 || inode.space.untold || inode.wantedTold !== inode.wanted) this.updates.post(inode, {});
        });
      }
      this.#tellAccesses(env.clock.monotonicMs() - config.writeBackDelayMs * accessPatience);
      if (this.#dirty.size + this.#accessed.size > 0) this.#schedule();
    });
  }

  /** Those that have waited since before `due`, so many at a time that others are not held up. */
  #tellAccesses(due: number): void {
    let told = 0;
    for (const [inode, sinceMs] of this.#accessed) {
      if (sinceMs > due || told++ >= accessBatch) break;
      this.#accessed.delete(inode);
      if (inode.dirtyFields !== 0 && !this.#dirty.has(inode) && inode.caps !== 0) this.updates.post(inode, {});
    }
  }

  // --- giving back ---

  onGrant(grant: InodeGrant, rank: number): void {
    const { inodes } = this.#volume;
    const known = grant.inode === null ? undefined : inodes.get(grant.inode.ino);
    // Caps on what we have forgotten: give them back, or the MDS would keep them for us.
    if (grant.inode !== null && known === undefined) {
      this.releases.release({ ino: grant.inode.ino, caps: 0, wanted: 0, seq: grant.seq }, rank);
      return;
    }
    const version = known?.version;
    const inode = inodes.apply(grant, rank);
    if (inode !== undefined && inode.version !== version) void this.#volume.invalidate(inode.ino, -1, 0);
  }

  /**
   * The inode lost its last name: when nothing uses it, its caps go back so that the MDS can delete it. Whoever still refers
   * to it may be about to open it.
   */
  unlinked(inode: Inode): void {
    if (inode.nlink > 0 || inode.references > 0 || inode.opened || inode.pins > 0 || (inode.caps === 0 && inode.wantedTold === 0)) return;
    const { data } = inode;
    if (data === undefined) {
      this.#release(inode);
      return;
    }
    // Nobody will read it. What is on its way must arrive before the MDS deletes the objects.
    data.cut(0, Infinity);
    if (data.settled) this.#release(inode);
    else {
      inode.pins++;
      this.#volume.env.spawn('settle an unlinked file', async () => {
        await this.#volume.writeBack.settled(data);
        inode.pins--;
        this.unlinked(inode);
      });
    }
  }

  /** The kernel has no reference to it any more. */
  dereferenced(inode: Inode): void {
    this.#names.released(inode.ino);
    if (inode.nlink === 0) this.unlinked(inode);
    this.limits.rests(inode);
    this.limits.trim();
  }

  /** Gives back an inode that nobody refers to. */
  #release(inode: Inode): void {
    const { inodes } = this.#volume;
    assert(inode.references === 0, 'an inode in use is given back');
    this.#dirty.delete(inode);
    this.#accessed.delete(inode);
    inode.data?.cut(0, Infinity);
    // Objects that the MDS has not heard of must be deleted with the file, so it learns of the size; where nothing
    // was ever sent, there is nothing to look for.
    const unsent = inode.takeDirty();
    const dirty = inode.nlink === 0 && inode.data?.everSent !== true ? null : (unsent ?? null);
    if (inode.caps !== 0 || inode.wantedTold !== 0)
      this.releases.release({ ino: inode.ino, caps: 0, wanted: 0, seq: inode.seq, dirty }, inode.rank);
    inode.caps = 0;
    inode.seq = 0;
    inode.wantedTold = 0;
    // The kernel knows nothing of it any more, so none of its names either.
    inodes.remove(inode);
  }

  // --- the session ---

  /**
   * What it holds, for a session that is resumed. Attributes that are on their way, or told to a life of the MDS that
   * may not have written them down, are taken only from who may write: until they are safe, that is held as well,
   * even of an inode that has been given back since. While no life of the MDS has answered, nobody else may be shown the inode either: it
   * is held as by who has it alone. The update itself, sent again, gives it back.
   *
   * The numbers of caps go on from what is told here, with another life of the MDS from 0 for what is not named: what
   * was answered under older numbers must not make its recalls look late.
   */
  heldCaps(rank: number): Init<HeldCaps>[] {
    const telling = this.updates.heldByTelling(rank);
    const held: Init<HeldCaps>[] = [];
    for (const inode of this.#volume.inodes.all()) {
      if (inode.rank !== rank) continue;
      const told = telling.get(inode.ino) ?? nothingTold;
      const named = inode.caps !== 0 || inode.wanted !== 0 || told.caps !== 0;
      if (!named) inode.seq = 0;
      // Being answered: the MDS asks once more, or has forgotten it.
      if (inode.recall !== undefined) inode.recall.seq = inode.seq;
      inode.wantedTold = inode.wanted;
      if (!named) continue;
      const { ino, wanted, seq, appending, allowances } = inode;
      const sizeLimit = Math.max(inode.promisedLimit, told.sizeLimit);
      held.push({
        ino,
        caps: inode.caps | told.caps,
        wanted,
        seq,
        appending,
        sizeLimit,
        allowedSize: allowances.to,
        telling: told.telling,
      });
    }
    for (const [ino, told] of telling) if (this.#volume.inodes.get(ino) === undefined) held.push({ ino, ...told, wanted: 0, seq: 0 });
    return held;
  }

  capsOf(number: Ino, rank: number): { readonly caps: Caps; readonly wanted: Caps; readonly seq: number } {
    const inode = this.#volume.inodes.get(number);
    return inode?.rank !== rank ? { caps: 0, wanted: 0, seq: 0 } : { caps: inode.caps, wanted: inode.wanted, seq: inode.seq };
  }

  /** Evicted: nothing held or cached counts any more; what was not written is lost, and each open file hears of it once. */
  forgetAll(): void {
    const { inodes, env } = this.#volume;
    this.#dirty.clear();
    this.#accessed.clear();
    this.updates.forgetAll();
    this.releases.forgetAll();
    inodes.forgetReturns();
    inodes.shownFolders.forgetAll();
    const losing = [...inodes.all()].filter((inode) => lossOf(inode).some);
    const paths = knownPaths(inodes, this.#volume.root, losing);
    for (const inode of [...inodes.all()]) {
      const { some, ranges } = lossOf(inode);
      if (some) {
        env.log.error(
          { path: paths.get(inode.ino), ino: inode.ino, ranges, attributes: inode.dirtyFields },
          'evicted before this was written: it is lost, fsync or close will report it',
        );
        this.#volume.data(inode).fail(new FsError('EIO', 'written data was lost: this client was evicted before it reached the OSDs'));
      }
      inode.data?.cut(0, Infinity);
      inode.forgetDirty();
      inode.recall = undefined;
      inode.appending = false;
      inode.caps = 0;
      inode.endReach();
      inode.allowances.end();
      inode.seq = 0;
      inode.wantedTold = 0;
      inode.version = -1;
      // That of a folder is reported by its next fsync.
      if (!inode.isDirectory) inode.lastChanges = undefined;
      env.spawn('empty the kernel caches', () => this.#dropAll(inode, inode.directory?.clear() ?? []));
      inode.wakeCapWaiters();
      if (inode.references === 0 && !inode.opened) inodes.remove(inode);
    }
    inodes.forgetChanges();
  }

  /**
   * Nobody waits for it: the kernel waits for reads and writes that wait for the next session. Whoever opens a file before starts without
   * what the kernel has kept.
   */
  async #dropAll(inode: Inode, names: readonly KernelName[]): Promise<void> {
    const dropping = Promise.all([this.#volume.invalidateNames(inode.ino, names), this.#volume.invalidate(inode.ino, 0, 0)]);
    inode.dropping(dropping);
    await dropping;
  }

  /** Nothing is with that rank any more: all that was is with rank 0. */
  onResigned(rank: number): void {
    const { inodes } = this.#volume;
    for (const inode of inodes.all()) if (inode.rank === rank) this.updates.goTo(inode, 0);
    inodes.forgetReturns(rank);
  }

  /** Whoever waits for caps asks again. */
  onReconnected(rank: number): void {
    this.#volume.inodes.forgetReturns(rank);
    for (const inode of this.#volume.inodes.all()) {
      if (inode.rank !== rank) continue;
      // Another life of the MDS may count anew from before what it had not written down.
      inode.version = Math.min(inode.version, 0);
      inode.wakeCapWaiters();
    }
  }

  /**
   * The MDS may give our caps to others now. What is cached here is not used before the session is confirmed; what the
   * kernel has cached it would use without asking.
   */
  onLeaseEnded(rank: number): void {
    const { inodes, env } = this.#volume;
    if (this.#volume.invalidator === undefined) return;
    const emptied: Promise<void>[] = [];
    for (const inode of inodes.all())
      if (inode.rank === rank && inode.references > 0) emptied.push(emptyKernel(this.#volume, inode, inode.caps, false));
    env.spawn('empty the kernel caches', async () => {
      await Promise.allSettled(emptied);
    });
  }

  stop(): void {
    for (const inode of this.#volume.inodes.all()) this.releases.rest(inode);
    this.releases.sendNow();
    this.#tick?.cancel();
    this.#tick = undefined;
  }
}

/** What would be lost of an inode with the session: ranges of its data, changes of it that the MDS need not have. */
function lossOf(inode: Inode): { readonly some: boolean; readonly ranges: readonly Range[] } {
  const ranges = inode.data?.unsafeRanges() ?? [];
  const unheard = inode.opened && (inode.lastChanges?.open.some(({ lost }) => lost !== undefined) ?? false);
  return { some: ranges.length > 0 || (inode.dirtyFields & ~DirtyField.atime) !== 0 || unheard, ranges };
}
