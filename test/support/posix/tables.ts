/**
 * Tables of calls: every combination of who calls, on what, with which arguments, where POSIX and the Linux man pages
 * tell them apart. What is right is what ext4 does with the same calls.
 * @module
 */
import type { Call } from './call.ts';
import { encodeAcl } from './acl.ts';
import { fileType, longPath, Open, Rename, times, utimeNow, utimeOmit } from './constants.ts';
import type { Argument, SyscallName } from './syscalls.ts';
import { root, type User } from './syscalls.ts';
import { alice, bob, carol, users } from './users.ts';

/** Makes the calls of one table; paths are unlike those of all others in it. */
export type Table = () => readonly Call[];

const atFdCwd = -100;
const noFollow = 0x100;
const emptyPath = 0x1000;
const kinds = ['file', 'directory', 'link', 'dangling', 'fifo', 'socket', 'device', 'missing'] as const;
type Kind = (typeof kinds)[number];

class Script {
  readonly calls: Call[] = [];
  #names = 0;

  /** A name that nothing has. */
  name(): string {
    return `n${String(++this.#names)}`;
  }

  do(user: User, name: SyscallName, ...args: readonly Argument[]): this {
    this.calls.push({ user, name, args });
    return this;
  }

  open(user: User, slot: number, path: string, flags: number, mode = 0o644): this {
    this.calls.push({ user, name: 'open', args: [path, flags, mode], keep: slot });
    return this;
  }

  /** Makes something at `path` that belongs to `owner`, with `mode` where it has one. */
  make(
    kind: Kind,
    path: string,
    { owner = root, gid = owner.gid, mode = 0o644 }: { owner?: User; gid?: number; mode?: number } = {},
  ): this {
    if (kind === 'missing') return this;
    if (kind === 'directory') this.do(root, 'mkdir', path, 0o755);
    else if (kind === 'link') this.do(root, 'symlink', '.', path);
    else if (kind === 'dangling') this.do(root, 'symlink', 'nowhere', path);
    else {
      const type = { file: fileType.regular, fifo: fileType.fifo, socket: fileType.socket, device: fileType.character }[kind];
      this.do(root, 'mknod', path, type | 0o644, kind === 'device' ? 0x107 : 0);
    }
    this.do(root, 'lchown', path, owner.uid, gid);
    return kind === 'link' || kind === 'dangling' ? this : this.do(root, 'chmod', path, mode);
  }
}

function table(fill: (script: Script) => void): Table {
  return () => {
    const script = new Script();
    fill(script);
    return script.calls;
  };
}

