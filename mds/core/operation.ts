/**
 * One metadata request being carried out: who asks, when, and the steps that requests have in common. First everything
 * that may block or fail (`directory`, `find`, `clear`, `allow`, ...), then the changes, which cannot; then `commit`.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { byteString, type ByteString } from '../../common/maps/ids.ts';
import type { InodeGrant, ReplyHead, RequestHead, Timespec } from '../../common/wire/gen/messages.ts';
import { elsewhere } from './away.ts';
import { Blocked } from './blocked.ts';
import type { Change, ChangeWeight } from './change.ts';
import { FileType } from '../client/file-mode.ts';
import { laterOf } from '../client/timespec.ts';
import { counterBehind, nextCounter, positionOf } from './directory.ts';
import {
  countsOf,
  foreignHome,
  homeOf,
  isAt,
  isForeign,
  isSystemDirectory,
  namesKnownMax,
  noCounts,
  remoteCounts,
  zeroTime,
  type Dentry,
  type Inode,
  type Place,
  type RecursiveCounts,
} from './inode.ts';
import type { MdsCore } from './mds-core.ts';
import type { Caller } from './permissions.ts';
import { shelfName } from './shelf-name.ts';
import { Sight } from './sight.ts';
import type { Completed, MdsSession } from './session.ts';
import { nowhere, type Given } from './subtrees.ts';

/** Bytes of a name, as Linux has it. */
export const nameBytesMax = 255;

export class Operation extends Sight implements Caller {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** The client's time, for mtime and ctime. */
  readonly now: Timespec;
  readonly #head: RequestHead | null;
  readonly #changes: Change[] = [];
  /** Names that it makes or takes away. */
  readonly #named: Place[] = [];
  #usedIno = 0;
  /** Inodes that were looked for where they might be gone. */
  #sought: Set<number> | undefined;

  constructor(core: MdsCore, session: MdsSession, head: RequestHead | null) {
    super(core, session);
    this.#head = head;
    this.uid = head?.uid ?? 0;
    this.gid = head?.gid ?? 0;
    this.groups = head?.groups ?? [];
    this.now = head?.time ?? core.effects.nowTimespec();
    if (head !== null) session.advance(head.oldestTid);
  }

  /** What the same request did when it came before. */
  get repeated(): Completed | undefined {
    return this.#head === null || this.#head.tid === 0 ? undefined : this.session.completed.get(this.#head.tid);
  }

  get tid(): number {
    return this.#head?.tid ?? 0;
  }

  /** It was answered by a life before, which had not written it down. */
  get isReplay(): boolean {
    return this.#head?.replay === true;
  }

