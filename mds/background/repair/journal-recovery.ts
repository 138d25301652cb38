/**
 * Applies every entry of a damaged journal that can be read to the objects of directories and tables, as a replay and a write-back would do, and says
 * what it passed over. Nothing of the journal itself is changed: it may be done again, with the same end.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { printable } from '../../../common/maps/ids.ts';
import { FileType } from '../../client/file-mode.ts';
import type { GapReport, RecoverReport } from '../../client/repair-report.ts';
import { pathOf } from '../../core/damage-table.ts';
import { FragmentChanges } from '../../core/directory.ts';
import { shapeAround, wholeId, type FragmentId } from '../../core/fragment-shape.ts';
import { Inode, isSystemDirectory, SystemIno, type Place } from '../../core/inode.ts';
import { rootName } from '../../core/subtrees.ts';
import { Journal } from '../../store/journal.ts';
import { isLossy, scanJournal, type JournalGap } from '../../store/journal-scan.ts';
import { DamageKeeper } from '../damage-keeper.ts';
import { Loader } from '../loader.ts';
import { WriteBack } from '../write-back.ts';
import { BetweenRanks } from './between-ranks.ts';
import { readOtherRank } from './other-rank.ts';
import { RecoveredState } from './recovered-state.ts';
import type { RepairParts } from './repair-parts.ts';
import { StaleNames, storedFragments, type StoredFragments } from './stale-names.ts';
import { readTables } from './tables.ts';

/** Names and objects told of. */
const toldMax = 200;
/** Each round brings what stood against it: a directory's shape, names of objects that it was divided into. */
const roundsMax = 8;

export class JournalRecovery {
  readonly #parts: RepairParts;
  readonly #state: RecoveredState;
  readonly #loader: Loader;
  readonly #writeBack: WriteBack;
  readonly #orphans = new Set<number>();

