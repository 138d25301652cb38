/**
 * From a path to an inode, as path_resolution(7) has it: symlinks followed up to a limit, `..` by the way that
 * was walked, search permission checked on every directory.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import { byteStringOf, printable, type ByteString, type Ino } from '../../common/maps/ids.ts';
import type { Attributes, Credentials, Filesystem } from '../vfs/filesystem.ts';
import { FileType } from '../../mds/client/index.ts';

/** As Linux has it. */
const linksMax = 40;
const executeMask = 1;

export interface Resolved {
  /** Of the directory that holds the last component. */
  readonly parent: Ino;
  /** The last component; empty for the root itself and what `.` or `..` lead to. */
  readonly name: ByteString;
  /** Undefined when the last component does not exist. */
  readonly attributes: Attributes | undefined;
  /** The path ended in a slash: it must be a directory. */
  readonly mustBeDirectory: boolean;
  /** Gives back the references that were taken on the way. Call it when done with the inodes. */
  release(): void;
}

/** Resolves `path`; the last component may be missing. `follow`: whether a symlink in last place is followed. */
export async function resolve(filesystem: Filesystem, who: Credentials, path: string, follow: boolean): Promise<Resolved> {
  const referenced: Ino[] = [];
  const release = (): void => {
    for (const ino of referenced) filesystem.forget(ino, 1);
    referenced.length = 0;
  };
  try {
    const { root } = filesystem;
    let todo = componentsOf(path);
    const mustBeDirectory = path.endsWith('/');
    /** The directories walked through; the last is where we are. */
    let stack: Ino[] = [root];
    let links = 0;
    for (;;) {
      const here = stack.at(-1) ?? root;
      const name = todo.shift();
      if (name === undefined) {
        const { attributes } = await filesystem.getAttributes(who, here);
        return { parent: here, name: '' as ByteString, attributes, mustBeDirectory, release };
      }
      const looked = filesystem.access(who, here, executeMask);
      if (looked instanceof Promise) await looked;
      if (name === '..') {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const last = todo.length === 0;
      const answer = filesystem.lookup(who, here, name);
      const entry = answer instanceof Promise ? await answer : answer;
      if (!('attributes' in entry)) {
        if (last) return { parent: here, name, attributes: undefined, mustBeDirectory, release };
        throw new FsError('ENOENT', `${path}: ${printable(name)} does not exist`);
      }
      const { attributes } = entry;
      referenced.push(attributes.ino);
      const type = attributes.mode & FileType.mask;
      if (type === FileType.symlink && (!last || follow || mustBeDirectory)) {
        if (++links > linksMax) throw new FsError('ELOOP', `${path}: more than ${linksMax} symbolic links`);
        const target = await filesystem.readLink(who, attributes.ino);
        todo = [...componentsOfBytes(target), ...todo];
        if (target.startsWith('/')) stack = [root];
        continue;
      }
      if (last) {
        if (mustBeDirectory && type !== FileType.directory) throw new FsError('ENOTDIR', `${path} is not a directory`);
        return { parent: here, name, attributes, mustBeDirectory, release };
      }
      if (type !== FileType.directory) throw new FsError('ENOTDIR', `${path}: ${printable(name)} is not a directory`);
      stack.push(attributes.ino);
    }
  } catch (error) {
    release();
    throw error;
  }
}

function componentsOf(path: string): ByteString[] {
  if (path === '') throw new FsError('ENOENT', 'an empty path');
  if (path.includes('\0')) throw new FsError('EINVAL', 'a path with a zero byte');
  return componentsOfBytes(byteStringOf(path));
}

function componentsOfBytes(path: ByteString): ByteString[] {
  return path.split('/').filter((part) => part !== '' && part !== '.') as ByteString[];
}
