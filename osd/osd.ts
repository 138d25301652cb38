/**
 * An OSD: holds copies of placement groups and serves those whose primary it is.
 *
 * This shell follows the map, keeps the lease, routes messages to ops/ and starts the duties in background/.
 * Replication rules and their reasons: README.md.
 * @module
 */
import { FsError, toFsError } from '../common/errors/fs-error.ts';
import type { ClusterMap } from '../common/maps/cluster-map.ts';
import { entityName, instanceId, osdId, type InstanceId, type OsdId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import { WireMessenger } from '../common/wire/messenger.ts';
import { MapFollower } from '../mon/client/map-follower.ts';
import type { OsdConfig } from './config.ts';
import type { OsdContext } from './context.ts';
import { RunningOsd } from './running-osd.ts';
import type { ObjectStore } from './store/object-store.ts';
import { openSuperblock } from './superblock.ts';

export interface OsdOptions {
  readonly id: number;
  /** Empty: that of the store. */
  readonly fsid: string;
  /** What a new store is to be called: the OSD's number is kept for that one. Empty: anything. */
  readonly uuid?: string;
  readonly listen: string;
  /** Failure domain: the machine's name. */
  readonly host: string;
  readonly mons: readonly string[];
  readonly store: ObjectStore;
  readonly config: OsdConfig;
}

export class Osd {
  readonly #env: Env;
  readonly #options: OsdOptions;
  readonly #id: OsdId;
  #starting: Promise<void> | undefined;
  #running: RunningOsd | undefined;
  #abort = new AbortController();

  constructor(env: Env, options: OsdOptions) {
    this.#env = env;
    this.#options = options;
    this.#id = osdId(options.id);
  }

  /** Where it listens. Once started. */
  get address(): string {
    if (this.#running === undefined) throw new FsError('ESHUTDOWN', `osd.${this.#id} is not running`);
    return this.#running.address;
  }

  /** This life. Once started. */
  get instance(): InstanceId {
    if (this.#running === undefined) throw new FsError('ESHUTDOWN', `osd.${this.#id} is not running`);
    return this.#running.messenger.instance;
  }

  /** The map that it acts by. Once started. */
  get map(): ClusterMap {
    if (this.#running === undefined) throw new FsError('ESHUTDOWN', `osd.${this.#id} is not running`);
    return this.#running.map;
  }

  /** What it is doing, for those who watch it; undefined while it does not run. */
  get context(): OsdContext | undefined {
    return this.#running;
  }

  /** Resolves when the mon has marked it up. FsError EINVAL, EILSEQ, EBUSY from the store; EADDRINUSE; ETIMEDOUT without a mon. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  /** Resolves when nothing of it is pending and the store is closed. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#running = undefined;
    this.#starting = undefined;
    this.#abort = new AbortController();
    if (running === undefined) return;
    await running.stop();
    await this.#options.store.stop();
  }

  async #start(): Promise<void> {
    const { fsid, uuid = '', listen, host, mons, store, config } = this.#options;
    const env = this.#env;
    await store.start();
    try {
      const superblock = await openSuperblock(env, store, this.#id, { fsid, uuid });
      const messenger = new WireMessenger(env, {
        entity: entityName('osd', this.#id),
        instance: instanceId(env.random.id()),
        fsid: superblock.fsid,
      });
      try {
        const monClient = new MapFollower(env, { messenger, mons });
        const running = new RunningOsd(env, { id: this.#id, config, store, messenger, monClient, superblock, host });
        try {
          await running.start(listen, this.#abort.signal);
          this.#running = running;
        } catch (error) {
          await running.stop();
          throw error;
        }
      } catch (error) {
        await messenger.stop();
        throw error;
      }
    } catch (error) {
      await store.stop();
      throw toFsError(error);
    }
  }
}
