/**
 * What a retried request is answered with, as kept in the log: the results that say something, by index.
 * Plain writes have none and cost no byte.
 *
 *   per result: u16 index, u8 more, f64 size, f64 offset, f64 interval, f64 counter, f64 mtime, bytes value,
 *   u32 entries × (bytes key, bytes value), bytes data; bytes = u32 length and so many bytes. Little-endian.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Init, OpResult } from '../../common/wire/gen/messages.ts';
import { objectLimits } from '../client/limits.ts';

const noBytes = Buffer.alloc(0);

/** `dataOf`: the data that the READ at that place gave. Throws E2BIG beyond what a log entry may hold. */
export function encodeOutcome(results: readonly Init<OpResult>[], dataOf: (index: number) => readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < results.length; index++) {
    const result = results[index] as Init<OpResult>;
    const data = dataOf(index);
    if (!saysSomething(result) && data.length === 0) continue;
    const head = Buffer.alloc(43);
    head.writeUInt16LE(index, 0);
    head[2] = result.more === true ? 1 : 0;
    head.writeDoubleLE(result.size ?? 0, 3);
    head.writeDoubleLE(result.offset ?? 0, 11);
    head.writeDoubleLE(result.version?.interval ?? 0, 19);
    head.writeDoubleLE(result.version?.counter ?? 0, 27);
    head.writeDoubleLE(result.mtimeMs ?? 0, 35);
    parts.push(head, ...counted(result.value ?? noBytes));
    const entries = result.entries ?? [];
    parts.push(u32(entries.length));
    for (const entry of entries) parts.push(...counted(entry.key ?? noBytes), ...counted(entry.value ?? noBytes));
    const length = data.reduce((sum, piece) => sum + piece.length, 0);
    parts.push(u32(length), ...data);
  }
  if (parts.length === 0) return noBytes;
  const outcome = Buffer.concat(parts);
  if (outcome.length > objectLimits.outcomeBytes) {
    throw new FsError('E2BIG', `a request that changes the object also reads ${outcome.length} bytes, limit ${objectLimits.outcomeBytes}`);
  }
  return outcome;
}

/** The reply that `outcome` stands for: `count` results and their data. */
export function decodeOutcome(outcome: Buffer, count: number): { readonly results: Init<OpResult>[]; readonly payload: Buffer[] } {
  const results: Init<OpResult>[] = Array.from({ length: count }, () => ({}));
  const payload: Buffer[] = [];
  const reader = new OutcomeReader(outcome);
  while (!reader.end) {
    const index = reader.u16();
    const more = reader.u8() === 1;
    const size = reader.f64();
    const offset = reader.f64();
    const version = { interval: reader.f64(), counter: reader.f64() };
    const mtimeMs = reader.f64();
    const value = reader.bytes();
    const entries = Array.from({ length: reader.u32() }, () => ({ key: reader.bytes(), value: reader.bytes() }));
    const data = reader.bytes();
    if (data.length > 0) payload.push(data);
    if (index < count) {
      const said = version.counter === 0 ? {} : { version };
      results[index] = { more, size, offset, ...said, mtimeMs, value, entries, payloadFrames: data.length > 0 ? 1 : 0 };
    }
  }
  return { results, payload };
}

function saysSomething(result: Init<OpResult>): boolean {
  for (const _ in result) return true;
  return false;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function counted(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  return [u32(bytes.length), bytes];
}

/** Reads what {@link encodeOutcome} wrote; the checksums below it see to the rest. */
class OutcomeReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get end(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  f64(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  bytes(): Buffer {
    const length = this.u32();
    const at = this.#advance(length);
    if (at + length > this.#bytes.length) throw new FsError('EILSEQ', 'an outcome ends early');
    return this.#bytes.subarray(at, at + length);
  }

  #advance(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
