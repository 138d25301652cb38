/**
 * What is between ranks: an inode that one decides about, and the names of it that others have. Each side is asked for what it has, while
 * nothing of it is lent, or told, or on its way; so that what is compared has come to both.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { quoted } from '../../../common/maps/ids.ts';
import type { RankShare } from '../../../common/wire/gen/messages.ts';
import { foreignHome, isForeign, rankOfSystem, type Inode, type Place } from '../../core/inode.ts';
import { LoanKind } from '../../core/loans.ts';
import { giverOf, isGivenRoot, nowhere, type Given } from '../../core/subtrees.ts';
import { systemOperation } from './system-operation.ts';
import type { ScrubRun } from './scrub-run.ts';

const triesMax = 20;

/** Undefined: it was not as it is now while it was compared. */
type Comparison = 'done' | undefined;

/** An inode of ours that others have names of: the root of a subtree, or a file. */
export function checkOwn(run: ScrubRun, ino: number): Promise<void> {
  const { unchanged } = run.parts.core;
  return untilSettled(run, async () => {
    unchanged.add(ino);
    try {
      return await compareOwn(run, ino);
    } finally {
      unchanged.delete(ino);
    }
  });
}

/** All names here of what others decide about. */
export async function checkGiven(run: ScrubRun): Promise<void> {
  const { given } = run.parts.core;
  for (const ino of [...given.keys()]) {
    await run.pace();
    await untilSettled(run, () => compareGiven(run, ino));
  }
}

/** Tries again and again; what is never compared is counted as unsettled. */
async function untilSettled(run: ScrubRun, compare: () => Promise<Comparison>): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    if ((await compare()) !== undefined) return;
    await run.pace();
  }
  run.count('unsettled');
}

async function compareOwn(run: ScrubRun, ino: number): Promise<Comparison> {
  const { core, damage } = run.parts;
  const inode = core.cache.inodes.get(ino);
  if (inode === undefined || inode.nlink === 0) return 'done';
  if (!isQuiet(run, inode)) return undefined;
  const ranks = isGivenRoot(inode) ? [giverOf(inode)] : inode.names.filter(isForeign).map(({ directory }) => rankOfSystem(directory));
  const shares = new Map<number, RankShare>();
  for (const rank of ranks) {
    const share = await shareOf(run, rank, ino);
    if (share !== undefined) shares.set(rank, share);
  }
  if (!isQuiet(run, inode) || !core.unchanged.has(ino)) return undefined;
  const key = `shared ${ino.toString(16)}`;
  const wrong = inode.isDirectory ? wrongWithRoot(inode, shares) : wrongWithFile(inode, shares);
  if (wrong.length === 0) {
    damage.mended(key);
    return 'done';
  }
  const place = { key, ino, what: wrong.join(', ') };
  if (!run.repair) run.found(place);
  else if (await correct(run, inode, shares)) run.repaired(place);
  else if (core.unchanged.has(ino)) run.found(place);
  else return undefined;
  return 'done';
}

/** Nothing of it is between ranks, as far as that begins or ends here. */
function isQuiet({ parts: { core } }: ScrubRun, inode: Inode): boolean {
  const { ino, untold } = inode;
  return core.cache.inodes.get(ino) === inode && !core.loans.isLent(ino) && !core.isTelling(ino) && !untold;
}

/** Undefined: the rank has nothing to do with it. */
async function shareOf(run: ScrubRun, rank: number, ino: number): Promise<RankShare | undefined> {
  try {
    const { share } = await run.ask(rank, LoanKind.share, ino);
    return share !== null && (share.names > 0 || share.known) ? share : undefined;
  } catch (error) {
    if (error instanceof FsError && ['ESTALE', 'EREMOTE'].includes(error.code)) return undefined;
    throw error;
  }
}

function wrongWithRoot(root: Inode, shares: ReadonlyMap<number, RankShare>): string[] {
  const giver = giverOf(root);
  const share = shares.get(giver);
  if (share === undefined) return [`rank ${giver}, which should have its name, does not know of it`];
  const { counted, parent } = root;
  const wrong = wrongCounts(counted, share);
  if (share.parent !== parent) wrong.push(`its parent is said to be ${parent.toString(16)} instead of ${share.parent.toString(16)}`);
  return wrong;
}

