/**
 * One call of a sequence, and how it reads in a failure's message.
 * @module
 */
import { printAcl } from './acl.ts';
import type { Argument, Outcome, Syscall, SyscallName } from './syscalls.ts';

export type Call = Syscall;

/** Arguments that are paths, by their place. */
const pathsOf: Partial<Record<SyscallName, readonly number[]>> = {
  symlink: [1],
  link: [0, 1],
  rename: [0, 1],
  linkat: [1, 3],
  renameat2: [1, 3],
  utimensat: [1],
  faccessat: [1],
};
const octal: Partial<Record<SyscallName, readonly number[]>> = {
  open: [1, 2],
  mkdir: [1],
  mknod: [1],
  chmod: [1],
  fchmod: [1],
};

/** The paths that a call names. */
export function pathsIn({ name, args }: Call): readonly string[] {
  return (pathsOf[name] ?? [0]).map((at) => args[at]).filter((each) => typeof each === 'string');
}

/** What the call names by descriptor. */
export function slotsIn({ args }: Call): readonly number[] {
  return args.flatMap((each) => (typeof each === 'object' && 'slot' in each ? [each.slot] : []));
}

export function printCall({ user, name, args, keep }: Call): string {
  const printed = args.map((argument, at) => printArgument(name, argument, at)).join(', ');
  return `${user.name}: ${keep === undefined ? '' : `fd${keep} = `}${name}(${printed})`;
}

export function printOutcome({ result, errno }: Outcome): string {
  return result < 0 ? `errno ${errno}` : String(result);
}

function printArgument(name: SyscallName, argument: Argument, at: number): string {
  if (typeof argument === 'number') return octal[name]?.includes(at) === true ? `0${argument.toString(8)}` : String(argument);
  if (typeof argument === 'string')
    return JSON.stringify(argument.length > 40 ? `${argument.slice(0, 12)}...${argument.length}` : argument);
  if (argument instanceof Uint8Array) return name === 'utimensat' ? printTimes(argument) : `{${printAcl(argument)}}`;
  return 'room' in argument ? `[${argument.room}]` : `fd${argument.slot}`;
}

function printTimes(times: Uint8Array): string {
  const bytes = Buffer.from(times.buffer, times.byteOffset, times.length);
  const at = (offset: number): string => {
    const nsec = Number(bytes.readBigInt64LE(offset + 8));
    if (nsec === (1 << 30) - 1) return 'NOW';
    return nsec === (1 << 30) - 2 ? 'OMIT' : `${bytes.readBigInt64LE(offset)}.${String(nsec).padStart(9, '0')}`;
  };
  return `{${at(0)}, ${at(16)}}`;
}
