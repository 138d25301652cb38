import test from 'ava';
import fc from 'fast-check';
import { FsError } from '../../../../common/errors/fs-error.ts';
import { bodyKind, decodeEnvelope, encodeEnvelope, encodeErrorEnvelope } from '../../../../common/wire/codec.ts';
import { bodies } from '../../../../common/wire/gen/bodies.ts';
import { nacre } from '../../../../common/wire/gen/protocol.js';

const head = { id: 300, payloadFrames: 2, deadlineMs: 5_000, epoch: 2 ** 40 + 3 };
const request = {
  epoch: 7,
  pool: 3,
  object: 'e\u0301\u{1F600}',
  instance: Number.MAX_SAFE_INTEGER,
  tid: 2 ** 32,
  ops: [
    { kind: 3 as const, offset: 2 ** 45, payloadFrames: 2 },
    { kind: 16 as const, entries: [{ key: Buffer.from('k'), value: Buffer.alloc(40_000, 9) }] },
  ],
};

function malformed(bytes: Buffer): boolean {
  try {
    decodeEnvelope(bytes);
    return false;
  } catch (error) {
    if (error instanceof FsError && error.code === 'EPROTO') return true;
    throw error;
  }
}

test('codec: an envelope → the bytes that the generated code for envelope.proto makes', (t) => {
  const ours = encodeEnvelope(head, bodyKind('request', 'osdOp'), request);
  t.deepEqual(ours, Buffer.from(nacre.Envelope.encode({ ...head, osdOpRequest: request }).finish()));
});

test('codec: golden bytes → never change', (t) => {
  t.is(
    encodeEnvelope({ id: 1, payloadFrames: 0, deadlineMs: 1000, epoch: 2 }, bodyKind('request', 'mapGet'), { haveEpoch: 128 }).toString(
      'hex',
    ),
    '080118e8072002ba0603088001',
  );
  t.is(
    encodeErrorEnvelope({ id: 5, payloadFrames: 0, deadlineMs: 0, epoch: 0 }, new FsError('ENOENT', 'gone')).toString('hex'),
    '08052a150a06454e4f454e541204676f6e651a056e65766572',
  );
});

test('codec: encoded and decoded → equal, bytes as views of the frame', (t) => {
  const bytes = encodeEnvelope(head, bodyKind('request', 'osdOp'), request);
  const { body, kind, ...rest } = decodeEnvelope(bytes);
  t.is(kind, bodyKind('request', 'osdOp'));
  t.deepEqual(rest, { ...head, error: undefined });
  const decoded = body as typeof request;
  t.is(decoded.instance, request.instance);
  t.is(decoded.ops[0]?.offset, 2 ** 45);
  t.is(decoded.object, request.object);
  const value = decoded.ops[1]?.entries?.[0]?.value as Buffer;
  t.is(value.length, 40_000);
  t.is(value.buffer, bytes.buffer);
});

test('codec: messages share a slab → later ones never change earlier ones', (t) => {
  const kind = bodyKind('push', 'journalSafe');
  const made = Array.from({ length: 5_000 }, (_, seq) => encodeEnvelope({ ...head, id: 0 }, kind, { seq }));
  t.true(made.every((bytes, seq) => (decodeEnvelope(bytes).body as { seq: number }).seq === seq));
});

test('codec: a slab ends anywhere in a message, also where a length gets its second byte → the bytes are the same', (t) => {
  const kind = bodyKind('request', 'osdOp');
  const messages = Array.from({ length: 101 }, (_, i) => ({
    object: 'o'.repeat(100 + i),
    ops: [{ kind: 16 as const, entries: [{ key: Buffer.from('k'), value: Buffer.alloc(131, 7) }] }],
  }));
  const right = messages.map((osdOpRequest) => Buffer.from(nacre.Envelope.encode({ ...head, osdOpRequest }).finish()));
  const different = new Set<number>();
  let random = 1;
  for (let n = 0; n < 60_000; n += 1) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    const i = (random >>> 16) % messages.length;
    if (!encodeEnvelope(head, kind, messages[i] as object).equals(right[i] as Buffer)) different.add(n);
  }
  t.is(different.size, 0);
});

test('codec: an encode that fails half-way → the next message is whole', (t) => {
  const kind = bodyKind('request', 'mapGet');
  for (const bad of [-1, 1.5, 2 ** 53, Number.NaN]) t.throws(() => encodeEnvelope(head, kind, { haveEpoch: bad }), { instanceOf: FsError });
  t.deepEqual(
    decodeEnvelope(encodeEnvelope(head, kind, { haveEpoch: 5 })).body,
    decodeEnvelope(encodeEnvelope(head, kind, { haveEpoch: 5 })).body,
  );
});

