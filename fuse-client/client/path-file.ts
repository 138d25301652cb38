import { FsError } from '../../common/errors/fs-error.ts';
import type { Attributes, Credentials, Filesystem, Handle } from '../vfs/filesystem.ts';

/** An open file of the path-based interface. */
export class PathFile {
  readonly #filesystem: Filesystem;
  readonly #who: Credentials;
  readonly handle: Handle;
  readonly #release: () => void;
  #position = 0;
  #closed = false;

  constructor(filesystem: Filesystem, who: Credentials, handle: Handle, release: () => void) {
    this.#filesystem = filesystem;
    this.#who = who;
    this.handle = handle;
    this.#release = release;
  }

  /** Up to `length` bytes at `offset` (default: where the last call without an offset ended); shorter only at the end. */
  async read(length: number, offset?: number): Promise<Buffer> {
    const views = await this.#filesystem.read(this.handle, offset ?? this.#position, length);
    const bytes = Buffer.concat(views);
    if (offset === undefined) this.#position += bytes.length;
    return bytes;
  }

  /** Writes all of `data`. */
  async write(data: Uint8Array | string, offset?: number): Promise<number> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const written = this.#filesystem.write(this.#who, this.handle, offset ?? this.#position, bytes, { killSetId: this.#who.uid !== 0 });
    const count = written instanceof Promise ? await written : written;
    if (offset === undefined) this.#position += count;
    return count;
  }

  fsync(): Promise<void> {
    return this.#filesystem.fsync(this.handle, false);
  }

  fdatasync(): Promise<void> {
    return this.#filesystem.fsync(this.handle, true);
  }

  async stat(): Promise<Attributes> {
    return (await this.#filesystem.getAttributes(this.#who, this.handle.ino, this.handle)).attributes;
  }

  async truncate(size: number): Promise<void> {
    await this.#filesystem.setAttributes(this.#who, this.handle.ino, { size }, this.handle);
  }

  /** fallocate(2). */
  async allocate(mode: number, offset: number, length: number): Promise<void> {
    await this.#filesystem.allocate(this.#who, this.handle, mode, offset, length);
  }

  /** copy_file_range(2) from this file. */
  async copyRange(offset: number, to: PathFile, at: number, length: number): Promise<number> {
    return await this.#filesystem.copyRange(this.#who, this.handle, offset, to.handle, at, length);
  }

  /** lseek(2) with SEEK_DATA or SEEK_HOLE. */
  async seek(offset: number, whence: number): Promise<number> {
    return await this.#filesystem.seek(this.handle, offset, whence);
  }

  /** Reports a write error that nobody has been told of. */
  async close(): Promise<void> {
    if (this.#closed) throw new FsError('EBADF', 'the file is closed');
    this.#closed = true;
    try {
      await this.#filesystem.flush(this.handle);
    } finally {
      await this.#filesystem.release(this.handle);
      this.#release();
    }
  }
}
