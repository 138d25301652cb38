/**
 * What a directory's names come to, beside what its inode says. Both change in the same entries, so in memory they agree at every
 * moment, whatever is under way.
 * @module
 */
import { FileType } from '../client/file-mode.ts';
import { isAt, isSystem, namesKnownMax, type Dentry, type Inode } from './inode.ts';
import type { Given } from './subtrees.ts';

/** Sums over the names of one directory. */
export class DirectoryTally {
  names = 0;
  subdirs = 0;
  bytes = 0;
  files = 0;
  /** Directories below, at any depth. */
  below = 0;

  /** `target`: the inode that the name leads to. */
  add(dentry: Dentry, target: Inode): void {
    this.names++;
    if (dentry.inode === undefined) {
      this.files++;
      const [home] = target.names;
      if (home !== undefined && isAt(home, dentry)) this.bytes += target.size;
    } else if (target.isDirectory) {
      this.subdirs++;
      this.bytes += target.counted.bytes;
      this.files += target.counted.files;
      this.below += target.counted.subdirs + 1;
    } else {
      this.files++;
      this.bytes += target.size;
    }
  }

  /** A name of what another rank decides about: what that holds counts as that rank has told it. */
  addForeign(dentry: Dentry, { place, counted }: Given): void {
    this.names++;
    if (dentry.remoteType === FileType.directory) {
      this.subdirs++;
      this.bytes += counted.bytes;
      this.files += counted.files;
      this.below += counted.subdirs + 1;
    } else {
      this.files++;
      if (isAt(place, dentry)) this.bytes += counted.bytes;
    }
  }

  /** What the directory's inode says otherwise; empty: it is right. */
  differences({ entries, subdirs, nlink, recursive }: Inode): string[] {
    const wrong: string[] = [];
    const compare = (what: string, said: number, is: number): void => {
      if (said !== is) wrong.push(`${what} ${said} instead of ${is}`);
    };
    compare('entries', entries, this.names);
    compare('subdirectories', subdirs, this.subdirs);
    compare('links', nlink, 2 + this.subdirs);
    compare('recursive bytes', recursive?.bytes ?? 0, this.bytes);
    compare('recursive files', recursive?.files ?? 0, this.files);
    compare('recursive subdirectories', recursive?.subdirs ?? 0, this.below);
    return wrong;
  }

  /** Makes the inode say so. */
  correct(directory: Inode): void {
    directory.entries = this.names;
    directory.subdirs = this.subdirs;
    directory.nlink = 2 + this.subdirs;
    directory.recursive = {
      bytes: this.bytes,
      files: this.files,
      subdirs: this.below,
      ctime: directory.recursive?.ctime ?? directory.ctime,
    };
  }
}

/** What is wrong with a name and the inode it leads to, seen from its directory. */
export function faultOf(directory: Inode, dentry: Dentry, target: Inode): string | undefined {
  if (dentry.inode !== undefined) {
    if (target.isDirectory) return target.parent === directory.ino ? undefined : `its parent is said to be ${target.parent.toString(16)}`;
    return target.nlink === 1 ? undefined : `it has one name, and is said to have ${target.nlink}`;
  }
  if (!isLinked(target)) return `the name leads to inode ${target.ino.toString(16)}, which does not have several`;
  return knowsAllNames(target) && !target.names.some((place) => isAt(place, dentry))
    ? `the name is not among the ${target.nlink} of inode ${target.ino.toString(16)}`
    : undefined;
}

/** Likewise, where another rank decides about that. */
export function faultOfForeign(dentry: Dentry, { place, names, others }: Given): string | undefined {
  if (names > 1 + others.length || isAt(place, dentry) || others.some((other) => isAt(other, dentry))) return undefined;
  return `the name is not among the ${names} that inode ${dentry.remoteIno.toString(16)} of another rank is known to have here`;
}

/** Makes the inode agree with the name. Returns whether it can. */
export function correctFault(directory: Inode, dentry: Dentry, target: Inode): boolean {
  if (dentry.inode !== undefined) {
    if (target.isDirectory) target.parent = directory.ino;
    else target.nlink = 1;
    return true;
  }
  if (!isLinked(target)) return false;
  target.nlink++;
  if (target.names.length < namesKnownMax) target.names = [...target.names, { directory: dentry.directory, name: dentry.name }];
  return true;
}

function isLinked({ dentry }: Inode): boolean {
  return dentry !== undefined && isSystem(dentry.directory, 'linked');
}

/** Whether a linked inode knows where all of its names are. */
export function knowsAllNames({ names, nlink }: Inode): boolean {
  return names.length === nlink;
}
