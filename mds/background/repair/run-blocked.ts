import { FsError } from '../../../common/errors/fs-error.ts';
import { Blocked } from '../../core/blocked.ts';
import type { Loader } from '../loader.ts';

/** Runs an operation, of a rank that nobody uses: what it is blocked on is read. FsError ESTALE, EREMOTE, EIO: it is not there. */
export async function runBlocked<T>(loader: Loader, act: () => T): Promise<T> {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      const { obstacle } = error;
      if (obstacle.kind === 'inode') await loader.inode(obstacle.ino);
      else if (obstacle.kind === 'target') await loader.target(obstacle.dentry);
      else if (obstacle.kind === 'fragment') await loader.fragment(obstacle.fragment);
      else if (obstacle.kind === 'name') await loader.name(obstacle.fragment, obstacle.name);
      else throw new FsError('EBUSY', `it waits for something (${obstacle.kind}) that only a rank that serves can have`, { cause: error });
    }
  }
}

/** Whether it says that something is not there, or cannot be read. */
export function isAbsence(error: unknown): error is FsError {
  return error instanceof FsError && ['ESTALE', 'EREMOTE', 'EIO', 'ENOTDIR', 'EILSEQ', 'EBUSY'].includes(error.code);
}
