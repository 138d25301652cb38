/**
 * A simulated world: nodes (machines with one daemon each), a network between them, virtual time, one queue.
 *
 *   until(promise): pop the next event ─▶ set the clock ─▶ run it ─▶ drain promise jobs ─▶ again
 *
 * Everything random comes from the seed, so the same seed gives the same run: compare `traceHash`.
 * @module
 */
import { AssertionError } from '../../errors/assert.ts';
import { EventQueue, type SimEvent } from './event-queue.ts';
import { SimLogs, type SimLogsOptions } from './log.ts';
import { SimFabric, type NetworkFaults } from './network.ts';
import { SimNode, type SimSurroundings } from './node.ts';
import type { DiskFaults } from './disk.ts';
import { Prng } from './prng.ts';
import { Trace } from './trace.ts';

export interface SimWorldOptions {
  readonly seed: number | string;
  readonly network?: Partial<NetworkFaults>;
  readonly disk?: Partial<DiskFaults>;
  readonly logs?: Partial<SimLogsOptions>;
  /** Events in one run; more mean a loop. */
  readonly stepsMax?: number;
  /** Wall clock at the start. */
  readonly startMs?: number;
}

export interface UntilOptions {
  /** Virtual milliseconds after which waiting is a failure. */
  readonly timeoutMs?: number;
  /** For the failure's message. */
  readonly what?: string;
}

const defaultStepsMax = 20_000_000;
/** 2026-01-01T00:00:00Z. */
const defaultStartMs = 1_767_225_600_000;
const defaultTimeoutMs = 600_000;

export class SimWorld implements SimSurroundings {
  readonly random: Prng;
  readonly logs: SimLogs;
  readonly fabric: SimFabric;
  readonly trace = new Trace();
  readonly startMs: number;
  readonly diskFaults: Partial<DiskFaults>;
  readonly #seed: string;
  readonly #queue = new EventQueue();
  readonly #nodes = new Map<string, SimNode>();
  readonly #failures: Error[] = [];
  readonly #afterStep: ((label: string) => void)[] = [];
  readonly #stepsMax: number;
  #nowMs = 0;
  #steps = 0;
  #running = false;

  constructor(options: SimWorldOptions) {
    this.#seed = String(options.seed);
    this.random = new Prng(`${this.#seed}/world`);
    this.startMs = options.startMs ?? defaultStartMs;
    this.diskFaults = options.disk ?? {};
    this.#stepsMax = options.stepsMax ?? defaultStepsMax;
    this.logs = new SimLogs(this, options.logs ?? {});
    this.fabric = new SimFabric(this, options.network ?? {});
  }

  /** Virtual milliseconds since the start. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Equal in two runs if and only if (but for chance) they did the same. */
  get traceHash(): string {
    return this.trace.digest;
  }

  /** The node of that name, made running on first use. */
  node(name: string): SimNode {
    let node = this.#nodes.get(name);
    if (node === undefined) {
      node = new SimNode(this, name);
      this.#nodes.set(name, node);
    }
    return node;
  }

  get nodes(): readonly SimNode[] {
    return [...this.#nodes.values()];
  }

  /** A generator of its own for `purpose`, so that drawing from one does not shift another. */
  fork(purpose: string): Prng {
    return new Prng(`${this.#seed}/${purpose}`);
  }

  /** Runs `fn` at a time, outside any node. */
  schedule(delayMs: number, label: string, fn: () => void): SimEvent {
    return this.#queue.push(this.#nowMs + Math.max(0, delayMs), label, fn);
  }

  /**
   * Calls `fn` after every event, with its label (`osd.3:timer`: what a node did begins with its name): a checker that
   * watches the whole run. Throw to fail it.
   */
  afterEachStep(fn: (label: string) => void): void {
    this.#afterStep.push(fn);
  }

  /** Fails the run; the next step throws it. */
  fail(error: Error): void {
    this.#failures.push(error);
  }

  /** For tests: resolves after virtual milliseconds. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, 'sleep', resolve));
  }

  /** Lets `ms` virtual milliseconds pass. */
  async advance(ms: number): Promise<void> {
    await this.until(this.sleep(ms), { timeoutMs: ms + 1 });
  }

  /** Runs the world until `promise` settles, and returns or throws what it did. Fails when the world does. */
  async until<T>(promise: Promise<T>, options: UntilOptions = {}): Promise<T> {
    if (this.#running) throw new AssertionError('the world is already running: await inside it, not with until()');
    const outcome: { settled: boolean } = { settled: false };
    const mark = (): void => {
      outcome.settled = true;
    };
    promise.then(mark, mark);
    const deadlineMs = this.#nowMs + (options.timeoutMs ?? defaultTimeoutMs);
    this.#running = true;
    try {
      await drainPromiseJobs();
      while (!outcome.settled) {
        const label = this.#step(deadlineMs, options.what ?? 'the awaited promise');
        // A cancelled event was nothing.
        if (label === undefined) continue;
        await drainPromiseJobs();
        for (const check of this.#afterStep) check(label);
        if (this.#failures.length > 0) throw this.#failures[0] as Error;
      }
    } finally {
      this.#running = false;
    }
    return promise;
  }

  /** Carries out the next event and returns its label; undefined when it was cancelled. */
  #step(deadlineMs: number, what: string): string | undefined {
    if (this.#queue.nextMs > deadlineMs) {
      throw new Error(
        this.#queue.size === 0
          ? `stalled at ${this.#nowMs} ms: nothing is scheduled, ${what} never came`
          : `${what} did not come within ${deadlineMs} virtual ms`,
      );
    }
    const event = this.#queue.pop() as SimEvent;
    this.#steps += 1;
    if (this.#steps > this.#stepsMax)
      throw new Error(`more than ${this.#stepsMax} steps: a loop? last event: ${event.label} at ${event.timeMs} ms`);
    this.#nowMs = event.timeMs;
    const { run } = event;
    if (run === undefined) return undefined;
    this.trace.add(event.timeMs, event.label);
    run();
    return event.label;
  }
}

/** A real turn of the event loop: every promise job, and those they make, has run. */
function drainPromiseJobs(): Promise<void> {
  return new Promise((resolve) => {
    // eslint-disable-next-line no-restricted-globals -- the one real turn: it orders jobs, and no result depends on when it comes
    setImmediate(resolve);
  });
}
