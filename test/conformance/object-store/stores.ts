/**
 * The implementations under test, each with a way to lose the process and open again what it left.
 * @module
 */
import { NodeClock } from '../../../common/runtime/node/clock.ts';
import { NodeDisk } from '../../../common/runtime/node/disk.ts';
import { NodeRandom } from '../../../common/runtime/node/random.ts';
import type { Env } from '../../../common/runtime/env.ts';
import type { Log } from '../../../common/runtime/log.ts';
import { MemoryStore } from '../../../osd/store/memory.ts';
import type { ObjectStore } from '../../../osd/store/object-store.ts';

export interface StoreUnderTest {
  /** The store that is open now. */
  readonly store: ObjectStore;
  /** The process dies without a word; `store` is a new one over what is left. */
  crash(): Promise<void>;
  /** Stops and starts again. */
  restart(): Promise<void>;
  /** Damages what holds `offset` of the object; the store must know it only by reading. */
  corrupt(...where: Parameters<MemoryStore['corrupt']>): Promise<void>;
  /** Stops it and removes what it left. */
  end(): Promise<void>;
}

export interface Implementation {
  readonly name: string;
  open(options?: { readonly sizeBytesMax?: number }): Promise<StoreUnderTest>;
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
    return {
      get store() {
        return store;
      },
      async crash() {
        store.crash();
        await reopen();
      },
      async restart() {
        await store.stop();
        await reopen();
      },
      corrupt(pg, object, offset) {
        store.corrupt(pg, object, offset);
        return Promise.resolve();
      },
      end: () => store.stop(),
    };
  },
};

export const implementations: readonly Implementation[] = [memory];
