import type { FsError } from '../../common/errors/fs-error.ts';

/** Whether an error of asking another rank says that nobody serves it just now: somebody will. */
export function isAway({ code }: FsError): boolean {
  return ['EAGAIN', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'].includes(code);
}
