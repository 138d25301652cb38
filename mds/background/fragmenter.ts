/**
 * Divides directory fragments that have grown too large, and merges those that have become small. It is run where nothing
 * is being written back: what it changes is in memory and in the journal; names move with the next write-back.
 * @module
 */
import { toFsError } from '../../common/errors/fs-error.ts';
import type { Env } from '../../common/runtime/env.ts';
import { mayMerge, type Directory, type Fragment } from '../core/directory.ts';
import type { Shape } from '../core/fragment-shape.ts';
import type { MdsCore } from '../core/mds-core.ts';
import type { Loader } from './loader.ts';

export class Fragmenter {
  readonly #env: Env;
  readonly #core: MdsCore;
  readonly #loader: Loader;

  constructor(env: Env, core: MdsCore, loader: Loader) {
    this.#env = env;
    this.#core = core;
    this.#loader = loader;
  }

  /** Looks at everything that may be out of balance; what is being read just now is looked at the next time. */
  async run(): Promise<void> {
    const { unbalanced } = this.#core;
    if (unbalanced.size === 0) return;
    const busy: Fragment[] = [];
    for (const fragment of unbalanced) {
      unbalanced.delete(fragment);
      if (!(await this.#balance(fragment))) busy.push(fragment);
    }
    for (const fragment of busy) unbalanced.add(fragment);
  }

  /** Returns whether nothing is left to do, as far as can be told. */
  async #balance(fragment: Fragment): Promise<boolean> {
    const core = this.#core;
    const { directory } = fragment;
    const inode = core.cache.inodes.get(directory.ino);
    if (inode !== undefined && core.departures.isFrozen(inode)) return false;
    if (!this.#mayChange(fragment)) return true;
    if (fragment.isLarge(core.splitNames)) {
      if (isBusy(fragment)) return false;
      this.#reshape(directory, directory.divided(fragment));
      return true;
    }
    if (!fragment.isSmall(core.splitNames)) return true;
    for (;;) {
      const brothers = directory.brothers(fragment);
      if (brothers === undefined) return true;
      const names = brothers.reduce((sum, { count }) => sum + (count ?? 0), 0);
      if (!mayMerge(names, core.splitNames)) return true;
      // An object that names are being moved from may have some that are gone: it cannot be that of a fragment again before it is removed.
      if (brothers.some(isBusy) || directory.isMovingFrom(brothers)) return false;
      const unknown = brothers.find(({ count }) => count === undefined);
      if (unknown === undefined) {
        this.#reshape(directory, directory.merged(brothers));
        return true;
      }
      if (!(await this.#load(unknown)) || !this.#mayChange(fragment)) return true;
    }
  }

  #reshape(directory: Directory, shape: Shape): void {
    const before = directory.fragments.length;
    this.#core.reshape(directory, shape);
    this.#env.log.debug({ ino: directory.ino.toString(16), before, fragments: directory.fragments.length }, 'directory divided anew');
  }

  /** It is a part of a directory that is there. */
  #mayChange({ retired, directory }: Fragment): boolean {
    const inode = this.#core.cache.inodes.get(directory.ino);
    return !retired && directory.placed && inode !== undefined && inode.nlink > 0 && !this.#core.departures.isFrozen(inode);
  }

  /** False when it is damaged: then its directory stays as it is. */
  async #load(fragment: Fragment): Promise<boolean> {
    try {
      await this.#loader.fragment(fragment);
      return true;
    } catch (error) {
      if (toFsError(error).code === 'ESHUTDOWN') throw error;
      return false;
    }
  }
}

function isBusy({ changes }: Fragment): boolean {
  return changes.frozen > 0 || changes.writing !== undefined;
}
