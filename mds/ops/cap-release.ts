/**
 * CapRelease: a client has let go of many inodes at once, or has nothing more to tell of them. Last dirty attributes may come with them
 * (a late atime).
 * @module
 */
import type { HeldCaps } from '../../common/wire/gen/messages.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { Operation } from '../core/operation.ts';
import type { MdsSession } from '../core/session.ts';
import type { Change } from '../core/change.ts';
import type { Inode } from '../core/inode.ts';
import { endReach } from '../core/reach.ts';
import { isSettled, takeDirty } from './cap-update.ts';

/** Inodes in one entry. */
const settledBatch = 32;

/** Takes back one of the inodes. What is not in memory is held by nobody. Returns it when the journal has still to hear that all of it is told. */
export function capRelease(core: MdsCore, session: MdsSession, held: HeldCaps): Inode | undefined {
  const { ino, caps, wanted, seq, dirty } = held;
  const inode = core.cache.inodes.get(ino);
  if (inode === undefined) return undefined;
  const op = new Operation(core, session, null);
  // Of what has lost its names that is not journaled, and so does not become true: it goes.
  const settles = inode.nlink > 0 && isSettled(op, inode, held);
  const told = dirty === null ? 0 : takeDirty(op, inode, dirty, settles);
  if (settles) endReach(inode);
  core.locker.update(session, inode, caps, wanted, seq);
  core.released(inode);
  return settles && told === 0 ? inode : undefined;
}

/** Journals that all of these is told. */
export function noteSettled(core: MdsCore, inodes: readonly Inode[]): void {
  const changes = inodes.flatMap(({ dentry }): Change[] => (dentry === undefined ? [] : [{ kind: 'set', dentry }]));
  for (let at = 0; at < changes.length; at += settledBatch) core.commit(changes.slice(at, at + settledBatch));
}
