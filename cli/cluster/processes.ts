/**
 * A local cluster's daemons as processes: started detached, found again through their pid file, stopped.
 * A pid counts as ours only while its command line names our configuration file, so that a reused number is
 * never mistaken for a daemon.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import { lastWords } from './last-words.ts';
import type { Layout } from './layout.ts';
import { writeWhole } from './settings.ts';

export type DaemonType = 'mon' | 'osd' | 'mds' | 'client';

/** Where each type's compiled main is. */
const programs: Readonly<Record<DaemonType, string>> = {
  mon: 'mon/main.js',
  osd: 'osd/main.js',
  mds: 'mds/main.js',
  client: 'fuse-client/main.js',
};
/** How often a process that is to end is looked at. */
const pollMs = 20;
/** With less room than this a disk counts as full. */
const fullBytes = 1 << 20;
/** A daemon that doesn't end by itself in this time is killed. Long: it may have much to write back. */
const stopTimeoutMs = 60_000;
/** The threads of a process that was killed end within this time, unless one of them waits for something in the kernel. */
const lastThreadsMs = 500;

/** The type in an entity's name. */
export function typeOf(name: string): DaemonType {
  const type = name.slice(0, name.indexOf('.'));
  if (!(type in programs))
    throw new CommandError(`${name} is not a daemon's name: mon.a, osd.0, mds.a or client.NAME is wanted`, { exitCode: 2 });
  return type as DaemonType;
}

/** The program and arguments that run a daemon. */
export function commandLine(type: DaemonType, configPath: string): string[] {
  return [process.execPath, ...nodeFlags(type), join(import.meta.dirname, '../..', programs[type]), '--config', configPath];
}

/**
 * V8's share of a daemon's memory. File data lives outside its heap, so a small young generation is enough; several
 * daemons share a machine, so one background thread each is too (instead of four: about 3 MiB less resident each).
 * An OSD's heap is small, but what passes through it makes V8 start a collection every few MiB: done in one go these
 * cost less than in steps beside the work (sequential writes: 1.8 to 2.1 ms of processor time a MiB instead of 2.6 to 3.0).
 */
function nodeFlags(type: DaemonType): string[] {
  const oldSpaceMib = type === 'mds' || type === 'client' ? 1024 : 512;
  const flags = ['--max-semi-space-size=8', '--v8-pool-size=1', `--max-old-space-size=${oldSpaceMib}`];
  return type === 'osd' ? [...flags, '--no-incremental-marking'] : flags;
}

/** Pieces from this size on are the kernel's, not glibc's: freed, they are given back at once. */
const mappedFromBytes = 32 * 1024;

/**
 * How glibc keeps the memory of file data, which comes and goes in pieces of a few KiB to a MiB: what it keeps for later is
 * full of holes and never given back. With the larger pieces mapped one by one, daemons and mount together take 930 to 970 MiB after a
 * whole benchmark instead of 1,140, for no processor time that could be measured (256 MiB written in sequence, five
 * thresholds from 16 KiB to 32 MiB). An OSD gets one arena, so that freed pieces are found again by whichever thread asks next.
 */
function memorySettings(type: DaemonType): Record<string, string> {
  const arenas = { MALLOC_ARENA_MAX: type === 'osd' ? '1' : '2' };
  return type === 'osd' || type === 'client' ? { ...arenas, MALLOC_MMAP_THRESHOLD_: String(mappedFromBytes) } : arenas;
}

/** A client's threads wait for the kernel as it drops what other hosts change, each for one file. */
function threadSettings(type: DaemonType): Record<string, string> {
  return type === 'client' ? { UV_THREADPOOL_SIZE: '8' } : {};
}

/** A daemon that this process started. */
export interface StartedDaemon {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it ends, with the reason it gave. */
  readonly ended: Promise<string>;
}

