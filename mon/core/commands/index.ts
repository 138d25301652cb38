/**
 * Administrative commands by their prefix.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import { healthOf } from '../health.ts';
import { summarizePgs } from '../pg-states.ts';
import type { MonState, Now } from '../state.ts';
import { statusOf } from '../status.ts';
import { Arguments, type CommandObject } from './arguments.ts';
import { addToBlocklist, listBlocklist, removeFromBlocklist } from './blocklist.ts';
import { setFlag, unsetFlag } from './flag.ts';
import { setFullRatio } from './full-ratio.ts';
import { newFilesystem } from './fs-new.ts';
import { fsScrubCommand, fsScrubReport, listDamage } from './fs-scrub.ts';
import { setFilesystem } from './fs-set.ts';
import { dumpMap } from './map-dump.ts';
import { moveInCrush } from './crush-move.ts';
import { osdSpace } from './osd-df.ts';
import { osdDown, osdIn, osdOut, osdReweight, osdWeight } from './osd-state.ts';
import { osdLost } from './osd-lost.ts';
import { newOsd, removeOsd } from './osd-membership.ts';
import { osdTree } from './osd-tree.ts';
import { listPgs } from './pg-ls.ts';
import { listInconsistent, scrubCommand } from './pg-scrub.ts';
import { createPool } from './pool-create.ts';
import { deletePool } from './pool-delete.ts';
import { setPool } from './pool-set.ts';
import { createRule, dropRule, listRules } from './rule.ts';
import { safeToStop } from './safe-to-stop.ts';

/** Runs at once; what it changes is in the next epoch. Repeating it does no harm. The result is JSON. */
export type Command = (state: MonState, args: Arguments, now: Now) => unknown;

const commands: Readonly<Record<string, Command>> = {
  status: statusOf,
  health: (state) => healthOf(state, summarizePgs(state)),
  'health detail': (state) => healthOf(state, summarizePgs(state), { detailMax: Number.POSITIVE_INFINITY }),
  'map dump': dumpMap,
  'osd tree': osdTree,
  'osd df': osdSpace,
  'osd safe-to-stop': safeToStop,
  'osd in': osdIn,
  'osd out': osdOut,
  'osd down': osdDown,
  'osd reweight': osdReweight,
  'osd set-nearfull-ratio': setFullRatio('nearfull'),
  'osd set-backfillfull-ratio': setFullRatio('backfillfull'),
  'osd set-full-ratio': setFullRatio('full'),
  'osd weight': osdWeight,
  'osd new': newOsd,
  'osd rm': removeOsd,
  'osd lost': osdLost,
  'crush move': moveInCrush,
  'rule ls': listRules,
  'rule create': createRule,
  'rule rm': dropRule,
  'pg ls': listPgs,
  'pg scrub': scrubCommand('scrub'),
  'pg deep-scrub': scrubCommand('deep-scrub'),
  'pg repair': scrubCommand('repair'),
  'pg list-inconsistent': listInconsistent,
  'pool create': createPool,
  'pool set': setPool,
  'pool delete': deletePool,
  'fs new': newFilesystem,
  'fs set': setFilesystem,
  'fs scrub start': fsScrubCommand('start'),
  'fs scrub pause': fsScrubCommand('pause'),
  'fs scrub resume': fsScrubCommand('resume'),
  'fs scrub stop': fsScrubCommand('stop'),
  'fs scrub status': fsScrubReport,
  'fs damage ls': listDamage,
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
