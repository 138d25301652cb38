/**
 * Attributes and extended attributes: answered here under attrShared, times changed here under exclusive caps,
 * everything else asked of the MDS. Cutting a file first settles its data.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { bytesOf, type ByteString } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type { GrowReply } from '../../common/wire/gen/messages.ts';
import {
  Access,
  AclName,
  Cap,
  capabilityName,
  DirtyField,
  fileBytesMax,
  isMember,
  mayAccess,
  ModeBit,
  nothingFilled,
  SetAttrField as Field,
  xattrNamespace,
  type Change,
  type MdsClient,
  type XattrNamespace,
} from '../../mds/client/index.ts';
import type { Allowance } from './allowances.ts';
import type { CapKeeper } from './cap-keeper.ts';
import { itself, type AttributeChanges, type AttributesReply, type Credentials, type MaybePromise } from './filesystem.ts';
import { asked, type Inode } from './inode.ts';
import type { Volume } from './volume.ts';

const accessAclName = AclName.access as ByteString;
const exclusive = Cap.attrExclusive | Cap.fileExclusive | Cap.attrShared;
const setIdBits = ModeBit.setUid | ModeBit.setGid;
/** Changes of mode and owner whose answer nobody waits for; beyond, callers wait. */
const aheadMax = 64;

export class AttributeOps {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  /** Changes that the MDS has not answered and nobody waits for. */
  #ahead = 0;

  constructor(volume: Volume, keeper: CapKeeper) {
    this.#volume = volume;
    this.#keeper = keeper;
  }

