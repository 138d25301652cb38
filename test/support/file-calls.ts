/**
 * Calls on a file that Node has not: made by a Perl program that is kept for it (file-calls.pl).
 * @module
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';

interface Waiter {
  readonly bytes: boolean;
  readonly resolve: (answer: { readonly result: number; readonly bytes: Buffer }) => void;
  readonly reject: (error: Error) => void;
}

export class FileCalls {
  readonly #child: ChildProcessWithoutNullStreams;
  #received = Buffer.alloc(0);
  readonly #waiting: Waiter[] = [];

  constructor(path: string) {
    this.#child = spawn('perl', [join(import.meta.dirname, 'file-calls.pl'), path]);
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#deliver();
    });
    let errors = '';
    this.#child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.#child.once('close', (code) => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`the calls ended with ${String(code)}: ${errors}`));
    });
  }

  /** fallocate(2). */
  async allocate(mode: number, offset: number, length: number): Promise<void> {
    await this.#call(`allocate ${mode} ${offset} ${length}`);
  }

  /** SEEK_DATA; undefined when there is none. */
  async nextData(offset: number): Promise<number | undefined> {
    try {
      return (await this.#call(`seek ${offset} 3`)).result;
    } catch (error) {
      if (error instanceof CallError && error.errno === 6) return undefined;
      throw error;
    }
  }

  /** copy_file_range(2) within the file; how much was copied. */
  async copy(from: number, to: number, length: number): Promise<number> {
    return (await this.#call(`copy ${from} ${to} ${length}`)).result;
  }

  /** Through MAP_SHARED; within the file's size. */
  async mappedRead(offset: number, length: number): Promise<Buffer> {
    return (await this.#call(`mread ${offset} ${length}`, true)).bytes;
  }

  /** Likewise, and MS_SYNC. */
  async mappedWrite(offset: number, length: number, byte: number): Promise<void> {
    await this.#call(`mwrite ${offset} ${length} ${byte}`);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await closed;
  }

  #call(line: string, bytes = false): Promise<{ readonly result: number; readonly bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#child.stdin.write(`${line}\n`);
    });
  }

  #deliver(): void {
    for (;;) {
      const end = this.#received.indexOf(10);
      const [waiter] = this.#waiting;
      if (end < 0 || waiter === undefined) return;
      const [word, number] = this.#received.toString('latin1', 0, end).split(' ');
      const result = Number(number);
      const length = word === 'ok' && waiter.bytes ? result : 0;
      if (this.#received.length < end + 1 + length) return;
      this.#waiting.shift();
      const bytes = this.#received.subarray(end + 1, end + 1 + length);
      this.#received = this.#received.subarray(end + 1 + length);
      if (word === 'ok') waiter.resolve({ result, bytes });
      else waiter.reject(new CallError(result));
    }
  }
}

export class CallError extends Error {
  readonly errno: number;

  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}
