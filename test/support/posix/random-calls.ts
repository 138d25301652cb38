/**
 * Random calls of several users on a small tree, where they get in each other's way: few names, few directories, modes
 * and owners that change all the time.
 * @module
 */
import fc from 'fast-check';
import type { Call } from './call.ts';
import { Allocate, fileType, Open, Seek, times as timesOf, utimeNow, utimeOmit } from './constants.ts';
import { root, type User } from './syscalls.ts';
import { alice, bob, users } from './users.ts';
import { encodeAcl, type AclEntry } from './acl.ts';

const atFdCwd = -100;
const emptyPath = 0x1000;
const followLink = 0x400;

/** The tree that every sequence begins with. */
export const prelude: readonly Call[] = [
  call(root, 'mkdir', ['d', 0o755]),
  call(root, 'chown', ['d', 1001, 1001]),
  call(root, 'mkdir', ['e', 0o777]),
  call(root, 'chmod', ['e', 0o1777]),
  call(root, 'mkdir', ['g', 0o777]),
  call(root, 'chown', ['g', 1002, 2001]),
  call(root, 'chmod', ['g', 0o2775]),
  call(alice, 'open', ['d/f', Open.readWrite | Open.create, 0o666], 0),
  call(bob, 'open', ['e/f', Open.readWrite | Open.create, 0o777], 1),
  call(alice, 'mkdir', ['g/k', 0o777]),
  call(bob, 'link', ['e/f', 'g/f']),
  call(root, 'symlink', ['../e/f', 'd/s']),
  call(root, 'symlink', ['g', 's']),
];

const user = fc.constantFrom(...users);
const leaf = fc.constantFrom('f', 'h', 'k', 's');
const directory = fc.constantFrom('', 'd/', 'e/', 'g/', 'g/k/', 's/');
const plain = fc.tuple(directory, leaf).map(([above, name]) => above + name);
const odd = fc.constantFrom('d', 'e', 'g', '.', 'd/.', 'g/k/..', 'd/f/', 'd/f/x', 'd/', 'g/k/', 's/', '..', 'd/s/', 'none/x', '');
const path = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 2, arbitrary: odd });
const slot = fc.integer({ min: 0, max: 2 });
const kept = slot.map((number) => ({ slot: number }));
const mode = fc.oneof(
  fc.constantFrom(0o644, 0o600, 0o777, 0o755, 0o750, 0o000, 0o4755, 0o2755, 0o2745, 0o6777, 0o1777, 0o2775, 0o660, 0o070, 0o007),
  fc.integer({ min: 0, max: 0o7777 }),
);
const uid = fc.constantFrom(-1, 0, 1001, 1002, 1003);
// Never -1 with -1: what a stranger's chown of nothing gives differs (docs/POSIX.md); the tables have the owner's.
const gid = fc.constantFrom(0, 1001, 1002, 2001, 2002);
const size = fc.constantFrom(0, 1, 10, 4096, 70_000);
const offset = fc.constantFrom(0, 3, 5000, 66_000);
const bytes = fc.constantFrom('x', 'hello', 'abc'.repeat(2000));
const access = fc.integer({ min: 0, max: 7 });
const openFlags = fc
  .tuple(
    fc.constantFrom(0, Open.writeOnly, Open.readWrite),
    fc.constantFrom(
      0,
      0,
      Open.create,
      Open.create | Open.exclusive,
      Open.truncate,
      Open.create | Open.truncate,
      Open.append | Open.create,
      Open.directory,
      Open.noFollow,
      Open.noFollow | Open.create,
      Open.directory | Open.noFollow,
    ),
  )
  // A FIFO without anybody at its other end would wait for ever.
  .map(([way, more]) => way | more | Open.nonBlocking);
const unnamedFlags = fc
  .tuple(fc.constantFrom(0, Open.writeOnly, Open.readWrite), fc.constantFrom(0, 0, Open.exclusive))
  .map(([way, more]) => Open.unnamed | way | more);
