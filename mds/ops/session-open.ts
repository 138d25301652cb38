/**
 * The journaled side of sessions: their beginning, their end, and the inode numbers handed to them.
 * @module
 */
import type { InoRange } from '../../common/wire/gen/messages.ts';
import type { Change } from '../core/change.ts';
import type { MdsCore } from '../core/mds-core.ts';
import { mayReach } from '../core/reach.ts';
import { MdsSession } from '../core/session.ts';

/** Files in one entry. */
const doubtfulBatch = 32;

/** A new session with numbers to use. Returns its journal position too: it counts when that is safe. */
export function sessionOpen(
  core: MdsCore,
  instance: number,
  name: string,
  root: string,
  numbers: number,
): { readonly session: MdsSession; readonly journalSeq: number } {
  const session = new MdsSession(instance, name, root);
  core.sessions.set(instance, session);
  const journalSeq = allocateInos(core, session, numbers);
  return { session, journalSeq };
}

/** Hands `count` fresh numbers to a session. */
export function allocateInos(core: MdsCore, session: MdsSession, count: number): number {
  const range: InoRange = { first: core.nextIno, count };
  core.nextIno += count;
  session.ranges.push(range);
  const changes: Change[] = [
    { kind: 'next-ino', ino: core.nextIno },
    { kind: 'session', instance: session.instance, name: session.name, root: session.root, ranges: session.ranges },
  ];
  const seq = core.commit(changes);
  session.newestSeq = seq;
  return seq;
}

/**
 * Ends a session: its caps are free for others, but for files to which it may have written what it has not told: those are doubtful
 * from then on, for the next life of the MDS too.
 */
export function sessionEnd(core: MdsCore, session: MdsSession): number {
  if (session.ended) return 0;
  session.ended = true;
  core.sessions.delete(session.instance);
  if (!core.locker.isComplete) core.lostSome = true;
  const held = [...session.caps.keys()].flatMap((ino) => core.cache.inodes.get(ino) ?? []);
  const doubtful = held.filter((inode) => mayReach(session, inode));
  for (let at = 0; at < doubtful.length; at += doubtfulBatch) {
    const batch = doubtful.slice(at, at + doubtfulBatch);
    for (const inode of batch) inode.doubtful = true;
    core.commit(batch.flatMap(({ dentry }): Change[] => (dentry === undefined ? [] : [{ kind: 'set', dentry }])));
  }
  const seq = core.commit([{ kind: 'session-end', instance: session.instance }]);
  for (const inode of held) core.revoke(session, inode);
  session.caps.clear();
  core.fileLocks.end(session.instance);
  return seq;
}
