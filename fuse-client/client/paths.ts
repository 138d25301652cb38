/**
 * The filesystem by path, for tests, tools and gateways: what node:fs/promises looks like, over the mountless
 * client, as a caller of one's choice.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { byteStringOf, printable, type Ino } from '../../common/maps/ids.ts';
import type { AttributeChanges, Attributes, Credentials, DirectoryEntry, Filesystem, StatfsReply } from '../vfs/filesystem.ts';
import { FileType } from '../../mds/client/index.ts';
import { OpenFlag, readable, writable } from '../vfs/open-flags.ts';
import { PathFile } from './path-file.ts';
import { resolve, type Resolved } from './resolve.ts';

const rootUser: Credentials = { uid: 0, gid: 0, groups: [], pid: 0 };
const readChunk = 1 << 20;
const letters: Readonly<Record<string, number>> = {
  r: OpenFlag.readOnly,
  'r+': OpenFlag.readWrite,
  w: OpenFlag.writeOnly | OpenFlag.create | OpenFlag.truncate,
  wx: OpenFlag.writeOnly | OpenFlag.create | OpenFlag.exclusive,
  'w+': OpenFlag.readWrite | OpenFlag.create | OpenFlag.truncate,
  'wx+': OpenFlag.readWrite | OpenFlag.create | OpenFlag.exclusive,
  a: OpenFlag.writeOnly | OpenFlag.create | OpenFlag.append,
  'a+': OpenFlag.readWrite | OpenFlag.create | OpenFlag.append,
};

export interface PathEntry {
  readonly name: string;
  readonly ino: Ino;
  /** d_type. */
  readonly type: number;
}

export class Paths {
  readonly #filesystem: Filesystem;
  readonly #who: Credentials;

  constructor(filesystem: Filesystem, who: Credentials = rootUser) {
    this.#filesystem = filesystem;
    this.#who = who;
  }

