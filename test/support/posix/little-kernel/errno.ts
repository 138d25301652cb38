import { constants } from 'node:os';
import { FsError } from '../../../../common/errors/fs-error.ts';

type Code = keyof typeof constants.errno;

/** What a system call fails with that never reaches a filesystem. */
export class Refusal extends Error {
  readonly errno: number;

  constructor(code: Code) {
    super(code);
    this.errno = constants.errno[code];
  }
}

export function refuse(code: Code): never {
  throw new Refusal(code);
}

/** The errno that a failure means to who called. What is no failure of a call is thrown on. */
export function errnoOf(error: unknown): number {
  if (error instanceof Refusal || error instanceof FsError) return error.errno;
  throw error;
}
