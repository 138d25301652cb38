/**
 * Changes of names that are made here first, and of which the MDS is told: in a directory that this client has to itself
 * (dirExclusive), where what the MDS would decide is known. Others see them as soon as these calls have returned: before they are
 * shown anything of the directory it is recalled here, which is answered when the MDS has answered all of these (see CapRecalls).
 * Requests reach the MDS in the order of the calls, and it carries them out in that order.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { bytesOf, printable, type ByteString } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/runtime/clock.ts';
import type { Init, InodeRecord, Requests } from '../../common/wire/gen/messages.ts';
import {
  Access,
  AclName,
  Cap,
  directoryAll,
  FileType,
  groupAndMode,
  linksMax,
  mayAccess,
  mayMakeNode,
  mayUnstick,
  ModeBit,
  withoutUmask,
  type Caps,
} from '../../mds/client/index.ts';
import type { CapKeeper } from './cap-keeper.ts';
import type { Dentry } from './directory.ts';
import { itself, type Credentials } from './filesystem.ts';
import type { Inode } from './inode.ts';
import { putAt } from './lineage.ts';
import { show, unshow } from './shown-names.ts';
import { isOver, type Volume } from './volume.ts';

/** Changes whose answer nobody waits for; beyond, callers wait. */
const aheadMax = 256;
/** Names beyond those that are kept, which are about to be forgotten. */
const namesSlack = 32;
const accessAclName = AclName.access as ByteString;
const defaultAclName = AclName.default as ByteString;
const noBytes = new Uint8Array(0);
const unmakeable = /^\.{0,2}$|[/\0]/;

type NameRequest = 'create' | 'unlink' | 'rename';

/** Under which nobody else has anything of a file. */
const fileAlone = Cap.attrShared | Cap.attrExclusive | Cap.fileExclusive;
const renameNoReplace = 1;

/** What is to be made. */
export interface NodeRequest {
  readonly mode: number;
  readonly umask: number;
  readonly rdev?: number;
  readonly target?: ByteString;
  /** What a handle wants that is opened on it in any case: the caller ends this ({@link Inode.came}) when it is open. */
  readonly opens?: Caps;
}

/** A change that counts here from now on. */
interface NameChange<K extends NameRequest> {
  readonly request: K;
  readonly message: Init<Omit<Requests[K]['request'], 'head'>>;
  readonly directory: Inode;
  readonly name: ByteString;
  /** What the names led to or lead to. */
  readonly inodes: readonly Inode[];
  readonly time: Timespec;
  /** The answer has been taken over. */
  readonly answered: (reply: Requests[K]['reply']) => void;
  /** The MDS has refused: takes it back. */
  readonly undo: (error: FsError) => void;
}

export class NamesAhead {
  readonly #volume: Volume;
  readonly #keeper: CapKeeper;
  /** Changes that the MDS has not answered. */
  #count = 0;

  constructor(volume: Volume, keeper: CapKeeper) {
    this.#volume = volume;
    this.#keeper = keeper;
  }

