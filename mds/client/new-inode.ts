/**
 * What a new inode takes from its directory and its maker: said by the MDS, and by a client that makes it ahead of the MDS.
 * @module
 */
import { isMember, type Caller } from './access.ts';
import { FileType, ModeBit } from './file-mode.ts';

/** Of the directory that it is made in. */
export interface NewInodeParent {
  readonly mode: number;
  readonly gid: number;
}

/** Group and mode of what `caller` makes with `mode`, before umask or default ACL: by open(2), mkdir(2) and inode(7) on set-group-ID. */
export function groupAndMode(caller: Caller, parent: NewInodeParent, mode: number): { readonly gid: number; readonly mode: number } {
  if ((parent.mode & ModeBit.setGid) === 0) return { gid: caller.gid, mode };
  const { gid } = parent;
  if ((mode & FileType.mask) === FileType.directory) return { gid, mode: mode | ModeBit.setGid };
  const keepsBit = (mode & ModeBit.groupExecute) === 0 || caller.uid === 0 || isMember(caller, gid);
  return { gid, mode: keepsBit ? mode : mode & ~ModeBit.setGid };
}

/** The mode of what is made with `umask` in a directory without a default ACL. */
export function withoutUmask(mode: number, umask: number): number {
  return (mode & FileType.mask) === FileType.symlink ? mode : mode & ~(umask & ModeBit.permissions);
}

/** Only root makes devices; but for character device 0, a mark of union filesystems, which anybody may make. */
export function mayMakeNode(caller: Caller, type: number, rdev: number): boolean {
  return caller.uid === 0 || !((type === FileType.character && rdev !== 0) || type === FileType.block);
}
