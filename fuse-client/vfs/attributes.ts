/**
 * Attributes and extended attributes: answered here under attrShared, times changed here under exclusive caps,
 * everything else asked of the MDS. Cutting a file first settles its data.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { bytesOf, type ByteString } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import { Cap, DirtyField, ModeBit, SetAttrField as Field } from '../../mds/client/index.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { AttributeChanges, AttributesReply, Credentials, MaybePromise } from './filesystem.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

const exclusive = Cap.attrExclusive | Cap.fileExclusive | Cap.attrShared;
/** Largest file: what a signed 64-bit offset in exact numbers allows. */
const sizeMax = Number.MAX_SAFE_INTEGER;

export class AttributeOps {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;

  constructor(volume: Volume, keeper: CapKeeper) {
    this.#volume = volume;
    this.#keeper = keeper;
  }

  get(who: Credentials, inode: Inode): MaybePromise<AttributesReply> {
    if (inode.holds(Cap.attrShared) && this.#volume.mds.leased) return reply(inode);
    return this.refresh(who, inode).then(reply);
  }

  /** Asks the MDS. */
  async refresh(who: Credentials, inode: Inode): Promise<Inode> {
    await this.#volume.mds.query('getAttr', who, { ino: inode.ino }, (answer) => this.#volume.inodes.applyAll(answer.head));
    return inode;
  }

  set(who: Credentials, inode: Inode, changes: AttributeChanges): MaybePromise<AttributesReply> {
    const { mode, uid, gid, size, killSetId } = changes;
    const exclusively = inode.keeps(exclusive) && this.#volume.mds.leased && inode.cutting === undefined;
    const local = exclusively && mode === undefined && uid === undefined && gid === undefined && (killSetId !== true || !hasSetId(inode));
    // Cutting what is already so long changes nothing but times; growing is a new size alone.
    if (local && (size === undefined || (size >= inode.size && inode.isFile && size <= sizeMax))) {
      this.#setHere(inode, changes);
      return reply(inode);
    }
    return (size === undefined ? this.#ask(who, inode, changes) : this.#resize(who, inode, size, changes)).then(reply);
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

  /** The data below `size` is written, that above forgotten, nothing on its way, before the MDS cuts the objects. */
  async #resize(who: Credentials, inode: Inode, size: number, changes: AttributeChanges): Promise<Inode> {
    if (inode.isDirectory) throw new FsError('EISDIR', 'a directory has no size to set');
    if (size > sizeMax) throw new FsError('EFBIG', `a file of ${size} bytes`);
    return await this.cut(inode, size, () => this.#ask(who, inode, changes));
  }

  /** Runs `act`, which makes the file `size` bytes long at the MDS, with the file's data settled and writers waiting. */
  async cut<T>(inode: Inode, size: number, act: () => Promise<T>): Promise<T> {
    while (inode.cutting !== undefined) await inode.cutting;
    let finish = (): void => undefined;
    inode.cutting = new Promise((resolve) => (finish = resolve));
    // The old size must not follow the new one to the MDS: `act` tells how far was written.
    const unsent = inode.dirtyFields & DirtyField.size;
    inode.dirtyFields &= ~DirtyField.size;
    try {
      const { data } = inode;
      if (data !== undefined) {
        data.cut(size, Infinity);
        await this.#volume.writeBack.flush(data);
        await this.#volume.writeBack.settled(data);
      }
      const result = await act();
      inode.data?.cut(size, Infinity);
      return result;
    } catch (error) {
      inode.dirtyFields |= unsent;
      throw error;
    } finally {
      inode.cutting = undefined;
      finish();
    }
  }

  async #ask(who: Credentials, inode: Inode, changes: AttributeChanges): Promise<Inode> {
    let fields = 0;
    let own = 0;
    const { mode, uid, gid, size, atime, mtime, ctime } = changes;
    if (mode !== undefined) fields |= Field.mode;
    if (uid !== undefined) fields |= Field.uid;
    if (gid !== undefined) fields |= Field.gid;
    if (size !== undefined) {
      fields |= Field.size;
      own |= DirtyField.size | DirtyField.mtime;
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
    const message = {
      ino: inode.ino,
      fields,
      mode: mode ?? 0,
      uid: uid ?? 0,
      gid: gid ?? 0,
      size: size ?? 0,
      knownSize: size === undefined ? 0 : inode.size,
      atime: atime === 'now' ? null : (atime ?? null),
      mtime: mtime === 'now' ? null : (mtime ?? null),
      ctime: ctime ?? null,
    };
    await this.#volume.mds.change('setAttr', who, message, (answer, change) => {
      this.#volume.inodes.applyAll(answer.head, own);
      // What the reply has set is no longer ours to send.
      inode.dirtyFields &= ~own;
      inode.lastChange = change;
    });
    return inode;
  }

  /** access(2) by the permission bits. The kernel and the MDS check for themselves; this is for callers without a kernel. */
  access(who: Credentials, inode: Inode, mask: number): MaybePromise<void> {
    if (inode.holds(Cap.attrShared) && this.#volume.mds.leased) {
      checkAccess(who, inode, mask);
      return;
    }
    return this.refresh(who, inode).then(() => checkAccess(who, inode, mask));
  }

  getXattr(who: Credentials, inode: Inode, name: ByteString): MaybePromise<Uint8Array> {
    if (inode.holds(Cap.attrShared) && this.#volume.mds.leased) return xattr(inode, name);
    return this.refresh(who, inode).then(() => xattr(inode, name));
  }

  listXattrs(who: Credentials, inode: Inode): MaybePromise<readonly ByteString[]> {
    if (inode.holds(Cap.attrShared) && this.#volume.mds.leased) return [...inode.xattrs.keys()];
    return this.refresh(who, inode).then(() => [...inode.xattrs.keys()]);
  }

  async setXattr(who: Credentials, inode: Inode, name: ByteString, value: Uint8Array, flags: number): Promise<void> {
    await this.#volume.mds.change(
      'setXattr',
      who,
      { ino: inode.ino, name: bytesOf(name), value: Uint8Array.from(value), flags },
      (answer, change) => {
        this.#volume.inodes.applyAll(answer.head);
        inode.lastChange = change;
      },
    );
  }

  async removeXattr(who: Credentials, inode: Inode, name: ByteString): Promise<void> {
    await this.#volume.mds.change('removeXattr', who, { ino: inode.ino, name: bytesOf(name) }, (answer, change) => {
      this.#volume.inodes.applyAll(answer.head);
      inode.lastChange = change;
    });
  }
}

