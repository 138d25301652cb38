import {
  InitFlag,
  initReplyBytes,
  majorVersion,
  minorVersion,
  minorVersionMin,
  minorVersionWithEpoch,
  minorVersionWithPrune,
  replyHeaderBytes,
} from './abi.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import type { Reply } from './reply.ts';
import type { Request } from './request.ts';

/** What the kernel and we agreed on. */
export interface Negotiated {
  readonly minor: number;
  /** Whether cached names can be given up without waiting for a directory's lock. */
  readonly canIncreaseEpoch: boolean;
  /** Whether it may be asked to let go of inodes. */
  readonly canPrune: boolean;
  /** Whether SETXATTR has the longer head (Linux 5.13). */
  readonly setXattrExtended: boolean;
  /** FUSE_* flags in force, bit 32 and above included. */
  readonly flags: number;
}

export interface NegotiationOptions {
  /** Largest read and write, in bytes. */
  readonly ioBytesMax: number;
  readonly readAheadBytes: number;
  /** Requests nobody waits for (read-ahead, asynchronous direct I/O, releases) that the kernel may have under way. */
  readonly backgroundMax: number;
}

/**
 * What we ask for. Left out on purpose: WRITEBACK_CACHE (the kernel would own sizes and times, which other hosts
 * change), AUTO_INVAL_DATA (our notifications are exact), splice (no such call in Node).
 */
const wanted =
  InitFlag.asyncRead +
  InitFlag.posixLocks +
  InitFlag.flockLocks +
  InitFlag.atomicTruncate +
  InitFlag.exportSupport +
  InitFlag.bigWrites +
  InitFlag.dontMask +
  InitFlag.readDirectoryPlus +
  InitFlag.readDirectoryPlusAuto +
  InitFlag.asyncDirectIo +
  InitFlag.parallelDirectoryOperations +
  InitFlag.posixAcl +
  InitFlag.abortError +
  InitFlag.maxPages +
  InitFlag.cacheSymlinks +
  InitFlag.explicitInvalidation +
  InitFlag.handleKillPrivilegesV2 +
  InitFlag.setXattrExtended +
  InitFlag.initExtended +
  InitFlag.directIoMayBeMapped;

/** Without POSIX_ACL nobody would obey access control lists that the filesystem keeps. */
const required = InitFlag.bigWrites + InitFlag.maxPages + InitFlag.posixAcl;
const pageBytes = 4096;

/** Reads fuse_init_in. Throws EPROTO when the kernel is too old. */
export function negotiate(request: Request): Negotiated {
  const major = request.u32(40);
  const minor = Math.min(request.u32(44), minorVersion);
  const offeredLow = request.u32(52);
  const offeredHigh = BigInt(offeredLow) & BigInt(InitFlag.initExtended) ? request.u32(56) : 0;
  const offered = (BigInt(offeredHigh) << 32n) | BigInt(offeredLow);
  const flags = offered & BigInt(wanted);
  if (major !== majorVersion || minor < minorVersionMin || (flags & BigInt(required)) !== BigInt(required)) {
    throw new FsError(
      'EPROTO',
      `the kernel speaks FUSE ${String(major)}.${String(request.u32(44))}; ${String(majorVersion)}.${String(minorVersionMin)} (Linux 5.4) or newer is needed`,
    );
  }
  const setXattrExtended = (flags & BigInt(InitFlag.setXattrExtended)) !== 0n;
  return {
    minor,
    canIncreaseEpoch: minor >= minorVersionWithEpoch,
    canPrune: minor >= minorVersionWithPrune,
    setXattrExtended,
    flags: Number(flags),
  };
}

/** Writes fuse_init_out. Returns its size. */
export function writeInitReply(reply: Reply, agreed: Negotiated, options: NegotiationOptions): number {
  const at = replyHeaderBytes;
  reply.words.fill(0, at >> 2, (at + initReplyBytes) >> 2);
  reply.u32(at, majorVersion);
  reply.u32(at + 4, agreed.minor);
  reply.u32(at + 8, options.readAheadBytes);
  reply.u32(at + 12, agreed.flags);
  const congestionThreshold = Math.floor((options.backgroundMax * 3) / 4);
  reply.u32(at + 16, options.backgroundMax | (congestionThreshold << 16));
  reply.u32(at + 20, options.ioBytesMax);
  reply.u32(at + 24, 1); // time granularity: nanoseconds
  reply.u32(at + 28, options.ioBytesMax / pageBytes);
  reply.u32(at + 32, Math.floor(agreed.flags / 2 ** 32));
  return initReplyBytes;
}
