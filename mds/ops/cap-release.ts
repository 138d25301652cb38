/**
 * CapRelease: a client has let go of many clean inodes at once.
 * @module
 */
import type { CapReleaseReply, CapReleaseRequest } from '../../common/wire/gen/messages.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { MdsSession } from '../core/session.ts';

export function capRelease(core: MdsCore, session: MdsSession, request: CapReleaseRequest): CapReleaseReply {
  for (const { ino, caps, wanted, seq } of request.released) {
    const inode = core.cache.inodes.get(ino);
    if (inode !== undefined) core.locker.update(session, inode, caps, wanted, seq);
  }
  return {};
}
