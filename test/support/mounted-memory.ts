/**
 * Mounts for tests of the drivers: in a process of their own, so that blocking calls of the test are safe, or in the
 * test's own, to see inside; there only asynchronous calls may touch the mount.
 * @module
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietLog } from './quiet-log.ts';
import { KernelDriver, type KernelDriverOptions } from '../../fuse-client/driver/kernel/kernel-driver.ts';
import type { Filesystem } from '../../fuse-client/vfs/filesystem.ts';
import { sourceFlag } from './source-flag.ts';

/** Why mounting is impossible here; undefined when it is possible. */
export const cannotMount: string | undefined = !existsSync('/dev/fuse')
  ? 'no /dev/fuse here'
  : process.getuid?.() !== 0
    ? 'mounting needs root'
    : undefined;

export interface MemoryMount {
  readonly path: string;
  readonly process: ChildProcess;
  /** Standard error so far. */
  readonly errors: () => string;
  /** SIGTERM; resolves with the exit code and the last line printed. */
  stop(): Promise<{ readonly code: number | null; readonly last: unknown }>;
  /** SIGKILL: leaves a dead mount behind. */
  kill(): Promise<void>;
}

export function makeMountpoint(): string {
  return mkdtempSync(join(tmpdir(), 'nacre-test-'));
}

/** Removes what is left of a mount, dead or alive, and its folder. */
export function clear(path: string): void {
  while (isMounted(path) && spawnSync('umount', ['-i', '-c', '-l', path]).status === 0);
  rmdirSync(path);
}

export function isMounted(path: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${path} `);
}

/** Starts memory-mount.ts; rejects with what it printed when it doesn't get ready. */
export async function startMemoryMount(path: string, flags: readonly string[] = []): Promise<MemoryMount> {
  const child = spawn(process.execPath, [sourceFlag, 'test/support/memory-mount.ts', path, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('"ready":true')) resolve();
    });
    void exited.then(() => reject(new Error(errors.trim())));
  });
  return {
    path,
    process: child,
    errors: () => errors,
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      const last = output.trim().split('\n').at(-1) ?? '{}';
      return { code, last: JSON.parse(last) as unknown };
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Mounts `filesystem` from this process. */
export async function mountHere(filesystem: Filesystem, path: string, more: Partial<KernelDriverOptions> = {}): Promise<KernelDriver> {
  const driver = new KernelDriver(filesystem, {
    log: quietLog,
    mountpoint: path,
    source: 'test',
    mountOptions: [],
    readAheadBytes: 1 << 20,
    flushMsMax: 1000,
    threads: 4,
    ...more,
  });
  await driver.mount();
  return driver;
}
