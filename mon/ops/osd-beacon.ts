import { FsError } from '../../common/errors/fs-error.ts';
import { instanceId } from '../../common/maps/ids.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Renews the OSD's lease; `leaseMs` counts from when the OSD sent this. 0: it is down in the map and must boot. */
export function osdBeacon(
  mon: MonContext,
  { session, message }: IncomingRequest<'osdBeacon'>,
): OutgoingReply<'osdBeacon'> | Promise<OutgoingReply<'osdBeacon'>> {
  if (session.peer.entity !== `osd.${message.osd}`)
    throw new FsError('EINVAL', `${session.peer.entity} may not speak for osd.${message.osd}`);
  const reply = mon.core.osdBeacon(message, mon.now());
  const settled = reply.leaseMs > 0 ? mon.renewed(session.peer.entity, instanceId(message.instance)) : mon.settled();
  return settled ? settled.then(() => ({ message: reply })) : { message: reply };
}
