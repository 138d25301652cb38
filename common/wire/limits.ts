/** Bounds of one messenger: sizes in bytes, times in milliseconds. What a peer sends beyond them ends its connection. */
export interface WireLimits {
  /** One envelope, encoded. */
  readonly envelopeBytes: number;
  /** One payload frame. */
  readonly payloadFrameBytes: number;
  /** Payload frames of one message. */
  readonly payloadFrames: number;
  /** Payload of one message. */
  readonly payloadBytes: number;
  /** A connection whose unanswered incoming requests hold more than this is not read from. */
  readonly incomingBytes: number;
  /** Requests wait while a connection has more than this to send. */
  readonly sendBytes: number;
  /** A connection that has more than this to send (answers its peer does not take) is not read from. */
  readonly stallBytes: number;
  /** Connections that have not passed their handshake, together. */
  readonly handshakes: number;
  /** An attempt to connect that has no answer for so long is given up for a new one: far less than the leases that wait for it. */
  readonly connectMs: number;
  /** From connection to a complete handshake. */
  readonly handshakeMs: number;
  /** A peer that was silent for so long is asked whether it is there. */
  readonly pingMs: number;
  /** A peer that was silent for so long is gone. */
  readonly silentMs: number;
  /** First wait before a reconnect; doubles up to `backoffMaxMs`. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

/** The largest frame of any kind; the network refuses longer ones before they are read. */
export const frameBytesMax = 8 * 1024 * 1024;

export const defaultLimits: WireLimits = {
  envelopeBytes: 4 * 1024 * 1024,
  payloadFrameBytes: frameBytesMax,
  payloadFrames: 1024,
  payloadBytes: 32 * 1024 * 1024,
  incomingBytes: 64 * 1024 * 1024,
  sendBytes: 8 * 1024 * 1024,
  stallBytes: 64 * 1024 * 1024,
  handshakes: 256,
  connectMs: 1_500,
  handshakeMs: 5_000,
  pingMs: 2_000,
  silentMs: 6_000,
  backoffMinMs: 20,
  backoffMaxMs: 1_000,
};

/** Version of the protocol; peers with another are refused. */
export const protocolVersion = 1;