const allocating = fc.constantFrom(0, Allocate.keepSize, Allocate.punchHole, Allocate.zeroRange, Allocate.zeroRange | Allocate.keepSize);
const seeking = fc.constantFrom(
  [0, Seek.set],
  [3, Seek.set],
  [5000, Seek.set],
  [0, Seek.current],
  [-2, Seek.current],
  [-1, Seek.set],
) as fc.Arbitrary<[number, number]>;
type Time = [number, number];
const pastTimes: readonly Time[] = [
  [0, utimeNow],
  [0, utimeOmit],
  [0, 0],
  [-1, 999_999_999],
  [-2_000_000_000, 1],
  [1_000_000_000, 123_456_789],
];
const futureTimes: readonly Time[] = [
  [2 ** 31 + 1, 5],
  [2 ** 32 + 7, 7],
  [2 ** 33 + 9, 999_999_999],
];
const time = fc.constantFrom(...pastTimes, ...futureTimes);
const times = fc.tuple(time, time).map((both) => timesOf(...both));
const permissions = fc.integer({ min: 0, max: 7 });
const aclEntries: fc.Arbitrary<readonly AclEntry[]> = fc
  .record({
    owner: permissions,
    group: permissions,
    other: permissions,
    mask: permissions,
    users: fc.uniqueArray(fc.record({ id: fc.constantFrom(1001, 1002, 1003), permissions }), { maxLength: 2, selector: ({ id }) => id }),
    groups: fc.uniqueArray(fc.record({ id: fc.constantFrom(1002, 2001, 2002), permissions }), { maxLength: 2, selector: ({ id }) => id }),
    masked: fc.boolean(),
  })
  .map(({ owner, group, other, mask, users: named, groups, masked }) => [
    { tag: 'userObject', permissions: owner },
    ...named.sort((a, b) => a.id - b.id).map((each): AclEntry => ({ tag: 'user', ...each })),
    { tag: 'groupObject', permissions: group },
    ...groups.sort((a, b) => a.id - b.id).map((each): AclEntry => ({ tag: 'group', ...each })),
    ...(masked || named.length + groups.length > 0 ? [{ tag: 'mask', permissions: mask } as const] : []),
    { tag: 'other', permissions: other },
  ]);
const acl = fc.oneof(
  { weight: 9, arbitrary: aclEntries.map((entries) => encodeAcl(entries)) },
  { weight: 1, arbitrary: fc.constantFrom(Buffer.from([2, 0, 0, 0]), Buffer.from([1, 0, 0, 0]), Buffer.from('x'), Buffer.alloc(0)) },
);
const xattrName = fc.constantFrom('user.a', 'user.b', 'user.', 'user', 'trusted.t', 'security.s', 'other.o', 'user.' + 'n'.repeat(250));
const aclName = fc.constantFrom('system.posix_acl_access', 'system.posix_acl_access', 'system.posix_acl_default');
const xattrFlags = fc.constantFrom(0, 0, 0, 1, 2, 3);
const room = { room: 256 };

