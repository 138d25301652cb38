/**
 * Open files, their data and their times.
 * @module
 */
import { Allocate, fileType, Open, Rename, Seek, times, utimeNow, utimeOmit } from '../constants.ts';
import { root, type User } from '../syscalls.ts';
import { alice, users } from '../users.ts';
import { atFdCwd, emptyPath, kinds, noFollow, type Script, table, type Tables } from './script.ts';

export const files: Tables = {
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
    // O_TRUNC takes the right to write, also where there is nothing to cut.
    for (const kind of kinds)
      if (kind !== 'device') s.make(kind, `read ${kind}`, { mode: 0o644 }).open(alice, 0, `read ${kind}`, Open.truncate | Open.nonBlocking);
    s.do(root, 'symlink', 'loop', 'loop').open(root, 0, 'loop', 0).open(root, 0, 'loop/x', 0).do(root, 'unlink', 'loop');
    s.make('file', 'plain')
      .open(root, 0, 'plain/', 0)
      .open(root, 0, 'fresh/', Open.create)
      .open(root, 0, '.', Open.create)
      .open(root, 0, '.', Open.writeOnly);
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
    s.open(root, 0, 'd/f', Open.readWrite).open(root, 1, 'd/copy', Open.create | Open.readWrite);
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
      ['fallocate', { slot: 0 }, 0, 0, 50],
      ['fallocate', { slot: 0 }, 0, 0, 5000],
      ['fallocate', { slot: 0 }, Allocate.keepSize, 0, 50],
      ['fallocate', { slot: 0 }, Allocate.keepSize, 0, 9000],
      ['fallocate', { slot: 0 }, Allocate.punchHole, 0, 50],
      ['fallocate', { slot: 0 }, Allocate.punchHole, 9000, 50],
      ['fallocate', { slot: 0 }, Allocate.zeroRange, 0, 50],
      ['fallocate', { slot: 0 }, Allocate.zeroRange | Allocate.keepSize, 0, 9000],
      ['lseek', { slot: 0 }, 0, Seek.set],
      ['copy_file_range', { slot: 0 }, 0, { slot: 1 }, 0, 100, 0],
      ['copy_file_range', { slot: 0 }, 0, { slot: 1 }, 0, 0, 0],
      ['fsync', { slot: 0 }],
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
};
