import { FsError } from '../../common/errors/fs-error.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** Marks the OSD up. Answered when the epoch in which it is up is durable and on its way to everyone. */
export async function osdBoot(mon: MonContext, { session, message }: IncomingRequest<'osdBoot'>): Promise<OutgoingReply<'osdBoot'>> {
  if (session.peer.entity !== `osd.${message.osd}` || session.peer.instance !== message.instance) {
    throw new FsError('EINVAL', `${session.peer.entity} may not boot osd.${message.osd}`);
  }
  mon.core.bootOsd(message, mon.now());
  await mon.settled();
  return { message: { epoch: mon.journal.map.epoch } };
}
