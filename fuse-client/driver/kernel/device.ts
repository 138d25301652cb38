import { closeSync, constants, openSync, write, writeSync, writevSync } from 'node:fs';
import { FsError } from '../../../common/errors/fs-error.ts';
import { PolledPipe } from './polled-pipe.ts';
import { RequestBuffer } from './request.ts';

/** What comes of reading the device. */
export interface DeviceHandlers {
  /** One request. True: the buffer stays with the handler until it is given to {@link FuseDevice.recycle}. */
  readonly onRequest: (buffer: RequestBuffer) => boolean;
  /** Nothing follows. `errno` (positive) is ENODEV after an unmount, ECONNABORTED when the connection was cut. */
  readonly onEnd: (errno: number) => void;
}

/** Errors of read(2) on the device after which reading goes on: ENOENT (request withdrawn), EINTR. */
const passing = new Set([-2, -4]);
/** Idle buffers kept; more are left to the collector. */
const idleBuffersMax = 4;

/** An open /dev/fuse: requests in, replies and notifications out. */
export class FuseDevice {
  readonly descriptor: number;
  readonly #bufferBytes: number;
  readonly #idle: RequestBuffer[] = [];
  #current: RequestBuffer;
  #pipe: PolledPipe | undefined;
  #handlers: DeviceHandlers | undefined;
  #ended = false;
  #closed = false;
  #paused = false;
  #quieting = false;
  #notificationsUnderWay = 0;
  #onQuiet: (() => void) | undefined;

  private constructor(descriptor: number, bufferBytes: number) {
    this.descriptor = descriptor;
    this.#bufferBytes = bufferBytes;
    this.#current = new RequestBuffer(bufferBytes);
  }

  /** Opens the device for requests of at most `bufferBytes`. Rejects with a line that says what to do. */
  static open(bufferBytes: number): FuseDevice {
    try {
      return new FuseDevice(openSync('/dev/fuse', constants.O_RDWR | constants.O_NONBLOCK), bufferBytes);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') {
        throw new FsError(
          'ENODEV',
          '/dev/fuse is missing: load the kernel module (modprobe fuse) or, in a container, pass the device in (--device /dev/fuse)',
          { cause: error },
        );
      }
      throw new FsError('EACCES', `/dev/fuse cannot be opened (${code ?? String(error)}): run as root, or set driver = "fuse-native"`, {
        cause: error,
      });
    }
  }

  /** Begins to read; only after mount(2), before which the device answers EPERM. */
  start(handlers: DeviceHandlers): void {
    this.#handlers = handlers;
    this.#openPipe();
  }

  /** Reads no more, except while a notification is under way: the kernel may wait for the answer to what has not been read yet. */
  pause(): void {
    this.#paused = true;
    this.#readOrNot();
  }

  resume(): void {
    this.#paused = false;
    this.#readOrNot();
  }

  #readOrNot(): void {
    if (this.#ended) return;
    if (this.#paused && this.#notificationsUnderWay === 0) this.#pipe?.pause();
    else this.#pipe?.start();
  }

  recycle(buffer: RequestBuffer): void {
    if (this.#idle.length < idleBuffersMax) this.#idle.push(buffer);
  }

  /** Sends a reply. False: the kernel doesn't wait for it any more. */
  send(bytes: Uint8Array, length: number): boolean {
    try {
      writeSync(this.descriptor, bytes, 0, length);
      return true;
    } catch (error) {
      return undelivered(error);
    }
  }

  /** Sends a reply in pieces, uncopied. */
  sendPieces(pieces: readonly Uint8Array[]): boolean {
    try {
      writevSync(this.descriptor, pieces);
      return true;
    } catch (error) {
      return undelivered(error);
    }
  }

  /** Sends a notification off the main thread, for the kernel may keep the sender waiting. Resolves with 0 or an errno. */
  notify(message: Uint8Array): Promise<number> {
    if (this.#ended || this.#quieting) return Promise.resolve(0);
    this.#notificationsUnderWay += 1;
    if (this.#paused) this.#readOrNot();
    return new Promise((resolve) => {
      write(this.descriptor, message, 0, message.length, null, (error) => {
        this.#notificationsUnderWay -= 1;
        if (this.#paused) this.#readOrNot();
        if (this.#notificationsUnderWay === 0) this.#onQuiet?.();
        resolve(error ? -(error.errno ?? -5) : 0);
      });
    });
  }

  /** Sends no notification any more. Resolves when none is under way; requests are read until then. */
  async quiet(): Promise<void> {
    this.#quieting = true;
    if (this.#notificationsUnderWay > 0) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
  }

  /** Sends a notification that the kernel never keeps waiting. Returns 0 or an errno. */
  notifyNow(message: Uint8Array): number {
    try {
      writeSync(this.descriptor, message, 0, message.length);
      return 0;
    } catch (error) {
      return -((error as NodeJS.ErrnoException).errno ?? -5);
    }
  }

  /** Closes the device, which ends a mount that is still there. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    if (this.#notificationsUnderWay > 0) {
      // Another thread still uses the descriptor, which must not be given to another file: it closes with the process.
      this.#pipe?.pause();
      return;
    }
    if (this.#pipe) this.#pipe.close();
    else closeSync(this.descriptor);
    this.#pipe = undefined;
  }

  #openPipe(): void {
    this.#pipe = new PolledPipe(this.descriptor, this.#current.bytes, (result) => this.#onRead(result));
    this.#pipe.start();
  }

  #onRead(result: number): Uint8Array | undefined {
    const handlers = this.#handlers as DeviceHandlers;
    // Woken for a request that its caller withdrew before we came to read it.
    if (result === 0) return undefined;
    if (result < 0) {
      if (passing.has(result)) {
        // libuv gives a stream up after an error: go on with a new one.
        this.#pipe?.abandon();
        this.#openPipe();
      } else if (!this.#ended) {
        this.#ended = true;
        handlers.onEnd(-result);
      }
      return undefined;
    }
    if (!handlers.onRequest(this.#current)) return undefined;
    this.#current = this.#idle.pop() ?? new RequestBuffer(this.#bufferBytes);
    return this.#current.bytes;
  }
}

/** ENOENT: interrupted and given up by the kernel; ENODEV, EPERM, ECONNABORTED: unmounted meanwhile. */
function undelivered(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'EPERM' || code === 'ECONNABORTED' || code === 'ENOTCONN') return false;
  throw error;
}