  /** The same filesystem as another caller sees it. */
  as(who: Partial<Credentials>): Paths {
    return new Paths(this.#filesystem, { ...rootUser, ...who });
  }

  // --- names ---

  async mkdir(path: string, options: { readonly mode?: number; readonly recursive?: boolean } = {}): Promise<void> {
    const { mode = 0o777, recursive = false } = options;
    if (recursive) {
      const parts = path.split('/').filter((part) => part !== '');
      for (let count = 1; count < parts.length; count++) await this.#mkdir(`/${parts.slice(0, count).join('/')}`, mode, true);
    }
    await this.#mkdir(path, mode, recursive);
  }

  #mkdir(path: string, mode: number, mayExist: boolean): Promise<void> {
    return this.#at(path, true, async ({ parent, name, attributes }) => {
      if (attributes !== undefined) {
        if (mayExist && (attributes.mode & FileType.mask) === FileType.directory) return;
        throw new FsError('EEXIST', `${path} exists`);
      }
      const made = await this.#filesystem.makeDirectory(this.#who, parent, name, mode, 0o022);
      this.#filesystem.forget(made.attributes.ino, 1);
    });
  }

  rmdir(path: string): Promise<void> {
    return this.#named(path, async ({ parent, name }) => await this.#filesystem.removeDirectory(this.#who, parent, name));
  }

  unlink(path: string): Promise<void> {
    return this.#named(path, async ({ parent, name }) => await this.#filesystem.unlink(this.#who, parent, name));
  }

  /** Removes what is there, with all below it when `recursive`. */
  async rm(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    const { mode } = await this.lstat(path);
    if ((mode & FileType.mask) !== FileType.directory) {
      await this.unlink(path);
      return;
    }
    if (options.recursive === true) for (const { name } of await this.readdirTypes(path)) await this.rm(`${path}/${name}`, options);
    await this.rmdir(path);
  }

  /** `flags`: 1 RENAME_NOREPLACE, 2 RENAME_EXCHANGE. */
  async rename(from: string, to: string, flags = 0): Promise<void> {
    await this.#named(from, (source) =>
      this.#at(to, false, async (target) => {
        if (target.name === '') throw new FsError('EBUSY', `${to} cannot be replaced`);
        await this.#filesystem.rename(this.#who, source.parent, source.name, target.parent, target.name, flags);
      }),
    );
  }

  async link(existing: string, path: string): Promise<void> {
    await this.#existing(existing, false, (source) =>
      this.#at(path, false, async (target) => {
        if (target.attributes !== undefined) throw new FsError('EEXIST', `${path} exists`);
        const made = await this.#filesystem.link(this.#who, source.ino, target.parent, target.name);
        this.#filesystem.forget(made.attributes.ino, 1);
      }),
    );
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#at(path, false, async ({ parent, name, attributes }) => {
      if (attributes !== undefined) throw new FsError('EEXIST', `${path} exists`);
      const made = await this.#filesystem.symlink(this.#who, parent, name, byteStringOf(target));
      this.#filesystem.forget(made.attributes.ino, 1);
    });
  }

  readlink(path: string): Promise<string> {
    return this.#existing(path, false, async ({ ino }) => printable(await this.#filesystem.readLink(this.#who, ino)));
  }

  /** Names without `.` and `..`. */
  async readdir(path: string): Promise<string[]> {
    return (await this.readdirTypes(path)).map(({ name }) => name);
  }

  readdirTypes(path: string): Promise<PathEntry[]> {
    return this.#existing(path, true, async ({ ino }) => {
      await this.#filesystem.access(this.#who, ino, 4);
      const { handle } = await this.#filesystem.openDirectory(this.#who, ino, OpenFlag.readOnly);
      try {
        const entries: PathEntry[] = [];
        let offset = 0;
        for (;;) {
          const before = offset;
          await this.#filesystem.readDirectory(handle, offset, false, (entry: DirectoryEntry) => {
            offset = entry.offset;
            if (entry.name !== '.' && entry.name !== '..') entries.push({ name: printable(entry.name), ino: entry.ino, type: entry.type });
            return true;
          });
          if (offset === before) return entries;
        }
      } finally {
        await this.#filesystem.releaseDirectory(handle);
      }
    });
  }

  // --- attributes ---

  stat(path: string): Promise<Attributes> {
    return this.#existing(path, true, (attributes) => attributes);
  }

  lstat(path: string): Promise<Attributes> {
    return this.#existing(path, false, (attributes) => attributes);
  }

  /** Whether there is something at `path` (symlinks followed). */
  async exists(path: string): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      if (error instanceof FsError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false;
      throw error;
    }
  }

  async access(path: string, mask: number): Promise<void> {
    await this.#existing(path, true, async ({ ino }) => await this.#filesystem.access(this.#who, ino, mask));
  }

  chmod(path: string, mode: number): Promise<void> {
    return this.#set(path, { mode });
  }

  chown(path: string, uid: number, gid: number): Promise<void> {
    return this.#set(path, { uid, gid });
  }

  /** Any attributes at once. */
  setAttributes(path: string, changes: AttributeChanges): Promise<void> {
    return this.#set(path, changes);
  }

  async truncate(path: string, size: number): Promise<void> {
    await this.access(path, 2);
    await this.#set(path, { size });
  }

  getXattr(path: string, name: string): Promise<Buffer> {
    return this.#existing(path, true, async ({ ino }) => Buffer.from(await this.#filesystem.getXattr(this.#who, ino, byteStringOf(name))));
  }

  async setXattr(path: string, name: string, value: Uint8Array | string, flags = 0): Promise<void> {
    await this.#existing(
      path,
      true,
      async ({ ino }) => await this.#filesystem.setXattr(this.#who, ino, byteStringOf(name), Buffer.from(value), flags),
    );
  }

  listXattrs(path: string): Promise<string[]> {
    return this.#existing(path, true, async ({ ino }) => (await this.#filesystem.listXattrs(this.#who, ino)).map(printable));
  }

  async removeXattr(path: string, name: string): Promise<void> {
    await this.#existing(path, true, async ({ ino }) => await this.#filesystem.removeXattr(this.#who, ino, byteStringOf(name)));
  }

  /** Of the whole filesystem, or of what a quota leaves where `path` is. */
  statfs(path = '/'): Promise<StatfsReply> {
    return this.#existing(path, true, async ({ ino }) => await this.#filesystem.statfs(ino));
  }

  // --- files ---

  /** `flags`: as in node:fs (`r`, `r+`, `w`, `wx`, `a`, ...) or open(2)'s bits. */
  async open(path: string, flags: string | number = 'r', mode = 0o666): Promise<PathFile> {
    const bits = typeof flags === 'number' ? flags : letters[flags];
    if (bits === undefined) throw new FsError('EINVAL', `unknown open flags ${String(flags)}`);
    return await orOnceMore(() => this.#open(path, bits, mode));
  }

  async #open(path: string, bits: number, mode: number): Promise<PathFile> {
    const creates = (bits & OpenFlag.create) !== 0;
    const found = await resolve(
      this.#filesystem,
      this.#who,
      path,
      (bits & OpenFlag.noFollow) === 0 && !(creates && (bits & OpenFlag.exclusive) !== 0),
    );
    try {
      const { attributes } = found;
      if (attributes !== undefined) {
        if (creates && (bits & OpenFlag.exclusive) !== 0) throw new FsError('EEXIST', `${path} exists`);
        if ((attributes.mode & FileType.mask) === FileType.symlink) throw new FsError('ELOOP', `${path} is a symbolic link`);
        await this.#filesystem.access(this.#who, attributes.ino, (readable(bits) ? 4 : 0) | (writable(bits) ? 2 : 0));
        const { handle } = await this.#filesystem.open(this.#who, attributes.ino, bits);
        return new PathFile(this.#filesystem, this.#who, handle, () => found.release());
      }
      if (!creates) throw new FsError('ENOENT', `${path} does not exist`);
      if (found.mustBeDirectory) throw new FsError('EISDIR', `${path} ends in a slash`);
      const { handle } = await this.#filesystem.create(this.#who, found.parent, found.name, mode, bits, 0o022);
      return new PathFile(this.#filesystem, this.#who, handle, () => {
        this.#filesystem.forget(handle.ino, 1);
        found.release();
      });
    } catch (error) {
      found.release();
      throw error;
    }
  }

  async readFile(path: string): Promise<Buffer> {
    const file = await this.open(path, 'r');
    try {
      const parts: Buffer[] = [];
      for (;;) {
        const part = await file.read(readChunk);
        parts.push(part);
        if (part.length < readChunk) return parts.length === 1 ? part : Buffer.concat(parts);
      }
    } finally {
      await file.close();
    }
  }

  async writeFile(
    path: string,
    data: Uint8Array | string,
    options: { readonly mode?: number; readonly flag?: string; readonly fsync?: boolean } = {},
  ): Promise<void> {
    const file = await this.open(path, options.flag ?? 'w', options.mode);
    try {
      await file.write(data);
      if (options.fsync === true) await file.fsync();
    } finally {
      await file.close();
    }
  }

  appendFile(path: string, data: Uint8Array | string): Promise<void> {
    return this.writeFile(path, data, { flag: 'a' });
  }

  /** fsync(2) of a directory: its names are durable. */
  fsyncDirectory(path: string): Promise<void> {
    return this.#existing(path, true, async ({ ino }) => {
      const { handle } = await this.#filesystem.openDirectory(this.#who, ino, OpenFlag.readOnly);
      try {
        await this.#filesystem.fsyncDirectory(handle);
      } finally {
        await this.#filesystem.releaseDirectory(handle);
      }
    });
  }

  /** sync(2). */
  sync(): Promise<void> {
    return this.#filesystem.syncAll();
  }

  // --- resolving ---

  #set(path: string, changes: AttributeChanges): Promise<void> {
    return this.#existing(path, true, async ({ ino }) => {
      await this.#filesystem.setAttributes(this.#who, ino, changes);
    });
  }

  #at<T>(path: string, follow: boolean, act: (found: Resolved) => T | Promise<T>): Promise<T> {
    return orOnceMore(async () => {
      const found = await resolve(this.#filesystem, this.#who, path, follow);
      try {
        return await act(found);
      } finally {
        found.release();
      }
    });
  }

  #existing<T>(path: string, follow: boolean, act: (attributes: Attributes) => T | Promise<T>): Promise<T> {
    return this.#at(path, follow, ({ attributes }) => {
      if (attributes === undefined) throw new FsError('ENOENT', `${path} does not exist`);
      return act(attributes);
    });
  }

  /** For what is removed or moved: it must exist and have a name. */
  #named<T>(path: string, act: (found: Resolved) => Promise<T>): Promise<T> {
    return this.#at(path, false, (found) => {
      if (found.name === '') throw new FsError('EBUSY', `${path} cannot be removed or renamed`);
      if (found.attributes === undefined) throw new FsError('ENOENT', `${path} does not exist`);
      return act(found);
    });
  }
}

/** What a path led to may be gone before it is used; then the path leads elsewhere by now, as the kernel has it too. */
async function orOnceMore<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof FsError) || error.code !== 'ESTALE') throw error;
    return await act();
  }
}
