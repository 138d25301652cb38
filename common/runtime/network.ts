/**
 * Message-framed connections between daemons. Production: WebSocket over TCP or TLS; simulation: memory.
 * A connection delivers frames whole, in order, once, or it closes.
 * @module
 */

/** `host:port`, host in brackets when IPv6. */
export type Address = string;

/** What the owner of a connection handles. Set before the first turn of the event loop ends. */
export interface ConnectionHandlers {
  /** One frame. The bytes are the receiver's to keep. */
  readonly onFrame: (frame: Buffer) => void;
  /** Called once; nothing follows. `reason` is for the log. */
  readonly onClose: (reason: string) => void;
  /** `bufferedBytes` has fallen below the low-water mark after having been above it. */
  readonly onDrain?: () => void;
}

export interface Connection {
  /** The other side, for logs. */
  readonly remoteAddress: Address;
  /** Bytes accepted by `send` that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  setHandlers(handlers: ConnectionHandlers): void;
  /**
   * Sends frames in order, together where possible. Takes over the bytes: they must not change afterwards.
   * Never waits: the caller bounds itself by `bufferedBytes`. Does nothing once closed.
   */
  send(frames: readonly Uint8Array[]): void;
  /** Stops and resumes delivery of frames, and with it the peer's sending. */
  pause(): void;
  resume(): void;
  /** Closes at once; `reason` (short) is sent to the peer where that is possible. */
  close(reason: string): void;
}

export interface Listener {
  /** The address really bound (port 0 resolved). */
  readonly address: Address;
  close(): Promise<void>;
}

/** What is answered to a person's, or Prometheus's, plain GET on an address that listens. */
export interface Page {
  readonly contentType: string;
  readonly text: string;
}

export interface Network {
  /**
   * Rejects with FsError EADDRINUSE, EACCES. `onConnection` must call `setHandlers` synchronously. `page` is asked for what is at a path (`/metrics`);
   * in simulations nobody asks.
   */
  listen(address: Address, onConnection: (connection: Connection) => void, page?: (path: string) => Page | undefined): Promise<Listener>;
  /** Rejects with FsError ECONNREFUSED (nobody listens: the process is gone), ETIMEDOUT or ECONNRESET. */
  connect(address: Address, options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<Connection>;
  /**
   * Frames that came over a connection, which nobody looks at any more, nor sends on: those to come may be put where they are. Nobody has to;
   * what is not given back is collected.
   */
  giveBack(frames: readonly Uint8Array[]): void;
}
