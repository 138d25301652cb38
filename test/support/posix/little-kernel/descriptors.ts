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

/** What one FIFO is while somebody has it open. */
interface Pipe {
  readonly ends: Set<Descriptor>;
  held: Buffer;
}

/** FIFOs, of which a filesystem knows the name only: what is written into them is the kernel's. Nobody waits (O_NONBLOCK). */
export class Pipes {
  readonly #open = new Map<Ino, Pipe>();

  open(descriptor: Descriptor): void {
    if ((descriptor.flags & Open.accessMode) === Open.accessMode) refuse('EINVAL');
    const pipe = this.#open.get(descriptor.ino) ?? { ends: new Set(), held: Buffer.alloc(0) };
    if (!reads(descriptor) && !hasReader(pipe)) refuse('ENXIO');
    pipe.ends.add(descriptor);
    this.#open.set(descriptor.ino, pipe);
  }

  close(descriptor: Descriptor): void {
    const { ends } = this.#of(descriptor);
    ends.delete(descriptor);
    if (ends.size === 0) this.#open.delete(descriptor.ino);
  }

  write(descriptor: Descriptor, bytes: Uint8Array): number {
    const pipe = this.#of(descriptor);
    if (bytes.length === 0) return 0;
    if (!hasReader(pipe)) refuse('EPIPE');
    pipe.held = Buffer.concat([pipe.held, bytes]);
    return bytes.length;
  }

  read(descriptor: Descriptor, count: number): Uint8Array {
    const pipe = this.#of(descriptor);
    if (pipe.held.length === 0 && [...pipe.ends].some(writes)) refuse('EAGAIN');
    const bytes = pipe.held.subarray(0, count);
    pipe.held = pipe.held.subarray(bytes.length);
    return bytes;
  }

  #of({ ino }: Descriptor): Pipe {
    return this.#open.get(ino) ?? refuse('EBADF');
  }
}

function hasReader({ ends }: Pipe): boolean {
  return [...ends].some(reads);
}
