/**
 * One inode in memory: its record (the fields of the wire's InodeRecord, so that it is sent without being copied)
 * and what this MDS keeps beside it. Only ops and the replay change it.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { FileSpace, InodeRecord, KeyValue, Layout, Quota, RecursiveStats, Timespec } from '../../common/wire/gen/messages.ts';
import { FileType } from '../client/file-mode.ts';
import { laterOf } from '../client/timespec.ts';
import type { Cap } from './cap.ts';
import { wholeShape, type Shape } from './fragment-shape.ts';

/** Inodes that are there without being made: of the filesystem, and of its rank 0. */
export const SystemIno = {
  /** The root directory, `/`. */
  root: 1,
  /** Holds one name, `root`: so the root's inode lies in a dentry like every other. */
  base: 2,
  /** Inodes with several names, each by its number in hex. */
  linked: 3,
  /** Inodes without a name that are still in use or not purged yet, each by its number in hex. */
  strays: 4,
  /** The first number given to a client. */
  firstFree: 2 ** 40,
} as const;

/** The system's directories of one rank, and the first number that its clients are given. */
export interface RankInos {
  readonly base: number;
  readonly linked: number;
  readonly strays: number;
  readonly firstFree: number;
}

/** System directories of one rank. */
const systemInos = 16;
/** Numbers of one rank's files: a client never uses them up. */
const filesPerRank = 2 ** 48;

export function inosOf(rank: number): RankInos {
  const first = rank * systemInos;
  const { base, linked, strays, firstFree } = SystemIno;
  return { base: first + base, linked: first + linked, strays: first + strays, firstFree: rank * filesPerRank + firstFree };
}

/** Which rank has given out the number of an inode that a client has made, or a repair. */
export function rankOfNumber(ino: number): number {
  return Math.max(0, Math.floor((ino - SystemIno.firstFree) / filesPerRank));
}

/** Which rank a system directory is of. */
export function rankOfSystem(ino: number): number {
  return Math.floor(ino / systemInos);
}

/** Whether it is some rank's directory of this kind. */
export function isSystem(ino: number, kind: 'base' | 'linked' | 'strays'): boolean {
  return ino < SystemIno.firstFree && ino % systemInos === SystemIno[kind];
}

export const zeroTime: Timespec = { sec: 0, nsec: 0 };
const noBytes = new Uint8Array(0);
const noXattrs: readonly KeyValue[] = [];
const nobody: readonly number[] = [];
/** In {@link Inode.appenders}: the MDS, which is storing what sessions have sent it. */
export const ourselves = 0;

/** Names of a file that are kept in its inode: beyond that some are known only where they are. */
export const namesKnownMax = 64;
const noNames: readonly Place[] = [];

/** What a directory's names and everything below them come to. */
export interface RecursiveCounts {
  readonly bytes: number;
  readonly files: number;
  readonly subdirs: number;
}

export const noCounts: RecursiveCounts = { bytes: 0, files: 0, subdirs: 0 };

export class Inode implements InodeRecord {
  readonly ino: number;
  mode: number;
  uid = 0;
  gid = 0;
  nlink = 1;
  rdev = 0;
  size = 0;
  atime: Timespec = zeroTime;
  mtime: Timespec = zeroTime;
  ctime: Timespec = zeroTime;
  btime: Timespec = zeroTime;
  symlink: Uint8Array = noBytes;
  xattrs: readonly KeyValue[] = noXattrs;
  layout: Layout | null = null;
  version = 1;
  timeWarpSeq = 0;
  entries = 0;
  subdirs = 0;
  recursive: RecursiveStats | null = null;
  parent = 0;
  truncateFrom = 0;
  quota: Quota | null = null;
  /** Directory: the rank that is to hold it and what is below; -1: whichever holds what is above. */
  pin = -1;
  space: FileSpace | null = null;

  /** Directory: the position given to the next name (see {@link positionOf}). */
  nextPosition = 0;
  /** Directory: the part of `recursive` that its parent has counted. */
  counted: RecursiveCounts = noCounts;
  /** Directory: how its names are divided. */
  shape: Shape = wholeShape;
  /** Of what has several names: those that are known. Where the first is, its bytes count. */
  names: readonly Place[] = noNames;
  /** What the table of locations has for it; undefined: not known to be there. */
  location: Place | undefined = undefined;
  /** What the data pool has of it (record-table.ts); undefined: not known. */
  recorded: Recorded | undefined = undefined;

  /** Being cut, and `unsure` for that alone: blocks of data before. */
  blocksBeforeCut: number | undefined = undefined;
  /** File below a quota: one more than the size that clients may give it without asking; 0: no limit, or not known yet (quota.ts). */
  sizeLimit = 0;
  /** File: data may have been sent to the OSDs up to here that nobody has told of yet; 0: all is told (reach.ts). */
  reach = 0;
  /** With `reach`: by sessions that are not alone with the file, which tell of each write before it returns. */
  reachedBeside = false;
  /** One of those who may have sent some has died: how long the file is, and how much of it is data, is to be asked of the OSDs. */
  doubtful = false;

  /** What `space` says need not be so: it is counted on the OSDs when nobody has it open to write to it (reach.ts). */
  unsure = false;

  /** Another rank is to hear of its size: it stays in memory for that. */
  untold = false;

