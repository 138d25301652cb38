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
} as const;

/** Whether a handle opened with `flags` may read. */
export function readable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.writeOnly;
}

/** Whether a handle opened with `flags` may write. */
export function writable(flags: number): boolean {
  return (flags & OpenFlag.accessMode) !== OpenFlag.readOnly;
}
