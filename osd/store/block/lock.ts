/**
 * Keeps two processes from opening one data directory. The lock is a socket in Linux's abstract namespace,
 * named after the directory's device and inode: the kernel takes it away when the process dies, however it
 * dies, so it is never stale.
 * @module
 */
import fs from 'node:fs';
import net from 'node:net';
import { FsError } from '../../../common/errors/fs-error.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/** FsError EBUSY when another process (or store of this one) holds it. */
export function lockDirectory(path: string): Promise<DirectoryLock> {
  const { dev, ino } = fs.statSync(path, { bigint: true });
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new FsError('EBUSY', `${path}: is in use by another process; stop that first (or give this OSD a directory of its own)`));
      else reject(new FsError('EIO', `${path}: cannot be locked: ${error.message}`, { cause: error }));
    });
    server.listen(`\0nacre-store-${dev}-${ino}`, () => {
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
