/**
 * After entries were lost: looks through all fragments for what only those entries would have told. A name whose inode has moved on, or is
 * gone, is taken away, so that no inode is at two places; and objects that a directory was divided into, or merged from, give it their
 * names, though the entry that says so is lost. Nothing has been written back yet: what the journal has is newer than all of them.
 * @module
 */
import { FsError, toFsError } from '../../../common/errors/fs-error.ts';
import { isSame, type FragmentId } from '../../core/fragment-shape.ts';
import { isSystemDirectory, type Dentry, type Place } from '../../core/inode.ts';
import { blockOf } from '../../core/block-table.ts';
import type { MetadataStore } from '../../store/metadata-store.ts';
import type { PatientObjects } from '../../store/patient-objects.ts';
import type { PoolId } from '../../../common/maps/ids.ts';
import { isDamage } from '../damage-keeper.ts';
import type { Loader } from '../loader.ts';
import type { RecoveredState } from './recovered-state.ts';

const namesPerPg = 128;

export interface StaleNamesOptions {
  readonly state: RecoveredState;
  readonly store: MetadataStore;
  readonly loader: Loader;
  readonly objects: PatientObjects;
  readonly pool: PoolId;
  readonly cacheEntriesMax: number;
}

/** Fragments that have objects, by directory. */
export type StoredFragments = ReadonlyMap<number, readonly FragmentId[]>;

/** All fragments that have an object. */
export async function storedFragments(objects: PatientObjects, pool: PoolId): Promise<StoredFragments> {
  const found = new Map<number, FragmentId[]>();
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { readonly names: readonly string[]; readonly through: string | undefined } = await objects.names(
      pool,
      '',
      after,
      namesPerPg,
    );
    for (const name of page.names) {
      const match = /^([0-9a-f]{1,14})\.([0-9a-f]{2})([0-9a-f]{6})$/.exec(name);
      if (match === null) continue;
      const [, ino, bits, value] = match.map((digits) => Number.parseInt(digits, 16)) as [number, number, number, number];
      const known = found.get(ino);
      if (known === undefined) found.set(ino, [{ bits, value }]);
      else known.push({ bits, value });
    }
    after = page.through;
  }
  return found;
}

export class StaleNames {
  readonly #options: StaleNamesOptions;
  /** Directories whose names lay in objects that they were not known to have. */
  readonly gathered: number[] = [];

  constructor(options: StaleNamesOptions) {
    this.#options = options;
  }

  async remove(stored: StoredFragments): Promise<void> {
    const { state, cacheEntriesMax } = this.#options;
    for (const [directory, ids] of stored) await this.#gather(directory, ids);
    for (const [directory, ids] of stored) {
      for (const id of ids) await this.#checkFragment(directory, id);
      state.core.cache.shrink(cacheEntriesMax);
    }
  }

  /** Objects that are no part of how the directory is divided may have names that nobody would look for there. */
  async #gather(ino: number, ids: readonly FragmentId[]): Promise<void> {
    const { state } = this.#options;
    const { cache } = state.core;
    if (isSystemDirectory(ino) || state.gone.has(ino)) return;
    const isDivided = (cache.inodes.get(ino)?.shape.length ?? 0) > 0;
    if ((!isDivided && ids.every(({ bits }) => bits === 0)) || !(await this.#load(ino))) return;
    const parts = cache.names(ino).fragments.flatMap(({ id, sources }) => [id, ...sources]);
    const strange = ids.filter((id) => !parts.some((part) => isSame(part, id)));
    const dentry = cache.inodes.get(ino)?.dentry;
    if (strange.length === 0 || dentry === undefined) return;
    this.gathered.push(ino);
    // The one in memory is replaced by it, and counts as removed then.
    state.amend({ kind: 'set', dentry: { ...dentry, removed: false } }, { kind: 'reshaped', directory: ino, sources: strange });
    // Also where all that its own objects have is in memory.
    for (const fragment of cache.names(ino).fragments) {
      if (fragment.sources.length === 0) continue;
      fragment.gathered = false;
      fragment.absent = undefined;
    }
  }

  async #checkFragment(directory: number, id: FragmentId): Promise<void> {
    const { store } = this.#options;
    // A name whose record is damaged says nothing: a scrub tells of it.
    try {
      for await (const page of store.readFragment(directory, id, { onDamaged: () => undefined })) await this.#checkPage(page);
    } catch (error) {
      if (!isDamage(toFsError(error))) throw error;
    }
  }

  async #checkPage(page: readonly Dentry[]): Promise<void> {
    const { state } = this.#options;
    const unknown = new Map<number, Dentry[]>();
    for (const dentry of page) {
      const { inode, directory, name } = dentry;
      if (inode === undefined || state.overrides(directory, name)) continue;
      const home = state.homes.get(inode.ino);
      if (state.gone.has(inode.ino) || (home !== undefined && (home.directory !== directory || home.name !== name))) {
        state.giveWay(dentry);
        continue;
      }
      const block = blockOf(inode.ino);
      const known = unknown.get(block);
      if (known === undefined) unknown.set(block, [dentry]);
      else known.push(dentry);
    }
    for (const dentries of unknown.values()) {
      const places = await this.#options.store.readLocations(dentries.map(({ inode }) => inode?.ino ?? 0));
      for (const dentry of dentries) {
        const place = places.get(dentry.inode?.ino ?? 0);
        if (typeof place === 'object' && (place.directory !== dentry.directory || place.name !== dentry.name))
          await this.#decide(dentry, place);
      }
    }
  }

  /** The table has another place for it. Where it is there too, what is older goes. */
  async #decide(dentry: Dentry, place: Place): Promise<void> {
    const { state } = this.#options;
    const { inode } = dentry;
    const other = await this.#at(place);
    if (inode === undefined || other?.inode?.ino !== inode.ino) return;
    if (other.inode.version >= inode.version) {
      state.giveWay(dentry);
      return;
    }
    state.giveWay(place);
    state.amend({ kind: 'set', dentry });
  }

  /** What is stored at a place that the journal says nothing of. */
  async #at({ directory, name }: Place): Promise<Dentry | undefined> {
    const { state, store } = this.#options;
    if (state.overrides(directory, name) || (!isSystemDirectory(directory) && !(await this.#load(directory)))) return undefined;
    const { id, sources } = state.core.cache.names(directory).fragmentOf(name);
    try {
      for (const from of [id, ...sources]) {
        const found = await store.readName(directory, from, name);
        if (found !== undefined) return found;
      }
    } catch (error) {
      if (!isDamage(toFsError(error))) throw error;
    }
    return undefined;
  }

  /** Whether the inode could be brought into memory. */
  async #load(ino: number): Promise<boolean> {
    try {
      await this.#options.loader.inode(ino);
      return true;
    } catch (error) {
      if (error instanceof FsError && (error.code === 'ESTALE' || error.code === 'EREMOTE' || isDamage(error))) return false;
      throw error;
    }
  }
}
