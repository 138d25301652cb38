import type { Callback, NativeOperations, NativeStat } from './package.ts';
import { PathWalker } from './path-walker.ts';
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import { byteStringOf, bytesOf, printable } from '../../../common/maps/ids.ts';
import type { ByteString, Ino } from '../../../common/maps/ids.ts';
import type { Timespec } from '../../../common/runtime/clock.ts';
import type { AttributeChanges, Attributes, Credentials, Entry, Filesystem, Handle } from '../../vfs/filesystem.ts';

/** chown(2)'s "leave as it is". */
const unchangedId = 0xffff_ffff;
const createFlags = 0o102; // O_CREAT | O_RDWR: the package does not pass the caller's
const allPermissions = { killSetId: false } as const;
/** fuse-native's counts are 32 bits wide: units are made large enough for any filesystem. */
const statfsUnitBytes = 1 << 20;

/** A filesystem by inode as the path-based operations that fuse-native calls. */
export function pathOperations(filesystem: Filesystem, who: Credentials): NativeOperations {
  const walker = new PathWalker(filesystem, who);
  const files = new Map<number, Handle>();
  let lastFile = 0;

  const open = (handle: Handle): number => {
    lastFile = (lastFile % 0x7fff_ffff) + 1;
    files.set(lastFile, handle);
    return lastFile;
  };
  const opened = (file: number): Handle => {
    const handle = files.get(file);
    if (handle === undefined) throw new FsError('EBADF', `file ${String(file)} is not open`);
    return handle;
  };
  const change = async (path: string, changes: AttributeChanges): Promise<void> => {
    await walker.at(path, (ino) => filesystem.setAttributes(who, ino, changes));
  };
  const make = async (
    path: string,
    create: (directory: Ino, name: Parameters<Filesystem['unlink']>[2]) => Entry | Promise<Entry>,
  ): Promise<void> => {
    const entry = await walker.in(path, create);
    filesystem.forget(entry.attributes.ino, 1);
  };

  return {
    statfs: (_path, done) =>
      answer(done, async () => {
        const { totalBytes, freeBytes, files: count, freeFiles, nameMax } = await filesystem.statfs(filesystem.root);
        const free = Math.floor(freeBytes / statfsUnitBytes);
        const counts = { files: clamp(count), ffree: clamp(freeFiles), favail: clamp(freeFiles) };
        return {
          bsize: statfsUnitBytes,
          frsize: statfsUnitBytes,
          blocks: Math.floor(totalBytes / statfsUnitBytes),
          bfree: free,
          bavail: free,
          ...counts,
          namemax: nameMax,
        };
      }),
    getattr: (path, done) =>
      answer(done, () => walker.at(path, async (ino) => statOf((await filesystem.getAttributes(who, ino)).attributes))),
    access: (path, mask, done) => answer(done, () => walker.at(path, (ino) => filesystem.access(who, ino, mask))),
    readlink: (path, done) => answer(done, () => walker.at(path, async (ino) => printable(await filesystem.readLink(who, ino)))),
    readdir: (path, done) => answer(done, () => walker.at(path, (ino) => namesIn(filesystem, who, ino))),
    truncate: (path, size, done) => answer(done, () => change(path, { size })),
    ftruncate: (_path, file, size, done) =>
      answer(done, async () => {
        const handle = opened(file);
        await filesystem.setAttributes(who, handle.ino, { size }, handle);
      }),
    utimens: (path, atimeMs, mtimeMs, done) => answer(done, () => change(path, { atime: timespecOf(atimeMs), mtime: timespecOf(mtimeMs) })),
    chown: (path, uid, gid, done) =>
      answer(done, () => change(path, { ...(uid === unchangedId ? {} : { uid }), ...(gid === unchangedId ? {} : { gid }) })),
    chmod: (path, mode, done) => answer(done, () => change(path, { mode: mode & 0o7777 })),
    mknod: (path, mode, device, done) =>
      answer(done, () => make(path, (directory, name) => filesystem.makeNode(who, directory, name, mode, device, 0))),
    open: (path, flags, done) => answer(done, () => walker.at(path, async (ino) => open((await filesystem.open(who, ino, flags)).handle))),
    create: (path, mode, done) =>
      answer(done, async () => {
        const created = await walker.in(path, (directory, name) => filesystem.create(who, directory, name, mode, createFlags, 0));
        filesystem.forget(created.attributes.ino, 1);
        return open(created.handle);
      }),
    read: (_path, file, buffer, length, offset, done) =>
      count(done, async () => {
        let at = 0;
        for (const piece of await filesystem.read(opened(file), offset, length)) {
          buffer.set(piece, at);
          at += piece.length;
        }
        return at;
      }),
    write: (_path, file, buffer, length, offset, done) =>
      count(done, () => filesystem.write(who, opened(file), offset, buffer.subarray(0, length), allPermissions)),
    flush: (_path, file, done) => answer(done, () => filesystem.flush(opened(file))),
    fsync: (_path, dataOnly, file, done) => answer(done, () => filesystem.fsync(opened(file), dataOnly !== 0)),
    fsyncdir: (path, _dataOnly, _file, done) =>
      answer(done, () =>
        walker.at(path, async (ino) => {
          const { handle } = await filesystem.openDirectory(who, ino, 0);
          await filesystem.fsyncDirectory(handle);
          await filesystem.releaseDirectory(handle);
        }),
      ),
    release: (_path, file, done) =>
      answer(done, async () => {
        const handle = opened(file);
        files.delete(file);
        await filesystem.release(handle);
      }),
    unlink: (path, done) => answer(done, () => walker.in(path, (directory, name) => filesystem.unlink(who, directory, name))),
    rmdir: (path, done) => answer(done, () => walker.in(path, (directory, name) => filesystem.removeDirectory(who, directory, name))),
    mkdir: (path, mode, done) =>
      answer(done, () => make(path, (directory, name) => filesystem.makeDirectory(who, directory, name, mode, 0))),
    rename: (from, to, done) =>
      answer(done, () =>
        walker.in(from, (directory, name) =>
          walker.in(to, (newDirectory, newName) => filesystem.rename(who, directory, name, newDirectory, newName, 0)),
        ),
      ),
    link: (from, to, done) =>
      answer(done, () => walker.at(from, (ino) => make(to, (directory, name) => filesystem.link(who, ino, directory, name)))),
    symlink: (target, path, done) =>
      answer(done, () => make(path, (directory, name) => filesystem.symlink(who, directory, name, byteStringOf(target)))),
    setxattr: (path, name, value, _position, flags, done) =>
      answer(done, () => walker.at(path, (ino) => filesystem.setXattr(who, ino, plainXattr(name), Uint8Array.from(value), flags))),
    getxattr: (path, name, _position, done) =>
      answer(done, () => walker.at(path, async (ino) => Buffer.from(await filesystem.getXattr(who, ino, plainXattr(name))))),
    listxattr: (path, done) => answer(done, () => walker.at(path, async (ino) => (await filesystem.listXattrs(who, ino)).map(printable))),
    removexattr: (path, name, done) => answer(done, () => walker.at(path, (ino) => filesystem.removeXattr(who, ino, plainXattr(name)))),
  };
}

