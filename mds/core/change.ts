/**
 * What a journal entry says: the full new state of everything that one request changed. Applying an entry twice, or a
 * run of entries from any earlier point on again, gives the same state.
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { InoRange } from '../../common/wire/gen/messages.ts';
import type { FragmentId } from './fragment-shape.ts';
import type { Dentry } from './inode.ts';
import type { Completed } from './session.ts';
import type { Given, RankMessage } from './subtrees.ts';

/**
 * Who has to wait until a change of an inode is durable. `beside`: others may do the like without waiting, but not look: a name in a directory, bytes
 * at a file's end, what is counted below. `unseen`: nobody, as no client is shown what has changed.
 */
export type ChangeWeight = 'whole' | 'beside' | 'unseen';

export type Change =
  /**
   * The name is there, with this inode (its state when the entry is made) or pointing to a linked one. `weight` is known only while it is done.
   */
  | { readonly kind: 'set'; readonly dentry: Dentry; readonly weight?: ChangeWeight }
  /** The name is gone. `unstored`: the fragment's object never had it (known only while it is done, not when replayed). */
  | { readonly kind: 'remove'; readonly directory: number; readonly name: ByteString; readonly unstored: boolean }
  /** The directory's fragments have just been divided anew: names may still lie in the objects of these, which were there before. */
  | { readonly kind: 'reshaped'; readonly directory: number; readonly sources: readonly FragmentId[] }
  /** The inode is gone for good. `unrecorded`: the data pool never had a record of it (known only while it is done). */
  | { readonly kind: 'forget'; readonly ino: number; readonly unrecorded?: boolean }
  /** The session is there, with these ranges. */
  | {
      readonly kind: 'session';
      readonly instance: number;
      readonly name: string;
      readonly root: string;
      readonly ranges: readonly InoRange[];
    }
  | { readonly kind: 'session-end'; readonly instance: number }
  /** Lowest inode number that nobody has been given. */
  | { readonly kind: 'next-ino'; readonly ino: number }
  /** Number of the last message to or from another rank, or a loan (loans.ts); undefined: it is over. */
  | { readonly kind: 'mark'; readonly key: string; readonly value: number | undefined }
  /** A message to another rank is on its way; undefined: it has come. */
  | { readonly kind: 'message'; readonly rank: number; readonly seq: number; readonly message: RankMessage | undefined }
  /** Another rank holds the subtree below the inode; undefined: no other does any more. */
  | { readonly kind: 'given'; readonly ino: number; readonly given: Given | undefined }
  /** All names of these directories are in their objects, and this rank is about to have nothing to do with them. {@link everyDirectory}: of all but the system's. */
  | { readonly kind: 'leave'; readonly directories: readonly number[] };

/** In `leave`: whatever there is in memory. */
export const everyDirectory = 0;

/** Whose request it was: what makes it exact-once. */
export interface RequestMark {
  readonly instance: number;
  readonly tid: number;
  readonly oldestTid: number;
  readonly completed: Completed;
  /** Number taken from the session's ranges; 0: none. */
  readonly usedIno: number;
}

export interface JournalEntry {
  readonly mark: RequestMark | undefined;
  readonly changes: readonly Change[];
}

/** Where entries go: queued in order, durable later. Encodes at once: what it was given may change afterwards. */
export interface JournalSink {
  /** Segment that the next entry goes to. */
  readonly segment: number;
  /** Everything up to here is durable. */
  readonly safeSeq: number;
  /** Position of the entry. */
  append(entry: JournalEntry): number;
}
