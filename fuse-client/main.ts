/**
 * Composition root of one mount: `node fuse-client/main.js --config FILE`. When the mount serves requests it
 * prints one line on standard output, `{"ready":true,"mountpoint":"/mnt"}`. It exits 0 after a clean unmount, by
 * a signal or by umount(8).
 * @module
 */
import { commonSchema } from '../common/config/schema.ts';
import { FsError } from '../common/errors/fs-error.ts';
import type { Env } from '../common/runtime/env.ts';
import { runDaemon } from '../common/runtime/node/start.ts';
import type { Daemon } from '../common/runtime/node/start.ts';
import { connectFilesystem } from './client/index.ts';
import { mountSource } from './client/mount-source.ts';
import { clientSchema, type ClientConfig } from './config.ts';
import { chooseDriver } from './driver/choose-driver.ts';
import { mountSchema, type MountConfig } from './driver/config.ts';
import type { Driver } from './driver/driver.ts';
import { poolThreads } from './driver/thread-pool.ts';

const schema = { ...commonSchema, ...clientSchema, ...mountSchema } as const;

class Mount implements Daemon {
  readonly #env: Env;
  readonly #config: ClientConfig & MountConfig;
  #client: Awaited<ReturnType<typeof connectFilesystem>> | undefined;
  #driver: Driver | undefined;
  #stopped: Promise<void> | undefined;

  constructor(env: Env, config: ClientConfig & MountConfig) {
    this.#env = env;
    this.#config = config;
  }

  async start(): Promise<void> {
    const { name, fsid, mons, mountpoint } = this.#config;
    if (mountpoint === '') throw new FsError('EINVAL', 'no mount point: set mountpoint in the configuration or give --mountpoint DIR');
    if (mons.length === 0) throw new FsError('EINVAL', 'no monitors: set mons = ["host:port"] in the configuration');
    const client = await connectFilesystem(this.#env, { name, ...(fsid === '' ? {} : { fsid }), mons, config: this.#config });
    this.#client = client;
    const driver = await chooseDriver(this.#env, client.filesystem, {
      ...this.#config,
      source: mountSource(name, client.fsid),
      threads: poolThreads(process.env['UV_THREADPOOL_SIZE']),
    });
    this.#driver = driver;
    await driver.mount();
    process.stdout.write(`${JSON.stringify({ ready: true, mountpoint })}\n`);
    this.#env.spawn('unmount', () => this.#exitWhenUnmounted(driver));
  }

  /** Flushes, unmounts, leaves the cluster. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#driver?.unmount();
    await this.#client?.stop();
  }

  async #exitWhenUnmounted(driver: Driver): Promise<void> {
    await driver.ended;
    this.#env.log.info({ mountpoint: this.#config.mountpoint }, 'unmounted');
    await this.stop();
    process.exit(0);
  }
}

await runDaemon(schema, (env, config) => new Mount(env, config));