  get(who: Credentials, inode: Inode): MaybePromise<AttributesReply> {
    if (inode.holds(Cap.attrShared) && this.#volume.leased(inode)) return reply(inode);
    return this.refresh(who, inode).then(reply);
  }

  /** Asks the MDS. */
  async refresh(who: Credentials, inode: Inode): Promise<Inode> {
    const { mds, inodes } = this.#volume;
    await mds.ask(inode, (rank) => rank.query('getAttr', who, { ino: inode.ino }, (answer) => inodes.applyAll(answer.head)));
    return inode;
  }

  /** A file's size for who reads past the cache: what others have buffered is on the OSDs. */
  async sizeForReading(inode: Inode): Promise<number> {
    for (;;) {
      if (inode.cutting !== undefined) await inode.cutting;
      else if (!inode.holds(Cap.fileRead) || !this.#volume.leased(inode)) await this.#keeper.acquire(inode, Cap.fileRead);
      else break;
    }
    if (!inode.holds(Cap.fileCache) && !inode.holds(Cap.fileExclusive)) await this.refresh(itself, inode);
    return inode.size;
  }

  /** Asks the MDS to let the file grow to `size` bytes by the call that has `allowance`; it asks again when that has ended meanwhile. FsError EDQUOT: a quota does not. */
  async grow(inode: Inode, size: number, allowance: Allowance): Promise<void> {
    const { mds, inodes } = this.#volume;
    const { allowances } = inode;
    const { life } = allowances;
    const answered = ({ head }: GrowReply): void => {
      inodes.applyAll(head);
      // At once: should the session be opened again now, the MDS hears of it.
      if (allowances.life === life) allowance.to = size;
    };
    allowance.asked = Math.max(allowance.asked, size);
    await mds.ask(inode, (rank) => rank.query('grow', itself, { ino: inode.ino, size }, answered));
  }

  /** `byHandle`: through a descriptor, whose opening was allowed. */
  set(who: Credentials, inode: Inode, changes: AttributeChanges, byHandle = false): MaybePromise<AttributesReply> {
    const { mode, uid, gid, size } = changes;
    if (size !== undefined) inode.checkLocks();
    const exclusively = inode.keeps(exclusive) && this.#volume.leased(inode) && inode.cutting === undefined && inode.carrying === undefined;
    const local = exclusively && mode === undefined && uid === undefined && gid === undefined && mayHere(who, inode, changes, byHandle);
    // Cutting what is already so long changes nothing but times; growing is a new size alone.
    if (local && (size === undefined || (size >= inode.size && inode.isFile && size <= Math.min(fileBytesMax, inode.sizeBound)))) {
      this.#setHere(inode, changes);
      return reply(inode);
    }
    if (exclusively && size === undefined && this.#ahead < aheadMax && isSure(who, inode, changes)) {
      this.#setAhead(who, inode, changes);
      return reply(inode);
    }
    return (size === undefined ? this.#ask(who, inode, changes, byHandle) : this.#resize(who, inode, size, changes, byHandle)).then(reply);
  }

  #setHere(inode: Inode, changes: AttributeChanges): void {
    const now = this.#volume.env.clock.nowTimespec();
    const { size } = changes;
    if (size !== undefined) {
      if (size > inode.size) inode.setSize(size);
      inode.wrote(size, now);
    }
    if (size === undefined || changes.atime !== undefined || changes.mtime !== undefined) {
      inode.setTimes({ atime: resolveTime(changes.atime, now), mtime: resolveTime(changes.mtime, now), ctime: changes.ctime ?? now });
    }
    this.#keeper.changed(inode);
  }

  /**
   * Counts here at once, while the MDS is being told. Others see it as soon as this call has returned: before they are shown anything of the
   * inode it is recalled here, which is answered when the MDS has answered this (see CapRecalls).
   */
  #setAhead(who: Credentials, inode: Inode, changes: AttributeChanges): void {
    const ctime = changes.ctime ?? this.#volume.env.clock.nowTimespec();
    inode.setOwner(changes, ctime);
    this.#ahead++;
    inode.ahead++;
    inode.pins++;
    const { change, done } = this.#tell(who, inode, { ...changes, ctime }, false, () => inode.ahead--);
    inode.changedBy(change);
    const answered = Promise.all([inode.aheadAnswered, this.#answered(who, inode, done)]).then(() => {
      if (inode.aheadAnswered === answered) inode.aheadAnswered = undefined;
    });
    inode.aheadAnswered = answered;
  }

  async #answered(who: Credentials, inode: Inode, telling: Promise<void>): Promise<void> {
    try {
      await telling;
    } catch (error) {
      inode.ahead--;
      this.#keeper.updates.refused(inode, error);
      // It is as the MDS has it, whatever has been shown.
      await this.refresh(who, inode).catch((err: unknown) => this.#volume.env.log.debug({ ino: inode.ino, err }, 'not known any more'));
      await this.#volume.invalidate(inode.ino, -1, 0);
    } finally {
      this.#ahead--;
      inode.pins--;
      if (inode.nlink === 0) this.#keeper.unlinked(inode);
    }
  }

  /** The data below `size` is written, that above forgotten, nothing on its way, before the MDS cuts the objects. */
  async #resize(who: Credentials, inode: Inode, size: number, changes: AttributeChanges, byHandle: boolean): Promise<Inode> {
    if (inode.isDirectory) throw new FsError('EISDIR', 'a directory has no size to set');
    if (size > fileBytesMax) throw new FsError('EFBIG', `a file of ${size} bytes`);
    return await this.cut(who, inode, size, () => this.#ask(who, inode, changes, byHandle), byHandle);
  }

  /**
   * Runs `act`, which makes the file `size` bytes long at the MDS and tells how far it was written before, with the file's data
   * settled and writers waiting.
   */
  async cut<T>(who: Credentials, inode: Inode, size: number, act: () => Promise<T>, byHandle = false): Promise<T> {
    while (inode.cutting !== undefined) await inode.cutting;
    return await this.#keeper.whileCutting(inode, async () => {
      const { data } = inode;
      if (data !== undefined) {
        // What is beyond need not be written, when it is certain that it will be cut; else it must outlive the refusal.
        if (byHandle || this.#mayCut(who, inode)) data.cut(size, Infinity);
        await this.#volume.writeBack.flush(data);
        await this.#volume.writeBack.settled(data);
        await this.#volume.recount(inode);
      }
      const result = await act();
      inode.data?.cut(size, Infinity);
      inode.allowances.end();
      return result;
    });
  }

