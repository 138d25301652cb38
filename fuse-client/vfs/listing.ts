/**
 * Listing directories. A complete directory is listed from what is known of it; any other is read from the
 * MDS page by page, and is complete afterwards when nothing of it was forgotten meanwhile.
 *
 * Cookies are positions in the handle's listing, so that they mean the same wherever the entries came from;
 * going back before the pages that are kept starts the listing anew.
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { byteString, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { ReadDirReply } from '../../common/wire/gen/messages.ts';
import { Cap, FileType } from '../../mds/client/index.ts';
import type { Credentials, DirectoryEntry, Entry, Handle, MaybePromise, OpenReply } from './filesystem.ts';
import type { Inode } from './inode.ts';
import type { Names } from './names.ts';
import { OpenFlag } from './open-flags.ts';
import type { Volume } from './volume.ts';

const pageEntries = 1024;
/** Entries kept behind the reader, for small steps back. */
const keptEntries = 4 * pageEntries;
const directoryType = FileType.directory >>> 12;

interface Listed {
  readonly name: ByteString;
  readonly ino: Ino;
  readonly type: number;
}

class OpenDirectory implements Handle {
  readonly id: number;
  readonly flags: number;
  readonly inode: Inode;
  readonly who: Credentials;
  released = false;
  /** Position of the first kept entry; `.` and `..` are positions 0 and 1. */
  base = 2;
  entries: Listed[] = [];
  /** The MDS's cookie to go on from; undefined when nothing follows. */
  next: number | undefined = undefined;
  /** Nothing was listed yet, or the listing starts anew. */
  fresh = true;
  /** The directory's generation when the listing began; -1 when it cannot become complete. */
  generation = -1;

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
  /** Even; files' are odd: the kernel's door knows both by one number. */
  #nextId = 2;

  constructor(volume: Volume, names: Names) {
    this.#volume = volume;
    this.#names = names;
  }

