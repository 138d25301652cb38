import { resolve } from 'node:path';
import { loadFuseNative, type FuseNative, type NativeMount } from './package.ts';
import { pathOperations } from './path-operations.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Log } from '../../../common/runtime/log.ts';
import type { Filesystem } from '../../vfs/filesystem.ts';
import type { Driver } from '../driver.ts';
import { mountsAt, prepareMountpoint, unmountPath } from '../kernel/mount-table.ts';

export interface FuseNativeDriverOptions {
  readonly log: Log;
  readonly mountpoint: string;
  /** Shown as what is mounted. */
  readonly source: string;
}

/** How often the mount table is looked at for an unmount by others, of which the package says nothing. */
const watchIntervalMs = 1000;

/**
 * Mounts through the npm package fuse-native, for users who may not mount by themselves. Its limits (README.md) are the
 * package's: no caller identity, milliseconds, mtime set to atime by utimens, UTF-8 names, 32-bit inode numbers, no
 * rename flags, no fallocate, no invalidation; so nothing is cached beyond an open file.
 */
export class FuseNativeDriver implements Driver {
  readonly ended: Promise<void>;
  readonly #filesystem: Filesystem;
  readonly #options: FuseNativeDriverOptions;
  readonly #FuseNative: FuseNative;
  #mount: NativeMount | undefined;
  #watch: NodeJS.Timeout | undefined;
  #resolveEnded: () => void = () => undefined;

  private constructor(FuseNative: FuseNative, filesystem: Filesystem, options: FuseNativeDriverOptions) {
    this.#FuseNative = FuseNative;
    this.#filesystem = filesystem;
    this.#options = options;
    this.ended = new Promise((done) => (this.#resolveEnded = done));
  }

  /** Rejects when the package is not usable here. */
  static async load(filesystem: Filesystem, options: FuseNativeDriverOptions): Promise<FuseNativeDriver> {
    return new FuseNativeDriver(await loadFuseNative(), filesystem, options);
  }

  async mount(): Promise<void> {
    const { log, mountpoint, source } = this.#options;
    const path = process.platform === 'linux' ? await prepareMountpoint(mountpoint, log) : resolve(mountpoint);
    const isRoot = process.getuid?.() === 0;
    const who = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, groups: process.getgroups?.() ?? [], pid: process.pid };
    const mount = new this.#FuseNative(path, pathOperations(this.#filesystem, who), {
      timeout: false,
      allowOther: isRoot,
      defaultPermissions: true,
      entryTimeout: '0',
      attrTimeout: '0',
      fsname: source,
      // The package knows no option for our inode numbers, and joins those it knows by commas. Without it every name has a number of its own.
      subtype: 'nacre,use_ino',
    });
    await new Promise<void>((done, fail) => {
      mount.mount((error) =>
        error ? fail(new FsError('EIO', `fuse-native cannot mount at ${path}: ${error.message}`, { cause: error })) : done(),
      );
    });
    this.#mount = mount;
    this.#watch = setInterval(() => void this.#endWhenGone(path), watchIntervalMs);
    log.info({ mountpoint: path, driver: 'fuse-native' }, 'mounted');
  }

  async unmount(): Promise<void> {
    const { log, mountpoint, source } = this.#options;
    const mount = this.#mount;
    if (mount === undefined) return;
    await this.#filesystem.syncAll().catch((err: unknown) => log.error({ err }, 'what was written could not be flushed: it may be lost'));
    const path = resolve(mountpoint);
    // Root needs no helper, and fusermount(1) is often not installed; others need it.
    if (process.getuid?.() !== 0 || !(await unmountPath(path, source, { lazy: true }))) {
      await new Promise<void>((done) => {
        mount.unmount((error) => {
          if (error) log.warn({ err: error }, 'fuse-native could not unmount');
          done();
        });
      });
    }
    this.#end();
  }

  async #endWhenGone(path: string): Promise<void> {
    if (process.platform === 'linux' && !(await this.#isMounted(path))) this.#end();
  }

  async #isMounted(path: string): Promise<boolean> {
    return (await mountsAt(path)).some(({ source }) => source === this.#options.source);
  }

  #end(): void {
    clearInterval(this.#watch);
    this.#mount = undefined;
    this.#resolveEnded();
  }
}
