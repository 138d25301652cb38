/**
 * What the driver tells the kernel by itself, and whom it lets go: invalidation, interrupts, callers. The filesystem is
 * in this process, so it is touched by asynchronous calls and by other processes only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { byteStringOf } from '../../common/maps/ids.ts';
import type { KernelDriver, KernelDriverOptions } from '../../fuse-client/driver/kernel/kernel-driver.ts';
import type { Credentials } from '../../fuse-client/vfs/filesystem.ts';
import { MemoryFilesystem } from '../support/memory-filesystem.ts';
import { cannotMount, clear, isMounted, makeMountpoint, mountHere } from '../support/mounted-memory.ts';

const nobody: Credentials = { uid: 0, gid: 0, groups: [], pid: 0 };

/** Counts calls and can hold some of them back. */
class Watched extends MemoryFilesystem {
  readonly calls: string[] = [];
  held: Promise<void> | undefined;
  groups: readonly number[] = [];
  /** Called with every inode of which the kernel gives back references. */
  onForget: (ino: number) => void = () => undefined;

  constructor() {
    super({ cacheable: true, now: () => ({ sec: Math.floor(Date.now() / 1000), nsec: 0 }) });
  }

  override lookup(...[who, parent, name]: Parameters<MemoryFilesystem['lookup']>): ReturnType<MemoryFilesystem['lookup']> {
    this.calls.push(`lookup ${name}`);
    return super.lookup(who, parent, name);
  }

  override getAttributes(...[who, ino]: Parameters<MemoryFilesystem['getAttributes']>): ReturnType<MemoryFilesystem['getAttributes']> {
    this.calls.push(`getAttributes ${String(ino)}`);
    return super.getAttributes(who, ino);
  }

  override read(...args: Parameters<MemoryFilesystem['read']>): never {
    this.calls.push('read');
    const read = super.read(...args);
    return (this.held ? this.held.then(() => read) : read) as never;
  }

  override makeDirectory(...args: Parameters<MemoryFilesystem['makeDirectory']>): never {
    this.calls.push('makeDirectory');
    const make = super.makeDirectory.bind(this);
    return (this.held ? this.held.then(() => make(...args)) : make(...args)) as never;
  }

  override forget(...[ino, count]: Parameters<MemoryFilesystem['forget']>): void {
    super.forget(ino, count);
    this.onForget(ino);
  }

  override symlink(...[who, ...rest]: Parameters<MemoryFilesystem['symlink']>): ReturnType<MemoryFilesystem['symlink']> {
    this.groups = who.groups;
    return super.symlink(who, ...rest);
  }

  /** As when another host takes the name away. */
  async drop(name: string, isFolder = false): Promise<void> {
    await this.invalidator?.invalidateEntry(this.root, byteStringOf(name), isFolder);
  }

  /** Calls since the last time. */
  take(): readonly string[] {
    return this.calls.splice(0);
  }
}

