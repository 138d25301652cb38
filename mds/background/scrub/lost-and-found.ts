/**
 * `/lost+found`: where a repair puts what has data and no name, under its inode number.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { byteString } from '../../../common/maps/ids.ts';
import { FileType } from '../../client/file-mode.ts';
import { firstPosition } from '../../core/directory.ts';
import { shapeAround, type FragmentId } from '../../core/fragment-shape.ts';
import { Inode, noCounts, SystemIno, touchNames } from '../../core/inode.ts';
import type { Operation } from '../../core/operation.ts';
import type { ScrubRun } from './scrub-run.ts';
import { systemOperation } from './system-operation.ts';

const folder = byteString(Buffer.from('lost+found'));
const folderMode = FileType.directory | 0o700;
const nextPositionUnknown = 2 ** 31;
const fileMode = FileType.regular | 0o600;

/** Makes a file of data objects that belong to nothing. Returns its path. */
export async function adoptFile(run: ScrubRun, ino: number, size: number): Promise<string> {
  const inode = new Inode(ino, fileMode);
  inode.size = size;
  return await adopt(run, inode);
}

/** Gives a directory that has lost its inode another one, with the fragments that there are. Its counts are not right yet. Returns its path. */
export async function adoptDirectory(run: ScrubRun, ino: number, fragments: readonly FragmentId[]): Promise<string> {
  const inode = new Inode(ino, folderMode);
  inode.nlink = 2;
  inode.shape = shapeAround(fragments);
  // Above the positions of all its names, unless it has had more than that.
  inode.nextPosition = nextPositionUnknown;
  inode.recursive = { ...noCounts, ctime: run.env.clock.nowTimespec() };
  return await adopt(run, inode);
}

/** Gives an inode without a name one in `/lost+found`. Returns its path. */
export async function adopt(run: ScrubRun, inode: Inode): Promise<string> {
  const { core, runner } = run.parts;
  const name = inode.ino.toString(16);
  const into = await runner.run(() => openFolder(systemOperation(core)));
  await runner.run(() => {
    const op = systemOperation(core);
    const directory = op.directory(into);
    if (op.find(directory, byteString(Buffer.from(name))) !== undefined) return;
    op.clear(directory, 'change');
    op.clear(inode, 'change');
    // From the table of those with several names.
    if (inode.dentry !== undefined) op.unshelve(inode);
    else inode.atime = inode.mtime = inode.ctime = inode.btime = op.now;
    inode.names = [];
    if (!inode.isDirectory) inode.nlink = 1;
    op.name(directory, byteString(Buffer.from(name)), inode);
    touchNames(directory, op.now);
    op.save(directory);
    op.commit([inode, directory]);
  });
  run.env.log.warn({ ino: name, size: inode.size }, 'scrub has put something that had no name into /lost+found');
  return `/lost+found/${name}`;
}

/** The directory's number; it is made where it is missing. Blocks. */
function openFolder(op: Operation): number {
  const { core } = op;
  const root = op.directory(SystemIno.root);
  const known = op.find(root, folder);
  if (known !== undefined && op.elsewhere(known) !== undefined)
    throw new FsError('EREMOTE', '/lost+found is pinned to another rank: take its pin away, and order the repair once more');
  const found = known === undefined ? undefined : op.target(known);
  if (found?.isDirectory === true) return found.ino;
  if (found !== undefined) throw new FsError('ENOTDIR', '/lost+found is not a directory: rename it, and order the repair once more');
  op.clear(root, 'change');
  const made = new Inode(core.nextIno++, folderMode);
  made.nlink = 2;
  made.atime = made.mtime = made.ctime = made.btime = op.now;
  made.nextPosition = firstPosition;
  made.recursive = { ...noCounts, ctime: op.now };
  op.note({ kind: 'next-ino', ino: core.nextIno });
  core.cache.names(made.ino, true);
  op.name(root, folder, made);
  touchNames(root, op.now);
  op.save(root);
  op.commit([made, root]);
  return made.ino;
}