/** Starts a daemon detached from this process and its terminal, logging to its file. Its configuration is written already. */
export function startDaemon(layout: Layout, name: string): StartedDaemon {
  const logPath = layout.logPath(name);
  let log: number;
  try {
    mkdirSync(dirname(logPath), { recursive: true });
    log = openSync(logPath, 'a', 0o600);
  } catch (error) {
    throw new CommandError(`${name}: its log ${logPath} cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
  try {
    const logStart = fstatSync(log).size;
    const type = typeOf(name);
    const [program, ...args] = commandLine(type, layout.configPath(name)) as [string, ...string[]];
    const env = { ...memorySettings(type), ...threadSettings(type), ...process.env };
    const child = spawn(program, args, { detached: true, cwd: '/', env, stdio: ['ignore', log, log] });
    const ended = endOf(child, logPath, logStart);
    if (child.pid === undefined) throw new CommandError(`${name} cannot be started: ${program} does not run`);
    child.unref();
    writeWhole(layout.pidPath(name), `${child.pid}\n`);
    return { name, pid: child.pid, ended };
  } finally {
    closeSync(log);
  }
}

/** The pid of a running daemon; undefined when it isn't running. */
export function pidOf(layout: Layout, name: string): number | undefined {
  const pid = recordedPid(layout, name);
  return pid !== undefined && isRunning(pid, layout.configPath(name)) ? pid : undefined;
}

/** As {@link pidOf}, also of one that was killed and has not ended yet. */
export function remainsOf(layout: Layout, name: string): number | undefined {
  const pid = recordedPid(layout, name);
  return pid !== undefined && isThere(pid, layout.configPath(name)) ? pid : undefined;
}

function recordedPid(layout: Layout, name: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(layout.pidPath(name), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

/** Whether `pid` is a process that was started with `configPath`, and was not killed. */
export function isRunning(pid: number, configPath: string): boolean {
  return configOf(argumentsOf(`/proc/${pid}`)) === configPath;
}

/** As {@link isRunning}; also when it was killed but some thread of it could not end yet. */
export function isThere(pid: number, configPath: string): boolean {
  return configOf(argumentsOfAny(pid)) === configPath;
}

/** The arguments of a process, also of one that was killed: then those that a thread which could not end yet remembers. */
export function argumentsOfAny(pid: number): string[] {
  const own = argumentsOf(`/proc/${pid}`);
  return own.length > 0
    ? own
    : (threadsOf(pid)
        .map(argumentsOf)
        .find((each) => each.length > 0) ?? []);
}

/** The file that `--config` names. */
export function configOf(args: readonly string[]): string | undefined {
  const at = args.indexOf('--config');
  return at === -1 ? undefined : args[at + 1];
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Of the process or thread with that folder; none when it has ended. */
function argumentsOf(folder: string): string[] {
  try {
    return readFileSync(`${folder}/cmdline`, 'utf8')
      .split('\0')
      .filter((argument) => argument !== '');
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** ESRCH: it ended while being read. EACCES: it is somebody else's. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'EACCES'].includes(codeOf(error) ?? '');
}

/** Names of the daemons that have a pid file, running or not. */
export function recordedDaemons(layout: Layout): string[] {
  return layout.names('run', '.pid');
}

/**
 * Asks a daemon to end (SIGTERM; one that was stopped goes on first) and waits until it has; kills it when it takes too long, and says so
 * through `warn`. Removes its pid file. Does nothing when it isn't running. `release` frees one that does not end even so from what it waits
 * for in the kernel.
 */
export async function stopDaemon(
  layout: Layout,
  name: string,
  warn: (line: string) => void,
  release: () => void = () => {},
): Promise<void> {
  const pid = remainsOf(layout, name);
  const configPath = layout.configPath(name);
  if (pid !== undefined && !(await endInOrder(pid, configPath))) {
    const why = isRunning(pid, configPath)
      ? `did not end within ${stopTimeoutMs / 1000} s: killed`
      : 'was killed, and cannot end by itself';
    warn(`${name} (pid ${pid}) ${why}. Its log: ${layout.logPath(name)}`);
    signal(pid, 'SIGKILL');
    if (!(await waitForEnd(pid, configPath, lastThreadsMs))) {
      release();
      if (!(await waitForEnd(pid, configPath, stopTimeoutMs))) {
        throw new CommandError(`${name} (pid ${pid}) does not end even when killed: something it waits for in the kernel hangs`);
      }
    }
  }
  rmSync(layout.pidPath(name), { force: true });
}

/** False when it takes too long, or was killed before and does not end. */
async function endInOrder(pid: number, configPath: string): Promise<boolean> {
  const running = isRunning(pid, configPath);
  if (running) {
    signal(pid, 'SIGTERM');
    resume(pid);
  }
  return await waitForEnd(pid, configPath, running ? stopTimeoutMs : lastThreadsMs);
}

/** A process that was stopped (SIGSTOP) goes on. */
export function resume(pid: number): void {
  signal(pid, 'SIGCONT');
}

/** Waits for a process of ours to end, all of it; false when `timeoutMs` passed first. */
export async function waitForEnd(pid: number, configPath: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isThere(pid, configPath)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw new CommandError(`pid ${pid} cannot be sent ${name}: ${reasonOf(error)}`, { cause: error });
  }
}

function endOf(child: ChildProcess, logPath: string, logStart: number): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signalName) => {
      const how = signalName === null ? `exit code ${String(code)}` : `killed by ${signalName}`;
      resolve(lastWords(logPath, logStart) ?? (isFull(logPath) ? fullDisk(logPath) : `it ended with ${how}; its log is ${logPath}`));
    });
  });
}

/** A daemon that finds its disk full cannot even write down why it ended. */
function isFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize < fullBytes;
}

function fullDisk(path: string): string {
  return `the disk that holds ${dirname(dirname(path))} is full: make room, then try again`;
}
