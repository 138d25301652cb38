import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Address, Connection, ConnectionHandlers } from '../network.ts';
import { DirectReceiver } from './direct-receiver.ts';
import type { FramePool } from './frame-pool.ts';

/** How long a peer may take to answer our close before the socket is destroyed. */
const closeMs = 5_000;
/** How long one that sent what is refused may take to hear of it. */
const refusedMs = 1_000;
/** A close frame's reason, RFC 6455 §5.5. */
const reasonBytesMax = 120;
const binary = { binary: true, compress: false, fin: true } as const;

/** One WebSocket as a {@link Connection}. */
export class WebSocketConnection implements Connection {
  readonly remoteAddress: Address;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #handlers: ConnectionHandlers | undefined;
  #corked = false;
  #closed = false;
  #failure: string | undefined;
  /** Reads in the library's place, once the first frame has come. */
  #receiver: DirectReceiver | undefined;
  readonly #uncork = (): void => {
    this.#corked = false;
    this.#socket.uncork();
  };

  constructor(
    webSocket: WebSocket,
    socket: Socket,
    remoteAddress: Address,
    frames: { readonly frameBytesMax: number; readonly pool: FramePool },
  ) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    webSocket.binaryType = 'nodebuffer';
    webSocket.pause(); // until there is someone to hear
    webSocket.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#closed) return;
      if (isBinary) {
        this.#receiver ??= DirectReceiver.takeOver(webSocket, socket, frames, (frame) => this.#onFrame(frame));
        this.#onFrame(data as Buffer);
      } else {
        const failure = 'protocol violation: a text frame';
        webSocket.close(1000, failure);
        this.#refuse(failure);
      }
    });
    webSocket.on('error', (error) => {
      const failure = (this.#failure ??= error.message);
      // After the library's own turn, which is to read on.
      process.nextTick(() => this.#refuse(failure));
    });
    webSocket.on('close', (code, reason) =>
      this.#finish(
        this.#failure ?? (reason.length > 0 ? reason.toString('utf8') : code === 1006 ? 'connection lost' : `closed with code ${code}`),
      ),
    );
    socket.on('drain', () => {
      if (!this.#closed) this.#handlers?.onDrain?.();
    });
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  setHandlers(handlers: ConnectionHandlers): void {
    const first = this.#handlers === undefined;
    this.#handlers = handlers;
    if (first) this.#webSocket.resume();
  }

  send(frames: readonly Uint8Array[]): void {
    if (this.#closed) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(this.#uncork);
    }
    for (const frame of frames) this.#webSocket.send(frame, binary);
  }

  pause(): void {
    if (this.#receiver !== undefined) this.#receiver.pause();
    else this.#webSocket.pause();
  }

  resume(): void {
    if (this.#receiver !== undefined) this.#receiver.resume();
    else this.#webSocket.resume();
  }

  close(reason: string): void {
    this.#fail(reason);
  }

  #onFrame(frame: Buffer): void {
    if (!this.#closed) this.#handlers?.onFrame(frame);
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    this.resume(); // to see the peer's close
    this.#webSocket.close(1000, cut(reason));
    setTimeout(() => this.#webSocket.terminate(), closeMs).unref();
    this.#finish(reason);
  }

  /** A close frame says why. Nothing more is read: the rest of a frame that is too large would only fill memory. */
  #refuse(failure: string): void {
    if (!this.#socket.destroyed) {
      this.#receiver?.pause();
      this.#socket.pause();
      this.#socket.end();
      setTimeout(() => this.#webSocket.terminate(), refusedMs).unref();
    }
    this.#finish(failure);
  }

  #finish(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers?.onClose(reason);
  }
}

/** At most as many UTF-8 bytes as a close frame takes. */
function cut(reason: string): string {
  if (Buffer.byteLength(reason) <= reasonBytesMax) return reason;
  return Buffer.from(reason, 'utf8')
    .subarray(0, reasonBytesMax - 3)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
