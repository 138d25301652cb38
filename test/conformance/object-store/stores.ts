/**
 * The implementations under test, each with a way to lose the process and open again what it left.
 * @module
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../../common/runtime/disk.ts';
import { NodeClock } from '../../../common/runtime/node/clock.ts';
import { NodeDisk } from '../../../common/runtime/node/disk.ts';
import { NodeRandom } from '../../../common/runtime/node/random.ts';
import type { PgId } from '../../../common/maps/ids.ts';
import type { Env } from '../../../common/runtime/env.ts';
import type { Log } from '../../../common/runtime/log.ts';
import { BlockStore, type BlockStoreOptions } from '../../../osd/store/block.ts';
import { MemoryStore } from '../../../osd/store/memory.ts';
import type { ObjectStore } from '../../../osd/store/object-store.ts';
import { FaultDisk } from './fault-disk.ts';
import { dice } from './history.ts';

export interface StoreUnderTest {
  /** The store that is open now. */
  readonly store: ObjectStore;
  /** The process dies without a word; `store` is a new one over what is left. */
  crash(): Promise<void>;
  /** Stops and starts again. */
  restart(): Promise<void>;
  /** Damages what holds `offset` of the object; the store must know it only by reading. */
  corrupt(...where: Parameters<MemoryStore['corrupt']>): Promise<void>;
  /**
   * Damages the record of an omap entry, or, without a key, that of the object itself, while the store is open or,
   * `closed`, between two lives of it.
   */
  corruptRecord(pg: PgId, object: string, key: Uint8Array | undefined, when: 'open' | 'closed'): Promise<void>;
  /** Stops it and removes what it left. */
  end(): Promise<void>;
}

export interface StoreOptions {
  readonly sizeBytesMax?: number;
}

export interface Implementation {
  readonly name: string;
  readonly open: (options?: StoreOptions) => Promise<StoreUnderTest>;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

export function nodeEnv(overrides: Partial<Env> = {}): Env {
  return {
    clock: new NodeClock(),
    random: new NodeRandom(),
    disk: new NodeDisk(),
    log: silent,
    network: undefined as never,
    spawn: (_name, fn) => void fn(),
    ...overrides,
  };
}

const memory: Implementation = {
  name: 'memory',
  async open(options = {}) {
    const env = nodeEnv();
    let store = new MemoryStore(env, options);
    await store.start();
    const reopen = async (): Promise<void> => {
      store = new MemoryStore(env, { ...options, image: store.image });
      await store.start();
    };
    const restart = async (): Promise<void> => {
      await store.stop();
      await reopen();
    };
    return {
      get store() {
        return store;
      },
      async crash() {
        store.crash();
        await reopen();
      },
      restart,
      corrupt(pg, object, offset) {
        store.corrupt(pg, object, offset);
        return Promise.resolve();
      },
      async corruptRecord(pg, object, key, when) {
        if (!store.corruptRecord(pg, object, key)) throw new Error('there is no such record');
        if (when === 'closed') await restart();
      },
      end: () => store.stop(),
    };
  },
};

/** `crashDisk` is what happens to the disk when the process dies. */
async function openBlock(
  options: { readonly sizeBytesMax?: number },
  disk: Disk,
  crashDisk: () => void,
  tuning: Partial<BlockStoreOptions>,
): Promise<StoreUnderTest> {
  const env = nodeEnv({ disk });
  const dataDir = mkdtempSync(join(tmpdir(), 'nacre-store-'));
  const make = (): BlockStore => new BlockStore(env, { dataDir, reserveBytes: 0, logSegmentBytes: 4 << 20, ...tuning, ...options });
  let store = make();
  await store.start();
  const reopen = async (): Promise<void> => {
    store = make();
    await store.start();
  };
  return {
    get store() {
      return store;
    },
    async crash() {
      crashDisk();
      await store.crash();
      await reopen();
    },
    async restart() {
      await store.stop();
      await reopen();
    },
    async corrupt(pg, object, offset) {
      // Everything in its place, nothing remembered; then the place is found by its bytes.
      await store.stop();
      const block = await disk.open(join(dataDir, 'block'), { create: false });
      await reopen();
      const [bytes] = await store.read(pg, object, offset - (offset % 4096), 4096);
      for (let at = 4096; ; at += 4096) {
        const found = await block.read(at, 4096);
        if (found.length < 4096) throw new Error('the block is nowhere in the file');
        if (!found.equals(bytes as Buffer)) continue;
        found[offset % 4096] = (found[offset % 4096] as number) ^ 1;
        await block.write(at, [found]);
        await block.sync();
        break;
      }
      await block.close();
    },
    async corruptRecord(_pg, object, key, when) {
      await store.stop();
      if (when === 'open') await reopen();
      flipRecord(join(dataDir, 'meta.mdb'), key === undefined ? 'O' : 'K', key ?? Buffer.from(object));
      if (when === 'closed') await reopen();
    },
    async end() {
      await store.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Flips a bit of the value under every key of a kind and six bytes of an id that ends like this, in pages new and old. */
export function flipRecord(path: string, kind: string, keyEnd: Uint8Array): void {
  const file = readFileSync(path);
  let flipped = 0;
  for (let at = file.indexOf(keyEnd); at >= 0; at = file.indexOf(keyEnd, at + 1)) {
    if (file[at - 7] !== kind.charCodeAt(0)) continue;
    const value = at + keyEnd.length;
    file[value] = (file[value] as number) ^ 1;
    flipped++;
  }
  if (flipped === 0) throw new Error(`no record of ${Buffer.from(keyEnd).toString()} in ${path}`);
  // In place: the store may have it mapped.
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, file, 0, file.length, 0);
  closeSync(descriptor);
}

const block: Implementation = {
  name: 'block',
  open: (options = {}) => openBlock(options, new NodeDisk(), () => undefined, {}),
};

let opened = 0;

/** On a disk that loses sectors, with everything small, so that checkpoints and crashes meet. */
const blockOnFaultDisk: Implementation = {
  name: 'block on a bad disk',
  open(options = {}) {
    const disk = new FaultDisk(dice(++opened));
    return openBlock(options, disk, () => disk.crash(), { logSegmentBytes: 1 << 20, flushIntervalMs: 5, cacheKib: 10, sliceEntries: 3 });
  },
};

export const implementations: readonly Implementation[] = [memory, block, blockOnFaultDisk];
