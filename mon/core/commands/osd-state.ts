import { isPlaced, setOsdWeight, weightOfOsd } from '../../../common/crush/crush-edit.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { OsdInfo } from '../../../common/maps/cluster-map.ts';
import { osdId } from '../../../common/maps/ids.ts';
import { revokeOsd, setOsdIn, setOsdReweight } from '../osds.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** The largest weight, in TiB. */
const weightMax = 9_999;
/** 1 in 16.16 fixed point. */
const fullReweight = 0x10000;

/** `osd in {osd}`: it takes part in placement again. */
export function osdIn(state: MonState, args: Arguments): object {
  return setIn(state, args, true);
}

/** `osd out {osd}`: its data is copied elsewhere; it serves until that is done. */
export function osdOut(state: MonState, args: Arguments): object {
  return setIn(state, args, false);
}

/** `osd down {osd}`: its lease is not renewed; it goes down when that ends, and comes up again if it lives. */
export function osdDown(state: MonState, args: Arguments): object {
  const { id, up } = findOsd(state, args);
  if (up) revokeOsd(state, id);
  return { osd: id };
}

/**
 * `osd reweight {osd, reweight}`: the share of its PGs that it keeps while it is in, above 0 and up to 1; the
 * others move elsewhere. To empty an OSD take it out.
 */
export function osdReweight(state: MonState, args: Arguments): object {
  const { id } = findOsd(state, args);
  const reweight = Math.max(1, Math.round(args.share('reweight') * fullReweight));
  setOsdReweight(state, id, reweight);
  return { osd: id, reweight: reweight / fullReweight };
}

/**
 * `osd weight {osd, weight}`: its share of the data in the CRUSH tree, 1 for each TiB of its disk; 0 empties it, and is no
 * reason for CRUSH to look for places there in vain, as an OSD that is only out is.
 */
export function osdWeight({ draft }: MonState, args: Arguments): object {
  const id = osdId(args.integer('osd', 0, Number.MAX_SAFE_INTEGER));
  if (!isPlaced(draft.crush, id)) throw new FsError('ENOENT', `there is no osd.${id} in the CRUSH tree`);
  const weight = Math.round(args.number('weight', 0, weightMax) * 0x10000);
  if (weightOfOsd(draft.crush, id) !== weight) draft.setCrush(setOsdWeight(draft.crush, id, weight));
  return { osd: id, weight: weight / 0x10000 };
}

function setIn(state: MonState, args: Arguments, isIn: boolean): object {
  const { id } = findOsd(state, args);
  setOsdIn(state, id, isIn);
  return { osd: id, in: isIn };
}

/** The OSD that the argument `osd` names. */
export function findOsd({ draft }: MonState, args: Arguments): OsdInfo {
  const id = osdId(args.integer('osd', 0, Number.MAX_SAFE_INTEGER));
  const osd = draft.osds.get(id);
  if (!osd) throw new FsError('ENOENT', `there is no osd.${id}`);
  return osd;
}
