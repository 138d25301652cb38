/**
 * Every operation of the kernel driver, through system calls on a real mount of the memory filesystem: answering at
 * once, with everything cacheable, and answering later.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { cannotMount, clear, makeMountpoint, startMemoryMount } from '../support/mounted-memory.ts';
import type { MemoryMount } from '../support/mounted-memory.ts';

if (cannotMount !== undefined) {
  test('kernel driver: skipped', (t) => {
    t.log(`${cannotMount}: the mount itself is not tested`);
    t.pass();
  });
} else {
  for (const flags of [[], ['--cacheable'], ['--asynchronous']]) suite(flags);
}

function suite(flags: readonly string[]): void {
  const name = `kernel driver ${flags.join(' ') || '(at once, nothing cacheable)'}`;
  const mountpoint = makeMountpoint();
  let mount: MemoryMount;
  let folders = 0;
  /** A fresh directory in the mount. */
  const folder = (): string => {
    const path = join(mountpoint, `t${String(++folders)}`);
    fs.mkdirSync(path);
    return path;
  };

  test.before(async () => {
    mount = await startMemoryMount(mountpoint, flags);
  });

  test.after.always(async (t) => {
    const { code, last } = await mount.stop();
    clear(mountpoint);
    t.is(code, 0);
    t.is(mount.errors(), '');
    const { usage } = last as { readonly usage: { readonly handles: number; readonly references: number } };
    t.is(usage.handles, 0, 'every handle was released');
    t.is(usage.references, 0, 'every inode was forgotten');
  });

  test(`${name}: a file → create, write, append, read, truncate`, (t) => {
    const path = join(folder(), 'file');
    fs.writeFileSync(path, 'hello');
    fs.appendFileSync(path, ' world');
    t.is(fs.readFileSync(path, 'utf8'), 'hello world');
    fs.truncateSync(path, 5);
    t.is(fs.readFileSync(path, 'utf8'), 'hello');
    fs.truncateSync(path, 8);
    t.is(fs.readFileSync(path, 'latin1'), 'hello\0\0\0');
    fs.writeFileSync(path, 'new');
    t.is(fs.readFileSync(path, 'utf8'), 'new');
    t.throws(() => fs.openSync(path, 'wx'), { code: 'EEXIST' });
    t.throws(() => fs.openSync(join(path, 'below'), 'r'), { code: 'ENOTDIR' });
    t.throws(() => fs.openSync(`${path}-missing`, 'r'), { code: 'ENOENT' });
  });

  test(`${name}: one megabyte at a time, odd offsets → the same bytes`, (t) => {
    const path = join(folder(), 'big');
    const data = Buffer.from(Array.from({ length: (3 << 20) + 777 }, (_, i) => (i * 31 + (i >> 8)) & 255));
    const file = fs.openSync(path, 'w+');
    t.is(fs.writeSync(file, data, 0, data.length, 1), data.length);
    const back = Buffer.alloc(data.length);
    t.is(fs.readSync(file, back, 0, back.length, 1), data.length);
    fs.closeSync(file);
    t.true(back.equals(data));
    const direct = spawnSync('dd', [`if=${path}`, 'bs=1M', 'iflag=direct', 'status=none'], { maxBuffer: 1 << 24 });
    t.true(direct.stdout.subarray(1).equals(data), 'O_DIRECT reads the same');
    const copy = `${path}-copy`;
    t.is(spawnSync('dd', [`if=${path}`, `of=${copy}`, 'bs=1M', 'oflag=direct', 'status=none']).status, 0);
    t.true(fs.readFileSync(copy).equals(fs.readFileSync(path)), 'O_DIRECT writes the same');
  });

  test(`${name}: directories → make, list, move, remove`, (t) => {
    const at = folder();
    fs.mkdirSync(join(at, 'a/b/c'), { recursive: true });
    fs.writeFileSync(join(at, 'a/file'), '');
    t.deepEqual(
      fs.readdirSync(join(at, 'a'), { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory()]),
      [
        ['b', true],
        ['file', false],
      ],
    );
    t.throws(() => fs.rmdirSync(join(at, 'a')), { code: 'ENOTEMPTY' });
    t.throws(() => fs.unlinkSync(join(at, 'a')), { code: 'EISDIR' });
    t.throws(() => fs.renameSync(join(at, 'a'), join(at, 'a/b/d')), { code: 'EINVAL' });
    fs.renameSync(join(at, 'a/b'), join(at, 'moved'));
    t.deepEqual(fs.readdirSync(join(at, 'moved')), ['c']);
    t.is(fs.statSync(join(at, 'a')).nlink, 2);
    fs.rmSync(join(at, 'a'), { recursive: true });
    t.deepEqual(fs.readdirSync(at), ['moved']);
    t.throws(() => fs.mkdirSync(join(at, 'x'.repeat(256))), { code: 'ENAMETOOLONG' });
  });

  test(`${name}: a directory of 3,000 names, some removed while it is read → each of the others once`, (t) => {
    const at = folder();
    const names = Array.from({ length: 3000 }, (_, i) => `name-${String(i).padStart(5, '0')}-${'x'.repeat(i % 40)}`);
    for (const each of names) fs.closeSync(fs.openSync(join(at, each), 'w'));
    t.deepEqual(fs.readdirSync(at).sort(), names);
    const open = fs.opendirSync(at, { bufferSize: 10 });
    const seen: string[] = [];
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      if (seen.length === 5) fs.unlinkSync(join(at, names.at(-1) as string));
      seen.push(entry.name);
    }
    open.closeSync();
    t.deepEqual(seen.filter((each) => each !== names.at(-1)).sort(), names.slice(0, -1));
    t.is(
      spawnSync('sh', ['-c', `ls -l ${at} | wc -l`])
        .stdout.toString()
        .trim(),
      '3000',
    );
  });

  test(`${name}: links → symbolic with any bytes, hard with their count`, (t) => {
    const at = folder();
    const odd = Buffer.concat([Buffer.from(`${at}/`), Buffer.from([0xff, 0xfe, 0x20, 0x0a, 0x80])]);
    const target = Buffer.from([0x2e, 0x2f, 0xc3, 0x28]);
    fs.symlinkSync(target, odd);
    t.true(fs.readlinkSync(odd, 'buffer').equals(target));
    t.true((fs.readdirSync(at, 'buffer')[0] as Buffer).equals(odd.subarray(at.length + 1)));
    const file = join(at, 'file');
    fs.writeFileSync(file, 'x');
    fs.linkSync(file, join(at, 'second'));
    t.is(fs.statSync(file).nlink, 2);
    t.is(fs.statSync(file).ino, fs.statSync(join(at, 'second')).ino);
    fs.unlinkSync(file);
    t.is(fs.readFileSync(join(at, 'second'), 'utf8'), 'x');
    t.is(fs.statSync(join(at, 'second')).nlink, 1);
  });

  test(`${name}: an unlinked file that is open → read and written until closed`, (t) => {
    const path = join(folder(), 'file');
    const file = fs.openSync(path, 'w+');
    fs.unlinkSync(path);
    fs.writeSync(file, 'still here');
    t.is(fs.fstatSync(file).nlink, 0);
    const buffer = Buffer.alloc(10);
    fs.readSync(file, buffer, 0, 10, 0);
    t.is(buffer.toString(), 'still here');
    fs.closeSync(file);
  });

  test(`${name}: special files → type and device number`, (t) => {
    const at = folder();
    t.is(spawnSync('mkfifo', [join(at, 'fifo')]).status, 0);
    t.true(fs.statSync(join(at, 'fifo')).isFIFO());
    t.is(spawnSync('mknod', [join(at, 'null'), 'c', '300', '70000']).status, 0);
    t.is(
      spawnSync('stat', ['-c', '%F %t %T', join(at, 'null')])
        .stdout.toString()
        .trim(),
      'character special file 12c 11170',
    );
  });

  test(`${name}: attributes → mode, owner, times to the nanosecond and before 1970, birth`, (t) => {
    const path = join(folder(), 'file');
    fs.writeFileSync(path, '');
    fs.chmodSync(path, 0o2751);
    fs.chownSync(path, 4_000_000_000, 12);
    const stats = fs.statSync(path);
    t.is(stats.mode & 0o7777, 0o751, 'a change of owner clears the set-id bits');
    t.deepEqual([stats.uid, stats.gid], [4_000_000_000, 12]);
    t.is(spawnSync('touch', ['-m', '-d', '1969-12-31 23:59:58.123456789Z', path]).status, 0);
    t.is(spawnSync('touch', ['-a', '-d', '2100-01-02 03:04:05.987654321Z', path]).status, 0);
    t.is(spawnSync('stat', ['-c', '%.9Y %.9X', path]).stdout.toString().trim(), '-1.876543211 4102542245.987654321');
    const birth = fs.statSync(path).birthtimeMs;
    t.true(Math.abs(birth - Date.now()) < 60_000, `born at ${String(birth)}`);
  });

  test(`${name}: set-id bits → cleared by another's write and truncation`, (t) => {
    const at = folder();
    const path = join(at, 'file');
    const as = (command: string): number | null =>
      spawnSync('setpriv', ['--reuid=1000', '--regid=1000', '--clear-groups', 'sh', '-c', command]).status;
    for (const command of [`echo x >> ${path}`, `truncate -s 0 ${path}`, `: > ${path}`]) {
      fs.writeFileSync(path, 'abc');
      fs.chmodSync(path, 0o6777);
      t.is(as(command), 0);
      t.is(fs.statSync(path).mode & 0o7777, 0o777, command);
    }
  });

  test(`${name}: permissions → checked for the caller`, (t) => {
    const at = folder();
    fs.writeFileSync(join(at, 'secret'), 'x', { mode: 0o600 });
    const as = (groups: string, command: string): number | null =>
      spawnSync('setpriv', ['--reuid=1000', '--regid=1000', groups, 'sh', '-c', command]).status;
    t.not(as('--clear-groups', `cat ${at}/secret`), 0);
    t.not(as('--clear-groups', `: > ${at}/new`), 0);
    fs.chownSync(join(at, 'secret'), 0, 50);
    fs.chmodSync(join(at, 'secret'), 0o640);
    t.is(as('--groups=50', `cat ${at}/secret`), 0);
  });

  test(`${name}: new files → the caller's, the group of a set-gid directory`, (t) => {
    const at = folder();
    fs.chmodSync(at, 0o777);
    spawnSync('setpriv', ['--reuid=1000', '--regid=1001', '--clear-groups', 'sh', '-c', `umask 027; : > ${at}/own; mkdir ${at}/dir`]);
    const own = fs.statSync(join(at, 'own'));
    t.deepEqual([own.uid, own.gid, own.mode & 0o7777], [1000, 1001, 0o640]);
    t.is(fs.statSync(join(at, 'dir')).mode & 0o7777, 0o750);
    fs.chownSync(at, 0, 77);
    fs.chmodSync(at, 0o2777);
    spawnSync('setpriv', ['--reuid=1000', '--regid=1001', '--clear-groups', 'mkdir', join(at, 'inherits')]);
    const inherits = fs.statSync(join(at, 'inherits'));
    t.deepEqual([inherits.gid, inherits.mode & 0o2000], [77, 0o2000]);
  });

  test(`${name}: rename flags → EXCHANGE swaps, NOREPLACE refuses`, (t) => {
    if (process.arch !== 'x64') return void t.pass();
    const at = folder();
    fs.writeFileSync(join(at, 'a'), 'a');
    fs.mkdirSync(join(at, 'b'));
    const rename = (flags: number, to = 'b'): string =>
      perl(
        `my ($a, $b) = ("${at}/a", "${at}/${to}"); my $r = syscall(316, -100, $a, -100, $b, ${String(flags)}); print $r < 0 ? $!+0 : 0;`,
      );
    t.is(rename(4, 'new'), '22');
    t.is(rename(1), '17');
    t.is(rename(2), '0');
    t.true(fs.statSync(join(at, 'a')).isDirectory());
    t.is(fs.readFileSync(join(at, 'b'), 'utf8'), 'a');
  });

  test(`${name}: extended attributes → set, get, list, remove, and their errors`, (t) => {
    if (process.arch !== 'x64') return void t.pass();
    const path = join(folder(), 'file');
    fs.writeFileSync(path, '');
    const set = (key: string, value: string, flags: number): string =>
      perl(
        `my ($p, $k, $v) = ("${path}", "${key}", "${value}"); my $r = syscall(188, $p, $k, $v, length $v, ${String(flags)}); print $r < 0 ? $!+0 : $r;`,
      );
    const get = (key: string, room: number): string =>
      perl(
        `my ($p, $k, $b) = ("${path}", "${key}", " " x ${String(room)}); my $r = syscall(191, $p, $k, $b, ${String(room)}); print $r < 0 ? $!+0 : "$r:" . substr($b, 0, $r);`,
      );
    t.is(set('user.a', 'value\\0\\xff', 0), '0');
    t.is(set('user.a', 'x', 1), '17');
    t.is(set('user.b', 'x', 2), '61');
    t.is(set('user.b', 'second', 1), '0');
    t.is(get('user.b', 100), '6:second');
    t.is(get('user.b', 3), '34');
    t.is(get('user.b', 0), '6:');
    t.is(get('user.c', 10), '61');
    t.is(
      perl(`my ($p, $b) = ("${path}", " " x 100); my $r = syscall(194, $p, $b, 100); print join ",", split /\\0/, substr($b, 0, $r);`),
      'user.a,user.b',
    );
    t.is(perl(`my ($p, $k) = ("${path}", "user.a"); print syscall(197, $p, $k);`), '0');
    t.is(get('user.a', 10), '61');
  });

  test(`${name}: access control lists → obeyed, shown in the mode; the set-gid bit goes when another sets one`, (t) => {
    if (process.arch !== 'x64') return void t.pass();
    const path = join(folder(), 'file');
    fs.writeFileSync(path, 'x', { mode: 0o600 });
    const entry = (tag: string, access: number, id = '\\xff\\xff\\xff\\xff'): string => `\\x${tag}\\0\\x0${String(access)}\\0${id}`;
    const setAcl = (other: number): string => {
      const acl = `\\x02\\0\\0\\0${entry('01', 6)}${entry('02', 4, '\\xe8\\x03\\0\\0')}${entry('04', 0)}${entry('10', 4)}${entry('20', other)}`;
      return `my ($p, $k, $v) = ("${path}", "system.posix_acl_access", "${acl}"); print syscall(188, $p, $k, $v, length $v, 0) < 0 ? $!+0 : 0;`;
    };
    const readBy = (uid: number): number | null =>
      spawnSync('setpriv', [`--reuid=${String(uid)}`, '--regid=99', '--clear-groups', 'cat', path]).status;
    t.is(perl(setAcl(0)), '0');
    t.deepEqual([readBy(1000), readBy(1001)], [0, 1]);
    t.is(fs.statSync(path).mode & 0o777, 0o640);
    fs.chownSync(path, 1000, 77);
    fs.chmodSync(path, 0o2670);
    const byOwner = spawnSync('setpriv', ['--reuid=1000', '--regid=1000', '--clear-groups', 'perl', '-e', setAcl(4)], {
      encoding: 'latin1',
    });
    t.is(byOwner.stdout, '0');
    t.is(fs.statSync(path).mode & 0o7777, 0o644);
  });

  test(`${name}: fallocate and holes → reserved, punched, found`, (t) => {
    const path = join(folder(), 'file');
    t.is(spawnSync('fallocate', ['-l', '1M', path]).status, 0);
    t.is(fs.statSync(path).size, 1 << 20);
    fs.writeFileSync(path, Buffer.alloc(1 << 20, 7));
    t.is(spawnSync('fallocate', ['-p', '-o', '131072', '-l', '131072', path]).status, 0);
    t.is(spawnSync('fallocate', ['-z', '-n', '-o', '1048576', '-l', '65536', path]).status, 0);
    const data = fs.readFileSync(path);
    t.is(data.length, 1 << 20);
    t.deepEqual([data[131071], data[131072], data[262143], data[262144]], [7, 0, 0, 7]);
    t.is(
      perl(
        `open my $f, "<", "${path}"; print join ",", sysseek($f, 0, 4)+0, sysseek($f, 131072, 3)+0, sysseek($f, 1 << 20, 3) ? "found" : $!+0;`,
      ),
      '131072,262144,6',
    );
    t.not(spawnSync('fallocate', ['-c', '-o', '0', '-l', '4096', path]).status, 0);
  });

  test(`${name}: copies inside → the same bytes, whatever the range`, (t) => {
    const at = folder();
    const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    fs.writeFileSync(join(at, 'a'), data);
    fs.copyFileSync(join(at, 'a'), join(at, 'b'));
    t.true(fs.readFileSync(join(at, 'b')).equals(data));
    if (process.arch !== 'x64') return;
    t.is(
      perl(
        `open my $i, "<", "${at}/a"; open my $o, "+<", "${at}/b"; my $from = pack "q", 1000; my $to = pack "q", 5; my $n = 0; while ($n < 70000) { my $r = syscall(326, fileno $i, $from, fileno $o, $to, 70000 - $n, 0); last if $r <= 0; $n += $r } print $n;`,
      ),
      '70000',
    );
    const expected = Buffer.from(data);
    data.copy(expected, 5, 1000, 71_000);
    t.true(fs.readFileSync(join(at, 'b')).equals(expected));
  });

  test(`${name}: fsync of files and directories, syncfs, statfs → no error`, (t) => {
    const at = folder();
    const file = fs.openSync(join(at, 'file'), 'w');
    fs.writeSync(file, 'x');
    fs.fsyncSync(file);
    fs.fdatasyncSync(file);
    fs.closeSync(file);
    const directory = fs.openSync(at, 'r');
    fs.fsyncSync(directory);
    fs.closeSync(directory);
    t.is(spawnSync('sync', ['-f', at]).status, 0);
    const { bsize, blocks, bfree } = fs.statfsSync(at);
    t.deepEqual([bsize * blocks, bsize * bfree], [2 ** 40, 2 ** 39]);
  });

  test(`${name}: flock → excludes, and goes with the file's last descriptor`, (t) => {
    const path = join(folder(), 'lock');
    fs.writeFileSync(path, '');
    const script = `exec 9<${path}; flock -n 9 || exit 1; exec 8<${path}; flock -n 8 && exit 2; flock -u 9; flock -n 8 || exit 3`;
    t.is(spawnSync('bash', ['-c', script]).status, 0);
  });

  test(`${name}: many at once → each sees its own`, async (t) => {
    const at = folder();
    await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        const path = join(at, `file-${String(i)}`);
        for (let round = 0; round < 5; round += 1) {
          const text = `${String(i)}:${String(round)};`.repeat(2000);
          await fs.promises.writeFile(path, text);
          t.is(await fs.promises.readFile(path, 'utf8'), text);
          await fs.promises.rename(path, `${path}-moved`);
          await fs.promises.rename(`${path}-moved`, path);
        }
      }),
    );
    t.is(fs.readdirSync(at).length, 64);
  });
}

function perl(script: string): string {
  const { stdout, stderr } = spawnSync('perl', ['-e', script], { encoding: 'latin1' });
  return stdout === '' ? stderr : stdout;
}
