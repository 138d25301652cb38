/**
 * Listing directories. A complete directory is listed from what is known of it; any other is read from the
 * MDS page by page, and is complete afterwards when nothing of it was forgotten meanwhile.
 *
 * A cookie is the place that the MDS has given the name for as long as it exists, and entries come in that order, from wherever
 * they are taken. So a handle keeps one page, however large the directory; any cookie of any time, from any handle, leads on to the
 * same names; and whatever comes and goes meanwhile, no other name is skipped or comes twice.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { byteString, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { ReadDirReply } from '../../common/wire/gen/messages.ts';
import { Cap, FileType } from '../../mds/client/index.ts';
import type { AccessTimes } from './access-times.ts';
import type { Credentials, DirectoryEntry, Entry, Handle, MaybePromise, OpenReply } from './filesystem.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { Listed } from './directory.ts';
import type { Inode } from './inode.ts';
import { foundAt } from './lineage.ts';
import type { Names } from './names.ts';
import { OpenFlag } from './open-flags.ts';
import type { Volume } from './volume.ts';

const pageEntries = 1024;
/** Attributes come with so many names of a directory, and with more only where they are asked for. */
const attributesMax = 4 * pageEntries;
/** Cookies of `.` and `..`; names have higher ones. */
const selfCookie = 1;
const parentCookie = 2;
const directoryType = FileType.directory >>> 12;

class OpenDirectory implements Handle {
  readonly id: number;
  readonly flags: number;
  readonly inode: Inode;
  readonly who: Credentials;
  released = false;
  /** All names behind the place `after`, up to the last of them, or `end`: all that there are. */
  page: { readonly after: number; readonly entries: readonly Listed[]; readonly end: boolean } | undefined = undefined;
  /** Cookie that follows on all pages since the start, and the directory's generation then; -1 when it cannot become complete. */
  next = 0;
  generation = -1;
  /** Names read since the start. */
  read = 0;

  constructor(id: number, inode: Inode, flags: number, who: Credentials) {
    this.id = id;
    this.inode = inode;
    this.flags = flags;
    this.who = who;
  }

  get ino(): Ino {
    return this.inode.ino;
  }
}

export class Listings {
  readonly #volume: Volume;
  readonly #names: Names;
  readonly #keeper: CapKeeper;
  readonly #accessTimes: AccessTimes;
  /** Even; files' are odd: the kernel's door knows both by one number. */
  #nextId = 2;

  constructor(volume: Volume, names: Names, keeper: CapKeeper, accessTimes: AccessTimes) {
    this.#volume = volume;
    this.#names = names;
    this.#keeper = keeper;
    this.#accessTimes = accessTimes;
  }

  open(who: Credentials, inode: Inode, flags: number): MaybePromise<OpenReply> {
    if (!inode.isDirectory) throw new FsError('ENOTDIR', `inode ${inode.ino.toString(16)} is not a directory`);
    if ((flags & OpenFlag.accessMode) !== OpenFlag.readOnly) throw new FsError('EISDIR', 'a directory cannot be opened for writing');
    const handle = new OpenDirectory(this.#nextId, inode, flags, who);
    this.#nextId += 2;
    inode.readers++;
    const unseen = this.#accessTimes.opened(inode, flags);
    return { handle, keepCache: inode.keeps(Cap.dirShared) && !unseen, directIo: false };
  }

  release(handle: Handle): void {
    const open = openDirectory(handle);
    if (open.released) return;
    open.released = true;
    open.page = undefined;
    open.inode.readers--;
    this.#volume.inodes.rest(open.inode);
  }

  async fsync(handle: Handle): Promise<void> {
    const { inode } = openDirectory(handle);
    try {
      await this.#volume.journaled(inode);
    } catch (error) {
      inode.lateError = undefined;
      throw error;
    }
    const late = inode.lateError;
    inode.lateError = undefined;
    if (late !== undefined) throw late;
  }

  read(handle: Handle, offset: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void> {
    const open = openDirectory(handle);
    const { inode } = open;
    this.#accessTimes.read(inode, open.flags);
    // From the start on it is to be as it is now.
    if (offset === 0) open.page = undefined;
    if (offset < selfCookie && !accept({ name: '.' as ByteString, ino: inode.ino, type: directoryType, offset: selfCookie })) return;
    if (offset < parentCookie) {
      const parent = (inode.parent === 0 ? inode.ino : inode.parent) as Ino;
      if (!accept({ name: '..' as ByteString, ino: parent, type: directoryType, offset: parentCookie })) return;
    }
    return this.#from(open, offset <= parentCookie ? 0 : offset, plus, accept);
  }

  /** Serves what is behind `after`; goes on with a promise where that has to be asked for. */
  #from(open: OpenDirectory, after: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void> {
    if (!isCovered(open, after) && !this.#listHere(open, after)) return this.#listThere(open, after, plus, accept);
    this.#serve(open, after, plus, accept);
  }

  /** Takes the listing from a complete directory. */
  #listHere(open: OpenDirectory, after: number): boolean {
    const { inode } = open;
    if (!inode.holds(Cap.dirShared) || !this.#volume.leased(inode)) return false;
    const entries = inode.directory?.listing(after);
    if (entries === undefined) return false;
    open.page = { after, entries, end: true };
    return true;
  }

  async #listThere(open: OpenDirectory, after: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): Promise<void> {
    const { inode } = open;
    const first = after === 0;
    if (first) open.read = 0;
    const attributes = plus || open.read < attributesMax;
    const message = { ino: inode.ino, offset: after, maxEntries: pageEntries, attributes };
    await this.#volume.lookAgain(() =>
      this.#volume.mds.ask(inode, (mds) => mds.query('readDir', open.who, message, (reply) => this.#take(open, reply, after))),
    );
    this.#keeper.limits.trim();
    this.#serve(open, after, plus, accept);
  }