  /** The answer of a request that has been carried out before, with the inodes as they are now, each in its place. */
  repeat({ inos, journalSeq }: Completed): ReplyHead {
    const { inodes } = this.core.cache;
    for (const ino of inos) {
      if (inodes.has(ino) || this.#sought?.has(ino) === true) continue;
      (this.#sought ??= new Set()).add(ino);
      throw new Blocked({ kind: 'inode', ino, mayBeGone: true });
    }
    const grants = inos.map((ino): InodeGrant => {
      const inode = inodes.get(ino);
      return inode === undefined ? { inode: null, caps: 0, seq: 0, unsafe: false } : this.grantBehind(inode);
    });
    return { journalSeq, barrierEpoch: 0, rank: this.core.rank, grants };
  }

  /** Whether the name leads to a directory that a rank was given, be it this one. */
  isRoot({ inode, remoteType }: Dentry): boolean {
    return inode === undefined && remoteType === FileType.directory;
  }

  /** The rank that has what the name leads to, when that is another. */
  elsewhere({ inode, remoteIno, remoteType }: Dentry): { readonly ino: number; readonly rank: number } | undefined {
    if (inode !== undefined) return undefined;
    const given = this.core.given.get(remoteIno);
    if (given !== undefined) return { ino: remoteIno, rank: given.rank };
    if (remoteType === FileType.directory) throw new FsError('EIO', `no rank is known to have directory ${remoteIno.toString(16)}`);
    return undefined;
  }

  /** FsError EREMOTE when another rank decides about what the name leads to: it has to take part. */
  requireHere(dentry: Dentry): void {
    const elsewhere = this.elsewhere(dentry);
    if (elsewhere !== undefined) throw takesPart(elsewhere);
  }

  /** Likewise, of an inode that the client knows to be with that rank. One that was made just now nobody but that rank could find. */
  requireOf(ino: number, rank: number): void {
    if (rank !== this.core.rank && !this.core.cache.inodes.has(ino)) throw takesPart({ ino, rank });
  }

  /** For the answer. At that of a change which was answered before the client looks for its position only: it would not know of more caps. */
  grant(inode: Inode, wanted?: number): InodeGrant {
    if (this.isReplay) return this.core.locker.held(this.session, inode);
    return this.core.locker.grant(this.session, inode, wanted);
  }

  /** {@link grant} for who has changed it beside others (see {@link extended}, {@link anyNamesOf}), or is about to: while what they did is not durable he gets nothing more, under which he might show it. */
  grantBehind(inode: Inode): InodeGrant {
    return this.sees(inode) ? this.grant(inode) : this.core.locker.held(this.session, inode);
  }

  /** Takes a number that the client chose for a new inode. */
  use(ino: number): void {
    this.session.useNumber(ino);
    this.#usedIno = ino;
  }

  /** Gives `inode` a new name in `directory`, and counts it there. `position`: of one that was there before, and keeps its place in listings. */
  name(directory: Inode, name: ByteString, inode: Inode, position?: number): void {
    this.#put(directory, name, inode, undefined, position);
    this.#count(directory, countsOf(inode), 1);
    if (inode.isDirectory) {
      inode.parent = directory.ino;
      inode.counted = { bytes: inode.recursive?.bytes ?? 0, files: inode.recursive?.files ?? 0, subdirs: inode.recursive?.subdirs ?? 0 };
      directory.subdirs++;
      directory.nlink++;
    }
    directory.entries++;
  }

  /** The position that the client was told of a name, when it makes it once more for a life which has nothing of that in its journal. */
  toldPosition(directory: Inode, name: ByteString, position: number): number | undefined {
    const counter = this.isReplay ? counterBehind(position, name, directory.nextPosition) : undefined;
    if (counter === undefined) return undefined;
    directory.nextPosition = counter;
    return position;
  }

  /** Gives a linked inode a further name. Its bytes count there when no other name is known. */
  nameLinked(directory: Inode, name: ByteString, inode: Inode, position?: number): void {
    const { names } = inode;
    this.#put(directory, name, undefined, inode, position);
    this.#count(directory, names.length === 0 ? countsOf(inode) : remoteCounts, 1);
    if (names.length < namesKnownMax) inode.names = [...names, { directory: directory.ino, name }];
    directory.entries++;
  }

  /** Gives what another rank decides about a name here. What it holds counts when that rank has told it. */
  nameForeign(
    directory: Inode,
    name: ByteString,
    target: { readonly ino: number; readonly type: number },
    rank: number,
    position?: number,
  ): void {
    const { given } = this.core;
    this.#put(directory, name, undefined, target, position);
    const place = { directory: directory.ino, name };
    const known = given.get(target.ino);
    if (known === undefined) this.#give(target.ino, { place, rank, counted: noCounts, names: 1, others: [] });
    else {
      const others = known.others.length < namesKnownMax ? [...known.others, place] : known.others;
      const isFirst = known.place.directory === nowhere.directory;
      this.#give(target.ino, { ...known, names: known.names + 1, ...(isFirst ? { place } : { others }) });
    }
    if (target.type === FileType.directory) {
      this.#count(directory, { ...noCounts, subdirs: 1 }, 1);
      directory.subdirs++;
      directory.nlink++;
    } else this.#count(directory, remoteCounts, 1);
    directory.entries++;
  }

  /** The directory where a linked inode's bytes count once the name is gone, when they count there. Blocks: call before changing anything. */
  heir(dentry: Dentry): Inode | undefined {
    if (dentry.inode !== undefined) return undefined;
    const given = this.core.given.get(dentry.remoteIno);
    const [home, next] = given === undefined ? this.core.cache.target(dentry).names : [given.place, ...given.others];
    if (next === undefined || home === undefined || !isAt(home, dentry) || isForeign(next)) return undefined;
    return this.core.cache.inode(next.directory);
  }

  /** Takes a name away; what it led to is left to the caller. */
  unname(directory: Inode, dentry: Dentry): void {
    const { inode } = dentry;
    if (inode === undefined) {
      const given = this.core.given.get(dentry.remoteIno);
      if (given === undefined) this.#unnameLinked(directory, dentry);
      else this.#unnameForeign(directory, dentry, given);
    } else if (inode.isDirectory) {
      this.#count(directory, { ...inode.counted, subdirs: inode.counted.subdirs + 1 }, -1);
      directory.subdirs--;
      directory.nlink--;
    } else this.#count(directory, countsOf(inode), -1);
    directory.entries--;
    this.#remove(dentry);
  }

  /** Puts an inode into a table of the system's: linked inodes, strays, or (under another name) roots. */
  shelve(table: number, inode: Inode, name = shelfName(inode.ino)): void {
    const dentry: Dentry = {
      directory: table,
      name,
      position: inode.ino,
      inode,
      remoteIno: 0,
      remoteType: 0,
      stored: this.#mayBeStored(table, name),
      removed: false,
    };
    this.core.cache.put(dentry);
    this.save(inode);
  }

  unshelve(inode: Inode): void {
    if (inode.dentry !== undefined) this.#remove(inode.dentry);
  }

  /** The inode is gone for good. */
  forget(inode: Inode): void {
    this.#changes.push({ kind: 'forget', ino: inode.ino, unrecorded: inode.recorded?.byData === 'alone' });
  }

  /** A name that led to the inode itself leads to the table of linked inodes from now on, at the same position; its bytes count on there. */
  redirect(dentry: Dentry, inode: Inode): void {
    inode.names = [{ directory: dentry.directory, name: dentry.name }];
    const remote: Dentry = { ...dentry, inode: undefined, remoteIno: inode.ino, remoteType: inode.type, removed: false };
    this.core.cache.put(remote);
    this.#changes.push({ kind: 'set', dentry: remote });
  }

  /** Notes that the inode's new state goes into the entry. Where it was noted before, the greater weight counts. */
  save({ dentry }: Inode, weight: ChangeWeight = 'whole'): void {
    if (dentry === undefined) return;
    const known = this.#changes.findIndex((change) => change.kind === 'set' && change.dentry === dentry);
    if (known < 0) this.#changes.push({ kind: 'set', dentry, weight });
    else if (weight === 'whole') this.#changes[known] = { kind: 'set', dentry };
  }

  /** A file's size changed: the directory that is its home counts the difference. Blocks when that is not in memory: call before changing anything. */
  counter(inode: Inode): Inode | undefined {
    const home = homeOf(inode);
    if (home === undefined && foreignHome(inode) !== undefined) this.core.owe(inode);
    return home === undefined ? undefined : this.core.cache.inode(home);
  }

  count(directory: Inode, bytes: number): void {
    this.#count(directory, { bytes, files: 0, subdirs: 0 }, 1);
    this.save(directory, 'beside');
  }

  note(change: Change): void {
    this.#changes.push(change);
  }

  /** Journals the changes; the answer's inodes are remembered for when the request comes again. */
  commit(inodes: readonly Inode[], flag = false, end?: number): number {
    const head = this.#head;
    const mark =
      head === null || head.tid === 0
        ? undefined
        : {
            instance: this.session.instance,
            tid: head.tid,
            oldestTid: head.oldestTid,
            usedIno: this.#usedIno,
            completed: { inos: inodes.map(({ ino }) => ino), flag, journalSeq: 0, ...(end === undefined ? {} : { end }) },
          };
    const seq = this.core.commit(this.#changes, mark);
    if (mark !== undefined) this.#freshen({ seq, instance: mark.instance });
    return seq;
  }

  #freshen(fresh: { readonly seq: number; readonly instance: number }): void {
    const { freshNames, safeSeq } = this.core;
    for (const place of this.#named) if (!isSystemDirectory(place.directory)) freshNames.add(place, fresh, safeSeq);
  }

  #put(
    directory: Inode,
    name: ByteString,
    inode: Inode | undefined,
    linked: Pick<Inode, 'ino' | 'type'> | undefined,
    before: number | undefined,
  ): void {
    const kept = before ?? this.core.formerPositions.take({ directory: directory.ino, name });
    const position = kept ?? positionOf(name, directory.nextPosition);
    if (kept === undefined) directory.nextPosition = nextCounter(directory.nextPosition);
    const dentry: Dentry = {
      directory: directory.ino,
      name,
      position,
      inode,
      remoteIno: linked?.ino ?? 0,
      remoteType: linked?.type ?? 0,
      stored: this.#mayBeStored(directory.ino, name),
      removed: false,
    };
    this.core.cache.put(dentry);
    this.#named.push(dentry);
    this.#changes.push({ kind: 'set', dentry });
  }

  #unnameLinked(directory: Inode, dentry: Dentry): void {
    const inode = this.core.cache.target(dentry);
    const heir = this.heir(dentry);
    const known = inode.names.findIndex((place) => isAt(place, dentry));
    this.#count(directory, known === 0 ? countsOf(inode) : remoteCounts, -1);
    if (heir !== undefined) this.count(heir, inode.size);
    if (known >= 0) inode.names = inode.names.toSpliced(known, 1);
    if (known === 0 && foreignHome(inode) !== undefined) this.core.owe(inode);
  }

  #unnameForeign(directory: Inode, dentry: Dentry, { place, counted, names, others, rank }: Given): void {
    const { remoteIno: ino, remoteType } = dentry;
    if (remoteType === FileType.directory) {
      this.#count(directory, { ...counted, subdirs: counted.subdirs + 1 }, -1);
      directory.subdirs--;
      directory.nlink--;
      this.#give(ino, undefined);
      return;
    }
    this.#count(directory, remoteCounts, -1);
    if (!isAt(place, dentry)) {
      this.#give(ino, { place, rank, counted, names: names - 1, others: others.filter((other) => !isAt(other, dentry)) });
      return;
    }
    const heir = this.heir(dentry);
    this.#count(directory, counted, -1);
    if (heir !== undefined) this.count(heir, counted.bytes);
    const [next = nowhere, ...rest] = others;
    const left = { place: next, rank, counted: heir === undefined ? noCounts : counted, names: names - 1, others: rest };
    this.#give(ino, names === 1 ? undefined : left);
  }

