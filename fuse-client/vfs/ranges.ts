/**
 * What changes ranges of files on the OSDs themselves, past the cache: fallocate(2) and copy_file_range(2). First what is
 * cached of the files is settled, under the caps that it takes; then the objects are changed; then times and size follow as they do
 * after a write.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { Cap, DirtyField, fileBytesMax, spaceBlockBytes } from '../../mds/client/index.ts';
import type { AccessTimes } from './access-times.ts';
import type { Allowance } from './allowances.ts';
import { losesOnWrite, type AttributeOps } from './attributes.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { ClusterSpace } from './cluster-space.ts';
import type { FileData } from './file-data.ts';
import { itself, type Credentials } from './filesystem.ts';
import { bufferCaps, type Inode } from './inode.ts';
import { OpenFlag, readable, writable } from './open-flags.ts';
import type { OpenFile } from './open-file.ts';
import { once, type Volume } from './volume.ts';

/** fallocate(2) modes. */
const Allocate = { keepSize: 1, punchHole: 2, zeroRange: 16 } as const;
/** Bytes copied by one call: who waits for it should be able to see that it goes on. */
const copyBytesMax = 2 ** 30;
/** Bytes being copied at a time. */
const copyWindowBytes = 32 << 20;
/** Times that a file is settled again because others write to it: after that what is counted of its space need not be so. */
const settleTriesMax = 4;

export class Ranges {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #attributes: AttributeOps;
  readonly #accessTimes: AccessTimes;
  readonly #clusterSpace: ClusterSpace;

