import { FsError } from '../../common/errors/fs-error.ts';

/** The kernel may keep so many threads waiting as it is told of recalls, of other data and of names; and one is always free. */
export const threadsMin = 4;
const threadsDefault = 4;
const threadsMax = 1024;

/** How many threads libuv's pool has when the environment's UV_THREADPOOL_SIZE is `setting`. FsError EINVAL when a mount needs more, or it is no number. */
export function poolThreads(setting: string | undefined): number {
  const threads = setting === undefined ? threadsDefault : Number(setting);
  if (!Number.isSafeInteger(threads) || threads < threadsMin)
    throw new FsError(
      'EINVAL',
      `UV_THREADPOOL_SIZE is ${setting ?? ''}: a mount needs ${threadsMin} threads or more; unset it, or set it to 8`,
    );
  return Math.min(threads, threadsMax);
}