test('codec: signed seconds → survive, before 1970 too', (t) => {
  const kind = bodyKind('request', 'setAttr');
  for (const sec of [0, -1, 1, -(2 ** 40), 2 ** 51]) {
    const { body } = decodeEnvelope(encodeEnvelope(head, kind, { head: { time: { sec, nsec: 5 } } }));
    t.is((body as { head: { time: { sec: number } } }).head.time.sec, sec);
  }
});

test('codec: defaults → zero, empty, null, not Long', (t) => {
  const { body } = decodeEnvelope(encodeEnvelope(head, bodyKind('request', 'osdOp'), {}));
  const { epoch, object, ops } = body as { epoch: unknown; object: unknown; ops: unknown };
  t.deepEqual([epoch, object, ops], [0, '', []]);
});

test('codec: 64-bit value above 2^53 - 1 → EPROTO', (t) => {
  t.true(malformed(Buffer.from('08ffffffffffffffffff01', 'hex')));
  t.true(malformed(Buffer.from('088080808080808010', 'hex')));
  t.is(decodeEnvelope(Buffer.from('08ffffffffffffff0f', 'hex')).id, Number.MAX_SAFE_INTEGER);
});

test('codec: two bodies, a body beside an error, field 0, an endless varint → EPROTO', (t) => {
  const one = encodeEnvelope(head, bodyKind('push', 'ping'), {});
  const two = encodeEnvelope(head, bodyKind('push', 'pong'), {});
  const error = encodeErrorEnvelope(head, new FsError('EIO', 'x'));
  t.true(malformed(Buffer.concat([one, two])));
  t.true(malformed(Buffer.concat([one, error])));
  t.true(malformed(Buffer.from([0, 1])));
  t.true(malformed(Buffer.alloc(64, 0xff)));
});

test('codec: unknown fields → skipped; unknown body → no kind', (t) => {
  const unknown = decodeEnvelope(Buffer.from('0807fa3e03010203', 'hex'));
  t.is(unknown.id, 7);
  t.is(unknown.kind, undefined);
});

test('codec: a message of a million empty submessages → EPROTO before they are made', (t) => {
  const ops = Buffer.alloc(2_000_000);
  for (let i = 0; i < ops.length; i += 2) ops[i] = 0x3a;
  const length = [0x80 | (ops.length & 127), 0x80 | ((ops.length >> 7) & 127), 0x80 | ((ops.length >> 14) & 127), ops.length >> 21];
  t.true(malformed(Buffer.concat([Buffer.from([0xc2, 0x0c, ...length]), ops])));
});

test('codec: every body cut short anywhere, or with bytes changed → decodes or EPROTO, never another failure', (t) => {
  const messages = [encodeEnvelope(head, bodyKind('request', 'osdOp'), { ...request, ops: request.ops.slice(0, 1) })];
  for (const { name } of bodies) {
    const [, base, role] = /^(.*?)(Request|Reply)?$/.exec(name) as unknown as [string, string, string | undefined];
    messages.push(encodeEnvelope(head, bodyKind(role === 'Request' ? 'request' : role === 'Reply' ? 'reply' : 'push', base), {}));
  }
  for (const bytes of messages) for (let length = 0; length <= bytes.length; length += 1) malformed(bytes.subarray(0, length));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      malformed(Buffer.from(bytes));
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.nat(messages[0]?.length ?? 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const bytes = Buffer.from(messages[0] as Buffer);
      bytes[at % bytes.length] = byte;
      malformed(bytes);
    }),
    { numRuns: 2_000 },
  );
  t.pass();
});

test('codec: a decoded message → has all its fields itself, so that copies and JSON of it are whole', (t) => {
  const { body } = decodeEnvelope(
    encodeEnvelope(head, bodyKind('request', 'osdOp'), { pool: 3, ops: [{ kind: 21, version: { interval: 0, counter: 0 } }] }),
  );
  const { ops, ...rest } = body as { ops: { version: object }[] };
  t.deepEqual({ ...rest }, { anyMember: false, epoch: 0, pool: 3, pg: 0, object: '', instance: 0, tid: 0, oldestTid: 0 });
  t.is(JSON.stringify(ops[0]?.version), '{"interval":0,"counter":0}');
});
