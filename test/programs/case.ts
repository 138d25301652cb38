/**
 * A case: a shell script in cases/, whose head says in comments what it needs.
 *
 *     # about: what it does, in a few words
 *     # packages: Debian packages that it needs
 *     # limit: 600            seconds, at an idle machine
 *     # faults                it is also run while daemons die
 *     # kernel: why           only with the kernel driver
 *     # differs: regex        lines that may differ, as docs/POSIX.md says and why
 *
 * It runs in an empty directory, once on the machine's own filesystem and once in the mount. What it prints is what must be
 * the same there and here; exit code 0 means that it found all well by itself. See lib.sh for what it is given.
 * @module
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Characters of a line that differs. */
const lineShown = 200;
const folder = join(import.meta.dirname, 'cases');

export interface Case {
  readonly name: string;
  /** The file. */
  readonly script: string;
  readonly about: string;
  readonly packages: readonly string[];
  readonly limitMs: number;
  /** Makes sense while daemons die. */
  readonly faults: boolean;
  /** Why it cannot work with the driver fuse-native; undefined when it can. */
  readonly kernelOnly: string | undefined;
  /** Lines of its output that may differ: the difference is documented. */
  readonly mayDiffer: RegExp | undefined;
}

/** All cases in the order of their names. */
export function allCases(): Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sh'))
    .sort()
    .map((file) => readCase(join(folder, file)));
}

export function readCase(script: string): Case {
  const head = readFileSync(script, 'utf8').split(/\n(?!#)/)[0] ?? '';
  const said = new Map([...head.matchAll(/^# (\w+)(?:: (.*))?$/gm)].map(([, key = '', value = '']) => [key, value]));
  const differs = said.get('differs');
  return {
    name: basename(script, '.sh'),
    script,
    about: said.get('about') ?? '',
    packages: (said.get('packages') ?? '').split(' ').filter((name) => name !== ''),
    limitMs: Number(said.get('limit') ?? '300') * 1000,
    faults: said.has('faults'),
    kernelOnly: said.get('kernel'),
    mayDiffer: differs === undefined ? undefined : new RegExp(differs),
  };
}

export interface CaseRun {
  readonly ms: number;
  readonly output: string;
  /** Why it failed by itself; undefined when it ended with 0. */
  readonly failure: string | undefined;
}

/**
 * Runs a case in `dir`, which is empty. Whatever it says beside its output goes to the file `log`.
 * @param dirs.outside - an empty directory that is not in the filesystem under test
 * @param dirs.cache - keeps what is made or fetched once
 */
export async function runCase(
  { script, limitMs }: Case,
  dirs: { readonly dir: string; readonly outside: string; readonly cache: string },
  log: string,
  signal: AbortSignal,
): Promise<CaseRun> {
  const started = performance.now();
  const fd = openSync(log, 'w');
  // A group of its own, so that whatever it has started can be ended with it.
  const child = spawn('bash', [join(folder, '../lib.sh'), script], {
    cwd: dirs.dir,
    detached: true,
    stdio: ['ignore', 'pipe', fd],
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', OUTSIDE: dirs.outside, CACHE: dirs.cache, TOOLS: join(folder, '../tools') },
  });
  closeSync(fd);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  let failure: string | undefined;
  const end = (why: string): void => {
    failure ??= why;
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const limit = setTimeout(() => end(`not done after ${limitMs / 1000} s`), limitMs);
  const interrupted = (): void => end('interrupted');
  signal.addEventListener('abort', interrupted);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(limit);
  signal.removeEventListener('abort', interrupted);
  if (code !== 0) failure ??= `ended with ${String(code)}`;
  return { ms: performance.now() - started, output, failure };
}

/** The lines that only one of two outputs of a case has, the first few; undefined when they are as they should be. */
export function outputDifference({ mayDiffer }: Case, local: string, mount: string): string | undefined {
  const lines = (output: string): string[] => output.split('\n').filter((line) => mayDiffer?.test(line) !== true);
  const [ours, theirs] = [lines(mount), lines(local)];
  if (ours.join('\n') === theirs.join('\n')) return undefined;
  const missing = theirs.filter((line) => !ours.includes(line)).map((line) => `  local: ${line}`);
  const added = ours.filter((line) => !theirs.includes(line)).map((line) => `  mount: ${line}`);
  return (
    [...missing.slice(0, 10), ...added.slice(0, 10)].map((line) => line.slice(0, lineShown)).join('\n') ||
    '  the same lines in another order, or another number of them'
  );
}
