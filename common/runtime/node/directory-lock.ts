/**
 * Keeps a data directory to one process.
 *
 * The lock is a listening socket in Linux's abstract namespace, named after the directory's device and inode:
 * the kernel gives it to one process and takes it back when that ends in whatever way, so there is nothing to
 * clean up. It holds within one network namespace.
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, resolve } from 'node:path';
import { FsError, toFsError } from '../../errors/fs-error.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Makes the directory if it is missing and locks it. Throws EBUSY when a living process has it. */
export async function lockDirectory(path: string): Promise<DirectoryLock> {
  const server = createServer((socket) => socket.destroy());
  try {
    makeDirectory(path);
    const { dev, ino } = statSync(path, { bigint: true });
    await listen(server, `\0nacre-lock-${dev}-${ino}`);
  } catch (error) {
    const { code, message } = toFsError(error);
    if (code === 'EADDRINUSE') throw new FsError('EBUSY', `${path} is in use by another process: stop that daemon first`, { cause: error });
    throw new FsError(code, `cannot use ${path}: ${message}`, { cause: error });
  }
  server.unref();
  return { release: () => new Promise((done) => server.close(() => done())) };
}

/** With the folders above it. (The recursive mode of mkdir never returns where nothing can be made, as in /proc.) */
function makeDirectory(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found) throw new FsError('ENOTDIR', 'it is not a directory');
  const parent = dirname(resolve(path));
  if (parent !== path) makeDirectory(parent);
  mkdirSync(path);
}

function listen(server: Server, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(name, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
