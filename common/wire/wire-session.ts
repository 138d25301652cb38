/**
 * A connection after its handshake: requests out, requests in, replies, pushes.
 *
 * Invariants: every request of ours ends exactly once (reply, error, deadline, cancellation or the end of the
 * connection); every request of the peer's is answered at most once; requests leave in the order of the calls.
 * Backpressure: ours wait while the connection has `sendBytes` to send; the peer's are not read while those
 * unanswered hold `incomingBytes`, or while it does not take our answers (`stallBytes`).
 * @module
 */
import { AssertionError } from '../errors/assert.ts';
import { FsError, isErrorCode, toFsError } from '../errors/fs-error.ts';
import type { Retry } from '../errors/fs-error.ts';
import type { Env } from '../runtime/env.ts';
import { bodyKind, encodeEnvelope, encodeErrorEnvelope, type BodyKind, type DecodedEnvelope } from './codec.ts';
import type { DeadlineWheel } from './deadlines.ts';
import type { ErrorInfo } from './gen/messages.ts';
import { Incoming } from './incoming.ts';
import type { WireLimits } from './limits.ts';
import type { MessageStream, StreamOwner } from './message-stream.ts';
import { Pending } from './pending.ts';
import type { OutgoingReply, Peer, PushHandler, PushName, Reply, RequestHandler, RequestName, RequestOptions, Session } from './session.ts';

/** What a session needs of its messenger. */
export interface SessionHost {
  readonly env: Env;
  readonly limits: WireLimits;
  readonly wheel: DeadlineWheel;
  readonly epoch: number;
  requestHandler(name: string): RequestHandler<RequestName> | undefined;
  pushHandlers(name: string): readonly PushHandler<PushName>[];
  sawEpoch(session: Session, epoch: number): void;
  sessionClosed(session: WireSession, reason: string): void;
}

/** Counted for each unanswered request beside its bytes. */
const requestOverheadBytes = 512;

export class WireSession implements Session, StreamOwner {
  readonly peer: Peer;
  readonly #host: SessionHost;
  readonly #stream: MessageStream;
  readonly #pending = new Map<number, Pending>();
  readonly #incoming = new Map<number, Incoming>();
  /** Requests that wait for the connection to drain, oldest first (those given up are skipped). */
  #waiting: Pending[] = [];
  #lastId = 0;
  #incomingBytes = 0;
  #paused = false;
  #silentMs = 0;
  #bufferedAtCheck = 0;

  constructor(host: SessionHost, stream: MessageStream, peer: Peer) {
    this.peer = peer;
    this.#host = host;
    this.#stream = stream;
    stream.owner = this;
  }

  get closed(): boolean {
    return this.#stream.closed;
  }

  get silentMs(): number {
    return this.#silentMs;
  }

