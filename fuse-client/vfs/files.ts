/**
 * Open files: made, opened and closed here; what is cached is read and written at once, what is not is fetched, written through, or
 * waited for (reads.ts, writes.ts). Which of it depends on the caps held on the inode (DESIGN §7).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ByteString, Ino } from '../../common/maps/ids.ts';
import { Cap, DirtyField, FileType, type Caps } from '../../mds/client/index.ts';
import type { AccessTimes } from './access-times.ts';
import { hasCapability, type AttributeOps } from './attributes.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { ClusterSpace } from './cluster-space.ts';
import type { Credentials, Entry, Handle, MaybePromise, OpenReply } from './filesystem.ts';
import { Holes } from './holes.ts';
import { bufferCaps, readerWants, writerWants, type Inode } from './inode.ts';
import { KernelPages } from './kernel-pages.ts';
import type { Names } from './names.ts';
import { OpenFlag, readable, writable } from './open-flags.ts';
import { openFile, OpenFile } from './open-file.ts';
import { Ranges } from './ranges.ts';
import { Reads } from './reads.ts';
import type { Volume } from './volume.ts';
import { Writes } from './writes.ts';

const seekData = 3;
const seekHole = 4;

export class Files {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #names: Names;
  readonly #attributes: AttributeOps;
  readonly #accessTimes: AccessTimes;
  readonly #holes: Holes;
  readonly #ranges: Ranges;
  /** Odd; directories' are even. */
  #nextId = 1;

  constructor(
    volume: Volume,
    keeper: CapKeeper,
    names: Names,
    attributes: AttributeOps,
    accessTimes: AccessTimes,
    clusterSpace: ClusterSpace,
  ) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#names = names;
    this.#attributes = attributes;
    this.#accessTimes = accessTimes;
    this.#holes = new Holes(volume, attributes);
    this.#ranges = new Ranges(volume, keeper, attributes, accessTimes, clusterSpace);
    const kernelPages = new KernelPages(volume);
    this.reads = new Reads(volume, keeper, attributes, accessTimes, kernelPages);
    this.writes = new Writes(volume, keeper, attributes, kernelPages);
  }

  // --- open and close ---

  create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): MaybePromise<Entry & OpenReply> {
    const opens = wantsOf(flags);
    const made = this.#names.makeAhead(who, parent, name, { mode: regular(mode), umask, opens });
    if (made !== undefined) {
      const opened = this.#opened(made.inode, flags);
      made.inode.came(opens);
      return { ...made.entry, ...opened };
    }
    return this.#create(who, parent, name, mode, flags, umask);
  }

  async #create(who: Credentials, parent: Ino, name: ByteString, mode: number, flags: number, umask: number): Promise<Entry & OpenReply> {
    const exclusive = (flags & OpenFlag.exclusive) !== 0;
    const wants = wantsOf(flags);
    const { inode, created, dentry } = await this.#names.make(who, parent, name, {
      mode: regular(mode),
      umask,
      // A file that is certainly new is ours alone: the MDS need not hear of the handle.
      wanted: exclusive ? 0 : wants,
      opens: wants,
      exclusive,
    });
    const entry = this.#names.entry(this.#volume.inode(parent), name, dentry, inode);
    try {
      if (inode.isDirectory) throw new FsError('EISDIR', 'a directory of that name exists');
      if (!created) return { ...entry, ...(await this.open(who, inode, flags)), attributes: inode.attributes };
      return { ...entry, ...this.#opened(inode, flags) };
    } catch (error) {
      this.#volume.inodes.dereference(inode, 1);
      throw error;
    } finally {
      this.#came(inode, wants);
    }
  }

  async createUnnamed(who: Credentials, parent: Ino, mode: number, flags: number, umask: number): Promise<Entry & OpenReply> {
    const wants = wantsOf(flags);
    const inode = await this.#names.makeUnnamed(who, parent, {
      mode: regular(mode),
      umask,
      wanted: wants,
      opens: wants,
    });
    inode.unnamed = (flags & OpenFlag.exclusive) === 0;
    const entry = this.#names.entry(this.#volume.inode(parent), '.' as ByteString, undefined, inode);
    const opened = this.#opened(inode, flags);
    this.#came(inode, wants);
    return { ...entry, ...opened };
  }

  open(who: Credentials, inode: Inode, flags: number): MaybePromise<OpenReply> {
    if (inode.isDirectory && writable(flags)) throw new FsError('EISDIR', 'a directory cannot be opened for writing');
    const wants = wantsOf(flags);
    const truncates = (flags & OpenFlag.truncate) !== 0;
    if (inode.keeps(wants) && this.#volume.leased(inode) && inode.cutting === undefined) {
      if (!truncates) return this.#opened(inode, flags);
      if (inode.size === 0 && inode.keeps(bufferCaps | Cap.attrExclusive) && !hasCapability(inode)) {
        inode.wrote(0, this.#volume.env.clock.nowTimespec());
        this.#keeper.changed(inode);
        return this.#opened(inode, flags);
      }
    }
    return this.#open(who, inode, flags, wants, truncates);
  }

  async #open(who: Credentials, inode: Inode, flags: number, wants: Caps, truncates: boolean): Promise<OpenReply> {
    const { mds, inodes } = this.#volume;
    inode.pins++;
    inode.coming(wants);
    try {
      this.#keeper.releases.sendNow();
      const { wanted } = inode;
      inode.wantedTold = wanted;
      const message = { ino: inode.ino, wanted, access: (readable(flags) ? 4 : 0) | (writable(flags) ? 2 : 0), truncate: truncates };
      if (truncates) {
        const reach = writable(flags) ? this.#volume.reach.first(inode) : 0;
        await this.#attributes.cut(who, inode, 0, () =>
          mds.ask(inode, (rank) =>
            rank.change('open', who, { ...message, knownSize: Math.min(inode.size, inode.space.dataEnd), reach }, (reply, change) => {
              const own = DirtyField.size | DirtyField.space | DirtyField.mtime;
              inodes.applyAll(reply.head, own);
              inode.dirtyFields &= ~own;
              inode.changedBy(change);
              this.#keeper.updates.sizeSet(inode, change);
              if (reach > 0) this.#volume.reach.told(inode, change, reach);
            }),
          ),
        );
      } else {
        await mds.ask(inode, (rank) => rank.query('open', who, message, (reply) => inodes.applyAll(reply.head)));
      }
      // See `tenable`: the cached data goes now, or the right to write comes, while no page is locked for a write.
      // Should the session end here: the file is not cut a second time.
      while (writable(flags) && inode.holds(Cap.fileCache) && !inode.holds(Cap.fileWrite))
        await this.#volume.again(() => this.#keeper.acquire(inode, Cap.fileWrite));
      return this.#opened(inode, flags);
    } finally {
      inode.pins--;
      this.#came(inode, wants);
    }
  }

  /** An open has succeeded or failed. */
  #came(inode: Inode, wants: Caps): void {
    inode.came(wants);
    if (inode.opened) return;
    if (inode.nlink === 0) this.#keeper.unlinked(inode);
    else if (inode.wantedTold !== inode.wanted) this.#keeper.changed(inode);
  }

  #opened(inode: Inode, flags: number): OpenReply {
    // What the kernel appends it would keep where it takes the end of the file to be.
    const appends = (flags & OpenFlag.append) !== 0 && !readable(flags);
    const cached = inode.keeps(Cap.fileCache) && !appends;
    const unseen = readable(flags) && this.#accessTimes.opened(inode, flags);
    const handle = new OpenFile(this.#nextId, inode, flags, !cached);
    this.#nextId += 2;
    if (readable(flags)) inode.readers++;
    if (writable(flags)) inode.writers++;
    return { handle, keepCache: cached && inode.dropped === undefined && !unseen, directIo: !cached };
  }

  release(handle: Handle): void {
    const file = openFile(handle);
    if (file.released) return;
    file.released = true;
    const { inode } = file;
    if (readable(file.flags)) inode.readers--;
    if (writable(file.flags)) inode.writers--;
    if (inode.opened) return;
    if (inode.nlink === 0) {
      this.#keeper.unlinked(inode);
    } else {
      if (inode.data !== undefined && inode.data.unsafeBytes > 0) this.#volume.writeBack.closed(inode.data);
      if (inode.untold || inode.wantedTold !== 0 || inode.reach > 0) this.#keeper.changed(inode);
    }
    this.#volume.inodes.rest(inode);
  }

  /**
   * close(2) of one descriptor. It tells of a write error and leaves it to be reported: it may be the copy of another process, which an exec
   * closes and where nobody looks.
   */
  flush(handle: Handle): void {
    const file = openFile(handle);
    const { data } = file.inode;
    const error = data === undefined ? undefined : file.unreported(data);
    if (error !== undefined) throw error;
  }

  // --- space ---

  async allocate(who: Credentials, handle: Handle, mode: number, offset: number, length: number): Promise<void> {
    const file = openFile(handle);
    await this.#ranges.allocate(who, file, mode, offset, length);
    this.#volume.dropEnd(file.inode, file.inode.size);
    await file.inode.dropped;
  }

  async copyRange(who: Credentials, from: Handle, offset: number, to: Handle, at: number, length: number): Promise<number> {
    const target = openFile(to);
    const copied = await this.#ranges.copy(who, openFile(from), offset, target, at, length);
    this.#volume.dropEnd(target.inode, target.inode.size);
    await target.inode.dropped;
    return copied;
  }

  async seek(handle: Handle, offset: number, whence: number): Promise<number> {
    const { inode } = openFile(handle);
    if (whence !== seekData && whence !== seekHole) throw new FsError('EINVAL', `seek by ${whence}`);
    return await this.#holes.seek(inode, offset, whence === seekData ? 'data' : 'hole');
  }
}

function wantsOf(flags: number): Caps {
  return (readable(flags) ? readerWants : 0) | (writable(flags) ? writerWants : 0);
}

function regular(mode: number): number {
  return (mode & ~FileType.mask) | FileType.regular;
}