  #mayCut(who: Credentials, inode: Inode): boolean {
    return inode.holds(Cap.attrShared) && this.#volume.leased(inode) && mayWrite(who, inode);
  }

  async #ask(who: Credentials, inode: Inode, changes: AttributeChanges, byHandle: boolean): Promise<Inode> {
    await this.#tell(who, inode, changes, byHandle).done;
    return inode;
  }

  /** `answered`: runs before the answer's record is taken over. */
  #tell(
    who: Credentials,
    inode: Inode,
    changes: AttributeChanges,
    byHandle: boolean,
    answered?: () => void,
  ): { readonly change: Change; readonly done: Promise<void> } {
    let fields = 0;
    let own = 0;
    const { mode, uid, gid, size, ctime } = changes;
    const { atime, mtime } = withUntold(inode, changes);
    if (mode !== undefined) fields |= Field.mode;
    if (uid !== undefined) fields |= Field.uid;
    if (gid !== undefined) fields |= Field.gid;
    if (size !== undefined) {
      fields |= Field.size | Field.space;
      own |= DirtyField.size | DirtyField.space | DirtyField.mtime;
    }
    if (atime !== undefined) {
      fields |= atime === 'now' ? Field.atimeNow : Field.atime;
      own |= DirtyField.atime;
    }
    if (mtime !== undefined) {
      fields |= mtime === 'now' ? Field.mtimeNow : Field.mtime;
      own |= DirtyField.mtime;
    }
    if (ctime !== undefined) fields |= Field.ctime;
    if (changes.killSetId === true) fields |= Field.killSetId;
    if (keepsOwner(who, inode, changes)) fields |= Field.sameOwner;
    if (changes.dropCapability === true) fields |= Field.dropCapability;
    if (byHandle) fields |= Field.byHandle;
    const filled = size === undefined ? nothingFilled : inode.takeFilled();
    const message = {
      ino: inode.ino,
      fields,
      mode: mode ?? 0,
      uid: uid ?? 0,
      gid: gid ?? 0,
      size: size ?? 0,
      knownSize: size === undefined ? 0 : inode.size,
      ...filled,
      atime: atime === 'now' ? null : (atime ?? null),
      mtime: mtime === 'now' ? null : (mtime ?? null),
      ctime: ctime ?? null,
    };
    const { mds } = this.#volume;
    const begin = (rank: MdsClient): { readonly change: Change; readonly done: Promise<void> } =>
      rank.beginChange('setAttr', who, message, (answer, change) => {
        answered?.();
        this.#volume.inodes.applyAll(answer.head, own);
        // What the reply has set is no longer ours to send.
        inode.dirtyFields &= ~own;
        inode.changedBy(change);
        if (size !== undefined) this.#keeper.updates.sizeSet(inode, change);
      });
    const { change, done } = begin(mds.of(inode));
    if (size !== undefined) inode.sizeToldBy = change;
    const following = mds.follow(inode, done, (rank) => begin(rank).done);
    const told = following.catch((error: unknown) => {
      inode.space.untell(filled);
      throw error;
    });
    return { change, done: asked([inode], told) };
  }

  /** access(2) by the permission bits. The kernel and the MDS check for themselves; this is for callers without a kernel. */
  access(who: Credentials, inode: Inode, mask: number): MaybePromise<void> {
    if (inode.holds(Cap.attrShared) && this.#volume.leased(inode)) {
      checkAccess(who, inode, mask);
      return;
    }
    return this.refresh(who, inode).then(() => checkAccess(who, inode, mask));
  }

  getXattr(who: Credentials, inode: Inode, name: ByteString): MaybePromise<Uint8Array> {
    const namespace = xattrNamespace(name);
    if (namespace === 'virtual') return this.#virtualXattr(who, inode, name);
    if (inode.holds(Cap.attrShared) && this.#volume.leased(inode)) return xattr(who, inode, name, namespace);
    return this.refresh(who, inode).then(() => xattr(who, inode, name, namespace));
  }

  async #virtualXattr(who: Credentials, inode: Inode, name: ByteString): Promise<Uint8Array> {
    const asked = { ino: inode.ino, name: bytesOf(name), untold: this.#keeper.untoldSizes() };
    return await this.#volume.mds.ask(inode, (mds) => mds.query('getXattr', who, asked, ({ value }) => Uint8Array.from(value)));
  }

  listXattrs(who: Credentials, inode: Inode): MaybePromise<readonly ByteString[]> {
    if (inode.holds(Cap.attrShared) && this.#volume.leased(inode)) return xattrNames(who, inode);
    return this.refresh(who, inode).then(() => xattrNames(who, inode));
  }

  async setXattr(who: Credentials, inode: Inode, name: ByteString, value: Uint8Array, flags: number): Promise<void> {
    // A layout is for files without data, a quota for all of it: the MDS must know how much there is.
    if (xattrNamespace(name) === 'virtual') await this.#keeper.sendDirty(inode, false);
    const message = { ino: inode.ino, name: bytesOf(name), value: Uint8Array.from(value), flags };
    await asked(
      [inode],
      this.#volume.mds.ask(inode, (mds) =>
        mds.change('setXattr', who, message, (answer, change) => {
          this.#volume.inodes.applyAll(answer.head);
          inode.changedBy(change);
        }),
      ),
    );
  }

  async removeXattr(who: Credentials, inode: Inode, name: ByteString): Promise<void> {
    await asked(
      [inode],
      this.#volume.mds.ask(inode, (mds) =>
        mds.change('removeXattr', who, { ino: inode.ino, name: bytesOf(name) }, (answer, change) => {
          this.#volume.inodes.applyAll(answer.head);
          inode.changedBy(change);
        }),
      ),
    );
  }
}

/** Whether a write takes something from the file that only the MDS can: file capabilities, and from who may not keep them set-id bits. */
export function losesOnWrite(who: Credentials, inode: Inode, killSetId: boolean): boolean {
  if (hasCapability(inode)) return true;
  const { mode } = inode;
  if (!killSetId || (mode & (ModeBit.setUid | ModeBit.setGid)) === 0) return false;
  return (mode & (ModeBit.setUid | ModeBit.groupExecute)) !== 0 || !isMember(who, inode.gid);
}

