import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse, type Arguments, type Command } from '../../../cli/command.ts';
import { down } from '../../../cli/commands/down.ts';
import { flag } from '../../../cli/commands/flag.ts';
import { fs, fsCommand } from '../../../cli/commands/fs.ts';
import { health } from '../../../cli/commands/health.ts';
import { mds } from '../../../cli/commands/mds.ts';
import { newOsd, osd, osdCommand } from '../../../cli/commands/osd.ts';
import { pg } from '../../../cli/commands/pg.ts';
import { pool, poolCommand } from '../../../cli/commands/pool.ts';
import { rule, ruleCommand } from '../../../cli/commands/rule.ts';
import { start } from '../../../cli/commands/start.ts';
import { status } from '../../../cli/commands/status.ts';
import { stop } from '../../../cli/commands/stop.ts';
import { umount } from '../../../cli/commands/umount.ts';
import { up } from '../../../cli/commands/up.ts';
import { clusterFlags } from '../../../common/maps/cluster-map.ts';
import { healthCodes } from '../../../mon/core/health.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/OPERATIONS.md'), 'utf8');
const commands: Readonly<Record<string, Command>> = { osd, pg, pool, rule, flag, fs, mds, health, status, start, stop, up, down, umount };

/** What stands for something in prose. */
const examples: Readonly<Record<string, string>> = {
  N: '3',
  PGID: '1.0',
  NAME: 'data',
  POOL: 'data',
  RULE: 'r',
  HOST: 'h',
  R: 'r',
  SHARE: '0.5',
  W: '1',
  FLAG: 'noout',
};
/** Shown because they are refused. */
const refused = ['pool delete scratch scratch'];

function check(name: string, args: Arguments): void {
  if (name === 'pool') poolCommand(args);
  if (name === 'rule') ruleCommand(args);
  if (name === 'fs') fsCommand(args);
  if (name !== 'osd') return;
  if (args.positionals[0] === 'add') newOsd(args);
  else osdCommand(args);
}

test('OPERATIONS.md: every command in it → one that there is, with arguments that it takes', (t) => {
  const lines = [...page.matchAll(/^\$ nacre (.*)$/gm), ...page.matchAll(/`nacre ([^`]*)`/g)].map(([, line]) => line as string);
  t.true(lines.length > 60);
  for (const line of lines) {
    const [name, ...rest] = line.split(' ').map((word) => examples[word] ?? word);
    const command = commands[name as string];
    if (command === undefined) t.fail(`nacre ${line}`);
    else if (!refused.includes(line)) t.notThrows(() => check(name as string, parse(command, rest) as Arguments), line);
  }
  const shown = (action: string): boolean => lines.some((line) => line.startsWith(action));
  for (const action of ['tree', 'df', 'add', 'rm', 'move', 'in', 'out', 'down', 'lost', 'reweight', 'weight', 'safe-to-stop'])
    t.true(shown(`osd ${action}`), action);
  for (const action of ['ls', 'scrub', 'deep-scrub', 'repair', 'list-inconsistent']) t.true(shown(`pg ${action}`), action);
  for (const action of ['ls', 'create', 'set', 'delete']) t.true(shown(`pool ${action}`), action);
});

test('OPERATIONS.md: every health code and flag → told', (t) => {
  for (const code of healthCodes) t.true(new RegExp(`^\\| (\\*\\*)?\`${code}\`(\\*\\*)? +\\|`, 'm').test(page), code);
  // The last two are set by the mon.
  for (const name of clusterFlags.filter((each) => each !== 'full' && each !== 'nearfull'))
    t.true(new RegExp(`^\\| \`${name}\` +\\|`, 'm').test(page), name);
});