/** One call, with how often it is drawn beside the others. */
const kinds: readonly [number, fc.Arbitrary<Call>][] = [
  [10, fc.tuple(user, path, openFlags, mode, slot).map(([who, at, flags, bits, keep]) => call(who, 'open', [at, flags, bits], keep))],
  [2, fc.tuple(user, slot).map(([who, number]) => call(who, 'close', [number]))],
  [6, fc.tuple(user, kept, bytes, offset).map(([who, file, data, at]) => call(who, 'pwrite', [file, data, data.length, at]))],
  [2, fc.tuple(user, kept, bytes).map(([who, file, data]) => call(who, 'write', [file, data, data.length]))],
  [4, fc.tuple(user, kept, offset).map(([who, file, at]) => call(who, 'pread', [file, { room: 300 }, 300, at]))],
  [2, fc.tuple(user, kept).map(([who, file]) => call(who, 'read', [file, { room: 300 }, 300]))],
  [3, fc.tuple(user, kept, seeking).map(([who, file, [by, whence]]) => call(who, 'lseek', [file, by, whence]))],
  [3, fc.tuple(user, kept, kept, size).map(([who, from, to, length]) => call(who, 'copy_file_range', [from, 0, to, 0, length, 0]))],
  [
    3,
    fc.tuple(user, kept, allocating, offset, size).map(([who, file, how, at, length]) => call(who, 'fallocate', [file, how, at, length])),
  ],
  [2, fc.tuple(user, kept).map(([who, file]) => call(who, 'fsync', [file]))],
  [4, fc.tuple(user, kept, size).map(([who, file, length]) => call(who, 'ftruncate', [file, length]))],
  [
    3,
    fc
      .tuple(user, directory, unnamedFlags, mode, slot)
      .map(([who, at, flags, bits, keep]) => call(who, 'open', [at === '' ? '.' : at, flags, bits], keep)),
  ],
  // Others than root may as well since Linux 6.10, for what they have opened themselves.
  [3, fc.tuple(kept, path).map(([file, to]) => call(root, 'linkat', [file, '', atFdCwd, to, emptyPath]))],
  [2, fc.tuple(user, kept, times).map(([who, file, both]) => call(who, 'utimensat', [file, 0, both, 0]))],
  [1, fc.tuple(user, kept, xattrName).map(([who, file, name]) => call(who, 'fsetxattr', [file, name, 'of a descriptor', 15, 0]))],
  [1, fc.tuple(user, kept, fc.oneof(xattrName, aclName)).map(([who, file, name]) => call(who, 'fgetxattr', [file, name, room, 256]))],
  [3, fc.tuple(user, kept, mode).map(([who, file, bits]) => call(who, 'fchmod', [file, bits]))],
  [3, fc.tuple(user, kept, uid, gid).map(([who, file, owner, group]) => call(who, 'fchown', [file, owner, group]))],
  [5, fc.tuple(user, path, size).map(([who, at, length]) => call(who, 'truncate', [at, length]))],
  [6, fc.tuple(user, path, mode).map(([who, at, bits]) => call(who, 'mkdir', [at, bits]))],
  [4, fc.tuple(user, path).map(([who, at]) => call(who, 'rmdir', [at]))],
  [6, fc.tuple(user, path).map(([who, at]) => call(who, 'unlink', [at]))],
  [6, fc.tuple(user, path, path).map(([who, from, to]) => call(who, 'link', [from, to]))],
  [1, fc.tuple(user, path, path).map(([who, from, to]) => call(who, 'linkat', [atFdCwd, from, atFdCwd, to, followLink]))],
  [10, fc.tuple(user, path, path).map(([who, from, to]) => call(who, 'rename', [from, to]))],
  [
    5,
    fc
      .tuple(user, path, path, fc.constantFrom(1, 2, 2, 3))
      .map(([who, from, to, flags]) => call(who, 'renameat2', [atFdCwd, from, atFdCwd, to, flags])),
  ],
  [3, fc.tuple(user, fc.constantFrom('f', '../d/f', 'nowhere', 's', '.', ''), path).map(([who, to, at]) => call(who, 'symlink', [to, at]))],
  [2, fc.tuple(user, path).map(([who, at]) => call(who, 'readlink', [at, { room: 100 }, 100]))],
  [
    4,
    fc
      .tuple(
        user,
        path,
        mode,
        fc.constantFrom(fileType.fifo, fileType.character, fileType.block, fileType.regular, fileType.socket, 0, 0o040000, 0o050000),
      )
      .map(([who, at, bits, kind]) => call(who, 'mknod', [at, bits | kind, kind === fileType.fifo ? 0 : 0x1_2345_0107])),
  ],
  [8, fc.tuple(user, path, mode).map(([who, at, bits]) => call(who, 'chmod', [at, bits]))],
  [7, fc.tuple(user, path, uid, gid).map(([who, at, owner, group]) => call(who, 'chown', [at, owner, group]))],
  [2, fc.tuple(user, path, uid, gid).map(([who, at, owner, group]) => call(who, 'lchown', [at, owner, group]))],
  [
    5,
    fc
      .tuple(user, path, times, fc.constantFrom(0, 0, 0x100))
      .map(([who, at, both, flags]) => call(who, 'utimensat', [atFdCwd, at, both, flags])),
  ],
  [1, fc.tuple(user, path).map(([who, at]) => call(who, 'utimensat', [atFdCwd, at, 0, 0]))],
  [3, fc.tuple(user, path, access).map(([who, at, mask]) => call(who, 'faccessat', [atFdCwd, at, mask]))],
  [2, fc.tuple(user, path).map(([who, at]) => call(who, 'list', [at]))],
  [3, fc.tuple(user, path, xattrName, xattrFlags).map(([who, at, name, flags]) => call(who, 'setxattr', [at, name, 'value', 5, flags]))],
  [2, fc.tuple(user, path, xattrName).map(([who, at, name]) => call(who, 'lsetxattr', [at, name, 'v', 1, 0]))],
  [5, fc.tuple(user, path, aclName, acl).map(([who, at, name, value]) => call(who, 'setxattr', [at, name, value, value.length, 0]))],
  [2, fc.tuple(user, path, fc.oneof(xattrName, aclName)).map(([who, at, name]) => call(who, 'removexattr', [at, name]))],
  [1, fc.tuple(user, path).map(([who, at]) => call(who, 'listxattr', [at, room, 256]))],
  [
    2,
    fc
      .tuple(user, path, fc.oneof(xattrName, aclName), fc.constantFrom(256, 3, 0))
      .map(([who, at, name, length]) => call(who, 'getxattr', [at, name, room, length])),
  ],
];

export const randomCall: fc.Arbitrary<Call> = fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })));

function call(who: User, name: Call['name'], args: Call['args'], keep?: number): Call {
  return { user: who, name, args, ...(keep === undefined ? {} : { keep }) };
}
