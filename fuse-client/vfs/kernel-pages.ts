/**
 * What the kernel keeps of data that passes through it, where it may not, or not for long: that a page is old, or ends where the file does not, it
 * can only be told once it has it.
 * @module
 */
import { Cap } from '../../mds/client/index.ts';
import type { OpenFile } from './open-file.ts';
import type { Volume } from './volume.ts';

export class KernelPages {
  readonly #volume: Volume;

  constructor(volume: Volume) {
    this.#volume = volume;
  }

  /** The kernel is about to keep a page in which the file ends: behind that it has zeros. */
  endsHere({ inode, directIo }: OpenFile, forPages: boolean): void {
    if (!directIo || forPages) inode.endInKernel = Math.min(inode.endInKernel ?? Infinity, inode.size);
  }

  /**
   * A handle that was opened when caching was allowed makes the kernel keep what passes through it, as a mapping does (`pages`): it must
   * not, now. It is told before it has the answer, whose pages are locked until then, so that it drops them when they are not any more; whoever
   * opens the file until then starts without what it has kept, and nobody is told a size until then (see `Inode.dropped`).
   */
  keepOut(file: OpenFile, from: number, to: number, pages: boolean): void {
    const { inode } = file;
    const { env, invalidator } = this.#volume;
    if (!passesKernel(file, pages) || invalidator === undefined) return;
    const dropping = this.#volume.invalidate(inode.ino, from, to - from);
    env.spawn('keep data from the kernel', () => dropping);
    this.#volume.dropping(inode, dropping);
  }

  /** While cached data is being given back, the kernel drops all of it; what it is given meanwhile may come after that. */
  keepOutOfRecall(file: OpenFile, from: number, to: number, pages: boolean): void {
    if (!file.inode.keeps(Cap.fileCache)) this.keepOut(file, from, to, pages);
  }
}

/** Whether the kernel keeps what it reads or writes so, for as long as it has not been told to drop it. */
export function passesKernel(file: OpenFile, forPages: boolean): boolean {
  return !file.directIo || forPages;
}
