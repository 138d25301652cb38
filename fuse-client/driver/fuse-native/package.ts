/**
 * The parts of the npm package fuse-native 2.2.6 that we use; it has no types of its own.
 * @module
 */

/** `errno` is 0 or negative. */
export type Callback<T extends readonly unknown[] = []> = (errno: number, ...results: Partial<T>) => void;

export interface NativeStat {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly nlink: number;
  readonly ino: number;
  readonly rdev: number;
  readonly blksize: number;
  readonly blocks: number;
  /** Milliseconds since 1970, not negative. */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
}

export interface NativeStatfs {
  readonly bsize: number;
  readonly frsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
  readonly favail: number;
  readonly namemax: number;
}

/** Paths begin with `/` and were decoded as UTF-8. File numbers are what `open` and the like returned, never 0. */
export interface NativeOperations {
  statfs(path: string, done: Callback<[NativeStatfs]>): void;
  getattr(path: string, done: Callback<[NativeStat]>): void;
  access(path: string, mask: number, done: Callback): void;
  readlink(path: string, done: Callback<[string]>): void;
  readdir(path: string, done: Callback<[string[]]>): void;
  truncate(path: string, size: number, done: Callback): void;
  ftruncate(path: string, file: number, size: number, done: Callback): void;
  utimens(path: string, atimeMs: number, mtimeMs: number, done: Callback): void;
  chown(path: string, uid: number, gid: number, done: Callback): void;
  chmod(path: string, mode: number, done: Callback): void;
  mknod(path: string, mode: number, device: number, done: Callback): void;
  open(path: string, flags: number, done: Callback<[number]>): void;
  create(path: string, mode: number, done: Callback<[number]>): void;
  read(path: string, file: number, buffer: Buffer, length: number, offset: number, done: Callback<[number]>): void;
  write(path: string, file: number, buffer: Buffer, length: number, offset: number, done: Callback<[number]>): void;
  flush(path: string, file: number, done: Callback): void;
  fsync(path: string, dataOnly: number, file: number, done: Callback): void;
  fsyncdir(path: string, dataOnly: number, file: number, done: Callback): void;
  release(path: string, file: number, done: Callback): void;
  unlink(path: string, done: Callback): void;
  rmdir(path: string, done: Callback): void;
  mkdir(path: string, mode: number, done: Callback): void;
  rename(from: string, to: string, done: Callback): void;
  link(from: string, to: string, done: Callback): void;
  symlink(target: string, path: string, done: Callback): void;
  setxattr(path: string, name: string, value: Buffer, position: number, flags: number, done: Callback): void;
  getxattr(path: string, name: string, position: number, done: Callback<[Buffer]>): void;
  listxattr(path: string, done: Callback<[string[]]>): void;
  removexattr(path: string, name: string, done: Callback): void;
}

export interface NativeOptions {
  readonly timeout: false;
  readonly allowOther: boolean;
  readonly defaultPermissions: boolean;
  readonly entryTimeout: string;
  readonly attrTimeout: string;
  readonly fsname: string;
  readonly subtype: string;
}

export interface NativeMount {
  mount(done: (error?: Error | null) => void): void;
  unmount(done: (error?: Error | null) => void): void;
}

export type FuseNative = new (mountpoint: string, operations: NativeOperations, options: NativeOptions) => NativeMount;

/** Loads the package; rejects when it isn't installed or has no build for this system. */
export async function loadFuseNative(): Promise<FuseNative> {
  const name = 'fuse-native'; // optional: not resolved when it is missing
  const module = (await import(name)) as { readonly default: FuseNative };
  return module.default;
}
