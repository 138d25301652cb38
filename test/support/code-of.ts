import { FsError } from '../../common/errors/fs-error.ts';

/** How it ends: `done`, or the code of the FsError that it fails with; any other error in words. */
export async function codeOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
    return 'done';
  } catch (error) {
    return error instanceof FsError ? error.code : String(error);
  }
}
