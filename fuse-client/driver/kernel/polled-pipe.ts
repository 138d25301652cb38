/**
 * Reaches below Node's public interface (libuv-streams.ts): libuv's pipe handle, opened on a descriptor of our
 * choice, so that libuv polls /dev/fuse together with the sockets and each request is read by one read(2) straight
 * into our buffer, on the main thread. `net.Socket` refuses a character device and `fs.read` costs two thread
 * hops for each request; README.md has the numbers.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { bytesOrErrno, internalBinding, type StreamHandle } from '../../../common/runtime/node/libuv-streams.ts';

interface PipeHandle extends StreamHandle {
  open(descriptor: number): number;
  unref(): void;
  close(): void;
}

interface PipeBinding {
  readonly Pipe: new (type: number) => PipeHandle;
  readonly constants: { readonly SOCKET: number };
}

/** Reads the descriptor as it becomes readable. */
export class PolledPipe {
  readonly #handle: PipeHandle;

  /**
   * `onRead` gets the length read, 0 when there was nothing after all (not the end: a device has none), or a
   * negative errno after which nothing more is read; it returns the buffer
   * for the next read (undefined: the same).
   */
  constructor(descriptor: number, buffer: Uint8Array, onRead: (lengthOrErrno: number) => Uint8Array | undefined) {
    const { Pipe, constants } = internalBinding('pipe_wrap') as PipeBinding;
    const handle = new Pipe(constants.SOCKET);
    const status = handle.open(descriptor);
    if (status !== 0) throw new FsError('EIO', `libuv cannot poll /dev/fuse (error ${String(status)})`);
    handle.useUserBuffer(buffer);
    handle.onread = () => onRead(bytesOrErrno());
    this.#handle = handle;
  }

  start(): void {
    this.#handle.readStart();
  }

  /** Reads nothing until `start`. */
  pause(): void {
    this.#handle.readStop();
  }

  /** Forgets the descriptor without closing it: another pipe has taken it over. */
  abandon(): void {
    this.#handle.unref();
  }

  /** Closes the descriptor. */
  close(): void {
    this.#handle.close();
  }
}
