import { parseEntityName, type EntityName, type InstanceId } from '../../common/maps/ids.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Someone cannot reach a daemon. The mon believes only what it sees itself: it tries the daemon's address. */
export function failureReport(mon: MonContext, { message }: IncomingRequest<'failureReport'>): OutgoingReply<'failureReport'> {
  if (parseEntityName(message.entity)) mon.suspect(message.entity as EntityName, message.instance as InstanceId);
  return { message: {} };
}
