/**
 * RepOp: a primary's write, on a replica: logged, applied and committed in the stream's order, then
 * acknowledged.
 * @module
 */
import type { RepAck, RepOp } from '../../common/wire/gen/messages.ts';
import type { Session } from '../../common/wire/session.ts';
import type { OsdContext } from '../context.ts';
import { isDamage } from '../core/damage.ts';
import { decodeLogEntry } from '../core/log-entry.ts';
import type { Pg } from '../core/pg.ts';
import { reportDamage } from './report-damage.ts';
import { infoMutation, writeTransaction } from './transaction.ts';

/** At the replica. What does not belong to the stream of this interval is left unanswered: its sender is out of date. */
export function repOp(ctx: OsdContext, session: Session, message: RepOp, payload: readonly Buffer[]): void {
  const pg = ctx.pg(message.pool, message.pg);
  const stream = pg?.incoming;
  if (
    pg === undefined ||
    stream === undefined ||
    stream.interval !== message.interval ||
    stream.stream !== message.stream ||
    pg.interval !== message.interval
  ) {
    ctx.env.log.debug(
      { peer: session.peer.entity, pool: message.pool, pg: message.pg, interval: message.interval },
      'write of another interval refused',
    );
    return;
  }
  const { position } = message;
  if (position <= stream.position) {
    // Sent again after a lost connection.
    if (position <= stream.durable) ctx.acks.add(session, pg, stream);
    else stream.ackTo = session;
    return;
  }
  if (position !== stream.position + 1) {
    ctx.env.log.warn(
      { peer: session.peer.entity, pg: pg.id, position, after: stream.position },
      'writes before this one are missing, it waits to be sent again',
    );
    return;
  }
  const entry = decodeLogEntry(message.entry);
  const known = pg.log.has(entry.version);
  ctx.requesters.note(entry.instance, message.oldestTid);
  stream.position = position;
  stream.ackTo = session;
  // A piece of recovery may have brought the object with this write in it.
  const mutations = known
    ? [infoMutation(pg.id, pg.info)]
    : writeTransaction(pg, ctx.requesters, entry, message.entry, message.changes, payload);
  let bytes = 0;
  for (const piece of payload) bytes += piece.length;
  ctx.space.taken(bytes);
  ctx.store.commit(mutations).then(
    () => {
      stream.durable = position;
      ctx.env.network.giveBack(payload);
      if (pg.incoming !== stream) return;
      ctx.acks.add(stream.ackTo as Session, pg, stream);
      checkRecord(ctx, pg, entry.object, stream.ackTo as Session);
    },
    (error: unknown) => ctx.fatal('the store refused a write that its primary has', error),
  );
}

/**
 * The write may have gone to an object whose record cannot be read here: this copy stays damaged, and known to be. The
 * primary mends it as soon as it may, without waiting for scrub.
 */
function checkRecord(ctx: OsdContext, pg: Pg, object: string, primary: Session): void {
  try {
    ctx.store.stat(pg.id, object);
  } catch (error) {
    if (!isDamage(error)) throw error;
    reportDamage(ctx, pg, { interval: pg.interval, object, error }, primary);
  }
}

/** At the primary. Without items it only says how much room there is. */
export function repAck(ctx: OsdContext, session: Session, message: RepAck): void {
  const { freeBytes, totalBytes } = message;
  if (message.items.length === 0) {
    for (const osd of ctx.map.osds.keys()) if (session.peer.entity === `osd.${osd}`) ctx.space.notePeer(osd, freeBytes, totalBytes);
  }
  for (const item of message.items) {
    const pg = ctx.pg(item.pool, item.pg);
    if (pg === undefined || pg.interval !== item.interval) continue;
    for (const member of pg.window.members.values()) {
      if (member.stream !== item.stream || session.peer.entity !== `osd.${member.osd}`) continue;
      ctx.space.notePeer(member.osd, freeBytes, totalBytes);
      member.ack(item.position);
      pg.window.advance();
      break;
    }
  }
  ctx.budgetFreed();
}
