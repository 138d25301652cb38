/**
 * The one place that reaches below Node's public interface: libuv's pipe handle, opened on a descriptor of our
 * choice, so that libuv polls /dev/fuse together with the sockets and each request is read by one read(2) straight
 * into our buffer, on the main thread. `net.Socket` refuses a character device and `fs.read` costs two thread
 * hops for each request; README.md has the numbers.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';

interface PipeHandle {
  onread: () => Uint8Array | undefined;
  open(descriptor: number): number;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
  unref(): void;
  close(): void;
}

interface PipeBinding {
  readonly Pipe: new (type: number) => PipeHandle;
  readonly constants: { readonly SOCKET: number };
}

interface StreamBinding {
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
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
    const { Pipe, constants } = binding('pipe_wrap') as PipeBinding;
    const { streamBaseState, kReadBytesOrError } = binding('stream_wrap') as StreamBinding;
    const handle = new Pipe(constants.SOCKET);
    const status = handle.open(descriptor);
    if (status !== 0) throw new FsError('EIO', `libuv cannot poll /dev/fuse (error ${String(status)})`);
    handle.useUserBuffer(buffer);
    handle.onread = () => onRead(streamBaseState[kReadBytesOrError] as number);
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

function binding(name: string): unknown {
  return (process as unknown as { binding(name: string): unknown }).binding(name);
}
