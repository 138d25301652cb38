import { instanceId } from '../../../common/maps/ids.ts';
import type { MonState, Now } from '../state.ts';
import type { Arguments } from './arguments.ts';

const defaultSeconds = 3_600;
const secondsMax = 365 * 86_400;

/** `blocklist add {instance, seconds?}`: operations of that instance are refused from the epoch returned. */
export function addToBlocklist(state: MonState, args: Arguments, now: Now): { readonly epoch: number } {
  const instance = instanceId(args.integer('instance', 1, Number.MAX_SAFE_INTEGER));
  const untilMs = now.wallMs + args.integer('seconds', 1, secondsMax, defaultSeconds) * 1_000;
  const { draft } = state;
  const known = draft.blocklist.get(instance);
  // A repeated wish only prolongs what is there.
  if (!known || known.untilMs < untilMs) draft.setBlocklisted(instance, untilMs);
  return { epoch: draft.base.blocklist.has(instance) ? draft.base.epoch : draft.epoch };
}

/** `blocklist remove {instance}` */
export function removeFromBlocklist(state: MonState, args: Arguments): object {
  state.draft.removeBlocklisted(instanceId(args.integer('instance', 1, Number.MAX_SAFE_INTEGER)));
  return {};
}

/** `blocklist list` */
export function listBlocklist({ draft }: MonState): object {
  return Array.from(draft.blocklist, ([instance, { untilMs }]) => ({ instance, untilMs }));
}
