import { spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Log } from '../../../common/runtime/log.ts';

/** Type of our mounts in /proc/self/mounts. */
export const mountType = 'fuse.nacre';
/** How long a mount point may take to answer before it is taken to hang. */
const answerMsMax = 5000;

export interface MountEntry {
  /** `major:minor` of the device number. */
  readonly device: string;
  readonly type: string;
  /** What was mounted, as it was named then. */
  readonly source: string;
}

/** The mounts at `path`, the one on top last, from /proc/self/mountinfo. */
export async function mountsAt(path: string): Promise<readonly MountEntry[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [, , device, , point, ...rest] = line.split(' ');
    if (device === undefined || point === undefined || unescape(point) !== path) return [];
    const [type = '', source = ''] = rest.slice(rest.indexOf('-') + 1);
    return [{ device, type, source }];
  });
}

/**
 * Makes sure that `mountpoint` is a directory we can mount on, detaching a stale mount of ours first. Returns its absolute
 * path. Rejects with a line that says what to do.
 */
export async function prepareMountpoint(mountpoint: string, log: Log): Promise<string> {
  const path = resolve(mountpoint);
  let state = await probe(path);
  for (let layers = 0; state === 'stale' && layers < 16; layers += 1) {
    log.warn({ mountpoint: path }, 'detaching a stale mount');
    await run('umount', ['-i', '-c', '-l', path]);
    state = await probe(path);
  }
  switch (state) {
    case 'directory':
      break;
    case 'missing':
      throw new FsError('ENOENT', `mount point ${path} does not exist: create it (mkdir -p ${path})`);
    case 'not-directory':
      throw new FsError('ENOTDIR', `mount point ${path} is not a directory`);
    case 'hanging':
      throw new FsError('EBUSY', `mount point ${path} does not answer: unmount what is there first (umount -l ${path})`);
    case 'stale':
      throw new FsError('EBUSY', `a stale mount at ${path} cannot be detached: try umount -l ${path}`);
  }
  const existing = (await mountsAt(path)).at(-1);
  if (existing?.type.startsWith('fuse'))
    throw new FsError(
      'EBUSY',
      `${path} is mounted already (${existing.type}): choose another mount point, or unmount it first (nacre umount ${path})`,
    );
  if ((await readdir(path)).length > 0) log.warn({ mountpoint: path }, 'mount point is not empty: its files are hidden while mounted');
  return path;
}

/** Hands the opened device to mount(8). */
export async function mountDevice(
  descriptor: number,
  path: string,
  options: { readonly source: string; readonly extra: readonly string[] },
): Promise<void> {
  const mountOptions = ['fd=3', 'rootmode=40000', 'user_id=0', 'group_id=0', 'allow_other', 'default_permissions', ...options.extra].join(
    ',',
  );
  const { code, output } = await run('mount', ['-i', '-n', '-t', mountType, '-o', mountOptions, options.source, path], descriptor);
  if (code === 0) return;
  if (process.getuid?.() !== 0)
    throw new FsError('EPERM', `mounting at ${path} needs root (mount: ${output}): run as root, or set driver = "fuse-native"`);
  throw new FsError('EIO', `mount(8) failed at ${path}: ${output || `exit code ${String(code)}`}`);
}

/** Unmounts what lies on top at `path` if it is `source`; `lazy` detaches a mount in use. False: it is still there. */
export async function unmountPath(path: string, source: string, { lazy }: { readonly lazy: boolean }): Promise<boolean> {
  if ((await mountsAt(path)).at(-1)?.source !== source) return true;
  const { code } = await run('umount', ['-i', '-c', ...(lazy ? ['-l'] : []), path]);
  return code === 0;
}

/** Lets the kernel read ahead further than its default of 128 KiB. */
export async function setReadAhead(path: string, readAheadBytes: number, log: Log): Promise<void> {
  const entry = (await mountsAt(path)).at(-1);
  if (entry === undefined) return;
  try {
    await writeFile(`/sys/class/bdi/${entry.device}/read_ahead_kb`, String(readAheadBytes / 1024));
  } catch (err) {
    log.warn({ err }, 'read-ahead stays at the kernel default');
  }
}

type PointState = 'directory' | 'not-directory' | 'missing' | 'stale' | 'hanging';

async function probe(path: string): Promise<PointState> {
  const timeout = new Promise<'hanging'>((done) => setTimeout(done, answerMsMax, 'hanging').unref());
  const answer = stat(path).then(
    (stats): PointState => (stats.isDirectory() ? 'directory' : 'not-directory'),
    (error: unknown): PointState => {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return 'missing';
      if (code === 'ENOTDIR') return 'not-directory';
      // The server of a FUSE mount is gone.
      if (code === 'ENOTCONN' || code === 'ECONNABORTED') return 'stale';
      throw new FsError('EACCES', `mount point ${path} cannot be used: ${message}`, { cause: error });
    },
  );
  return Promise.race([answer, timeout]);
}

/** Runs a program, with `descriptor` as its 3. Its output is joined to one line. */
function run(program: string, args: readonly string[], descriptor?: number): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) =>
      fail(new FsError('ENOENT', `${program}(8) cannot be run (${error.message}): install the package "mount"`, { cause: error })),
    );
    child.on('close', (code) => done({ code: code ?? -1, output: output.trim().replaceAll(/\s*\n\s*/g, '; ') }));
  });
}

/** mountinfo writes spaces and the like as \\ooo. */
function unescape(text: string): string {
  return Buffer.from(
    text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    'latin1',
  ).toString('utf8');
}
