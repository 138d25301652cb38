import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { FilesystemInfo } from '../../common/maps/cluster-map.ts';
import { epoch, ino, type Ino } from '../../common/maps/ids.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { MdsRanks } from '../../mds/client/index.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import type { ObjectClient } from '../../osd/client/object-client.ts';
import type { ClientConfig } from '../config.ts';
import { BlockCache } from './block-cache.ts';
import type { KernelName } from './directory.ts';
import { Fetcher } from './fetcher.ts';
import { FileData } from './file-data.ts';
import type { CacheInvalidator, MaybePromise } from './filesystem.ts';
import { bufferCaps, type Inode } from './inode.ts';
import { InodeTable } from './inode-table.ts';
import { backtraceOf } from './lineage.ts';
import { Locks } from './locks.ts';
import { ObjectIo } from './object-io.ts';
import { Reach } from './reach.ts';
import { layoutFrom, type FileLayout } from './striper.ts';
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
  readonly reach: Reach;
  invalidator: CacheInvalidator | undefined;
  root: Ino = ino(1);
  #cluster: Cluster;
  #ended = false;
  /** Calls that wait for another cluster, or the end. */
  #interrupted: (() => void)[] = [];
  #waiting: Promise<void> | undefined;
  #dropped: Promise<void> | undefined;

  constructor(env: Env, config: ClientConfig, cluster: Cluster) {
    this.env = env;
    this.config = config;
    this.#cluster = cluster;
    this.cache = new BlockCache(config.cacheBytesMax);
    this.io = new ObjectIo(
      () => this.#cluster.objects,
      () => this.#barrier(),
      (file, end, changes) => this.reach.before(file, end, changes),
      ({ ino: number }) => this.#backtrace(number),
    );
    this.reach = new Reach(this);
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

  #backtrace(number: Ino): Uint8Array | undefined {
    const inode = this.inodes.get(number);
    return inode && backtraceOf(this.inodes, inode);
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

  /** A new session, after an eviction. */
  replaceCluster(cluster: Cluster): void {
    this.#cluster = cluster;
    this.#wake();
  }

  /** There will be no other cluster. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    const interrupted = this.#interrupted;
    this.#interrupted = [];
    for (const wake of interrupted) wake();
  }

  /**
   * Does what a call asks for. When this client is evicted meanwhile, and nothing has come of it, it waits for the new session and does it
   * there: what the old session had is lost, the call is not. See {@link once}.
   */
  again<T>(act: () => MaybePromise<T>): MaybePromise<T> {
    const cluster = this.#cluster;
    const result = act();
    return result instanceof Promise ? this.#again(act, cluster, result, isUndone) : result;
  }

  /** {@link again} for what changes nothing, whatever the session ended in the midst of. */
  lookAgain<T>(act: () => MaybePromise<T>): MaybePromise<T> {
    const cluster = this.#cluster;
    const result = act();
    return result instanceof Promise ? this.#again(act, cluster, result, isOver) : result;
  }

  async #again<T>(act: () => MaybePromise<T>, began: Cluster, first: Promise<T>, mayBeDone: (error: FsError) => boolean): Promise<T> {
    let cluster = began;
    for (let result: MaybePromise<T> = first; ; result = act()) {
      try {
        return await result;
      } catch (error) {
        if (!mayBeDone(toFsError(error))) throw error;
        while (cluster === this.#cluster && !this.#ended) await new Promise<void>((resolve) => this.#interrupted.push(resolve));
        if (this.#ended) throw error;
        cluster = this.#cluster;
      }
    }
  }

  /** The inode, which the caller has a reference to. */
  inode(number: Ino): Inode {
    const inode = this.inodes.get(number);
    if (inode === undefined) throw new FsError('ESTALE', `inode ${number.toString(16)} is not known any more`);
    return inode;
  }

  /** Until the kernel has dropped all data that it has been told to so far, of whatever file. */
  get dropped(): Promise<void> | undefined {
    return this.#dropped;
  }

  /** The kernel is dropping some of the inode's data. */
  dropping(inode: Inode, drop: Promise<unknown>): void {
    inode.dropping(drop);
    const dropped = Promise.allSettled([this.#dropped, drop]).then(() => {
      if (this.#dropped === dropped) this.#dropped = undefined;
    });
    this.#dropped = dropped;
  }

  /** The kernel is about to be told that the file is `size` bytes long: it drops the page that it has from where the file ended before. */
  dropEnd(inode: Inode, size: number): void {
    const end = inode.endInKernel;
    if (end === undefined || size <= end) return;
    inode.endInKernel = undefined;
    const dropping = this.invalidate(inode.ino, end, 0);
    this.env.spawn('drop the end of a file from the kernel', () => dropping);
    this.dropping(inode, dropping);
  }

  /** The inode's data cache, made on first use. */
  data(inode: Inode): FileData {
    return (inode.data ??= new FileData(inode.ino, this.layout(inode), this.cache, inode.space));
  }

  layout(inode: Inode): FileLayout {
    return inode.data?.layout ?? layoutFrom(inode.layout, this.info.dataPool);
  }

  /** Has the OSDs say how much of the file is data, where that is in doubt and nobody is writing to it. */
  async recount(inode: Inode): Promise<void> {
    const { data, space } = inode;
    const isStill = (): boolean => data?.settled === true && inode.holds(bufferCaps);
    if (!space.unsure || data === undefined || !isStill()) return;
    const { changes } = space;
    try {
      const blocks = await this.io.countBlocks(data, inode.size);
      if (!isStill() || space.changes !== changes) return;
      space.recount(blocks);
    } catch (error) {
      this.env.log.debug({ ino: inode.ino, err: error }, 'it cannot be told how much of a file is data');
    }
  }

  /** Resolves when all changes of the inode are in the MDS's journal. FsError EIO, once, when one never will be. */
  async journaled(inode: Inode): Promise<void> {
    const { lastChanges } = inode;
    if (lastChanges === undefined) return;
    for (const change of lastChanges.open) {
      try {
        await this.mds.flush(change);
      } finally {
        if (change.lost !== undefined) lastChanges.forget(change);
      }
    }
  }

  /** Tells the kernel to forget data (`length` 0: to the end); `offset` -1 attributes only. `recalled`: another host waits for it. */
  async invalidate(number: Ino, offset: number, length: number, recalled = false): Promise<void> {
    await this.invalidator?.invalidateInode(number, offset, length, recalled);
  }

  async invalidateNames(parent: Ino, names: readonly KernelName[]): Promise<void> {
    const { invalidator } = this;
    if (invalidator !== undefined)
      await Promise.all(names.map(({ name, isFolder }) => invalidator.invalidateEntry(parent, name, isFolder)));
  }
}

/** The session is over: it says so itself, once for all that is lost with it. */
export function isOver({ code }: FsError): boolean {
  return code === 'ESHUTDOWN';
}

/** The session is over, and nothing has come of what was asked. */
function isUndone(error: FsError): boolean {
  return isOver(error) && error.retry === 'safe';
}

/** Work that changes something step by step: when the session ends in its midst the rest is not done in another. FsError ESHUTDOWN, `maybe-applied`. */
export async function once<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isUndone(toFsError(error))) throw error;
    throw new FsError('ESHUTDOWN', 'this client was evicted in the midst of it: some of it may have been done', {
      retry: 'maybe-applied',
      cause: error,
    });
  }
}
