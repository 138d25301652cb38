/**
 * Where a scrub begins: at the directory that it was ordered for, when that is ours, and at each root of a subtree of ours below it, whichever
 * ranks hold what lies between.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { byteString, type ByteString } from '../../../common/maps/ids.ts';
import type { RankDirectory, RankName } from '../../../common/wire/gen/messages.ts';
import { FileType } from '../../client/file-mode.ts';
import { type Inode, SystemIno } from '../../core/inode.ts';
import { LoanKind } from '../../core/loans.ts';
import { giverOf, isGivenRoot } from '../../core/subtrees.ts';
import { directoryOf, nameOf } from '../../ops/lend.ts';
import { systemOperation } from './system-operation.ts';
import type { ScrubRun } from './scrub-run.ts';

/** A directory, and the rank that decides about it. */
export interface Whereabout {
  readonly ino: number;
  readonly rank: number;
}

/** Times that a step is tried while directories go from rank to rank. */
const triesMax = 100;

export function partsOfPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** The directory that the scrub was ordered for. FsError ENOENT, ENOTDIR, EIO. */
export async function find(run: ScrubRun): Promise<Whereabout> {
  const { path } = run.status;
  let at: Whereabout = { ino: SystemIno.root, rank: 0 };
  for (const part of partsOfPath(path)) {
    const found = await following(run, at, (where) => look(run, where, byteString(Buffer.from(part))));
    if (found === undefined) throw new FsError('ENOENT', `there is no ${path} in the filesystem`);
    if (found.type !== FileType.directory) throw new FsError('ENOTDIR', `${path} is no directory`);
    at = found;
  }
  return at;
}

/** All roots of ours, and `/` with rank 0. */
export async function rootsOf(run: ScrubRun): Promise<number[]> {
  const { core } = run.parts;
  core.cache.rootPaths.clear();
  await learnPaths(run);
  const given = givenRoots(run).map(({ ino }) => ino);
  return core.rank === 0 ? [SystemIno.root, ...given] : given;
}

/** The paths of our roots, as those say who have their names: so that what is found has one. */
export async function learnPaths(run: ScrubRun): Promise<void> {
  for (const root of givenRoots(run)) await learnPath(run, root);
}

/** Likewise, of those that are, or lie below, a directory. */
export async function rootsBelow(run: ScrubRun, { ino, rank }: Whereabout): Promise<number[]> {
  const { core } = run.parts;
  const roots = rank === core.rank ? [ino] : [];
  for (const root of givenRoots(run)) {
    if (root.ino === ino || !(await liesBelow(run, root, ino))) continue;
    roots.push(root.ino);
    await learnPath(run, root);
  }
  return roots;
}

function givenRoots({ parts: { core } }: ScrubRun): Inode[] {
  return [...core.cache.names(core.inos.base).fragments].flatMap(({ dentries }) =>
    [...dentries.values()].flatMap(({ inode }) => (inode !== undefined && isGivenRoot(inode) ? [inode] : [])),
  );
}

async function learnPath(run: ScrubRun, root: Inode): Promise<void> {
  try {
    const { share } = await run.ask(giverOf(root), LoanKind.share, root.ino);
    if (share !== null && share.path !== '') run.parts.core.cache.rootPaths.set(root.ino, share.path);
  } catch (error) {
    // It is about to go back, or is not known there: that is found when the two are compared.
    if (!(error instanceof FsError) || !['ESTALE', 'EREMOTE'].includes(error.code)) throw error;
  }
}

/** Whether the directory `ino` is above the root, with whichever rank. */
async function liesBelow(run: ScrubRun, root: Inode, ino: number): Promise<boolean> {
  let at: Whereabout = { ino: root.parent, rank: giverOf(root) };
  while (at.ino !== 0) {
    const directory = await following(run, at, (where) => ascend(run, where));
    if (directory === undefined) return false;
    if (directory.above.includes(ino)) return true;
    at = { ino: directory.beyondIno, rank: directory.beyondRank };
  }
  return false;
}

/** Asks whoever has it, wherever it has gone. Undefined: it is not there. */
async function following<T>(run: ScrubRun, at: Whereabout, ask: (at: Whereabout) => Promise<T>): Promise<T | undefined> {
  let where = at;
  for (let tries = 0; ; tries++) {
    try {
      return await ask(where);
    } catch (error) {
      if (!(error instanceof FsError) || tries === triesMax) throw error;
      if (error.code === 'ESTALE' || error.code === 'ENOENT') return undefined;
      if (error.code !== 'EREMOTE' || error.elsewhere?.ino !== at.ino) throw error;
      where = error.elsewhere;
    }
    await run.pace();
  }
}

async function look(run: ScrubRun, { ino, rank }: Whereabout, name: ByteString): Promise<RankName | undefined> {
  const { core, runner } = run.parts;
  if (rank !== core.rank) {
    const { name: found } = await run.ask(rank, LoanKind.look, ino, name);
    return found ?? undefined;
  }
  return await runner.run(() => {
    const op = systemOperation(core);
    const dentry = op.find(op.directory(ino), name);
    return dentry && nameOf(op, dentry);
  });
}

async function ascend(run: ScrubRun, { ino, rank }: Whereabout): Promise<RankDirectory | undefined> {
  const { core, runner } = run.parts;
  if (rank === core.rank) return await runner.run(() => directoryOf(systemOperation(core), core.cache.directory(ino)));
  const { directory } = await run.ask(rank, LoanKind.above, ino);
  return directory ?? undefined;
}
