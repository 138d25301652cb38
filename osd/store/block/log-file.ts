/**
 * The write-ahead log's file: a header block, then two segments of fixed size, written in turn. Records are
 * written one after another from a segment's start; when everything in a segment is in the database, it is
 * used again. The file never grows: all of it is written with zeros when it is made, because syncing a write
 * to a block that has never been written costs the filesystem a commit of its own.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { DiskFile } from '../../../common/runtime/disk.ts';
import { paddedRecordBytes, readRecordHeader, recordAlignment, recordHeaderBytes, recordIsWhole } from './log-record.ts';
import { rebuildAdvice } from './metadata-db.ts';

export const logHeaderBytes = 4096;
export const segmentCount = 2;

const zerosBytes = 1 << 20;

export interface LogIdentity {
  /** crc32c of the store's uuid. */
  readonly salt: number;
  readonly incarnation: number;
}

export interface LoggedRecord {
  readonly seq: number;
  readonly payload: Buffer;
}

export class LogFile {
  readonly segmentBytes: number;
  readonly #file: DiskFile;

  /** `file` was opened as durable. */
  constructor(file: DiskFile, segmentBytes: number) {
    this.#file = file;
    this.segmentBytes = segmentBytes;
  }

  /** Fills the segments of a new log with zeros. */
  async fill(): Promise<void> {
    const zeros = Buffer.alloc(zerosBytes);
    const end = logHeaderBytes + segmentCount * this.segmentBytes;
    for (let at = logHeaderBytes; at < end; at += zerosBytes)
      await this.#file.write(at, [zeros.subarray(0, Math.min(zerosBytes, end - at))]);
  }

  /** Writes at `offset` of a segment; resolves when it is durable. */
  append(segment: number, offset: number, pieces: readonly Uint8Array[]): Promise<void> {
    return this.#file.write(this.#place(segment) + offset, pieces);
  }

  /**
   * The records after `appliedSeq` that an earlier life left, in order and without gaps. A tail that was not
   * written whole ends them. FsError EILSEQ when a record is missing that was durable once.
   */
  async recover(identity: LogIdentity, appliedSeq: number): Promise<LoggedRecord[]> {
    const found = new Map<number, LoggedRecord>();
    let durableSeq = 0;
    for (let segment = 0; segment < segmentCount; segment++) {
      const bytes = await this.#file.read(this.#place(segment), this.segmentBytes);
      for (let at = 0; at + recordHeaderBytes <= bytes.length;) {
        const header = readRecordHeader(bytes, at);
        if (!header || header.incarnation !== identity.incarnation || !recordIsWhole(bytes, at, header, identity.salt)) {
          at += recordAlignment;
          continue;
        }
        const payload = bytes.subarray(at + recordHeaderBytes, at + recordHeaderBytes + header.payloadBytes);
        if (header.seq > appliedSeq) found.set(header.seq, { seq: header.seq, payload });
        durableSeq = Math.max(durableSeq, header.durableSeq);
        at += paddedRecordBytes(header.payloadBytes);
      }
    }
    const records: LoggedRecord[] = [];
    for (let seq = appliedSeq + 1; ; seq++) {
      const record = found.get(seq);
      if (!record) break;
      records.push(record);
    }
    const last = appliedSeq + records.length;
    if (durableSeq > last) {
      throw new FsError(
        'EILSEQ',
        `the write-ahead log is damaged: transaction ${last + 1} was durable and is missing or unreadable; ${rebuildAdvice}`,
      );
    }
    return records;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #place(segment: number): number {
    return logHeaderBytes + segment * this.segmentBytes;
  }
}
