/**
 * What a change of names that several ranks take part in does at one of them: in the order that these have, in one entry. No inode goes
 * to another rank by it; only names do, and each rank that decides about an inode keeps how many names of it there are.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { Timespec } from '../../common/wire/gen/messages.ts';

export type Edit =
  /** The name goes. What it led to is told by an `inode` of its own, where it lies. */
  | { readonly kind: 'unname'; readonly directory: number; readonly name: ByteString }
  /** Of an inode that lies here. */
  | InodeEdit
  /** The name leads to that inode from now on. `position`: in listings, of a name that was there; 0: it was not. */
  | {
      readonly kind: 'name';
      readonly directory: number;
      readonly name: ByteString;
      readonly ino: number;
      readonly type: number;
      /** That decides about the inode. */
      readonly rank: number;
      readonly position: number;
    };

export interface InodeEdit {
  readonly kind: 'inode';
  readonly ino: number;
  /** Names more or less. */
  readonly links: number;
  /** A rank that has no name of it left, and one that has one now; -1: none. */
  readonly left: number;
  readonly came: number;
  /** Directory: the one that it is in from now on. */
  readonly parent: number;
}

/** All that is to be done at one rank, and the time of it. */
export interface Edits {
  readonly now: Timespec;
  readonly edits: readonly Edit[];
}

const order = { unname: 0, inode: 1, name: 2 } as const;

/** As they are carried out: what has lost its name is there for who gives it one. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => order[a.kind] - order[b.kind]);
}
