import type { ClusterMap, MonInfo } from '../../common/maps/cluster-map.ts';
import { emptyMap } from '../../common/maps/empty-map.ts';
import { epoch } from '../../common/maps/ids.ts';
import type { Now } from './state.ts';

/** Epoch 1 of a new cluster. */
export function firstMap(fsid: string, mon: MonInfo, now: Now): ClusterMap {
  return { ...emptyMap(fsid), epoch: epoch(1), modifiedMs: now.wallMs, mons: [mon] };
}
