/**
 * Path-based calls on the inode-based {@link Filesystem}, as a kernel makes them: lookups from the root,
 * references dropped afterwards.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { byteStringOf, printable, type Ino } from '../../common/maps/ids.ts';
import type {
  AttributeChanges,
  Attributes,
  Credentials,
  DirectoryEntry,
  Entry,
  Filesystem,
  Handle,
} from '../../fuse-client/vfs/filesystem.ts';
import type { ModelPath } from './model-tree.ts';

const who: Credentials = { uid: 0, gid: 0, groups: [], pid: 1 };
const flagsReadWrite = 2;
const flagCreate = 0o100;
const flagExclusive = 0o200;
const flagAppend = 0o2000;
const umask = 0o022;

export class Paths {
  readonly #filesystem: Filesystem;

  constructor(filesystem: Filesystem) {
    this.#filesystem = filesystem;
  }

  async makeDirectory(path: ModelPath): Promise<void> {
    await this.#inParent(path, async (parent, name) => this.#forget(await this.#filesystem.makeDirectory(who, parent, name, 0o755, umask)));
  }

  async symlink(path: ModelPath, target: string): Promise<void> {
    await this.#inParent(path, async (parent, name) =>
      this.#forget(await this.#filesystem.symlink(who, parent, name, byteStringOf(target))),
    );
  }

  async readLink(path: ModelPath): Promise<string> {
    return this.#at(path, async ({ attributes }) => printable(await this.#filesystem.readLink(who, attributes.ino)));
  }

  /** `nacre.dir.<name>`: what the filesystem has counted below a directory. */
  async counted(path: ModelPath, name: 'rbytes' | 'rfiles' | 'rsubdirs'): Promise<number> {
    return this.#at(path, async ({ attributes }) =>
      Number(Buffer.from(await this.#filesystem.getXattr(who, attributes.ino, byteStringOf(`nacre.dir.${name}`))).toString('latin1')),
    );
  }

  async setXattr(path: ModelPath, name: string, value: string): Promise<void> {
    await this.#at(path, async ({ attributes }) => {
      await this.#filesystem.setXattr(who, attributes.ino, byteStringOf(name), Buffer.from(value), 0);
    });
  }

  async link(from: ModelPath, to: ModelPath): Promise<void> {
    await this.#at(from, ({ attributes }) =>
      this.#inParent(to, async (parent, name) => this.#forget(await this.#filesystem.link(who, attributes.ino, parent, name))),
    );
  }

  async unlink(path: ModelPath): Promise<void> {
    await this.#inParent(path, async (parent, name) => this.#filesystem.unlink(who, parent, name));
  }

  async removeDirectory(path: ModelPath): Promise<void> {
    await this.#inParent(path, async (parent, name) => this.#filesystem.removeDirectory(who, parent, name));
  }

  async rename(from: ModelPath, to: ModelPath): Promise<void> {
    await this.#inParent(from, (oldParent, oldName) =>
      this.#inParent(to, async (newParent, newName) => this.#filesystem.rename(who, oldParent, oldName, newParent, newName, 0)),
    );
  }

  async attributes(path: ModelPath): Promise<Attributes> {
    return this.#at(path, async ({ attributes }) => (await this.#filesystem.getAttributes(who, attributes.ino)).attributes);
  }

  async change(path: ModelPath, changes: AttributeChanges): Promise<void> {
    await this.#at(path, async ({ attributes }) => {
      await this.#filesystem.setAttributes(who, attributes.ino, changes);
    });
  }

  /** Names and their d_type, sorted. */
  async list(path: ModelPath): Promise<string[]> {
    return this.#at(path, async ({ attributes }) => {
      const { handle } = await this.#filesystem.openDirectory(who, attributes.ino, 0);
      const names: string[] = [];
      let offset = 0;
      for (;;) {
        let got = 0;
        const accept = (entry: DirectoryEntry): boolean => {
          if (got === 64) return false; // as a kernel's buffer fills
          got += 1;
          offset = entry.offset;
          const name = printable(entry.name);
          if (name !== '.' && name !== '..') names.push(name);
          return true;
        };
        await this.#filesystem.readDirectory(handle, offset, false, accept);
        if (got === 0) break;
      }
      await this.#filesystem.releaseDirectory(handle);
      return names.sort();
    });
  }

  /** Opens an existing file for reading and writing. */
  async open(path: ModelPath, options: { readonly append?: boolean } = {}): Promise<OpenFile> {
    const flags = flagsReadWrite | (options.append === true ? flagAppend : 0);
    return this.#at(path, async ({ attributes }, keep) => {
      if ((attributes.mode & 0o170000) === 0o040000) throw new FsError('EISDIR', 'is a directory');
      if ((attributes.mode & 0o170000) === 0o120000) throw new FsError('ELOOP', 'is a symlink');
      const { handle } = await this.#filesystem.open(who, attributes.ino, flags);
      keep();
      return new OpenFile(this.#filesystem, handle);
    });
  }

  /** open(2) with O_CREAT, as a kernel does it: looks the name up first. */
  async create(path: ModelPath, exclusive: boolean): Promise<OpenFile> {
    return this.#inParent(path, async (parent, name) => {
      const found = await this.#filesystem.lookup(who, parent, name);
      if ('attributes' in found) {
        this.#forget(found);
        if (exclusive) throw new FsError('EEXIST', 'exists');
        return this.open(path);
      }
      const flags = flagsReadWrite | flagCreate | (exclusive ? flagExclusive : 0);
      const made = await this.#filesystem.create(who, parent, name, 0o100644, flags, umask);
      return new OpenFile(this.#filesystem, made.handle);
    });
  }

  async readWhole(path: ModelPath): Promise<Buffer> {
    const file = await this.open(path);
    try {
      return await file.read(0, await file.size());
    } finally {
      await file.close();
    }
  }

  /** fsync(2) of a directory. */
  async syncDirectory(path: ModelPath): Promise<void> {
    await this.#at(path, async ({ attributes }) => {
      const { handle } = await this.#filesystem.openDirectory(who, attributes.ino, 0);
      await this.#filesystem.fsyncDirectory(handle);
      await this.#filesystem.releaseDirectory(handle);
    });
  }

  syncAll(): Promise<void> {
    return this.#filesystem.syncAll();
  }

  /** `keep`: the reference is not dropped, since somebody has the file open. */
  async #at<T>(path: ModelPath, act: (entry: Entry, keep: () => void) => Promise<T>): Promise<T> {
    const held: Ino[] = [];
    try {
      let ino = this.#filesystem.root;
      let entry: Entry | undefined;
      for (const name of path) {
        const found = await this.#filesystem.lookup(who, ino, byteStringOf(name));
        if (!('attributes' in found)) throw new FsError('ENOENT', `no ${path.join('/')}`);
        entry = found;
        ino = found.attributes.ino;
        held.push(ino);
      }
      if (entry === undefined) {
        const { attributes } = await this.#filesystem.getAttributes(who, ino);
        entry = { attributes, attributesValid: false, entryValid: false };
      }
      return await act(entry, () => held.pop());
    } finally {
      for (const ino of held) this.#filesystem.forget(ino, 1);
    }
  }

  #inParent<T>(path: ModelPath, act: (parent: Ino, name: ReturnType<typeof byteStringOf>) => Promise<T>): Promise<T> {
    return this.#at(path.slice(0, -1), ({ attributes }) => {
      // The kernel itself refuses to look a name up in what is no directory.
      if ((attributes.mode & 0o170000) !== 0o040000) throw new FsError('ENOTDIR', 'is no directory');
      return act(attributes.ino, byteStringOf(path.at(-1) as string));
    });
  }

  #forget(entry: Entry): void {
    this.#filesystem.forget(entry.attributes.ino, 1);
  }
}

