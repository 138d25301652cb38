/**
 * How far data of a file may be sent to the OSDs before the MDS is told of its size and space. Should this client die, the MDS finds what was
 * sent and not told by looking at the objects of files with a reach, so that is in its journal before such data goes out: a new file has
 * one from the start; for another it is asked for when the first write is cached, which mostly is long before its data goes.
 * It ends when all is told and nobody here writes to the file, with the right to write, and when the file becomes this client's alone, or ceases to be.
 * @module
 */
import type { Env } from '../../common/runtime/env.ts';
import { fileBytesMax, type Change, type MdsRanks } from '../../mds/client/index.ts';
import type { FileData } from './file-data.ts';
import { itself } from './filesystem.ts';
import type { Announcement, Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';
import type { FileLayout } from './striper.ts';

/** A file is asked for as much again beyond three times its length, at most this much. */
const aheadBytesMax = 2 ** 30;

/** What it needs of the volume. `mds` may be another from one moment to the next. */
export interface ReachVolume {
  readonly env: Env;
  readonly inodes: InodeTable;
  readonly mds: MdsRanks;
  layout(inode: Inode): FileLayout;
}

export class Reach {
  readonly #volume: ReachVolume;
  /** Of files whose data waits: the end of that of the last. */
  readonly #waiting = new Map<FileData, Promise<void>>();

  constructor(volume: ReachVolume) {
    this.#volume = volume;
  }

  /** What a new file has, or one that is emptied as it is opened; of a directory, what files that are made in it have. */
  first(inode: Inode): number {
    const { objectSize, stripeCount } = this.#volume.layout(inode);
    return objectSize * stripeCount;
  }

  /**
   * Of a file that has just been made, of which the MDS is still to be told: what it has. As the MDS is told, that is nothing if it has been
   * closed without having been written to, as many are.
   */
  firstOf(inode: Inode): () => number {
    if (!inode.isFile) return () => 0;
    const reach = this.first(inode);
    let told: number | undefined;
    inode.reach = reach;
    return () => {
      if (told === undefined) {
        told = inode.writers + inode.writersComing > 0 || inode.data !== undefined ? reach : 0;
        if (told === 0) inode.endReach();
      }
      return told;
    };
  }

  /** Bytes up to `end` have been put into the cache: asks for more when that is all that may go out, or soon will be. */
  wrote(inode: Inode, end: number): void {
    if (inode.reach - end >= Math.min(end, aheadBytesMax / 2, fileBytesMax - end)) return;
    if (underWay(inode) !== undefined || !isUntold(inode, end)) return;
    // Data that needs it asks again, and hears of the error.
    this.#announce(inode, end).done.catch((error: unknown) =>
      this.#volume.env.log.debug({ ino: inode.ino, err: error }, 'not known how far a file may be written'),
    );
  }

  /** `change`, when it is in the journal, lets data go out up to `reach`. */
  told(inode: Inode, change: Change, reach: number): void {
    this.#begin(inode, async (hurried) => {
      await this.#granted(inode, change, reach, hurried);
    }).done.catch((error: unknown) =>
      this.#volume.env.log.debug({ ino: inode.ino, err: error }, 'not known how far a file may be written'),
    );
  }

  /**
   * Before data up to `end` goes to the OSDs, by which `changes` also something may become data, or a hole, that is told later. Undefined: it may go at once. All
   * that is asked later for the file goes later.
   */
  before(file: FileData, end: number, changes = false): Promise<void> | undefined {
    const earlier = this.#waiting.get(file);
    const inode = this.#volume.inodes.get(file.ino);
    if (inode === undefined || !lacks(inode, end, changes)) return earlier;
    const wait = this.#hold(earlier, inode, end, changes);
    // Who comes after it goes after it, however it ends.
    const over = wait.then(ignored, ignored).then(() =>
      this.#volume.env.clock.defer(() => {
        if (this.#waiting.get(file) === over) this.#waiting.delete(file);
      }),
    );
    this.#waiting.set(file, over);
    return wait;
  }

  async #hold(earlier: Promise<void> | undefined, inode: Inode, end: number, changes: boolean): Promise<void> {
    await earlier;
    while (lacks(inode, end, changes)) {
      const announcement = underWay(inode) ?? this.#announce(inode, end);
      announcement.hurry();
      try {
        await announcement.done;
      } catch (error) {
        // Of a right to write that has been given back since: what came of it says nothing of the one there is now.
        if (announcement.life === inode.reachLife) throw error;
      }
    }
  }

  #announce(inode: Inode, end: number): Announcement {
    const { mds, inodes } = this.#volume;
    return this.#begin(inode, async (hurried) => {
      // It takes back what was asked for before.
      await inode.settling;
      const first = this.first(inode);
      const wanted = end + Math.min(3 * end, aheadBytesMax) + first;
      const reach = Math.min(Math.ceil(wanted / first) * first, fileBytesMax);
      let granted: Promise<void> | undefined;
      // It stays with its rank: we have the right to write to it.
      const { done } = mds.of(inode).beginChange('grow', itself, { ino: inode.ino, size: 0, reach }, ({ head }, change) => {
        inodes.applyAll(head);
        granted = this.#granted(inode, change, reach, hurried);
      });
      await done;
      await granted;
    });
  }

  #begin(inode: Inode, act: (hurried: Promise<void>) => Promise<void>): Announcement {
    let hurry = (): void => undefined;
    const hurried = new Promise<void>((resolve) => (hurry = resolve));
    const done = act(hurried).finally(() => {
      if (inode.announcement === announcement) inode.announcement = undefined;
    });
    const announcement: Announcement = { hurry, done, life: inode.reachLife };
    inode.announcement = announcement;
    return announcement;
  }

  /** It counts when it is in the journal; unless what it was asked for has ended before. */
  async #granted(inode: Inode, change: Change, reach: number, hurried: Promise<void>): Promise<void> {
    const { reachLife } = inode;
    const { mds } = this.#volume;
    const flushed = hurried.then(() => mds.flush(change));
    flushed.catch(ignored);
    while (!change.safe) await Promise.race([change.progress(), flushed]);
    if (change.lost !== undefined) throw change.lost;
    if (inode.reachLife === reachLife) inode.reach = Math.max(inode.reach, reach);
  }
}

/** What has been asked for and is for the reach that there is now. */
function underWay({ announcement, reachLife }: Inode): Announcement | undefined {
  return announcement?.life === reachLife ? announcement : undefined;
}

/** Whether data up to `end` would be known to nobody should we die. */
function lacks(inode: Inode, end: number, changes: boolean): boolean {
  return inode.reach < end && (changes || isUntold(inode, end));
}

/** What was told and is not in the journal may be forgotten, and we with it. */
function isUntold({ space, sizeToldBy }: Inode, end: number): boolean {
  return space.tells(end) || sizeToldBy?.safe === false;
}

function ignored(): void {
  // Told to who waits for it.
}
