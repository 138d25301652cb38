import test from 'ava';
import fc from 'fast-check';
import { FrameParser } from '../../../../common/runtime/node/frame-parser.ts';
import { FramePool } from '../../../../common/runtime/node/frame-pool.ts';

const mib = 1024 * 1024;
const frameBytesMax = 8 * mib;
const key = [0x37, 0xfa, 0x21, 0x3d] as const;

/** Bytes that differ from place to place. */
function payloadOf(length: number): Buffer {
  const payload = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) payload[index] = (index * 7 + (index >>> 8)) & 0xff;
  return payload;
}

/** Header (hex, without the mask) and payload on the wire. */
function encode(header: string, payload: Buffer, masked: boolean, mask: readonly number[] = key): Buffer {
  const head = Buffer.from(header, 'hex');
  if (!masked) return Buffer.concat([head, payload]);
  head[1] = (head[1] as number) | 0x80;
  const body = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] as number)));
  return Buffer.concat([head, Buffer.from(mask), body]);
}

/** Each length class with its smallest and largest, and the header that RFC 6455 §5.2 gives them. */
const classes: readonly (readonly [length: number, header: string])[] = [
  [0, '8200'],
  [1, '8201'],
  [125, '827d'],
  [126, '827e007e'],
  [256, '827e0100'],
  [65_535, '827effff'],
  [65_536, '827f0000000000010000'],
  [frameBytesMax, '827f0000000000800000'],
];

function headerOf(length: number): string {
  if (length < 126) return `82${length.toString(16).padStart(2, '0')}`;
  if (length < 65_536) return `827e${length.toString(16).padStart(4, '0')}`;
  return `827f${length.toString(16).padStart(16, '0')}`;
}

interface Outcome {
  readonly frames: Buffer[];
  readonly parser: FrameParser;
  /** What the library gets: leftover, rest of the chunk, later chunks. */
  readonly passedOn: Buffer;
}

/** Cuts `wire` at `cuts` and feeds each piece out of one reused chunk, as a read buffer is. */
function parse(wire: Buffer, cuts: readonly number[], masked: boolean, max = frameBytesMax): Outcome {
  const frames: Buffer[] = [];
  const parser = new FrameParser({ frameBytesMax: max, masked, pool: new FramePool() }, (frame) => frames.push(frame) > 0);
  const rest: Buffer[] = [];
  const margin = 3;
  const chunk = Buffer.alloc(wire.length + 2 * margin);
  const ends = [...cuts, wire.length];
  let start = 0;
  for (const end of ends) {
    chunk.fill(0xee);
    wire.copy(chunk, margin, start, end);
    const until = margin + end - start;
    const at = parser.refused ? margin : parser.take(chunk, margin, until);
    if (parser.refused) rest.push(Buffer.from(chunk.subarray(at, until)));
    else if (at !== until) throw new Error(`stopped at ${String(at)} of ${String(until)}`);
    start = end;
  }
  return { frames, parser, passedOn: Buffer.concat([parser.leftover, ...rest]) };
}

