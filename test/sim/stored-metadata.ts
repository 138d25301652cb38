/**
 * What the OSDs have on their disks of a pool.
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { parsePgId } from '../../common/maps/ids.ts';
import { allPgs } from '../../common/maps/placement.ts';
import type { MemoryObject } from '../../osd/store/memory-state.ts';
import type { MemoryImage } from '../../osd/store/memory.ts';
import { blockBytes } from '../../osd/store/transaction-check.ts';
import type { StoredMetadata, StoredPool } from '../support/replayed-state.ts';

/** The metadata pool as it is on disk. */
export function storedMetadata(map: ClusterMap, images: ReadonlyMap<string, MemoryImage>): StoredPool {
  const [filesystem] = map.filesystems;
  return new Map([...storedObjects(map, images, filesystem?.metadataPool)].map(([name, object]) => [name, contentsOf(object)]));
}

/** The pool as it is on disk: of each object the newest copy that a member of its acting set has. */
export function storedObjects(
  map: ClusterMap,
  images: ReadonlyMap<string, MemoryImage>,
  pool: number | undefined,
): ReadonlyMap<string, MemoryObject> {
  const newest = new Map<string, MemoryObject>();
  for (const { pgId, acting } of allPgs(map)) {
    if (parsePgId(pgId)?.pool !== pool) continue;
    for (const id of acting) {
      for (const [name, object] of images.get(`osd.${id}`)?.state.collections.get(pgId)?.objects.entries() ?? []) {
        const known = newest.get(name)?.version;
        const { interval, counter } = object.version;
        if (known === undefined || interval > known.interval || (interval === known.interval && counter > known.counter))
          newest.set(name, object);
      }
    }
  }
  return newest;
}

function contentsOf({ size, blocks, omap }: MemoryObject): StoredMetadata {
  const data = Buffer.alloc(size);
  for (const [index, block] of blocks) block.copy(data, index * blockBytes);
  return { data, omap: new Map(omap.entries()) };
}
