import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** What takes the peer from the epoch it has to the newest; nothing when it has that. */
export function mapGet(mon: MonContext, { message }: IncomingRequest<'mapGet'>): OutgoingReply<'mapGet'> {
  return { message: { update: mon.journal.updateFrom(message.haveEpoch) } };
}
