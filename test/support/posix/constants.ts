/** Numbers of Linux's system calls (asm-generic values; x86-64). */

export const Open = {
  accessMode: 3,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  nonBlocking: 0o4000,
  directory: 0o200000,
  noFollow: 0o400000,
  noAtime: 0o1000000,
  path: 0o10000000,
  unnamed: 0o20200000,
} as const;
/** Whence of lseek(2). */
export const Seek = { set: 0, current: 1, end: 2, data: 3, hole: 4 } as const;
/** Modes of fallocate(2). */
export const Allocate = { keepSize: 1, punchHole: 3, zeroRange: 16 } as const;
export const Rename = { noReplace: 1, exchange: 2 } as const;
export const fileType = {
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  regular: 0o100000,
  socket: 0o140000,
} as const;
export const linkType = 0o120000;
/** The bits of a mode that say the type. */
export const typeMask = 0o170000;
export const utimeNow = (1 << 30) - 1;
export const utimeOmit = (1 << 30) - 2;

/** The two struct timespec of utimensat(2): access, modification; each seconds and nanoseconds. */
export function times(...both: readonly (readonly [number, number])[]): Buffer {
  const bytes = Buffer.alloc(32);
  for (const [at, [sec, nsec]] of both.entries()) {
    bytes.writeBigInt64LE(BigInt(sec), at * 16);
    bytes.writeBigInt64LE(BigInt(nsec), at * 16 + 8);
  }
  return bytes;
}

/** A path of `length` bytes below a directory: many times `.` and then a name. */
export function longPath(directory: string, length: number): string {
  const name = '/name';
  const dots = length - directory.length - name.length;
  return `${directory}${dots % 2 === 0 ? '' : '/'}${'/.'.repeat(Math.floor(dots / 2))}${name}`;
}
