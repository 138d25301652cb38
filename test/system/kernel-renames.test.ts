/**
 * Renames and removals by the kernel. For rename(2) it looks both names up one after the other, and answers by itself when they lead to the same inode: what
 * another host does in between must not be taken for done by this one. The other host's part is played by the filesystem, which is in this
 * process: so the order is settled.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, rename, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { byteStringOf } from '../../common/maps/ids.ts';
import type { Credentials, Entry, NegativeEntry } from '../../fuse-client/vfs/filesystem.ts';
import { MemoryFilesystem } from '../support/memory-filesystem.ts';
import { cannotMount, clear, makeMountpoint, mountHere } from '../support/mounted-memory.ts';

const run = promisify(execFile);
const somebody: Credentials = { uid: 0, gid: 0, groups: [], pid: 0 };
const exchange = 2;

type Lookup = Entry | NegativeEntry;

/** Another host changes names while a lookup waits for its answer. */
class Contested extends MemoryFilesystem {
  readonly renames: string[] = [];
  /** What happens before a directory is removed or replaced: then another is there than the kernel takes it for. */
  beforeEnd: (() => void) | undefined;
  /** What happens as soon as a name is looked up. */
  readonly #meanwhile = new Map<string, () => Promise<void>>();

  constructor(cacheable: boolean) {
    super({ cacheable, now: () => ({ sec: Math.floor(Date.now() / 1000), nsec: 0 }) });
  }

  /** The next time that `name` is looked up, `act` comes before the answer. */
  beforeLookup(name: string, act: () => Promise<void> | void): void {
    this.#meanwhile.set(name, async () => act());
  }

  /** As another host does it: the kernel is told to forget both names. */
  async renameThere(name: string, newName: string, flags = 0): Promise<void> {
    super.rename(somebody, this.root, byteStringOf(name), this.root, byteStringOf(newName), flags);
    await Promise.all([name, newName].map((each) => this.forgetThere(each)));
  }

  /** The kernel does not know the name any more. */
  async forgetThere(name: string, isFolder = false): Promise<void> {
    await this.invalidator?.invalidateEntry(this.root, byteStringOf(name), isFolder);
  }

  override lookup(...[who, parent, name]: Parameters<MemoryFilesystem['lookup']>): never {
    const act = this.#meanwhile.get(name);
    this.#meanwhile.delete(name);
    const answer = (): Lookup => this.#elsewhere(super.lookup(who, parent, name));
    return (act === undefined ? answer() : act().then(answer)) as never;
  }

  override rename(...args: Parameters<MemoryFilesystem['rename']>): void {
    this.#refuse();
    this.renames.push(`${args[2]} ${args[4]}`);
    super.rename(...args);
  }

  override removeDirectory(...args: Parameters<MemoryFilesystem['removeDirectory']>): void {
    this.#refuse();
    super.removeDirectory(...args);
  }

  /** As the MDS does. */
  #refuse(): void {
    const act = this.beforeEnd;
    this.beforeEnd = undefined;
    if (act === undefined) return;
    act();
    throw new FsError('ESTALE', 'another directory is there by now');
  }

  exchangeThere(name: string, other: string): void {
    super.rename(somebody, this.root, byteStringOf(name), this.root, byteStringOf(other), exchange);
  }

  #elsewhere(found: Lookup): Lookup {
    return 'attributes' in found ? { ...found, elsewhere: true } : found;
  }
}

