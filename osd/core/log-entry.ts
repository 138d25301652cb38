/**
 * One entry of a PG's log, and its bytes: the same ones in the store and in RepOp.
 *
 *   offset size
 *        0    1  format (1)
 *        1    1  kind: 0 modify, 1 delete
 *        2    2  n: bytes of the object's name
 *        4    4  m: bytes of the outcome
 *        8    8  interval   \
 *       16    8  counter     |
 *       24    8  instance    | IEEE doubles, little-endian, all of them safe integers
 *       32    8  tid         |
 *       40    8  mtime, ms  /
 *       48    n  object, UTF-8
 *     48+n    m  outcome: what a retry is answered with, see `outcome.ts`
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Version } from '../client/object-client.ts';

export interface LogEntry {
  readonly version: Version;
  readonly kind: 'modify' | 'delete';
  readonly object: string;
  /** With `tid` the id of the request that made it. */
  readonly instance: number;
  readonly tid: number;
  readonly mtimeMs: number;
  /** Owned by the entry. */
  readonly outcome: Buffer;
}

const formatVersion = 1;
export const logEntryHeaderBytes = 48;
const noBytes = Buffer.alloc(0);

export function encodeLogEntry(entry: LogEntry): Buffer {
  const nameBytes = Buffer.byteLength(entry.object);
  const bytes = Buffer.allocUnsafe(logEntryHeaderBytes + nameBytes + entry.outcome.length);
  bytes[0] = formatVersion;
  bytes[1] = entry.kind === 'modify' ? 0 : 1;
  bytes.writeUInt16LE(nameBytes, 2);
  bytes.writeUInt32LE(entry.outcome.length, 4);
  bytes.writeDoubleLE(entry.version.interval, 8);
  bytes.writeDoubleLE(entry.version.counter, 16);
  bytes.writeDoubleLE(entry.instance, 24);
  bytes.writeDoubleLE(entry.tid, 32);
  bytes.writeDoubleLE(entry.mtimeMs, 40);
  bytes.write(entry.object, logEntryHeaderBytes, 'utf8');
  entry.outcome.copy(bytes, logEntryHeaderBytes + nameBytes);
  return bytes;
}

/** Throws FsError EILSEQ for anything that {@link encodeLogEntry} did not write. Copies what it keeps. */
export function decodeLogEntry(input: Uint8Array): LogEntry {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < logEntryHeaderBytes || bytes[0] !== formatVersion || (bytes[1] as number) > 1) {
    throw new FsError('EILSEQ', `a log entry of ${bytes.length} bytes and format ${bytes[0] ?? 'none'} is not one`);
  }
  const nameBytes = bytes.readUInt16LE(2);
  const outcomeBytes = bytes.readUInt32LE(4);
  const nameEnd = logEntryHeaderBytes + nameBytes;
  if (nameBytes === 0 || bytes.length !== nameEnd + outcomeBytes) {
    throw new FsError('EILSEQ', `a log entry of ${bytes.length} bytes says that it has ${nameEnd + outcomeBytes}`);
  }
  return {
    version: { interval: natural(bytes, 8), counter: natural(bytes, 16) },
    kind: bytes[1] === 0 ? 'modify' : 'delete',
    object: bytes.toString('utf8', logEntryHeaderBytes, nameEnd),
    instance: natural(bytes, 24),
    tid: natural(bytes, 32),
    mtimeMs: natural(bytes, 40),
    outcome: outcomeBytes === 0 ? noBytes : Buffer.from(bytes.subarray(nameEnd)),
  };
}

function natural(bytes: Buffer, offset: number): number {
  const value = bytes.readDoubleLE(offset);
  if (!Number.isSafeInteger(value) || value < 0) throw new FsError('EILSEQ', `a log entry holds ${value} at ${offset}`);
  return value;
}
