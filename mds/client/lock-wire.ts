/**
 * Locks as messages carry them: 64-bit positions in halves, since numbers on the wire end at 2^53.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { FileLock } from '../../common/wire/gen/messages.ts';
import { lastByte, LockType, type LockRange } from './lock-table.ts';

/** What becomes of a request: `LockReply.outcome`. */
export const LockOutcome = { granted: 0, waiting: 1, busy: 2, deadlock: 3, 'too-many': 4 } as const;

/** A lock without the session that it belongs to. */
export interface SessionLock extends LockRange {
  readonly ino: number;
  readonly flock: boolean;
  readonly owner: string;
  readonly pid: number;
  readonly type: LockType;
}

const ownerBytesMax = 64;
const types: readonly LockType[] = Object.values(LockType);

export function encodeLock({ ino, flock, owner, pid, type, start, end }: SessionLock): FileLock {
  return {
    ino,
    flock,
    owner,
    pid,
    type,
    startHigh: Number(start >> 32n),
    startLow: Number(start & 0xffff_ffffn),
    endHigh: Number(end >> 32n),
    endLow: Number(end & 0xffff_ffffn),
  };
}

/** FsError EINVAL when it is none. */
export function decodeLock({ ino, flock, owner, pid, type: number, startHigh, startLow, endHigh, endLow }: FileLock): SessionLock {
  const type = types.find((each) => each === number);
  const start = joined(startHigh, startLow);
  const end = joined(endHigh, endLow);
  if (type === undefined || owner.length > ownerBytesMax || start > end || end > lastByte)
    throw new FsError('EINVAL', `a lock of type ${number} from ${start} to ${end} of inode ${ino.toString(16)}`);
  return { ino, flock, owner, pid, type, start, end };
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