  constructor(volume: Volume, keeper: CapKeeper, attributes: AttributeOps, accessTimes: AccessTimes, clusterSpace: ClusterSpace) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#attributes = attributes;
    this.#accessTimes = accessTimes;
    this.#clusterSpace = clusterSpace;
  }

  /**
   * fallocate(2). Allocating reserves nothing: objects are written anew elsewhere, so nothing could be reserved for them. It is
   * refused (ENOSPC) when the cluster has less room than that now.
   */
  async allocate(who: Credentials, file: OpenFile, mode: number, offset: number, length: number): Promise<void> {
    if (!writable(file.flags)) throw new FsError('EBADF', 'the file is not open for writing');
    if (offset < 0 || length <= 0) throw new FsError('EINVAL', 'nothing to allocate');
    const keepSize = (mode & Allocate.keepSize) !== 0;
    const action = mode & ~Allocate.keepSize;
    if ((action !== 0 && action !== Allocate.punchHole && action !== Allocate.zeroRange) || (action === Allocate.punchHole && !keepSize)) {
      throw new FsError('EOPNOTSUPP', `fallocate mode ${mode} is not supported`);
    }
    const end = offset + length;
    if (end > fileBytesMax) throw new FsError('EFBIG', `allocating up to ${end} (a file has at most ${fileBytesMax} bytes)`);
    const { inode } = file;
    if (!inode.isFile) throw new FsError(inode.isDirectory ? 'EISDIR' : 'ENODEV', 'only regular files have space');
    inode.checkLocks();
    await this.#dropPrivileges(who, inode);
    const bound = keepSize ? 0 : end;
    if (action === 0) await this.#settled(inode, bound, false, () => this.#checkRoom(inode, offset, end));
    await this.#settled(inode, bound, action !== 0, async () => {
      if (action !== 0) await once(this.#zero(inode, offset, end));
      inode.wrote(keepSize ? 0 : end, this.#volume.env.clock.nowTimespec());
      await once(this.#tell(inode));
    });
  }

  async #checkRoom(inode: Inode, offset: number, end: number): Promise<void> {
    const room = await this.#volume.lookAgain(() => this.#clusterSpace.get());
    const missing = end - Math.max(offset, Math.min(inode.size, inode.space.head * spaceBlockBytes));
    if (missing > room.freeBytes) throw new FsError('ENOSPC', `${missing} bytes, and the cluster has room for ${room.freeBytes}`);
  }

  async #zero(inode: Inode, from: number, end: number): Promise<void> {
    const to = Math.min(end, inode.size);
    if (from >= to) return;
    const { io } = this.#volume;
    const data = this.#volume.data(inode);
    data.cut(from, to);
    inode.space.punched(from);
    inode.dirtyFields |= DirtyField.space;
    // Operations on one object apply in the order they were asked: earlier writes before, later ones after.
    if (!io.isWide(data, from, to)) await data.carry(io.zero(data, from, to).then(() => this.#recountEmpty(inode, data)));
    else await this.#zeroWide(inode, data, from, to);
  }

  /** What was taken away may have been a dead writer's, who had told nobody: then something else is still there. */
  async #recountEmpty(inode: Inode, data: FileData): Promise<void> {
    if (inode.space.countsAsEmpty && inode.size > 0) inode.space.recount(await this.#volume.io.countBlocks(data, inode.size));
  }

  /** Which objects there are is asked first. So earlier writes are waited for, and later ones wait. */
  async #zeroWide(inode: Inode, data: FileData, from: number, to: number): Promise<void> {
    await this.#keeper.whileCutting(inode, async () => {
      const earlier = Promise.all([...data.carriers].map(({ done }) => done));
      try {
        await data.carry(earlier.then(() => this.#volume.io.zeroWide(data, from, to)).then(() => this.#recountEmpty(inode, data)));
      } finally {
        // What was read meanwhile may be from before.
        data.cut(from, to);
      }
    });
  }

  /** copy_file_range(2): how many bytes were copied. The OSDs copy among themselves. */
  async copy(who: Credentials, from: OpenFile, offset: number, to: OpenFile, at: number, length: number): Promise<number> {
    if (!readable(from.flags) || !writable(to.flags) || (to.flags & OpenFlag.append) !== 0)
      throw new FsError('EBADF', 'copying takes a file open for reading and one open for writing, not appending');
    if (from.inode.isDirectory || to.inode.isDirectory) throw new FsError('EISDIR', 'a directory cannot be copied');
    if (!from.inode.isFile || !to.inode.isFile || offset < 0 || at < 0 || length < 0)
      throw new FsError('EINVAL', 'copying takes regular files, and ranges in them');
    from.inode.checkLocks();
    to.inode.checkLocks();
    const size = await this.#settledSize(from.inode);
    let count = Math.min(length, size - offset);
    if (count <= 0) return 0;
    if (at >= fileBytesMax) throw new FsError('EFBIG', `a copy to ${at} (a file has at most ${fileBytesMax} bytes)`);
    count = Math.min(count, fileBytesMax - at);
    if (from.inode === to.inode && at < offset + count && offset < at + count) throw new FsError('EINVAL', 'the ranges overlap');
    count = Math.min(count, copyBytesMax);
    await this.#dropPrivileges(who, to.inode);
    let done = 0;
    try {
      for (; done < count; done += Math.min(copyWindowBytes, count - done)) {
        const part = Math.min(copyWindowBytes, count - done);
        await this.#settled(to.inode, at + done + part, true, () =>
          once(this.#copyPart(this.#volume.data(from.inode), offset + done, to.inode, at + done, part)),
        );
      }
    } catch (error) {
      if (done === 0) throw error;
      // As after a write: what has been copied counts, and the next call meets the error again.
      this.#volume.env.log.debug({ ino: to.inode.ino, err: error }, 'copied less than was asked for');
    }
    // Of a read the kernel knows by itself that it moves an access time.
    if (this.#accessTimes.read(from.inode, from.flags)) await this.#volume.invalidate(from.inode.ino, -1, 0);
    await once(this.#tell(to.inode));
    return done;
  }

  async #copyPart(source: FileData, offset: number, inode: Inode, at: number, length: number): Promise<void> {
    const { io, env } = this.#volume;
    const data = this.#volume.data(inode);
    data.cut(at, at + length);
    await data.carry(io.copy(source, offset, data, at, length).then(() => inode.wrotePast(at, at + length, env.clock.nowTimespec())));
  }

  /** As a write does; the kernel's own order before these calls does not tell that the caller has the file open for writing. */
  async #dropPrivileges(who: Credentials, inode: Inode): Promise<void> {
    const killSetId = who.uid !== 0;
    if (losesOnWrite(who, inode, killSetId)) await this.#attributes.set(who, inode, { killSetId, dropCapability: true });
  }

  /** Others who look at the file see what was done to it; on this host alone that may wait. */
  async #tell(inode: Inode): Promise<void> {
    if (inode.holds(bufferCaps)) this.#keeper.changed(inode);
    else await this.#keeper.sendDirty(inode, false);
  }

  /**
   * Runs `act` in the moment in which there is the right to write up to `end`, a size that is true, nobody who cuts the file, and with
   * `clean` nothing dirty here. FsError EDQUOT.
   */
  async #settled(inode: Inode, end: number, clean: boolean, act: () => Promise<void>): Promise<void> {
    await inode.allowances.during((allowance) => this.#settledWhile(inode, end, clean, act, allowance));
  }

  async #settledWhile(inode: Inode, end: number, clean: boolean, act: () => Promise<void>, allowance: Allowance): Promise<void> {
    let fresh = false;
    for (let tries = 0; ;) {
      if (inode.cutting !== undefined) {
        await inode.cutting;
        fresh = false;
      } else if (!inode.holds(Cap.fileWrite) || !this.#volume.leased(inode)) {
        await this.#keeper.acquire(inode, Cap.fileWrite);
        fresh = false;
      } else if (clean && inode.data?.settled === false && tries < settleTriesMax) {
        tries++;
        await this.#volume.writeBack.flush(inode.data);
      } else if (end > Math.max(allowance.to, inode.sizeBound)) {
        await this.#attributes.grow(inode, end, allowance);
        fresh = false;
      } else if (fresh || inode.holds(bufferCaps)) {
        if (clean && inode.data?.settled === false) inode.space.doubt();
        await act();
        return;
      } else {
        await this.#attributes.refresh(itself, inode);
        fresh = true;
      }
    }
  }

  /** The size to read by, with everything written, here and elsewhere, on the OSDs. */
  async #settledSize(inode: Inode): Promise<number> {
    const size = await this.#attributes.sizeForReading(inode);
    if (inode.data !== undefined) await this.#volume.writeBack.flush(inode.data);
    return size;
  }
}
