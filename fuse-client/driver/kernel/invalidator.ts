/**
 * Takes from the kernel's caches what another host is about to change. The kernel may keep the sender of such a
 * notification waiting, so it goes out on another thread, and nothing here may wait for a request that itself
 * waits for the notification:
 *
 * - A name is dropped under its directory's lock, which a mkdir or lookup in that directory holds until we
 *   answer it; and its answer may have to wait for this very notification. When the kernel doesn't come back
 *   promptly, all cached names are declared old instead (increase of the epoch), which takes no lock. The stuck
 *   notification ends when the directory's lock is free, and does no harm then.
 * - Inodes that are only to be let go of, to save memory, are pruned: that takes no directory's lock, and leaves what is in use alone.
 * - Data is dropped under page locks, which reads and writes in progress hold until we answer them. So
 *   the filesystem must go on answering reads and writes of an inode under the capability it still has, until
 *   `invalidateInode` has resolved and it gives the capability back.
 * - Where no other host waits, data may be dropped that belongs to reads and writes which do wait for the MDS, and so for others: that has
 *   a thread of its own, and holds up no recall. README.md proves that nobody waits in a circle.
 *
 * @module
 */
import { highHalf, Notification, replyHeaderBytes } from './abi.ts';
import type { ByteString, Ino } from '../../../common/maps/ids.ts';
import type { Log } from '../../../common/runtime/log.ts';
import type { CacheInvalidator, Pruned } from '../../vfs/filesystem.ts';
import type { FuseDevice } from './device.ts';
import { Slots } from './slots.ts';
import type { Context } from './operation.ts';

const enoent = 2;
const einval = 22;
/** How long the kernel may take to drop a name before its directory's lock is taken to be held. */
const entryPatienceMs = 4;
/** More names than this are dropped together. */
const entriesQueuedMax = 64;
const retryMsMax = 50;
/**
 * FUSE_EXPIRE_ONLY (since Linux 6.3): the name is looked up before its next use, and stays where it is until then. One that is taken out is that of a
 * removed directory to whoever is in there: getcwd(2) says ENOENT.
 */
const expireOnly = 1;

export interface InvalidatorOptions {
  readonly log: Log;
  readonly context: Context;
  /** Of libuv's pool, at least `threadsMin`. */
  readonly threads: number;
}

export class KernelInvalidator implements CacheInvalidator {
  readonly #device: FuseDevice;
  readonly #options: InvalidatorOptions;
  /** Threads: one stays free for others (looking up a host's address, without which the session that all wait for cannot come back). */
  readonly #forRecalls: Slots;
  readonly #forOthers = new Slots(1);
  readonly #forNames = new Slots(1);
  readonly #names: NameDropper;

  constructor(device: FuseDevice, options: InvalidatorOptions) {
    this.#device = device;
    this.#options = options;
    this.#forRecalls = new Slots(Math.max(1, options.threads - 3));
    this.#names = new NameDropper(device, this.#forNames);
  }

