/**
 * How far a file may have been written beyond what is told of it.
 *
 * A client that has a file to itself buffers what is written, sends it to the OSDs when it likes, and tells size and space later. What
 * it has sent and not told when it dies is found in the file's objects. So that it is known which files to look at, by the next life of
 * the MDS too, the client has to say how far it will write before it sends anything that is not told: the file's `reach`, a part of its
 * record. A new file has one from the entry that makes it; another gets it by a request (ops/grow.ts), and
 * loses it in the entry that tells of all that was written. Who is not alone with the file tells of each write before that returns:
 * what lies beyond when it dies is a write that never was, and is cut.
 *
 *   told ──▶ reached ──▶ told
 *              └──▶ doubtful ──▶ told    (background/size-recovery.ts)
 *
 * Of a file with holes to which several write at a time nobody can tell how much of it has become data: each knows what was there before its
 * write, not in what order all came. Then it is `unsure`, until nobody has it open to write to it, and it has become doubtful.
 * @module
 */
import type { FileSpace } from '../../common/wire/gen/messages.ts';
import { Cap } from '../client/caps.ts';
import type { Filled } from '../client/file-space.ts';
import { fileBytesMax } from '../client/limits.ts';
import type { Cap as HeldCap } from './cap.ts';
import { ourselves, type Inode } from './inode.ts';
import { capOf, isCountDue, type Locker } from './locker.ts';
import type { MdsSession } from './session.ts';

/** Data may be sent up to `to` from now on, by one who is alone with the file or `beside` others. Returns whether that is news for the journal. */
export function raiseReach(inode: Inode, to: number, beside: boolean): boolean {
  const reach = Math.min(Math.max(inode.reach, to), fileBytesMax);
  if (reach === inode.reach && beside === inode.reachedBeside) return false;
  inode.reach = reach;
  inode.reachedBeside = beside;
  return true;
}

/** All that was written is told. */
export function endReach(inode: Inode): void {
  inode.reach = 0;
  inode.reachedBeside = false;
}

/** Somebody has told of its space, who holds `cap`, which was `before`. Without one nobody is known to have been alone with it. */
export function trustSpace(inode: Inode, before: FileSpace | null, cap: HeldCap | undefined, told: Filled): void {
  const isAlone = cap !== undefined && (cap.issued & Cap.fileExclusive) !== 0;
  const hasHoles = before !== null || inode.space !== null;
  if (told.unsure || (!isAlone && hasHoles && told.filled !== 0)) inode.unsure = true;
}

/**
 * Whether nobody is left who may have sent what he has not told, when `session` has told everything. Until all sessions of the life before
 * are back, one of them may.
 */
export function isReachOver({ locker }: { readonly locker: Locker }, session: MdsSession, inode: Inode): boolean {
  if (inode.reach === 0 || inode.doubtful || !locker.isComplete || inode.appenders.includes(ourselves)) return false;
  return !inode.caps.some(({ issued, instance }) => instance !== session.instance && (issued & Cap.fileWrite) !== 0);
}

/** Whether the session may send data of the file that it has not told: its end puts the file into doubt. */
export function mayReach(session: MdsSession, inode: Inode): boolean {
  return inode.reach > 0 && ((capOf(inode, session)?.issued ?? 0) & Cap.fileWrite) !== 0;
}

/** Whether nobody is there any more to tell of what may have been sent. `lost`: somebody may have held more than is known. */
export function isForsaken(inode: Inode, lost: boolean): boolean {
  const { reach, caps } = inode;
  if (reach === 0 && !isCountDue(inode)) return false;
  const writers = caps.filter(({ issued }) => (issued & Cap.fileWrite) !== 0);
  return writers.length === 0 || (reach > 0 && lost && !writers.some(({ issued }) => (issued & Cap.fileExclusive) !== 0));
}
