/**
 * Open: rights are checked and caps given for what the session's handles want.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { OpenReply, OpenRequest } from '../../common/wire/gen/messages.ts';
import { touch } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { Access, allow, withoutSetId } from '../core/permissions.ts';
import { endOwnPromise } from '../core/quota.ts';
import { raiseReach } from '../core/reach.ts';
import { dropCapability, resize, sizing } from './set-attr.ts';

export function open(op: Operation, request: OpenRequest): OpenReply {
  const { repeated } = op;
  if (repeated !== undefined) {
    if (request.truncate) endOwnPromise(op, request.ino);
    return { head: op.repeat(repeated) };
  }
  const inode = op.settled(request.ino);
  if ((request.access & 7) !== 0) allow(op, inode, request.access & 7);
  if (!request.truncate) {
    op.clear(inode, 'read', request.wanted);
    return { head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode, request.wanted)] } };
  }
  if (inode.isDirectory) throw new FsError('EISDIR', `inode ${inode.ino.toString(16)} is a directory`);
  allow(op, inode, Access.write);
  const counter = op.counter(inode);
  op.clear(inode, sizing(inode, 0, request.knownSize), request.wanted);
  const old = inode.size;
  resize(op, inode, 0, request.knownSize, { filled: 0, dataEnd: request.knownSize, unsure: false });
  if (counter !== undefined) op.count(counter, -old);
  if (request.reach > 0)
    raiseReach(
      inode,
      request.reach,
      inode.caps.some(({ instance }) => instance !== op.session.instance),
    );
  if (op.uid !== 0) inode.mode = withoutSetId(op, inode);
  dropCapability(inode);
  touch(inode, op.now);
  op.save(inode);
  const journalSeq = op.commit([inode]);
  return { head: { journalSeq, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(inode, request.wanted)] } };
}
