import { FsError } from '../../common/errors/fs-error.ts';
import { osdId } from '../../common/maps/ids.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** A primary certifies OSDs for a PG (R2). Answered when they are in its acting set. */
export async function pgCertify(mon: MonContext, { session, message }: IncomingRequest<'pgCertify'>): Promise<OutgoingReply<'pgCertify'>> {
  const number = /^osd\.(\d{1,9})$/.exec(session.peer.entity)?.[1];
  const osd = number === undefined ? undefined : mon.core.map.osds.get(osdId(Number(number)));
  if (!osd?.up || osd.instance !== session.peer.instance)
    throw new FsError('ESTALE', `${session.peer.entity} is not up in this life: boot first`);
  mon.core.certify(message, osd.id, mon.now());
  await mon.settled();
  return { message: { epoch: mon.journal.map.epoch } };
}
