import { newCrushMap } from '../crush/crush-edit.ts';
import { type ClusterMap, defaultFullRatios } from './cluster-map.ts';
import { epoch } from './ids.ts';

/** The map a process starts from: epoch 0, of no cluster yet unless `fsid` says. */
export function emptyMap(fsid = ''): ClusterMap {
  return {
    epoch: epoch(0),
    fsid,
    modifiedMs: 0,
    mons: [],
    osds: new Map(),
    crush: newCrushMap(),
    pools: new Map(),
    lastPoolId: 0,
    pgs: new Map(),
    filesystems: [],
    mdss: new Map(),
    blocklist: new Map(),
    flags: new Set(),
    fullRatios: defaultFullRatios,
  };
}
