/**
 * Bits of st_mode (inode(7)), as modes travel between clients and the MDS.
 * @module
 */

/** Its type bits. */
export const FileType = {
  mask: 0o170000,
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  regular: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
} as const;

/** Bits beside the type; `permissions` is all of them. */
export const ModeBit = { setUid: 0o4000, setGid: 0o2000, sticky: 0o1000, groupExecute: 0o010, permissions: 0o7777 } as const;
