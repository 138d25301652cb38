/**
 * What a process has open.
 * @module
 */
import type { Ino } from '../../../../common/maps/ids.ts';
import type { Handle } from '../../../../fuse-client/vfs/filesystem.ts';
import { Open } from '../constants.ts';
import { refuse } from './errno.ts';

export interface Descriptor {
  readonly kind: 'file' | 'directory' | 'pipe' | 'path';
  readonly ino: Ino;
  /** Of open(2). */
  readonly flags: number;
  /** Of files and directories. */
  readonly handle: Handle | undefined;
  /** Where write(2) goes on. */
  position: number;
}

export function reads({ flags }: Descriptor): boolean {
  return (flags & Open.accessMode) !== Open.writeOnly;
}

export function writes({ flags }: Descriptor): boolean {
  return (flags & Open.accessMode) !== 0;
}

/** FIFOs, of which a filesystem knows the name only: what is written into them is the kernel's. */
export class Pipes {
  readonly #open = new Map<Ino, Descriptor[]>();

  /** Without waiting for the other end (O_NONBLOCK). */
  open(descriptor: Descriptor): void {
    if ((descriptor.flags & Open.accessMode) === Open.accessMode) refuse('EINVAL');
    const all = this.#open.get(descriptor.ino) ?? [];
    if (!reads(descriptor) && !all.some(reads)) refuse('ENXIO');
    this.#open.set(descriptor.ino, [...all, descriptor]);
  }

  close(descriptor: Descriptor): void {
    const left = (this.#open.get(descriptor.ino) ?? []).filter((each) => each !== descriptor);
    if (left.length === 0) this.#open.delete(descriptor.ino);
    else this.#open.set(descriptor.ino, left);
  }

  write(descriptor: Descriptor, length: number): number {
    if (!this.#open.get(descriptor.ino)?.some(reads)) refuse('EPIPE');
    return length;
  }
}
