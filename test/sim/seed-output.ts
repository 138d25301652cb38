/**
 * Runs seeds in a process of their own (run.ts) and reads from what it prints how they went.
 * @module
 */
import { spawn } from 'node:child_process';

/** A fifth less of a processor's time for a seed: ava.config.mjs. */
const optimizeLater = '--interrupt-budget=500000';

export interface SeedsRun {
  /** How many passed. */
  readonly passed: number;
  readonly failed: readonly FailedSeed[];
  /** Of those that passed, how many had histories too long to be judged. */
  readonly undecided: number;
  /** Of the process; null when a signal ended it. */
  readonly exitCode: number | null;
}

export interface FailedSeed {
  readonly seed: number;
  /** What was noticed, in a line. */
  readonly what: string;
}

const whatMax = 160;

/** What run.ts has printed of its seeds. */
export function readSeeds(output: string): Omit<SeedsRun, 'exitCode'> {
  return {
    passed: output.match(/^seed \d+: ok/gm)?.length ?? 0,
    failed: Array.from(output.matchAll(/^seed (\d+) failed.*\n(.*)/gm), ([, seed, what]) => ({
      seed: Number(seed),
      what: (what ?? '').slice(0, whatMax),
    })),
    undecided: output.match(/^seed \d+: ok.* undecided/gm)?.length ?? 0,
  };
}

export interface RunSeedsOptions {
  /** Where the sources are. */
  readonly home: string;
  /** For run.ts. */
  readonly args: readonly string[];
  /** Sees all output as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Ends the process. */
  readonly signal?: AbortSignal;
}

/** Of a failure's report, which may be long, only the beginning is looked at. */
const lineMax = 4_096;

export function runSeeds({ home, args, onOutput, signal }: RunSeedsOptions): Promise<SeedsRun & { readonly tail: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import=tsx', optimizeLater, 'test/sim/run.ts', ...args], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kept = { out: new SeedLines(), err: new SeedLines() };
    const take = (lines: SeedLines) => (chunk: Buffer) => {
      lines.add(chunk.toString('utf8'));
      onOutput?.(chunk);
    };
    child.stdout.on('data', take(kept.out));
    child.stderr.on('data', take(kept.err));
    const end = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', end);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      signal?.removeEventListener('abort', end);
      const { out, err } = kept;
      resolve({ ...readSeeds(`${out.text}\n${err.text}\n`), exitCode, tail: out.tail + err.tail });
    });
  });
}

/** The lines that tell of seeds, each with the one after it, and the end of all. */
class SeedLines {
  text = '';
  tail = '';
  #line = '';
  #isWanted = false;

  add(chunk: string): void {
    this.tail = (this.tail + chunk).slice(-2_000);
    const lines = (this.#line + chunk).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, lineMax);
    for (const line of lines) {
      const isSeed = /^seed \d+(: ok| failed)/.test(line);
      if (isSeed || this.#isWanted) this.text += `${line.slice(0, lineMax)}\n`;
      this.#isWanted = isSeed;
    }
  }
}