export const tables: Readonly<Record<string, Table>> = {
  'chmod: who, of what, in which group': table((s) => {
    for (const owner of [alice, root])
      for (const gid of [1001, 2001, 2002])
        for (const kind of ['file', 'directory', 'fifo'] as const) {
          const path = s.name();
          s.make(kind, path, { owner, gid });
          for (const user of users) for (const mode of [0o2755, 0o6744, 0o1777]) s.do(user, 'chmod', path, mode);
        }
    for (const kind of kinds) {
      const path = s.name();
      s.make(kind, path).do(root, 'chmod', path, 0o600).do(root, 'fchmodat2', atFdCwd, path, 0o600, noFollow);
      s.do(alice, 'chmod', `${path}/`, 0o600);
    }
  }),

  'chown: who, to whom, of what mode': table((s) => {
    for (const user of users)
      for (const mode of [0o6777, 0o2666, 0o755]) {
        for (const kind of ['file', 'directory'] as const)
          for (const gid of [2001, 2002]) {
            const path = s.name();
            for (const [toUser, toGroup] of [
              // FUSE cannot tell a stranger's from his write: see docs/POSIX.md.
              ...(user === root || user === alice ? ([[-1, -1]] as const) : []),
              [1001, -1],
              [1002, -1],
              [-1, 2001],
              [-1, 2002],
              [1001, 1001],
              [0, 0],
            ] as const)
              s.make(kind, path, { owner: alice, gid, mode })
                .do(user, 'chown', path, toUser, toGroup)
                .do(root, kind === 'file' ? 'unlink' : 'rmdir', path);
          }
      }
    for (const kind of kinds) {
      const path = s.name();
      s.make(kind, path).do(root, 'lchown', path, 1001, 1002).do(alice, 'lchown', path, -1, 2001).do(alice, 'lchown', path, 1001, 2002);
    }
  }),

  'set-id bits: gone after writing, truncating and opening with O_TRUNC, or not': table((s) => {
    for (const user of users)
      for (const mode of [0o6777, 0o6766, 0o2666, 0o2676, 0o4666])
        for (const gid of [1001, 2001, 2002]) {
          const path = s.name();
          const again = (): Script => s.do(root, 'chmod', path, mode);
          s.make('file', path, { owner: alice, gid, mode });
          s.open(user, 0, path, Open.readWrite).do(user, 'pwrite', { slot: 0 }, 'data', 4, 0).do(user, 'pwrite', { slot: 0 }, 'data', 0, 0);
          again().do(user, 'ftruncate', { slot: 0 }, 2);
          again().do(user, 'truncate', path, 2);
          again().open(user, 1, path, Open.writeOnly | Open.truncate);
          again().open(user, 1, path, Open.truncate);
          again().do(user, 'fallocate', { slot: 0 }, 0, 0, 100);
        }
  }),

  'file capabilities: gone with every change of data or owner': table((s) => {
    // struct vfs_cap_data, version 2: CAP_CHOWN permitted and effective.
    const capability = Buffer.from('0100000201000000000000000000000000000000', 'hex');
    for (const user of [root, alice])
      // Root's write to what has set-id bits too: see docs/POSIX.md.
      for (const mode of user === root ? [0o666] : [0o666, 0o6777]) {
        const path = s.name();
        const again = (): Script =>
          s.do(root, 'chmod', path, mode).do(root, 'setxattr', path, 'security.capability', capability, capability.length, 0);
        const look = (): Script => s.do(root, 'getxattr', path, 'security.capability', { room: 30 }, 30);
        s.make('file', path, { owner: alice, mode });
        again().open(user, 0, path, Open.readWrite).do(user, 'pwrite', { slot: 0 }, 'data', 4, 0);
        look();
        again().do(user, 'ftruncate', { slot: 0 }, 2);
        look();
        again().do(user, 'fallocate', { slot: 0 }, 0, 0, 100);
        look();
        again().do(user, 'truncate', path, 2);
        look();
        again().open(user, 1, path, Open.writeOnly | Open.truncate);
        look();
        again().do(user, 'chown', path, -1, -1);
        look();
        again().do(user, 'chown', path, -1, 2001);
        look();
        again().do(user, 'chmod', path, 0o600).do(user, 'utimensat', atFdCwd, path, 0, 0).do(user, 'rename', path, `${path}x`);
        s.do(root, 'getxattr', `${path}x`, 'security.capability', { room: 30 }, 30);
      }
  }),

  'sticky directories: remove, rename away, replace': table((s) => {
    for (const sticky of [0o1777, 0o777])
      for (const directoryOwner of [root, alice, bob])
        for (const fileOwner of [alice, bob])
          for (const kind of ['file', 'directory'] as const)
            for (const user of [root, alice, carol]) {
              const directory = s.name();
              s.make('directory', directory, { owner: directoryOwner, mode: sticky });
              const mine = `${directory}/mine`;
              s.make(kind, `${directory}/x`, { owner: fileOwner, mode: 0o777 }).make(kind, mine, { owner: user, mode: 0o777 });
              s.do(user, 'rename', mine, `${directory}/x`)
                .do(user, 'rename', `${directory}/x`, `${directory}/y`)
                .do(user, 'renameat2', atFdCwd, mine, atFdCwd, `${directory}/x`, Rename.exchange)
                .do(user, kind === 'file' ? 'unlink' : 'rmdir', `${directory}/x`)
                .do(user, kind === 'file' ? 'unlink' : 'rmdir', `${directory}/y`);
            }
  }),

  'rename: between directories, with and without rights': table((s) => {
    for (const from of [0o777, 0o1777, 0o555, 0o666, 0o333])
      for (const to of [0o777, 0o1777, 0o555])
        for (const kind of ['file', 'directory'] as const)
          for (const own of [0o755, 0o555, 0o000]) {
            const [a, b] = [s.name(), s.name()];
            s.make('directory', a, { owner: alice, mode: from }).make('directory', b, { owner: root, mode: to });
            s.make(kind, `${a}/x`, { owner: alice, mode: own }).make(kind, `${b}/y`, { owner: bob, mode: 0o777 });
            for (const user of [alice, bob])
              s.do(user, 'renameat2', atFdCwd, `${a}/x`, atFdCwd, `${b}/y`, Rename.exchange)
                .do(user, 'rename', `${a}/x`, `${b}/y`)
                .do(user, 'rename', `${b}/y`, `${a}/z`);
          }
  }),

  'rename: every kind onto every kind': table((s) => {
    for (const flags of [0, Rename.noReplace, Rename.exchange, Rename.noReplace | Rename.exchange])
      for (const from of kinds)
        for (const to of kinds) {
          const [a, b] = [s.name(), s.name()];
          s.make(from, a).make(to, b).do(root, 'renameat2', atFdCwd, a, atFdCwd, b, flags);
        }
  }),

  'rename: trees, links of one file, itself, dots and slashes': table((s) => {
    s.do(root, 'mkdir', 'a', 0o755).do(root, 'mkdir', 'a/b', 0o755).do(root, 'mkdir', 'a/b/c', 0o755).make('file', 'a/f');
    s.do(root, 'mkdir', 'e', 0o755).do(root, 'link', 'a/f', 'e/g').do(root, 'link', 'a/f', 'a/h');
    for (const flags of [0, 1, 2])
      for (const [from, to] of [
        ['a', 'a'],
        ['a', 'a/b'],
        ['a', 'a/x'],
        ['a', 'a/b/c/x'],
        ['a/b', 'a'],
        ['a/b/c', 'a'],
        ['a/f', 'e/g'],
        ['a/f', 'a/h'],
        ['a/f', 'a/f'],
        ['a/.', 'x'],
        ['a/..', 'x'],
        ['.', 'x'],
        ['..', 'x'],
        ['a', '.'],
        ['a', '..'],
        ['e', 'a/.'],
        ['a/f/', 'x'],
        ['a/f', 'x/'],
        ['a/f/x', 'x'],
        ['a/f', 'a/f/x'],
        ['nothing', 'x'],
        ['nothing/x', 'x'],
        ['a/f', 'nothing/x'],
        ['', 'x'],
        ['a', ''],
        ['a/b/', 'moved/'],
        ['moved', 'a/b'],
        ['a/b', 'e'],
        ['e', 'a/b'],
      ] as const)
        s.do(root, 'renameat2', atFdCwd, from, atFdCwd, to, flags).do(root, 'look', 'a').do(root, 'look', 'a/b').do(root, 'look', 'e');
    s.do(root, 'mkdir', 'empty', 0o755)
      .do(root, 'rename', 'a/b', 'empty')
      .do(root, 'look', 'a')
      .do(root, 'look', 'empty')
      .do(root, 'look', '.');
    s.do(root, 'renameat2', atFdCwd, 'e', atFdCwd, 'a/f', Rename.exchange).do(root, 'look', 'a').do(root, 'look', '.');
  }),

  'open: flags on every kind': table((s) => {
    for (const kind of kinds)
      for (const way of [0, Open.writeOnly, Open.readWrite, 3])
        for (const more of [
          0,
          Open.create,
          Open.create | Open.exclusive,
          Open.truncate,
          Open.directory,
          Open.noFollow,
          Open.noFollow | Open.directory,
          Open.create | Open.noFollow,
          Open.create | Open.exclusive | Open.noFollow,
          Open.append,
          Open.path,
          Open.path | Open.noFollow,
        ]) {
          // A FIFO without anybody at its other end waits for ever; what a device does is the device's.
          if (kind === 'device' && (more & Open.path) === 0) continue;
          const path = s.name();
          s.make(kind, path, { mode: 0o666 });
          for (const user of [root, alice]) s.open(user, 0, path, way | more | Open.nonBlocking, 0o640);
        }
    s.do(root, 'symlink', 'loop', 'loop').open(root, 0, 'loop', 0).open(root, 0, 'loop/x', 0).do(root, 'unlink', 'loop');
    s.make('file', 'plain')
      .open(root, 0, 'plain/', 0)
      .open(root, 0, 'fresh/', Open.create)
      .open(root, 0, '.', Open.create)
      .open(root, 0, '.', Open.writeOnly);
  }),

  'open: what others have made in sticky directories, with O_CREAT': table((s) => {
    for (const mode of [0o1777, 0o1770, 0o777])
      for (const owner of [root, alice])
        for (const kind of ['file', 'fifo', 'socket', 'link', 'dangling'] as const) {
          const directory = s.name();
          s.make('directory', directory, { owner, gid: 2001, mode }).make(kind, `${directory}/x`, { owner: bob, mode: 0o666 });
          for (const user of [root, alice, bob])
            for (const flags of [Open.create, Open.create | Open.noFollow, Open.create | Open.writeOnly])
              s.open(user, 0, `${directory}/x`, flags | Open.nonBlocking);
        }
  }),

  'open: rights by mode, class and ACL': table((s) => {
    const named = encodeAcl([
      { tag: 'userObject', permissions: 4 },
      { tag: 'user', id: 1002, permissions: 6 },
      { tag: 'groupObject', permissions: 2 },
      { tag: 'group', id: 2001, permissions: 4 },
      { tag: 'group', id: 2002, permissions: 2 },
      { tag: 'mask', permissions: 6 },
      { tag: 'other', permissions: 0 },
    ]);
    for (const mode of [0o000, 0o400, 0o200, 0o040, 0o020, 0o004, 0o002, 0o377, 0o737, 0o770])
      for (const acl of [undefined, named]) {
        const path = s.name();
        s.make('file', path, { owner: alice, gid: 2002, mode });
        if (acl !== undefined) s.do(root, 'setxattr', path, 'system.posix_acl_access', acl, acl.length, 0).do(root, 'chmod', path, mode);
        for (const user of users) {
          for (const flags of [0, Open.writeOnly, Open.readWrite, Open.truncate]) s.open(user, 0, path, flags);
          for (const mask of [1, 2, 4, 6]) s.do(user, 'faccessat2', atFdCwd, path, mask, 0);
        }
      }
  }),

  'utimensat: who, which times, of what mode': table((s) => {
    const now = [0, utimeNow] as const;
    const omit = [0, utimeOmit] as const;
    const set = [1_234_567_890, 123_456_789] as const;
    for (const mode of [0o644, 0o666, 0o444, 0o000])
      for (const user of users) {
        const path = s.name();
        s.make('file', path, { owner: alice, mode });
        for (const atime of [now, omit, set])
          for (const mtime of [now, omit, set]) s.do(user, 'utimensat', atFdCwd, path, times(atime, mtime), 0);
        s.do(user, 'utimensat', atFdCwd, path, 0, 0);
      }
    const path = s.name();
    s.make('file', path).make('link', `${path}l`).make('directory', `${path}d`);
    for (const seconds of [-1, 1 - 2 ** 31, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 33, 15_032_385_534])
      for (const nanoseconds of [0, 1, 999_999_999, 1_000_000_000])
        for (const each of [path, `${path}l`, `${path}d`])
          s.do(root, 'utimensat', atFdCwd, each, times([seconds, nanoseconds], [seconds, nanoseconds]), noFollow);
    // What was set ahead ends with the next change.
    s.do(root, 'utimensat', atFdCwd, path, times([2 ** 33, 0], [2 ** 33, 0]), 0).open(root, 0, path, Open.writeOnly);
    s.do(root, 'pwrite', { slot: 0 }, 'x', 1, 0).do(root, 'close', 0).do(root, 'look', path);
    s.do(root, 'utimensat', atFdCwd, `${path}d`, times([2 ** 33, 0], [2 ** 33, 0]), 0)
      .do(root, 'mkdir', `${path}d/x`, 0o755)
      .do(root, 'look', `${path}d`);
  }),

  'times: which calls change which': table((s) => {
    s.make('directory', 'd', { mode: 0o777 }).make('file', 'd/f', { mode: 0o666 }).make('directory', 'e');
    s.open(root, 0, 'd/f', Open.readWrite);
    for (const [name, ...args] of [
      ['link', 'd/f', 'e/f'],
      ['unlink', 'e/f'],
      ['rename', 'd/f', 'e/f'],
      ['rename', 'e/f', 'd/f'],
      ['symlink', 'd/f', 'e/s'],
      ['mkdir', 'd/x', 0o755],
      ['rename', 'd/x', 'e/x'],
      ['rmdir', 'e/x'],
      ['mknod', 'd/p', fileType.fifo | 0o600, 0],
      ['chmod', 'd/f', 0o666],
      ['chown', 'd/f', -1, -1],
      ['chown', 'd/f', 0, 0],
      ['truncate', 'd/f', 0],
      ['truncate', 'd/f', 10],
      ['truncate', 'd/f', 10],
      ['truncate', 'd/f', 5],
      ['ftruncate', { slot: 0 }, 5],
      ['pwrite', { slot: 0 }, '', 0, 0],
      ['pwrite', { slot: 0 }, 'x', 1, 100],
      ['pread', { slot: 0 }, { room: 10 }, 10, 0],
      ['setxattr', 'd/f', 'user.a', 'x', 1, 0],
      ['setxattr', 'd/f', 'user.a', 'x', 1, 0],
      ['removexattr', 'd/f', 'user.a'],
      ['rename', 'd/f', 'd/f'],
      ['link', 'd/f', 'd/g'],
      ['rename', 'd/f', 'd/g'],
      ['renameat2', atFdCwd, 'd/f', atFdCwd, 'e/s', Rename.exchange],
      ['rmdir', 'd'],
      ['unlink', 'd'],
    ] as const)
      s.do(root, name, ...args)
        .do(root, 'look', 'd/f')
        .do(root, 'look', 'd')
        .do(root, 'look', 'e')
        .do(root, 'look', '.');
    s.open(root, 1, 'd/g', Open.create | Open.truncate | Open.readWrite)
      .open(root, 1, 'd/g', Open.create)
      .open(root, 1, 'd/new', Open.create);
  }),

  'times: what reading moves, by relatime': table((s) => {
    const old = times([1_000_000_000, 0], [1_000_000_000, 0]);
    const older = times([900_000_000, 0], [1_000_000_000, 0]);
    s.make('directory', 'd').do(root, 'list', 'd').do(root, 'list', 'd').make('file', 'd/f').do(root, 'list', 'd').do(root, 'list', 'd');
    s.do(root, 'symlink', 'f', 'd/s').do(root, 'readlink', 'd/s', { room: 10 }, 10).do(root, 'readlink', 'd/s', { room: 10 }, 10);
    const read = (flags = 0): Script =>
      s.open(root, 1, 'd/f', flags).do(root, 'pread', { slot: 1 }, { room: 4 }, 4, 0).do(root, 'close', 1).do(root, 'look', 'd/f');
    s.open(root, 0, 'd/f', Open.writeOnly).do(root, 'pwrite', { slot: 0 }, 'data', 4, 0).do(root, 'close', 0).do(root, 'look', 'd/f');
    read();
    read();
    s.do(root, 'chmod', 'd/f', 0o600);
    read();
    read();
    for (const both of [old, older]) {
      s.do(root, 'utimensat', atFdCwd, 'd/f', both, 0).do(root, 'utimensat', atFdCwd, 'd', both, 0);
      read(Open.noAtime);
      read(Open.path);
      read();
      read();
      s.do(root, 'list', 'd');
    }
    // What was read and is not told to anybody yet stays when the other time is set, and the other way round.
    for (const user of [root, alice]) {
      s.make('directory', user.name, { owner: alice, mode: 0o755 }).do(root, 'list', user.name);
      s.do(user, 'utimensat', atFdCwd, user.name, times([0, utimeOmit], [1_000_000_000, 5]), 0).do(root, 'list', user.name);
      s.make('file', `${user.name}/f`, { owner: alice, mode: 0o666 }).open(root, 1, `${user.name}/f`, Open.readWrite);
      s.do(root, 'pwrite', { slot: 1 }, 'data', 4, 0).do(root, 'pread', { slot: 1 }, { room: 4 }, 4, 0);
      s.do(user, 'utimensat', atFdCwd, `${user.name}/f`, times([0, utimeOmit], [1_000_000_000, 5]), 0);
      s.do(root, 'pwrite', { slot: 1 }, 'data', 4, 0).do(root, 'look', `${user.name}/f`);
      s.do(user, 'utimensat', atFdCwd, `${user.name}/f`, times([1_000_000_000, 5], [0, utimeOmit]), 0).do(root, 'close', 1);
    }
    s.open(root, 0, 'd/f', Open.readWrite)
      .do(root, 'pwrite', { slot: 0 }, 'more', 4, 4)
      .do(root, 'look', 'd/f')
      .do(root, 'truncate', 'd/f', 2);
    read();
  }),

  'creating: owner, group and mode in every directory, by everyone': table((s) => {
    const acl = encodeAcl([
      { tag: 'userObject', permissions: 7 },
      { tag: 'user', id: 1003, permissions: 7 },
      { tag: 'groupObject', permissions: 5 },
      { tag: 'mask', permissions: 6 },
      { tag: 'other', permissions: 1 },
    ]);
    for (const directoryMode of [0o777, 0o2777, 0o1777, 0o755])
      for (const defaults of [false, true])
        for (const user of users) {
          const at = s.name();
          s.make('directory', at, { owner: bob, gid: 2002, mode: directoryMode });
          if (defaults) s.do(root, 'setxattr', at, 'system.posix_acl_default', acl, acl.length, 0);
          for (const mode of [0o777, 0o2775, 0o6711, 0o400]) {
            const name = `${at}/${mode.toString(8)}`;
            s.open(user, 0, `${name}f`, Open.create | Open.writeOnly, mode)
              .do(user, 'mkdir', `${name}d`, mode)
              .do(user, 'mknod', `${name}p`, fileType.fifo | mode, 0);
          }
          s.do(user, 'symlink', 'x', `${at}/s`).do(user, 'link', `${at}/777f`, `${at}/l`);
        }
  }),

  'mknod: every type by everyone': table((s) => {
    for (const user of users)
      for (const type of [0, ...Object.values(fileType), 0o050000, 0o170000])
        for (const device of [0, 0x103, 0x1_2345_0107]) {
          const path = s.name();
          s.make('directory', path, { mode: 0o777 }).do(user, 'mknod', `${path}/x`, type | 0o644, device);
        }
  }),

  'names: length, bytes, depth': table((s) => {
    for (const name of [
      'x'.repeat(255),
      'x'.repeat(256),
      'x'.repeat(4095),
      'x'.repeat(4096),
      '\xff\xfe\x80',
      'a b\n\t',
      '\xc3\x28',
      '...',
      '-',
      '\x01\x7f',
    ])
      s.do(root, 'mkdir', name, 0o755)
        .do(root, 'look', name)
        .do(root, 'rename', name, 'y')
        .do(root, 'rename', 'y', name)
        .do(root, 'symlink', name, 'link')
        .do(root, 'readlink', 'link', { room: 5000 }, 5000)
        .do(root, 'unlink', 'link')
        .do(root, 'link', name, 'x'.repeat(256))
        .do(root, 'rmdir', name);
    for (const length of [4094, 4095, 4096, 4097]) {
      s.make('directory', 'd');
      const path = longPath('d', length);
      s.do(root, 'mkdir', path, 0o755).do(root, 'look', path).do(root, 'truncate', path, 0).do(root, 'rmdir', path);
      s.do(root, 'symlink', 't'.repeat(length), `t${String(length)}`).do(root, 'readlink', `t${String(length)}`, { room: 5000 }, 5000);
      s.do(root, 'readlink', `t${String(length)}`, { room: 5000 }, 100);
    }
    s.make('directory', 'deep');
    for (let depth = 0, at = 'l0'; depth < 45; depth++, at = `l${String(depth)}`) {
      s.do(root, 'symlink', depth === 0 ? 'deep' : `l${String(depth - 1)}`, at);
      if (depth > 36) s.open(root, 0, at, 0).do(root, 'mkdir', `${at}/x`, 0o755).do(root, 'rmdir', `${at}/x`);
    }
  }),

  'removing: every kind, dots, slashes, what is not empty': table((s) => {
    for (const kind of kinds)
      for (const end of ['', '/', '/.', '/..', '/x'])
        for (const name of ['unlink', 'rmdir'] as const) {
          const path = s.name();
          s.make(kind, path)
            .do(root, name, path + end)
            .do(root, 'look', path);
        }
    s.do(root, 'mkdir', 'full', 0o755)
      .do(root, 'mkdir', 'full/x', 0o755)
      .do(root, 'rmdir', 'full')
      .do(root, 'rmdir', '.')
      .do(root, 'rmdir', '..')
      .do(root, 'unlink', '.');
    for (const mode of [0o777, 0o555, 0o666, 0o333])
      for (const user of [root, alice]) {
        const path = s.name();
        s.make('directory', path, { owner: alice, mode }).make('file', `${path}/f`).make('directory', `${path}/d`);
        s.do(user, 'list', path)
          .do(user, 'look', `${path}/f`)
          .do(user, 'unlink', `${path}/f`)
          .do(user, 'rmdir', `${path}/d`)
          .do(user, 'mkdir', `${path}/n`, 0o755);
      }
  }),

  'links: of every kind, to every kind': table((s) => {
    for (const from of kinds)
      for (const to of ['missing', 'file', 'directory', 'dangling'] as const)
        for (const flags of [0, 0x400]) {
          const [a, b] = [s.name(), s.name()];
          s.make(from, a).make(to, b).do(root, 'linkat', atFdCwd, a, atFdCwd, b, flags).do(root, 'look', a).do(root, 'look', b);
        }
    s.make('file', 'f', { owner: alice, mode: 0o600 }).make('directory', 'd', { mode: 0o777 });
    for (const user of [root, alice])
      s.do(user, 'link', 'f', `d/${user.name}`).do(user, 'link', 'f', 'd/same').do(user, 'link', 'f/', 'd/x').do(user, 'link', 'f', 'd/x/');
    for (const user of [root, alice]) s.do(user, 'unlink', `d/${user.name}`).do(user, 'look', 'f');
  }),

  'removed while open: files and directories': table((s) => {
    s.open(root, 0, 'f', Open.create | Open.readWrite)
      .do(root, 'pwrite', { slot: 0 }, 'data', 4, 0)
      .do(root, 'unlink', 'f');
    s.do(root, 'look', { slot: 0 }).do(root, 'pwrite', { slot: 0 }, 'more', 4, 4).do(root, 'pread', { slot: 0 }, { room: 20 }, 20, 0);
    s.do(root, 'fchmod', { slot: 0 }, 0o600)
      .do(root, 'fchown', { slot: 0 }, 5, 6)
      .do(root, 'ftruncate', { slot: 0 }, 2)
      .do(root, 'look', { slot: 0 });
    s.do(root, 'fsetxattr', { slot: 0 }, 'user.a', 'x', 1, 0).do(root, 'fsync', { slot: 0 });
    s.make('file', 'g')
      .open(root, 1, 'h', Open.create | Open.readWrite)
      .do(root, 'pwrite', { slot: 1 }, 'over', 4, 0)
      .do(root, 'rename', 'g', 'h');
    s.do(root, 'look', { slot: 1 })
      .do(root, 'pread', { slot: 1 }, { room: 20 }, 20, 0)
      .do(root, 'ftruncate', { slot: 1 }, 100)
      .do(root, 'look', { slot: 1 });
    s.make('directory', 'd')
      .open(root, 2, 'd', Open.directory)
      .do(root, 'rmdir', 'd')
      .do(root, 'look', { slot: 2 })
      .do(root, 'fchmod', { slot: 2 }, 0o700);
    s.do(root, 'look', { slot: 2 }).do(root, 'fsetxattr', { slot: 2 }, 'user.a', 'x', 1, 0).do(root, 'fsync', { slot: 2 });
    s.do(root, 'linkat', { slot: 0 }, '', atFdCwd, 'again', emptyPath).do(root, 'look', 'again');
  }),

  'files without names: made, written, linked or not': table((s) => {
    const link = (user: User, slot: number, name: string): Script =>
      s.do(user, 'linkat', { slot }, '', atFdCwd, name, emptyPath).do(root, 'look', name);
    s.make('directory', 'd', { mode: 0o2755, gid: 2001 }).make('file', 'f').make('directory', 'sticky', { mode: 0o1777 });
    for (const [user, at] of [
      [root, 'd'],
      [alice, 'd'],
      [alice, 'sticky'],
      [root, 'f'],
      [root, 'nothing'],
    ] as const)
      for (const flags of [Open.readWrite, Open.writeOnly, 0, Open.readWrite | Open.exclusive]) {
        s.open(user, 0, at, Open.unnamed | flags, 0o666)
          .do(root, 'look', { slot: 0 })
          .do(root, 'look', at);
        s.do(user, 'pwrite', { slot: 0 }, 'data', 4, 0).do(user, 'fchmod', { slot: 0 }, 0o640).do(root, 'look', { slot: 0 });
        link(root, 0, `${at}/${user.name}${String(flags)}`);
        link(root, 0, `${at}/again${user.name}${String(flags)}`);
        link(root, 0, 'f');
        s.do(user, 'pwrite', { slot: 0 }, 'more', 4, 4)
          .do(root, 'unlink', `${at}/again${user.name}${String(flags)}`)
          .do(root, 'look', { slot: 0 });
      }
  }),

  'data: sizes, ends and descriptors': table((s) => {
    s.open(root, 0, 'f', Open.create | Open.readWrite)
      .open(root, 1, 'f', 0)
      .open(root, 2, 'f', Open.writeOnly | Open.append);
    for (const size of [0, 1, 4096, 100_000, 2 ** 33])
      s.do(root, 'ftruncate', { slot: 0 }, size).do(root, 'look', 'f').do(root, 'lseek', { slot: 0 }, 0, 2);
    for (const size of [-1, 2 ** 62]) s.do(root, 'ftruncate', { slot: 0 }, size).do(root, 'truncate', 'f', size);
    s.do(root, 'ftruncate', { slot: 1 }, 10)
      .do(root, 'pwrite', { slot: 1 }, 'x', 1, 0)
      .do(root, 'pread', { slot: 2 }, { room: 4 }, 4, 0)
      .do(root, 'pwrite', { slot: 0 }, 'x', 1, -1);
    s.do(root, 'ftruncate', { slot: 0 }, 10)
      .do(root, 'pwrite', { slot: 2 }, 'appended', 8, 0)
      .do(root, 'pread', { slot: 1 }, { room: 40 }, 40, 5)
      .do(root, 'pread', { slot: 1 }, { room: 4 }, 4, 100);
    s.do(root, 'pwrite', { slot: 0 }, 'x', 1, 2 ** 62)
      .do(root, 'lseek', { slot: 0 }, -1, 0)
      .do(root, 'lseek', { slot: 0 }, 5, 7);
    s.do(root, 'write', { slot: 2 }, 'twice', 5).do(root, 'look', 'f').do(root, 'pread', { slot: 1 }, { room: 40 }, 40, 0);
    for (const kind of kinds) {
      const path = s.name();
      s.make(kind, path).do(root, 'truncate', path, 0).do(alice, 'truncate', path, 0);
    }
  }),

  'ACLs: set and removed, of which kind, by whom, on what': table((s) => {
    const plain = encodeAcl([
      { tag: 'userObject', permissions: 7 },
      { tag: 'groupObject', permissions: 5 },
      { tag: 'other', permissions: 0 },
    ]);
    const named = encodeAcl([
      { tag: 'userObject', permissions: 7 },
      { tag: 'user', id: 1003, permissions: 6 },
      { tag: 'groupObject', permissions: 5 },
      { tag: 'mask', permissions: 7 },
      { tag: 'other', permissions: 1 },
    ]);
    for (const name of ['system.posix_acl_access', 'system.posix_acl_default'])
      for (const kind of ['file', 'directory', 'fifo', 'link'] as const)
        for (const gid of [1001, 2001, 2002])
          for (const mode of kind === 'link' ? [0o777] : [0o2775, 0o6750, 0o755]) {
            const path = s.name();
            s.make(kind, path, { owner: alice, gid, mode });
            for (const user of [alice, bob, root])
              for (const acl of [plain, named, plain.subarray(0, 4), plain.subarray(0, 3), plain.subarray(0, 13), Buffer.alloc(0)])
                s.do(user, 'lsetxattr', path, name, acl, acl.length, 0)
                  .do(user, 'lgetxattr', path, name, { room: 100 }, 100)
                  .do(user, 'lremovexattr', path, name);
          }
  }),

  'xattrs: namespaces, sizes, flags, on every kind': table((s) => {
    const value = { room: 70_000 };
    for (const kind of kinds)
      for (const user of [root, alice]) {
        const path = s.name();
        s.make(kind, path, { mode: kind === 'directory' ? 0o1777 : 0o666 });
        for (const name of [
          'user.a',
          'trusted.a',
          'security.a',
          'system.a',
          'user.',
          'user',
          '',
          `user.${'n'.repeat(250)}`,
          `user.${'n'.repeat(251)}`,
          'posix_acl_access',
        ])
          s.do(user, 'lsetxattr', path, name, 'value', 5, 0)
            .do(user, 'lgetxattr', path, name, value, 70_000)
            .do(user, 'lgetxattr', path, name, value, 2)
            .do(user, 'lgetxattr', path, name, value, 0)
            .do(user, 'lsetxattr', path, name, 'again', 5, 1)
            .do(user, 'lsetxattr', path, name, '', 0, 2)
            .do(user, 'llistxattr', path, value, 70_000)
            .do(user, 'llistxattr', path, value, 2)
            .do(user, 'lremovexattr', path, name)
            .do(user, 'lremovexattr', path, name);
      }
    s.make('file', 'f');
    for (const flags of [1, 2, 3, 4]) s.do(root, 'setxattr', 'f', 'user.f', 'x', 1, flags);
    s.do(root, 'setxattr', 'f', 'user.big', 'x'.repeat(2000), 2000, 0).do(root, 'getxattr', 'f', 'user.big', value, 1999);
    s.do(root, 'setxattr', 'f', 'user.huge', 'x'.repeat(65_537), 65_537, 0);
  }),
};
