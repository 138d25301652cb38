/**
 * How far a file may grow before its client asks, as it is said with every grant, and whether names may be made unasked: see quota.ts.
 * @module
 */
import { Cap } from '../client/caps.ts';
import type { MetadataCache } from './cache.ts';
import { homeOf, type Inode } from './inode.ts';

/** The limit with which a file is given to a client, as far as can be told from memory: none, or to ask first. */
export function limitUnasked({ inodes }: Pick<MetadataCache, 'inodes'>, inode: Inode): number {
  if (inode.sizeLimit > 0) return inode.sizeLimit;
  const parent = homeOf(inode);
  if (parent === undefined) return 0;
  let at = inodes.get(parent);
  while (at !== undefined && at.above !== 0) {
    if ((at.quota?.maxBytes ?? 0) > 0) return 1 + inode.size;
    at = inodes.get(at.above);
  }
  const isFree = at !== undefined && (at.quota?.maxBytes ?? 0) === 0;
  return isFree ? 0 : 1 + inode.size;
}

/**
 * Whether no quota binds what is made in the directory, as far as can be told from memory. That of a directory whose names somebody
 * may add is so: it is called back before a quota is set above.
 */
export function namesUnlimited({ inodes }: Pick<MetadataCache, 'inodes'>, directory: Inode): boolean {
  for (let at: Inode | undefined = directory; at !== undefined; at = inodes.get(at.above)) {
    if (at.caps.some(({ issued }) => (issued & Cap.dirExclusive) !== 0)) return true;
    if (at.quota !== null) return false;
    if (at.above === 0) return true;
  }
  return false;
}
