/**
 * Gives caps back when the MDS recalls them: first the data is written, then the kernel's caches are emptied, then the MDS is told.
 *
 * While a recall is being answered reads and lookups are still served from what is held (nobody else has
 * it yet), but never so that the kernel may keep the answer: a request that waited for the recall to end
 * could hold the very page that the invalidation waits for.
 * @module
 */
import type { Ino } from '../../common/maps/ids.ts';
import { Cap, type Caps } from '../../mds/client/index.ts';
import type { CapUpdates } from './cap-updates.ts';
import type { CapRecall, Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** Caps under which file data is cached, here or in the kernel. */
const dataCaps: Caps = Cap.fileCache | Cap.fileBuffer | Cap.fileExclusive | Cap.fileWrite | Cap.fileRead;
/** Times that the kernel's cache is emptied again because it was filled meanwhile. */
const invalidationsMax = 8;

export class CapRecalls {
  readonly #volume: Volume;
  readonly #updates: CapUpdates;

  constructor(volume: Volume, updates: CapUpdates) {
    this.#volume = volume;
    this.#updates = updates;
  }

  onRecall(number: Ino, rank: number, keep: Caps, seq: number): void {
    const { mds, inodes, env } = this.#volume;
    const inode = inodes.get(number);
    // What another rank has given us since is not meant.
    if (inode?.rank !== rank) {
      inodes.returning(number, rank, seq);
      mds
        .of({ rank })
        .updateCaps({ ino: number, caps: 0, wanted: 0, seq }, () => inodes.returned(number, rank, seq), true)
        .done.catch((error: unknown) => env.log.debug({ ino: number, err: error }, 'recall of a forgotten inode not answered'));
      return;
    }
    if (inode.recall !== undefined) {
      inode.recall.keep &= keep;
      inode.recall.seq = Math.max(inode.recall.seq, seq);
      this.#tellSizeAgain(inode, inode.recall);
      return;
    }
    if (seq < inode.seq) return;
    let finish = (): void => undefined;
    inode.recall = { keep, seq, sizeTold: false, done: new Promise((resolve) => (finish = resolve)) };
    // From here on each write that makes it longer asks.
    if ((inode.caps & ~keep & Cap.fileExclusive) !== 0) inode.takeLimit(inode.sizeLimit);
    env.spawn('give back caps', async () => {
      await this.#giveBack(inode);
      finish();
    });
  }

  async #giveBack(inode: Inode): Promise<void> {
    const recall = inode.recall;
    if (recall === undefined) return;
    for (let round = 0; ; round++) {
      const { seq } = recall;
      const kept = inode.tenable(inode.caps & recall.keep);
      const lost = inode.caps & ~kept;
      const served = inode.readsServed;
      await Promise.all([
        this.#writeOut(inode, lost).then(() => this.#tellSize(inode, recall, lost)),
        emptyKernel(this.#volume, inode, lost, true),
        inode.aheadAnswered,
        this.#answered(inode),
      ]);
      // What a cut keeps from being told others would not be shown, though it was written. While the file is ours alone a cut waits for nobody
      // else, nor for this: until the kernel is told that it is done it writes no page back, for which dropping one may have to wait.
      while (inode.cutting !== undefined && (lost & Cap.fileExclusive) !== 0) await inode.cutting;
      if (recall.seq !== seq || inode.tenable(inode.caps & recall.keep) !== kept) continue;
      const { data } = inode;
      if (data === undefined || (lost & dataCaps) === 0) break;
      const isLate = round >= invalidationsMax;
      if (isLate) await this.#writeOut(inode, lost);
      // What reads give to the kernel meanwhile it is told to drop each time (see KernelPages); what is written has to be out in any case.
      if (data.settled && (isLate || (inode.readsServed === served && inode.readsActive === 0))) break;
      if (inode.readsActive > 0) await Promise.allSettled([...data.fetches].map((fetch) => fetch.done));
    }
    // Evicted meanwhile: there is nobody to answer.
    if (inode.recall !== recall) return;
    const kept = inode.tenable(inode.caps & recall.keep);
    const lost = inode.caps & ~kept;
    if ((lost & Cap.fileCache) !== 0) inode.data?.dropClean();
    if ((lost & Cap.dirShared) !== 0) inode.directory?.clear();
    const lockStates = (lost & Cap.fileExclusive) === 0 ? [] : this.#volume.locks.handOver(inode.ino);
    inode.caps = kept;
    if ((lost & (Cap.fileWrite | Cap.fileExclusive)) !== 0) inode.endReach();
    // With the right to write it is taken by who cuts the file.
    if ((lost & Cap.fileWrite) !== 0) inode.allowances.end();
    inode.takeLimit(inode.sizeLimit);
    inode.seq = recall.seq;
    inode.recall = undefined;
    this.#updates.post(inode, { urgent: true, lockStates });
    inode.wakeCapWaiters();
    if (inode.caps === 0 && inode.references === 0 && !inode.opened && inode.pins === 0) {
      inode.data?.cut(0, Infinity);
      this.#volume.inodes.remove(inode);
    }
  }

  /** What others see next knows of all that was changed here. */
  #answered(inode: Inode): Promise<void> | undefined {
    this.#volume.mds.hurry();
    return inode.allAnswered();
  }

  /**
   * Below a quota: others may have what is left of the room as soon as the MDS knows how long the file is. The kernel may have to be waited for,
   * and with it a write that holds its pages and waits for room, as theirs do.
   */
  #tellSize(inode: Inode, recall: CapRecall, lost: Caps): void {
    if (inode.recall !== recall || recall.sizeTold || inode.sizeLimit === 0 || (lost & Cap.fileExclusive) === 0) return;
    recall.sizeTold = true;
    this.#updates.post(inode, { urgent: true, sizeTold: true });
  }

  /** Who asks again may be an MDS that has begun anew since, and has not heard of it. */
  #tellSizeAgain(inode: Inode, recall: CapRecall): void {
    if (!recall.sizeTold) return;
    recall.sizeTold = false;
    const lost = inode.caps & ~inode.tenable(inode.caps & recall.keep);
    this.#volume.env.spawn('tell a size again', () => this.#writeOut(inode, lost).then(() => this.#tellSize(inode, recall, lost)));
  }

  async #writeOut(inode: Inode, lost: Caps): Promise<void> {
    const { data } = inode;
    if (data === undefined || (lost & dataCaps) === 0) return;
    const { writeBack } = this.#volume;
    // Writers that come meanwhile write through, and are waited for as well.
    for (let round = 0; round < invalidationsMax && !data.settled; round++) await writeBack.flush(data);
    await writeBack.settled(data);
    await this.#volume.recount(inode);
  }
}

/** For a recall, or since nothing may be trusted now: then the names stay known here. */
export async function emptyKernel(volume: Volume, inode: Inode, lost: Caps, recalled: boolean): Promise<void> {
  // The kernel knows only what it was told of.
  if (volume.invalidator === undefined || inode.references === 0) return;
  if ((lost & Cap.fileCache) !== 0) await volume.invalidate(inode.ino, 0, 0, recalled);
  else if ((lost & Cap.attrShared) !== 0) await volume.invalidate(inode.ino, -1, 0, recalled);
  if ((lost & Cap.dirShared) !== 0 && inode.directory !== undefined)
    await volume.invalidateNames(inode.ino, recalled ? inode.directory.clear() : inode.directory.namesInKernel());
}