  async invalidateInode(ino: Ino, offset: number, length: number, recalled = false): Promise<void> {
    const message = inodeMessage(ino, offset, length);
    const slots = recalled ? this.#forRecalls : this.#forOthers;
    // An inode that we have told the kernel of may not be in its cache yet, while the caller is still waking up
    // to our reply; it would be cached after this notification. It is there, or forgotten, a moment later.
    for (let retryMs = 1; this.#options.context.isReferenced(ino); retryMs = Math.min(retryMs * 2, retryMsMax)) {
      const errno = await slots.run(() => this.#device.notify(message));
      if (errno !== enoent) {
        if (errno !== 0) this.#options.log.debug({ ino, errno }, 'kernel did not invalidate an inode');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  invalidateEntry(parent: Ino, name: ByteString, isFolder = false): Promise<void> {
    if (!this.#options.context.namesCacheable) return Promise.resolve();
    return this.#names.drop(entryMessage(parent, name, isFolder ? expireOnly : 0));
  }

  async prune(inodes: readonly Ino[]): Promise<Pruned> {
    const { context, log } = this.#options;
    if (!context.canPrune) return 'unknown';
    const errno = await this.#forNames.run(() => this.#device.notify(pruneMessage(inodes)));
    if (errno === 0) return 'asked';
    log.debug({ errno }, 'kernel did not let go of inodes');
    // Kernels of the same minor version have been released without it. Anything else, as want of memory, says nothing of the next time.
    return errno === einval ? 'unknown' : 'failed';
  }
}

interface QueuedName {
  readonly message: Uint8Array;
  readonly resolve: () => void;
}

/** Drops names one after the other, or all of the cache when a directory's lock is in the way. */
class NameDropper {
  readonly #device: FuseDevice;
  readonly #slots: Slots;
  readonly #queue: QueuedName[] = [];
  #state: 'idle' | 'dropping' | 'stuck' = 'idle';

  constructor(device: FuseDevice, slots: Slots) {
    this.#device = device;
    this.#slots = slots;
  }

  drop(message: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ message, resolve });
      if (this.#state === 'stuck' || this.#queue.length > entriesQueuedMax) this.#expireAll();
      else if (this.#state === 'idle') void this.#work();
    });
  }

  async #work(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      this.#state = 'dropping';
      const patience = setTimeout(() => {
        this.#state = 'stuck';
        this.#expireAll();
      }, entryPatienceMs);
      // ENOENT and the like: the name isn't cached, or is in use in a way that looks it up again.
      await this.#slots.run(() => this.#device.notify(next.message));
      clearTimeout(patience);
      if (this.#queue[0] === next) this.#queue.shift();
      next.resolve();
    }
    this.#state = 'idle';
  }

  /** Every name cached so far is looked up again before use. */
  #expireAll(): void {
    this.#device.notifyNow(epochMessage);
    for (const { resolve } of this.#queue.splice(0)) resolve();
  }
}

/** struct fuse_notify_inval_inode_out: inode, offset, length. */
export function inodeMessage(ino: Ino, offset: number, length: number): Uint8Array {
  const words = new Uint32Array((replyHeaderBytes + 24) / 4);
  header(words, words.byteLength, Notification.invalidateInode);
  [ino, offset, length].forEach((value, index) => {
    words[4 + index * 2] = value;
    words[5 + index * 2] = highHalf(value);
  });
  return new Uint8Array(words.buffer);
}

/** struct fuse_notify_inval_entry_out: parent, length of the name, flags; the name, ended by NUL. */
export function entryMessage(parent: Ino, name: ByteString, flags = 0): Uint8Array {
  const nameAt = replyHeaderBytes + 16;
  const message = Buffer.from(new ArrayBuffer((nameAt + name.length + 1 + 3) & ~3));
  const words = new Uint32Array(message.buffer, message.byteOffset, message.length / 4);
  const length = nameAt + name.length + 1;
  header(words, length, Notification.invalidateEntry);
  words[4] = parent;
  words[5] = highHalf(parent);
  words[6] = name.length;
  words[7] = flags;
  message.write(name, nameAt, 'latin1');
  return message.subarray(0, length);
}

/** struct fuse_notify_prune_out: count; the inodes. */
export function pruneMessage(inodes: readonly Ino[]): Uint8Array {
  const listAt = (replyHeaderBytes + 16) / 4;
  const words = new Uint32Array(listAt + 2 * inodes.length);
  header(words, words.byteLength, Notification.prune);
  words[replyHeaderBytes / 4] = inodes.length;
  inodes.forEach((ino, index) => {
    words[listAt + index * 2] = ino;
    words[listAt + index * 2 + 1] = highHalf(ino);
  });
  return new Uint8Array(words.buffer);
}

const epochMessage = ((): Uint8Array => {
  const words = new Uint32Array(replyHeaderBytes / 4);
  header(words, replyHeaderBytes, Notification.increaseEpoch);
  return new Uint8Array(words.buffer);
})();

/** A notification is a reply with id 0 whose error field is the notification's code. */
function header(words: Uint32Array, lengthBytes: number, code: number): void {
  words[0] = lengthBytes;
  words[1] = code;
}
