/**
 * Envelopes to bytes and back: the one file that sees generated code.
 *
 * The envelope itself is written and read here by hand (its generated class would test seventy fields for
 * each message to find the one that is set); bodies go through the generated code. The bytes are those of
 * `envelope.proto`, which a test checks.
 * @module
 */
import { FsError } from '../errors/fs-error.ts';
import { SafeReader, SlabWriter } from './proto-io.ts';
import { bodies } from './gen/bodies.ts';
import type { ErrorInfo } from './gen/messages.ts';
import { nacre } from './gen/protocol.js';

/** What a body's name says about it. */
export type BodyRole =
  /** Answered by the reply of the same name, under the same id. */
  | 'request'
  | 'reply'
  /** No answer. */
  | 'push';

/** One kind of body: made once per kind, so that kinds compare by identity. */
export interface BodyKind {
  readonly role: BodyRole;
  /** Without its role: `osdOp` of `osdOpRequest`. */
  readonly name: string;
  readonly field: number;
  readonly type: { encode(message: object, writer: unknown): unknown; decode(reader: unknown, length: number): object };
}

/** A decoded envelope. Bytes in `body` are views of the frame. */
export interface DecodedEnvelope {
  readonly id: number;
  readonly payloadFrames: number;
  readonly deadlineMs: number;
  readonly epoch: number;
  readonly error: ErrorInfo | undefined;
  /** Absent when the envelope carries an error (or a body that this version does not know). */
  readonly kind: BodyKind | undefined;
  readonly body: object | undefined;
}

/** What goes out. */
export interface OutgoingEnvelope {
  readonly id: number;
  readonly payloadFrames: number;
  readonly deadlineMs: number;
  readonly epoch: number;
}

const wireTypeVarint = 0;
const wireTypeBytes = 2;

const kindOfField: (BodyKind | undefined)[] = [];
const kinds: Record<BodyRole, Map<string, BodyKind>> = { request: new Map(), reply: new Map(), push: new Map() };
for (const { field, name, type } of bodies) {
  const [, base, suffix] = /^(.*?)(Request|Reply)?$/.exec(name) as unknown as [string, string, string | undefined];
  const role = suffix === undefined ? 'push' : suffix === 'Request' ? 'request' : 'reply';
  const kind = { role, name: base, field, type: nacre[type] as unknown as BodyKind['type'] } as const;
  kindOfField[field] = kind;
  kinds[role].set(base, kind);
}

/** The kind of `name` in `role`. Throws EPROTO when there is none. */
export function bodyKind(role: BodyRole, name: string): BodyKind {
  const kind = kinds[role].get(name);
  if (kind === undefined) throw new FsError('EPROTO', `no ${role} is called ${name}`);
  return kind;
}

const writer = new SlabWriter();
const reader = new SafeReader();

function writeHead(head: OutgoingEnvelope): void {
  writer.begin();
  if (head.id !== 0) writer.uint32(8).uint64(head.id);
  if (head.payloadFrames !== 0) writer.uint32(16).uint32(head.payloadFrames);
  if (head.deadlineMs !== 0) writer.uint32(24).uint32(head.deadlineMs);
  if (head.epoch !== 0) writer.uint32(32).uint64(head.epoch);
}

/** An envelope with a body. Throws EPROTO when a 64-bit field is not a safe integer. */
export function encodeEnvelope(head: OutgoingEnvelope, kind: BodyKind, body: object): Buffer {
  writeHead(head);
  writer.uint32((kind.field << 3) | wireTypeBytes).fork();
  kind.type.encode(body, writer);
  writer.ldelim();
  return writer.take();
}

/** An envelope with an error in place of a reply. */
export function encodeErrorEnvelope(head: OutgoingEnvelope, error: FsError): Buffer {
  writeHead(head);
  writer.uint32((5 << 3) | wireTypeBytes).fork();
  const info = { code: error.code, message: error.message.slice(0, 2048), retry: error.retry, ...error.elsewhere };
  nacre['ErrorInfo']?.encode(info, writer);
  writer.ldelim();
  return writer.take();
}

/** One frame as an envelope. Throws FsError EPROTO for anything malformed. */
export function decodeEnvelope(frame: Buffer): DecodedEnvelope {
  try {
    return decode(frame);
  } catch (error) {
    if (error instanceof FsError) throw error;
    throw new FsError('EPROTO', `malformed message: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    reader.rewind(noBytes); // keeps no frame alive
  }
}

const noBytes = Buffer.alloc(0);

function decode(frame: Buffer): DecodedEnvelope {
  reader.rewind(frame);
  let id = 0;
  let payloadFrames = 0;
  let deadlineMs = 0;
  let epoch = 0;
  let error: ErrorInfo | undefined;
  let kind: BodyKind | undefined;
  let body: object | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field < 5 && wireType === wireTypeVarint) {
      if (field === 1) id = reader.uint64();
      else if (field === 2) payloadFrames = reader.uint32();
      else if (field === 3) deadlineMs = reader.uint32();
      else if (field === 4) epoch = reader.uint64();
      else throw new FsError('EPROTO', 'malformed message: field 0');
      continue;
    }
    if (wireType === wireTypeBytes && field === 5) {
      error = nacre['ErrorInfo']?.decode(reader, reader.size()) as ErrorInfo;
      continue;
    }
    const found = kindOfField[field];
    if (found === undefined) {
      reader.skipType(wireType);
      continue;
    }
    if (wireType !== wireTypeBytes || kind !== undefined)
      throw new FsError('EPROTO', `malformed message: ${kind === undefined ? 'a body of another type' : 'two bodies'}`);
    kind = found;
    body = kind.type.decode(reader, reader.size());
  }
  if (error !== undefined && kind !== undefined) throw new FsError('EPROTO', 'malformed message: both an error and a body');
  return { id, payloadFrames, deadlineMs, epoch, error, kind, body };
}
