/**
 * ReadDir: the next names of a directory in the order of their positions.
 * @module
 */
import type { DirEntry, ReadDirReply, ReadDirRequest } from '../../common/wire/gen/messages.ts';
import { bytesOf } from '../../common/maps/ids.ts';
import { Blocked } from '../core/blocked.ts';
import type { Dentry } from '../core/inode.ts';
import type { Operation } from '../core/operation.ts';
import { Access, allow } from '../core/permissions.ts';

/** Entries in one reply, whatever was asked for: about 300 bytes each with attributes. */
const entriesMax = 4096;

export function readDir(op: Operation, request: ReadDirRequest): ReadDirReply {
  const directory = op.anyDirectory(request.ino);
  allow(op, directory, Access.read);
  op.clear(directory, 'read');
  const limit = Math.min(request.maxEntries === 0 ? entriesMax : request.maxEntries, entriesMax);
  const entries: DirEntry[] = [];
  let end = true;
  const { cache } = op.core;
  for (const fragment of cache.names(directory.ino).fragmentsFrom(request.offset)) {
    cache.use(fragment);
    if (!fragment.complete) {
      // One fragment is enough for an answer: a listing of many does not need two of them in memory.
      end = entries.length === 0;
      if (end) throw new Blocked({ kind: 'fragment', fragment });
      break;
    }
    const { entries: all, start } = fragment.list(request.offset);
    for (let i = start; i < all.length; i++) {
      const dentry = all[i] as Dentry;
      if (dentry.removed) continue;
      if (entries.length >= limit) {
        end = false;
        break;
      }
      entries.push(entryOf(op, dentry, request.attributes));
    }
    if (!end) break;
  }
  return { entries, end, head: { journalSeq: 0, barrierEpoch: 0, rank: op.core.rank, grants: [op.grant(directory)] } };
}

function entryOf(op: Operation, dentry: Dentry, attributes: boolean): DirEntry {
  const inode = dentry.inode ?? op.core.cache.inodes.get(dentry.remoteIno);
  return {
    name: bytesOf(dentry.name),
    offset: dentry.position,
    ino: dentry.inode?.ino ?? dentry.remoteIno,
    mode: dentry.inode?.mode ?? dentry.remoteType,
    grant: attributes && inode !== undefined && op.sees(inode) ? (op.core.locker.peek(op.session, inode) ?? null) : null,
  };
}
