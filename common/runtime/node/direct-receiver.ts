/**
 * Receives a WebSocket's frames with one copy and one allocation each: reads go into a buffer that all connections
 * share, and frames are cut out of it. The library's way allocates 64 KiB for each read and joins the pieces, which
 * doubles the memory that passes through; its collection took 30 % of an OSD's processor time in sequential writes.
 * See docs/DEPENDENCIES.md.
 * @module
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { assert } from '../../errors/assert.ts';
import { FrameParser, type FrameParserOptions } from './frame-parser.ts';
import { bytesOrErrno, type StreamHandle, streamHandle } from './libuv-streams.ts';

const sharedBytes = 256 * 1024;
/** Filled by one read and emptied before the next, whatever the connection. */
let shared: Buffer | undefined;

interface LibraryReceiver {
  readonly _bufferedBytes?: number;
  readonly _isServer?: boolean;
}

export class DirectReceiver {
  readonly #socket: Socket;
  readonly #handle: StreamHandle;
  readonly #parser: FrameParser;
  readonly #shared: Buffer;
  readonly #throughLibrary: StreamHandle['onread'];
  /** Read, but not wanted yet. There is no reading while there is something here. */
  #kept: Buffer | undefined;
  #paused = false;

  /**
   * Takes over from the library between two frames, on a plain TCP socket that is not paused. Undefined where that
   * cannot be done: the library goes on then. `onFrame` may pause, resume and close; when it throws, the socket is
   * destroyed, as the rest of what was read is lost.
   */
  static takeOver(
    webSocket: WebSocket,
    socket: Socket,
    { frameBytesMax, pool }: Pick<FrameParserOptions, 'frameBytesMax' | 'pool'>,
    onFrame: (frame: Buffer) => void,
  ): DirectReceiver | undefined {
    const receiver = (webSocket as unknown as { _receiver?: LibraryReceiver })._receiver;
    const between = receiver?._bufferedBytes === 0 && socket.readableLength === 0;
    if (!between || receiver._isServer === undefined || webSocket.isPaused) return undefined;
    const handle = streamHandle(socket);
    return handle && new DirectReceiver(socket, handle, { frameBytesMax, pool, masked: receiver._isServer }, onFrame);
  }

  private constructor(socket: Socket, handle: StreamHandle, options: FrameParserOptions, onFrame: (frame: Buffer) => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#shared = shared ??= Buffer.allocUnsafeSlow(sharedBytes);
    this.#parser = new FrameParser(options, (frame) => {
      onFrame(frame);
      return !this.#paused;
    });
    this.#throughLibrary = handle.onread;
    handle.useUserBuffer(this.#shared);
    handle.onread = () => this.#onRead();
    // The socket starts a handle that it believes idle whenever it wants more. It must not undo a pause.
    handle.reading = true;
    handle.readStart();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#handle.readStop();
  }

  /** Delivers nothing before it returns: the caller may be in the middle of something. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#kept === undefined) this.#handle.readStart();
    else process.nextTick(() => this.#takeKept());
  }

  #takeKept(): void {
    const kept = this.#kept;
    if (this.#paused || kept === undefined) return;
    this.#kept = undefined;
    this.#take(kept, kept.length);
    if (!this.#isPaused()) this.#handle.readStart();
  }

  /** Asked anew, after handlers have run. */
  #isPaused(): boolean {
    return this.#paused;
  }

  #onRead(): unknown {
    const count = bytesOrErrno();
    // The end and errors are the socket's to tell.
    if (count <= 0) return this.#throughLibrary.call(this.#handle);
    assert(this.#kept === undefined, 'read past bytes that were kept');
    if (this.#parser.refused) this.#passOn(Buffer.from(this.#shared.subarray(0, count)));
    else this.#take(this.#shared, count);
    return undefined;
  }

  #take(chunk: Buffer, end: number): void {
    let at: number;
    try {
      at = this.#parser.take(chunk, 0, end);
    } catch (error) {
      this.#socket.destroy();
      throw error;
    }
    if (this.#parser.refused) this.#passOn(Buffer.concat([this.#parser.leftover, chunk.subarray(at, end)]));
    else if (at < end) this.#kept = Buffer.from(chunk.subarray(at, end));
  }

  /** To the library, as if it had been read its way. It never holds it for longer than this turn: no need to wait. */
  #passOn(bytes: Buffer): void {
    this.#socket.push(bytes);
  }
}
