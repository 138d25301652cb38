import { replyHeaderBytes as body, requestHeaderBytes as head } from '../abi.ts';
import { FsError } from '../../../../common/errors/fs-error.ts';
import { bytesOf } from '../../../../common/maps/ids.ts';
import type { ByteString } from '../../../../common/maps/ids.ts';
import { map } from '../operation.ts';
import type { Operation } from '../operation.ts';
import type { Reply } from '../reply.ts';

/** A value for a caller who has room for `room` bytes; 0 asks for the size only. */
interface SizedValue {
  readonly value: Uint8Array;
  readonly room: number;
}

/** struct fuse_getxattr_in: room, pad; name. */
export const getXattr: Operation<SizedValue> = {
  harmless: true,
  run({ filesystem }, request) {
    const room = request.u32(head);
    return map(filesystem.getXattr(request.who, request.node, storable(request.name(head + 8))), (value) => fit(value, room));
  },
  encode: encodeSized,
};

/** struct fuse_getxattr_in. The names follow each other, each ended by NUL. */
export const listXattrs: Operation<SizedValue> = {
  harmless: true,
  run({ filesystem }, request) {
    const room = request.u32(head);
    return map(filesystem.listXattrs(request.who, request.node), (names) =>
      fit(bytesOf(names.map((name) => `${name}\0`).join('') as ByteString), room),
    );
  },
  encode: encodeSized,
};

/** struct fuse_setxattr_in in its short form: size, flags; name, value. */
export const setXattr: Operation<void> = {
  run({ filesystem }, request) {
    const name = storable(request.name(head + 8));
    const value = request.bytes(head + 8 + name.length + 1, request.u32(head));
    return filesystem.setXattr(request.who, request.node, name, Uint8Array.from(value), request.u32(head + 4));
  },
};

export const removeXattr: Operation<void> = {
  run: ({ filesystem }, request) => filesystem.removeXattr(request.who, request.node, storable(request.name(head))),
};

/**
 * Access control lists are refused as long as nobody obeys them: kept as mere attributes they would promise protection
 * that isn't there. (And `ls -l` stops asking for them, file by file.)
 */
function storable(name: ByteString): ByteString {
  if (name.startsWith('system.posix_acl_')) throw aclsUnsupported;
  return name;
}

const aclsUnsupported = new FsError('EOPNOTSUPP', 'access control lists are not supported');

function fit(value: Uint8Array, room: number): SizedValue {
  if (room !== 0 && value.length > room)
    throw new FsError('ERANGE', `the value has ${String(value.length)} bytes, there is room for ${String(room)}`);
  return { value, room };
}

function encodeSized(_context: unknown, reply: Reply, { value, room }: SizedValue): number {
  if (room !== 0) return reply.data([value]);
  reply.u32(body, value.length);
  reply.u32(body + 4, 0);
  return 8;
}
