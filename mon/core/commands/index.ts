/**
 * Administrative commands by their prefix.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { MonState, Now } from '../state.ts';
import { statusOf } from '../status.ts';
import { Arguments, type CommandObject } from './arguments.ts';
import { addToBlocklist, listBlocklist, removeFromBlocklist } from './blocklist.ts';
import { setFlag, unsetFlag } from './flag.ts';
import { newFilesystem } from './fs-new.ts';
import { dumpMap } from './map-dump.ts';
import { osdDown, osdIn, osdOut } from './osd-state.ts';
import { osdTree } from './osd-tree.ts';
import { createPool } from './pool-create.ts';

/** Runs at once; what it changes is in the next epoch. Repeating it does no harm. The result is JSON. */
export type Command = (state: MonState, args: Arguments, now: Now) => unknown;

const commands: Readonly<Record<string, Command>> = {
  status: statusOf,
  health: (state) => statusOf(state).health,
  'map dump': dumpMap,
  'osd tree': osdTree,
  'osd in': osdIn,
  'osd out': osdOut,
  'osd down': osdDown,
  'pool create': createPool,
  'fs new': newFilesystem,
  'flag set': setFlag,
  'flag unset': unsetFlag,
  'blocklist add': addToBlocklist,
  'blocklist remove': removeFromBlocklist,
  'blocklist list': listBlocklist,
};

export function runCommand(state: MonState, command: unknown, now: Now): unknown {
  if (!isCommand(command)) throw new FsError('EINVAL', 'a command is a JSON object with a "prefix"');
  const run = Object.hasOwn(commands, command.prefix) ? commands[command.prefix] : undefined;
  if (!run)
    throw new FsError('EINVAL', `unknown command "${command.prefix.slice(0, 100)}"; known are: ${Object.keys(commands).join(', ')}`);
  return run(state, new Arguments(command), now);
}

function isCommand(value: unknown): value is CommandObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof (value as { prefix?: unknown }).prefix === 'string';
}
