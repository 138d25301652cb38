/**
 * What a kernel in front of a simulated client makes others wait for: it keeps the pages of a read or write locked until that is answered,
 * and drops cached data only when it has their locks. So whatever a client waits for before it gives data back must never wait for
 * one of its own reads or writes that in turn waits for somebody else. Like Linux it asks for fsync after a synchronous write.
 * @module
 */
import type { Ino } from '../../common/maps/ids.ts';
import type { Filesystem, Handle } from '../../fuse-client/vfs/filesystem.ts';
import { OpenFile } from '../../fuse-client/vfs/open-file.ts';
import { synchronous } from '../../fuse-client/vfs/open-flags.ts';

/** From now on reads and writes through `filesystem` lock their file's pages, for which its invalidations wait. */
export function lockPages(filesystem: Filesystem): void {
  const locked = new Map<Ino, Set<Promise<unknown>>>();
  const { read, write } = filesystem;

  const lock = <T>(handle: Handle, result: T | Promise<T>): T | Promise<T> => {
    if (!(result instanceof Promise) || isDirect(handle)) return result;
    const of = locked.get(handle.ino) ?? new Set();
    locked.set(handle.ino, of);
    const unlocked = result
      .catch(() => undefined)
      .then(() => {
        of.delete(unlocked);
        if (of.size === 0 && locked.get(handle.ino) === of) locked.delete(handle.ino);
      });
    of.add(unlocked);
    return result;
  };

  filesystem.read = (handle, ...args) => lock(handle, read.call(filesystem, handle, ...args));
  filesystem.write = (who, handle, offset, data, options) => {
    const written = lock(handle, write.call(filesystem, who, handle, offset, data, options));
    const wanted = synchronous(handle.flags | (options.flags ?? 0));
    if (wanted === undefined || isDirect(handle)) return written;
    // The pages are unlocked by then.
    return Promise.resolve(written).then((bytes) => filesystem.fsync(handle, wanted === 'data').then(() => bytes));
  };
  filesystem.setInvalidator({
    invalidateInode: async (ino, offset) => {
      if (offset !== -1) await Promise.all([...(locked.get(ino) ?? [])]);
    },
    // The driver never waits for a directory's lock for long: it increases the epoch instead.
    invalidateEntry: () => Promise.resolve(),
  });
}

/** Past the page cache: no page is locked. */
function isDirect(handle: Handle): boolean {
  return handle instanceof OpenFile && handle.directIo;
}