  /** Makes what `mode`'s type says. Undefined: the MDS has to be asked. */
  make(who: Credentials, directory: Inode, name: ByteString, request: NodeRequest): { inode: Inode; dentry: Dentry } | undefined {
    const names = directory.directory;
    if (names === undefined || !this.#isAlone(directory) || !isFree(names.get(name), names.lacks(name))) return undefined;
    if (unmakeable.test(name) || directory.xattrs.has(defaultAclName) || !mayChange(who, directory)) return undefined;
    const { rdev = 0, target, opens = 0 } = request;
    const type = request.mode & FileType.mask;
    if (!mayMakeNode(who, type, rdev) || (type === FileType.directory && directory.nlink >= linksMax)) return undefined;
    if (type === FileType.symlink && (target === undefined || target.length === 0)) return undefined;
    const { mds, inodes, env } = this.#volume;
    const ino = mds.of(directory).nextIno();
    if (ino === undefined) return undefined;

    const time = env.clock.nowTimespec();
    const symlink = target === undefined ? noBytes : bytesOf(target);
    const { mode, gid } = groupAndMode(who, directory, request.mode & (FileType.mask | ModeBit.permissions));
    const inode = inodes.make(
      {
        ...nothingMade,
        ino,
        mode: withoutUmask(mode, request.umask),
        uid: who.uid,
        gid,
        nlink: type === FileType.directory ? 2 : 1,
        rdev,
        atime: time,
        mtime: time,
        ctime: time,
        btime: time,
        symlink,
        layout: type === FileType.directory || type === FileType.regular ? directory.layout : null,
        parent: type === FileType.directory ? directory.ino : 0,
      },
      directory.rank,
    );
    inode.directory?.becomeComplete();
    putAt(inode, directory, name);
    inode.coming(opens);
    const reach = this.#volume.reach.firstOf(inode);
    const subdirectories = inode.isDirectory ? 1 : 0;
    directory.namesChanged(time, 1, subdirectories);
    const dentry = names.set(name, ino, type >>> 12, 0);
    this.#tell(who, {
      request: 'create',
      message: {
        parent: directory.ino,
        name: bytesOf(name),
        mode: request.mode,
        umask: request.umask,
        rdev,
        symlink,
        ino,
        // It is certainly new, and this client's alone: the MDS need not hear of the handle.
        wanted: 0,
        exclusive: true,
        get reach() {
          return reach();
        },
      },
      directory,
      name,
      inodes: [inode],
      time,
      answered: ({ offset }) => {
        if (names.get(name) === dentry) names.set(name, ino, dentry.type, offset);
      },
      undo: (error) => {
        directory.namesChanged(time, -1, -subdirectories);
        if (names.get(name) === dentry) this.#forget(directory, name);
        this.#unmade(inode, error);
      },
    });
    this.#keeper.limits.trim();
    return { inode, dentry };
  }

  /** unlink(2) and rmdir(2) of what is this client's alone. False: the MDS has to be asked. */
  remove(who: Credentials, directory: Inode, name: ByteString, isDirectory: boolean): boolean {
    const names = directory.directory;
    const dentry = names?.get(name);
    if (names === undefined || dentry === undefined || !this.#isAlone(directory) || !mayChange(who, directory)) return false;
    const inode = this.#own(who, directory, dentry);
    if (inode === undefined || inode.isDirectory !== isDirectory || (isDirectory && inode.size > 0)) return false;
    const time = this.#volume.env.clock.nowTimespec();
    const subdirectories = isDirectory ? 1 : 0;
    names.setAbsent(name);
    unshow(inode, directory.ino, name);
    this.#volume.inodes.shownFolders.forget(inode.ino);
    inode.named(time, 0);
    directory.namesChanged(time, -1, -subdirectories);
    this.#tell(who, {
      request: 'unlink',
      message: { parent: directory.ino, name: bytesOf(name), directory: isDirectory },
      directory,
      name,
      inodes: [inode],
      time,
      answered: () => undefined,
      undo: () => {
        inode.named(time, isDirectory ? 2 : 1);
        directory.namesChanged(time, 1, subdirectories);
        this.#forget(directory, name);
      },
    });
    return true;
  }

  /** rename(2) within a directory, of what is this client's alone, over nothing or over such a file. False: the MDS has to be asked. */
  rename(who: Credentials, directory: Inode, name: ByteString, newName: ByteString, flags: number): boolean {
    const names = directory.directory;
    const source = names?.get(name);
    if (names === undefined || source === undefined || !this.#isAlone(directory) || !mayChange(who, directory)) return false;
    const inode = this.#own(who, directory, source);
    const target = names.get(newName);
    const replaces = !isFree(target, names.lacks(newName));
    const victim = replaces && target !== undefined ? this.#own(who, directory, target) : undefined;
    if (inode === undefined || unmakeable.test(newName) || (flags & ~renameNoReplace) !== 0) return false;
    if (replaces && (flags !== 0 || victim === undefined || victim === inode || !victim.isFile || !inode.isFile)) return false;
    const time = this.#volume.env.clock.nowTimespec();
    names.setAbsent(name);
    const dentry = names.set(newName, inode.ino, source.type, target?.position ?? 0);
    dentry.inKernel ||= source.inKernel;
    unshow(inode, directory.ino, name);
    show(inode, directory.ino, newName);
    if (inode.isDirectory && inode.references > 0) this.#volume.inodes.shownFolders.show(inode.ino, directory.ino, newName);
    if (victim !== undefined) unshow(victim, directory.ino, newName);
    inode.named(time, inode.nlink);
    victim?.named(time, 0);
    directory.namesChanged(time, victim === undefined ? 0 : -1, 0);
    this.#tell(who, {
      request: 'rename',
      message: { parent: directory.ino, name: bytesOf(name), newParent: directory.ino, newName: bytesOf(newName), flags },
      directory,
      name,
      inodes: victim === undefined ? [inode] : [inode, victim],
      time,
      answered: ({ offset }) => {
        if (names.get(newName) === dentry) names.set(newName, inode.ino, dentry.type, offset);
      },
      undo: () => {
        victim?.named(time, 1);
        directory.namesChanged(time, victim === undefined ? 0 : 1, 0);
        this.#forget(directory, name);
        this.#forget(directory, newName);
      },
    });
    return true;
  }

  /** What a name leads to, where nobody else has anything of that, and the caller may take it away: a file without other names, or a directory. */
  #own(who: Credentials, directory: Inode, { ino }: Dentry): Inode | undefined {
    const inode = ino === 0 ? undefined : this.#volume.inodes.get(ino);
    if (inode === undefined || inode.asking > 0 || inode.rank !== directory.rank || !mayUnstick(who, directory, inode)) return undefined;
    if (inode.isDirectory) return inode.keeps(directoryAll) ? inode : undefined;
    return inode.isFile && inode.nlink === 1 && inode.keeps(fileAlone) && inode.cutting === undefined ? inode : undefined;
  }

  #isAlone(directory: Inode): boolean {
    const { inodes, config } = this.#volume;
    if (this.#count >= aheadMax || directory.asking > 0 || directory.nlink === 0) return false;
    if (!directory.keeps(directoryAll) || !this.#volume.leased(directory)) return false;
    // More names than are kept: who makes them waits, so that they can be forgotten as fast.
    return inodes.names.count <= config.namesMax + namesSlack;
  }

  #tell<K extends NameRequest>(who: Credentials, change: NameChange<K>): void {
    const { directory, inodes } = change;
    this.#count++;
    directory.told();
    for (const inode of inodes) inode.told();
    const told = this.#volume.mds.of(directory).tell(change.request, who, change.message, {
      time: change.time,
      answered: (reply) => {
        this.#end(directory, inodes);
        this.#volume.inodes.applyAll(reply.head);
        change.answered(reply);
        for (const inode of inodes) if (inode.nlink === 0) this.#keeper.unlinked(inode);
      },
      refused: (error) => {
        this.#end(directory, inodes);
        const lost = isOver(error) ? new FsError('EIO', `lost before the MDS knew of it: ${error.message}`, { cause: error }) : error;
        change.undo(lost);
        this.#report(directory, change, lost);
        if (!isOver(error)) this.#lookAgain(directory, ...inodes);
      },
    });
    directory.changedBy(told);
    for (const inode of inodes) inode.changedBy(told);
  }

  #end(directory: Inode, inodes: readonly Inode[]): void {
    this.#count--;
    directory.answered();
    for (const inode of inodes) inode.answered();
  }

  /** What callers were told has happened has not. */
  #report(directory: Inode, { request, name }: Pick<NameChange<NameRequest>, 'request' | 'name'>, error: FsError): void {
    directory.lateError = error;
    const { log } = this.#volume.env;
    log.error(
      { request, directory: directory.ino, name: printable(name), err: error },
      'a change of names is lost: fsync of the directory will report it',
    );
  }

  /** They are as the MDS has them, whatever has been shown. */
  #lookAgain(...inodes: readonly Inode[]): void {
    const { mds, env, inodes: table } = this.#volume;
    for (const inode of inodes) {
      const { ino } = inode;
      mds
        .ask(inode, (rank) => rank.query('getAttr', itself, { ino }, ({ head }) => table.applyAll(head)))
        .catch((err: unknown) => env.log.debug({ ino, err }, 'not known any more'));
    }
  }

  #forget(directory: Inode, name: ByteString): void {
    const { env } = this.#volume;
    directory.directory?.forget(name);
    env.spawn('forget a name that was refused', () => this.#volume.invalidateNames(directory.ino, [{ name, isFolder: false }]));
  }

  /** There is no such inode: whoever has it open hears of it. */
  #unmade(inode: Inode, error: FsError): void {
    inode.nlink = 0;
    inode.caps = 0;
    inode.seq = 0;
    inode.forgetDirty();
    inode.directory?.clear();
    if (!inode.isFile) return;
    inode.data?.cut(0, Infinity);
    this.#volume.data(inode).fail(error);
  }
}

const nothingMade: Omit<InodeRecord, 'ino' | 'mode' | 'uid' | 'gid' | 'nlink' | 'rdev' | 'symlink' | 'layout' | 'parent'> = {
  size: 0,
  atime: null,
  mtime: null,
  ctime: null,
  btime: null,
  xattrs: [],
  version: 0,
  timeWarpSeq: 0,
  entries: 0,
  subdirs: 0,
  recursive: null,
  truncateFrom: 0,
  quota: null,
  space: null,
  sizeLimit: 0,
};

/** Whether a name of which `dentry` is known is certain not to exist. */
function isFree(dentry: Dentry | undefined, lacks: boolean): boolean {
  return dentry === undefined ? lacks : dentry.ino === 0;
}

/** Whether the caller may add names and take them away. */
function mayChange(who: Credentials, directory: Inode): boolean {
  return mayAccess(who, directory, () => directory.xattrs.get(accessAclName), Access.write | Access.execute);
}
