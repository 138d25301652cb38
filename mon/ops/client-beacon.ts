import { FsError } from '../../common/errors/fs-error.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** A client says that it is there. */
export function clientBeacon(mon: MonContext, { session, message }: IncomingRequest<'clientBeacon'>): OutgoingReply<'clientBeacon'> {
  const { entity, instance, address } = session.peer;
  if (entity !== message.name || instance !== message.instance) throw new FsError('EINVAL', `${entity} may not speak for ${message.name}`);
  mon.core.clientBeacon(message, address, mon.now());
  return { message: { epoch: mon.journal.map.epoch } };
}
