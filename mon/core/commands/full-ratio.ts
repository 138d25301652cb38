import { FsError } from '../../../common/errors/fs-error.ts';
import type { FullRatios } from '../../../common/maps/cluster-map.ts';
import { noteFullness } from '../fullness.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** Above this an OSD could not even note what it removes. */
const fullMax = 0.97;

/**
 * `osd set-nearfull-ratio`, `osd set-backfillfull-ratio`, `osd set-full-ratio` `{ratio}`: a share of an OSD's space,
 * to four places. They keep their order, and `full` is at most 0.97.
 */
export function setFullRatio(which: keyof FullRatios): (state: MonState, args: Arguments) => FullRatios {
  return (state, args) => {
    const { draft } = state;
    const ratio = Math.round(args.share('ratio') * 10_000) / 10_000;
    const ratios = { ...draft.fullRatios, [which]: ratio };
    const { nearfull, backfillfull, full } = ratios;
    if (ratio === 0 || nearfull > backfillfull || backfillfull > full || full > fullMax) {
      throw new FsError(
        'EINVAL',
        `nearfull ${nearfull}, backfillfull ${backfillfull}, full ${full}: each must be at least the one before, and full at most ${fullMax}`,
      );
    }
    if (ratio !== draft.fullRatios[which]) draft.setFullRatios(ratios);
    for (const id of draft.osds.keys()) noteFullness(state, id);
    return ratios;
  };
}