function wrongWithFile(inode: Inode, shares: ReadonlyMap<number, RankShare>): string[] {
  const wrong: string[] = [];
  const { names, nlink, size } = inode;
  for (const { directory } of names.filter(isForeign))
    if (!shares.has(rankOfSystem(directory)))
      wrong.push(`rank ${rankOfSystem(directory)}, which should have names of it, does not know of it`);
  const links = linksOf(inode, shares);
  if (nlink !== links) wrong.push(`${nlink} links instead of ${links}`);
  const home = shares.get(foreignHome(inode) ?? -1);
  if (home !== undefined) wrong.push(...wrongCounts({ bytes: size, files: 0, subdirs: 0 }, home));
  return wrong;
}

function wrongCounts(told: Pick<RankShare, 'bytes' | 'files' | 'subdirs'>, share: RankShare): string[] {
  const kinds = ['bytes', 'files', 'subdirs'] as const;
  return kinds.flatMap((kind) => (told[kind] === share[kind] ? [] : [`counted with ${share[kind]} ${kind} instead of ${told[kind]}`]));
}

/** A file's names, here and with others. */
function linksOf({ names }: Inode, shares: ReadonlyMap<number, RankShare>): number {
  let links = names.filter((name) => !isForeign(name)).length;
  for (const share of shares.values()) links += share.names;
  return links;
}

/** Returns whether it could be done. */
async function correct(run: ScrubRun, inode: Inode, shares: ReadonlyMap<number, RankShare>): Promise<boolean> {
  const { core, runner } = run.parts;
  return await runner.run(() => {
    const op = systemOperation(core);
    if (!core.unchanged.has(inode.ino) || inode.dentry === undefined) return false;
    if (inode.isDirectory) {
      const share = shares.get(giverOf(inode));
      if (share === undefined) return false;
      op.clear(inode, 'change');
      inode.parent = share.parent;
      // It is told anew.
      inode.counted = { bytes: share.bytes, files: share.files, subdirs: share.subdirs };
      core.uncounted.add(inode);
    } else {
      const links = linksOf(inode, shares);
      const names = inode.names.filter((name) => !isForeign(name) || shares.has(rankOfSystem(name.directory)));
      // Whose bytes nobody counts, or which has no name at all, is left as it is.
      if (links === 0 || names[0] !== inode.names[0]) return false;
      op.clear(inode, 'change');
      inode.nlink = links;
      inode.names = names;
      if (foreignHome(inode) !== undefined) core.owe(inode);
    }
    op.save(inode);
    op.commit([inode]);
    return true;
  });
}

async function compareGiven(run: ScrubRun, ino: number): Promise<Comparison> {
  const { core, damage } = run.parts;
  const known = core.given.get(ino);
  if (known === undefined) return 'done';
  // Until it has come it is nobody's; what is lent may be given another name.
  const isBetween = (): boolean => core.posted.isMoving(ino) || core.loans.lent.size > 0 || core.given.get(ino) !== known;
  if (isBetween()) return core.given.has(ino) ? undefined : 'done';
  const share = await shareOf(run, known.rank, ino);
  const absent: Place[] = [];
  for (const place of placesOf(known)) if (await isAbsent(run, ino, place)) absent.push(place);
  if (isBetween()) return core.given.has(ino) ? undefined : 'done';
  const wrong = absent.map(({ directory, name }) => `its name ${quoted(name)} in directory ${directory.toString(16)} is missing`);
  if (share === undefined) wrong.push(`rank ${known.rank}, which should decide about it, does not know of it`);
  const key = `given ${ino.toString(16)}`;
  if (wrong.length === 0) damage.mended(key);
  else run.found({ key, ino, what: wrong.join(', ') });
  return 'done';
}

function placesOf({ place, others }: Given): Place[] {
  return place.directory === nowhere.directory ? [...others] : [place, ...others];
}

async function isAbsent({ parts: { core, runner } }: ScrubRun, ino: number, { directory, name }: Place): Promise<boolean> {
  try {
    return await runner.run(() => core.cache.find(core.cache.directory(directory).ino, name)?.remoteIno !== ino);
  } catch (error) {
    if (!(error instanceof FsError) || !['ESTALE', 'EREMOTE', 'ENOTDIR', 'EIO'].includes(error.code)) throw error;
    // What cannot be read is told where it lies.
    return error.code !== 'EIO';
  }
}
