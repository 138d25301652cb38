/**
 * System calls made by a process of their own, as any user: what Node has no function for, and what needs another's
 * rights. Calls go out in batches, so that a test of thousands does not wait for thousands of turns.
 * @module
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Why it cannot be done here; undefined when it can. */
export const noSyscallsReason: string | undefined =
  process.arch !== 'x64' ? `system calls are numbered for x64, not ${process.arch}` : process.getuid?.() === 0 ? undefined : 'not root';

/** Numbers of system calls on x86-64; the first three are the worker's own. */
const numbers = {
  look: 'look',
  list: 'list',
  close: 'close',
  read: 0,
  open: 2,
  lseek: 8,
  pread: 17,
  pwrite: 18,
  write: 1,
  fsync: 74,
  truncate: 76,
  ftruncate: 77,
  chdir: 80,
  rename: 82,
  mkdir: 83,
  rmdir: 84,
  link: 86,
  unlink: 87,
  symlink: 88,
  readlink: 89,
  chmod: 90,
  fchmod: 91,
  chown: 92,
  fchown: 93,
  lchown: 94,
  mknod: 133,
  setxattr: 188,
  lsetxattr: 189,
  fsetxattr: 190,
  getxattr: 191,
  lgetxattr: 192,
  fgetxattr: 193,
  listxattr: 194,
  llistxattr: 195,
  removexattr: 197,
  lremovexattr: 198,
  linkat: 265,
  faccessat: 269,
  utimensat: 280,
  fallocate: 285,
  renameat2: 316,
  copy_file_range: 326,
  faccessat2: 439,
  fchmodat2: 452,
} as const;

export type SyscallName = keyof typeof numbers;

/** Bytes (a string's as latin1), a number, room for an answer, or the descriptor that a slot keeps. */
export type Argument = string | Uint8Array | number | { readonly room: number } | { readonly slot: number };

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask: number;
}

export const root: User = { name: 'root', uid: 0, gid: 0, groups: [], umask: 0o022 };

export interface Syscall {
  readonly user: User;
  readonly name: SyscallName;
  readonly args: readonly Argument[];
  /** Slot that keeps the result as a descriptor. */
  readonly keep?: number;
}

export interface Outcome {
  /** What the call returned. */
  readonly result: number;
  /** 0 when it succeeded. */
  readonly errno: number;
  /** What each argument that was room holds, as far as `result` says. */
  readonly rooms: readonly Buffer[];
  /** The clock that inodes are dated with, just before the call, where it does not move with every call. Seconds, nanoseconds. */
  readonly tick?: string;
}

/** What carries out system calls. */
export interface Syscalls {
  /** Carries out the calls one after the other. One batch at a time. */
  run(calls: readonly Syscall[]): Promise<readonly Outcome[]>;
  stop(): Promise<void>;
}

/** This machine's kernel. */
export class SyscallWorker implements Syscalls {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<string>;
  #outcomes: Outcome[] = [];
  #waiting: ((outcomes: Outcome[]) => void) | undefined;

  /** Starts the process in `directory`. */
  constructor(directory: string) {
    const child = spawn('perl', [join(import.meta.dirname, 'syscall-worker.pl')], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.#ended = new Promise((resolve) => child.once('close', (code) => resolve(`ended with ${String(code)}: ${errors}`)));
    // What is written to one that has ended is told by its end.
    child.stdin.on('error', () => undefined);
    let rest = '';
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#answered(line);
    });
  }

  async run(calls: readonly Syscall[]): Promise<readonly Outcome[]> {
    if (calls.length === 0) return [];
    const answered = new Promise<Outcome[]>((resolve) => (this.#waiting = resolve));
    this.#child.stdin.write(`${calls.map(encode).join('\n')}\n\n`);
    const outcomes = await Promise.race([answered, this.#ended]);
    if (typeof outcomes === 'string') throw new Error(`the worker ${outcomes}`);
    return outcomes;
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  #answered(line: string): void {
    if (line === '') {
      const outcomes = this.#outcomes;
      this.#outcomes = [];
      this.#waiting?.(outcomes);
      return;
    }
    const [result, errno, tick = '', ...rooms] = line.split(' ');
    this.#outcomes.push({ result: Number(result), errno: Number(errno), rooms: rooms.map((room) => Buffer.from(room, 'hex')), tick });
  }
}

function encode({ user, name, args, keep }: Syscall): string {
  const { uid, gid, groups, umask } = user;
  const who = `${uid} ${gid} ${groups.length === 0 ? '-' : groups.join(',')} ${umask}`;
  return [who, keep ?? '-', numbers[name], ...args.map(encodeArgument)].join(' ');
}

function encodeArgument(argument: Argument): string {
  if (typeof argument === 'number') return String(argument);
  if (typeof argument === 'string') return `=${Buffer.from(argument, 'latin1').toString('hex')}`;
  if (argument instanceof Uint8Array) return `=${Buffer.from(argument.buffer, argument.byteOffset, argument.length).toString('hex')}`;
  return 'room' in argument ? `#${argument.room}` : `@${argument.slot}`;
}
