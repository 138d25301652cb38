/**
 * Quota: how much room quotas leave where an inode lies, for statfs(2). Of those for bytes, and of those for names, the one that leaves least.
 * @module
 */
import type { Quota, QuotaReply, QuotaRequest } from '../../common/wire/gen/messages.ts';
import type { Inode } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { bytesBelow, quotasAbove, countBelow } from '../core/quota.ts';

/** A quota's limit and what counts to it. */
interface Bound {
  readonly max: number;
  readonly used: number;
}

export function quota(op: Operation, { ino, untold }: QuotaRequest): QuotaReply {
  const inode = op.inode(ino);
  const head = { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [] };
  const directory = inode.isDirectory ? inode : op.counter(inode);
  const roots = directory === undefined ? [] : quotasAbove(op.core, directory);
  const bytes = narrowest(roots, 'maxBytes', (root) => bytesBelow(op, root, untold));
  const files = narrowest(roots, 'maxFiles', (root) => {
    const below = countBelow(op.core, root);
    return below.files + below.subdirs;
  });
  if (bytes === undefined && files === undefined) return { head, quota: null, bytes: 0, files: 0 };
  return { head, quota: { maxBytes: bytes?.max ?? 0, maxFiles: files?.max ?? 0 }, bytes: bytes?.used ?? 0, files: files?.used ?? 0 };
}

function narrowest(roots: readonly Inode[], limit: keyof Quota, usedBelow: (root: Inode) => number): Bound | undefined {
  const bounds = roots.flatMap((root): Bound[] => {
    const max = root.quota?.[limit] ?? 0;
    return max === 0 ? [] : [{ max, used: usedBelow(root) }];
  });
  return bounds.toSorted((a, b) => a.max - a.used - (b.max - b.used))[0];
}
