/**
 * Names: made, moved and removed, of every kind.
 * @module
 */
import { fileType, longPath, Rename } from '../constants.ts';
import { root } from '../syscalls.ts';
import { alice, bob, users } from '../users.ts';
import { atFdCwd, kinds, table, type Tables } from './script.ts';

export const names: Tables = {
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
};
