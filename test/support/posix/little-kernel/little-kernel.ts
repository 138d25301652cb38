/**
 * System calls on a filesystem that no kernel has mounted: what Linux does itself before and after it asks a FUSE filesystem,
 * and no more. Paths are walked here, descriptors kept, arguments checked; who may do what, and what becomes of it, the filesystem
 * says. So what the MDS and the client refuse is seen here without a kernel that would have refused it before.
 * @module
 */
import type { ByteString, Ino } from '../../../../common/maps/ids.ts';
import type { Attributes, Credentials, DirectoryEntry, Filesystem } from '../../../../fuse-client/vfs/filesystem.ts';
import { Open } from '../constants.ts';
import type { Argument, Outcome, Syscall, SyscallName } from '../syscalls.ts';
import { root } from '../syscalls.ts';
import { change, chmod, chown, dropPrivileges, timesOf, truncate, type Changing } from './attributes.ts';
import { Pipes, reads, writes, type Descriptor } from './descriptors.ts';
import { errnoOf, refuse } from './errno.ts';
import { link, makeDirectory, makeNode, removeDirectory, rename, symlink, unlink, type Naming } from './names.ts';
import { openPath } from './opening.ts';
import { isDirectory, isLink, isRegular, Walk, type Way } from './walk.ts';
import { checkXattr, getXattr, listXattrs, removeXattr, setXattr } from './xattrs.ts';

const emptyPath = 0x1000;
const followLink = 0x400;
const noFollow = 0x100;
const pid = 1;

/** What a call returned, with the bytes that it put where the caller has room. */
type Returned = number | { readonly result: number; readonly bytes: Uint8Array };

/** One call under way. */
interface Calling extends Naming {
  readonly args: readonly Argument[];
}

export class LittleKernel {
  readonly #filesystem: Filesystem;
  readonly #pipes = new Pipes();
  readonly #open = new Map<number, Descriptor>();
  /** References that keep what is open. */
  readonly #references = new Map<Descriptor, readonly Ino[]>();
  #directory: Way;
  /** References that keep the working directory. */
  #kept: readonly Ino[] = [];

  constructor(filesystem: Filesystem) {
    this.#filesystem = filesystem;
    this.#directory = [filesystem.root];
  }

