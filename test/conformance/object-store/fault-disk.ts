/**
 * A disk in memory that loses power: of what was not synced, each sector survives or not.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Disk, DiskFile, OpenFileOptions } from '../../../common/runtime/disk.ts';
import type { Dice } from './history.ts';

const sectorBytes = 512;

class FaultFile {
  /** What a sync has made sure of, and what has been written since, by number of the sector. */
  readonly durable = new Map<number, Buffer>();
  readonly unsynced = new Map<number, Buffer>();
  sizeBytes = 0;

  sector(index: number): Buffer | undefined {
    return this.unsynced.get(index) ?? this.durable.get(index);
  }
}

export class FaultDisk implements Disk {
  readonly #files = new Map<string, FaultFile>();
  readonly #roll: Dice;
  /** Raised by a crash: handles of an earlier life do nothing any more. */
  #life = 0;
  /** Of the volume: writes that make files longer than that in sum fail with ENOSPC. */
  totalBytes = 2 ** 40;
  /** Writes and syncs fail with this. */
  failure: FsError | undefined;

  constructor(roll: Dice) {
    this.#roll = roll;
  }

  /** Power goes and comes back. */
  crash(): void {
    this.#life++;
    for (const file of this.#files.values()) {
      for (const [index, bytes] of file.unsynced) if (this.#roll(2) === 0) file.durable.set(index, bytes);
      file.unsynced.clear();
    }
  }

  /** Flips a bit of the byte at `offset`. */
  damage(path: string, offset: number): void {
    const file = this.#file(path);
    const index = Math.floor(offset / sectorBytes);
    const bytes = Buffer.from(file.sector(index) ?? Buffer.alloc(sectorBytes));
    bytes[offset % sectorBytes] = (bytes[offset % sectorBytes] as number) ^ 1;
    file.durable.set(index, bytes);
    file.unsynced.delete(index);
  }

  bytesOf(path: string, offset: number, length: number): Buffer {
    return contentsOf(this.#file(path), offset, length);
  }

  open(path: string, { create, durable = false }: OpenFileOptions): Promise<DiskFile> {
    const found = this.#files.get(path);
    if (!found && !create) return Promise.reject(new FsError('ENOENT', `${path}: no such file`));
    const file = found ?? new FaultFile();
    this.#files.set(path, file);
    const life = this.#life;
    const later = async <T>(act: () => T, changes: boolean): Promise<T> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (life !== this.#life) throw new FsError('EIO', 'the power is gone');
      if (changes && this.failure) throw this.failure;
      return act();
    };
    const sync = (): void => {
      for (const [index, sector] of file.unsynced) file.durable.set(index, sector);
      file.unsynced.clear();
    };
    return Promise.resolve({
      get sizeBytes() {
        return file.sizeBytes;
      },
      read: (offset, length) => later(() => contentsOf(file, offset, length), false),
      // Copied at once, as the system call does it.
      write: (offset, data) => {
        const bytes = Buffer.concat(data);
        const written = later(() => {
          if (offset + bytes.length - file.sizeBytes > this.#freeBytes()) throw new FsError('ENOSPC', `${path}: the volume is full`);
          put(file, offset, bytes);
        }, true);
        // Between the two, power may go.
        return durable ? written.then(() => later(sync, true)) : written;
      },
      sync: () => later(sync, true),
      truncate: (sizeBytes) =>
        later(() => {
          file.sizeBytes = sizeBytes;
        }, true),
      close: () => Promise.resolve(),
    } satisfies DiskFile);
  }

  usage(): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> {
    return Promise.resolve({ totalBytes: this.totalBytes, freeBytes: this.#freeBytes() });
  }

  remove(path: string): Promise<void> {
    this.#files.delete(path);
    return Promise.resolve();
  }

  #freeBytes(): number {
    let used = 0;
    for (const file of this.#files.values()) used += file.sizeBytes;
    return Math.max(0, this.totalBytes - used);
  }

  #file(path: string): FaultFile {
    const file = this.#files.get(path);
    if (!file) throw new FsError('ENOENT', `${path}: no such file`);
    return file;
  }
}

function contentsOf(file: FaultFile, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, file.sizeBytes - offset)));
  for (let at = 0; at < bytes.length;) {
    const index = Math.floor((offset + at) / sectorBytes);
    const within = offset + at - index * sectorBytes;
    const take = Math.min(sectorBytes - within, bytes.length - at);
    file.sector(index)?.copy(bytes, at, within, within + take);
    at += take;
  }
  return bytes;
}

function put(file: FaultFile, offset: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    const index = Math.floor((offset + at) / sectorBytes);
    const within = offset + at - index * sectorBytes;
    const take = Math.min(sectorBytes - within, bytes.length - at);
    const sector = Buffer.alloc(sectorBytes);
    file.sector(index)?.copy(sector);
    bytes.copy(sector, within, at, at + take);
    file.unsynced.set(index, sector);
    at += take;
  }
  file.sizeBytes = Math.max(file.sizeBytes, offset + bytes.length);
}
