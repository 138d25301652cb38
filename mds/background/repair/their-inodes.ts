/**
 * Names, with the rank whose journal is recovered, of what others decide about: they have those that they know of, and no others.
 * @module
 */
import { byteString, printable } from '../../../common/maps/ids.ts';
import { FileType } from '../../client/file-mode.ts';
import {
  isAt,
  isForeign,
  isSystemDirectory,
  namesKnownMax,
  noCounts,
  SystemIno,
  touchNames,
  type Dentry,
  type Inode,
  type Place,
} from '../../core/inode.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import { giverOf, isGivenRoot, nowhere, type Given } from '../../core/subtrees.ts';
import { inodeAt, type OtherRank } from './other-rank.ts';
import { hex, placesOf, type SharedNames, type SharedNamesParts } from './shared-names.ts';

export class TheirInodes {
  readonly #shared: SharedNames;
  readonly #parts: SharedNamesParts;
  readonly #core: MdsCore;

  constructor(shared: SharedNames) {
    this.#shared = shared;
    this.#parts = shared.parts;
    this.#core = shared.core;
  }

  /** What the other decides about and takes for named here has a name. Returns what has not, as there is no directory for it. */
  async nameTheirs(other: OtherRank): Promise<string[]> {
    const { rank } = this.#core;
    const unsettled: string[] = [];
    for (const inode of [...[...other.roots.values()].filter((root) => giverOf(root) === rank), ...other.files.values()]) {
      const { ino } = inode;
      if (this.#parts.isUnderWay(ino)) continue;
      if (await this.#isNamed(other.rank, inode)) continue;
      if (!(await this.#name(other, inode)))
        unsettled.push(
          `${inode.isDirectory ? 'directory' : 'file'} ${hex(ino)} of rank ${other.rank} has no name: rank ${rank} has no directory for one`,
        );
    }
    return unsettled;
  }

  /** Whether it has names. Those that are remembered and not there are made again, where that is free and its rank knows of as many. */
  async #isNamed(rank: number, inode: Inode): Promise<boolean> {
    const { ino, type } = inode;
    const given = this.#core.given.get(ino);
    if (given?.rank !== rank) return false;
    const all = placesOf(given);
    const there: Place[] = [];
    for (const place of all) if ((await this.#shared.at(place))?.remoteIno === ino) there.push(place);
    if (there.length === all.length) return true;
    const [place, ...others] = there;
    if (place === undefined) return false;
    const left = Math.max(there.length, given.names - all.length + there.length);
    await this.#shared.run((op) => this.#shared.give(op, ino, { ...given, place, others, names: left }));
    let missing = (this.#namesHere(inode) ?? 0) - left;
    for (const lost of all) {
      if (missing <= 0) break;
      if (
        there.includes(lost) ||
        (await this.#shared.at(lost)) !== undefined ||
        (await this.#shared.find(lost.directory))?.isDirectory !== true
      )
        continue;
      await this.#shared.run((op) => {
        const directory = this.#core.cache.directory(lost.directory);
        op.nameForeign(directory, lost.name, { ino, type }, rank);
        touchNames(directory, directory.ctime);
        op.save(directory);
      });
      missing--;
    }
    return true;
  }

  async #name({ rank }: OtherRank, { ino, type, parent, counted }: Inode): Promise<boolean> {
    const core = this.#core;
    const known = core.given.get(ino);
    const here = await this.#shared.find(ino);
    const was = here?.dentry;
    if (here !== undefined && was !== undefined && !isSystemDirectory(was.directory)) {
      // What gave it away is lost: its name stays where it is.
      const left: Dentry = { ...was, inode: undefined, remoteIno: ino, remoteType: type, removed: false };
      const place = { directory: was.directory, name: was.name };
      await this.#shared.run((op) => {
        core.cache.put(left);
        op.note({ kind: 'set', dentry: left });
        this.#shared.give(op, ino, { place, rank, counted: here.counted, names: 1, others: [] });
      });
      this.#parts.state.leave(ino);
      this.#parts.told(`${printable(was.name)} in directory ${hex(was.directory)} leads to rank ${rank}`);
      return true;
    }
    if (here !== undefined) {
      await this.#shared.run((op) => op.unshelve(here));
      this.#parts.state.leave(ino);
    }
    const place = await this.#freePlace(ino, known?.place, parent);
    if (place === undefined) return false;
    await this.#shared.run((op) => {
      const directory = core.cache.directory(place.directory);
      core.cache.find(place.directory, place.name);
      if (core.given.has(ino)) this.#shared.give(op, ino, undefined);
      op.nameForeign(directory, place.name, { ino, type }, rank);
      const given = core.given.get(ino);
      if (given !== undefined && type === FileType.directory) {
        this.#shared.give(op, ino, { ...given, counted });
      }
      touchNames(directory, directory.ctime);
      op.save(directory);
    });
    this.#parts.told(
      `inode ${hex(ino)} of rank ${rank} has got the name ${printable(place.name)} in directory ${hex(place.directory)}: its own is lost`,
    );
    return true;
  }

