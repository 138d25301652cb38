import { FsError } from '../../common/errors/fs-error.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Registers an MDS, renews its lease, moves it on. Answered when the map says so. */
export async function mdsBeacon(mon: MonContext, { session, message }: IncomingRequest<'mdsBeacon'>): Promise<OutgoingReply<'mdsBeacon'>> {
  if (session.peer.entity !== message.name || session.peer.instance !== message.instance) {
    throw new FsError('EINVAL', `${session.peer.entity} may not speak for ${message.name}`);
  }
  const { leaseMs, scrubOrder, scrubTurn } = mon.core.mdsBeacon(message, mon.now());
  await (leaseMs > 0 ? mon.renewed(session.peer.entity, session.peer.instance) : mon.settled());
  return { message: { epoch: mon.journal.map.epoch, leaseMs, scrubOrder, scrubTurn } };
}
