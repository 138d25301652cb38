/**
 * What one session may do with one inode, and the rules of who may hold what beside whom (mds/README.md).
 * @module
 */
import { Cap as Bit, exclusiveCaps, type Caps } from '../client/caps.ts';
import { FileType } from '../client/file-mode.ts';

export interface Cap {
  /** Of the session. */
  readonly instance: number;
  readonly ino: number;
  /** What it holds; while a recall is unanswered, with what it has been asked to give back. */
  issued: Caps;
  /** What its open handles want. */
  wanted: Caps;
  /** Rises with every grant that changes something and every recall. */
  seq: number;
  /** What an unanswered recall lets it keep. */
  recall: Recall | undefined;
  /** Of a file below a quota: the largest size that it has asked for and may reach. */
  allowed: number;
  /** And the size that it was promised, or has told and not been heard, by the life before: until it gives that back. */
  claimed: number;
  /** An update (its tid) that the life before had not answered: until it comes nothing is added, as the inode is not yet what its client has made of it. */
  telling: number;
}

export interface Recall {
  readonly keep: Caps;
  readonly sinceMs: number;
  /** Of a file below a quota: the client has told its size, and makes it no longer without asking (core/quota.ts). */
  sizeTold: boolean;
}

/** What several hold of a file without a writer, and writers beside others; what several hold of a directory. */
export const fileShared: Caps = Bit.attrShared | Bit.fileRead | Bit.fileCache;
export const fileThrough: Caps = Bit.fileRead | Bit.fileWrite;
export const directoryShared: Caps = Bit.attrShared | Bit.dirShared;

/** Whether nobody may hold `beside` while somebody holds `issued`. */
export function excludes(issued: Caps, beside: Caps): boolean {
  if (beside === 0) return false;
  return (issued & exclusiveCaps) !== 0 || ((issued & Bit.fileWrite) !== 0 && (beside & (Bit.attrShared | Bit.fileCache)) !== 0);
}

/** What may be given beside others who hold `issued` and want `wanted` (unions over them). */
export function besides(type: number, issued: Caps, othersWant: Caps, wanted: Caps): Caps {
  if ((issued & exclusiveCaps) !== 0) return 0;
  if (type === FileType.directory) return directoryShared;
  if (type !== FileType.regular) return Bit.attrShared;
  let caps = ((othersWant | wanted) & Bit.fileWrite) !== 0 ? wanted & fileThrough : fileShared;
  if ((issued & (Bit.attrShared | Bit.fileCache)) !== 0) caps &= fileShared;
  if ((issued & Bit.fileWrite) !== 0) caps &= fileThrough & wanted;
  return caps;
}

/** What a request is about to do with an inode, as far as others' caps are concerned. */
export type Access =
  /** Its attributes are read. */
  | 'read'
  /** Its attributes (a directory: its names too) change. */
  | 'change'
  /** It gets a size that cuts nothing. */
  | 'size'
  /** Its data is cut. */
  | 'cut';

/** What `other` may keep when the session that wants `wanted` does `access`. */
export function keepable(type: number, other: Cap, access: Access, wanted: Caps, othersWant: Caps): Caps {
  let keep = other.issued;
  if (type === FileType.regular) {
    if ((wanted & Bit.fileWrite) !== 0 || ((othersWant & Bit.fileWrite) !== 0 && (wanted & Bit.fileRead) !== 0))
      keep = other.wanted & fileThrough;
    else if ((othersWant & Bit.fileWrite) !== 0) keep &= ~exclusiveCaps;
    else keep &= fileShared;
  } else keep &= ~exclusiveCaps;
  if (access !== 'read') keep &= ~(Bit.attrShared | Bit.attrExclusive | Bit.fileExclusive | Bit.dirShared | Bit.dirExclusive);
  if (access === 'size' || access === 'cut') keep &= ~(Bit.fileCache | Bit.fileBuffer);
  // Nobody writes while data is cut: what was acknowledged would go, and a size follow that has nothing below it.
  if (access === 'cut') keep &= ~Bit.fileWrite;
  return other.issued & keep;
}
