/**
 * Frames of one connection as messages: an envelope and the payload frames it announces.
 *
 *   connection ─frames─▶ MessageStream ─(envelope, payload, bytes)─▶ handshake, then session
 *
 * Whatever the protocol does not allow ends the connection here, with a reason.
 * @module
 */
import { FsError, toFsError } from '../errors/fs-error.ts';
import type { Connection } from '../runtime/network.ts';
import { decodeEnvelope, type DecodedEnvelope } from './codec.ts';
import type { WireLimits } from './limits.ts';

/** What the owner of a stream does with it; replaced when the handshake is over. */
export interface StreamOwner {
  /** A throw of FsError EPROTO ends the connection. */
  onMessage(envelope: DecodedEnvelope, payload: readonly Buffer[], bytes: number): void;
  onClosed(reason: string): void;
  onDrain(): void;
}

const noPayload: readonly Buffer[] = [];

export class MessageStream {
  readonly connection: Connection;
  readonly #limits: WireLimits;
  #owner: StreamOwner;
  #head: DecodedEnvelope | undefined;
  #frames: Buffer[] = [];
  #bytes = 0;
  #closed = false;
  /** Whether anything was received since it was last set to false. */
  heard = true;

  constructor(connection: Connection, limits: WireLimits, owner: StreamOwner) {
    this.connection = connection;
    this.#limits = limits;
    this.#owner = owner;
    connection.setHandlers({
      onFrame: (frame) => this.#onFrame(frame),
      onClose: (reason) => this.#finish(reason),
      onDrain: () => {
        if (!this.#closed) this.#owner.onDrain();
      },
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  set owner(owner: StreamOwner) {
    this.#owner = owner;
  }

  /** Ends the connection; `onClosed` is called before it returns. Harmless when it is closed. */
  close(reason: string): void {
    if (this.#closed) return;
    this.connection.close(reason);
    this.#finish(reason);
  }

  #finish(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#head = undefined;
    this.#frames = [];
    this.#owner.onClosed(reason);
  }

  #onFrame(frame: Buffer): void {
    if (this.#closed) return;
    this.heard = true;
    try {
      if (this.#head === undefined) this.#onEnvelope(frame);
      else this.#onPayload(this.#head, frame);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      this.close(`protocol violation: ${toFsError(error).message}`);
    }
  }

  #onEnvelope(frame: Buffer): void {
    if (frame.length > this.#limits.envelopeBytes)
      throw new FsError('EPROTO', `envelope of ${frame.length} bytes, limit ${this.#limits.envelopeBytes}`);
    const envelope = decodeEnvelope(frame);
    if (envelope.payloadFrames === 0) {
      this.#owner.onMessage(envelope, noPayload, frame.length);
      return;
    }
    if (envelope.payloadFrames > this.#limits.payloadFrames)
      throw new FsError('EPROTO', `${envelope.payloadFrames} payload frames announced, limit ${this.#limits.payloadFrames}`);
    this.#head = envelope;
    this.#bytes = frame.length;
  }

  #onPayload(head: DecodedEnvelope, frame: Buffer): void {
    if (frame.length > this.#limits.payloadFrameBytes)
      throw new FsError('EPROTO', `payload frame of ${frame.length} bytes, limit ${this.#limits.payloadFrameBytes}`);
    this.#bytes += frame.length;
    if (this.#bytes > this.#limits.payloadBytes + this.#limits.envelopeBytes)
      throw new FsError('EPROTO', `message above ${this.#limits.payloadBytes} payload bytes`);
    this.#frames.push(frame);
    if (this.#frames.length < head.payloadFrames) return;
    const payload = this.#frames;
    this.#head = undefined;
    this.#frames = [];
    this.#owner.onMessage(head, payload, this.#bytes);
  }
}
