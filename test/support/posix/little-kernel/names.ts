/**
 * Calls that make, move and remove names, as the kernel prepares them for a filesystem. What the filesystem decides for itself
 * (rights on directories, what exists, what is empty) is left to it.
 * @module
 */
import { constants } from 'node:os';
import type { ByteString, Ino } from '../../../../common/maps/ids.ts';
import type { Attributes, Credentials, Filesystem } from '../../../../fuse-client/vfs/filesystem.ts';
import { fileType, Rename, typeMask } from '../constants.ts';
import { errnoOf, refuse } from './errno.ts';
import { mayLink } from './hardening.ts';
import { checkNodeType } from './opening.ts';
import { isDirectory, type Last, type Walk } from './walk.ts';

const targetBytesMax = 4095;
const readWrite = 6;
const renameWhiteout = 4;

export interface Naming {
  readonly filesystem: Filesystem;
  readonly who: Credentials;
  readonly umask: number;
  readonly walk: Walk;
}

export async function makeDirectory({ filesystem, who, umask, walk }: Naming, path: string, mode: number): Promise<void> {
  const { directory, name } = await newName(walk, path, true);
  walk.keep((await filesystem.makeDirectory(who, directory, name, mode & 0o1777, umask)).attributes);
}

export async function makeNode({ filesystem, who, umask, walk }: Naming, path: string, mode: number, device: number): Promise<void> {
  checkNodeType(mode);
  const type = mode & typeMask;
  const { directory, name } = await newName(walk, path, false);
  const number = type === fileType.character || type === fileType.block ? device : 0;
  walk.keep((await filesystem.makeNode(who, directory, name, mode & (typeMask | 0o7777), number, umask)).attributes);
}

export async function symlink({ filesystem, who, walk }: Naming, target: string, path: string): Promise<void> {
  if (target === '') refuse('ENOENT');
  if (target.length > targetBytesMax) refuse('ENAMETOOLONG');
  const { directory, name } = await newName(walk, path, false);
  walk.keep((await filesystem.symlink(who, directory, name, target as ByteString)).attributes);
}

/** `found`: what gets the name. */
export async function link({ filesystem, who, walk }: Naming, found: () => Promise<Attributes>, path: string): Promise<void> {
  const source = await found();
  const { directory, name } = await newName(walk, path, false);
  const mayUse = async (): Promise<boolean> => {
    try {
      await filesystem.access(who, source.ino, readWrite);
      return true;
    } catch (error) {
      if (errnoOf(error) === constants.errno.EACCES) return false;
      throw error;
    }
  };
  if (!mayLink(who, source, await mayUse())) refuse('EPERM');
  walk.keep((await filesystem.link(who, source.ino, directory, name)).attributes);
}

export async function unlink({ filesystem, who, walk }: Naming, path: string): Promise<void> {
  const { directory, name, isName, slash } = await walk.last(path);
  if (!isName) refuse('EISDIR');
  if (slash) {
    const there = (await walk.look(directory, name)) ?? refuse('ENOENT');
    refuse(isDirectory(there) ? 'EISDIR' : 'ENOTDIR');
  }
  await filesystem.unlink(who, directory, name);
}

export async function removeDirectory({ filesystem, who, walk }: Naming, path: string): Promise<void> {
  const { directory, name, isName } = await walk.last(path);
  if (!isName) refuse(name === '..' ? 'ENOTEMPTY' : name === '.' ? 'EINVAL' : 'EBUSY');
  await filesystem.removeDirectory(who, directory, name);
}

export async function rename({ filesystem, who, walk }: Naming, oldPath: string, newPath: string, flags: number): Promise<void> {
  const exchanges = (flags & Rename.exchange) !== 0;
  if ((flags & ~7) !== 0 || (exchanges && (flags & (Rename.noReplace | renameWhiteout)) !== 0)) refuse('EINVAL');
  const from = await walk.last(oldPath);
  const to = await walk.last(newPath);
  if (!from.isName) refuse('EBUSY');
  if (!to.isName) refuse((flags & Rename.noReplace) !== 0 ? 'EEXIST' : 'EBUSY');
  const { source, target } = await checkBoth(walk, from, to, flags);
  // Two names of one file: nothing happens, and nobody is asked.
  if (target?.ino === source.ino) return;
  try {
    await filesystem.rename(who, from.directory, from.name, to.directory, to.name, flags);
  } catch (error) {
    errnoOf(error);
    // The filesystem has to find out for itself; that a kernel would have said so before it asked decides what is told.
    if (to.way.includes(source.ino)) refuse('EINVAL');
    if (target !== undefined && from.way.includes(target.ino)) refuse(exchanges ? 'EINVAL' : 'ENOTEMPTY');
    throw error;
  }
}

/** What there is of both names, and that those that end in a slash are directories'. */
async function checkBoth(
  walk: Walk,
  from: Last,
  to: Last,
  flags: number,
): Promise<{ readonly source: Attributes; readonly target: Attributes | undefined }> {
  const exchanges = (flags & Rename.exchange) !== 0;
  const source = (await walk.look(from.directory, from.name)) ?? refuse('ENOENT');
  const target = await walk.look(to.directory, to.name);
  if ((flags & Rename.noReplace) !== 0 && target !== undefined) refuse('EEXIST');
  if (exchanges && target === undefined) refuse('ENOENT');
  if (exchanges && target !== undefined && !isDirectory(target) && to.slash) refuse('ENOTDIR');
  if (!isDirectory(source) && (from.slash || (!exchanges && to.slash))) refuse('ENOTDIR');
  return { source, target };
}

/** Where something new gets its name. */
async function newName(walk: Walk, path: string, forDirectory: boolean): Promise<{ readonly directory: Ino; readonly name: ByteString }> {
  const { directory, name, isName, slash } = await walk.last(path);
  if (!isName) refuse('EEXIST');
  if ((await walk.look(directory, name)) !== undefined) refuse('EEXIST');
  if (slash && !forDirectory) refuse('ENOENT');
  return { directory, name };
}