export class OpenFile {
  readonly handle: Handle;
  readonly #filesystem: Filesystem;

  constructor(filesystem: Filesystem, handle: Handle) {
    this.#filesystem = filesystem;
    this.handle = handle;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return Buffer.concat(await this.#filesystem.read(this.handle, offset, length));
  }

  async write(offset: number, bytes: Buffer): Promise<void> {
    const written = await this.#filesystem.write(who, this.handle, offset, bytes, { killSetId: false });
    if (written !== bytes.length) throw new FsError('EIO', `wrote ${written} of ${bytes.length} bytes`);
    bytes.fill(0xee); // ours to reuse: nobody may still look at it
  }

  async size(): Promise<number> {
    return (await this.attributes()).size;
  }

  async truncate(size: number): Promise<void> {
    await this.change({ size });
  }

  /** ftruncate(2), fchmod(2), fchown(2). */
  async change(changes: AttributeChanges): Promise<void> {
    await this.#filesystem.setAttributes(who, this.handle.ino, changes, this.handle);
  }

  async attributes(): Promise<Attributes> {
    return (await this.#filesystem.getAttributes(who, this.handle.ino, this.handle)).attributes;
  }

  /** st_blocks. */
  async blocks(): Promise<number> {
    return (await this.attributes()).blocks;
  }

  /** fallocate(2). */
  async allocate(mode: number, offset: number, length: number): Promise<void> {
    await this.#filesystem.allocate(who, this.handle, mode, offset, length);
  }

  /** SEEK_DATA from `offset` on; the end when there is none. */
  async nextData(offset: number): Promise<number> {
    try {
      return await this.#filesystem.seek(this.handle, offset, 3);
    } catch (error) {
      if (error instanceof FsError && error.code === 'ENXIO') return Infinity;
      throw error;
    }
  }

  /** SEEK_HOLE from `offset` on, which is in the file. */
  async nextHole(offset: number): Promise<number> {
    return await this.#filesystem.seek(this.handle, offset, 4);
  }

  /** copy_file_range(2) as programs call it: until all is copied or the end is met. */
  async copyTo(offset: number, to: OpenFile, at: number, length: number): Promise<number> {
    let done = 0;
    while (done < length) {
      const copied = await this.#filesystem.copyRange(who, this.handle, offset + done, to.handle, at + done, length - done);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  fsync(): Promise<void> {
    return this.#filesystem.fsync(this.handle, false);
  }

  async close(): Promise<void> {
    await this.#filesystem.flush(this.handle);
    await this.#filesystem.release(this.handle);
    this.#filesystem.forget(this.handle.ino, 1);
  }
}
