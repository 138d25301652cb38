import { lineageMax, type Home } from '../client/backtrace.ts';
import { isSystemDirectory, type Inode } from './inode.ts';
import type { MdsCore } from './mds-core.ts';

/**
 * Where the inode is, where its directory is, and so on upwards, as far as that is in memory: for its backtrace. Of a version that is not in the journal yet nothing
 * is claimed: should it be lost, it is given once more.
 */
export function lineageOf({ cache, safeSeq }: Pick<MdsCore, 'cache' | 'safeSeq'>, inode: Inode): readonly Home[] {
  const lineage: Home[] = [];
  for (let at: Inode | undefined = inode; at?.dentry !== undefined && lineage.length < lineageMax;) {
    const { directory, name } = at.dentry;
    if (isSystemDirectory(directory)) break;
    lineage.push({ directory, name, version: at.savedSeq > safeSeq ? 0 : at.version });
    at = cache.inodes.get(directory);
  }
  return lineage;
}
