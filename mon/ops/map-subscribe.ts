import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Sends what the peer lacks, then every new epoch, until the session ends. */
export function mapSubscribe(mon: MonContext, { session, message }: IncomingRequest<'mapSubscribe'>): OutgoingReply<'mapSubscribe'> {
  mon.subscribers.add(session, message.haveEpoch);
  return { message: { epoch: mon.journal.map.epoch } };
}
