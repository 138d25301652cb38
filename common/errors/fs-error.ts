/**
 * The one error type that crosses module and daemon boundaries.
 *
 * A code exists only if some caller reacts to it differently; `errno` is what POSIX callers see.
 * @module
 */

/** What a caller may do after a failure. */
export type Retry =
  /** Nothing was applied: the same operation may be sent again. */
  | 'safe'
  /** It may have been applied: resend only under the same request id. */
  | 'maybe-applied'
  /** The answer will not change. */
  | 'never';

/** Every code, the Linux errno (asm-generic/errno.h) that programs see, and its meaning. */
export const errorTable = {
  EPERM: { errno: 1, meaning: 'operation not permitted' },
  ENOENT: { errno: 2, meaning: 'no such file, object or pool' },
  EINTR: { errno: 4, meaning: 'interrupted by the caller' },
  EIO: { errno: 5, meaning: 'data cannot be read or written' },
  ENXIO: { errno: 6, meaning: 'no data or hole beyond that offset' },
  E2BIG: { errno: 7, meaning: 'argument list or value set too large' },
  EBADF: { errno: 9, meaning: 'handle is not open, or not in that mode' },
  EAGAIN: { errno: 11, meaning: 'not ready now: fetch the newer map or try again' },
  ENOMEM: { errno: 12, meaning: 'a memory limit is reached' },
  EACCES: { errno: 13, meaning: 'permission denied' },
  EBUSY: { errno: 16, meaning: 'in use' },
  EEXIST: { errno: 17, meaning: 'exists already' },
  EXDEV: { errno: 18, meaning: 'crosses filesystems' },
  ENODEV: { errno: 19, meaning: 'no such device' },
  ENOTDIR: { errno: 20, meaning: 'not a directory' },
  EISDIR: { errno: 21, meaning: 'is a directory' },
  EINVAL: { errno: 22, meaning: 'invalid argument' },
  EFBIG: { errno: 27, meaning: 'file or object too large' },
  ENOSPC: { errno: 28, meaning: 'no space left' },
  EROFS: { errno: 30, meaning: 'read-only' },
  EMLINK: { errno: 31, meaning: 'too many links' },
  ERANGE: { errno: 34, meaning: 'buffer too small, or value out of range' },
  EDEADLK: { errno: 35, meaning: 'would deadlock' },
  ENAMETOOLONG: { errno: 36, meaning: 'name too long' },
  ENOLCK: { errno: 37, meaning: 'too many locks' },
  ENOSYS: { errno: 38, meaning: 'not supported by this server or driver' },
  ENOTEMPTY: { errno: 39, meaning: 'directory not empty' },
  ELOOP: { errno: 40, meaning: 'too many symbolic links' },
  ENODATA: { errno: 61, meaning: 'no such xattr' },
  EPROTO: { errno: 71, meaning: 'the peer broke the protocol' },
  EOVERFLOW: { errno: 75, meaning: 'value too large for its type' },
  EILSEQ: { errno: 84, meaning: 'checksum or encoding does not match' },
  EOPNOTSUPP: { errno: 95, meaning: 'operation not supported here' },
  EADDRINUSE: { errno: 98, meaning: 'address in use' },
  ECONNREFUSED: { errno: 111, meaning: 'nobody listens at that address' },
  ECONNRESET: { errno: 104, meaning: 'connection lost' },
  // No program knows that of files: to one whose client is evicted or ends it is EIO.
  ESHUTDOWN: { errno: 5, meaning: 'this side is stopping, or the session is blocklisted' },
  ETIMEDOUT: { errno: 110, meaning: 'deadline passed' },
  ESTALE: { errno: 116, meaning: 'older interval, epoch, session or inode' },
  EREMOTE: { errno: 66, meaning: 'another MDS rank decides about it: ask that one' },
  EDQUOT: { errno: 122, meaning: 'quota exceeded' },
  ECANCELED: { errno: 125, meaning: 'cancelled' },
} as const satisfies Record<string, { errno: number; meaning: string }>;

/** A code of {@link errorTable}. */
export type ErrorCode = keyof typeof errorTable;

/** Options of {@link FsError}. */
export interface FsErrorOptions {
  /** Defaults to `'never'`. */
  readonly retry?: Retry;
  readonly cause?: unknown;
  /** EREMOTE: about which inode which MDS rank decides. */
  readonly elsewhere?: Elsewhere;
}

export interface Elsewhere {
  readonly ino: number;
  readonly rank: number;
}

/** An operating failure. Its message says what failed, where, and what to do next. */
export class FsError extends Error {
  override readonly name = 'FsError';
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly elsewhere: Elsewhere | undefined;

  constructor(code: ErrorCode, message: string, options: FsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.elsewhere = options.elsewhere;
  }

  /** Linux errno, positive. */
  get errno(): number {
    return errorTable[this.code].errno;
  }
}

/** Whether `text` is one of our codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}

/** Any thrown value as an {@link FsError}: ours as it is, a Node system error by its code, else EIO. */
export function toFsError(error: unknown): FsError {
  if (error instanceof FsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  return new FsError(typeof code === 'string' && isErrorCode(code) ? code : 'EIO', message, { cause: error });
}