if (cannotMount !== undefined) {
  test('kernel renames: skipped', (t) => {
    t.log(`${cannotMount}: renames of two hosts are not tested`);
    t.pass();
  });
} else {
  const renameat2 = async (from: string, to: string, flags: number): Promise<void> => {
    const script =
      'import ctypes, os, sys; sys.exit(ctypes.CDLL(None, use_errno=True).renameat2(-100, os.fsencode(sys.argv[1]), -100, os.fsencode(sys.argv[2]), int(sys.argv[3])) and ctypes.get_errno())';
    await run('/usr/bin/python3', ['-c', script, from, to, String(flags)]);
  };

  for (const cacheable of [true, false]) {
    const kind = cacheable ? 'names are cached' : 'names are not cached';

    test.serial(
      `kernel renames: another host changes the names in between, ${kind} → the filesystem is asked, as if one had come after the other`,
      async (t) => {
        const path = makeMountpoint();
        const filesystem = new Contested(cacheable);
        const driver = await mountHere(filesystem, path);
        const at = (name: string): string => join(path, name);
        const asked = (): readonly string[] => filesystem.renames.splice(0);
        try {
          await writeFile(at('turn-1'), 'x');
          await stat(at('turn-1'));
          filesystem.beforeLookup('turn-2', () => filesystem.renameThere('turn-1', 'turn-2'));
          await t.throwsAsync(rename(at('turn-1'), at('turn-2')), { code: 'ENOENT' });
          t.deepEqual(asked(), ['turn-1 turn-2']);
          t.is(await readFile(at('turn-2'), 'utf8'), 'x');
          await t.throwsAsync(stat(at('turn-1')), { code: 'ENOENT' });

          for (const name of ['a', 'b']) await writeFile(at(name), name);
          await stat(at('a'));
          await filesystem.forgetThere('b');
          filesystem.beforeLookup('b', () => filesystem.renameThere('a', 'b', exchange));
          await renameat2(at('a'), at('b'), exchange);
          t.deepEqual(asked(), ['a b']);
          t.deepEqual([await readFile(at('a'), 'utf8'), await readFile(at('b'), 'utf8')], ['a', 'b'], 'exchanged twice');

          await mkdir(at('folder-1'));
          await writeFile(at('folder-1/file'), 'x');
          filesystem.beforeLookup('folder-2', () => filesystem.renameThere('folder-1', 'folder-2'));
          await t.throwsAsync(rename(at('folder-1'), at('folder-2')), { code: 'ENOENT' });
          t.deepEqual(asked(), ['folder-1 folder-2']);
          await writeFile(at('folder-2/another'), 'y');
          t.is(await readFile(at('folder-2/file'), 'utf8'), 'x');

          // Two names of one file: nothing happens, as the filesystem says.
          await writeFile(at('one'), 'x');
          await link(at('one'), at('other'));
          await rename(at('one'), at('other'));
          t.deepEqual([await readFile(at('one'), 'utf8'), await readFile(at('other'), 'utf8')], ['x', 'x']);
          await rename(at('one'), at('third'));
          t.deepEqual(asked(), ['one other', 'one third']);
          t.is((await stat(at('third'))).ino, (await stat(at('other'))).ino);

          // Directories on the way are what they are.
          await mkdir(at('from/below'), { recursive: true });
          await mkdir(at('to'));
          await writeFile(at('from/below/file'), 'x');
          for (const name of ['from', 'to']) await filesystem.forgetThere(name);
          await rename(at('from/below/file'), at('to/file'));
          await rename(at('from/below'), at('to/below'));
          await writeFile(at('to/below/new'), 'y');
          t.is(await readFile(at('to/file'), 'utf8'), 'x');
        } finally {
          await driver.unmount();
          clear(path);
        }
        t.is(filesystem.usage.references, 0, 'nothing is left of the inodes that the kernel was told of for a rename');
      },
    );
  }
  test.serial(
    'kernel renames: another host puts another directory in the place of one that is removed, or replaced → Linux looks again, and who is in the first goes on there',
    async (t) => {
      const path = makeMountpoint();
      const filesystem = new Contested(true);
      const driver = await mountHere(filesystem, path);
      const at = (name: string): string => join(path, name);
      try {
        for (const [kind, end] of [
          ['removed', () => rmdir(at('first'))],
          ['replaced', () => rename(at('new'), at('first'))],
        ] as const) {
          for (const name of ['first', 'second', 'new']) await mkdir(at(name));
          const inside = spawn('sh', ['-c', 'cd "$0" && echo in && read line; : > made', at('first')], {
            stdio: ['pipe', 'pipe', 'inherit'],
          });
          await once(inside.stdout, 'data');
          filesystem.beforeEnd = () => filesystem.exchangeThere('first', 'second');
          await end();
          for (const name of ['first', 'second']) await filesystem.forgetThere(name, true);
          inside.stdin.end('\n');
          t.deepEqual(await once(inside, 'close'), [0, null], kind);
          t.deepEqual(await readdir(at('second')), ['made'], kind);
          const left = (await readdir(path)).filter((name) => !name.startsWith('removed-'));
          t.deepEqual(left.sort(), kind === 'removed' ? ['new', 'second'] : ['first', 'second'], kind);
          for (const name of left) await rename(at(name), at(`${kind}-${name}`));
        }
      } finally {
        await driver.unmount();
        clear(path);
      }
    },
  );
}
