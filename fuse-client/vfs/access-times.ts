/**
 * Access times, by the mount's policy (mount(8): relatime, noatime, strictatime): moved here when something is read, and told
 * to the MDS lazily, with whatever else there is to tell. Nobody waits for one, and one that a crash takes is no loss.
 *
 * Seen are reads that come this far. What the kernel answers from its own cache does not; where a read is due to move the access
 * time, the file is therefore opened without what the kernel has kept of it, if it is so small that one request reads it again.
 * @module
 */
import type { ClientConfig } from '../config.ts';
import { isLater } from '../../mds/client/index.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { Inode } from './inode.ts';
import { OpenFlag } from './open-flags.ts';
import type { Volume } from './volume.ts';

/** relatime(5): an access time that is older moves with the next read, whatever the other times are. */
const agedSeconds = 24 * 3600;
/** What the kernel asks for at once. */
const oneReadBytes = 128 << 10;

export class AccessTimes {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #policy: ClientConfig['atime'];

  constructor(volume: Volume, keeper: CapKeeper) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#policy = volume.config.atime;
  }

  /** It was opened for reading: whether the kernel must not use what it has kept of it. */
  opened(inode: Inode, flags: number): boolean {
    if (this.#policy === 'noatime' || (flags & OpenFlag.noAtime) !== 0) return false;
    if (this.#policy === 'strictatime') return true;
    inode.accessAged = this.#volume.env.clock.nowTimespec().sec - inode.atime.sec >= agedSeconds;
    return isDue(inode) && inode.size <= oneReadBytes;
  }

  /** Its data, names or target were read, through a descriptor that was opened with `flags`. Returns whether its access time has moved. */
  read(inode: Inode, flags: number): boolean {
    if (this.#policy === 'noatime' || (this.#policy === 'relatime' && !isDue(inode)) || (flags & OpenFlag.noAtime) !== 0) return false;
    const moved = inode.accessed(this.#volume.env.clock.nowTimespec());
    if (moved) this.#keeper.accessed(inode);
    return moved;
  }
}

function isDue(inode: Inode): boolean {
  return inode.accessAged || !isLater(inode.atime, inode.mtime) || !isLater(inode.atime, inode.ctime);
}
