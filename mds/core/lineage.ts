import { lineageMax, type Home } from '../client/backtrace.ts';
import type { MetadataCache } from './cache.ts';
import { isSystemDirectory, type Inode } from './inode.ts';

/** Where the inode is, where its directory is, and so on upwards, as far as that is in memory: for its backtrace. */
export function lineageOf({ inodes }: MetadataCache, inode: Inode): readonly Home[] {
  const lineage: Home[] = [];
  for (let at: Inode | undefined = inode; at?.dentry !== undefined && lineage.length < lineageMax;) {
    const { directory, name } = at.dentry;
    if (isSystemDirectory(directory)) break;
    lineage.push({ directory, name, version: at.version });
    at = inodes.get(directory);
  }
  return lineage;
}