  open(who: Credentials, inode: Inode, flags: number): MaybePromise<OpenReply> {
    if (!inode.isDirectory) throw new FsError('ENOTDIR', `inode ${inode.ino.toString(16)} is not a directory`);
    if ((flags & OpenFlag.accessMode) !== OpenFlag.readOnly) throw new FsError('EISDIR', 'a directory cannot be opened for writing');
    const handle = new OpenDirectory(this.#nextId, inode, flags, who);
    this.#nextId += 2;
    inode.readers++;
    return { handle, keepCache: inode.keeps(Cap.dirShared), directIo: false };
  }

  release(handle: Handle): void {
    const open = openDirectory(handle);
    if (open.released) return;
    open.released = true;
    open.entries = [];
    open.inode.readers--;
    this.#volume.inodes.rest(open.inode);
  }

  async fsync(handle: Handle): Promise<void> {
    await this.#volume.journaled(openDirectory(handle).inode);
  }

  read(handle: Handle, offset: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void> {
    const open = openDirectory(handle);
    if (offset === 0 || offset < open.base) this.#rewind(open);
    let position = offset;
    if (position < 2) {
      const { inode } = open;
      if (position === 0 && !accept({ name: '.' as ByteString, ino: inode.ino, type: directoryType, offset: ++position })) return;
      if (
        position === 1 &&
        !accept({
          name: '..' as ByteString,
          ino: (inode.parent === 0 ? inode.ino : inode.parent) as Ino,
          type: directoryType,
          offset: ++position,
        })
      )
        return;
    }
    return this.#from(open, position, plus, accept);
  }

  #rewind(open: OpenDirectory): void {
    open.base = 2;
    open.entries = [];
    open.next = 0;
    open.fresh = true;
  }

  /** Serves from `position`; goes on with a promise where pages are missing. */
  #from(open: OpenDirectory, position: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): MaybePromise<void> {
    if (open.fresh && !this.#listHere(open)) return this.#listThere(open, position, plus, accept);
    if (!this.#serve(open, position, plus, accept) || open.next === undefined) return;
    return this.#listThere(open, position, plus, accept);
  }

  /** Takes the listing from a complete directory. */
  #listHere(open: OpenDirectory): boolean {
    const { inode } = open;
    if (inode.directory?.complete !== true || !inode.holds(Cap.dirShared) || !this.#volume.mds.leased) return false;
    open.entries = [];
    for (const [name, { ino, type }] of inode.directory.names) if (ino !== 0) open.entries.push({ name, ino, type });
    open.next = undefined;
    open.fresh = false;
    return true;
  }

  async #listThere(open: OpenDirectory, position: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): Promise<void> {
    let at = position;
    while (open.next !== undefined) {
      if (open.base + open.entries.length <= at) await this.#page(open);
      const served = this.#served(open, at, plus, accept);
      at = served.position;
      if (served.full) return;
      // What was served may be enough for one answer; the kernel asks for more where it was not.
      if (at > position) return;
    }
  }

  async #page(open: OpenDirectory): Promise<void> {
    const { inode } = open;
    const first = open.fresh;
    const offset = open.next ?? 0;
    open.fresh = false;
    await this.#volume.mds.query('readDir', open.who, { ino: inode.ino, offset, maxEntries: pageEntries, attributes: true }, (reply) =>
      this.#take(open, reply, first),
    );
  }

  #take(open: OpenDirectory, reply: ReadDirReply, first: boolean): void {
    const { inode } = open;
    const { inodes } = this.#volume;
    inodes.applyAll(reply.head);
    const directory = inode.holds(Cap.dirShared) ? inode.directory : undefined;
    if (first) open.generation = directory?.generation ?? -1;
    const listed: Listed[] = [];
    for (const entry of reply.entries) {
      const name = byteString(entry.name);
      const type = (entry.mode & FileType.mask) >>> 12;
      if (entry.grant !== null) inodes.apply(entry.grant);
      directory?.set(name, entry.ino as Ino, type);
      listed.push({ name, ino: entry.ino as Ino, type });
    }
    if (open.entries.length > keptEntries) {
      open.base += open.entries.length;
      open.entries = [];
    }
    open.entries.push(...listed);
    const last = reply.entries.at(-1);
    open.next = reply.end || last === undefined ? undefined : last.offset;
    if (reply.end && directory !== undefined && directory.generation === open.generation) directory.complete = true;
  }

  #serve(open: OpenDirectory, position: number, plus: boolean, accept: (entry: DirectoryEntry) => boolean): boolean {
    const served = this.#served(open, position, plus, accept);
    return !served.full && served.position === position;
  }

  #served(
    open: OpenDirectory,
    position: number,
    plus: boolean,
    accept: (entry: DirectoryEntry) => boolean,
  ): { readonly position: number; readonly full: boolean } {
    let at = position;
    for (let index = at - open.base; index < open.entries.length; index++) {
      const listed = open.entries[index] as Listed;
      const entry = plus ? this.#entry(open.inode, listed) : undefined;
      const offset = at + 1;
      if (
        !accept(
          entry === undefined
            ? { name: listed.name, ino: listed.ino, type: listed.type, offset }
            : { name: listed.name, ino: listed.ino, type: listed.type, offset, entry },
        )
      ) {
        if (entry !== undefined) this.#volume.inodes.dereference(this.#volume.inode(listed.ino), 1);
        return { position: at, full: true };
      }
      at = offset;
    }
    return { position: at, full: false };
  }

  /** Attributes for READDIRPLUS, when they are known; without them the kernel looks the name up. */
  #entry(directory: Inode, listed: Listed): Entry | undefined {
    const inode = this.#volume.inodes.get(listed.ino);
    if (inode === undefined || !inode.holds(Cap.attrShared) || !this.#volume.mds.leased) return undefined;
    const dentry = directory.holds(Cap.dirShared) ? directory.directory?.get(listed.name) : undefined;
    // Removed or replaced since it was listed: the kernel must not learn the old name anew.
    if (dentry === undefined || dentry.ino !== listed.ino) return undefined;
    return this.#names.entry(directory, dentry, inode);
  }
}

function openDirectory(handle: Handle): OpenDirectory {
  assert(handle instanceof OpenDirectory, 'a directory handle that is not ours');
  if (handle.released) throw new FsError('EBADF', 'the directory handle is closed');
  return handle;
}
