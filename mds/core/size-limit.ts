/**
 * How far a file may grow before its client asks, as it is said with every grant: see quota.ts.
 * @module
 */
import type { MetadataCache } from './cache.ts';
import { homeOf, type Inode } from './inode.ts';

/** The limit with which a file is given to a client, as far as can be told from memory: none, or to ask first. */
export function limitUnasked({ inodes }: Pick<MetadataCache, 'inodes'>, inode: Inode): number {
  if (inode.sizeLimit > 0) return inode.sizeLimit;
  const parent = homeOf(inode);
  if (parent === undefined) return 0;
  let at = inodes.get(parent);
  while (at !== undefined && at.parent !== 0) {
    if ((at.quota?.maxBytes ?? 0) > 0) return 1 + inode.size;
    at = inodes.get(at.parent);
  }
  const isFree = at !== undefined && (at.quota?.maxBytes ?? 0) === 0;
  return isFree ? 0 : 1 + inode.size;
}
