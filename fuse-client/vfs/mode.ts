/** Type bits of st_mode (inode(7)). */
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

/** Bits of st_mode beside the type. */
export const ModeBit = { setUid: 0o4000, setGid: 0o2000, sticky: 0o1000, groupExecute: 0o010, permissions: 0o7777 } as const;

/** open(2) flags, asm-generic values. */
export const OpenFlag = {
  accessMode: 3,
  readOnly: 0,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  directory: 0o200000,
  noFollow: 0o400000,
} as const;

/** Whether a handle opened with `flags` may read. */
export function readable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.writeOnly;
}

/** Whether a handle opened with `flags` may write. */
export function writable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.readOnly;
}

/** Longest name, in bytes. */
export const nameBytesMax = 255;
/** Longest symlink target, in bytes. */
export const targetBytesMax = 4095;