if (cannotMount !== undefined) {
  test('kernel caches: skipped', (t) => {
    t.log(`${cannotMount}: invalidation is not tested`);
    t.pass();
  });
} else {
  const within = async <T>(ms: number, promise: Promise<T>): Promise<T | 'too late'> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'too late'>((resolve) => (timer = setTimeout(resolve, ms, 'too late')));
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  };
  const mounted = async (
    body: (filesystem: Watched, path: string, driver: KernelDriver) => Promise<void>,
    options: Partial<KernelDriverOptions> = {},
  ): Promise<void> => {
    const path = makeMountpoint();
    const filesystem = new Watched();
    const driver = await mountHere(filesystem, path, options);
    try {
      await body(filesystem, path, driver);
    } finally {
      await driver.unmount();
      clear(path);
    }
  };

  test.serial('kernel caches: names and attributes → asked once, again after invalidation', async (t) => {
    await mounted(async (filesystem, path) => {
      await writeFile(join(path, 'file'), 'x');
      const { ino } = await stat(join(path, 'file'));
      filesystem.take();
      await stat(join(path, 'file'));
      t.deepEqual(filesystem.take(), []);
      await filesystem.invalidator?.invalidateInode(ino as never, -1, 0);
      await stat(join(path, 'file'));
      t.deepEqual(filesystem.take(), [`getAttributes ${String(ino)}`]);
      await filesystem.drop('file');
      await stat(join(path, 'file'));
      t.true(filesystem.take().includes('lookup file'));
    });
  });

  test.serial('kernel caches: an absent name → cached until invalidated', async (t) => {
    await mounted(async (filesystem, path) => {
      await t.throwsAsync(stat(join(path, 'new')), { code: 'ENOENT' });
      filesystem.take();
      await t.throwsAsync(stat(join(path, 'new')), { code: 'ENOENT' });
      t.deepEqual(filesystem.take(), []);
      filesystem.makeDirectory(nobody, filesystem.root, byteStringOf('new'), 0o755, 0); // as another host would
      await filesystem.drop('new');
      t.true((await stat(join(path, 'new'))).isDirectory());
    });
  });

  test.serial('kernel caches: the name of a directory that somebody is in → looked up again, and it is still there for him', async (t) => {
    await mounted(async (filesystem, path) => {
      await mkdir(join(path, 'folder'));
      const script = 'cd "$0" && echo in && read line; exec /bin/pwd -P';
      const inside = spawn('sh', ['-c', script, join(path, 'folder')], { stdio: ['pipe', 'pipe', 'inherit'] });
      let said = '';
      await new Promise<void>((resolve) => {
        inside.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          resolve();
        });
      });
      filesystem.take();
      await filesystem.drop('folder', true);
      inside.stdin.end('\n');
      t.deepEqual(await once(inside, 'close'), [0, null]);
      t.deepEqual(said.trim().split('\n'), ['in', join(path, 'folder')]);
      await stat(join(path, 'folder'));
      t.true(filesystem.take().includes('lookup folder'));
    });
  });

  test.serial('kernel caches: inodes to let go of → the references to those that nobody uses come back', async (t) => {
    await mounted(async (filesystem, path) => {
      for (const name of ['idle', 'busy']) await writeFile(join(path, name), 'x');
      const idle = (await stat(join(path, 'idle'))).ino;
      const file = await open(join(path, 'busy'));
      const busy = (await file.stat()).ino;
      const forgotten = new Set<number>();
      const came = new Promise<void>((resolve) => {
        filesystem.onForget = (ino) => {
          forgotten.add(ino);
          if (ino === idle) resolve();
        };
      });
      if ((await filesystem.invalidator?.prune?.([busy, idle] as never)) !== 'asked') {
        t.log('this kernel is told of each name instead');
        t.pass();
        await file.close();
        return;
      }
      t.not(await within(5_000, came), 'too late');
      t.deepEqual([...forgotten], [idle]);
      filesystem.take();
      for (const name of ['idle', 'busy']) await stat(join(path, name));
      t.deepEqual(
        filesystem.take().filter((call) => call.startsWith('lookup')),
        ['lookup idle'],
      );
      await file.close();
    });
  });

  test.serial('kernel caches: data → read once, again after invalidation', async (t) => {
    await mounted(async (filesystem, path) => {
      await writeFile(join(path, 'file'), 'old data');
      const { ino } = await stat(join(path, 'file'));
      const file = await open(join(path, 'file'), 'r+');
      await file.read(Buffer.alloc(8), 0, 8, 0);
      filesystem.take();
      await file.read(Buffer.alloc(8), 0, 8, 0);
      t.deepEqual(filesystem.take(), []);
      const handle = filesystem.open(nobody, ino as never, 2).handle;
      filesystem.write(nobody, handle, 0, Buffer.from('new'), { killSetId: false }); // as another host would
      filesystem.release(handle);
      await filesystem.invalidator?.invalidateInode(ino as never, 0, 0);
      t.is((await file.read(Buffer.alloc(8), 0, 8, 0)).buffer.toString(), 'new data');
      await file.close();
    });
  });

  test.serial('kernel caches: a name dropped while its directory is locked by a request that waits → no deadlock', async (t) => {
    await mounted(async (filesystem, path) => {
      await writeFile(join(path, 'file'), 'x');
      await stat(join(path, 'file'));
      let goOn = (): void => undefined;
      filesystem.held = new Promise((resolve) => (goOn = resolve));
      const making = mkdir(join(path, 'slow'));
      while (!filesystem.calls.includes('makeDirectory')) await new Promise((resolve) => setTimeout(resolve, 5));
      const dropped = filesystem.drop('file');
      t.not(await within(2000, dropped), 'too late');
      const more = Promise.all(Array.from({ length: 100 }, (_, i) => filesystem.drop(`other-${String(i)}`)));
      t.not(await within(2000, more), 'too late');
      goOn();
      await making;
      filesystem.take();
      await stat(join(path, 'file'));
      t.true(filesystem.take().includes('lookup file'), 'the name is looked up again');
      t.true((await stat(join(path, 'slow'))).isDirectory());
    });
  });

  test.serial('kernel caches: an inode told of but not in the cache → invalidation ends when it is forgotten', async (t) => {
    await mounted(async (filesystem, path) => {
      await writeFile(join(path, 'file'), 'x');
      const { ino } = await stat(join(path, 'file'));
      await writeFile('/proc/sys/vm/drop_caches', '2');
      t.not(await within(3000, filesystem.invalidator?.invalidateInode(ino as never, 0, 0) as Promise<void>), 'too late');
      t.not(await within(3000, filesystem.invalidator?.invalidateInode(4711 as never, 0, 0) as Promise<void>), 'too late');
      t.is(await readFile(join(path, 'file'), 'utf8'), 'x');
    });
  });

  /** Another process reads a file; the answer is held back, and the kernel cannot drop the file's data meanwhile. */
  const holdRead = async (
    filesystem: Watched,
    path: string,
  ): Promise<{ ended: Promise<unknown>; dropped: Promise<void>; goOn: () => void }> => {
    await writeFile(join(path, 'file'), 'x');
    const { ino } = await stat(join(path, 'file'));
    const drop = async (): Promise<void> => filesystem.invalidator?.invalidateInode(ino as never, 0, 0);
    await drop();
    let goOn = (): void => undefined;
    filesystem.held = new Promise((resolve) => (goOn = resolve));
    const ended = once(spawn('cat', [join(path, 'file')], { stdio: 'ignore' }), 'exit');
    while (!filesystem.calls.includes('read')) await new Promise((resolve) => setTimeout(resolve, 5));
    const dropped = drop();
    // The kernel has taken it up.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { ended, dropped, goOn };
  };

  test.serial('kernel caches: too many requests are under way, and the kernel waits for one of them → others are read', async (t) => {
    await mounted(
      async (filesystem, path) => {
        const { ended, dropped, goOn } = await holdRead(filesystem, path);
        const looking = once(spawn('stat', [join(path, 'never')], { stdio: 'ignore' }), 'exit');
        t.not(await within(2000, looking), 'too late');
        t.is(await within(100, dropped), 'too late');
        goOn();
        await dropped;
        t.deepEqual(await ended, [0, null]);
      },
      { requestsMax: 1 },
    );
  });

  test.serial(
    'kernel caches: the driver ends while the kernel waits to drop what a request holds → both end, the device is closed',
    async (t) => {
      await mounted(async (filesystem, path, driver) => {
        const { ended, dropped } = await holdRead(filesystem, path);
        t.not(await within(8000, driver.unmount()), 'too late');
        t.not(await within(1000, dropped), 'too late');
        t.deepEqual(await ended, [1, null]);
        const open = readdirSync('/proc/self/fd').map((fd) => readlink(`/proc/self/fd/${fd}`));
        t.false((await Promise.allSettled(open)).some((each) => each.status === 'fulfilled' && each.value === '/dev/fuse'));
      });
    },
  );

  test.serial('interrupts: a process killed while its request gets no answer → gone at once, nothing leaks', async (t) => {
    await mounted(async (filesystem, path) => {
      let goOn = (): void => undefined;
      filesystem.held = new Promise((resolve) => (goOn = resolve));
      const maker = spawn('mkdir', [join(path, 'slow')], { stdio: 'ignore' });
      const exited = once(maker, 'exit');
      while (!filesystem.calls.includes('makeDirectory')) await new Promise((resolve) => setTimeout(resolve, 5));
      maker.kill('SIGTERM');
      t.not(await within(2000, exited), 'too late');
      t.is(filesystem.usage.inodes, 1);
      goOn();
      await new Promise((resolve) => setTimeout(resolve, 20));
      t.deepEqual([filesystem.usage.inodes, filesystem.usage.references], [2, 0], 'what came too late was forgotten');
    });
  });

  test.serial('interrupts: a signal that is handled → the request goes on', async (t) => {
    await mounted(async (filesystem, path) => {
      let goOn = (): void => undefined;
      filesystem.held = new Promise((resolve) => (goOn = resolve));
      const script = `$SIG{USR1} = sub {}; exit(mkdir("${join(path, 'slow')}") ? 0 : $!+0)`;
      const maker = spawn('perl', ['-e', script], { stdio: 'ignore' });
      const exited = once(maker, 'exit');
      while (!filesystem.calls.includes('makeDirectory')) await new Promise((resolve) => setTimeout(resolve, 5));
      maker.kill('SIGUSR1');
      t.is(await within(300, exited), 'too late');
      goOn();
      t.deepEqual(await exited, [0, null]);
    });
  });

  test.serial('requests: one withdrawn between being announced and being read → the mount goes on', async (t) => {
    await mounted(async (filesystem, path) => {
      const told = (pid: number | undefined, file: string, text: string): void => {
        while (!readFileSync(`/proc/${String(pid)}/${file}`, 'latin1').includes(text));
      };
      const bell = spawn('sh', ['-c', 'sleep 0.1; echo'], { stdio: ['ignore', 'pipe', 'ignore'] });
      let ring = (): void => undefined;
      bell.stdout.once('data', () => ring());
      await new Promise((resolve) => setTimeout(resolve, 20)); // the bell is listened to
      // Both happen while we look away: the bell rings, then a request is announced.
      told(bell.pid, 'stat', ') Z');
      const client = spawn('mkdir', [join(path, 'never')], { stdio: 'ignore' });
      told(client.pid, 'wchan', 'request_wait_answer');
      const clientEnded = once(client, 'exit');
      ring = () => {
        process.kill(client.pid as number, 'SIGKILL');
        told(client.pid, 'stat', ') Z');
      };
      await clientEnded;
      t.false(filesystem.calls.includes('lookup never'), 'the request was withdrawn');
      await writeFile(join(path, 'after'), 'it still serves');
      t.true(isMounted(path));
    });
  });

  test.serial('callers: supplementary groups → read from /proc', async (t) => {
    await mounted(async (filesystem, path) => {
      const child = spawn('setpriv', ['--groups=7,4000', 'ln', '-s', 'x', join(path, 'link')], { stdio: 'ignore' });
      await once(child, 'exit');
      t.deepEqual(filesystem.groups, [7, 4000]);
    });
  });
}
