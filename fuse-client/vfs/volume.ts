import { FsError } from '../../common/errors/fs-error.ts';
import type { FilesystemInfo } from '../../common/maps/cluster-map.ts';
import { epoch, ino, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { MdsRanks } from '../../mds/client/index.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { ObjectClient } from '../../osd/client/object-client.ts';
import type { ClientConfig } from '../config.ts';
import { BlockCache } from './block-cache.ts';
import { Fetcher } from './fetcher.ts';
import { FileData } from './file-data.ts';
import type { CacheInvalidator } from './filesystem.ts';
import type { Inode } from './inode.ts';
import { InodeTable } from './inode-table.ts';
import { Locks } from './locks.ts';
import { ObjectIo } from './object-io.ts';
import { defaultObjectSize } from './striper.ts';
import { WriteBack } from './write-back.ts';

/** Without a mon there is no newer map: waiting goes on until one answers. */
const barrierTimeoutMs = 3_600_000;

/** The cluster as this client reaches it. Replaced whole when the client was evicted and starts anew. */
export interface Cluster {
  readonly mds: MdsRanks;
  readonly objects: ObjectClient;
  readonly mon: MonClient;
}

/** What all parts of the filesystem work on. */
export class Volume {
  readonly env: Env;
  readonly config: ClientConfig;
  readonly inodes = new InodeTable();
  readonly cache: BlockCache;
  readonly io: ObjectIo;
  readonly writeBack: WriteBack;
  readonly fetcher: Fetcher;
  readonly locks: Locks;
  invalidator: CacheInvalidator | undefined;
  root: Ino = ino(1);
  #cluster: Cluster;
  #waiting: Promise<void> | undefined;

  constructor(env: Env, config: ClientConfig, cluster: Cluster) {
    this.env = env;
    this.config = config;
    this.#cluster = cluster;
    this.cache = new BlockCache(config.cacheBytesMax);
    this.io = new ObjectIo(
      () => this.#cluster.objects,
      () => this.#barrier(),
    );
    this.writeBack = new WriteBack(env, this.io, this.cache, config);
    this.locks = new Locks(this);
    this.fetcher = new Fetcher(this.io, this.cache, config);
  }

  get mds(): MdsRanks {
    return this.#cluster.mds;
  }

  /** Whether what is cached of it under caps may be used now: the MDS that gave them cannot have evicted us yet. */
  leased(inode: { readonly rank: number }): boolean {
    return this.#cluster.mds.of(inode).leased;
  }

  get mon(): MonClient {
    return this.#cluster.mon;
  }

  /** Undefined while our map is as new as our grants ask for. */
  #barrier(): Promise<void> | undefined {
    const { mds, mon } = this.#cluster;
    if (this.#waiting === undefined && mon.map.epoch >= mds.barrierEpoch) return undefined;
    // Kept until those who wait have gone on: nobody overtakes them.
    return (this.#waiting ??= mon.waitForEpoch(epoch(mds.barrierEpoch), { timeoutMs: barrierTimeoutMs }).then(
      () => this.env.clock.defer(() => (this.#waiting = undefined)),
      (error: unknown) => {
        this.#waiting = undefined;
        throw error;
      },
    ));
  }

  /** The filesystem as the map has it. */
  get info(): FilesystemInfo {
    const info = this.mon.map.filesystems[0];
    if (info === undefined) throw new FsError('ENODEV', 'the cluster has no filesystem: make one with nacre up');
    return info;
  }

  replaceCluster(cluster: Cluster): void {
    this.#cluster = cluster;
  }

  /** The inode, which the caller has a reference to. */
  inode(number: Ino): Inode {
    const inode = this.inodes.get(number);
    if (inode === undefined) throw new FsError('ESTALE', `inode ${number.toString(16)} is not known any more`);
    return inode;
  }

  /** The inode's data cache, made on first use. */
  data(inode: Inode): FileData {
    return (inode.data ??= new FileData(inode.ino, inode.layoutOr(this.info.dataPool, defaultObjectSize), this.cache, inode.space));
  }

  /** Resolves when the last change of the inode is in the MDS's journal. FsError EIO, once, when it never will be. */
  async journaled(inode: Inode): Promise<void> {
    const change = inode.lastChange;
    if (change === undefined || change.durable) return;
    try {
      await this.mds.flush(change);
    } finally {
      if (change.lost !== undefined && inode.lastChange === change) inode.lastChange = undefined;
    }
  }

  /** Tells the kernel to forget data (`length` 0: to the end); `offset` -1 attributes only. `recalled`: another host waits for it. */
  async invalidate(number: Ino, offset: number, length: number, recalled = false): Promise<void> {
    await this.invalidator?.invalidateInode(number, offset, length, recalled);
  }

  async invalidateNames(parent: Ino, names: readonly ByteString[]): Promise<void> {
    const { invalidator } = this;
    if (invalidator !== undefined) await Promise.all(names.map((name) => invalidator.invalidateEntry(parent, name)));
  }
}

/** The session is over: it says so itself, once for all that is lost with it. */
export function isOver({ code }: FsError): boolean {
  return code === 'ESHUTDOWN';
}
