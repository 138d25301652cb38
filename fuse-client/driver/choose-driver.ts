import { FsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Filesystem } from '../vfs/filesystem.ts';
import type { MountConfig } from './config.ts';
import type { Driver } from './driver.ts';
import { KernelDriver } from './kernel/kernel-driver.ts';

export interface DriverOptions extends MountConfig {
  readonly mountpoint: string;
  /** Shown as what is mounted. */
  readonly source: string;
  /** Of libuv's pool. */
  readonly threads: number;
}

/** The driver that `options.driver` asks for; "auto" takes the kernel's wherever we may mount. */
export async function chooseDriver(env: Env, filesystem: Filesystem, options: DriverOptions): Promise<Driver> {
  if (options.driver === 'kernel' || (options.driver === 'auto' && mayMount()))
    return new KernelDriver(filesystem, { ...options, log: env.log, readAheadBytes: options.kernelReadAheadBytes });
  try {
    const { FuseNativeDriver } = await import('./fuse-native/fuse-native-driver.ts');
    return await FuseNativeDriver.load(filesystem, { ...options, log: env.log });
  } catch (error) {
    if (error instanceof FsError) throw error;
    throw new FsError(
      'ENODEV',
      `the package fuse-native cannot be loaded (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}): install it (npm install fuse-native), or run as root with driver = "kernel"`,
      { cause: error },
    );
  }
}

/** mount(2) needs CAP_SYS_ADMIN, which root has except in a confined container; there the kernel driver says so. */
function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