/** Whether writing must clear something of the mode. */
export function hasSetId(inode: Inode): boolean {
  return (
    (inode.mode & ModeBit.setUid) !== 0 ||
    (inode.mode & (ModeBit.setGid | ModeBit.groupExecute)) === (ModeBit.setGid | ModeBit.groupExecute)
  );
}

function reply(inode: Inode): AttributesReply {
  return { attributes: inode.attributes, attributesValid: inode.keeps(Cap.attrShared) };
}

function resolveTime(time: Timespec | 'now' | undefined, now: Timespec): Timespec | undefined {
  return time === 'now' ? now : time;
}

function xattr(inode: Inode, name: ByteString): Uint8Array {
  const value = inode.xattrs.get(name);
  if (value === undefined) throw new FsError('ENODATA', 'no such extended attribute');
  return value;
}

function checkAccess(who: Credentials, inode: Inode, mask: number): void {
  const { mode } = inode;
  if (who.uid === 0) {
    if ((mask & 1) === 0 || inode.isDirectory || (mode & 0o111) !== 0) return;
  } else {
    const shift = who.uid === inode.uid ? 6 : who.gid === inode.gid || who.groups.includes(inode.gid) ? 3 : 0;
    if (((mode >>> shift) & mask) === mask) return;
  }
  throw new FsError('EACCES', `inode ${inode.ino.toString(16)} does not allow it`);
}
