/**
 * Flags of open(2) (asm-generic values), and what they allow.
 * @module
 */

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
  noAtime: 0o1000000,
  dataSync: 0o10000,
  /** Together with {@link dataSync}. */
  sync: 0o4000000,
} as const;

/** Whether what is written with `flags` is to be durable before the write returns: as after fdatasync(2), or as after fsync(2). */
export function synchronous(flags: number): 'data' | 'all' | undefined {
  if ((flags & OpenFlag.dataSync) === 0) return undefined;
  return (flags & OpenFlag.sync) === 0 ? 'data' : 'all';
}

/** Whether a handle opened with `flags` may read. */
export function readable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.writeOnly;
}

/** Whether a handle opened with `flags` may write. */
export function writable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.readOnly;
}
