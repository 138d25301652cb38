import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from './worker.ts';

/** After so long without an answer a program hangs: a lease, a take-over of the MDS, and a busy machine. */
export const patienceMs = 90_000;

/**
 * What programs on several hosts do at the same files at once, and what must be true of it then. Hosts may die in the midst: what such
 * a one was told is done must still be seen by the others, but for what it had not synced and nobody had seen.
 */
export abstract class Story {
  /** All that were ever begun. */
  readonly workers: Worker[] = [];
  /** Mount points by host; undefined while it is dead. */
  readonly #hosts: (string | undefined)[];
  readonly #hostOf = new Map<Worker, number>();
  readonly #folder: string;
  #lives = 0;
  #longestMs = 0;

  /** Works below `folder` of each mount. */
  constructor(mounts: readonly string[], folder: string) {
    this.#hosts = [...mounts];
    this.#folder = folder;
  }

  /** Makes what is there at the beginning, on the first host, and begins on all. */
  async begin(): Promise<void> {
    mkdirSync(this.anywhere());
    await this.prepare(this.anywhere());
    for (const [host, mount] of this.#hosts.entries()) if (mount !== undefined) this.#join(host, mount);
  }

  /** All that live have done `count` more. */
  async progress(count: number): Promise<void> {
    const startedMs = performance.now();
    await Promise.all(this.living.map((worker) => worker.progress(count, patienceMs)));
    this.#longestMs = Math.max(this.#longestMs, performance.now() - startedMs);
    await this.look();
  }

  /** So long it took at most until all had gone on. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** The host is about to be killed. */
  doom(host: number): void {
    for (const worker of this.#of(host)) worker.doom();
    this.#hosts[host] = undefined;
  }

  /** What was at work there ends; then the host may come back. */
  async buried(host: number): Promise<void> {
    await Promise.all(this.#of(host).map((worker) => worker.stop(patienceMs)));
    await this.tidy();
  }

  back(host: number, mount: string): void {
    this.#hosts[host] = mount;
    this.#join(host, mount);
  }

  /** Everybody stops; what was wrong. */
  async end(): Promise<readonly string[]> {
    await this.stop();
    const found = await Promise.all(this.#hosts.flatMap((mount) => (mount === undefined ? [] : [this.judge(join(mount, this.#folder))])));
    return [...this.workers.flatMap(({ wrong }) => wrong), ...new Set([...found.flat(), ...this.judgeAll()])];
  }

  abandon(): void {
    for (const worker of this.workers) worker.kill();
  }

  get living(): readonly Worker[] {
    return this.workers.filter(({ isDoomed }) => !isDoomed);
  }

  get dead(): readonly Worker[] {
    return this.workers.filter(({ isDoomed }) => isDoomed);
  }

  /** Our folder as a host that lives sees it. */
  protected anywhere(): string {
    const mount = this.#hosts.find((each) => each !== undefined);
    if (mount === undefined) throw new Error('all hosts are dead');
    return join(mount, this.#folder);
  }

  protected async stop(): Promise<void> {
    await Promise.all(this.living.map((worker) => worker.stop(patienceMs)));
  }

  protected abstract prepare(folder: string): Promise<void> | void;

  /** The programs of one host; `name` is that of this life of it. */
  protected abstract programs(folder: string, name: string, host: number): readonly Worker[];

  /** Compares, in the midst of it, what can be. */
  protected look(): Promise<void> | void {
    // Most is told by the programs themselves.
  }

  /** What a person would have to do after a host has died. */
  protected tidy(): Promise<void> | void {
    // Nothing.
  }

  /** What is wrong in what one host sees in the end. */
  protected abstract judge(folder: string): Promise<readonly string[]>;

  /** What is wrong in what the programs have been told. */
  protected judgeAll(): readonly string[] {
    return [];
  }

  #join(host: number, mount: string): void {
    for (const worker of this.programs(join(mount, this.#folder), `h${host}.${this.#lives++}`, host)) {
      this.workers.push(worker);
      this.#hostOf.set(worker, host);
    }
  }

  #of(host: number): readonly Worker[] {
    return this.workers.filter((worker) => this.#hostOf.get(worker) === host);
  }
}
