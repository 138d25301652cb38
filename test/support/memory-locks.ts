/**
 * File locks of a filesystem in memory: all by one host.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Handle, LockBlocker, LockWish, MaybePromise } from '../../fuse-client/vfs/filesystem.ts';
import { wholeFile } from '../../mds/client/lock-table.ts';
import { FileLocks } from '../../mds/core/file-locks.ts';

export class MemoryLocks {
  readonly #waits = new Map<number, () => void>();
  readonly #locks = new FileLocks({
    locksMax: 10_000,
    granted: (_instance, id) => {
      this.#waits.get(id)?.();
      this.#waits.delete(id);
    },
  });
  /** Who has locked through each handle. */
  readonly #owners = new Map<number, Set<string>>();
  #nextWait = 1;

  /** FsError EAGAIN, EDEADLK; EINTR when `signal` ends a wait. */
  set(handle: Handle, wish: LockWish, signal?: AbortSignal): MaybePromise<void> {
    const id = this.#nextWait++;
    const outcome = this.#locks.request({ ...wish, ino: handle.ino, instance: 0 }, wish.wait ? id : undefined);
    if (wish.type !== 0) this.#owners.set(handle.id, (this.#owners.get(handle.id) ?? new Set()).add(`${Number(wish.flock)}${wish.owner}`));
    if (outcome === 'busy') throw new FsError('EAGAIN', 'locked');
    if (outcome === 'deadlock') throw new FsError('EDEADLK', 'deadlock');
    if (outcome !== 'waiting') return undefined;
    return new Promise((resolve, reject) => {
      this.#waits.set(id, resolve);
      signal?.addEventListener('abort', () => {
        if (!this.#locks.cancel(0, id)) return;
        this.#waits.delete(id);
        reject(new FsError('EINTR', 'interrupted'));
      });
    });
  }

  test(handle: Handle, wish: LockWish): LockBlocker | undefined {
    return this.#locks.test({ ...wish, ino: handle.ino, instance: 0 });
  }

  /** Lets go of all that the owner has of the file. */
  unlock(handle: Handle, flock: boolean, owner: string): void {
    this.#locks.request({ ...wholeFile, ino: handle.ino, instance: 0, flock, owner, pid: 0, type: 0 });
  }

  /** The handle is closed for good: so are the locks of all who have locked through it. */
  released(handle: Handle): void {
    for (const owner of this.#owners.get(handle.id) ?? []) this.unlock(handle, owner.startsWith('1'), owner.slice(1));
    this.#owners.delete(handle.id);
  }
}