  /** At once, for what follows in this operation. */
  #give(ino: number, given: Given | undefined): void {
    if (given === undefined) this.core.given.delete(ino);
    else this.core.given.set(ino, given);
    this.#changes.push({ kind: 'given', ino, given });
  }

  #remove(dentry: Dentry): void {
    const fragment = this.core.cache.fragmentOf(dentry);
    const unstored = !dentry.stored && fragment.changes.writing?.has(dentry.name) !== true;
    this.core.cache.remove(dentry);
    if (!isSystemDirectory(dentry.directory)) this.core.formerPositions.add(dentry, dentry.position);
    this.#named.push(dentry);
    this.#changes.push({ kind: 'remove', directory: dentry.directory, name: dentry.name, unstored });
  }

  /** Whether the fragment's object may have the name: for changes made before, and for what this operation takes away. */
  #mayBeStored(directory: number, name: ByteString): boolean {
    if (this.core.cache.names(directory).fragmentOf(name).hidesStored(name)) return true;
    return this.#changes.some(
      (change) => change.kind === 'remove' && change.directory === directory && change.name === name && !change.unstored,
    );
  }

  #count(directory: Inode, { bytes, files, subdirs }: RecursiveCounts, sign: 1 | -1): void {
    const old = directory.recursive;
    directory.recursive = {
      bytes: Math.max(0, (old?.bytes ?? 0) + sign * bytes),
      files: Math.max(0, (old?.files ?? 0) + sign * files),
      subdirs: Math.max(0, (old?.subdirs ?? 0) + sign * subdirs),
      ctime: laterOf(this.now, old?.ctime ?? zeroTime),
    };
    this.core.uncounted.add(directory);
  }
}

/** For a change of names that is asked of one rank, and needs another: see across.ts. */
export const takesPart = elsewhere;

/** Checks a name from the wire. FsError ENAMETOOLONG, EINVAL. */
export function checkedName(bytes: Uint8Array): ByteString {
  if (bytes.length > nameBytesMax) throw new FsError('ENAMETOOLONG', `a name of ${bytes.length} bytes (at most ${nameBytesMax})`);
  const name = byteString(bytes);
  if (name.length === 0 || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw new FsError('EINVAL', `${JSON.stringify(name)} cannot be a name`);
  }
  return name;
}
