import { stat } from 'node:fs/promises';
import { writeHeaderBytes } from './abi.ts';
import { FuseDevice } from './device.ts';
import { KernelInvalidator } from './invalidator.ts';
import { mountDevice, prepareMountpoint, setReadAhead, unmountPath } from './mount-table.ts';
import type { Negotiated } from './negotiation.ts';
import { Session } from './session.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Log } from '../../../common/runtime/log.ts';
import type { Filesystem } from '../../vfs/filesystem.ts';
import type { Driver } from '../driver.ts';

export interface KernelDriverOptions {
  readonly log: Log;
  readonly mountpoint: string;
  /** Shown as the device in /proc/self/mounts: by it this mount is known from others. */
  readonly source: string;
  /** Further options for mount(8), such as `ro` or `noexec`. */
  readonly mountOptions: readonly string[];
  readonly readAheadBytes: number;
  /** How long flushing before an unmount may take. */
  readonly flushMsMax: number;
  /** Of libuv's pool (UV_THREADPOOL_SIZE). */
  readonly threads: number;
  /** Requests under way at which no more are read. */
  readonly requestsMax?: number;
}

/** ENODEV: unmounted; ECONNABORTED: cut off, by a forced unmount or through /sys/fs/fuse. */
const endings = new Set([19, 103]);
const ioBytesMax = 1 << 20;
const backgroundMax = 64;
const requestsMax = 4096;
const requestBytesMax = 128 << 20;
/** How long a detached mount may go on for those who have files open in it. */
const detachedMsMax = 1000;

/** Serves a filesystem to the kernel through /dev/fuse, without libraries. */
export class KernelDriver implements Driver {
  readonly ended: Promise<void>;
  readonly #filesystem: Filesystem;
  readonly #options: KernelDriverOptions;
  #resolveEnded: () => void = () => undefined;
  #device: FuseDevice | undefined;
  #session: Session | undefined;
  #path = '';
  #hasEnded = false;
  #unmounting: Promise<void> | undefined;

  constructor(filesystem: Filesystem, options: KernelDriverOptions) {
    this.#filesystem = filesystem;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  async mount(): Promise<void> {
    const { log, mountpoint, source, mountOptions, readAheadBytes } = this.#options;
    const path = await prepareMountpoint(mountpoint, log);
    // The kernel asks for room for the largest write and its header.
    const device = FuseDevice.open(ioBytesMax + Math.max(writeHeaderBytes, 4096));
    this.#path = path;
    this.#device = device;
    try {
      const agreed = await this.#connect(device, path, source, [`max_read=${String(ioBytesMax)}`, ...mountOptions]);
      await setReadAhead(path, readAheadBytes, log);
      await stat(path);
      log.info({ mountpoint: path, protocol: `7.${String(agreed.minor)}`, flags: agreed.flags.toString(16) }, 'mounted');
      if (!agreed.canIncreaseEpoch)
        log.warn(
          {},
          'this kernel (older than Linux 6.16) cannot be told safely to forget names: they are not cached, and lookups cost more',
        );
    } catch (error) {
      await unmountPath(path, source, { lazy: true });
      device.close();
      throw error;
    }
  }

  unmount(): Promise<void> {
    this.#unmounting ??= this.#flushAndUnmount();
    return this.#unmounting;
  }

  async #connect(device: FuseDevice, path: string, source: string, extra: readonly string[]): Promise<Negotiated> {
    const { log, readAheadBytes } = this.#options;
    await mountDevice(device.descriptor, path, { source, extra });
    const agreed = await new Promise<Negotiated>((resolve, reject) => {
      const session = new Session(device, this.#filesystem, (result) => (result instanceof FsError ? reject(result) : resolve(result)), {
        ioBytesMax,
        readAheadBytes,
        backgroundMax,
        requestsMax: this.#options.requestsMax ?? requestsMax,
        requestBytesMax,
        log,
      });
      const invalidator = new KernelInvalidator(device, { log, context: session.context, threads: this.#options.threads });
      this.#filesystem.setInvalidator(invalidator);
      this.#session = session;
      device.start({
        onRequest: (buffer) => session.onRequest(buffer),
        onEnd: (errno) => {
          if (!endings.has(errno)) log.error({ errno }, 'reading /dev/fuse failed');
          reject(new FsError('EIO', `the mount at ${path} ended before it was ready (errno ${String(errno)})`));
          void this.#end();
        },
      });
    });
    return agreed;
  }

  async #flushAndUnmount(): Promise<void> {
    const { log, flushMsMax, source } = this.#options;
    if (this.#session === undefined || this.#hasEnded) return;
    await this.#flush(flushMsMax);
    if (!(await unmountPath(this.#path, source, { lazy: false }))) {
      log.warn({ mountpoint: this.#path }, 'mount is in use: detaching it');
      await unmountPath(this.#path, source, { lazy: true });
      await Promise.race([this.ended, after(detachedMsMax)]);
      await Promise.race([this.ended, this.#flush(flushMsMax)]);
    }
    await Promise.race([this.ended, after(detachedMsMax)]);
    await this.#end();
  }

  /** Everything written is durable, if the cluster answers in time. */
  async #flush(msMax: number): Promise<void> {
    const { log } = this.#options;
    try {
      const done = await Promise.race([this.#filesystem.syncAll().then(() => true), after(msMax).then(() => false)]);
      if (!done) log.error({ msMax }, 'the cluster did not take what was written in time: it may be lost');
    } catch (err) {
      log.error({ err }, 'what was written could not be flushed: it may be lost');
    }
  }

  async #end(): Promise<void> {
    this.#hasEnded = true;
    const released = this.#session?.end();
    // With a notification under way the device could not be closed, and this process would not end.
    await Promise.race([this.#device?.quiet(), after(detachedMsMax)]);
    await released;
    this.#device?.close();
    this.#resolveEnded();
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
