/**
 * Subtrees of the namespace that ranks hold, and how one goes to another.
 *
 * The root of a subtree is for its rank what `/` is for rank 0: its inode lies in that rank's own directory of roots, and everything about
 * it and below it is that rank's to decide. In the directory where its name is, which another rank holds, that name leads to it as that of
 * a file with several names leads to the table of those; the rank that has the name remembers to whom it gave what ({@link Given}).
 * So no inode is shared by two ranks.
 *
 * What one rank tells another goes by messages that are written down with what the first does, and taken with what the second does: each
 * counts exactly once, in order, whatever dies meanwhile. A subtree that moves is such a message: one entry of the giver's journal gives it
 * away, one of the taker's takes it. Between these two it is nobody's.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import { Blocked } from './blocked.ts';
import { isSystem, isSystemDirectory, SystemIno, type Dentry, type Inode, type Place, type RecursiveCounts } from './inode.ts';
import type { MetadataCache } from './cache.ts';
import type { Edits } from './edit.ts';
import { shelfName } from './shelf-name.ts';

/** What another rank decides about, as one sees it that has a name of it: the root of a subtree, or a file. */
export interface Given {
  /** Where its name is: of several that which counts what it holds. */
  readonly place: Place;
  readonly rank: number;
  /** What the directory there has counted of it. */
  readonly counted: RecursiveCounts;
  /** How many names it has here, and where others than that are, as far as they are remembered. */
  readonly names: number;
  readonly others: readonly Place[];
}

/** In the place of a {@link Given.place} that is not known: the directory is none. */
export const nowhere: Place = { directory: 0, name: '' as ByteString };

/** What a rank tells another. */
export type RankMessage =
  /** The root of a subtree, with all below it, is yours. Data in it is touched with a map of `barrierEpoch` or a newer one only. */
  | { readonly kind: 'move'; readonly root: Dentry; readonly barrierEpoch: number }
  /** All that there is below a root that you gave us. */
  | { readonly kind: 'counts'; readonly ino: number; readonly counts: RecursiveCounts }
  /** What you have asked for is lent to you. */
  | { readonly kind: 'lend'; readonly loan: string }
  /** What you have lent is back, and this is to be done with it. */
  | ({ readonly kind: 'return'; readonly loans: readonly string[] } & Edits)
  /** We are stopping: send us nothing more, until we are open again. */
  | { readonly kind: 'close' }
  | { readonly kind: 'open' }
  /**
   * To rank 0, by one that is stopping. Roots of subtrees, linked inodes and strays, as they lay in our directories of these, and what others
   * decide about and has names with us: all of that is yours. Data is touched with a map of `barrierEpoch` or a newer one only.
   */
  | {
      readonly kind: 'estate';
      readonly dentries: readonly Dentry[];
      readonly given: readonly (readonly [ino: number, given: Given])[];
      readonly barrierEpoch: number;
    }
  /** What we had of these inodes of yours rank 0 has. `last`: and all else; it is asked in our place from now on. */
  | { readonly kind: 'heir'; readonly inos: readonly number[]; readonly last: boolean };

/** A message on its way. */
export interface Posted {
  readonly rank: number;
  readonly seq: number;
  readonly message: RankMessage;
}

/** A subtree on its way. */
export interface Moving {
  readonly root: Inode;
  /** Nobody holds anything of it, and nothing of it changes: requests wait. Before, clients are asked to give back what they hold. */
  frozen: boolean;
}

/** Key of a message in the table of those that are on their way: of one rank in order. */
export function messageKey(rank: number, seq: number): string {
  return `${rank.toString(16).padStart(2, '0')}.${seq.toString(16).padStart(14, '0')}`;
}

/** Keys of the numbers of the last message to and from a rank, in the table of single values. */
export const markKey = {
  sent: (rank: number): string => `sent-${rank}`,
  received: (rank: number): string => `received-${rank}`,
  /** That rank is sent nothing: {@link Closed}. */
  closed: (rank: number): string => `closed-${rank}`,
  /** The other ranks were told to send nothing here. */
  shut: 'shut',
  /** This rank is stopping, and has come so far: {@link Stopped}. */
  stopped: 'stopped',
} as const;

/** Why a rank is sent nothing. */
export const Closed = {
  /** It is stopping. */
  stopping: 1,
  /** It has stopped. */
  gone: 2,
} as const;

/** How far a rank has come that is stopping, as its journal has it. */
export const Stopped = {
  /** It gives away what it has: nobody is served any more. */
  handing: 1,
  /** It has nothing left but sessions. */
  resigned: 2,
} as const;

/**
 * How far a rank has come that is stopping. `asking`: clients are to give back what they hold of it, and are given nothing. `frozen`: nobody
 * holds anything, requests wait. From `handing` on rank 0 is asked for everything.
 */
export type Stopping = 'no' | 'asking' | 'frozen' | 'handing' | 'resigned';

/** Name of a subtree's root in its rank's directory of roots: with the rank that has its name. */
export function rootName(ino: number, from: number): ByteString {
  return `${shelfName(ino)}.${from.toString(16)}` as ByteString;
}

/** The root of a subtree that was given to the rank; not `/`. */
export function isGivenRoot({ ino, dentry }: Inode): boolean {
  return ino !== SystemIno.root && dentry !== undefined && isSystem(dentry.directory, 'base');
}

/** The rank that has the name of such a root. */
export function giverOf({ dentry }: Inode): number {
  return giverOfName(dentry?.name ?? '');
}

export function giverOfName(name: string): number {
  return parseInt(name.split('.')[1] ?? '0', 16);
}

/** Whether the inode is `root` or lies below it; undefined: that cannot be told from memory, `unknown` is told what is missing. */
export function liesBelow(cache: MetadataCache, inode: Inode, root: Inode, unknown?: (ino: number) => void): boolean | undefined {
  for (let at = inode; at !== root;) {
    const directory = at.dentry?.directory;
    if (directory === undefined || isSystemDirectory(directory)) return false;
    const above = cache.inodes.get(directory);
    if (above === undefined) {
      unknown?.(directory);
      return undefined;
    }
    at = above;
  }
  return true;
}

/** {@link liesBelow}; blocks until it can be told. */
export function isBelowRoot(cache: MetadataCache, inode: Inode, root: Inode): boolean {
  return (
    liesBelow(cache, inode, root, (ino) => {
      throw new Blocked({ kind: 'inode', ino });
    }) === true
  );
}
