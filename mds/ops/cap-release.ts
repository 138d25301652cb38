/**
 * CapRelease: a client has let go of many inodes at once, or has nothing more to tell of them. Last dirty attributes may come with them
 * (a late atime).
 * @module
 */
import type { HeldCaps } from '../../common/wire/gen/messages.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import type { MdsSession } from '../core/session.ts';
import { isSettled, settle, takeDirty } from './cap-update.ts';

/** Takes back one of the inodes. What is not in memory is held by nobody. */
export function capRelease(core: MdsCore, session: MdsSession, held: HeldCaps): void {
  const { ino, caps, wanted, seq, dirty } = held;
  const inode = core.cache.inodes.get(ino);
  if (inode === undefined) return;
  const op = new Operation(core, session, null);
  const settles = isSettled(op, inode, held);
  const told = dirty === null ? 0 : takeDirty(op, inode, dirty, settles);
  if (settles && told === 0) settle(op, inode);
  core.locker.update(session, inode, caps, wanted, seq);
}