  async call(syscall: Syscall): Promise<Outcome> {
    const { user, name, args, keep } = syscall;
    const who: Credentials = { uid: user.uid, gid: user.gid, groups: user.groups, pid };
    const walk = new Walk(this.#filesystem, who, this.#directory);
    const calling: Calling = { filesystem: this.#filesystem, who, umask: user.umask, walk, args };
    let opened: Descriptor | undefined;
    try {
      if (name === 'open') {
        opened = await openPath({ ...calling, pipes: this.#pipes }, text(args[0]), number(args[1]), number(args[2] ?? 0));
        // The descriptor refers to the inode as the path did.
        this.#references.set(opened, walk.take());
        return outcome(syscall, 3);
      }
      return outcome(syscall, await this.#calls[name](calling));
    } catch (error) {
      return { result: -1, errno: errnoOf(error), rooms: roomsOf(syscall).map(() => Buffer.alloc(0)) };
    } finally {
      walk.end();
      if (keep !== undefined) await this.#keep(keep, opened);
    }
  }

  readonly #calls: Readonly<Record<Exclude<SyscallName, 'open'>, (calling: Calling) => Promise<Returned>>> = {
    look: async ({ args: [at], walk, who }) => {
      const { attributes } =
        typeof at === 'string' ? await walk.find(at, false) : await this.#attributesOf(this.#descriptor(at, true), who);
      return { result: 0, bytes: looked(attributes) };
    },
    list: async (calling) => await this.#list(calling, text(calling.args[0])),
    close: async ({ args: [slot] }) => {
      if (!this.#open.has(number(slot))) refuse('EBADF');
      await this.#keep(number(slot), undefined);
      return 0;
    },
    chdir: async ({ args: [path], walk, filesystem, who }) => {
      const { attributes, way } = await walk.find(text(path), true);
      if (!isDirectory(attributes)) refuse('ENOTDIR');
      await filesystem.access(who, attributes.ino, 1);
      for (const ino of this.#kept) filesystem.forget(ino, 1);
      this.#kept = walk.take();
      this.#directory = way;
      return 0;
    },

    mkdir: async (calling) => done(makeDirectory(calling, text(calling.args[0]), number(calling.args[1]))),
    mknod: async (calling) => done(makeNode(calling, text(calling.args[0]), number(calling.args[1]), number(calling.args[2]))),
    symlink: async (calling) => done(symlink(calling, text(calling.args[0]), text(calling.args[1]))),
    link: async (calling) => done(this.#link(calling, calling.args[0], 0, text(calling.args[1]))),
    linkat: async (calling) => {
      const [directory, from, , to, flags] = calling.args;
      if ((number(flags) & ~(followLink | emptyPath)) !== 0) refuse('EINVAL');
      return await done(this.#link(calling, from === '' ? directory : from, number(flags), text(to)));
    },
    unlink: async (calling) => done(unlink(calling, text(calling.args[0]))),
    rmdir: async (calling) => done(removeDirectory(calling, text(calling.args[0]))),
    rename: async (calling) => done(rename(calling, text(calling.args[0]), text(calling.args[1]), 0)),
    renameat2: async (calling) => done(rename(calling, text(calling.args[1]), text(calling.args[3]), number(calling.args[4]))),
    readlink: async ({ args: [path, , room], walk, filesystem, who }) => {
      if (number(room) <= 0) refuse('EINVAL');
      const { attributes } = await walk.find(text(path), false);
      if (!isLink(attributes)) refuse('EINVAL');
      return filled(Buffer.from(await filesystem.readLink(who, attributes.ino), 'latin1').subarray(0, number(room)));
    },

    chmod: async (calling) => done(chmod(await this.#at(calling, 0, true), number(calling.args[1]))),
    fchmod: async (calling) => done(chmod(await this.#through(calling), number(calling.args[1]))),
    fchmodat2: async (calling) => {
      const changing = await this.#at(calling, 1, (number(calling.args[3]) & noFollow) === 0);
      if (isLink(changing.attributes)) refuse('EOPNOTSUPP');
      return await done(chmod(changing, number(calling.args[2])));
    },
    chown: async (calling) => done(chown(await this.#at(calling, 0, true), number(calling.args[1]), number(calling.args[2]))),
    lchown: async (calling) => done(chown(await this.#at(calling, 0, false), number(calling.args[1]), number(calling.args[2]))),
    fchown: async (calling) => done(chown(await this.#through(calling), number(calling.args[1]), number(calling.args[2]))),
    utimensat: async (calling) => {
      const [, path, times, flags] = calling.args;
      if ((number(flags) & ~(noFollow | emptyPath)) !== 0) refuse('EINVAL');
      const changes = timesOf(times === 0 ? 0 : (times as Uint8Array));
      if (changes === undefined) return 0;
      if (path === 0) return await done(change(await this.#through(calling), changes));
      return await done(change(await this.#at(calling, 1, (number(flags) & noFollow) === 0), changes));
    },
    faccessat: async (calling) => await this.#access(calling, number(calling.args[2]), true),
    faccessat2: async (calling) => await this.#access(calling, number(calling.args[2]), (number(calling.args[3]) & noFollow) === 0),
    truncate: async (calling) => {
      if (number(calling.args[1]) < 0) refuse('EINVAL');
      return await done(truncate(await this.#at(calling, 0, true), number(calling.args[1])));
    },
    ftruncate: async (calling) => {
      const [slot, size] = calling.args;
      if (number(size) < 0) refuse('EINVAL');
      const file = this.#descriptor(slot);
      if (file.kind !== 'file' || !writes(file)) refuse('EINVAL');
      return await done(truncate(await this.#through(calling), number(size)));
    },

    pwrite: async (calling) => {
      const [slot, data, count, offset] = calling.args;
      if (number(offset) < 0) refuse('EINVAL');
      const file = this.#descriptor(slot);
      if (file.kind === 'pipe') refuse('ESPIPE');
      return await this.#write(calling, file, bytesOf(data).subarray(0, number(count)), number(offset));
    },
    write: async (calling) => {
      const [slot, data, count] = calling.args;
      const file = this.#descriptor(slot);
      const bytes = bytesOf(data).subarray(0, number(count));
      if (file.kind === 'pipe') {
        if (!writes(file)) refuse('EBADF');
        return this.#pipes.write(file, bytes);
      }
      const written = await this.#write(calling, file, bytes, file.position);
      file.position += written;
      if ((file.flags & Open.append) !== 0 && written > 0)
        file.position = (await calling.filesystem.getAttributes(calling.who, file.ino, file.handle)).attributes.size;
      return written;
    },
    pread: async ({ args: [slot, , count, offset], filesystem }) => {
      if (number(offset) < 0) refuse('EINVAL');
      const file = this.#descriptor(slot);
      if (file.kind === 'pipe') refuse('ESPIPE');
      if (!reads(file)) refuse('EBADF');
      if (file.kind === 'directory' || file.handle === undefined) refuse('EISDIR');
      return filled(Buffer.concat(await filesystem.read(file.handle, number(offset), number(count))));
    },
    read: async ({ args: [slot, , count], filesystem }) => {
      const file = this.#descriptor(slot);
      if (!reads(file)) refuse('EBADF');
      if (file.kind === 'directory') refuse('EISDIR');
      if (file.kind === 'pipe') return filled(this.#pipes.read(file, number(count)));
      if (file.handle === undefined) return refuse('EBADF');
      const bytes = Buffer.concat(await filesystem.read(file.handle, file.position, number(count)));
      file.position += bytes.length;
      return filled(bytes);
    },
    copy_file_range: async (calling) => await this.#copyRange(calling),
    lseek: async ({ args: [slot, by, whence], filesystem, who }) => {
      const file = this.#descriptor(slot);
      if (file.kind === 'pipe') refuse('ESPIPE');
      const { size } = (await filesystem.getAttributes(who, file.ino, file.handle)).attributes;
      const from = [0, file.position, size][number(whence)];
      if (from === undefined && number(whence) > 4) refuse('EINVAL');
      if (from === undefined && file.handle !== undefined)
        return (file.position = await filesystem.seek(file.handle, number(by), number(whence)));
      const to = (from ?? 0) + number(by);
      return to < 0 ? refuse('EINVAL') : (file.position = to);
    },
    fsync: async ({ args: [slot], filesystem }) => {
      const { kind, handle } = this.#descriptor(slot);
      if (handle === undefined) refuse('EINVAL');
      return await done(kind === 'directory' ? filesystem.fsyncDirectory(handle) : filesystem.fsync(handle, false));
    },
    fallocate: async (calling) => {
      const [slot, mode, offset, length] = calling.args;
      const file = this.#descriptor(slot);
      if (number(offset) < 0 || number(length) <= 0) refuse('EINVAL');
      if (!writes(file) && file.kind !== 'pipe') refuse('EBADF');
      if (file.kind === 'pipe') refuse('ESPIPE');
      if (file.handle === undefined) refuse('ENODEV');
      await dropPrivileges(await this.#through(calling));
      await calling.filesystem.allocate(calling.who, file.handle, number(mode), number(offset), number(length));
      return 0;
    },

    setxattr: async (calling) => await this.#setXattr(calling, true),
    lsetxattr: async (calling) => await this.#setXattr(calling, false),
    fsetxattr: async (calling) => {
      const [, name, value, size, flags] = calling.args;
      checkXattr(text(name), number(size), number(flags));
      return await done(setXattr(await this.#through(calling), text(name), bytesOf(value).subarray(0, number(size)), number(flags)));
    },
    fgetxattr: async (calling) => {
      const [, name, , room] = calling.args;
      checkXattr(text(name));
      return filled(await getXattr(await this.#through(calling), text(name), number(room)), number(room));
    },
    getxattr: async (calling) => await this.#getXattr(calling, true),
    lgetxattr: async (calling) => await this.#getXattr(calling, false),
    listxattr: async (calling) => await this.#listXattrs(calling, true),
    llistxattr: async (calling) => await this.#listXattrs(calling, false),
    removexattr: async (calling) => await this.#removeXattr(calling, true),
    lremovexattr: async (calling) => await this.#removeXattr(calling, false),
  };

  async #link(calling: Calling, from: Argument | undefined, flags: number, to: string): Promise<void> {
    const { walk, who } = calling;
    const found = async (): Promise<Attributes> => {
      if (typeof from === 'string') return (await walk.find(from, (flags & followLink) !== 0)).attributes;
      if ((flags & emptyPath) === 0 || who.uid !== root.uid) refuse('ENOENT');
      return (await this.#attributesOf(this.#descriptor(from, true), who)).attributes;
    };
    await link(calling, found, to);
  }

  async #access(calling: Calling, mask: number, follow: boolean): Promise<number> {
    if ((mask & ~7) !== 0) refuse('EINVAL');
    const { attributes } = await calling.walk.find(text(calling.args[1]), follow);
    if (mask !== 0) await calling.filesystem.access(calling.who, attributes.ino, mask);
    return 0;
  }

  async #write({ filesystem, who }: Calling, file: Descriptor, bytes: Uint8Array, offset: number): Promise<number> {
    if (!writes(file) || file.handle === undefined) refuse('EBADF');
    if (bytes.length === 0) return 0;
    return await filesystem.write(who, file.handle, offset, bytes, { killSetId: who.uid !== 0 });
  }

  /** From and to where the descriptors are. */
  async #copyRange(calling: Calling): Promise<number> {
    const [fromSlot, , toSlot, , asked] = calling.args;
    const [from, to] = [this.#descriptor(fromSlot), this.#descriptor(toSlot)];
    if (from.kind === 'directory' || to.kind === 'directory') refuse('EISDIR');
    if (from.kind === 'pipe' || to.kind === 'pipe') refuse('EINVAL');
    if (!reads(from) || !writes(to) || (to.flags & Open.append) !== 0) refuse('EBADF');
    if (from.handle === undefined || to.handle === undefined) return refuse('EBADF');
    const { filesystem, who } = calling;
    const { size } = (await filesystem.getAttributes(who, from.ino, from.handle)).attributes;
    const length = Math.max(0, Math.min(number(asked), size - from.position));
    if (from.ino === to.ino && to.position + length > from.position && to.position < from.position + length) refuse('EINVAL');
    if (length === 0) return 0;
    await dropPrivileges(await this.#throughDescriptor(calling, to));
    const copied = await filesystem.copyRange(who, from.handle, from.position, to.handle, to.position, length);
    from.position += copied;
    to.position += copied;
    return copied;
  }

  async #list(calling: Calling, path: string): Promise<Returned> {
    const { filesystem } = calling;
    const directory = await openPath({ ...calling, pipes: this.#pipes }, path, Open.directory | Open.nonBlocking, 0);
    const { handle } = directory;
    if (handle === undefined) return refuse('ENOTDIR');
    const names: ByteString[] = [];
    try {
      for (let offset = 0, before = -1; offset !== before;) {
        before = offset;
        await filesystem.readDirectory(handle, offset, false, (entry: DirectoryEntry) => {
          ({ offset } = entry);
          names.push(entry.name);
          return true;
        });
      }
    } finally {
      await filesystem.releaseDirectory(handle);
    }
    return { result: names.length, bytes: Buffer.from(names.sort().join('/'), 'latin1') };
  }

  async #setXattr(calling: Calling, follow: boolean): Promise<number> {
    const [, name, value, size, flags] = calling.args;
    checkXattr(text(name), number(size), number(flags));
    return await done(setXattr(await this.#at(calling, 0, follow), text(name), bytesOf(value).subarray(0, number(size)), number(flags)));
  }

  async #getXattr(calling: Calling, follow: boolean): Promise<Returned> {
    const [, name, , room] = calling.args;
    checkXattr(text(name));
    return filled(await getXattr(await this.#at(calling, 0, follow), text(name), number(room)), number(room));
  }

  async #listXattrs(calling: Calling, follow: boolean): Promise<Returned> {
    const room = number(calling.args[2]);
    return filled(await listXattrs(await this.#at(calling, 0, follow), room), room);
  }

  async #removeXattr(calling: Calling, follow: boolean): Promise<number> {
    const name = text(calling.args[1]);
    checkXattr(name);
    return await done(removeXattr(await this.#at(calling, 0, follow), name));
  }

  /** What the path at that place of the arguments names, to be changed. */
  async #at({ filesystem, who, walk, args }: Calling, place: number, follow: boolean): Promise<Changing> {
    const { attributes } = await walk.find(text(args[place]), follow);
    return { filesystem, who, attributes };
  }

  /** What the descriptor that the first argument names refers to, to be changed. */
  async #through(calling: Calling): Promise<Changing> {
    return await this.#throughDescriptor(calling, this.#descriptor(calling.args[0]));
  }

  async #throughDescriptor({ filesystem, who }: Calling, file: Descriptor): Promise<Changing> {
    const { attributes } = await this.#attributesOf(file, who);
    return { filesystem, who, attributes, handle: isRegular(attributes) ? file.handle : undefined };
  }

  async #attributesOf({ ino, handle }: Descriptor, who: Credentials): Promise<{ readonly attributes: Attributes }> {
    return await this.#filesystem.getAttributes(who, ino, handle);
  }

  /** `asPath`: one that was opened with O_PATH will do. */
  #descriptor(argument: Argument | undefined, asPath = false): Descriptor {
    const slot = typeof argument === 'object' && 'slot' in argument ? argument.slot : -1;
    const descriptor = this.#open.get(slot);
    if (descriptor === undefined || (descriptor.kind === 'path' && !asPath)) return refuse('EBADF');
    return descriptor;
  }

  /** Closes what the slot has, and gives it another. */
  async #keep(slot: number, next: Descriptor | undefined): Promise<void> {
    const before = this.#open.get(slot);
    this.#open.delete(slot);
    if (next !== undefined) this.#open.set(slot, next);
    if (before === undefined) return;
    if (before.kind === 'pipe') this.#pipes.close(before);
    if (before.handle !== undefined && before.kind === 'directory') await this.#filesystem.releaseDirectory(before.handle);
    if (before.handle !== undefined && before.kind === 'file') {
      await this.#filesystem.flush(before.handle);
      await this.#filesystem.release(before.handle);
    }
    for (const ino of this.#references.get(before) ?? []) this.#filesystem.forget(ino, 1);
    this.#references.delete(before);
  }
}

/** As the syscall worker prints it. */
function looked({ ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime }: Attributes): Buffer {
  const device = `${(rdev & 0xfff00) >>> 8}:${(rdev & 0xff) | ((rdev >>> 12) & 0xfff00)}`;
  const times = [atime, mtime, ctime].map(({ sec, nsec }) => `${sec}.${String(nsec).padStart(9, '0')}`);
  return Buffer.from([ino, mode, nlink, uid, gid, device, size, ...times].join(' '), 'latin1');
}

function outcome(syscall: Syscall, returned: Returned): Outcome {
  if (typeof returned === 'number') return { result: returned, errno: 0, rooms: roomsOf(syscall).map(() => Buffer.alloc(0)) };
  const { result, bytes } = returned;
  return { result, errno: 0, rooms: [Buffer.from(bytes)] };
}

function roomsOf({ name, args }: Syscall): readonly Argument[] {
  // These two answer without being given room.
  if (name === 'list') return [''];
  return args.filter((each) => typeof each === 'object' && 'room' in each);
}

/** As many bytes as were put into `room`; of room 0, asked how much it would be, none were. */
function filled(bytes: Uint8Array, room = bytes.length): Returned {
  return { result: bytes.length, bytes: room > 0 ? bytes : Buffer.alloc(bytes.length) };
}

async function done(call: Promise<void>): Promise<number> {
  await call;
  return 0;
}

function text(argument: Argument | undefined): string {
  return typeof argument === 'string' ? argument : refuse('EFAULT');
}

function number(argument: Argument | undefined): number {
  return typeof argument === 'number' ? argument : refuse('EFAULT');
}

function bytesOf(argument: Argument | undefined): Uint8Array {
  return typeof argument === 'string' ? Buffer.from(argument, 'latin1') : argument instanceof Uint8Array ? argument : refuse('EFAULT');
}
