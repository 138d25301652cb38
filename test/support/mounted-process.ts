/**
 * A process that works below a mount, told what to do: Python expressions of lock-calls.py.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const watchMs = 400;

export class MountedProcess {
  readonly #child: ChildProcess;
  readonly #said: string[] = [];
  #wake: (() => void) | undefined;

  constructor(directory: string) {
    const script = join(import.meta.dirname, 'lock-calls.py');
    this.#child = spawn('/usr/bin/python3', [script, '--serve', directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new Error('no output');
    createInterface(this.#child.stdout).on('line', (line) => {
      this.#said.push(line);
      this.#wake?.();
    });
  }

  tell(expression: string): void {
    this.#child.stdin?.write(`${expression}\n`);
  }

  /** What the expression told longest ago has come to. Rejects when that takes longer. */
  async hear(patienceMs = 20_000): Promise<string> {
    if (!(await this.#speaks(patienceMs))) throw new Error(`no answer within ${patienceMs} ms`);
    return this.#said.shift() as string;
  }

  do(expression: string): Promise<string> {
    this.tell(expression);
    return this.hear();
  }

  /** Whether it has not answered for a while. */
  async waits(): Promise<boolean> {
    return !(await this.#speaks(watchMs));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #speaks(patienceMs: number): Promise<boolean> {
    if (this.#said.length > 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs, false);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
