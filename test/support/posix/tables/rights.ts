/**
 * Who may do what: owners, modes, set-id bits, sticky directories, capabilities, access control lists and extended attributes.
 * @module
 */
import { encodeAcl } from '../acl.ts';
import { Allocate, fileType, Open, Rename, Seek } from '../constants.ts';
import { root } from '../syscalls.ts';
import { alice, bob, carol, users } from '../users.ts';
import { atFdCwd, kinds, noFollow, type Script, table, type Tables } from './script.ts';

export const rights: Tables = {
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
    s.open(root, 0, 'source', Open.create | Open.writeOnly).do(root, 'write', { slot: 0 }, 'source', 6);
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
          // By whom the mode gives nothing: the descriptor is another's.
          s.open(root, 2, path, Open.readWrite);
          again().do(user, 'pwrite', { slot: 2 }, 'data', 4, 0);
          again().do(user, 'ftruncate', { slot: 2 }, 3);
          again().do(user, 'fallocate', { slot: 2 }, Allocate.punchHole, 0, 100);
          again().do(user, 'fallocate', { slot: 2 }, Allocate.keepSize, 0, 100);
          s.do(root, 'lseek', { slot: 2 }, 0, Seek.set).open(root, 0, 'source', 0);
          again().do(user, 'copy_file_range', { slot: 0 }, 0, { slot: 2 }, 0, 3, 0);
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