  constructor(parts: RepairParts) {
    this.#parts = parts;
    this.#state = new RecoveredState(parts);
    const { env, store, config, journal } = parts;
    const { core } = this.#state;
    this.#loader = new Loader(core, store, new DamageKeeper(env, { core, store, onChange: () => undefined }));
    this.#writeBack = new WriteBack(env, {
      core,
      // Nothing is appended to it, and what is written back is not in it.
      journal: new Journal(env, journal),
      store,
      loader: this.#loader,
      fragmenter: { run: () => Promise.resolve() },
      config,
      onFilled: () => undefined,
      onLost: () => undefined,
    });
  }

  /** FsError EOPNOTSUPP: of several ranks, of which one is stopping. */
  async run(): Promise<RecoverReport> {
    const { core } = this.#state;
    const { store, objects, metadataPool: pool, config, rank, env } = this.#parts;
    await readTables(store, core);
    const marksBefore = new Map(core.marks);
    const { gaps, entries } = await scanJournal(this.#parts.reading, (placed, segment) => this.#state.apply(placed, segment));
    const all = await storedFragments(objects, pool);
    const between = isLossy(gaps) ? await this.#settle(marksBefore, gaps, all) : undefined;
    const stored = between === undefined ? all : await ownOf(between, all);
    const stale = new StaleNames({
      state: this.#state,
      store,
      loader: this.#loader,
      objects,
      pool,
      cacheEntriesMax: config.cacheEntriesMax,
    });
    if (isLossy(gaps)) {
      await stale.remove(stored);
      await this.#keepNamed();
    }
    await this.#write(stored);
    if (isLossy(gaps)) await this.#breakCircles(stored);
    for (const ino of between?.nameless ?? []) this.#takeOut(ino);
    if (core.unwritten.sets.size > 0) await this.#write(stored);
    const unwritten = [...core.unwritten.sets].map(({ object }) => object);
    const report = {
      rank,
      entries,
      gaps: gaps.map(gapReport),
      stale: this.#state.stale.slice(0, toldMax).map((place) => this.#pathOf(place)),
      staleTotal: this.#state.stale.length,
      gathered: stale.gathered.length,
      orphans: [...this.#orphans].slice(0, toldMax).map((ino) => ino.toString(16)),
      unwritten: unwritten.slice(0, toldMax),
      settled: between?.settled.slice(0, toldMax) ?? [],
      unsettled: between?.unsettled.slice(0, toldMax) ?? [],
    };
    env.log.warn({ entries, gaps: gaps.length, stale: report.staleTotal, unwritten: unwritten.length }, 'a damaged journal was recovered');
    return report;
  }

  /** What lies between this rank and others. Undefined: there are none. */
  async #settle(
    marksBefore: ReadonlyMap<string, number>,
    gaps: readonly JournalGap[],
    stored: StoredFragments,
  ): Promise<BetweenRanks | undefined> {
    const { core } = this.#state;
    const { ranks, rank, store, objects } = this.#parts;
    const count = Math.max(ranks(), rank + 1);
    if (count === 1 && !core.isShared) return undefined;
    const others = [];
    for (let other = 0; other < count; other++) if (other !== rank) others.push(await readOtherRank(this.#parts, other, rank));
    // All of its own are to be known, so that what is another's is told from them.
    await this.#loader.fragment(core.cache.names(core.inos.base).fragmentOf(rootName(0, 0)));
    const between = new BetweenRanks({ state: this.#state, loader: this.#loader, store, objects, others, stored, marksBefore, gaps });
    await between.settle();
    return between;
  }

  /** A directory that was removed has no names. Of one that has some, what took them away is lost: it is not for the purge queue, but for a scrub. */
  async #keepNamed(): Promise<void> {
    const { core } = this.#state;
    for (const { ino, fragments } of [...core.cache.directories.values()]) {
      if (isSystemDirectory(ino) || fragments.every(({ dentries }) => dentries.size === 0) || !(await this.#load(ino))) continue;
      const dentry = core.cache.inodes.get(ino)?.dentry;
      if (dentry?.directory !== core.inos.strays) continue;
      this.#orphans.add(ino);
      this.#state.homes.delete(ino);
      this.#state.giveWay(dentry);
    }
  }

  async #write(stored: StoredFragments): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      if (await this.#writeBack.all()) return;
      for (const set of this.#state.core.unwritten.sets) if (set instanceof FragmentChanges) await this.#place(set, stored);
    }
  }

  /** Of a directory whose inode is lost, its objects say how it is divided: so a scrub finds all of its names together. */
  async #place({ fragment: { directory } }: FragmentChanges, stored: StoredFragments): Promise<void> {
    const { ino } = directory;
    if (directory.placed || (await this.#load(ino))) return;
    this.#orphans.add(ino);
    const inode = new Inode(ino, FileType.directory);
    inode.shape = shapeAround(stored.get(ino) ?? [wholeId]);
    this.#state.core.adopt(inode);
  }

  /**
   * A directory may have come to lie below itself, when what moved the other one away is lost: nothing would lead there any more. Its name
   * is taken away, so that a scrub finds it without one, with all below it.
   */
  async #breakCircles(stored: StoredFragments): Promise<void> {
    const { core, homes } = this.#state;
    const known = new Set<number>([SystemIno.root]);
    for (const [ino] of homes) {
      const above: number[] = [];
      for (let at: number | undefined = ino; at !== undefined && !known.has(at) && !isSystemDirectory(at); at = await this.#parentOf(at)) {
        if (above.includes(at)) {
          this.#takeOut(at);
          break;
        }
        above.push(at);
      }
      for (const each of above) known.add(each);
    }
    if (core.unwritten.sets.size > 0) await this.#write(stored);
  }

  #takeOut(ino: number): void {
    const dentry = this.#state.core.cache.inodes.get(ino)?.dentry;
    if (dentry === undefined) return;
    this.#orphans.add(ino);
    this.#state.stale.push({ directory: dentry.directory, name: dentry.name });
    const { directory, name } = dentry;
    this.#state.amend({ kind: 'leave', directories: [ino] }, { kind: 'remove', directory, name, unstored: false }, { kind: 'forget', ino });
  }

  async #parentOf(ino: number): Promise<number | undefined> {
    return (await this.#load(ino)) ? this.#state.core.cache.inodes.get(ino)?.dentry?.directory : undefined;
  }

  /** Whether the inode could be brought into memory. */
  async #load(ino: number): Promise<boolean> {
    try {
      await this.#loader.inode(ino);
      return true;
    } catch (error) {
      if (!(error instanceof FsError) || !['ESTALE', 'EIO', 'EREMOTE'].includes(error.code)) throw error;
      return false;
    }
  }

  #pathOf({ directory, name }: Place): string {
    const above = pathOf(this.#state.core.cache, directory);
    return `${above === '/' ? '' : above}/${printable(name)}`;
  }
}

export function gapReport({ object, byte, what, from, to }: JournalGap): GapReport {
  return { object, byte: byte ?? null, what, from, to: to ?? null };
}

/** Fragments of directories that this rank decides about: those of others are theirs to read and write. */
async function ownOf(between: BetweenRanks, stored: StoredFragments): Promise<StoredFragments> {
  const own = new Map<number, readonly FragmentId[]>();
  for (const [directory, fragments] of stored) if (await between.isOwn(directory)) own.set(directory, fragments);
  return own;
}