export function hasCapability({ xattrs }: Inode): boolean {
  return xattrs.size > 0 && xattrs.has(capabilityName as ByteString);
}

/** A time that is set, rather than come to, ends all that was told of times before; what is not told yet of the other one goes with it. */
function withUntold(
  inode: Inode,
  { atime, mtime, size }: AttributeChanges,
): { readonly atime: Timespec | 'now' | undefined; readonly mtime: Timespec | 'now' | undefined } {
  const sets = [atime, mtime].some((time) => time !== undefined && time !== 'now');
  const untold = (field: number): boolean => sets && (inode.dirtyFields & field) !== 0;
  return {
    atime: atime ?? (untold(DirtyField.atime) ? inode.atime : undefined),
    // A new size sets it anyway.
    mtime: mtime ?? (size === undefined && untold(DirtyField.mtime) ? inode.mtime : undefined),
  };
}

/**
 * Whether this is chown(2) of nothing by who might change owner or data. The kernel says the same when somebody is about to change
 * data: root, who takes no set-id bits by that, only of files with capabilities; others who may not write now, but could when they
 * opened the file, are left to what they write, which says so itself.
 */
function keepsOwner(who: Credentials, inode: Inode, { sameOwner = false }: AttributeChanges): boolean {
  if (!sameOwner || (who.uid === 0 && hasCapability(inode))) return false;
  return who.uid === inode.uid || mayWrite(who, inode);
}

function mayWrite(who: Credentials, inode: Inode): boolean {
  return mayAccess(who, inode, () => inode.xattrs.get(accessAclName), Access.write);
}

/**
 * Whether this is a chmod(2) or chown(2) that the MDS does not refuse and whose effect is known here: no more than the new mode and
 * owner, since there are no set-id bits, file capabilities or ACL that go or change with them.
 */
function isSure(who: Credentials, inode: Inode, { mode, uid, gid, atime, mtime, killSetId = false }: AttributeChanges): boolean {
  const owns = uid !== undefined || gid !== undefined;
  if ((mode === undefined && !owns) || atime !== undefined || mtime !== undefined) return false;
  if (hasCapability(inode) || inode.xattrs.has(accessAclName)) return false;
  if ((owns || killSetId) && (inode.mode & setIdBits) !== 0) return false;
  return who.uid === 0 || (who.uid === inode.uid && !owns && mode !== undefined && (mode & ModeBit.setGid) === 0);
}

/** Whether changes of times and size are made here: allowed without asking, and nothing beside them changes. */
function mayHere(who: Credentials, inode: Inode, changes: AttributeChanges, byHandle: boolean): boolean {
  const { atime, mtime, size } = changes;
  const killSetId = changes.killSetId === true || keepsOwner(who, inode, changes);
  if ((size !== undefined || killSetId || changes.dropCapability === true) && losesOnWrite(who, inode, killSetId)) return false;
  const isOwner = who.uid === 0 || who.uid === inode.uid;
  if (size !== undefined && !byHandle && !mayWrite(who, inode)) return false;
  if (atime === undefined && mtime === undefined) return true;
  return isOwner || (atime === 'now' && mtime === 'now' && mayWrite(who, inode));
}

function reply(inode: Inode): AttributesReply {
  return { attributes: inode.attributes, attributesValid: inode.keeps(Cap.attrShared) };
}

function resolveTime(time: Timespec | 'now' | undefined, now: Timespec): Timespec | undefined {
  return time === 'now' ? now : time;
}

/** By xattr(7): trusted attributes are there for root alone, user attributes for who may read the file or directory. */
function xattr(who: Credentials, inode: Inode, name: ByteString, namespace: XattrNamespace): Uint8Array {
  const value = namespace === 'trusted' && who.uid !== 0 ? undefined : inode.xattrs.get(name);
  if (namespace === 'user' && (inode.isFile || inode.isDirectory)) checkAccess(who, inode, Access.read);
  if (value === undefined) throw new FsError('ENODATA', 'no such extended attribute');
  return value;
}

/** Names of trusted attributes are root's to see. */
function xattrNames({ uid }: Credentials, { xattrs }: Inode): readonly ByteString[] {
  const names = [...xattrs.keys()];
  return uid === 0 ? names : names.filter((name) => !name.startsWith('trusted.'));
}

function checkAccess(who: Credentials, inode: Inode, mask: number): void {
  if (mayAccess(who, inode, () => inode.xattrs.get(accessAclName), mask)) return;
  throw new FsError('EACCES', `inode ${inode.ino.toString(16)} does not allow it`);
}
