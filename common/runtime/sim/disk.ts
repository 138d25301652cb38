/**
 * A simulated disk: what was not synced may be lost, kept or torn when the node crashes.
 * @module
 */
import { FsError, toFsError } from '../../errors/fs-error.ts';
import type { Disk, DiskFile } from '../disk.ts';
import type { SimPlace } from './parts.ts';
import type { Prng } from './prng.ts';

export interface DiskFaults {
  readonly readMs: number;
  readonly writeMs: number;
  readonly syncMs: number;
  /** Added to each, uniform from 0. */
  readonly jitterMs: number;
  /** Share of operations that fail with EIO. */
  readonly errorProbability: number;
  readonly totalBytes: number;
}

export const calmDisk: DiskFaults = { readMs: 0.05, writeMs: 0.02, syncMs: 0.5, jitterMs: 0.2, errorProbability: 0, totalBytes: 2 ** 40 };
/** What a disk writes at once. */
const sectorBytes = 512;

type Change = { readonly sequence: number } & (
  { readonly kind: 'write'; readonly offset: number; readonly data: Buffer } | { readonly kind: 'truncate'; readonly sizeBytes: number }
);

/** One file: what is on the platter, and what has been written since. */
interface SimFile {
  durable: Buffer;
  current: Buffer;
  unsynced: Change[];
}

export class SimDisk {
  faults: DiskFaults;
  readonly #node: SimPlace;
  readonly #random: Prng;
  readonly #files = new Map<string, SimFile>();
  #sequence = 0;

  constructor(node: SimPlace, random: Prng, faults: Partial<DiskFaults>) {
    this.#node = node;
    this.#random = random;
    this.faults = { ...calmDisk, ...faults };
  }

  /** Power goes: each unsynced change is kept, lost or torn at a sector, independently of the others. */
  crash(): void {
    for (const file of this.#files.values()) {
      let kept = file.durable;
      for (const change of file.unsynced) {
        const fate = this.#random.below(3);
        if (fate === 1) kept = applied(kept, change);
        else if (fate === 2 && change.kind === 'write') {
          const sectors = this.#random.below(Math.ceil(change.data.length / sectorBytes) + 1);
          kept = applied(kept, { ...change, data: change.data.subarray(0, sectors * sectorBytes) });
        }
      }
      file.durable = kept;
      file.current = kept;
      file.unsynced = [];
    }
  }

  /** Flips one bit of what is stored: rot. */
  flipBit(path: string, offset: number): void {
    const file = this.#files.get(path);
    if (file === undefined || offset >= file.durable.length) return;
    for (const name of ['durable', 'current'] as const) {
      const copy = Buffer.from(file[name]);
      if (offset < copy.length) copy[offset] = (copy[offset] as number) ^ (1 << this.#random.below(8));
      file[name] = copy;
    }
  }

  /** @internal */
  ofLife(life: number): Disk {
    return {
      open: (path, { create, durable = false }) =>
        this.#after(life, this.faults.readMs, () => {
          let file = this.#files.get(path);
          if (file === undefined) {
            if (!create) throw new FsError('ENOENT', `open ${path}: no such file`);
            file = { durable: Buffer.alloc(0), current: Buffer.alloc(0), unsynced: [] };
            this.#files.set(path, file);
          }
          return this.#handle(life, path, file, durable);
        }),
      usage: () =>
        this.#after(life, 0, () => ({ totalBytes: this.faults.totalBytes, freeBytes: this.faults.totalBytes - this.#usedBytes() })),
      remove: (path) =>
        this.#after(life, this.faults.syncMs, () => {
          if (!this.#files.delete(path)) throw new FsError('ENOENT', `remove ${path}: no such file`);
        }),
    };
  }

  #handle(life: number, path: string, file: SimFile, durable: boolean): DiskFile {
    const settle = (covered: number): void => {
      for (const change of file.unsynced) if (change.sequence <= covered) file.durable = applied(file.durable, change);
      file.unsynced = file.unsynced.filter((change) => change.sequence > covered);
    };
    return {
      get sizeBytes() {
        return file.current.length;
      },
      read: (offset, length) => this.#after(life, this.faults.readMs, () => Buffer.from(file.current.subarray(offset, offset + length))),
      write: (offset, data) => {
        const bytes = Buffer.concat(data);
        const growth = Math.max(0, offset + bytes.length - file.current.length);
        if (growth > this.faults.totalBytes - this.#usedBytes())
          return this.#after(
            life,
            this.faults.writeMs,
            () => Promise.reject(new FsError('ENOSPC', `write ${path}: no space left`)) as never,
          );
        // The page cache has it at once, in the order of the calls.
        const change: Change = { kind: 'write', sequence: ++this.#sequence, offset, data: bytes };
        file.current = applied(file.current, change);
        file.unsynced.push(change);
        if (durable) return this.#after(life, this.faults.writeMs + this.faults.syncMs, () => settle(change.sequence));
        return this.#after(life, this.faults.writeMs, () => undefined);
      },
      sync: () => {
        const covered = this.#sequence;
        return this.#after(life, this.faults.syncMs, () => settle(covered));
      },
      truncate: (sizeBytes) => {
        const change: Change = { kind: 'truncate', sequence: ++this.#sequence, sizeBytes };
        file.current = applied(file.current, change);
        file.unsynced.push(change);
        return this.#after(life, this.faults.writeMs, () => undefined);
      },
      close: () => this.#after(life, 0, () => undefined),
    };
  }

  #usedBytes(): number {
    let used = 0;
    for (const file of this.#files.values()) used += file.current.length;
    return used;
  }

  #after<T>(life: number, delayMs: number, act: () => T): Promise<Awaited<T>> {
    return new Promise((resolve, reject) => {
      const jitterMs = this.#random.float() * this.faults.jitterMs;
      const fails = this.faults.errorProbability > 0 && this.#random.chance(this.faults.errorProbability);
      this.#node.schedule(
        delayMs + jitterMs,
        'disk',
        () => {
          try {
            if (fails) throw new FsError('EIO', 'the disk reports an error');
            resolve(act() as Awaited<T>);
          } catch (error) {
            reject(toFsError(error));
          }
        },
        life,
      );
    });
  }
}

function applied(base: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') {
    if (change.sizeBytes <= base.length) return base.subarray(0, change.sizeBytes);
    return Buffer.concat([base, Buffer.alloc(change.sizeBytes - base.length)]);
  }
  if (change.data.length === 0) return base;
  const end = change.offset + change.data.length;
  const next = Buffer.alloc(Math.max(base.length, end));
  base.copy(next);
  change.data.copy(next, change.offset);
  return next;
}
