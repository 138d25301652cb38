import { FsError } from '../../common/errors/fs-error.ts';

/** Another rank decides about it: that one is to be asked. */
export function elsewhere({ ino, rank }: { readonly ino: number; readonly rank: number }): FsError {
  return new FsError('EREMOTE', `inode ${ino.toString(16)} is with rank ${rank}`, { retry: 'safe', elsewhere: { ino, rank } });
}

/** Whether an error of asking another rank says that nobody serves it just now: somebody will. */
export function isAway({ code }: FsError): boolean {
  return ['EAGAIN', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'].includes(code);
}
