/**
 * Files through libuv's thread pool, on callback fs: one promise per call, no FileHandle bookkeeping.
 * @module
 */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { FsError, toFsError } from '../../errors/fs-error.ts';
import type { Disk, DiskFile, OpenFileOptions } from '../disk.ts';
import { DirectWriter } from './direct-writer.ts';

/** Buffers that one pwritev takes (IOV_MAX). */
const iovMax = 1024;

function settle<T>(
  resolve: (value: T) => void,
  reject: (error: Error) => void,
  what: string,
): (error: NodeJS.ErrnoException | null, value?: T) => void {
  return (error, value) => {
    if (error === null) resolve(value as T);
    else reject(new FsError(toFsError(error).code, `${what}: ${error.message}`, { cause: error }));
  };
}

function call<T = unknown>(what: string, start: (done: (error: NodeJS.ErrnoException | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => start(settle(resolve, reject, what)));
}

class NodeFile implements DiskFile {
  readonly #fd: number;
  readonly #path: string;
  readonly #direct: DirectWriter | undefined;
  #sizeBytes: number;

  constructor(fd: number, path: string, sizeBytes: number, direct: DirectWriter | undefined) {
    this.#direct = direct;
    this.#fd = fd;
    this.#path = path;
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = await call<number>(`read ${this.#path}`, (done) =>
        fs.read(this.#fd, buffer, filled, length - filled, offset + filled, done),
      );
      if (count === 0) break;
      filled += count;
    }
    return filled === length ? buffer : buffer.subarray(0, filled);
  }

  async write(offset: number, data: readonly Uint8Array[]): Promise<void> {
    if (this.#direct?.takes(offset, data) === true) {
      const end = await this.#direct.write(offset, data);
      this.#sizeBytes = Math.max(this.#sizeBytes, end);
      return;
    }
    let position = offset;
    let rest = data;
    while (rest.length > 0) {
      const batch = rest.length > iovMax ? rest.slice(0, iovMax) : rest;
      const written = await call<number>(`write ${this.#path}`, (done) => fs.writev(this.#fd, batch, position, done));
      position += written;
      rest = after(rest, written);
      if (written === 0 && rest.length > 0) throw new FsError('EIO', `write ${this.#path}: nothing was written`);
    }
    this.#sizeBytes = Math.max(this.#sizeBytes, position);
  }

  async sync(): Promise<void> {
    await call(`fdatasync ${this.#path}`, (done) => fs.fdatasync(this.#fd, done));
  }

  async truncate(sizeBytes: number): Promise<void> {
    await call(`truncate ${this.#path}`, (done) => fs.ftruncate(this.#fd, sizeBytes, done));
    this.#sizeBytes = sizeBytes;
  }

  async close(): Promise<void> {
    await this.#direct?.close();
    await call(`close ${this.#path}`, (done) => fs.close(this.#fd, done));
  }
}

/** What of `data` remains after its first `count` bytes; empty buffers go too. */
function after(data: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let index = 0;
  let left = count;
  while (index < data.length && left >= (data[index] as Uint8Array).length) left -= (data[index++] as Uint8Array).length;
  if (index === data.length) return [];
  return left === 0 ? data.slice(index) : [(data[index] as Uint8Array).subarray(left), ...data.slice(index + 1)];
}

/** The machine's files. */
export class NodeDisk implements Disk {
  async open(path: string, options: OpenFileOptions): Promise<DiskFile> {
    const flags = fs.constants.O_RDWR | (options.durable === true ? fs.constants.O_DSYNC : 0);
    let fd: number;
    try {
      fd = await call<number>(`open ${path}`, (done) => fs.open(path, flags, done));
    } catch (error) {
      if (!options.create || toFsError(error).code !== 'ENOENT') throw error;
      const folder = dirname(path);
      const firstMade = await call<string | undefined>(`mkdir ${folder}`, (done) => fs.mkdir(folder, { recursive: true }, done));
      fd = await call<number>(`create ${path}`, (done) => fs.open(path, flags | fs.constants.O_CREAT, 0o600, done));
      await call(`fsync ${path}`, (done) => fs.fsync(fd, done));
      await syncFolders(folder, firstMade === undefined ? folder : dirname(firstMade));
    }
    const stat = await call<fs.Stats>(`stat ${path}`, (done) => fs.fstat(fd, done));
    return new NodeFile(fd, path, stat.size, options.uncached === true ? await DirectWriter.open(path) : undefined);
  }

  async usage(path: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> {
    const stat = await call<fs.StatsFs>(`statfs ${path}`, (done) => fs.statfs(path, done));
    return { totalBytes: stat.blocks * stat.bsize, freeBytes: stat.bavail * stat.bsize };
  }

  async remove(path: string): Promise<void> {
    await call(`remove ${path}`, (done) => fs.unlink(path, done));
    await syncFolders(dirname(path), dirname(path));
  }
}

/** Makes the names in `from` durable, and those in its parents up to `to`. */
async function syncFolders(from: string, to: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    const fd = await call<number>(`open ${folder}`, (done) => fs.open(folder, 'r', done));
    try {
      await call(`fsync ${folder}`, (done) => fs.fsync(fd, done));
    } finally {
      await call(`close ${folder}`, (done) => fs.close(fd, done));
    }
    if (folder === to || folder === dirname(folder)) return;
  }
}
