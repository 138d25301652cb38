import { attributesReplyBytes, entryBytes, highHalf, openReplyBytes, replyHeaderBytes } from './abi.ts';
import type { Timespec } from '../../../common/runtime/clock.ts';
import type { Attributes } from '../../vfs/filesystem.ts';

/** How long the kernel may keep what is valid until invalidated, in seconds: in effect for ever. */
const untilInvalidated = 365 * 86_400;
const replyBytesMax = 4096;

/**
 * The reply being built, reused for each: every method writes a structure at an offset counted from the reply's
 * start. The header is written by {@link finish}.
 */
export class Reply {
  readonly bytes = Buffer.alloc(replyBytesMax);
  readonly words = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, replyBytesMax / 4);

  /** Data to follow the header instead of a body in `bytes`; set by the operation, taken by the sender. */
  pieces: readonly Uint8Array[] | undefined;

  /** The body is `pieces`. Returns their size. */
  data(pieces: readonly Uint8Array[]): number {
    this.pieces = pieces;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    return length;
  }

  /** Completes the header; `bodyBytes` follow it. Returns the whole length. */
  finish(uniqueLow: number, uniqueHigh: number, errno: number, bodyBytes: number): number {
    const words = this.words;
    const length = replyHeaderBytes + bodyBytes;
    words[0] = length;
    words[1] = -errno;
    words[2] = uniqueLow;
    words[3] = uniqueHigh;
    return length;
  }

  u32(offset: number, value: number): void {
    this.words[offset >> 2] = value;
  }

  u64(offset: number, value: number): void {
    const at = offset >> 2;
    this.words[at] = value;
    this.words[at + 1] = highHalf(value);
  }

  /** struct fuse_attr_out. Returns its size. */
  attributesReply(offset: number, attributes: Attributes, valid: boolean): number {
    this.u64(offset, valid ? untilInvalidated : 0);
    this.u64(offset + 8, 0);
    writeAttributes(this.words, (offset + 16) >> 2, attributes);
    return attributesReplyBytes;
  }

  /** struct fuse_entry_out. Returns its size. */
  entry(offset: number, attributes: Attributes, attributesValid: boolean, entryValid: boolean): number {
    writeEntry(this.words, offset >> 2, attributes, attributesValid, entryValid);
    return entryBytes;
  }

  /** struct fuse_entry_out of an inode that the kernel is to know as `node`, for this once. Returns its size. */
  stranger(offset: number, node: number, attributes: Attributes): number {
    const length = this.entry(offset, attributes, false, false);
    this.u64(offset, node);
    return length;
  }

  /** struct fuse_entry_out of a name that does not exist: inode 0. Returns its size. */
  negativeEntry(offset: number, valid: boolean): number {
    this.words.fill(0, offset >> 2, (offset + entryBytes) >> 2);
    this.u64(offset + 16, valid ? untilInvalidated : 0);
    return entryBytes;
  }

  /** struct fuse_open_out. Returns its size. */
  open(offset: number, handle: number, flags: number): number {
    this.u64(offset, handle);
    this.u32(offset + 8, flags);
    this.u32(offset + 12, 0);
    return openReplyBytes;
  }
}

/** struct fuse_entry_out at word `at`. Inode numbers are never reused, so every generation is 0. */
export function writeEntry(words: Uint32Array, at: number, attributes: Attributes, attributesValid: boolean, entryValid: boolean): void {
  words[at] = attributes.ino;
  words[at + 1] = highHalf(attributes.ino);
  words[at + 2] = 0;
  words[at + 3] = 0;
  words[at + 4] = entryValid ? untilInvalidated : 0;
  words[at + 5] = 0;
  words[at + 6] = attributesValid ? untilInvalidated : 0;
  words[at + 7] = 0;
  words[at + 8] = 0;
  words[at + 9] = 0;
  writeAttributes(words, at + 10, attributes);
}

/** struct fuse_attr at word `at`. */
export function writeAttributes(words: Uint32Array, at: number, attributes: Attributes): void {
  words[at] = attributes.ino;
  words[at + 1] = highHalf(attributes.ino);
  words[at + 2] = attributes.size;
  words[at + 3] = highHalf(attributes.size);
  words[at + 4] = attributes.blocks;
  words[at + 5] = highHalf(attributes.blocks);
  writeSeconds(words, at + 6, attributes.atime);
  writeSeconds(words, at + 8, attributes.mtime);
  writeSeconds(words, at + 10, attributes.ctime);
  words[at + 12] = attributes.atime.nsec;
  words[at + 13] = attributes.mtime.nsec;
  words[at + 14] = attributes.ctime.nsec;
  words[at + 15] = attributes.mode;
  words[at + 16] = attributes.nlink;
  words[at + 17] = attributes.uid;
  words[at + 18] = attributes.gid;
  words[at + 19] = attributes.rdev;
  words[at + 20] = attributes.blockSize;
  words[at + 21] = 0;
}

/** struct fuse_statx_out at word `at`: what statx(2) shows beyond stat(2) is the birth time. */
export function writeStatx(words: Uint32Array, at: number, attributes: Attributes, valid: boolean): void {
  words.fill(0, at, at + 72);
  words[at] = valid ? untilInvalidated : 0;
  const st = at + 8; // after validity (16), spare (16)
  words[st] = 0xfff; // STATX_BASIC_STATS | STATX_BTIME
  words[st + 1] = attributes.blockSize;
  words[st + 4] = attributes.nlink;
  words[st + 5] = attributes.uid;
  words[st + 6] = attributes.gid;
  words[st + 7] = attributes.mode & 0xffff;
  words[st + 8] = attributes.ino;
  words[st + 9] = highHalf(attributes.ino);
  words[st + 10] = attributes.size;
  words[st + 11] = highHalf(attributes.size);
  words[st + 12] = attributes.blocks;
  words[st + 13] = highHalf(attributes.blocks);
  writeStatxTime(words, st + 16, attributes.atime);
  writeStatxTime(words, st + 20, attributes.btime);
  writeStatxTime(words, st + 24, attributes.ctime);
  writeStatxTime(words, st + 28, attributes.mtime);
  words[st + 32] = (attributes.rdev >>> 8) & 0xfff;
  words[st + 33] = (attributes.rdev & 0xff) | ((attributes.rdev >>> 12) & 0xfff00);
}

function writeSeconds(words: Uint32Array, at: number, time: Timespec): void {
  words[at] = time.sec;
  words[at + 1] = highHalf(time.sec);
}

function writeStatxTime(words: Uint32Array, at: number, time: Timespec): void {
  words[at] = time.sec;
  words[at + 1] = highHalf(time.sec);
  words[at + 2] = time.nsec;
}
