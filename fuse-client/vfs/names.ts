/**
 * Operations on names: lookup, create, link, unlink, rename. What a directory is known to hold, and to lack, is
 * answered here; changes go to the MDS in one round trip, and their replies update what is known.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { bytesOf, printable, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { CreateReply, LookupReply, ReplyHead } from '../../common/wire/gen/messages.ts';
import { Cap, FileType, type Change, type Caps } from '../../mds/client/index.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { Dentry } from './directory.ts';
import type { Credentials, Entry, MaybePromise, NegativeEntry } from './filesystem.ts';
import { asked, Inode } from './inode.ts';
import { foundAt, putAt } from './lineage.ts';
import { NamesAhead, type NodeRequest } from './names-ahead.ts';
import { isShownAs, isShownElsewhere, show, unshow, type ShownName } from './shown-names.ts';
import type { Volume } from './volume.ts';

/** Longest name, in bytes. */
export const nameBytesMax = 255;

/** Longest symlink target, in bytes. */
const targetBytesMax = 4095;
const renameExchange = 2;
const negativeValid: NegativeEntry = { negativeValid: true };
const negativeOnce: NegativeEntry = { negativeValid: false };
const self = '.' as ByteString;

/** A directory that another rank holds. */
interface Elsewhere {
  readonly ino: number;
  readonly rank: number;
  readonly offset: number;
}

/** What was made, and whether it was not there before. */
export interface Made {
  readonly inode: Inode;
  readonly created: boolean;
  readonly dentry: Dentry | undefined;
}

/** What is to be made, and how it is opened. */
interface MakeRequest extends NodeRequest {
  readonly wanted?: Caps;
  readonly exclusive?: boolean;
}

export class Names {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  readonly #ahead: NamesAhead;

  constructor(volume: Volume, keeper: CapKeeper) {
    this.#volume = volume;
    this.#keeper = keeper;
    this.#ahead = new NamesAhead(volume, keeper);
  }

