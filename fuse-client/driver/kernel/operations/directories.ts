import { directoryEntryHeaderBytes, entryBytes, highHalf, replyHeaderBytes as body, requestHeaderBytes as head } from '../abi.ts';
import type { Ino } from '../../../../common/maps/ids.ts';
import type { DirectoryEntry, OpenReply } from '../../../vfs/filesystem.ts';
import type { Context, Operation } from '../operation.ts';
import { writeEntry } from '../reply.ts';
import type { Request } from '../request.ts';

/** struct fuse_open_in: flags. */
export const openDirectory: Operation<OpenReply> = {
  run: ({ filesystem }, request) => filesystem.openDirectory(request.who, request.node, request.u32(head)),
  encode(context, reply, { handle }) {
    context.addDirectoryHandle(handle);
    return reply.open(body, handle.id, 0);
  },
  undo: (context, { handle }) => context.filesystem.releaseDirectory(context.takeHandle(handle.id)),
};

/** struct fuse_read_in: handle, offset, size. */
export const readDirectory: Operation<Listing> = {
  harmless: true,
  run: (context, request) => list(context, request, false),
  encode: (_context, reply, listing) => reply.data([listing.filled()]),
};

export const readDirectoryPlus: Operation<Listing> = {
  harmless: true,
  run: (context, request) => list(context, request, true),
  encode(context, reply, listing) {
    for (const ino of listing.referenced) context.reference(ino);
    return reply.data([listing.filled()]);
  },
  undo(context, listing) {
    for (const ino of listing.referenced) context.forget(ino, 1);
  },
};

/** struct fuse_release_in: handle. */
export const releaseDirectory: Operation<void> = {
  run: (context, request) => context.filesystem.releaseDirectory(context.takeHandle(request.u64(head))),
};

/** struct fuse_fsync_in: handle. Its flags tell data from metadata, which a directory doesn't. */
export const fsyncDirectory: Operation<void> = {
  run: (context, request) => context.filesystem.fsyncDirectory(context.handle(request.u64(head))),
};

function list(context: Context, request: Request, plus: boolean): Listing | Promise<Listing> {
  const handle = context.handle(request.u64(head));
  const listing = new Listing(request.u32(head + 16), plus, context.namesCacheable);
  try {
    const read = context.filesystem.readDirectory(handle, request.u64(head + 8), plus, (entry) => listing.add(entry));
    return read instanceof Promise
      ? read.then(
          () => listing,
          (error: unknown) => listing.orThrow(error),
        )
      : listing;
  } catch (error) {
    return listing.orThrow(error);
  }
}

/** What a listing begins with; opendir(3) has room for 1 MiB, which few directories need. */
const listingBytesMin = 16 << 10;

/** struct fuse_dirent, or fuse_direntplus, one after the other, each aligned to 8 bytes. */
class Listing {
  /** Inodes that the kernel gets a reference to. */
  readonly referenced: Ino[] = [];
  readonly #sizeBytes: number;
  readonly #plus: boolean;
  readonly #namesCacheable: boolean;
  #bytes!: Buffer;
  #words!: Uint32Array;
  #used = 0;

  constructor(sizeBytes: number, plus: boolean, namesCacheable: boolean) {
    this.#sizeBytes = sizeBytes & ~7;
    this.#plus = plus;
    this.#namesCacheable = namesCacheable;
    this.#allocate(Math.min(listingBytesMin, this.#sizeBytes));
  }

  /** False when there is no room. */
  add({ name, ino, type, offset, entry }: DirectoryEntry): boolean {
    let at = this.#used;
    const end = (at + (this.#plus ? entryBytes : 0) + directoryEntryHeaderBytes + name.length + 7) & ~7;
    if (end > this.#sizeBytes) return false;
    if (end > this.#bytes.length) this.#grow(end);
    if (this.#plus) {
      if (entry !== undefined) {
        writeEntry(this.#words, at >> 2, entry.attributes, entry.attributesValid, entry.entryValid && this.#namesCacheable);
        this.referenced.push(entry.attributes.ino);
      }
      at += entryBytes;
    }
    const word = at >> 2;
    this.#words[word] = ino;
    this.#words[word + 1] = highHalf(ino);
    this.#words[word + 2] = offset;
    this.#words[word + 3] = highHalf(offset);
    this.#words[word + 4] = name.length;
    this.#words[word + 5] = type;
    this.#bytes.write(name, at + directoryEntryHeaderBytes, 'latin1');
    this.#used = end;
    return true;
  }

  filled(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  #allocate(bytes: number): void {
    const memory = new ArrayBuffer(bytes);
    this.#bytes = Buffer.from(memory);
    this.#words = new Uint32Array(memory);
  }

  #grow(needed: number): void {
    const filled = this.filled();
    this.#allocate(Math.min(this.#sizeBytes, Math.max(needed, 4 * this.#bytes.length)));
    this.#bytes.set(filled);
  }

  /** What was listed before an error is given out; the error comes again when reading goes on. */
  orThrow(error: unknown): this {
    if (this.#used === 0) throw error;
    return this;
  }
}
