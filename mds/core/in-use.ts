import type { Inode } from './inode.ts';
import type { MdsCore } from './mds-core.ts';

/** Inodes that sessions hold or want something of, whose data is being cut, or whose size is being looked for: as it is when it begins. */
export function* inodesInUse(core: MdsCore): Iterable<Inode> {
  for (const { caps } of [...core.sessions.values()])
    for (const ino of [...caps.keys()]) {
      const inode = core.cache.inodes.get(ino);
      if (inode !== undefined) yield inode;
    }
  for (const inode of [...core.cache.inodes.values()]) if (inode.truncateFrom > 0) yield inode;
  yield* [...core.doubtful];
}
