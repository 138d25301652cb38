/**
 * Brings what an operation is blocked on into memory. Everything that is asked for twice is read once.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { ByteString } from '../../common/maps/ids.ts';
import { HashBag } from '../client/hash-bag.ts';
import type { Directory, Fragment } from '../core/directory.ts';
import { pathOfName } from '../core/damage-table.ts';
import { elsewhere } from '../core/away.ts';
import { isSame, type FragmentId } from '../core/fragment-shape.ts';
import { isSystem, isSystemDirectory, rankOfSystem, SystemIno, type Dentry, type Place } from '../core/inode.ts';
import { locationObject } from '../core/location-table.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { giverOfName } from '../core/subtrees.ts';
import { shelfName } from '../core/shelf-name.ts';
import type { MetadataStore } from '../store/metadata-store.ts';
import type { DamageKeeper } from './damage-keeper.ts';

/** Of directories: names of more than so many cannot be told to the kernel. */
const depthMax = 100_000;
const rootPlace: Place = { directory: SystemIno.base, name: 'root' as ByteString };

/** Hears of what is damaged, and of what is not any more. */
export type DamageListener = Pick<DamageKeeper, 'failure' | 'mended'>;

export class Loader {
  readonly #core: MdsCore;
  readonly #store: MetadataStore;
  readonly #damage: DamageListener;
  readonly #fragments = new Map<Fragment, Promise<void>>();
  /** By object and name. */
  readonly #names = new Map<string, Promise<void>>();
  readonly #inodes = new Map<number, Promise<void>>();
  /** Of those, what has been read. */
  readonly #found = new Set<number>();
  /** By the directory whose fragments that have been made lately gather their names. */
  readonly #gatherings = new Map<Directory, Promise<void>>();

  constructor(core: MdsCore, store: MetadataStore, damage: DamageListener) {
    this.#core = core;
    this.#store = store;
    this.#damage = damage;
  }

  /** The fragment is wholly in memory, unless it has been divided or merged meanwhile. FsError EIO when it is damaged. */
  fragment(fragment: Fragment): Promise<void> {
    return once(this.#fragments, fragment, () => this.#noting(fragment, undefined, () => this.#readFragment(fragment)));
  }

  /** It is known whether the fragment has the name; likewise. */
  name(fragment: Fragment, name: ByteString): Promise<void> {
    const key = `${fragment.changes.object}/${name}`;
    return once(this.#names, key, () => this.#noting(fragment, name, () => this.#readName(fragment, name)));
  }

  /** The inode is in memory. FsError ESTALE when there is none of that number, EIO when what leads to it is damaged. */
  inode(ino: number): Promise<void> {
    return once(this.#inodes, ino, () => this.#readInode(ino).finally(() => this.#found.delete(ino)));
  }

  /** The linked inode that a name leads to is in memory. FsError EIO when there is none. */
  async target(dentry: Dentry): Promise<void> {
    const { remoteIno: ino } = dentry;
    try {
      await this.inode(ino);
    } catch (error) {
      if (toFsError(error).code !== 'ESTALE' || dentry.removed) throw error;
      // The table of locations may have lost it: where a linked inode lies is known without.
      await this.name(this.#core.cache.names(this.#core.inos.linked).fragmentOf(shelfName(ino)), shelfName(ino));
      if (this.#core.cache.inodes.has(ino) || isRemoved(dentry)) return;
      const key = this.targetKey(dentry);
      const path = pathOfName(this.#core.cache, dentry);
      const what = `the inode ${ino.toString(16)} that the name leads to is missing`;
      throw this.#damage.failure(new FsError('EIO', what, { cause: error }), { key, ino, path });
    }
  }

  /** Under which damage of what {@link target} looks for is noted. */
  targetKey({ directory, name }: Dentry): string {
    return `target ${directory.toString(16)}/${name}`;
  }

  /** As {@link fragment}; of one that is in memory the object is read too. */
  async verify(fragment: Fragment): Promise<void> {
    if (!fragment.complete) {
      await this.fragment(fragment);
      return;
    }
    const { directory, id } = fragment;
    await this.#noting(fragment, undefined, async () => {
      let absent = false as boolean;
      const onAbsent = (): void => {
        absent = true;
      };
      for await (const page of this.#store.readFragment(directory.ino, id, { onAbsent })) if (page.length > 0 && fragment.retired) return;
      if (absent && !fragment.retired) this.#checkStored(fragment);
    });
  }

  async #readFragment(fragment: Fragment): Promise<void> {
    const { directory, id } = fragment;
    if (fragment.retired || (fragment.complete && fragment.gathered)) return;
    await this.#standingStill([fragment], async () => {
      let absent = false as boolean;
      const onAbsent = (): void => {
        absent = true;
      };
      for await (const page of this.#store.readFragment(directory.ino, id, { onAbsent })) this.#take(fragment, page);
      while (!fragment.gathered && !fragment.retired) await once(this.#gatherings, directory, () => this.#gather(fragment));
      if (fragment.retired) return;
      if (absent) this.#checkAbsence(fragment);
      fragment.absent = new HashBag();
    });
    this.#core.balance(fragment);
  }

  /** Likewise, of one that is in memory as a whole: a name that has been written must be in it. */
  #checkStored({ directory, dentries, changes }: Fragment): void {
    if (changes.isDirty || changes.writing !== undefined || dentries.size === 0) return;
    if (this.#core.cache.inodes.get(directory.ino)?.nlink !== 0)
      throw new FsError('EIO', `object ${changes.object} is missing, the directory's names are in memory only`);
  }

  /** Whether it may be that the fragment's object is not there. All that there is of it is in memory. FsError EIO. */
  #checkAbsence({ directory, id, sources, dentries, changes }: Fragment): void {
    const inode = this.#core.cache.inodes.get(directory.ino);
    if (inode === undefined || inode.nlink === 0 || isSystemDirectory(directory.ino)) return;
    // A part of a divided directory has one from when it was first written on, a whole one when there is something to write.
    const lost = id.bits > 0 ? sources.length === 0 : inode.entries > dentries.size;
    if (lost) throw new FsError('EIO', `object ${changes.object} is missing, the directory has ${inode.entries} names`);
  }

  /**
   * Reads the objects of the fragments that were where `fragment` is: once for all that were made of them, since each of these will
   * want its share, and those objects go when all have it.
   */
  async #gather(fragment: Fragment): Promise<void> {
    const { directory, sources, gathered } = fragment;
    if (gathered) return;
    const heirs = new Set(directory.fragments.filter((each) => !each.gathered && each.sources.every((source) => isIn(source, sources))));
    await this.#standingStill([...heirs], async () => {
      for (const source of sources) {
        for await (const page of this.#store.readFragment(directory.ino, source)) {
          const shares = new Map<Fragment, Dentry[]>();
          for (const dentry of page) {
            const heir = directory.fragmentOf(dentry.name);
            if (!heirs.has(heir)) continue;
            const share = shares.get(heir);
            if (share === undefined) shares.set(heir, [dentry]);
            else share.push(dentry);
          }
          for (const [heir, share] of shares) this.#takeMoved(heir, share);
        }
      }
      for (const heir of heirs) heir.gathered = true;
    });
  }

