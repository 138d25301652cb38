import { FileLockType, lockIsFlock, replyHeaderBytes as body, requestHeaderBytes as head } from '../abi.ts';
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { Handle, LockBlocker, LockWish, MaybePromise } from '../../../vfs/filesystem.ts';
import type { Context, Operation } from '../operation.ts';
import type { Request } from '../request.ts';

/** A lock that was set: whose it is, should nobody hear of it. */
interface Set {
  readonly handle: Handle;
  readonly wish: LockWish;
}

/** F_GETLK. struct fuse_lk_in: see {@link wishOf}. The reply is a struct fuse_file_lock. */
export const getLock: Operation<LockBlocker | undefined> = {
  harmless: true,
  run: (context, request) => context.filesystem.testLock(context.handle(request.u64(head)), wishOf(request, false)),
  encode(_context, reply, blocker) {
    reply.u32(body, Number((blocker?.start ?? 0n) & 0xffff_ffffn));
    reply.u32(body + 4, Number((blocker?.start ?? 0n) >> 32n));
    reply.u32(body + 8, Number((blocker?.end ?? 0n) & 0xffff_ffffn));
    reply.u32(body + 12, Number((blocker?.end ?? 0n) >> 32n));
    reply.u32(body + 16, blocker === undefined ? FileLockType.unlock : blocker.type === 1 ? FileLockType.read : FileLockType.write);
    reply.u32(body + 20, blocker?.pid ?? 0);
    return 24;
  },
};

/** F_SETLK and flock(2) with LOCK_NB; unlocking. */
export const setLock: Operation<Set> = {
  run: (context, request) => set(context, request, false),
  undo: unlock,
};

/** F_SETLKW and flock(2). */
export const setLockWait: Operation<Set> = {
  waits: true,
  run: (context, request, signal) => set(context, request, true, signal),
  undo: unlock,
};

function set(context: Context, request: Request, wait: boolean, signal?: AbortSignal): MaybePromise<Set> {
  const handle = context.handle(request.u64(head));
  const wish = wishOf(request, wait);
  const result = context.filesystem.setLock(handle, wish, signal);
  const done = { handle, wish };
  return result === undefined ? done : result.then(() => done);
}

/** Its process is gone: with it goes what it locked. */
function unlock({ filesystem }: Context, { handle, wish }: Set): MaybePromise<void> {
  return filesystem.setLock(handle, { ...wish, type: 0 });
}

/** struct fuse_lk_in: handle, owner; struct fuse_file_lock: start, end (the last byte), type, pid; flags. */
function wishOf(request: Request, wait: boolean): LockWish {
  const number = request.u32(head + 32);
  const type = number === FileLockType.read ? 1 : number === FileLockType.write ? 2 : 0;
  if (type === 0 && number !== FileLockType.unlock) throw new FsError('EINVAL', `a lock of type ${String(number)}`);
  return {
    flock: (request.u32(head + 40) & lockIsFlock) !== 0,
    owner: lockOwner(request, head + 8),
    pid: request.u32(head + 36),
    type,
    start: u64(request, head + 16),
    end: u64(request, head + 24),
    wait,
  };
}

/** The kernel's name for the process or the open file description that a lock belongs to. */
export function lockOwner(request: Request, offset: number): string {
  return u64(request, offset).toString(16);
}

function u64(request: Request, offset: number): bigint {
  return (BigInt(request.u32(offset + 4)) << 32n) | BigInt(request.u32(offset));
}
