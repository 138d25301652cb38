/**
 * What services see of the wire: typed requests, replies and pushes on one connection per pair of daemons.
 * Implemented by `messenger.ts`; the bytes are drawn in docs/PROTOCOL.md.
 * @module
 */
import type { EntityName, Epoch, InstanceId } from '../maps/ids.ts';
import type { Family } from '../metrics/exposition.ts';
import type { Init, Pushes, Requests } from './gen/messages.ts';

export type RequestName = keyof Requests;
export type PushName = keyof Pushes;

export interface RequestOptions {
  /** Milliseconds until FsError ETIMEDOUT ('maybe-applied'). Required: nothing waits for ever by accident. */
  readonly timeoutMs: number;
  /** Aborting cancels at the peer too and rejects with ECANCELED ('maybe-applied'). */
  readonly signal?: AbortSignal;
  /** Bulk data, sent as frames of its own, uncopied. The bytes must not change until the reply. */
  readonly payload?: readonly Uint8Array[];
}

export interface Reply<K extends RequestName> {
  readonly message: Requests[K]['reply'];
  /** The reply's bulk data, one view per frame; the caller's to keep. */
  readonly payload: readonly Buffer[];
}

/** The other end of a connection, as its handshake proved. */
export interface Peer {
  readonly entity: EntityName;
  readonly instance: InstanceId;
  readonly address: string;
}

/** A connection that was accepted or made. Ends with it: see {@link PeerLink} for one that comes back. */
export interface Session {
  readonly peer: Peer;
  readonly closed: boolean;
  /** For how long nothing was heard of the peer, which is asked for a sign of life meanwhile: at least so long, in steps of `pingMs`. */
  readonly silentMs: number;
  /** Rejects with the peer's FsError, or ETIMEDOUT, ECANCELED, ECONNRESET (all three 'maybe-applied'). */
  request<K extends RequestName>(name: K, message: Init<Requests[K]['request']>, options: RequestOptions): Promise<Reply<K>>;
  /** Sends without an answer. Dropped silently once closed. */
  push<K extends PushName>(name: K, message: Init<Pushes[K]>, payload?: readonly Uint8Array[]): void;
  close(reason: string): void;
}

/** A request as its handler sees it. */
export interface IncomingRequest<K extends RequestName> {
  readonly session: Session;
  readonly message: Requests[K]['request'];
  readonly payload: readonly Buffer[];
  /** What it takes in memory until it is answered, about. */
  readonly bytes: number;
  /** Aborts when the peer cancels, its deadline passes or the connection closes. */
  readonly signal: AbortSignal;
}

export interface OutgoingReply<K extends RequestName> {
  readonly message: Init<Requests[K]['reply']>;
  readonly payload?: readonly Uint8Array[];
}

export type RequestHandler<K extends RequestName> = (incoming: IncomingRequest<K>) => Promise<OutgoingReply<K>> | OutgoingReply<K>;
export type PushHandler<K extends PushName> = (session: Session, message: Pushes[K], payload: readonly Buffer[]) => void;

/** Routes by message name. A request without a handler is answered ENOSYS; a handler's throw becomes the reply's error. */
export interface Router {
  handle<K extends RequestName>(name: K, handler: RequestHandler<K>): void;
  /** Whoever has asked is told of a push, whatever session it comes on. */
  onPush<K extends PushName>(name: K, handler: PushHandler<K>): void;
  /** A connection passed its handshake, either way round. */
  onSessionOpen(fn: (session: Session) => void): void;
  /** Called once for each opened session. */
  onSessionClosed(fn: (session: Session, reason: string) => void): void;
}

/**
 * A lasting link to one daemon at one address: connects on first use, reconnects with backoff (jittered,
 * 20 ms doubling to 1 s), and reports what it meets. Requests wait for the connection within their deadline;
 * those in flight when it breaks reject with ECONNRESET.
 */
export interface PeerLink {
  readonly address: string;
  readonly entity: EntityName;
  /** The open session, or undefined while disconnected. */
  readonly session: Session | undefined;
  request<K extends RequestName>(name: K, message: Init<Requests[K]['request']>, options: RequestOptions): Promise<Reply<K>>;
  /** Sends if connected, else drops. */
  push<K extends PushName>(name: K, message: Init<Pushes[K]>, payload?: readonly Uint8Array[]): void;
  /** An attempt failed: `refused` means that nobody listens there. Returns the unsubscriber. */
  onUnreachable(fn: (refused: boolean) => void): () => void;
  close(reason: string): void;
}

/** A daemon's end of the wire. */
export interface Messenger extends Router {
  readonly entity: EntityName;
  readonly instance: InstanceId;
  /** Epoch put in every envelope; the daemon keeps it current. A peer's newer one is reported by `onNewerEpoch`. */
  epoch: Epoch;
  onNewerEpoch(fn: (session: Session, epoch: Epoch) => void): void;
  /** Accepts connections. Resolves to the address bound (port 0 resolved). `metrics`: what Prometheus finds there under /metrics. */
  listen(address: string, metrics?: () => readonly Family[]): Promise<string>;
  /** The link to `entity` at `address`, made on first use; the same one until it is closed. For another `purpose` there is another. */
  link(entity: EntityName, address: string, purpose?: string): PeerLink;
  /** Sessions open now. */
  readonly sessions: ReadonlySet<Session>;
  /** Closes everything; resolves when no connection is left. */
  stop(): Promise<void>;
}
