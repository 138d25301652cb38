import {
  getAttributesHasHandle,
  replyHeaderBytes as body,
  requestHeaderBytes as head,
  SetAttributesFlag as Flag,
  statfsReplyBytes,
  statxReplyBytes,
} from '../abi.ts';
import { bytesOf } from '../../../../common/maps/ids.ts';
import type { ByteString } from '../../../../common/maps/ids.ts';
import type { Timespec } from '../../../../common/runtime/clock.ts';
import type { AttributeChanges, AttributesReply, StatfsReply } from '../../../vfs/filesystem.ts';
import type { Operation } from '../operation.ts';
import { writeStatx } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Request } from '../request.ts';

/** struct fuse_getattr_in: flags, pad, handle. */
export const getAttributes: Operation<AttributesReply> = {
  harmless: true,
  run(context, request) {
    const handle = request.u32(head) & getAttributesHasHandle ? context.handle(request.u64(head + 8)) : undefined;
    return context.filesystem.getAttributes(request.who, request.node, handle);
  },
  encode: encodeAttributes,
};

/** struct fuse_statx_in: flags, pad, handle, statx flags, statx mask. */
export const statx: Operation<AttributesReply> = {
  harmless: true,
  run: (context, request) => getAttributes.run(context, request),
  encode(_context, reply, result) {
    writeStatx(reply.words, body >> 2, result.attributes, result.attributesValid);
    return statxReplyBytes;
  },
};

/** struct fuse_setattr_in: valid, pad, handle, size, lock owner, times, their nanoseconds, mode, pad, uid, gid. */
export const setAttributes: Operation<AttributesReply> = {
  run(context, request) {
    const handle = request.u32(head) & Flag.handle ? context.handle(request.u64(head + 8)) : undefined;
    return context.filesystem.setAttributes(request.who, request.node, changesOf(request), handle);
  },
  encode: encodeAttributes,
};

export const access: Operation<void> = {
  harmless: true,
  run: ({ filesystem }, request) => filesystem.access(request.who, request.node, request.u32(head)),
};

export const readLink: Operation<ByteString> = {
  harmless: true,
  run: ({ filesystem }, request) => filesystem.readLink(request.who, request.node),
  encode: (_context, reply, target) => reply.data([bytesOf(target)]),
};

/** The reply is struct fuse_statfs_out. */
export const statfs: Operation<StatfsReply> = {
  harmless: true,
  run: ({ filesystem }, request) => filesystem.statfs(request.node),
  encode(_context, reply, result) {
    reply.words.fill(0, body >> 2, (body + statfsReplyBytes) >> 2);
    const free = Math.floor(result.freeBytes / result.blockSize);
    reply.u64(body, Math.floor(result.totalBytes / result.blockSize));
    reply.u64(body + 8, free);
    reply.u64(body + 16, free);
    reply.u64(body + 24, result.files);
    reply.u64(body + 32, result.freeFiles);
    reply.u32(body + 40, result.blockSize);
    reply.u32(body + 44, result.nameMax);
    reply.u32(body + 48, result.blockSize);
    return statfsReplyBytes;
  },
};

const anyChange = Flag.mode | Flag.uid | Flag.gid | Flag.size | Flag.atime | Flag.mtime;

function encodeAttributes(_context: unknown, reply: Reply, result: AttributesReply): number {
  return reply.attributesReply(body, result.attributes, result.attributesValid);
}

function changesOf(request: Request): AttributeChanges {
  const valid = request.u32(head);
  const changes: { -readonly [K in keyof AttributeChanges]: AttributeChanges[K] } = {};
  if (valid & Flag.mode) changes.mode = request.u32(head + 68);
  if (valid & Flag.uid) changes.uid = request.u32(head + 76);
  if (valid & Flag.gid) changes.gid = request.u32(head + 80);
  if (valid & Flag.size) changes.size = request.u64(head + 16);
  if (valid & Flag.atime) changes.atime = valid & Flag.atimeNow ? 'now' : timeAt(request, head + 32, head + 56);
  if (valid & Flag.mtime) changes.mtime = valid & Flag.mtimeNow ? 'now' : timeAt(request, head + 40, head + 60);
  if (valid & Flag.ctime) changes.ctime = timeAt(request, head + 48, head + 64);
  if (valid & Flag.killSetId) changes.killSetId = true;
  if ((valid & anyChange) === 0) changes.sameOwner = true;
  return changes;
}

function timeAt(request: Request, secondsAt: number, nanosecondsAt: number): Timespec {
  return { sec: request.i64(secondsAt), nsec: request.u32(nanosecondsAt) };
}
