/**
 * Brings what an operation is blocked on into memory. Everything that is asked for twice is read once.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Fragment } from '../core/directory.ts';
import { SystemIno } from '../core/inode.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { shelfName } from '../core/operation.ts';
import type { MetadataStore } from '../store/metadata-store.ts';

export class Loader {
  readonly #env: Env;
  readonly #core: MdsCore;
  readonly #store: MetadataStore;
  readonly #fragments = new Map<Fragment, Promise<void>>();
  readonly #inodes = new Map<number, Promise<void>>();

  constructor(env: Env, core: MdsCore, store: MetadataStore) {
    this.#env = env;
    this.#core = core;
    this.#store = store;
  }

  /** The fragment is wholly in memory. FsError EIO when it is damaged. */
  fragment(fragment: Fragment): Promise<void> {
    return once(this.#fragments, fragment, () => this.#readFragment(fragment));
  }

  /** The inode is in memory. FsError ESTALE when there is none of that number. */
  inode(ino: number): Promise<void> {
    return once(this.#inodes, ino, () => this.#readInode(ino));
  }

  async #readFragment(fragment: Fragment): Promise<void> {
    if (fragment.complete) return;
    const { changes } = fragment;
    // What is on disk must stand still while it is read.
    changes.loading = true;
    try {
      while (changes.writing !== undefined) await changes.written;
      const dentries = await this.#store.readFragment(fragment);
      this.#core.cache.loaded(fragment, dentries, (inode) => this.#core.adopt(inode));
      fragment.complete = true;
    } catch (error) {
      // Another MDS has the rank, or this one stops: nothing is wrong with the directory.
      if (toFsError(error).code !== 'ESHUTDOWN') this.#env.log.error({ object: changes.object, err: error }, 'a directory cannot be read');
      throw error;
    } finally {
      changes.loading = false;
    }
  }

  async #readInode(ino: number): Promise<void> {
    const { cache, locations } = this.#core;
    if (cache.inodes.has(ino)) return;
    const directory = ino === SystemIno.root ? SystemIno.base : (locations.recent(ino) ?? (await this.#store.readLocation(ino)));
    if (cache.inodes.has(ino)) return;
    if (directory === undefined || directory === 'gone') throw gone(ino);
    if (directory === SystemIno.linked || directory === SystemIno.strays) {
      await this.#readShelf(directory, ino);
    } else for (const fragment of cache.names(directory).fragments) await this.fragment(fragment);
    if (!cache.inodes.has(ino)) throw gone(ino);
  }

  /** One inode of a table that is not read as a whole. A removal that reached the disk meanwhile must not be undone. */
  async #readShelf(table: number, ino: number): Promise<void> {
    const { cache } = this.#core;
    const fragment = cache.names(table).fragmentOf(shelfName(ino));
    const { changes } = fragment;
    for (;;) {
      while (changes.writing !== undefined) await changes.written;
      const { writes } = changes;
      const dentry = await this.#store.readShelf(table, ino);
      if (dentry === undefined) return;
      if (changes.writes !== writes) continue;
      cache.loaded(fragment, [dentry], (inode) => this.#core.adopt(inode));
      return;
    }
  }
}

function gone(ino: number): FsError {
  return new FsError('ESTALE', `there is no inode ${ino.toString(16)}`);
}

async function once<K>(running: Map<K, Promise<void>>, key: K, read: () => Promise<void>): Promise<void> {
  let reading = running.get(key);
  if (reading === undefined) {
    reading = read().finally(() => running.delete(key));
    running.set(key, reading);
  }
  await reading;
}
