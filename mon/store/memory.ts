import type { Env } from '../../common/runtime/env.ts';
import type { MapCommit, MonStore, StoredIncrement, StoredMap } from './mon-store.ts';

/** What a {@link MemoryStore} keeps: it survives the mon that has it open. */
export class MemoryDisk {
  full: { readonly fsid: string; readonly epoch: number; readonly bytes: Buffer } | undefined;
  increments: StoredIncrement[] = [];
  leases: Buffer | undefined;
}

export interface MemoryStoreOptions {
  /** The same for each life of a mon. Default: one of its own. */
  readonly disk?: MemoryDisk;
  /** What is written takes time: it is durable somewhen within that, and said to be at its end. Default: durable at once. */
  readonly slow?: { readonly env: Env; readonly commitMs: number };
  /** A record of leases begins to be written. */
  readonly onSaveLeases?: (bytes: Buffer) => void;
}

/**
 * A store in memory, for simulation and tests: what was committed survives as long as its disk, so that a mon that is
 * crashed and made again on the same disk finds it.
 */
export class MemoryStore implements MonStore {
  readonly #disk: MemoryDisk;
  readonly #slow: MemoryStoreOptions['slow'];
  readonly #onSaveLeases: MemoryStoreOptions['onSaveLeases'];
  /** Settles when the last write has. */
  #last: Promise<void> = Promise.resolve();

  constructor({ disk = new MemoryDisk(), slow, onSaveLeases }: MemoryStoreOptions = {}) {
    this.#disk = disk;
    this.#slow = slow;
    this.#onSaveLeases = onSaveLeases;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  load(): Promise<StoredMap | undefined> {
    const { full, increments } = this.#disk;
    if (!full) return Promise.resolve(undefined);
    const { fsid, epoch, bytes } = full;
    return Promise.resolve({ fsid, full: bytes, fullEpoch: epoch, increments: [...increments] });
  }

  commit({ fsid, epoch, increment, full, trimTo }: MapCommit): Promise<void> {
    return this.#write((disk) => {
      if (full) disk.full = { fsid, epoch, bytes: full };
      if (increment) disk.increments.push({ epoch, bytes: increment });
      disk.increments = disk.increments.filter((kept) => kept.epoch > trimTo);
    });
  }

  loadLeases(): Promise<Buffer | undefined> {
    return Promise.resolve(this.#disk.leases);
  }

  saveLeases(bytes: Buffer): Promise<void> {
    this.#onSaveLeases?.(bytes);
    return this.#write((disk) => (disk.leases = bytes));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(change: (disk: MemoryDisk) => void): Promise<void> {
    const slow = this.#slow;
    if (slow === undefined) {
      change(this.#disk);
      return Promise.resolve();
    }
    const { clock, random } = slow.env;
    this.#last = this.#last.then(async () => {
      const beforeMs = random.float() * slow.commitMs;
      await new Promise<void>((resolve) => clock.setTimer(beforeMs, resolve));
      change(this.#disk);
      await new Promise<void>((resolve) => clock.setTimer(slow.commitMs - beforeMs, resolve));
    });
    return this.#last;
  }
}
