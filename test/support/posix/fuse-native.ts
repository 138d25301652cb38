/**
 * The calls that the driver fuse-native can carry: those of all others are left out, as docs/POSIX.md lists them. What is left must
 * do the same there as on ext4.
 * @module
 */
import { fileType, Open, typeMask } from './constants.ts';
import type { Call } from './call.ts';
import { root } from './syscalls.ts';

/**
 * A file that is removed while it is open is renamed to `.fuse_hidden...` by libfuse, which shows; and names of one file are several
 * files to the kernel, each with what it keeps while it is open. So either nothing stays open, or nothing is removed or linked.
 */
export type Half = 'nothing stays open' | 'nothing is removed or linked';
export const halves: readonly Half[] = ['nothing stays open', 'nothing is removed or linked'];

const devices: readonly number[] = [fileType.block, fileType.character];
/** Rooms for attributes into which they don't go: the package is not told how much room there is, and the kernel makes EIO of that. */
const tooSmall: readonly number[] = [2, 3, 1999];
const renaming: readonly Call['name'][] = ['unlink', 'rmdir', 'rename', 'renameat2', 'link', 'linkat'];

/** `calls` as one half, all by root: the driver does not know who calls. */
export function carriedByFuseNative(calls: readonly Call[], half: Half): readonly Call[] {
  return calls
    .filter((call) => isCarried(call) && (half === 'nothing stays open' || !renaming.includes(call.name)))
    .flatMap((call): readonly Call[] => {
      const byRoot = { ...call, user: root };
      if (call.keep === undefined || half === 'nothing is removed or linked') return [byRoot];
      return [byRoot, { user: root, name: 'close', args: [call.keep] }];
    });
}

function isCarried({ name, args }: Call): boolean {
  if (args.some((each) => typeof each === 'string' && /[\x80-\xff]/.test(each))) return false;
  switch (name) {
    case 'open':
      return (Number(args[1]) & Open.unnamed) !== Open.unnamed;
    // Devices can be made, and not opened: it mounts with nodev.
    case 'mknod':
      return !devices.includes(Number(args[1]) & typeMask);
    case 'renameat2':
      return args[4] === 0;
    case 'fallocate':
      return false;
    // Both times now.
    case 'utimensat':
      return args[2] === 0;
    case 'listxattr':
    case 'llistxattr':
      return !tooSmall.includes(Number(args[2]));
    case 'getxattr':
    case 'lgetxattr':
    case 'fgetxattr':
      return !isAcl(args[1]) && !tooSmall.includes(Number(args[3]));
    case 'setxattr':
    case 'lsetxattr':
    case 'fsetxattr':
    case 'removexattr':
    case 'lremovexattr':
      return !isAcl(args[1]);
    default:
      return true;
  }
}

function isAcl(name: Call['args'][number] | undefined): boolean {
  return typeof name === 'string' && name.startsWith('system.posix_acl_');
}
