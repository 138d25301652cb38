/**
 * Quota: how much room the quotas of bytes leave where an inode lies, for statfs(2).
 * @module
 */
import type { QuotaReply, QuotaRequest } from '../../common/wire/gen/messages.ts';
import type { Inode } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { bytesBelow, quotasAbove, countBelow } from '../core/quota.ts';

export function quota(op: Operation, { ino, untold }: QuotaRequest): QuotaReply {
  const inode = op.inode(ino);
  const head = { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [] };
  const directory = inode.isDirectory ? inode : op.counter(inode);
  const roots = directory === undefined ? [] : quotasAbove(op.core, directory).filter((root) => (root.quota?.maxBytes ?? 0) > 0);
  const room = (root: Inode): number => (root.quota?.maxBytes ?? 0) - bytesBelow(op, root, untold);
  const [narrowest] = roots.toSorted((a, b) => room(a) - room(b));
  if (narrowest === undefined) return { head, quota: null, bytes: 0, files: 0 };
  const { files, subdirs } = countBelow(op.core, narrowest);
  return { head, quota: narrowest.quota, bytes: bytesBelow(op, narrowest, untold), files: files + subdirs };
}
