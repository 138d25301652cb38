/**
 * One simulated machine with one daemon. A life lasts from `boot` to `crash`; what belongs to a life that is
 * over (timers, connections, disk operations, background work) never happens.
 * @module
 */
import { assert } from '../../errors/assert.ts';
import type { Clock } from '../clock.ts';
import type { Env } from '../env.ts';
import { SimDisk, type DiskFaults } from './disk.ts';
import type { SimLogs } from './log.ts';
import type { SimFabric } from './network.ts';
import type { SimPlace, SimTime } from './parts.ts';

export interface CrashOptions {
  /** The whole machine: peers hear nothing, connects to it time out. Else the process: peers see resets. */
  readonly machine?: boolean;
}

/** How a node's clocks differ from virtual time. */
export interface ClockSkew {
  /** Local milliseconds per virtual one: 1.01 is a clock that gains 1 %. */
  readonly rate: number;
  /** Added to the wall clock, which may jump. */
  readonly wallOffsetMs: number;
}

/** What a node stands in. */
export interface SimSurroundings extends SimTime {
  /** Wall clock at virtual time 0. */
  readonly startMs: number;
  readonly fabric: SimFabric;
  readonly logs: SimLogs;
  readonly diskFaults: Partial<DiskFaults>;
}

export class SimNode implements SimPlace {
  readonly name: string;
  readonly world: SimSurroundings;
  readonly disk: SimDisk;
  #life = 0;
  #alive = false;
  #machineDown = false;
  #paused = false;
  #backlog: { readonly life: number; readonly run: () => void }[] = [];
  #env: Env | undefined;
  /** Asked about background work that failed: true when that was to be expected and has been seen to. Else the run fails. */
  onFailure: ((error: unknown) => boolean) | undefined;
  #skew: ClockSkew = { rate: 1, wallOffsetMs: 0 };
  /** The monotonic clock read `localMs` at virtual `atMs`, and has gone at the present rate since. */
  #clockSetAt = { atMs: 0, localMs: 0 };

  constructor(world: SimSurroundings, name: string) {
    this.world = world;
    this.name = name;
    this.disk = new SimDisk(this, world.fork(`${name}/disk`), world.diskFaults);
    this.boot();
  }

  get life(): number {
    return this.#life;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Nothing answers at all, not even its kernel. */
  get machineDown(): boolean {
    return this.#machineDown;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The Env of this life. */
  get env(): Env {
    assert(this.#env !== undefined, `${this.name} is down`);
    return this.#env;
  }

  /** A new life; returns its Env. */
  boot(): Env {
    assert(!this.#alive, `${this.name} is running already`);
    this.#life += 1;
    this.#alive = true;
    this.#machineDown = false;
    this.#paused = false;
    this.#env = this.#makeEnv(this.#life);
    return this.#env;
  }

  /** Ends this life at once. */
  crash(options: CrashOptions = {}): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#machineDown = options.machine === true;
    this.#backlog = [];
    this.#env = undefined;
    this.disk.crash();
    this.world.fabric.nodeDied(this);
  }

  /** Changes how this machine's clocks go from now on. The monotonic one never goes back; timers that run keep their time. */
  setClock(skew: Partial<ClockSkew>): void {
    this.#clockSetAt = { atMs: this.world.nowMs, localMs: this.#monotonicMs() };
    this.#skew = { ...this.#skew, ...skew };
  }

  /** SIGSTOP: nothing runs, connections stay open. */
  pause(): void {
    this.#paused = true;
  }

  /** SIGCONT: what has come due meanwhile runs now, in order. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const { life, run } of backlog) this.schedule(0, 'late', run, life);
  }

  /** Runs `fn` in the given life of this node (default: the present one), later if it is paused, never if that is over. */
  schedule(delayMs: number, label: string, fn: () => void, life = this.#life): { cancel(): void } {
    let cancelled = false;
    const run = (): void => {
      if (cancelled || !this.#alive || life !== this.#life) return;
      if (this.#paused) this.#backlog.push({ life, run });
      else fn();
    };
    const event = this.world.schedule(delayMs, `${this.name}:${label}`, run);
    return {
      cancel: () => {
        cancelled = true;
        event.run = undefined;
      },
    };
  }

  isLife(life: number): boolean {
    return this.#alive && this.#life === life;
  }

  #monotonicMs(): number {
    return this.#clockSetAt.localMs + (this.world.nowMs - this.#clockSetAt.atMs) * this.#skew.rate;
  }

  #makeEnv(life: number): Env {
    const { world, name } = this;
    const isAlive = (): boolean => this.isLife(life);
    const wallMs = (): number => world.startMs + this.#monotonicMs() + this.#skew.wallOffsetMs;
    const clock: Clock = {
      nowMs: () => Math.floor(wallMs()),
      nowTimespec: () => {
        const ms = wallMs();
        const sec = Math.floor(ms / 1_000);
        return { sec, nsec: Math.floor((ms - sec * 1_000) * 1e6) };
      },
      monotonicMs: () => this.#monotonicMs(),
      setTimer: (delayMs, fn) => (isAlive() ? this.schedule(delayMs / this.#skew.rate, 'timer', fn, life) : { cancel: () => undefined }),
      defer: (fn) => {
        if (isAlive()) this.schedule(0, 'defer', fn, life);
      },
    };
    return {
      clock,
      random: world.fork(`${name}/${life}`),
      network: world.fabric.networkOf(this, life),
      disk: this.disk.ofLife(life),
      log: world.logs.logOf(name, isAlive),
      spawn: (task, fn) => {
        if (!isAlive()) return;
        fn().catch((error: unknown) => {
          if (isAlive() && this.onFailure?.(error) !== true)
            world.fail(
              new Error(`${name}: broken invariant in ${task}: ${error instanceof Error ? error.message : String(error)}`, {
                cause: error,
              }),
            );
        });
      },
    };
  }
}
