/**
 * Everything below a worker's working directory, one line for each path.
 * @module
 */
import { printStat, printTime, statOf, type Stat } from './stat.ts';
import { root, type Outcome, type Syscall, type Syscalls } from './syscalls.ts';

const room = { room: 100_000 };
const slot = { slot: 9 };
const type = { fifo: 0o010000, directory: 0o040000, regular: 0o100000, symlink: 0o120000 } as const;

/** Attributes, set times, target, data and extended attributes by path. */
export async function readTree(syscalls: Syscalls): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (let level = ['.']; level.length > 0; level = await readLevel(syscalls, level, tree));
  return tree;
}

/** Resolves with the paths of the next level. */
async function readLevel(syscalls: Syscalls, level: readonly string[], tree: Map<string, string>): Promise<string[]> {
  const stats = (await syscalls.run(level.map((path) => as('look', path)))).map(statOf);
  const contents = await syscalls.run(level.flatMap((path, at) => contentOf(path, stats[at] as Stat)));
  const below: string[] = [];
  const names = new Map<string, readonly string[]>();
  let next = 0;
  const take = (): Outcome => contents[next++] as Outcome;
  for (const [at, path] of level.entries()) {
    const stat = stats[at] as Stat;
    // What went through a FIFO has moved its times, or not: docs/POSIX.md.
    const parts = [printStat(stat), ...(stat.type === type.fifo ? [] : [`mtime ${printTime(stat.mtime)}`])];
    names.set(path, text(take()).split('\0').filter(Boolean).sort());
    if (stat.type === type.symlink) parts.push(`→ ${text(take())}`);
    if (stat.type === type.directory) {
      const listed = (take().rooms[0] as Buffer).toString('latin1').split('/');
      below.push(...listed.filter((name) => name !== '.' && name !== '..').map((name) => `${path}/${name}`));
    }
    if (stat.type === type.regular) {
      take();
      parts.push(shortened(text(take())));
      take();
    }
    tree.set(path, parts.join(' '));
  }
  const wanted = [...names].flatMap(([path, all]) => all.map((name) => ({ path, name })));
  const values = await syscalls.run(wanted.map(({ path, name }) => as('lgetxattr', path, name, room, room.room)));
  for (const [at, { path, name }] of wanted.entries())
    tree.set(path, `${tree.get(path) ?? ''} ${name}=${Buffer.from(text(values[at] as Outcome), 'latin1').toString('hex')}`);
  return below;
}

function contentOf(path: string, stat: Stat): readonly Syscall[] {
  const names = as('llistxattr', path, room, room.room);
  if (stat.type === type.symlink) return [names, as('readlink', path, room, room.room)];
  if (stat.type === type.directory) return [names, as('list', path)];
  if (stat.type !== type.regular) return [names];
  return [names, { ...as('open', path, 0, 0), keep: slot.slot }, as('pread', slot, room, room.room, 0), as('close', slot.slot)];
}

function as(name: Syscall['name'], ...args: Syscall['args']): Syscall {
  return { user: root, name, args };
}

function text({ rooms }: Outcome): string {
  return (rooms[0] as Buffer).toString('latin1');
}

/** Long runs of the same few bytes by their length. */
function shortened(data: string): string {
  return data.replaceAll(/(.{1,4}?)\1{8,}/gs, (run, unit: string) => `(${JSON.stringify(unit)}*${run.length / unit.length})`);
}