  request<K extends RequestName>(name: K, message: object, options: RequestOptions): Promise<Reply<K>> {
    const host = this.#host;
    if (this.#stream.closed)
      return Promise.reject(new FsError('ECONNRESET', `${name}: the connection to ${this.peer.entity} is closed`, { retry: 'safe' }));
    if (options.signal?.aborted === true)
      return Promise.reject(new FsError('ECANCELED', `${name}: cancelled by the caller`, { retry: 'safe' }));
    const id = ++this.#lastId;
    let frames: Uint8Array[];
    try {
      const payload = options.payload;
      const payloadFrames = payload === undefined ? 0 : checkPayload(payload, host.limits);
      const head = encodeEnvelope(
        { id, payloadFrames, deadlineMs: Math.min(Math.ceil(options.timeoutMs), 0x7fffffff), epoch: host.epoch },
        bodyKind('request', name),
        message,
      );
      checkEnvelope(name, head, host.limits);
      frames = payload === undefined ? [head] : [head, ...payload];
    } catch (error) {
      return Promise.reject(toFsError(error));
    }
    const pending = new Pending(id, name, bodyKind('reply', name), host.wheel, options, (given) => this.#onGiveUp(given));
    this.#pending.set(id, pending);
    if (this.#waiting.length > 0 || this.#stream.connection.bufferedBytes > host.limits.sendBytes) {
      pending.frames = frames;
      this.#waiting.push(pending);
    } else {
      pending.state = 'sent';
      this.#stream.connection.send(frames);
    }
    return pending.promise as Promise<Reply<K>>;
  }

  push(name: PushName, message: object, payload?: readonly Uint8Array[]): void {
    if (this.#stream.closed) return;
    const payloadFrames = payload === undefined ? 0 : checkPayload(payload, this.#host.limits);
    this.#send({ id: 0, payloadFrames, deadlineMs: 0, epoch: this.#host.epoch }, bodyKind('push', name), message, payload);
  }

  close(reason: string): void {
    this.#stream.close(reason);
  }

  /** Called every `elapsedMs`: asks a silent peer whether it is there, gives up on one that stays silent. */
  checkAlive(elapsedMs: number): void {
    const buffered = this.#stream.connection.bufferedBytes;
    const progress =
      this.#stream.heard || (this.#paused && (buffered < this.#bufferedAtCheck || this.#incomingBytes > this.#host.limits.incomingBytes));
    this.#bufferedAtCheck = buffered;
    this.#stream.heard = false;
    if (progress) {
      this.#silentMs = 0;
      return;
    }
    this.#silentMs += elapsedMs;
    if (this.#silentMs >= this.#host.limits.silentMs) this.close(`heard nothing for ${this.#silentMs} ms`);
    else this.push('ping', {});
  }

  onMessage(envelope: DecodedEnvelope, payload: readonly Buffer[], bytes: number): void {
    if (envelope.epoch > this.#host.epoch) this.#host.sawEpoch(this, envelope.epoch);
    const kind = envelope.kind;
    if (kind === undefined || kind.role === 'reply') this.#onReply(envelope, kind, payload);
    else if (kind.role === 'request') this.#onRequest(envelope, kind, payload, bytes);
    else this.#onPush(envelope, kind, payload);
  }

  onDrain(): void {
    const { connection } = this.#stream;
    let sent = 0;
    while (sent < this.#waiting.length && connection.bufferedBytes <= this.#host.limits.sendBytes) {
      const pending = this.#waiting[sent++] as Pending;
      if (pending.frames === undefined) continue;
      pending.state = 'sent';
      const frames = pending.frames;
      pending.frames = undefined;
      connection.send(frames);
    }
    this.#waiting = sent === this.#waiting.length ? [] : this.#waiting.slice(sent);
    this.#updatePause();
  }

  onClosed(reason: string): void {
    for (const incoming of this.#incoming.values()) incoming.abort('the connection closed');
    this.#incoming.clear();
    this.#incomingBytes = 0;
    this.#waiting = [];
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) {
      const retry = request.state === 'sent' ? 'maybe-applied' : 'safe';
      request.reject(
        new FsError('ECONNRESET', `${request.name}: connection to ${this.peer.entity} at ${this.peer.address} lost: ${reason}`, { retry }),
      );
    }
    this.#host.sessionClosed(this, reason);
  }

  #onReply(envelope: DecodedEnvelope, kind: BodyKind | undefined, payload: readonly Buffer[]): void {
    const error = envelope.error;
    if (kind === undefined && error === undefined) throw new FsError('EPROTO', 'a message of a kind unknown here');
    if (envelope.id === 0)
      throw new FsError('EPROTO', error === undefined ? 'a reply without an id' : `the peer reports: ${error.code} ${error.message}`);
    const pending = this.#pending.get(envelope.id);
    if (pending === undefined) {
      if (envelope.id > this.#lastId) throw new FsError('EPROTO', `a reply to request ${envelope.id}, which was never sent`);
      return; // given up before its answer came
    }
    if (pending.state !== 'sent') throw new FsError('EPROTO', `a reply to request ${envelope.id} before it was sent`);
    if (kind !== undefined && kind !== pending.replyKind) throw new FsError('EPROTO', `a ${kind.name} reply to a ${pending.name} request`);
    this.#pending.delete(envelope.id);
    if (error !== undefined) pending.reject(errorOf(error));
    else pending.resolve({ message: envelope.body as never, payload });
  }

  #onRequest(envelope: DecodedEnvelope, kind: BodyKind, payload: readonly Buffer[], bytes: number): void {
    const { id } = envelope;
    if (id === 0) throw new FsError('EPROTO', `a ${kind.name} request without an id`);
    if (this.#incoming.has(id)) throw new FsError('EPROTO', `request id ${id} used twice`);
    const incoming = new Incoming(this, envelope, payload, bytes + requestOverheadBytes, this.#host.wheel);
    this.#incoming.set(id, incoming);
    this.#incomingBytes += incoming.bytes;
    if (this.#incomingBytes > this.#host.limits.incomingBytes) this.#updatePause();
    const handler = this.#host.requestHandler(kind.name);
    if (handler === undefined) {
      this.#fail(incoming, kind.name, new FsError('ENOSYS', `${kind.name} is not served here`));
      return;
    }
    try {
      const answer = handler(incoming);
      if (answer instanceof Promise) {
        answer.then(
          (reply) => this.#answer(incoming, kind.name, reply),
          (error: unknown) => this.#fail(incoming, kind.name, error),
        );
      } else this.#answer(incoming, kind.name, answer);
    } catch (error) {
      this.#fail(incoming, kind.name, error);
    }
  }

  #answer(incoming: Incoming, name: string, reply: OutgoingReply<RequestName>): void {
    if (!this.#release(incoming)) return;
    try {
      const payloadFrames = reply.payload === undefined ? 0 : checkPayload(reply.payload, this.#host.limits);
      this.#send(
        { id: incoming.id, payloadFrames, deadlineMs: 0, epoch: this.#host.epoch },
        bodyKind('reply', name),
        reply.message,
        reply.payload,
      );
    } catch (error) {
      this.#sendError(incoming.id, name, error);
    }
  }

  #fail(incoming: Incoming, name: string, error: unknown): void {
    const open = this.#release(incoming);
    if (error instanceof AssertionError) this.#host.env.spawn(`request ${name}`, () => Promise.reject(error));
    if (open) this.#sendError(incoming.id, name, error);
  }

  #sendError(id: number, name: string, error: unknown): void {
    const answer = toFsError(error);
    if (!(error instanceof FsError))
      this.#host.env.log.error({ peer: this.peer.entity, request: name, err: error }, 'a request handler failed unexpectedly');
    this.#stream.connection.send([encodeErrorEnvelope({ id, payloadFrames: 0, deadlineMs: 0, epoch: this.#host.epoch }, answer)]);
  }

  /** No longer unanswered. False when the connection has closed meanwhile. */
  #release(incoming: Incoming): boolean {
    incoming.finish();
    if (!this.#incoming.delete(incoming.id)) return false;
    this.#incomingBytes -= incoming.bytes;
    if (this.#paused) this.#updatePause();
    return true;
  }

  #onPush(envelope: DecodedEnvelope, kind: BodyKind, payload: readonly Buffer[]): void {
    switch (kind.name) {
      case 'cancel':
        this.#incoming.get(envelope.id)?.abort('cancelled by the peer');
        return;
      case 'ping':
        this.push('pong', {});
        return;
      case 'pong':
        return;
      case 'hello':
        throw new FsError('EPROTO', 'a second hello');
      default: {
        if (envelope.id !== 0) throw new FsError('EPROTO', `a ${kind.name} push with an id`);
        const handlers = this.#host.pushHandlers(kind.name);
        if (handlers.length === 0) this.#host.env.log.debug({ peer: this.peer.entity, push: kind.name }, 'push without a handler dropped');
        for (const handler of handlers) handler(this, envelope.body as never, payload);
      }
    }
  }

  #send(head: Parameters<typeof encodeEnvelope>[0], kind: BodyKind, message: object, payload: readonly Uint8Array[] | undefined): void {
    const envelope = encodeEnvelope(head, kind, message);
    checkEnvelope(kind.name, envelope, this.#host.limits);
    const { connection } = this.#stream;
    connection.send(payload === undefined || payload.length === 0 ? [envelope] : [envelope, ...payload]);
    if (connection.bufferedBytes > this.#host.limits.stallBytes) this.#updatePause();
  }

  #onGiveUp(pending: Pending): void {
    this.#pending.delete(pending.id);
    if (pending.state === 'sent' && !this.#stream.closed) {
      this.#stream.connection.send([
        encodeEnvelope({ id: pending.id, payloadFrames: 0, deadlineMs: 0, epoch: 0 }, bodyKind('push', 'cancel'), {}),
      ]);
    }
  }

  #updatePause(): void {
    const { incomingBytes, stallBytes } = this.#host.limits;
    const full = this.#incomingBytes > incomingBytes || this.#stream.connection.bufferedBytes > stallBytes;
    if (full === this.#paused || this.#stream.closed) return;
    // Resumes at half, so that it does not flutter.
    if (!full && (this.#incomingBytes > incomingBytes / 2 || this.#stream.connection.bufferedBytes > stallBytes / 2)) return;
    this.#paused = full;
    if (full) this.#stream.connection.pause();
    else this.#stream.connection.resume();
  }
}

/** Throws E2BIG when a message is longer than its receiver takes: that would end the connection, and again when it is back. */
function checkEnvelope(name: string, envelope: Buffer, limits: WireLimits): void {
  if (envelope.length > limits.envelopeBytes)
    throw new FsError('E2BIG', `${name}: a message of ${envelope.length} bytes, limit ${limits.envelopeBytes}`);
}

/** Number of frames. Throws EINVAL when a limit is exceeded: the peer would disconnect. */
function checkPayload(payload: readonly Uint8Array[], limits: WireLimits): number {
  let bytes = 0;
  for (const frame of payload) {
    if (frame.length > limits.payloadFrameBytes)
      throw new FsError('EINVAL', `payload frame of ${frame.length} bytes, limit ${limits.payloadFrameBytes}`);
    bytes += frame.length;
  }
  if (payload.length > limits.payloadFrames || bytes > limits.payloadBytes) {
    throw new FsError(
      'EINVAL',
      `payload of ${payload.length} frames and ${bytes} bytes, limits ${limits.payloadFrames} and ${limits.payloadBytes}`,
    );
  }
  return payload.length;
}

const retries: ReadonlySet<string> = new Set<Retry>(['safe', 'maybe-applied', 'never']);

function errorOf(info: ErrorInfo): FsError {
  const retry = retries.has(info.retry) ? (info.retry as Retry) : 'never';
  const { code, message, ino, rank } = info;
  if (code === 'EREMOTE') return new FsError(code, message, { retry, elsewhere: { ino, rank } });
  return new FsError(isErrorCode(code) ? code : 'EIO', message, { retry });
}
