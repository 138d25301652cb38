import { replyHeaderBytes as body, requestHeaderBytes as head, setXattrKillSetGid } from '../abi.ts';
import { FsError } from '../../../../common/errors/fs-error.ts';
import { bytesOf } from '../../../../common/maps/ids.ts';
import type { ByteString, Ino } from '../../../../common/maps/ids.ts';
import type { Credentials } from '../../../vfs/filesystem.ts';
import { map } from '../operation.ts';
import type { Context, Operation } from '../operation.ts';
import type { Reply } from '../reply.ts';

const accessAcl = 'system.posix_acl_access';
const setGid = 0o2000;
const permissions = 0o7777;

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
    return map(filesystem.getXattr(request.who, request.node, request.name(head + 8)), (value) => fit(value, room));
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

/** struct fuse_setxattr_in: size, flags, and in its longer form FUSE_SETXATTR_* flags, pad; name, value. */
export const setXattr: Operation<void> = {
  run(context, request) {
    const { who, node } = request;
    const nameAt = head + (context.setXattrExtended ? 16 : 8);
    const name = request.name(nameAt);
    const value = Uint8Array.from(request.bytes(nameAt + name.length + 1, request.u32(head)));
    // The kernel says so of default lists too, which say nothing of the directory's own mode.
    const killSetGid = context.setXattrExtended && name === accessAcl && (request.u32(head + 8) & setXattrKillSetGid) !== 0;
    const setting = context.filesystem.setXattr(who, node, name, value, request.u32(head + 4));
    return killSetGid ? clearSetGid(context, who, node, setting) : setting;
  },
};

export const removeXattr: Operation<void> = {
  run: ({ filesystem }, request) => filesystem.removeXattr(request.who, request.node, request.name(head)),
};

/** Set by one outside the file's group, an access control list takes the set-gid bit away. */
async function clearSetGid({ filesystem }: Context, who: Credentials, ino: Ino, setting: void | Promise<void>): Promise<void> {
  await setting;
  const { attributes } = await filesystem.getAttributes(who, ino);
  if (attributes.mode & setGid) await filesystem.setAttributes(who, ino, { mode: attributes.mode & permissions & ~setGid });
}

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
