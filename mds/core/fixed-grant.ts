import type { InodeGrant } from '../../common/wire/gen/messages.ts';

/**
 * A grant with the inode as it is now, for an answer that is not sent in the same moment: what somebody else does to it meanwhile may not be
 * durable, and must not be shown.
 */
export function fixedGrant({ inode, ...rest }: InodeGrant): InodeGrant {
  return {
    ...rest,
    inode: inode === null ? null : (Object.assign(Object.create(Object.getPrototypeOf(inode) as object), inode) as typeof inode),
  };
}
