/**
 * What another rank knows, as its tables and its journal have it: read beside it, while it goes on, and changing nothing. Of what lies between it and a
 * rank whose journal is damaged it changes nothing meanwhile: that takes both.
 * @module
 */
import { toFsError } from '../../../common/errors/fs-error.ts';
import { poolId, type ByteString } from '../../../common/maps/ids.ts';
import { wholeId } from '../../core/fragment-shape.ts';
import { foreignName, isAt, type Inode } from '../../core/inode.ts';
import type { MdsCore } from '../../core/mds-core.ts';
import { isGivenRoot, rootName, type RankMessage } from '../../core/subtrees.ts';
import { isLossy, scanJournal } from '../../store/journal-scan.ts';
import { MetadataStore } from '../../store/metadata-store.ts';
import { Loader } from '../loader.ts';
import { RecoveredState } from './recovered-state.ts';
import type { RepairParts } from './repair-parts.ts';
import { isAbsence } from './run-blocked.ts';
import { readTables } from './tables.ts';

export interface OtherRank {
  readonly rank: number;
  readonly core: MdsCore;
  readonly loader: Loader;
  /** Roots of subtrees of its own, by number. */
  readonly roots: ReadonlyMap<number, Inode>;
  /** Files of its own that have names with us, by number. */
  readonly files: ReadonlyMap<number, Inode>;
  /** Messages to us that its journal still has, also those that we have taken, by number. */
  readonly told: ReadonlyMap<number, RankMessage>;
}

/** Its journal may be trimmed while it is read. */
const looksMax = 20;
const lookMs = 50;

/** `us`: the rank that asks. */
export async function readOtherRank(parts: RepairParts, rank: number, us: number): Promise<OtherRank> {
  for (let look = 1; ; look++) {
    const found = await tryToRead(parts, rank, us, look === looksMax);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => parts.env.clock.setTimer(lookMs, resolve));
  }
}

/** Undefined: it was trimmed meanwhile. `isLast`: what cannot be read now is damaged, and is to be settled when that rank is repaired. */
async function tryToRead(parts: RepairParts, rank: number, us: number, isLast: boolean): Promise<OtherRank | undefined> {
  const reading = { ...parts.reading, rank };
  const before = (await scanJournal(reading, () => undefined)).head;
  const state = new RecoveredState({ ...parts, rank });
  const store = new MetadataStore(parts.objects, parts.metadataPool, rank, poolId(parts.defaultLayout.pool));
  const { core } = state;
  await readTables(store, core);
  const { head, gaps } = await scanJournal(reading, (placed, segment) => state.apply(placed, segment));
  if (!isLast && (isLossy(gaps) || head?.firstSegment !== before?.firstSegment)) return undefined;
  const loader = new Loader(core, store, { failure: toFsError, mended: () => undefined });
  await loader.fragment(core.cache.names(core.inos.base).fragmentOf(rootName(0, 0)));
  const roots = new Map<number, Inode>();
  for (const inode of core.cache.inodes.values()) if (isGivenRoot(inode)) roots.set(inode.ino, inode);
  const files = new Map<number, Inode>();
  const ours = foreignName(us);
  for await (const inode of linkedInodes(core, store)) if (inode.names.some((name) => isAt(name, ours))) files.set(inode.ino, inode);
  return { rank, core, loader, roots, files, told: state.sent.get(us) ?? new Map<number, RankMessage>() };
}

/** The inode, when that rank decides about it. */
export async function inodeAt({ core, loader }: Pick<OtherRank, 'core' | 'loader'>, ino: number): Promise<Inode | undefined> {
  try {
    await loader.inode(ino);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  return core.cache.inodes.get(ino);
}

/** All of the table of linked inodes. */
export async function* linkedInodes({ cache, inos }: MdsCore, store: MetadataStore): AsyncGenerator<Inode> {
  const fragment = cache.names(inos.linked).fragmentOf('' as ByteString);
  const known = [...fragment.dentries.values()];
  for (const { inode } of known) if (inode !== undefined) yield inode;
  const seen = new Set(known.map(({ name }) => name));
  for await (const page of store.readFragment(inos.linked, wholeId, { onDamaged: () => undefined }))
    for (const { name, inode } of page) if (inode !== undefined && !seen.has(name) && !fragment.hidesStored(name)) yield inode;
}
