import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Space as statfs wants it. */
export function statfs(mon: MonContext, { message }: IncomingRequest<'statfs'>): OutgoingReply<'statfs'> {
  return { message: mon.core.statfs(message) };
}
