import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { ino, type Ino } from '../../common/maps/ids.ts';
import type { FileData } from './file-data.ts';
import type { Range } from './range.ts';
import type { Handle } from './filesystem.ts';
import type { Inode } from './inode.ts';

/** Reads that start so near the end of the last one still count as one stream: the kernel asks in parallel. */
const streamSlackBytes = 1 << 20;
const firstWindowBytes = 512 << 10;
/** Reads elsewhere bring this much around them. */
const granuleBytes = 64 << 10;

/** One open(2) of a file. */
export class OpenFile implements Handle {
  readonly id: number;
  readonly flags: number;
  readonly inode: Inode;
  /** Write errors of the file that this handle has reported, or that came before it. */
  errorsSeen: number;
  released = false;
  /** The kernel keeps nothing of what it reads and writes through this handle. */
  readonly directIo: boolean;
  #next = 0;
  #window = 0;
  #aheadEnd = 0;

  constructor(id: number, inode: Inode, flags: number, directIo: boolean) {
    this.id = id;
    this.inode = inode;
    this.flags = flags;
    this.directIo = directIo;
    this.errorsSeen = inode.data?.errorCount ?? 0;
  }

  get ino(): Ino {
    return this.inode.ino;
  }

  /** Whether the handle reads a stream. */
  get streaming(): boolean {
    return this.#window > 0;
  }

  /** Notes a read of [from, to) and says what to fetch ahead of it, if anything. */
  advance(from: number, to: number, size: number, windowMax: number): Range | undefined {
    const apart = from - this.#next;
    if (apart <= streamSlackBytes && apart >= -streamSlackBytes) {
      if (to <= this.#next) return undefined;
      this.#window = Math.min(windowMax, Math.max(firstWindowBytes, this.#window * 2));
    } else {
      this.#window = 0;
      this.#aheadEnd = 0;
    }
    this.#next = to;
    if (this.#window === 0) return undefined;
    const begin = Math.max(to, this.#aheadEnd);
    if (begin >= size || begin - to > this.#window / 2) return undefined;
    this.#aheadEnd = Math.min(size, to + this.#window);
    return this.#aheadEnd > begin ? { from: begin, to: this.#aheadEnd } : undefined;
  }

  /** What to fetch for a read of [from, to) that misses. */
  span(from: number, to: number, size: number, wholeMax: number): Range {
    if (size <= wholeMax) return { from: 0, to: size };
    if (this.streaming) return { from, to };
    return { from: Math.floor(from / granuleBytes) * granuleBytes, to: Math.min(size, Math.ceil(to / granuleBytes) * granuleBytes) };
  }

  /** The write error that this handle has not reported yet; {@link report} ends that. */
  unreported(data: FileData): FileData['error'] {
    return this.errorsSeen < data.errorCount ? data.error : undefined;
  }

  /** Throws what is to be reported through this handle, once. */
  report(): void {
    const { data } = this.inode;
    const error = data === undefined ? undefined : this.unreported(data);
    if (data === undefined || error === undefined) return;
    this.errorsSeen = data.errorCount;
    throw error;
  }
}

/** FsError EBADF: it is closed. */
export function openFile(handle: Handle): OpenFile {
  assert(handle instanceof OpenFile, 'a file handle that is not ours');
  if (handle.released) throw new FsError('EBADF', `inode ${ino(handle.ino).toString(16)}: the handle is closed`);
  return handle;
}