  lookup(who: Credentials, parent: Ino, name: ByteString): MaybePromise<Entry | NegativeEntry> {
    const { inodes } = this.#volume;
    const directory = this.#volume.inode(parent);
    checkName(name);
    const known = directory.directory;
    if (known !== undefined && directory.holds(Cap.dirShared) && this.#volume.leased(directory)) {
      const dentry = known.get(name);
      if (dentry !== undefined && dentry.ino !== 0) {
        const inode = inodes.get(dentry.ino);
        if (inode !== undefined && inode.holds(Cap.attrShared) && this.#volume.leased(inode))
          return this.entry(directory, name, dentry, inode);
      } else if (dentry !== undefined || (known.lacks(name) && name !== self && name !== '..')) {
        return this.#negative(directory, dentry ?? known.setAbsent(name));
      }
    }
    return this.#lookup(who, directory, name);
  }

  async #lookup(who: Credentials, directory: Inode, name: ByteString): Promise<Entry | NegativeEntry> {
    const bytes = name === self ? bytesOf('' as ByteString) : bytesOf(name);
    const take = (reply: LookupReply): Entry | NegativeEntry | Elsewhere => {
      if (reply.elsewhereIno !== 0) {
        this.#volume.inodes.applyAll(reply.head);
        return { ino: reply.elsewhereIno, rank: reply.elsewhereRank, offset: reply.offset };
      }
      const inode = this.#volume.inodes.applyAll(reply.head);
      // What was changed ahead since it was asked it does not know.
      const learns = directory.unanswered === 0;
      if (!reply.found || inode === undefined) {
        const dentry = learns && directory.holds(Cap.dirShared) ? directory.directory?.setAbsent(name) : undefined;
        return this.#negative(directory, dentry);
      }
      const named = learns && name !== self && name !== '..';
      if (named) foundAt(inode, directory, name, reply.head?.grants[0]);
      return this.entry(directory, name, named ? this.#learn(directory, name, inode, reply.offset) : undefined, inode);
    };
    const { mds } = this.#volume;
    const answer = await mds.ask(directory, (rank) => rank.query('lookup', who, { parent: directory.ino, name: bytes }, take));
    this.#keeper.limits.trim();
    return 'rank' in answer ? await this.#elsewhere(who, directory, name, answer) : answer;
  }

  /** The name leads to a directory that another rank holds: that one is asked for it. */
  async #elsewhere(who: Credentials, directory: Inode, name: ByteString, { ino, rank, offset }: Elsewhere): Promise<Entry | NegativeEntry> {
    const { inodes, mds } = this.#volume;
    const held = inodes.get(ino) ?? new Inode(ino as Ino, undefined, rank);
    const message = { parent: ino, name: bytesOf('' as ByteString) };
    return await mds.ask(held, (client) =>
      client.query('lookup', who, message, (reply) => {
        const inode = inodes.applyAll(reply.head);
        if (!reply.found || inode === undefined) return this.#negative(directory, undefined);
        const named = directory.unanswered === 0 && name !== self && name !== '..';
        if (named) foundAt(inode, directory, name, reply.head?.grants[0]);
        return this.entry(directory, name, named ? this.#learn(directory, name, inode, offset) : undefined, inode);
      }),
    );
  }

  /**
   * Makes what `mode`'s type says. `wanted`: what an open handle on it will want. `opens`: see {@link NodeRequest}.
   */
  async make(who: Credentials, parent: Ino, name: ByteString, request: MakeRequest): Promise<Made> {
    checkName(name);
    return await asked([this.#volume.inode(parent)], this.#make(who, parent, name, request));
  }

  /** Makes a name that is known not to exist, here and now. Undefined: the MDS has to be asked. */
  makeAhead(who: Credentials, parent: Ino, name: ByteString, request: NodeRequest): { inode: Inode; entry: Entry } | undefined {
    checkName(name);
    const directory = this.#volume.inode(parent);
    const made = this.#ahead.make(who, directory, name, request);
    return made && { inode: made.inode, entry: this.entry(directory, name, made.dentry, made.inode) };
  }

  /** A file without a name, which somebody opens. */
  async makeUnnamed(
    who: Credentials,
    parent: Ino,
    request: { readonly mode: number; readonly umask: number; readonly wanted: Caps; readonly opens: Caps },
  ): Promise<Inode> {
    return (await this.#make(who, parent, '' as ByteString, request)).inode;
  }

  async #make(who: Credentials, parent: Ino, name: ByteString, request: MakeRequest): Promise<Made> {
    const directory = this.#volume.inode(parent);
    const { mode, umask, wanted = 0, opens = 0, exclusive = true } = request;
    const reach = (opens & Cap.fileWrite) === 0 ? 0 : this.#volume.reach.first(directory);
    if (request.target !== undefined && request.target.length > targetBytesMax)
      throw new FsError('ENAMETOOLONG', `a link target of ${request.target.length} bytes`);
    const message = {
      parent,
      name: bytesOf(name),
      mode,
      umask,
      rdev: request.rdev ?? 0,
      symlink: bytesOf(request.target ?? ('' as ByteString)),
      wanted,
      exclusive,
      reach,
    };
    const take = (reply: CreateReply, change: Change): Made => {
      const inode = this.#volume.inodes.applyAll(reply.head);
      if (inode === undefined) throw new FsError('ESTALE', 'it was made and has been deleted since');
      directory.changedBy(change);
      if (name !== '') {
        if (reply.created) putAt(inode, directory, name);
        else foundAt(inode, directory, name, reply.head?.grants[0]);
      }
      if (reply.created) {
        inode.changedBy(change);
        inode.reach = reach;
        if (inode.holds(Cap.dirShared)) inode.directory?.becomeComplete();
      }
      if (wanted !== 0) inode.wantedTold |= wanted;
      // From this very moment on: a recall may be the next message.
      inode.coming(opens);
      inode.pins++;
      return { inode, created: reply.created, dentry: name === '' ? undefined : this.#learn(directory, name, inode, reply.offset) };
    };
    // Each rank has numbers of its own.
    const asking = this.#volume.mds.ask(directory, async (mds) => {
      const ino = mds.takeIno();
      const number = typeof ino === 'number' ? ino : await ino;
      return await mds.change('create', who, { ...message, ino: number }, take);
    });
    const made = await asking.catch((error: unknown) => {
      const { code, elsewhere } = toFsError(error);
      if (code !== 'EREMOTE' || elsewhere === undefined) throw error;
      return this.#foundElsewhere(who, directory, name, opens);
    });
    if (made !== undefined) made.inode.pins--;
    this.#keeper.limits.trim();
    return made ?? (await this.#make(who, parent, name, request));
  }

  /** The name that was to be made leads to what another rank decides about. Undefined: no more. */
  async #foundElsewhere(who: Credentials, directory: Inode, name: ByteString, opens: Caps): Promise<Made | undefined> {
    const found = await this.#lookup(who, directory, name);
    const { inodes } = this.#volume;
    const inode = 'attributes' in found ? inodes.get(found.attributes.ino) : undefined;
    if (inode === undefined) return undefined;
    inode.coming(opens);
    inode.pins++;
    // The reference is the caller's to take.
    inodes.dereference(inode, 1);
    return { inode, created: false, dentry: undefined };
  }

  makeEntry(who: Credentials, parent: Ino, name: ByteString, request: NodeRequest): MaybePromise<Entry> {
    const made = this.makeAhead(who, parent, name, request);
    if (made !== undefined) return made.entry;
    return this.make(who, parent, name, request).then(({ inode, dentry }) => this.entry(this.#volume.inode(parent), name, dentry, inode));
  }

  async link(who: Credentials, ino: Ino, parent: Ino, name: ByteString): Promise<Entry> {
    checkName(name);
    const directory = this.#volume.inode(parent);
    const linked = this.#volume.inode(ino);
    const { unnamed } = linked;
    return await asked(
      [directory, linked],
      this.#volume.mds.ask(directory, (mds) =>
        mds.change('link', who, { ino, parent, name: bytesOf(name), unnamed, rank: linked.rank }, (reply, change) => {
          const inode = this.#volume.inodes.applyAll(reply.head) ?? this.#volume.inode(ino);
          inode.unnamed = false;
          inode.changedBy(change);
          directory.changedBy(change);
          return this.entry(directory, name, this.#learn(directory, name, inode, reply.offset), inode);
        }),
      ),
    );
  }

  remove(who: Credentials, parent: Ino, name: ByteString, isDirectory: boolean): MaybePromise<void> {
    checkName(name);
    const directory = this.#volume.inode(parent);
    const expected = isDirectory ? this.#expected(who, parent, name) : 0;
    const isExpected = expected === 0 || directory.directory?.get(name)?.ino === expected;
    if (!isExpected || !this.#ahead.remove(who, directory, name, isDirectory))
      return this.#expecting(who, directory, name, this.#remove(who, directory, name, isDirectory, expected));
  }

  async #remove(who: Credentials, directory: Inode, name: ByteString, isDirectory: boolean, expected: number): Promise<void> {
    const parent = directory.ino;
    const message = { parent, name: bytesOf(name), directory: isDirectory, expected };
    const removed = await asked(
      [directory, ...this.#directoriesAt(directory, name)],
      this.#volume.mds.ask(directory, (mds) =>
        mds.change('unlink', who, message, (reply, change) => {
          const inode = this.#volume.inodes.applyAll(reply.head);
          this.#unlearn(directory, name);
          directory.changedBy(change);
          if (inode === undefined) return undefined;
          const isKnown = inode.references === 0 || isShownAs(inode, parent, name);
          unshow(inode, parent, name);
          inode.changedBy(change);
          return { inode, isKnown };
        }),
      ),
    );
    if (removed === undefined) return;
    const { inode, isKnown } = removed;
    this.#keeper.unlinked(inode);
    // The kernel has taken another inode for it, and knows nothing new of this one.
    if (!isKnown) await this.#volume.invalidate(inode.ino, -1, 0);
  }

  rename(who: Credentials, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString, flags: number): MaybePromise<void> {
    checkName(name);
    checkName(newName);
    const from = this.#volume.inode(parent);
    const to = this.#volume.inode(newParent);
    const expected = flags === renameExchange ? 0 : this.#expected(who, newParent, newName);
    if (from !== to || expected !== 0 || !this.#ahead.rename(who, from, name, newName, flags))
      return this.#expecting(who, to, newName, this.#rename(who, from, name, to, newName, flags, expected));
  }

  /** The directory that the kernel takes the name for; 0: none. */
  #expected({ pid }: Credentials, parent: Ino, name: ByteString): number {
    return this.#volume.invalidator === undefined ? 0 : this.#volume.inodes.shownFolders.expected(pid, parent, name);
  }

  /** The answer to a change of `name`, where the kernel may take it for another directory (see ShownFolders). */
  async #expecting(who: Credentials, directory: Inode, name: ByteString, answer: Promise<void>): Promise<void> {
    const { shownFolders } = this.#volume.inodes;
    try {
      await answer;
      shownFolders.done();
    } catch (error) {
      if (toFsError(error).code === 'ESTALE') shownFolders.refused(who.pid, directory.ino, name);
      throw error;
    }
  }

  async #rename(
    who: Credentials,
    from: Inode,
    name: ByteString,
    to: Inode,
    newName: ByteString,
    flags: number,
    expectedTarget: number,
  ): Promise<void> {
    const parent = from.ino;
    const newParent = to.ino;
    const message = { parent, name: bytesOf(name), newParent, newName: bytesOf(newName), flags, newParentRank: to.rank, expectedTarget };
    const replaced = await asked(
      [from, to, ...this.#directoriesAt(from, name), ...this.#directoriesAt(to, newName)],
      this.#volume.mds.ask(from, (mds) =>
        mds.change('rename', who, message, (reply, change) => {
          const moved = this.#named(this.#volume.inodes.applyAll(reply.head), change);
          // Two names of one file, which we may not have known: nothing happened, both are still there.
          if (reply.head?.journalSeq === 0) return undefined;
          const other = reply.replaced || flags === renameExchange ? this.#named(grantAt(this.#volume, reply.head, 1), change) : undefined;
          from.changedBy(change);
          to.changedBy(change);
          if (moved === undefined) {
            // Answered again after it had been deleted under its new name: what is known of both names is of before.
            from.directory?.forget(name);
            to.directory?.forget(newName);
            return undefined;
          }
          this.#moved(moved, parent, name, newParent, newName);
          if (other !== undefined) unshow(other, newParent, newName);
          if (other !== undefined && flags === renameExchange) this.#moved(other, newParent, newName, parent, name);
          const inKernel = from.directory?.get(name)?.inKernel ?? false;
          if (flags === renameExchange && other !== undefined) this.#learn(from, name, other, reply.otherOffset);
          else this.#unlearn(from, name);
          const dentry = this.#learn(to, newName, moved, reply.offset);
          if (dentry !== undefined) dentry.inKernel ||= inKernel;
          return flags === renameExchange ? undefined : other;
        }),
      ),
    );
    if (replaced === undefined) return;
    this.#keeper.unlinked(replaced);
    // The kernel may have taken another inode for the one that is replaced (see `elsewhere`), and knows nothing new of this one.
    if (replaced.shown.length > 0) await this.#volume.invalidate(replaced.ino, -1, 0);
  }

  /** The kernel moves its own name. */
  #moved(inode: Inode, parent: Ino, name: ByteString, newParent: Ino, newName: ByteString): void {
    unshow(inode, parent, name);
    show(inode, newParent, newName);
    if (inode.isDirectory && inode.references > 0) this.#volume.inodes.shownFolders.show(inode.ino, newParent, newName);
  }

  /** The answer for the kernel, with a reference. */
  entry(directory: Inode, name: ByteString, dentry: Dentry | undefined, inode: Inode): Entry {
    this.#volume.inodes.reference(inode);
    const entryValid = dentry !== undefined && directory.keeps(Cap.dirShared) && this.#volume.invalidator !== undefined;
    if (entryValid) dentry.inKernel = true;
    const entry = { attributes: inode.attributes, attributesValid: inode.keeps(Cap.attrShared), entryValid };
    if (this.#volume.invalidator === undefined || name === self || name === '..') return entry;
    const elsewhere = isShownElsewhere(inode, directory.ino, name, (other) => this.#leadsTo(inode, other));
    show(inode, directory.ino, name);
    if (inode.isDirectory) this.#volume.inodes.shownFolders.show(inode.ino, directory.ino, name);
    return elsewhere ? { ...entry, elsewhere } : entry;
  }

  /** Whether the name is certain to lead to the inode at this moment. */
  #leadsTo({ ino }: Inode, { parent, name }: ShownName): boolean {
    const directory = this.#volume.inodes.get(parent);
    if (directory?.holds(Cap.dirShared) !== true || !this.#volume.leased(directory)) return false;
    return directory.directory?.get(name)?.ino === ino;
  }

  #negative(directory: Inode, dentry: Dentry | undefined): NegativeEntry {
    if (dentry === undefined || !directory.keeps(Cap.dirShared) || this.#volume.invalidator === undefined) return negativeOnce;
    dentry.inKernel = true;
    return negativeValid;
  }

  #learn(directory: Inode, name: ByteString, inode: Inode, position: number): Dentry | undefined {
    if (!directory.holds(Cap.dirShared)) return undefined;
    return directory.directory?.set(name, inode.ino, inode.type >>> 12, position);
  }

  #unlearn(directory: Inode, name: ByteString): void {
    if (!directory.holds(Cap.dirShared)) return;
    directory.directory?.setAbsent(name);
  }

  /** The directory that a name is known to lead to, if it does. */
  #directoriesAt(directory: Inode, name: ByteString): readonly Inode[] {
    const dentry = directory.directory?.get(name);
    const inode = dentry === undefined ? undefined : this.#volume.inodes.get(dentry.ino);
    return inode?.isDirectory === true ? [inode] : [];
  }

  #named(inode: Inode | undefined, change: Change): Inode | undefined {
    if (inode !== undefined) inode.changedBy(change);
    return inode;
  }
}

function grantAt(volume: Volume, head: ReplyHead | null, at: number): Inode | undefined {
  const number = head?.grants[at]?.inode?.ino;
  return number === undefined ? undefined : volume.inodes.get(number);
}

function checkName(name: ByteString): void {
  if (name.length > nameBytesMax)
    throw new FsError('ENAMETOOLONG', `${JSON.stringify(printable(name))} is longer than ${nameBytesMax} bytes`);
  if (name.length === 0) throw new FsError('ENOENT', 'an empty name');
}

/** Type bits for what mknod(2) is given; no type means a regular file. */
export function nodeMode(mode: number): number {
  return (mode & FileType.mask) === 0 ? mode | FileType.regular : mode;
}
