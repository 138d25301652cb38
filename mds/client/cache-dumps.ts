/**
 * What is in the caches of all ranks, for an administrator: a path is followed from rank to rank.
 * @module
 */
import type { CachedInode, CacheElsewhere } from '../../common/wire/gen/messages.ts';
import type { RankAdmin } from './client-sessions.ts';

export interface DumpWish {
  /** Empty: wherever it is. */
  readonly path: string;
  /** With all below it. */
  readonly below: boolean;
  /** Only what that client holds something of; 0: all. */
  readonly instance: number;
  readonly max: number;
}

export interface FoundInode extends CachedInode {
  readonly rank: number;
}

export interface CacheDumps {
  readonly inodes: readonly FoundInode[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

/** At most `max` in all; whatever else a rank has of it is not asked for. */
export async function dumpCaches(ranks: readonly RankAdmin[], wish: DumpWish): Promise<CacheDumps> {
  const inodes: FoundInode[] = [];
  let more = false;
  const take = async (rank: RankAdmin, from: Partial<CacheElsewhere>): Promise<readonly CacheElsewhere[]> => {
    if (inodes.length >= wish.max) {
      more = true;
      return [];
    }
    const request = { ...wish, max: wish.max - inodes.length, rootIno: from.ino ?? 0, rootPath: from.path ?? '' };
    const reply = await rank.dump(request);
    inodes.push(...reply.inodes.map((inode) => ({ ...inode, rank: rank.rank })));
    more ||= reply.more;
    return reply.elsewhere;
  };
  if (wish.path === '') for (const rank of ranks) await take(rank, {});
  else {
    // Each subtree is told of once, by the rank that has its name.
    const due: CacheElsewhere[] = [{ rank: 0, ino: 0, path: '' }];
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      const { rank } = next;
      const holder = ranks.find((each) => each.rank === rank);
      if (holder !== undefined) due.push(...(await take(holder, next)));
    }
  }
  return { inodes, more };
}
