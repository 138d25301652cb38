import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const script = join(import.meta.dirname, 'work.py');
/** Exit code of one whose mount was not served any more. */
const mountIsDead = 75;
const pollMs = 10;

/** A process of work.py. */
export class Worker {
  readonly name: string;
  /** What it has done, as it said it. */
  readonly did: (readonly unknown[])[] = [];
  /** Whatever else it has said. */
  readonly said = new Map<string, (readonly unknown[])[]>();
  /** Of the process: undefined as long as it works. */
  #end: string | undefined;
  readonly #ended: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Its mount was killed: it may end by that. */
  #isDoomed = false;

  constructor(name: string, task: string, ...args: readonly unknown[]) {
    this.name = `${task} ${name}`;
    this.#child = spawn('/usr/bin/python3', [script, task, ...args.map((each) => JSON.stringify(each))], { stdio: 'pipe' });
    let errors = '';
    this.#child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    // The end of its pipe: what it says of itself when it is gone.
    this.#child.stdin.on('error', () => undefined);
    createInterface(this.#child.stdout).on('line', (line) => {
      const [what, ...rest] = JSON.parse(line) as [string, ...unknown[]];
      if (what === 'did') this.did.push(rest);
      else this.said.set(what, [...this.heard(what), rest]);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        const died = this.#isDoomed && (code === mountIsDead || signal !== null);
        this.#end = code === 0 || died ? '' : `ended with ${String(code ?? signal)}: ${errors.trim()}`;
        resolve();
      });
    });
  }

  heard(what: string): readonly (readonly unknown[])[] {
    return this.said.get(what) ?? [];
  }

  get isDoomed(): boolean {
    return this.#isDoomed;
  }

  /** What it found wrong, and how it failed. */
  get wrong(): readonly string[] {
    return [...this.heard('wrong').map(([text]) => String(text)), ...(this.#end ? [`${this.name} ${this.#end}`] : [])];
  }

  /** Its mount is being killed. */
  doom(): void {
    this.#isDoomed = true;
  }

  /** Resolves when it has done `count` more. Rejects when it ends, or takes too long. */
  async progress(count: number, patienceMs: number): Promise<void> {
    const goal = this.did.length + count;
    const deadline = performance.now() + patienceMs;
    while (this.did.length < goal) {
      if (this.#end !== undefined) throw new Error(`${this.name} ${this.#end}`);
      if (performance.now() > deadline) throw new Error(`${this.name} hangs: ${this.did.length} of ${goal} after ${patienceMs} ms`);
      await sleep(pollMs);
    }
  }

  /** Its answer to a line on its standard input. */
  async ask(what: string, patienceMs: number): Promise<readonly unknown[]> {
    const { length } = this.heard(what);
    this.#child.stdin.write('?');
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const answer = this.heard(what)[length];
      if (answer !== undefined) return answer;
      if (this.#end !== undefined || performance.now() > deadline) throw new Error(`${this.name} does not answer`);
      await sleep(pollMs);
    }
  }

  /** It ends what it is at; or has ended, its mount being dead. Rejects when that takes too long. */
  async stop(patienceMs: number): Promise<void> {
    this.#child.stdin.end();
    const timer = new AbortController();
    const late = sleep(patienceMs, 'late' as const, { signal: timer.signal }).catch(() => undefined);
    const outcome = await Promise.race([this.#ended, late]);
    timer.abort();
    if (outcome === 'late') throw new Error(`${this.name} hangs: it has not ended after ${patienceMs} ms`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
