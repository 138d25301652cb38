/**
 * Receives a WebSocket's frames with one copy and one allocation each: reads go into a buffer that all connections
 * share, and frames are cut out of it. The library's way allocates 64 KiB for each read and joins the pieces, which
 * doubles the memory that passes through; its collection took 30 % of an OSD's processor time in sequential writes.
 * Numbers in docs/DEPENDENCIES.md.
 * @module
 */
import { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { FrameParser } from './frame-parser.ts';
import { bytesOrErrno, type StreamHandle } from './libuv-streams.ts';

const sharedBytes = 256 * 1024;
/** Filled by one read and emptied before the next, whatever the connection. */
let shared: Buffer | undefined;

interface LibraryReceiver {
  readonly _bufferedBytes?: number;
}

export class DirectReceiver {
  readonly #socket: Socket;
  readonly #handle: StreamHandle;
  readonly #parser: FrameParser;
  readonly #shared: Buffer;
  readonly #throughLibrary: StreamHandle['onread'];
  /** Read, but not wanted yet. */
  #kept: Buffer | undefined;
  #paused = false;

  /**
   * Takes over from the library between two frames, on a plain TCP socket. Undefined where that cannot be done: the
   * library goes on then.
   */
  static takeOver(webSocket: WebSocket, socket: Socket, frameBytesMax: number, onFrame: (frame: Buffer) => void): DirectReceiver | undefined {
    const handle = (socket as unknown as { _handle?: Partial<StreamHandle> | null })._handle;
    const receiver = (webSocket as unknown as { _receiver?: LibraryReceiver })._receiver;
    const between = receiver?._bufferedBytes === 0 && socket.readableLength === 0;
    if (!between || socket.constructor !== Socket || typeof handle?.useUserBuffer !== 'function') return undefined;
    return new DirectReceiver(socket, handle as StreamHandle, frameBytesMax, onFrame);
  }

  private constructor(socket: Socket, handle: StreamHandle, frameBytesMax: number, onFrame: (frame: Buffer) => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#shared = shared ??= Buffer.allocUnsafeSlow(sharedBytes);
    this.#parser = new FrameParser(frameBytesMax, (frame) => {
      onFrame(frame);
      return !this.#paused;
    });
    this.#throughLibrary = handle.onread;
    handle.useUserBuffer(this.#shared);
    handle.onread = () => this.#onRead();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#handle.readStop();
    this.#handle.reading = false;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) this.#take(kept, kept.length);
    if (this.#stopped()) return;
    this.#handle.reading = true;
    this.#handle.readStart();
  }

  /** Whether reading must not start again: paused once more while the kept frames were taken, or closed. */
  #stopped(): boolean {
    return this.#paused || this.#socket.destroyed;
  }

  #onRead(): unknown {
    const count = bytesOrErrno();
    // The end and errors are the socket's to tell.
    if (count <= 0) return this.#throughLibrary.call(this.#handle);
    if (this.#parser.refused) this.#passOn(Buffer.from(this.#shared.subarray(0, count)));
    else this.#take(this.#shared, count);
    return undefined;
  }

  #take(chunk: Buffer, end: number): void {
    const at = this.#parser.take(chunk, 0, end);
    if (this.#parser.refused) this.#passOn(Buffer.concat([this.#parser.leftover, chunk.subarray(at, end)]));
    else if (at < end) this.#kept = Buffer.from(chunk.subarray(at, end));
  }

  /** To the library, as if it had been read its way. */
  #passOn(bytes: Buffer): void {
    if (!this.#socket.push(bytes)) {
      this.#handle.reading = false;
      this.#handle.readStop();
    }
  }
}