  #take(open: OpenDirectory, reply: ReadDirReply, after: number): void {
    const { inode } = open;
    const { inodes } = this.#volume;
    inodes.applyAll(reply.head);
    // What was changed ahead since it was asked it does not know.
    const directory = inode.holds(Cap.dirShared) && inode.unanswered === 0 ? inode.directory : undefined;
    if (directory === undefined) open.generation = -1;
    if (after === 0) open.generation = directory?.beginListing() ?? -1;
    else if (after !== open.next) open.generation = -1;
    const entries: Listed[] = [];
    for (const entry of reply.entries) {
      const name = byteString(entry.name);
      const type = (entry.mode & FileType.mask) >>> 12;
      const listed = entry.grant === null ? undefined : inodes.apply(entry.grant, inode.rank);
      if (listed !== undefined && inode.unanswered === 0) foundAt(listed, inode, name, entry.grant);
      directory?.set(name, entry.ino as Ino, type, entry.offset);
      entries.push({ name, ino: entry.ino as Ino, type, position: entry.offset });
    }
    open.read += entries.length;
    open.next = entries.at(-1)?.position ?? after;
    open.page = { after, entries, end: reply.end };
    if (reply.end) directory?.endListing(open.generation);
  }

  #serve({ inode, page }: OpenDirectory, after: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): void {
    if (page === undefined) return;
    for (let at = firstBehind(page.entries, after); at < page.entries.length; at++) {
      const listed = page.entries[at] as Listed;
      const { name, ino, type, position: offset } = listed;
      const entry = plus ? this.#entry(inode, listed) : undefined;
      if (accept(entry === undefined ? { name, ino, type, offset } : { name, ino, type, offset, entry })) continue;
      if (entry !== undefined) this.#volume.inodes.dereference(this.#volume.inode(ino), 1);
      return;
    }
  }

  /** Attributes for READDIRPLUS, when they are known; without them the kernel looks the name up. */
  #entry(directory: Inode, listed: Listed): Entry | undefined {
    const inode = this.#volume.inodes.get(listed.ino);
    if (inode === undefined || !inode.holds(Cap.attrShared) || !this.#volume.leased(inode) || inode.dropped !== undefined) return undefined;
    if (inode.endInKernel !== undefined && inode.size > inode.endInKernel) return undefined;
    const dentry = directory.holds(Cap.dirShared) ? directory.directory?.get(listed.name) : undefined;
    // Removed or replaced since it was listed: the kernel must not learn the old name anew.
    if (dentry === undefined || dentry.ino !== listed.ino) return undefined;
    return this.#names.entry(directory, listed.name, dentry, inode);
  }
}

/** Whether the page that is kept has what is behind `after`. */
function isCovered({ page }: OpenDirectory, after: number): boolean {
  return page !== undefined && after >= page.after && (page.end || after < (page.entries.at(-1)?.position ?? 0));
}

/** Index of the first entry behind `after`. */
function firstBehind(entries: readonly Listed[], after: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as Listed).position > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

function openDirectory(handle: Handle): OpenDirectory {
  assert(handle instanceof OpenDirectory, 'a directory handle that is not ours');
  if (handle.released) throw new FsError('EBADF', 'the directory handle is closed');
  return handle;
}
