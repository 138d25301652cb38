import { FsError } from '../../common/errors/fs-error.ts';
import type { IncomingRequest, OutgoingReply } from '../../common/wire/session.ts';
import type { MonContext } from '../context.ts';

/** An administrative command. Answered when what it changed is durable. */
export async function command(mon: MonContext, { session, message }: IncomingRequest<'command'>): Promise<OutgoingReply<'command'>> {
  const parsed = parse(message.command);
  const result = JSON.stringify(mon.core.command(parsed, mon.now()));
  mon.env.log.debug({ peer: session.peer.entity, command: message.command.slice(0, 1_000) }, 'command');
  await mon.settled();
  return { message: { result } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FsError('EINVAL', 'a command must be JSON', { cause: error });
  }
}
