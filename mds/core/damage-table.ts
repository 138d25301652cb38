/**
 * What is known to be wrong in the filesystem's metadata: objects that cannot be read, and records that do not agree. One entry for
 * each place, until it has been read, or compared, and found right.
 * @module
 */
import { printable } from '../../common/maps/ids.ts';
import { isSystem, rankOfSystem, SystemIno, type Place } from './inode.ts';
import type { MetadataCache } from './cache.ts';

export interface Damage {
  /** Of the directory or file, as well as it is known. */
  readonly path: string;
  readonly ino: number;
  /** Object of the metadata pool that cannot be read; empty: it can, and what it says is wrong. */
  readonly object: string;
  readonly what: string;
}

/** A path of so many names is not followed further: the kernel takes no longer one. In a damaged filesystem a directory may lie below itself. */
const depthMax = 2_048;
/** Entries kept; more are counted while they are found, and found again. */
const entriesMax = 1_000;

export class DamageTable {
  /** By what tells the places apart. */
  readonly entries = new Map<string, Damage>();

  /** Returns whether that is news. */
  set(key: string, damage: Damage): boolean {
    const known = this.entries.get(key);
    if (known?.what === damage.what && known.path === damage.path) return false;
    if (known === undefined && this.entries.size >= entriesMax) return false;
    this.entries.set(key, damage);
    return true;
  }

  /** Returns whether there was an entry. */
  delete(key: string): boolean {
    return this.entries.delete(key);
  }
}

/** What the system's directories are called in messages: they have no path. */
function systemName(ino: number): string | undefined {
  if (isSystem(ino, 'linked')) return '[files with several names]';
  if (isSystem(ino, 'strays')) return '[unlinked files]';
  if (!isSystem(ino, 'base')) return undefined;
  return ino === SystemIno.base ? '/' : `[subtrees of rank ${rankOfSystem(ino)}]`;
}

/** The path of an inode, as far up as its directories are in memory; beyond that a number stands for them. */
export function pathOf(cache: MetadataCache, ino: number): string {
  const names: string[] = [];
  for (let at = ino; at !== SystemIno.root;) {
    const root = cache.rootPaths.get(at);
    if (root !== undefined && cache.inodes.has(at)) return [root, ...names].join('/');
    const system = systemName(at);
    if (system !== undefined) return [system, ...names].join(names.length > 0 && system !== '/' ? '/' : '');
    const inode = cache.inodes.get(at);
    const place = inode?.dentry !== undefined && isSystem(inode.dentry.directory, 'linked') ? inode.names[0] : inode?.dentry;
    if (place === undefined || names.length >= depthMax) return [`[inode ${at.toString(16)}]`, ...names].join('/');
    names.unshift(printable(place.name));
    at = place.directory;
  }
  return `/${names.join('/')}`;
}

/** Of a name, likewise. */
export function pathOfName(cache: MetadataCache, { directory, name }: Place): string {
  const above = pathOf(cache, directory);
  return `${above === '/' ? '' : above}/${printable(name)}`;
}
