/**
 * How a synchronous operation says that it cannot go on yet. An operation first finds and checks everything it
 * needs, throwing `Blocked` where something is missing, and only then changes anything: so it is simply run again
 * from its start when what it waited for has come (what it had checked before may have changed by then).
 * @module
 */
import type { ByteString } from '../../common/maps/ids.ts';
import type { Fragment } from './directory.ts';
import type { Dentry, Inode } from './inode.ts';

export type Obstacle =
  /** The inode is not in memory. `mayBeGone`: there need not be one. */
  | { readonly kind: 'inode'; readonly ino: number; readonly mayBeGone?: boolean }
  /** The linked inode that a name leads to is not in memory. */
  | { readonly kind: 'target'; readonly dentry: Dentry }
  /** The directory fragment is not, or not wholly, in memory. */
  | { readonly kind: 'fragment'; readonly fragment: Fragment }
  /** One name of a fragment that is partly in memory is not. */
  | { readonly kind: 'name'; readonly fragment: Fragment; readonly name: ByteString }
  /** Other sessions have been asked to give back caps on it. */
  | { readonly kind: 'recall'; readonly inode: Inode }
  /** The client that has it alone has been asked to tell how long it is. */
  | { readonly kind: 'size'; readonly inode: Inode }
  /** Another session's change, on which this would build, is not durable yet. */
  | { readonly kind: 'unsafe'; readonly inode: Inode; readonly seq: number }
  /** Somebody else has the turn to append to it. */
  | { readonly kind: 'append'; readonly inode: Inode }
  /** Its data objects are being cut. */
  | { readonly kind: 'truncation'; readonly ino: number }
  /** A client died that may have written to it: the OSDs are being asked what it left. */
  | { readonly kind: 'recovery'; readonly inode: Inode }
  /** It is on its way to another rank. */
  | { readonly kind: 'moving' }
  /** Something that is between this rank and another is to be over first. */
  | { readonly kind: 'between' };

export class Blocked extends Error {
  override readonly name = 'Blocked';
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(`blocked on ${obstacle.kind}`);
    this.obstacle = obstacle;
  }
}