function answer<T>(done: Callback<[T]>, operation: () => Promise<T> | T): void {
  void attempt(operation).then(
    (result) => done(0, result),
    (error: unknown) => done(-toFsError(error).errno),
  );
}

/** read and write answer the number of bytes where others answer 0. */
function count(done: Callback<[number]>, operation: () => Promise<number> | number): void {
  void attempt(operation).then(
    (bytes) => done(bytes, bytes),
    (error: unknown) => done(-toFsError(error).errno, 0),
  );
}

async function attempt<T>(operation: () => Promise<T> | T): Promise<T> {
  return operation();
}

/** Access control lists are refused: mounted this way, the kernel would not obey them. */
function plainXattr(name: string): ByteString {
  if (name.startsWith('system.posix_acl_')) throw new FsError('EOPNOTSUPP', 'access control lists need driver = "kernel"');
  return byteStringOf(name);
}

async function namesIn(filesystem: Filesystem, who: Credentials, ino: Ino): Promise<string[]> {
  const { handle } = await filesystem.openDirectory(who, ino, 0);
  const names: string[] = [];
  try {
    for (let offset = 0, before = -1; names.length !== before;) {
      before = names.length;
      await filesystem.readDirectory(handle, offset, false, (entry) => {
        names.push(bytesOf(entry.name).toString('utf8'));
        offset = entry.offset;
        return true;
      });
    }
  } finally {
    await filesystem.releaseDirectory(handle);
  }
  return names;
}

function statOf({ mode, uid, gid, size, nlink, ino, rdev, blockSize, blocks, atime, mtime, ctime }: Attributes): NativeStat {
  return { mode, uid, gid, size, nlink, ino, rdev, blksize: blockSize, blocks, atime: msOf(atime), mtime: msOf(mtime), ctime: msOf(ctime) };
}

function msOf({ sec, nsec }: Timespec): number {
  return Math.max(0, sec * 1000 + Math.floor(nsec / 1_000_000));
}

function timespecOf(ms: number): Timespec {
  return { sec: Math.floor(ms / 1000), nsec: (ms % 1000) * 1_000_000 };
}

function clamp(value: number): number {
  return Math.min(value, 0xffff_ffff);
}