  /** How many names here its rank knows of; undefined: nobody knows, as yet others have some. */
  #namesHere({ isDirectory, nlink, names }: Inode): number | undefined {
    if (isDirectory) return 1;
    const foreign = names.filter(isForeign).length;
    return foreign > 1 || names.length >= namesKnownMax ? undefined : nlink - (names.length - foreign);
  }

  /** A name here of what lies somewhere else, with another rank perhaps: one that nobody knows of is known from now on, or goes. */
  async checkName(stored: Dentry): Promise<void> {
    const { rank } = this.#core;
    const dentry = await this.#shared.at(stored);
    const ino = dentry?.remoteIno ?? 0;
    if (dentry === undefined || ino === 0 || this.#parts.isUnderWay(ino) || this.#parts.isUnderWay(dentry)) return;
    const given = this.#core.given.get(ino);
    const places = given === undefined ? [] : placesOf(given);
    if (places.some((place) => isAt(place, dentry)) || (given !== undefined && given.names > places.length)) return;
    if (given === undefined && (await this.#shared.find(ino)) !== undefined) return;
    const other = this.#parts.others.find(({ roots, files }) => {
      const root = roots.get(ino);
      return files.has(ino) || (root !== undefined && giverOf(root) === rank);
    });
    const inode = other?.files.get(ino) ?? other?.roots.get(ino);
    // A file of ours whose inode is lost is for a scrub to tell of.
    if (other === undefined && dentry.remoteType !== FileType.directory && given === undefined && !(await this.#isElsewhere(ino))) return;
    const known = inode === undefined ? 0 : (this.#namesHere(inode) ?? places.length + 1);
    await this.#shared.run((op) => {
      const directory = this.#core.cache.directory(dentry.directory);
      const { name } = dentry;
      if (other !== undefined && known > places.length) {
        if (given === undefined)
          this.#shared.give(op, ino, {
            place: { directory: directory.ino, name },
            rank: other.rank,
            counted: noCounts,
            names: 1,
            others: [],
          });
        else
          this.#shared.give(op, ino, { ...given, names: given.names + 1, others: [...given.others, { directory: directory.ino, name }] });
        return;
      }
      // Its rank has taken it away: nothing counts it any more.
      this.#core.cache.remove(dentry);
      op.note({ kind: 'remove', directory: directory.ino, name, unstored: false });
      op.save(directory);
    });
    this.#parts.told(
      `${printable(dentry.name)} in directory ${hex(dentry.directory)} ${known > places.length ? 'is known of again' : 'was removed by an entry that is lost'}`,
    );
  }

  async #isElsewhere(ino: number): Promise<boolean> {
    for (const other of this.#parts.others) if ((await inodeAt(other, ino)) !== undefined) return true;
    return false;
  }

  /** Names here of what the other has no more, or has in another place. */
  async dropNames(other: OtherRank): Promise<void> {
    const core = this.#core;
    for (const [ino, given] of [...core.given]) {
      if (given.rank !== other.rank || this.#parts.isUnderWay(ino)) continue;
      const root = other.roots.get(ino);
      if ((root !== undefined && giverOf(root) === core.rank) || other.files.has(ino)) continue;
      const there = await inodeAt(other, ino);
      const dentry = await this.#shared.at(given.place);
      const isLost = there === undefined && this.#parts.stored.has(ino);
      if (isLost && dentry?.remoteIno === ino && dentry.remoteType === FileType.directory) await this.#takeBack(dentry, given);
      else await this.#forgetNames(ino, given);
    }
  }

  /** It has come back by an entry that is lost. */
  async #takeBack(name: Dentry, { place, counted }: Given): Promise<void> {
    const ino = name.remoteIno;
    await this.#shared.run((op) => {
      const inode = this.#shared.newDirectory(ino);
      inode.parent = place.directory;
      inode.counted = counted;
      const dentry: Dentry = { ...name, inode, remoteIno: 0, remoteType: 0, removed: false };
      this.#core.cache.put(dentry);
      op.note({ kind: 'set', dentry });
      this.#shared.give(op, ino, undefined);
    });
    this.#parts.told(`directory ${hex(ino)} has come back; its inode is lost: it has another, with the rights 0755 of root`);
  }

  async #forgetNames(ino: number, given: Given): Promise<void> {
    for (const place of placesOf(given)) {
      const dentry = await this.#shared.at(place);
      if (dentry?.remoteIno === ino && this.#core.given.has(ino)) await this.#shared.run((op) => this.#shared.unname(op, dentry));
    }
    await this.#shared.run((op) => this.#shared.give(op, ino, undefined));
    this.#parts.told(
      `${printable(given.place.name)} in directory ${hex(given.place.directory)} is gone: rank ${given.rank} has no such inode as it led to`,
    );
  }

  /** Where it was, where that is free; else by its number, where it was known to be, or as high as we have something. */
  async #freePlace(ino: number, before: Place | undefined, parent: number): Promise<Place | undefined> {
    const { cache, rank } = this.#core;
    const roots = [...cache.inodes.values()].filter(isGivenRoot).map((root) => root.ino);
    const name = byteString(Buffer.from(`lost.${hex(ino)}`));
    const places = [before?.directory, parent, rank === 0 ? SystemIno.root : undefined, ...roots].map((directory) => ({ directory, name }));
    for (const { directory, name: called } of [before ?? nowhere, ...places]) {
      if (directory === undefined || directory === 0) continue;
      const inode = await this.#shared.find(directory);
      if (inode?.isDirectory !== true || inode.nlink === 0) continue;
      const place = { directory, name: called };
      if ((await this.#shared.at(place)) === undefined) return place;
    }
    return undefined;
  }
}
