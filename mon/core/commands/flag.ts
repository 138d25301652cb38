import { clusterFlags } from '../../../common/maps/cluster-map.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** `flag set {flag}` */
export function setFlag({ draft }: MonState, args: Arguments): object {
  const flag = args.oneOf('flag', clusterFlags);
  if (!draft.flags.has(flag)) draft.setFlags(new Set([...draft.flags, flag]));
  return { flags: [...draft.flags] };
}

/** `flag unset {flag}` */
export function unsetFlag({ draft }: MonState, args: Arguments): object {
  const flag = args.oneOf('flag', clusterFlags);
  if (draft.flags.has(flag)) draft.setFlags(new Set([...draft.flags].filter((other) => other !== flag)));
  return { flags: [...draft.flags] };
}