for (const masked of [false, true]) {
  const kind = masked ? 'masked' : 'plain';

  test(`frame parser: golden ${kind} frame of each length class → its payload`, (t) => {
    for (const [length, header] of classes) {
      const payload = payloadOf(length);
      const { frames, parser } = parse(encode(header, payload, masked), [], masked);
      t.is(frames.length, 1, header);
      t.true(frames[0]?.equals(payload), header);
      t.false(parser.refused);
    }
  });

  test(`frame parser: ${kind} frames split at every byte → the same frames`, (t) => {
    for (const [length, header] of classes.filter(([bytes]) => bytes <= 65_536)) {
      const payload = payloadOf(length);
      const wire = Buffer.concat([encode(header, payload, masked), encode('8203', Buffer.from('end'), masked)]);
      const body = wire.length - 64 > 400 ? 400 : wire.length;
      const splits = Array.from({ length: wire.length + 1 }, (_, at) => at).filter((at) => at <= body || at >= wire.length - 64);
      for (const at of splits) {
        const { frames } = parse(wire, [at], masked);
        if (frames.length !== 2 || !frames[0]?.equals(payload) || frames[1]?.toString() !== 'end')
          t.fail(`${header} split at ${String(at)}`);
      }
    }
    t.pass();
  });

  test(`frame parser: ${kind} frames byte for byte → the same frames`, (t) => {
    const lengths = [0, 300, 0, 0, 125, 126, 1];
    const wire = Buffer.concat(lengths.map((length) => encode(headerOf(length), payloadOf(length), masked)));
    const { frames } = parse(wire, Array.from(wire.keys()).slice(1), masked);
    t.deepEqual(frames, lengths.map(payloadOf));
  });

  test(`frame parser: random ${kind} frames split at random → the same frames`, (t) => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.nat(70_000), fc.constantFrom(0, 125, 126, 65_535, 65_536)), {
      minLength: 1,
      maxLength: 6,
    });
    const splits = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, splits, (bytes, fractions) => {
        const wire = Buffer.concat(bytes.map((length) => encode(headerOf(length), payloadOf(length), masked)));
        const cuts = fractions.map((fraction) => Math.floor(fraction * wire.length)).sort((a, b) => a - b);
        const { frames } = parse(wire, cuts, masked);
        return frames.length === bytes.length && frames.every((frame, index) => frame.equals(payloadOf(bytes[index] as number)));
      }),
      { seed: 20_261_120, numRuns: 60 },
    );
    t.pass();
  });

  const zeroes = encode('8202', Buffer.from('hi'), masked, [0, 0, 0, 0]);
  const refusals: readonly (readonly [what: string, wire: Buffer])[] = [
    ['text', encode('8102', Buffer.from('hi'), masked)],
    ['ping', encode('8900', Buffer.alloc(0), masked)],
    ['pong', encode('8a02', Buffer.from('hi'), masked)],
    ['close', encode('880603e8', Buffer.from('done'), masked)],
    ['first fragment', encode('0202', Buffer.from('hi'), masked)],
    ['continuation', encode('8002', Buffer.from('hi'), masked)],
    ['compressed', encode('c202', Buffer.from('hi'), masked)],
    ['masked the wrong way', encode('8202', Buffer.from('hi'), !masked)],
    ['one byte too long, 16 bits', encode('827e0201', Buffer.alloc(513), masked)],
    ['too long, 64 bits', encode('827f0000000000800001', Buffer.alloc(40), masked)],
    ['too long for 32 bits', encode('827f0000000100000000', Buffer.alloc(40), masked)],
    ['length with the highest bit', encode('827fffffffffffffffff', Buffer.alloc(40), masked)],
  ];
  for (const [what, refused] of refusals) {
    test(`frame parser: ${what} between ${kind} frames, split at every byte → refused, every byte from its first on passed on`, (t) => {
      const wire = Buffer.concat([zeroes, refused, zeroes]);
      const expected = Buffer.concat([refused, zeroes]);
      for (let at = 0; at <= wire.length; at += 1) {
        const { frames, parser, passedOn } = parse(wire, [at], masked, 512);
        if (!parser.refused || frames.length !== 1 || frames[0]?.toString() !== 'hi' || !passedOn.equals(expected))
          t.fail(`split at ${String(at)}: ${String(frames.length)} frames, passed on ${passedOn.toString('hex')}`);
      }
      const { passedOn } = parse(wire, Array.from(wire.keys()).slice(1), masked, 512);
      t.true(passedOn.equals(expected), 'byte for byte');
    });
  }
}

test('frame parser: a frame as long as allowed → taken', (t) => {
  const { frames, parser } = parse(encode('827e0200', payloadOf(512), false), [], false, 512);
  t.deepEqual(frames, [payloadOf(512)]);
  t.false(parser.refused);
});

test('frame parser: onFrame wants no more → stops right after the frame, goes on from there', (t) => {
  const lengths = [5, 0, 126, 0];
  const pieces = lengths.map((length) => encode(headerOf(length), payloadOf(length), true));
  const wire = Buffer.concat(pieces);
  const frames: Buffer[] = [];
  const parser = new FrameParser({ frameBytesMax, masked: true, pool: new FramePool() }, (frame) => frames.push(frame) === 0);
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const next = parser.take(wire, at, wire.length);
    t.is(next, at + piece.length);
    t.is(frames.length, index + 1);
    at = next;
  }
  t.deepEqual(frames, lengths.map(payloadOf));
});
