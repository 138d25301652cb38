/**
 * Another system to measure beside ours: a program that is called with `up`, `mount DIR`, `status` and `down`.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Peer {
  readonly #program: string;
  readonly #home = mkdtempSync(join(tmpdir(), 'nacre-peer-'));

  constructor(program: string) {
    this.#program = program;
  }

  /** A fresh one, with so many copies of everything. */
  up(size: string): void {
    this.#call('up', '--size', size);
  }

  /** Mounts it at one more place, which is returned. */
  mount(name: string): string {
    const directory = join(this.#home, name);
    mkdirSync(directory);
    this.#call('mount', directory);
    return directory;
  }

  status(): void {
    this.#call('status');
  }

  remove(): void {
    this.#call('down');
    rmSync(this.#home, { recursive: true, force: true });
  }

  #call(...args: string[]): void {
    execFileSync(this.#program, args, { stdio: 'inherit' });
  }
}
