/**
 * Unlinked files: when nobody has them open any more they go, and nothing of them stays in the ranks' tables of strays.
 * @module
 */
import { fragmentObject } from '../../mds/core/directory.ts';
import { wholeId } from '../../mds/core/fragment-shape.ts';
import { inosOf } from '../../mds/core/inode.ts';
import type { SimCluster } from './cluster.ts';
import { storedMetadata } from './stored-metadata.ts';

const pollMs = 1_000;
/** Sessions that did not come back are over by then, files that several knew are deleted, and what has changed is written back. */
const pollsMax = 60;

/** Waits until the tables of strays are empty, on disk; throws when they do not become so. Nobody may have a file open. */
export async function assertNoStrays(cluster: SimCluster, ranks: number): Promise<void> {
  for (let polls = 1; ; polls++) {
    const left = straysOf(cluster, await cluster.map(), ranks);
    if (left.length === 0) return;
    if (polls === pollsMax) throw new Error(`nobody uses them, and these inodes without a name are still there: ${left.join(', ')}`);
    await cluster.world.sleep(pollMs);
  }
}

function straysOf({ images }: SimCluster, map: Awaited<ReturnType<SimCluster['map']>>, ranks: number): string[] {
  const stored = storedMetadata(map, images);
  return Array.from({ length: ranks }, (_, rank) => stored.get(fragmentObject(inosOf(rank).strays, wholeId))).flatMap((table) => [
    ...(table?.omap.keys() ?? []),
  ]);
}
