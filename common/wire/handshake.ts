/**
 * The first message of each side. The one that connected speaks first; the one that listens answers with its
 * own Hello, or with an error that says why not and closes.
 *
 *   connector ──Hello──▶ listener          connector ◀──Hello── listener          session
 *                              └───error, close──▶ connector logs the reason
 * @module
 */
import { FsError, isErrorCode } from '../errors/fs-error.ts';
import { parseEntityName, type EntityName, type InstanceId } from '../maps/ids.ts';
import type { Env } from '../runtime/env.ts';
import type { Connection } from '../runtime/network.ts';
import { bodyKind, encodeEnvelope, encodeErrorEnvelope, type DecodedEnvelope } from './codec.ts';
import type { Hello } from './gen/messages.ts';
import { protocolVersion, type WireLimits } from './limits.ts';
import { MessageStream } from './message-stream.ts';
import type { Peer } from './session.ts';

/** Who we are. */
export interface Identity {
  readonly entity: EntityName;
  readonly instance: InstanceId;
  /** Empty: not known yet (a client's first mount); the listener's is taken. */
  readonly fsid: string;
}

/** A finished handshake. The stream's owner must be set before the turn ends. */
export interface Greeted {
  readonly stream: MessageStream;
  readonly peer: Peer;
  readonly fsid: string;
}

export interface HandshakeOptions {
  readonly identity: Identity;
  readonly limits: WireLimits;
  /** Connector only: who should answer; `mon.*` accepts any monitor. */
  readonly expected?: EntityName;
  readonly address: string;
  /** Exactly one of the two is called, once. */
  readonly onGreeted: (greeted: Greeted) => void;
  /** EPROTO 'never' when the peers cannot ever talk, ESTALE 'safe' when another daemon has that address, else ECONNRESET. */
  readonly onFailed: (error: FsError) => void;
}

const headless = { id: 0, payloadFrames: 0, deadlineMs: 0, epoch: 0 };
const helloBytesMax = 4096;

/** Greets as the side that connected. */
export function greet(env: Env, connection: Connection, options: HandshakeOptions): MessageStream {
  const stream = run(env, connection, options, (hello) => {
    refuseMismatch(hello, options);
    return { fsid: hello.fsid, answer: false };
  });
  connection.send([helloOf(options.identity)]);
  return stream;
}

/** Waits for a greeting as the side that listens. */
export function awaitGreeting(env: Env, connection: Connection, options: HandshakeOptions): MessageStream {
  return run(env, connection, options, (hello) => {
    refuseMismatch(hello, options);
    return { fsid: options.identity.fsid, answer: true };
  });
}

function helloOf(identity: Identity): Buffer {
  return encodeEnvelope(headless, bodyKind('push', 'hello'), {
    protocol: protocolVersion,
    fsid: identity.fsid,
    entity: identity.entity,
    instance: identity.instance,
  });
}

function run(
  env: Env,
  connection: Connection,
  options: HandshakeOptions,
  accept: (hello: Hello) => { fsid: string; answer: boolean },
): MessageStream {
  let settled = false;
  const settle = (): boolean => {
    if (settled) return false;
    settled = true;
    timer.cancel();
    return true;
  };
  const fail = (error: FsError): void => {
    if (settle()) options.onFailed(error);
  };
  const timer = env.clock.setTimer(options.limits.handshakeMs, () => {
    fail(new FsError('ETIMEDOUT', `no handshake within ${options.limits.handshakeMs} ms`, { retry: 'safe' }));
    stream.close('handshake timed out');
  });
  const stream = new MessageStream(connection, options.limits, {
    onDrain: () => undefined,
    onClosed: (reason) => fail(new FsError('ECONNRESET', reason, { retry: 'safe' })),
    onMessage: (envelope, _payload, bytes) => {
      try {
        const hello = readHello(envelope, bytes);
        const { fsid, answer } = accept(hello);
        settle();
        if (answer) connection.send([helloOf({ ...options.identity, fsid })]);
        options.onGreeted({
          stream,
          fsid,
          peer: { entity: hello.entity as EntityName, instance: hello.instance as InstanceId, address: options.address },
        });
      } catch (error) {
        if (!(error instanceof FsError)) throw error;
        if (envelope.error === undefined) connection.send([encodeErrorEnvelope(headless, error)]);
        fail(error);
        stream.close(error.message);
      }
    },
  });
  return stream;
}

function readHello(envelope: DecodedEnvelope, bytes: number): Hello {
  if (envelope.error !== undefined) {
    const { code, message, retry } = envelope.error;
    throw new FsError(isErrorCode(code) ? code : 'EPROTO', `refused by the peer: ${message}`, {
      retry: retry === 'safe' ? 'safe' : 'never',
    });
  }
  if (envelope.kind?.name !== 'hello' || envelope.id !== 0 || envelope.payloadFrames !== 0 || bytes > helloBytesMax) {
    throw new FsError('EPROTO', 'the first message is not a hello', { retry: 'safe' });
  }
  return envelope.body as Hello;
}

function refuseMismatch(hello: Hello, { identity, expected }: HandshakeOptions): void {
  if (hello.protocol !== protocolVersion) {
    throw new FsError(
      'EPROTO',
      `protocol version ${hello.protocol}, but ${identity.entity} speaks ${protocolVersion}: run the same release everywhere`,
    );
  }
  const entity = parseEntityName(hello.entity);
  if (entity === undefined || hello.instance === 0) throw new FsError('EPROTO', 'hello without a valid entity name and instance');
  if (expected !== undefined && !matches(expected, hello.entity)) {
    throw new FsError('ESTALE', `expected ${expected}, but ${hello.entity} answers there`, { retry: 'safe' });
  }
  if (hello.fsid === identity.fsid) return;
  if (expected === undefined && hello.fsid === '' && entity.type === 'client') return;
  if (expected !== undefined && identity.fsid === '' && hello.fsid !== '') return;
  throw new FsError(
    'EPROTO',
    `cluster ${hello.fsid || '(none)'}, but ${identity.entity} belongs to ${identity.fsid || '(none)'}: check the addresses and fsid in the configuration`,
  );
}

function matches(expected: EntityName, actual: string): boolean {
  return expected === actual || (expected.endsWith('.*') && actual.startsWith(expected.slice(0, -1)));
}
