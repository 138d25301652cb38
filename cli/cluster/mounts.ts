/**
 * Mount points: what is mounted where, whether it serves, who uses it, and taking it away.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CommandError, reasonOf } from '../errors.ts';
import { makeFolder, realPathOf } from './layout.ts';

const run = promisify(execFile);
/** A serving mount answers a stat within this time, even under load. */
const answerTimeoutMs = 10_000;
/** Unmounting waits for what the mount has to write back; longer means that it cannot. */
const unmountTimeoutMs = 60_000;
/** Processes named when a mount is in use. */
const holdersMax = 5;

export interface Mount {
  readonly mountpoint: string;
  readonly fstype: string;
  readonly source: string;
  /** Of its device number; of a FUSE mount also the number of its connection. */
  readonly deviceMinor: number;
}

/** Everything mounted in this mount namespace, in order of mounting. */
export function mounts(): Mount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before, after] = line.split(' - ') as [string, string];
      const [fstype, source] = after.split(' ') as [string, string];
      const [, , device, , mountpoint] = before.split(' ') as [string, string, string, string, string];
      return { mountpoint: unescaped(mountpoint), fstype, source: unescaped(source), deviceMinor: Number(device.split(':')[1]) };
    });
}

/** What is mounted exactly at `path` (absolute, real), the uppermost. */
export function mountAt(path: string): Mount | undefined {
  return mounts().findLast(({ mountpoint }) => mountpoint === path);
}

/** A mount point's path as the kernel lists it. Touches nothing below a mount that is there: it might never answer. */
export function mountpointPath(path: string): string {
  const absolute = resolve(path);
  const listed = join(realPathOf(dirname(absolute)), basename(absolute));
  return mountAt(listed) === undefined ? realPathOf(absolute) : listed;
}

/** Makes the directory if needed and checks that something can be mounted on it. A dead mount there is taken away. */
export async function prepareMountpoint(path: string, say: (line: string) => void): Promise<void> {
  await removeStaleMount(path, say);
  const mount = mountAt(path);
  if (mount !== undefined)
    throw new CommandError(`${path} is a mount point already (${mount.fstype}, ${mount.source}): unmount it or choose another directory`);
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory()) throw new CommandError(`the mount point ${path} is not a directory: choose another`);
    const [entry] = readdirSync(path);
    if (entry !== undefined)
      throw new CommandError(`the mount point ${path} is not empty (${entry}), and mounting would hide that: choose another, or empty it`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`the mount point ${path} cannot be made: ${reasonOf(error)}. Choose another directory`, { cause: error });
  }
}

/** Takes away a FUSE mount at `path` whose process is gone (killed), if there is one. */
export async function removeStaleMount(path: string, say: (line: string) => void): Promise<void> {
  for (let mount = mountAt(path); mount?.fstype.startsWith('fuse') === true; mount = mountAt(path)) {
    if ((await probe(path)) !== 'dead') return;
    await detach(path);
    say(`took away a dead mount at ${path}`);
  }
}

/** Waits until the mount at `path` answers. Rejects when `signal` aborts. */
export async function waitUntilServing(path: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (mountAt(path)?.fstype.startsWith('fuse') === true && (await probe(path)) === 'serving') return;
    await pause(5, signal);
  }
}

/**
 * Whether the filesystem at `path` answers. Attributes may come from the kernel's cache, even on a dead mount; statfs always asks the
 * process that serves it. Asked by a process of its own: a thread of this one that is never answered would not let it end.
 */
export async function probe(path: string): Promise<'serving' | 'dead' | 'silent'> {
  const options = { env: { ...process.env, LC_ALL: 'C' }, timeout: answerTimeoutMs, killSignal: 'SIGKILL' } as const;
  const asked = run('stat', ['-f', '--', path], options).then(
    () => 'serving' as const,
    (error: unknown) => {
      const { killed, stderr } = failureOf(error);
      if (killed) return 'silent';
      // Whatever else it says, it answers.
      return /endpoint is not connected|connection abort/i.test(stderr) ? 'dead' : 'serving';
    },
  );
  return await within(answerTimeoutMs, asked, 'silent');
}

/** Unmounts; 'busy' when something is open below it, 'silent' when the process behind it does not answer in time. */
export async function unmount(path: string): Promise<'done' | 'busy' | 'silent'> {
  const asked = run('umount', ['-i', '-c', path], { timeout: unmountTimeoutMs, killSignal: 'SIGKILL' }).then(
    () => 'done' as const,
    (error: unknown) => {
      const { killed, stderr } = failureOf(error);
      if (mountAt(path) === undefined) return 'done';
      if (killed) return 'silent';
      if (/busy/.test(stderr)) return 'busy';
      throw new CommandError(`${path} cannot be unmounted: ${stderr.split('\n')[0] ?? ''}`, { cause: error });
    },
  );
  return await within(unmountTimeoutMs, asked, 'silent');
}

/** How a program failed: whether it was killed since it took too long, and what it said. */
export function failureOf(error: unknown): { readonly killed: boolean; readonly stderr: string } {
  const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: unknown };
  return { killed: killed === true, stderr: typeof stderr === 'string' && stderr !== '' ? stderr.trim() : String(error) };
}

/** What comes of `asked` in time, else `otherwise`: a process that waits in the kernel need not end when it is killed. */
async function within<T>(timeoutMs: number, asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, otherwise);
  });
  try {
    return await Promise.race([asked, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Removes the mount from the tree at once; it ends when the last file open below it is closed. */
export async function detach(path: string): Promise<void> {
  try {
    await run('umount', ['-i', '-c', '-l', path]);
  } catch (error) {
    if (mountAt(path) === undefined) return;
    throw new CommandError(`${path} cannot be unmounted: ${failureOf(error).stderr}`, { cause: error });
  }
}

/** Processes with a file, working directory or root below `path`: 'bash (pid 12)'. */
export function holdersOf(path: string): string[] {
  const below = (target: string): boolean => target === path || target.startsWith(`${path}/`);
  const holders: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    if (holders.length < holdersMax && linksOf(pid).some(below)) holders.push(`${commandOf(pid)} (pid ${pid})`);
  }
  return holders;
}

function linksOf(pid: string): string[] {
  const links = [`/proc/${pid}/cwd`, `/proc/${pid}/root`];
  try {
    links.push(...readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`));
  } catch {
    // It ended, or belongs to someone else: nothing to be learned from it.
  }
  return links.map((link) => {
    try {
      return readlinkSync(link);
    } catch {
      return '';
    }
  });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '?';
  }
}

/** Octal escapes of mountinfo (proc(5)): space, tab, newline, backslash. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** A wait that an abort ends early by rejecting. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    signal.addEventListener('abort', aborted, { once: true });
  });
}
