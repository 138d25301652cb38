import { defaultRoot } from '../../../common/crush/crush-edit.ts';
import type { CrushBucket, CrushMap } from '../../../common/crush/crush-map.ts';
import type { TreeNode } from '../../client/reports.ts';
import { osdStatuses, type OsdStatus } from '../status.ts';
import type { MonState } from '../state.ts';

/** `osd tree`: the CRUSH tree, from its root. */
export function osdTree(state: MonState): readonly TreeNode[] {
  const osds = new Map(osdStatuses(state).map((osd) => [osd.id, osd]));
  const { crush } = state.map;
  const roots = crush.buckets.filter((bucket) => bucket.type === 'root').sort((a) => (a.name === defaultRoot ? -1 : 1));
  return roots.map((root) => nodeOf(crush, root, osds));
}

function nodeOf(crush: CrushMap, bucket: CrushBucket, osds: ReadonlyMap<number, OsdStatus>): TreeNode {
  const children = bucket.items.flatMap(({ id }): TreeNode[] => {
    const osd = osds.get(id);
    if (osd) return [{ type: 'osd', name: `osd.${id}`, ...osd }];
    const below = crush.buckets.find((candidate) => candidate.id === id);
    return below ? [nodeOf(crush, below, osds)] : [];
  });
  const weight = bucket.items.reduce((sum, item) => sum + item.weight, 0) / 0x10000;
  return { type: bucket.type, name: bucket.name, weight, children };
}
