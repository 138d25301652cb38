import { FsError } from '../../common/errors/fs-error.ts';

/** What is stored cannot be read: its checksum does not match (EILSEQ), or the disk does not give it (EIO). */
export function isDamage(error: unknown): error is FsError {
  return error instanceof FsError && (error.code === 'EILSEQ' || error.code === 'EIO');
}
