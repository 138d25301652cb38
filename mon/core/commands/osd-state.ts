import { FsError } from '../../../common/errors/fs-error.ts';
import type { OsdInfo } from '../../../common/maps/cluster-map.ts';
import { osdId } from '../../../common/maps/ids.ts';
import { revokeOsd, setOsdIn } from '../osds.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

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
  const { id, up } = find(state, args);
  if (up) revokeOsd(state, id);
  return { osd: id };
}

function setIn(state: MonState, args: Arguments, isIn: boolean): object {
  const { id } = find(state, args);
  setOsdIn(state, id, isIn);
  return { osd: id, in: isIn };
}

function find({ draft }: MonState, args: Arguments): OsdInfo {
  const id = osdId(args.integer('osd', 0, Number.MAX_SAFE_INTEGER));
  const osd = draft.osds.get(id);
  if (!osd) throw new FsError('ENOENT', `there is no osd.${id}`);
  return osd;
}
