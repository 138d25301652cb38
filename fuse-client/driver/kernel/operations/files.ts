import {
  entryBytes,
  fsyncDataOnly,
  OpenFlag,
  readForCaller,
  openKillSetId,
  replyHeaderBytes as body,
  requestHeaderBytes as head,
  writeFromPages,
  writeHeaderBytes,
  writeKillSetId,
} from '../abi.ts';
import { FsError } from '../../../../common/errors/fs-error.ts';
import type { Ino } from '../../../../common/maps/ids.ts';
import type { Credentials, Entry, Filesystem, OpenReply } from '../../../vfs/filesystem.ts';
import { lockOwner } from './locks.ts';
import { encodeEntry } from './names.ts';
import { synchronous } from '../../../vfs/open-flags.ts';
import type { Context, Operation } from '../operation.ts';

const setIdBits = 0o6000;

/** struct fuse_open_in: flags, FUSE_OPEN_* flags. */
export const open: Operation<OpenReply> = {
  run({ filesystem }, request) {
    const { who, node } = request;
    const killSetId = (request.u32(head + 4) & openKillSetId) !== 0;
    const opened = filesystem.open(who, node, request.u32(head));
    return killSetId ? openAndKillSetId(filesystem, who, node, opened) : opened;
  },
  encode(context, reply, result) {
    context.addHandle(result.handle);
    return reply.open(body, result.handle.id, openFlags(result));
  },
  undo: undoOpen,
};

/** struct fuse_create_in: flags, mode, umask, FUSE_OPEN_* flags; name. The reply is an entry and an open file. */
export const create: Operation<Entry & OpenReply> = {
  run: ({ filesystem }, request) =>
    filesystem.create(request.who, request.node, request.name(head + 16), request.u32(head + 4), request.u32(head), request.u32(head + 8)),
  encode(context, reply, result) {
    context.addHandle(result.handle);
    return encodeEntry(context, reply, result) + reply.open(body + entryBytes, result.handle.id, openFlags(result));
  },
  undo(context, result) {
    context.forget(result.attributes.ino, 1);
    return undoOpen(context, result);
  },
};

/** FUSE_TMPFILE: as {@link create}; the name that the kernel has made up counts for nothing. */
export const createUnnamed: Operation<Entry & OpenReply> = {
  ...create,
  run: ({ filesystem }, request) =>
    filesystem.createUnnamed(request.who, request.node, request.u32(head + 4), request.u32(head), request.u32(head + 8)),
};

/** struct fuse_read_in: handle, offset, size, flags. */
export const read: Operation<readonly Uint8Array[]> = {
  harmless: true,
  run: (context, request) =>
    context.filesystem.read(
      context.handle(request.u64(head)),
      request.u64(head + 8),
      request.u32(head + 16),
      (request.u32(head + 20) & readForCaller) === 0,
    ),
  encode: (_context, reply, pieces) => reply.data(pieces),
};

/** struct fuse_write_in: handle, offset, size, FUSE_WRITE_* flags, lock owner, open(2) flags; data. The reply is struct fuse_write_out. */
export const write: Operation<number> = {
  run(context, request) {
    const data = request.bytes(writeHeaderBytes, request.u32(head + 16));
    const kind = request.u32(head + 20);
    const options = (kind & writeFromPages) !== 0 ? fromPages : (kind & writeKillSetId) !== 0 ? killing : keeping;
    const flags = request.u32(head + 32);
    return context.filesystem.write(
      request.who,
      context.handle(request.u64(head)),
      request.u64(head + 8),
      data,
      synchronous(flags) === undefined ? options : { ...options, flags },
    );
  },
  encode(_context, reply, written) {
    reply.u32(body, written);
    reply.u32(body + 4, 0);
    return 8;
  },
};

/** struct fuse_flush_in: handle, unused, owner of the locks that go. */
export const flush: Operation<void> = {
  run: (context, request) => context.filesystem.flush(context.handle(request.u64(head)), lockOwner(request, head + 16)),
};

/** struct fuse_fsync_in: handle, flags. */
export const fsync: Operation<void> = {
  run: (context, request) => context.filesystem.fsync(context.handle(request.u64(head)), (request.u32(head + 8) & fsyncDataOnly) !== 0),
};

/** struct fuse_release_in: handle. */
export const release: Operation<void> = {
  run: (context, request) => context.filesystem.release(context.takeHandle(request.u64(head))),
};

/** struct fuse_fallocate_in: handle, offset, length, mode. */
export const allocate: Operation<void> = {
  run(context, request) {
    const mode = request.u32(head + 24);
    if (!allocateModes.has(mode)) throw new FsError('EOPNOTSUPP', `fallocate mode ${String(mode)} is not supported`);
    return context.filesystem.allocate(request.who, context.handle(request.u64(head)), mode, request.u64(head + 8), request.u64(head + 16));
  },
};

/** struct fuse_lseek_in: handle, offset, whence. The reply is struct fuse_lseek_out. */
export const seek: Operation<number> = {
  harmless: true,
  run: (context, request) => context.filesystem.seek(context.handle(request.u64(head)), request.u64(head + 8), request.u32(head + 16)),
  encode(_context, reply, offset) {
    reply.u64(body, offset);
    return 8;
  },
};

/**
 * struct fuse_copy_file_range_in: handle and offset to copy from, inode, handle and offset to copy to, length, flags. The reply
 * is struct fuse_write_out.
 */
export const copyRange: Operation<number> = {
  run: (context, request) =>
    context.filesystem.copyRange(
      request.who,
      context.handle(request.u64(head)),
      request.u64(head + 8),
      context.handle(request.u64(head + 24)),
      request.u64(head + 32),
      Math.min(request.u64(head + 40), copyBytesMax),
    ),
  encode(_context, reply, copied) {
    reply.u32(body, copied);
    reply.u32(body + 4, 0);
    return 8;
  },
};

/** The same, whose reply is struct fuse_copy_file_range_out (protocol 7.45). */
export const copyRange64: Operation<number> = {
  run: (context, request) => copyRange.run(context, request),
  encode(_context, reply, copied) {
    reply.u64(body, copied);
    return 8;
  },
};

/** As much as the reply's 32 bits can say. */
const copyBytesMax = 2 ** 31;
const killing = { killSetId: true } as const;
const keeping = { killSetId: false } as const;
const fromPages = { killSetId: false, fromPages: true } as const;
/** Allocate, each with and without KEEP_SIZE; PUNCH_HOLE (which requires it); ZERO_RANGE. */
const allocateModes = new Set([0, 1, 3, 16, 17]);

function openFlags({ keepCache, directIo }: OpenReply): number {
  let flags = 0;
  if (keepCache) flags |= OpenFlag.keepCache;
  if (directIo) flags |= OpenFlag.directIo | OpenFlag.parallelDirectWrites;
  return flags;
}

/** Truncation by one who may not keep the set-id bits clears them. */
async function openAndKillSetId(
  filesystem: Filesystem,
  who: Credentials,
  ino: Ino,
  opening: OpenReply | Promise<OpenReply>,
): Promise<OpenReply> {
  const opened = await opening;
  try {
    const { attributes } = await filesystem.getAttributes(who, ino, opened.handle);
    if (attributes.mode & setIdBits) await filesystem.setAttributes(who, ino, { killSetId: true }, opened.handle);
    return opened;
  } catch (error) {
    await filesystem.release(opened.handle);
    throw error;
  }
}

function undoOpen(context: Context, { handle }: OpenReply): void | Promise<void> {
  return context.filesystem.release(context.takeHandle(handle.id));
}