  /** Its objects are being deleted: nobody finds it any more. */
  purging = false;
  /** Journal position of the last entry that has it, by whomever. */
  savedSeq = 0;
  /** That of its last change by a session, and which one that was: until it is safe others do not see it. */
  changedSeq = 0;
  changedBy = 0;
  /** Position of the last change by another than `changedBy`, who has changed it `beside` that (Sight.extended, anyNamesOf). */
  beneathSeq = 0;
  /** The same of its last change that was not `beside` others' (change.ts): before that is safe nobody adds to the file, or changes names of the directory. */
  shapedSeq = 0;
  shapedBy = 0;
  /** Where it is embedded; undefined once it has been forgotten. */
  dentry: Dentry | undefined = undefined;
  /** Sessions that hold or want something of it. */
  readonly caps: Cap[] = [];
  /** When caps on it were last recalled, because several sessions knew it; -Infinity: never. */
  recalledMs = -Infinity;
  /** The session whose turn it is to append, or {@link ourselves}. Several after a restart, when the sizes that earlier ones have to tell are still to come. */
  appenders: readonly number[] = nobody;
  /** Requests that wait for recalls here: while there are any, nobody is given more. */
  contenders = 0;

  constructor(ino: number, mode: number) {
    this.ino = ino;
    this.mode = mode;
  }

  /** Of a directory: the one that it is in, as far as this rank decides about that; 0: none. */
  get above(): number {
    return this.dentry !== undefined && isSystem(this.dentry.directory, 'base') ? 0 : this.parent;
  }

  get isDirectory(): boolean {
    return (this.mode & FileType.mask) === FileType.directory;
  }

  get isRegular(): boolean {
    return (this.mode & FileType.mask) === FileType.regular;
  }

  get type(): number {
    return this.mode & FileType.mask;
  }
}

/** Where an inode is embedded. */
export interface Place {
  /** Inode number of the directory. */
  readonly directory: number;
  readonly name: ByteString;
}

/** `perhaps`: it was read from its directory's object, and would need none. */
export type ByData = 'alone' | 'perhaps' | 'no';

/** What is written down of an inode, as far as it is compared with what the inode is. */
export interface Recorded {
  readonly place: Place;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly xattrs: readonly KeyValue[];
  readonly layout: Layout | null;
  readonly quota: Quota | null;
  readonly pin: number;
  readonly names: readonly Place[];
  /** Size of a file with holes, which may end with one; -1: it has none. */
  readonly sparseSize: number;
  /** Whether it is only its first object that says this, and there is no record. */
  readonly byData: ByData;
}

/** For maps: different for different names. */
export function placeKey({ directory, name }: Place): string {
  return `${directory} ${name}`;
}

/** Whether both are the same name of the same directory. */
export function isAt(a: Place, b: Place): boolean {
  return a.directory === b.directory && a.name === b.name;
}

/** The directory that counts what a file holds: its own, or that of one of its names. Undefined: none does, or one of another rank. */
export function homeOf({ dentry, names }: Inode): number | undefined {
  const at = dentry?.directory;
  if (at === undefined || at >= SystemIno.firstFree) return at;
  if (isSystem(at, 'linked')) return names[0] === undefined || isForeign(names[0]) ? undefined : names[0].directory;
  return isSystem(at, 'strays') ? undefined : at;
}

/** In the names of a file: that another rank has some of them. Where, that one remembers (Given, in subtrees.ts). */
export function foreignName(rank: number): Place {
  return { directory: inosOf(rank).linked, name: '' as ByteString };
}

export function isForeign({ directory }: Place): boolean {
  return isSystem(directory, 'linked');
}

/** The rank that counts what the file holds, when that is another. */
export function foreignHome({ dentry, names: [home] }: Inode): number | undefined {
  if (dentry === undefined || home === undefined || !isSystem(dentry.directory, 'linked') || !isForeign(home)) return undefined;
  return rankOfSystem(home.directory);
}

/** The linked inodes, strays and the root's place: whole, and known by single names only. */
export function isSystemDirectory(ino: number): boolean {
  return ino < SystemIno.firstFree && ino !== SystemIno.root;
}

/** A name. Either its inode is embedded (`inode`) or it points to one in the table of linked inodes (`remoteIno`). */
export interface Dentry extends Place {
  /** Its place in listings, see {@link positionOf}. */
  readonly position: number;
  /** The inode that lives here; undefined for a remote name. */
  inode: Inode | undefined;
  /** Of the linked inode; 0 for a primary name. */
  readonly remoteIno: number;
  /** Type bits of a remote name's inode. */
  readonly remoteType: number;
  /** The fragment's object may have it. */
  stored: boolean;
  /** No longer the fragment's: skipped by listings that still have it in their index. */
  removed: boolean;
}

/** What a primary name of `inode` adds to the directory it is in. */
export function countsOf(inode: Inode): RecursiveCounts {
  if (!inode.isDirectory) return { bytes: inode.size, files: 1, subdirs: 0 };
  const { bytes, files, subdirs } = inode.recursive ?? noCounts;
  return { bytes, files, subdirs: subdirs + 1 };
}

/** What a further name of a file adds: the bytes count where one of them is, so that they count once. */
export const remoteCounts: RecursiveCounts = { bytes: 0, files: 1, subdirs: 0 };

/** Whether a directory has something to hand up to its parent. */
export function isUncounted({ recursive, counted }: Inode): boolean {
  return (
    recursive !== null && (recursive.bytes !== counted.bytes || recursive.files !== counted.files || recursive.subdirs !== counted.subdirs)
  );
}

/** Marks a change at `now`: the version rises, ctime never goes back. */
export function touch(inode: Inode, now: Timespec): void {
  inode.version++;
  inode.ctime = laterOf(now, inode.ctime);
}

/** {@link touch} of a directory whose names changed. */
export function touchNames(inode: Inode, now: Timespec): void {
  touch(inode, now);
  // Not `now`: another host's clock may be behind. What utimensat(2) has set ahead ends here.
  inode.mtime = inode.ctime;
}
