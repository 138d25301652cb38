import type { FilesystemInfo } from '../../common/maps/cluster-map.ts';
import type { SimCluster } from '../sim/cluster.ts';

/** Objects of file data on the disks of all OSDs, copies counted once. */
export async function dataObjects(cluster: SimCluster): Promise<number> {
  const { dataPool } = (await cluster.map()).filesystems[0] as FilesystemInfo;
  const names = new Set<string>();
  for (const { state } of cluster.images.values()) {
    for (const [pg, { objects }] of state.collections) {
      if (!pg.startsWith(`${dataPool}.`)) continue;
      for (const [name] of objects.entries()) if (!name.startsWith('records.')) names.add(`${pg} ${name}`);
    }
  }
  return names.size;
}