  /** What is on disk of `fragments` does not change during `read`. */
  async #standingStill(fragments: readonly Fragment[], read: () => Promise<void>): Promise<void> {
    for (const { changes } of fragments) changes.frozen++;
    try {
      for (const { changes } of fragments) while (changes.writing !== undefined) await changes.written;
      await read();
    } finally {
      for (const { changes } of fragments) changes.frozen--;
    }
  }

  /** A removal that reached the disk meanwhile must not be undone. */
  async #readName(fragment: Fragment, name: ByteString): Promise<void> {
    const { changes, directory, id } = fragment;
    for (;;) {
      while (changes.writing !== undefined) await changes.written;
      if (fragment.retired || fragment.dentries.has(name) || fragment.lacks(name)) return;
      const { writes } = changes;
      const found = await this.#readFirst(directory.ino, [id, ...fragment.sources], name);
      if (isRetired(fragment)) return;
      if (changes.writes !== writes) continue;
      if (found === undefined) break;
      if (found.from === id) this.#take(fragment, [found.dentry]);
      else this.#takeMoved(fragment, [found.dentry]);
      return;
    }
    // Another name has the same hash; of the system's tables nothing is known beside what is there.
    if (!isSystemDirectory(directory.ino)) await this.fragment(fragment);
  }

  async #readFirst(
    directory: number,
    ids: readonly FragmentId[],
    name: ByteString,
  ): Promise<{ readonly dentry: Dentry; readonly from: FragmentId } | undefined> {
    for (const from of ids) {
      const dentry = await this.#store.readName(directory, from, name);
      if (dentry !== undefined) return { dentry, from };
    }
    return undefined;
  }

  async #readInode(ino: number): Promise<void> {
    const { cache, unwritten } = this.#core;
    const { locations } = unwritten;
    if (this.#core.isShared) await this.#checkHere(ino);
    for (let before: Place | undefined; ;) {
      if (cache.inodes.has(ino)) return;
      const place = ino === SystemIno.root ? rootPlace : (locations.recent(ino) ?? (await this.#readLocation(ino)));
      if (cache.inodes.has(ino)) return;
      if (place === undefined || place === 'gone') throw gone(ino);
      // It was not there, and has not been moved meanwhile.
      if (before?.directory === place.directory && before.name === place.name) throw gone(ino);
      await this.#readPlace(place);
      // It was there, though memory may be too short to have kept it until now.
      if (this.#found.has(ino)) return;
      before = place;
    }
  }

  /** Throws EREMOTE when another rank has it, before anything of what that decides about is read: found by what lies above it. */
  async #checkHere(ino: number): Promise<void> {
    const { cache, unwritten, given, rank, departures } = this.#core;
    const { locations } = unwritten;
    const { stopping } = departures;
    if (stopping === 'handing' || stopping === 'resigned') throw elsewhere({ ino, rank: 0 });
    let at = ino;
    for (let depth = 0; depth < depthMax && at !== SystemIno.root; depth++) {
      if (cache.inodes.has(at)) return;
      const known = given.get(at);
      if (known !== undefined) throw elsewhere({ ino, rank: known.rank });
      const place = locations.recent(at) ?? (await this.#readLocation(at));
      if (place === undefined || place === 'gone') {
        // Directories of ours are known where they are: what lies in one that is not has been moved, or made, by who has it now.
        const [other] = [...given.values()].filter((each) => each.rank !== rank);
        if (at !== ino && other !== undefined) throw elsewhere({ ino, rank: other.rank });
        return;
      }
      const { directory, name } = place;
      if (!isSystemDirectory(directory)) {
        at = directory;
        continue;
      }
      const holder = rankOfSystem(directory);
      if (holder !== rank) throw elsewhere({ ino, rank: holder });
      // All roots that are ours are in memory: that one has been given back.
      if (isSystem(directory, 'base') && !cache.inodes.has(at)) throw elsewhere({ ino, rank: giverOfName(name) });
      return;
    }
    if (rank !== 0) throw elsewhere({ ino, rank: 0 });
  }

  async #readLocation(ino: number): Promise<Place | undefined> {
    const key = `location ${ino.toString(16)}`;
    try {
      const place = await this.#store.readLocation(ino);
      this.#damage.mended(key);
      return place;
    } catch (error) {
      throw this.#damage.failure(error, { key, ino, object: locationObject(ino) });
    }
  }

  async #readPlace({ directory, name }: Place): Promise<void> {
    for (let fragment: Fragment | undefined; fragment?.retired !== false;) {
      // Its inode says which fragments it has.
      if (!isSystemDirectory(directory)) await this.inode(directory);
      fragment = this.#core.cache.names(directory).fragmentOf(name);
      // What has never been looked through is read as a whole: more of it is likely to be wanted, as after a restart.
      if (isSystemDirectory(directory) || fragment.comesByName) await this.name(fragment, name);
      else await this.fragment(fragment);
      // Divided, merged, or forgotten for want of room, while it was read: nothing is known of the name.
    }
  }

  #take(fragment: Fragment, dentries: readonly Dentry[]): void {
    // The directory has been removed meanwhile.
    if (fragment.retired) return;
    this.#core.cache.loaded(fragment, dentries, (inode) => {
      this.#core.adopt(inode);
      if (this.#inodes.has(inode.ino)) this.#found.add(inode.ino);
    });
  }

  /** Names from the object of a fragment that was here before: they are to be written to this one's own. */
  #takeMoved(fragment: Fragment, dentries: readonly Dentry[]): void {
    const { changes } = fragment;
    this.#take(fragment, dentries);
    for (const { name } of dentries) {
      const dentry = fragment.dentries.get(name);
      if (dentry !== undefined && !changes.dirty.has(name)) changes.set(name, dentry, changes.dirtySince);
    }
  }

  /** Notes when the fragment, or one name of it, turns out to be damaged, and when it does not any more. */
  async #noting(
    { changes: { object }, directory: { ino } }: Fragment,
    name: ByteString | undefined,
    read: () => Promise<void>,
  ): Promise<void> {
    const key = name === undefined ? `fragment ${object}` : `name ${object}/${name}`;
    try {
      await read();
      this.#damage.mended(key);
    } catch (error) {
      throw this.#damage.failure(error, { key, ino, object });
    }
  }
}

function isIn(id: FragmentId, ids: readonly FragmentId[]): boolean {
  return ids.some((each) => isSame(each, id));
}

/** After a wait: it may have become so. */
function isRemoved(dentry: Dentry): boolean {
  return dentry.removed;
}

/** Likewise. */
function isRetired(fragment: Fragment): boolean {
  return fragment.retired;
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
