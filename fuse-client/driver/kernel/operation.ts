import { FsError } from '../../../common/errors/fs-error.ts';
import type { Ino } from '../../../common/maps/ids.ts';
import type { Filesystem, Handle, MaybePromise } from '../../vfs/filesystem.ts';
import type { Reply } from './reply.ts';
import type { Request } from './request.ts';

/** Numbers of inodes that the kernel is told of for one rename: even ones from here on are exact, and no inode's. */
const strangersFrom = 2 ** 53;

/** What operations share for the time of one mount. */
export class Context {
  readonly filesystem: Filesystem;
  /** Whether the kernel may cache names; false when it could not be told in time to forget them. */
  namesCacheable = false;
  /** Whether the kernel knows how to let go of inodes that it is asked for. */
  canPrune = false;
  /** Whether SETXATTR has the longer head. */
  setXattrExtended = false;
  /** Open files and directories by the number that the kernel knows them by. */
  readonly #handles = new Map<number, Handle>();
  readonly #directories = new Set<number>();
  /** How many times each inode was handed to the kernel and not forgotten. */
  readonly #references = new Map<Ino, number>();
  /** Numbers that the kernel knows inodes by for one rename only, and has not forgotten. */
  readonly #strangers = new Map<Ino, Ino>();
  #strangersMade = 0;

  constructor(filesystem: Filesystem) {
    this.filesystem = filesystem;
  }

  /** Throws EBADF when it isn't open. */
  handle(id: number): Handle {
    const handle = this.#handles.get(id);
    if (handle === undefined) throw new FsError('EBADF', `handle ${String(id)} is not open`);
    return handle;
  }

  addHandle(handle: Handle): void {
    this.#handles.set(handle.id, handle);
  }

  addDirectoryHandle(handle: Handle): void {
    this.#handles.set(handle.id, handle);
    this.#directories.add(handle.id);
  }

  /** Removes and returns it. */
  takeHandle(id: number): Handle {
    const handle = this.handle(id);
    this.#handles.delete(id);
    this.#directories.delete(id);
    return handle;
  }

  openHandles(): readonly Handle[] {
    return [...this.#handles.values()];
  }

  isDirectory(handle: Handle): boolean {
    return this.#directories.has(handle.id);
  }

  /** The kernel is about to be told of `ino`. */
  reference(ino: Ino): void {
    this.#references.set(ino, (this.#references.get(ino) ?? 0) + 1);
  }

  /** A number for the kernel to know `ino` by, which it knows nothing else by, until it forgets that. */
  addStranger(ino: Ino): Ino {
    const node = (strangersFrom + 2 * this.#strangersMade++) as Ino;
    this.#strangers.set(node, ino);
    return node;
  }

  /** The inode that the kernel means. */
  inode(node: Ino): Ino {
    return node < strangersFrom ? node : (this.#strangers.get(node) ?? node);
  }

  /** The kernel has dropped `count` references, or never got them. */
  forget(ino: Ino, count: number): void {
    const meant = this.#strangers.get(ino);
    if (meant !== undefined) {
      this.#strangers.delete(ino);
      this.filesystem.forget(meant, count);
      return;
    }
    const left = (this.#references.get(ino) ?? 0) - count;
    if (left > 0) this.#references.set(ino, left);
    else this.#references.delete(ino);
    this.filesystem.forget(ino, count);
  }

  /** Whether the kernel has the inode, or will when it has taken in a reply already sent. */
  isReferenced(ino: Ino): boolean {
    return ino === this.filesystem.root || this.#references.has(ino);
  }

  /** After the unmount, when the kernel forgets without saying so. */
  forgetAll(): void {
    for (const [ino, count] of this.#references) this.filesystem.forget(ino, count);
    for (const ino of this.#strangers.values()) this.filesystem.forget(ino, 1);
    this.#strangers.clear();
    this.#references.clear();
    this.#handles.clear();
    this.#directories.clear();
  }
}

/** One operation of the protocol. */
export interface Operation<T> {
  /** Does it. Everything needed from `request` is taken out before it returns. */
  run(context: Context, request: Request, signal?: AbortSignal): MaybePromise<T>;
  /** Writes the body of the reply; returns its size. Absent: there is none. */
  encode?(context: Context, reply: Reply, result: T): number;
  /** The reply could not be delivered: drops what the kernel would have owned. */
  undo?(context: Context, result: T): MaybePromise<void>;
  /** Whether it changes nothing, so that a caller interrupted in a long wait may be told EINTR. */
  readonly harmless?: boolean;
  /** Whether it may wait for other processes as long as they like. It is given a signal, and ends soon after that. */
  readonly waits?: boolean;
}

/** An operation whose result only its own methods look at. */
export type AnyOperation = Operation<unknown>;

/** `fn` of the value, at once when it is there. */
export function map<T, U>(value: MaybePromise<T>, fn: (value: T) => U): MaybePromise<U> {
  return value instanceof Promise ? value.then(fn) : fn(value);
}
