/** The life of a mount: made, refused, taken over from a killed process, detached while in use, ended. */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { cannotMount, clear, isMounted, makeMountpoint, startMemoryMount } from '../support/mounted-memory.ts';

if (cannotMount !== undefined) {
  test('mount: skipped', (t) => {
    t.log(`${cannotMount}: mounting is not tested`);
    t.pass();
  });
} else {
  test('mount: SIGTERM → unmounted, exit 0', async (t) => {
    const path = makeMountpoint();
    const mount = await startMemoryMount(path);
    t.is(spawnSync('stat', ['-f', '-c', '%T', path]).stdout.toString().trim(), 'fuseblk');
    t.regex(fs.readFileSync('/proc/self/mounts', 'utf8'), new RegExp(`^memory ${path} fuse\\.nacre rw`, 'm'));
    const { code } = await mount.stop();
    t.is(code, 0);
    t.false(isMounted(path));
    clear(path);
  });

  test('mount: umount(8) → the process ends by itself, exit 0', async (t) => {
    const path = makeMountpoint();
    const mount = await startMemoryMount(path);
    const exited = new Promise((resolve) => mount.process.once('close', resolve));
    t.is(spawnSync('umount', [path]).status, 0);
    t.is(await exited, 0);
    clear(path);
  });

  test('mount: killed with -9 → the dead mount is replaced by the next one', async (t) => {
    const path = makeMountpoint();
    const first = await startMemoryMount(path);
    fs.writeFileSync(join(path, 'file'), 'x');
    await first.kill();
    t.throws(() => fs.statSync(path), { code: 'ENOTCONN' });
    const second = await startMemoryMount(path);
    t.deepEqual(fs.readdirSync(path), []);
    t.regex(second.errors(), /detaching a stale mount/);
    await second.stop();
    t.false(isMounted(path));
    clear(path);
  });

  test('mount: in use at SIGTERM → detached, gone, exit 0', async (t) => {
    const path = makeMountpoint();
    const mount = await startMemoryMount(path);
    fs.writeFileSync(join(path, 'file'), 'x');
    const user = spawn('sleep', ['60'], { cwd: path });
    const { code } = await mount.stop();
    t.is(code, 0);
    t.regex(mount.errors(), /in use: detaching/);
    t.false(isMounted(path));
    user.kill();
    clear(path);
  });

  test('mount: impossible mount points → one line each that says what to do', async (t) => {
    const path = makeMountpoint();
    await t.throwsAsync(startMemoryMount(join(path, 'missing')), {
      message: /^mount point .*\/missing does not exist: create it \(mkdir -p .*\)$/,
    });
    fs.writeFileSync(join(path, 'file'), '');
    await t.throwsAsync(startMemoryMount(join(path, 'file')), { message: /^mount point .*\/file is not a directory$/ });
    fs.unlinkSync(join(path, 'file'));
    const mount = await startMemoryMount(path);
    await t.throwsAsync(startMemoryMount(path), { message: /is mounted already \(fuse\.nacre\): choose another mount point/ });
    t.deepEqual(fs.readdirSync(path), [], 'the first mount still serves');
    await mount.stop();
    clear(path);
  });

  test('mount: kernel read-ahead → as configured', async (t) => {
    const path = makeMountpoint();
    const mount = await startMemoryMount(path);
    const device = fs
      .readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .find((line) => line.includes(` ${path} `))
      ?.split(' ')[2];
    t.is(fs.readFileSync(`/sys/class/bdi/${String(device)}/read_ahead_kb`, 'utf8').trim(), '1024');
    await mount.stop();
    clear(path);
  });

  test('mount: fuse-native → files can be written, read, listed, moved and removed', async (t) => {
    const path = makeMountpoint();
    const mount = await startMemoryMount(path, ['--fuse-native']).catch((error: unknown) => error as Error);
    if (mount instanceof Error) {
      t.regex(mount.message, /fuse-native cannot be loaded/);
      t.log('fuse-native is not installed here');
      return clear(path);
    }
    const data = Buffer.alloc(300_000, 'abc');
    fs.mkdirSync(join(path, 'dir'));
    fs.writeFileSync(join(path, 'dir/file'), data);
    fs.symlinkSync('dir/file', join(path, 'link'));
    t.true(fs.readFileSync(join(path, 'link')).equals(data));
    fs.renameSync(join(path, 'dir/file'), join(path, 'dir/moved'));
    fs.truncateSync(join(path, 'dir/moved'), 10);
    fs.chmodSync(join(path, 'dir/moved'), 0o640);
    t.deepEqual(fs.readdirSync(join(path, 'dir')), ['moved']);
    const { size, mode } = fs.statSync(join(path, 'dir/moved'));
    t.deepEqual([size, mode & 0o777], [10, 0o640]);
    // What archives and copies know the names of one file by.
    fs.linkSync(join(path, 'dir/moved'), join(path, 'dir/linked'));
    const names = ['moved', 'linked'].map((name) => fs.statSync(join(path, 'dir', name)));
    t.deepEqual(
      names.map(({ ino, nlink }) => [ino, nlink]),
      [
        [names[0]?.ino, 2],
        [names[0]?.ino, 2],
      ],
    );
    fs.rmSync(join(path, 'dir'), { recursive: true });
    t.deepEqual(fs.readdirSync(path), ['link']);
    const { code } = await mount.stop();
    t.is(code, 0);
    clear(path);
  });
}
