/**
 * Inodes of the rank whose journal is recovered that others have names of: they are where these names say, and have as many.
 * @module
 */
import { poolId } from '../../../common/maps/ids.ts';
import { dataObject } from '../../client/data-objects.ts';
import { FileType } from '../../client/file-mode.ts';
import { foreignName, Inode, isAt, isForeign, isSystem, isSystemDirectory, namesKnownMax, touch, type Place } from '../../core/inode.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import { giverOf, isGivenRoot, rootName, type Given } from '../../core/subtrees.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import { inodeAt, type OtherRank } from './other-rank.ts';
import { isAbsence, runBlocked } from './run-blocked.ts';
import { hex, placesOf, type SharedNames, type SharedNamesParts } from './shared-names.ts';

/** Objects of one PG in a page of a listing. */
const namesPerPg = 64;

export class OurInodes {
  readonly #shared: SharedNames;
  readonly #parts: SharedNamesParts;
  readonly #core: MdsCore;
  /** Files, with what other ranks have of names. */
  readonly #files = new Map<number, Map<number, Given>>();

  constructor(shared: SharedNames) {
    this.#shared = shared;
    this.#parts = shared.parts;
    this.#core = shared.core;
  }

  /** What the other has names of, and takes for ours, is ours. */
  async takeRoots(other: OtherRank): Promise<void> {
    const { rank } = this.#core;
    for (const [ino, given] of other.core.given) {
      if (given.rank !== rank || this.#isUnderWay(ino, given)) continue;
      const here = await this.#shared.find(ino);
      const isDirectory = here?.isDirectory ?? (await this.#typeAt(other, ino, given)) === FileType.directory;
      if (!isDirectory) this.#namesOf(ino).set(other.rank, given);
      else if (here === undefined || !isGivenRoot(here) || giverOf(here) !== other.rank) await this.#takeRoot(other, ino, given);
    }
  }

  async #takeRoot({ rank }: OtherRank, ino: number, { place, counted }: Given): Promise<void> {
    const core = this.#core;
    const here = await this.#shared.find(ino);
    await this.#shared.run((op) => {
      if (core.given.has(ino)) this.#shared.give(op, ino, undefined);
      const inode = here ?? this.#shared.newDirectory(ino);
      const { dentry } = inode;
      if (dentry !== undefined && isSystemDirectory(dentry.directory)) op.unshelve(inode);
      else if (dentry !== undefined) this.#shared.unname(op, dentry);
      inode.nlink = Math.max(2, inode.nlink);
      inode.parent = place.directory;
      inode.counted = counted;
      touch(inode, inode.ctime);
      op.shelve(core.inos.base, inode, rootName(ino, rank));
    });
    const what = here === undefined ? 'its inode is lost: it has another, with the rights 0755 of root' : 'it is no more where it was';
    this.#parts.told(`directory ${hex(ino)} is in directory ${hex(place.directory)} of rank ${rank}: ${what}`);
  }

  /** Roots of which the other has no name. Returns those that nobody has. */
  async dropRoots(other: OtherRank): Promise<number[]> {
    const { rank, cache } = this.#core;
    const nameless: number[] = [];
    for (const root of [...cache.inodes.values()]) {
      const { ino } = root;
      if (!isGivenRoot(root) || giverOf(root) !== other.rank || this.#parts.isUnderWay(ino)) continue;
      if (other.core.given.get(ino)?.rank === rank) continue;
      const there = await inodeAt(other, ino);
      if (there === undefined) {
        nameless.push(ino);
        this.#parts.told(`directory ${hex(ino)} has no name with rank ${other.rank}`);
        continue;
      }
      await this.#shared.run((op) => op.unshelve(root));
      this.#parts.state.leave(ino);
      this.#parts.told(`directory ${hex(ino)} is rank ${other.rank}'s by now`);
    }
    return nameless;
  }

  /** A linked file of ours. */
  noteFile({ ino, names }: Inode): void {
    if (names.some(isForeign)) this.#namesOf(ino);
  }

  /** Our files have the names with others that these have. */
  async settleFiles(): Promise<void> {
    for (const [ino, theirs] of this.#files) if (!this.#parts.isUnderWay(ino)) await this.#settleFile(ino, theirs);
  }

  async #settleFile(ino: number, theirs: ReadonlyMap<number, Given>): Promise<void> {
    const { inos } = this.#core;
    const here = await this.#shared.find(ino);
    const made = here ?? (await this.#newFile(ino));
    const foreign = [...theirs.keys()].map(foreignName);
    const count = [...theirs.values()].reduce((sum, { names }) => sum + names, 0);
    const wasLinked = here?.dentry !== undefined && isSystem(here.dentry.directory, 'linked');
    const known = wasLinked ? made.names : [];
    const isNew = (name: Place): boolean => !known.some((each) => isAt(each, name));
    const kept = known.filter((name) => !isForeign(name) || foreign.some((each) => isAt(each, name)));
    if (wasLinked && kept.length === known.length && !foreign.some(isNew)) return;
    await this.#shared.run((op) => {
      const { dentry } = made;
      if (dentry !== undefined && !isSystemDirectory(dentry.directory)) {
        op.redirect(dentry, made);
        kept.push(...made.names);
      } else if (dentry !== undefined) op.unshelve(made);
      const own = kept.filter((name) => !isForeign(name)).length;
      made.names = [...kept, ...foreign.filter(isNew)].slice(0, namesKnownMax);
      made.nlink = own + count;
      touch(made, made.ctime);
      if (made.nlink > 0) op.shelve(inos.linked, made);
      else op.shelve(inos.strays, made);
    });
    const names = [...theirs].map(([rank, { names: n }]) => `${n} with rank ${rank}`).join(', ') || 'none with others';
    this.#parts.told(
      `file ${hex(ino)} has other names than was known: ${names}${here === undefined ? '; its inode is lost, it has another' : ''}`,
    );
  }

  /** The type bits of what is named. */
  async #typeAt({ core, loader }: OtherRank, ino: number, given: Given): Promise<number> {
    for (const { directory, name } of placesOf(given)) {
      try {
        const dentry = await runBlocked(loader, () => core.cache.find(core.cache.directory(directory).ino, name));
        if (dentry?.remoteIno === ino) return dentry.remoteType;
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
    }
    return this.#parts.stored.has(ino) ? FileType.directory : FileType.regular;
  }

  #isUnderWay(ino: number, given: Given): boolean {
    const { isUnderWay } = this.#parts;
    return isUnderWay(ino) || placesOf(given).some(isUnderWay);
  }

  /** As long as its data is. */
  async #newFile(ino: number): Promise<Inode> {
    const { objects } = this.#parts;
    const { defaultLayout } = this.#core;
    const pool = poolId(defaultLayout.pool);
    const inode = new Inode(ino, FileType.regular | 0o600);
    let last = -1;
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: { readonly names: readonly string[]; readonly through: string | undefined } = await objects.names(
        pool,
        `${hex(ino)}.`,
        after,
        namesPerPg,
      );
      for (const name of page.names) last = Math.max(last, Number.parseInt(name.split('.')[1] ?? '', 16));
      after = page.through;
    }
    if (last < 0) return inode;
    const reply = await ignoringAbsence(objects.operate(pool, dataObject(ino, last), [{ kind: 'stat' }]));
    inode.size = last * defaultLayout.objectSize + (reply?.results[0]?.size ?? 0);
    return inode;
  }

  #namesOf(ino: number): Map<number, Given> {
    let names = this.#files.get(ino);
    if (names === undefined) this.#files.set(ino, (names = new Map<number, Given>()));
    return names;
  }
}
