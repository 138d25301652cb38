import { Opcode } from './abi.ts';
import type { AnyOperation } from './operation.ts';
import { access, getAttributes, readLink, setAttributes, statfs, statx } from './operations/attributes.ts';
import { fsyncDirectory, openDirectory, readDirectory, readDirectoryPlus, releaseDirectory } from './operations/directories.ts';
import {
  allocate,
  copyRange,
  copyRange64,
  create,
  createUnnamed,
  flush,
  fsync,
  open,
  read,
  release,
  seek,
  write,
} from './operations/files.ts';
import { link, lookup, makeDirectory, makeNode, removeDirectory, rename, rename2, symlink, unlink } from './operations/names.ts';
import { getLock, setLock, setLockWait } from './operations/locks.ts';
import { getXattr, listXattrs, removeXattr, setXattr } from './operations/xattrs.ts';

/**
 * Operations by opcode. What is absent is answered ENOSYS, on which the kernel reports that it can't be done (ioctl).
 */
export const operationTable: readonly (AnyOperation | undefined)[] = table({
  [Opcode.lookup]: lookup,
  [Opcode.getAttributes]: getAttributes,
  [Opcode.setAttributes]: setAttributes,
  [Opcode.readLink]: readLink,
  [Opcode.symlink]: symlink,
  [Opcode.makeNode]: makeNode,
  [Opcode.makeDirectory]: makeDirectory,
  [Opcode.unlink]: unlink,
  [Opcode.removeDirectory]: removeDirectory,
  [Opcode.rename]: rename,
  [Opcode.rename2]: rename2,
  [Opcode.link]: link,
  [Opcode.open]: open,
  [Opcode.create]: create,
  [Opcode.createUnnamed]: createUnnamed,
  [Opcode.read]: read,
  [Opcode.write]: write,
  [Opcode.flush]: flush,
  [Opcode.fsync]: fsync,
  [Opcode.release]: release,
  [Opcode.allocate]: allocate,
  [Opcode.seek]: seek,
  [Opcode.copyRange]: copyRange,
  [Opcode.copyRange64]: copyRange64,
  [Opcode.openDirectory]: openDirectory,
  [Opcode.readDirectory]: readDirectory,
  [Opcode.readDirectoryPlus]: readDirectoryPlus,
  [Opcode.releaseDirectory]: releaseDirectory,
  [Opcode.fsyncDirectory]: fsyncDirectory,
  [Opcode.getLock]: getLock,
  [Opcode.setLock]: setLock,
  [Opcode.setLockWait]: setLockWait,
  [Opcode.getXattr]: getXattr,
  [Opcode.listXattrs]: listXattrs,
  [Opcode.setXattr]: setXattr,
  [Opcode.removeXattr]: removeXattr,
  [Opcode.access]: access,
  [Opcode.statfs]: statfs,
  [Opcode.statx]: statx,
  [Opcode.syncAll]: { run: ({ filesystem }) => filesystem.syncAll() },
});

function table(operations: Readonly<Record<number, AnyOperation>>): (AnyOperation | undefined)[] {
  const size = Math.max(...Object.keys(operations).map(Number)) + 1;
  return Array.from({ length: size }, (_, opcode) => operations[opcode]);
}
