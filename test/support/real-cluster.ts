/**
 * A cluster of real processes in a directory of its own, driven through `bin/nacre` as a person would.
 * @module
 */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMon } from '../../cli/cluster/admin.ts';
import { Layout } from '../../cli/cluster/layout.ts';
import { readSettings } from '../../cli/cluster/settings.ts';
import type { Stall } from './stalls.ts';
import { sourceFlag } from './source-flag.ts';

export const nacrePath = join(import.meta.dirname, '../../bin/nacre');

const pollMs = 100;

/** Why no real mount can be made here; undefined when it can. */
export const noMountReason: string | undefined = (() => {
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    return process.getuid?.() === 0 ? undefined : 'not root';
  } catch {
    return '/dev/fuse may not be opened';
  }
})();

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const { timeoutMs = 100_000, ...rest } = options;
    execFile(program, [...args], { ...rest, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: code === null ? `${stderr}\n${error?.message ?? ''}` : stderr });
    });
  });
}

/** Runs `bin/nacre`. */
export function nacre(...args: string[]): Promise<Outcome> {
  return run(nacrePath, args);
}

/** What `nacre status --json` promises. */
export interface Status {
  readonly health: {
    readonly status: 'HEALTH_OK' | 'HEALTH_WARN' | 'HEALTH_ERR';
    readonly checks: readonly unknown[] | Readonly<Record<string, unknown>>;
  };
  readonly epoch: number;
  readonly osds: readonly { readonly id: number; readonly up: boolean; readonly in: boolean; readonly pgs: number }[];
  readonly pgs: { readonly byState: Readonly<Record<string, number>> };
  readonly mds: readonly { readonly name: string; readonly state: string; readonly rank: number }[];
  readonly clients: readonly { readonly name: string }[];
  readonly usage: Readonly<Record<string, number>>;
}

export class RealCluster {
  /** Holds everything; removed by `remove`. */
  readonly home: string;
  readonly data: string;
  readonly mount: string;

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'nacre-system-'));
    this.data = join(this.home, 'data');
    this.mount = join(this.home, 'mnt');
  }

  /** Runs a command on this cluster and fails unless it ends with 0. */
  async ok(command: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await nacre(command, '--data', this.data, ...args);
    if (code !== 0)
      throw new Error(`nacre ${command} ${args.join(' ')} ended with ${String(code)}: ${stderr}${stdout}\n${this.#logEnds()}`);
    return stdout;
  }

  up(...args: string[]): Promise<string> {
    return this.ok('up', '--mount', this.mount, '--detach', ...args);
  }

  /** Mounts through a driver what is up without a mount. */
  async mountBy(driver: string): Promise<void> {
    // The mount point is what tells whose file it is.
    const settings = `driver = "${driver}"\nmountpoint = "${this.mount}"\n`;
    writeFileSync(Layout.existing(this.data).configPath('client.mnt'), settings);
    await this.ok('mount', this.mount, '--detach');
  }

  async status(): Promise<Status> {
    return JSON.parse(await this.ok('status', '--json')) as Status;
  }

  /**
   * Polls the status until `wanted` holds: the states of placement groups reach the mon with the OSDs' beacons. From here, over one
   * connection: a command for each look would take more of the processor than the cluster does.
   */
  async until(what: string, wanted: (status: Status) => boolean, timeoutMs = 60_000): Promise<Status> {
    const deadline = performance.now() + timeoutMs;
    return await withMon(readSettings(Layout.existing(this.data)), { timeoutMs }, async ({ mon }) => {
      for (;;) {
        const status = await mon.command<Status>({ prefix: 'status' });
        if (wanted(status)) return status;
        if (performance.now() > deadline)
          throw new Error(`${what} did not happen within ${timeoutMs} ms: ${JSON.stringify(status)}\n${this.#logEnds()}`);
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    });
  }

  /** Names of the daemons that have a pid file. */
  names(): string[] {
    return readdirSync(join(this.data, 'run'))
      .filter((name) => name.endsWith('.pid'))
      .map((name) => name.slice(0, -4));
  }

  pid(name: string): number {
    return Number.parseInt(readFileSync(join(this.data, 'run', `${name}.pid`), 'utf8'), 10);
  }

  runs(name: string): boolean {
    try {
      return readFileSync(`/proc/${this.pid(name)}/cmdline`, 'utf8').includes(this.data);
    } catch {
      return false;
    }
  }

  /** kill -9 of daemons of this cluster. */
  kill(...names: string[]): void {
    for (const name of names) if (this.runs(name)) process.kill(this.pid(name), 'SIGKILL');
  }

  /** Processes that still name this cluster's directory. */
  leftovers(): string[] {
    return readdirSync('/proc')
      .filter((pid) => /^[0-9]+$/.test(pid))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        } catch {
          return '';
        }
      })
      .filter((line) => line.includes(`${this.data}/conf/`));
  }

  mounted(path = this.mount): boolean {
    return readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path} `);
  }

  /** Ends whatever is left and removes the directory. */
  async remove(): Promise<void> {
    if (existsSync(join(this.data, 'cluster.toml'))) {
      const { code } = await nacre('down', '--data', this.data);
      if (code !== 0) this.kill(...this.names());
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The last lines of each log, for a failure's message. */
  #logEnds(): string {
    const folder = join(this.data, 'log');
    if (!existsSync(folder)) return '';
    return readdirSync(folder)
      .map((name) => `--- ${name}\n${readFileSync(join(folder, name), 'utf8').split('\n').slice(-6).join('\n')}`)
      .join('\n');
  }
}

/** A program that works on the mount while daemons die: see load.ts. */
export class Load {
  readonly #journal: string;
  readonly #child;
  #errors = '';
  readonly #ended: Promise<{ code: number | null; errors: string; output: string }>;

  /** Writes files with fsync below `folder`, recording each in `journal` only after fsync returned. */
  constructor(folder: string, journal: string) {
    this.#journal = journal;
    this.#child = spawn(process.execPath, [sourceFlag, join(import.meta.dirname, 'load.ts'), folder, journal], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    this.#ended = new Promise((resolve) => this.#child.once('close', (code) => resolve({ code, errors: this.#errors, output })));
  }

  /** Resolves when it has made `count` more files safe. Rejects when it ends, or when that takes too long. */
  async progress(count: number, timeoutMs = 60_000): Promise<void> {
    const goal = this.#safe() + count;
    const deadline = performance.now() + timeoutMs;
    while (this.#safe() < goal) {
      if (this.#child.exitCode !== null) throw new Error(`the load ended: ${(await this.#ended).errors}`);
      if (performance.now() > deadline) throw new Error(`no ${count} files in ${timeoutMs} ms: ${this.#safe()} of ${goal}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #safe(): number {
    return existsSync(this.#journal) ? readFileSync(this.#journal, 'utf8').split('+').length - 1 : 0;
  }

  /** Asks it to finish what it is at. Resolves to its exit code, what it complained of, and its calls that took long. */
  async stop(): Promise<{ readonly code: number | null; readonly errors: string; readonly stalls: readonly Stall[] }> {
    this.#child.kill('SIGTERM');
    const { code, errors, output } = await this.#ended;
    return { code, errors, stalls: code === 0 ? (JSON.parse(output) as Stall[]) : [] };
  }

  /** Why it has ended already; undefined while it works. */
  failure(): string | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? undefined : this.#errors || 'it has ended';
  }

  /** Ends it at once, as the machine's crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
