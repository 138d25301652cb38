/**
 * CapRelease: a client has let go of many inodes at once. Last dirty attributes may come with them (a late atime).
 * @module
 */
import type { HeldCaps } from '../../common/wire/gen/messages.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import type { MdsSession } from '../core/session.ts';
import { takeDirty } from './cap-update.ts';

/** Takes back one of the inodes. What is not in memory is held by nobody. */
export function capRelease(core: MdsCore, session: MdsSession, { ino, caps, wanted, seq, dirty }: HeldCaps): void {
  const inode = core.cache.inodes.get(ino);
  if (inode === undefined) return;
  if (dirty !== null) takeDirty(new Operation(core, session, null), inode, dirty);
  core.locker.update(session, inode, caps, wanted, seq);
}
