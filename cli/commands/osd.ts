import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';
import type { SpaceReport, StopAdvice, TreeNode } from '../../mon/client/reports.ts';
import { renderSpace } from '../render/osd-df.ts';
import { renderStopAdvice } from '../render/stop-advice.ts';
import { renderTree } from '../render/tree.ts';
import { runDaemon } from './daemon.ts';

const actions = [
  'tree',
  'df',
  'in',
  'out',
  'down',
  'reweight',
  'safe-to-stop',
  'set-nearfull-ratio',
  'set-backfillfull-ratio',
  'set-full-ratio',
];

/** What the shell sees when an OSD must not be stopped. */
const unsafeExitCode = 3;

export const osd: Command = {
  summary: 'Shows or changes OSDs; with --config it runs one in the foreground.',
  usage: '[--data DIR] ACTION ... [--json] | --config FILE',
  details: [
    '  tree                 the OSDs by host, with their weights',
    '  df                   how full each one is',
    '  in ID, out ID        whether an OSD should hold data: one that is out is emptied onto the others',
    '  down ID              counts it as down; it comes up again if it lives',
    '  reweight ID WEIGHT   the share of its placement groups it keeps, above 0 and up to 1; the rest moves to others',
    '  set-nearfull-ratio RATIO, set-backfillfull-ratio RATIO, set-full-ratio RATIO',
    '                       from which share of its space on an OSD is warned of (0.85), is given no more copies (0.9),',
    '                       and takes no more writes (0.95)',
    '  safe-to-stop ID...   whether all data stays writable without these; exit code 0: yes, 3: no. Ask before each stop.',
  ].join('\n'),
  options: {
    data: dataOption,
    json: { type: 'boolean', help: 'for programs' },
    config: { type: 'string', value: 'FILE', help: 'its configuration (TOML); NACRE_* variables override it' },
  },
  positionals: ['ACTION', 'ID', 'WEIGHT'],
  optionalFrom: 0,
  repeats: true,
  async run(args) {
    const config = args.text('config');
    if (config !== undefined) return await runDaemon('osd', config);
    const command = osdCommand(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    const result = await withMon(readSettings(layout), {}, ({ mon }) => mon.command(command));
    process.stdout.write(`${args.flag('json') ? JSON.stringify(result, undefined, 2) : render(command.prefix, result)}\n`);
    return command.prefix === 'osd safe-to-stop' && !(result as StopAdvice).safe ? unsafeExitCode : 0;
  },
};

/** What the mon is asked for. */
export function osdCommand(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const [action, subject, value, ...more] = args.positionals;
  if (action === undefined || !actions.includes(action)) throw new UsageError(`an action is wanted: ${actions.join(', ')}`);
  const prefix = `osd ${action}`;
  if (action.endsWith('-ratio')) return { prefix, ratio: shareIn(prefix, subject, value) };
  if (action === 'safe-to-stop') return { prefix, osds: [subject, ...args.positionals.slice(2)].map((id) => osdNumber(prefix, id)) };
  const superfluous = action === 'tree' || action === 'df' ? subject : action === 'reweight' ? more[0] : value;
  if (superfluous !== undefined) throw new UsageError(`'${superfluous}' is one argument too many`);
  if (action === 'tree' || action === 'df') return { prefix };
  const id = osdNumber(prefix, subject);
  if (action !== 'reweight') return { prefix, osd: id };
  const reweight = /^[0-9]*\.?[0-9]+$/.test(value ?? '') ? Number(value) : 0;
  if (!(reweight > 0 && reweight <= 1))
    throw new UsageError(`${prefix}: a weight above 0 and up to 1 is wanted; to empty an OSD use nacre osd out ${id}`);
  return { prefix, osd: id, reweight };
}

/** `3` or `osd.3`. */
function osdNumber(prefix: string, text: string | undefined): number {
  const id = /^(?:osd\.)?([0-9]{1,6})$/.exec(text ?? '')?.[1];
  if (id === undefined) throw new UsageError(`${prefix}: the number of an OSD is wanted`);
  return Number(id);
}

function shareIn(prefix: string, text: string | undefined, more: string | undefined): number {
  const share = more === undefined && /^[0-9]*\.?[0-9]+$/.test(text ?? '') ? Number(text) : 0;
  if (!(share > 0 && share <= 1)) throw new UsageError(`${prefix}: one number above 0 and up to 1 is wanted, such as 0.9`);
  return share;
}

function render(prefix: string, result: unknown): string {
  switch (prefix) {
    case 'osd tree':
      return renderTree(result as readonly TreeNode[]);
    case 'osd df':
      return renderSpace(result as SpaceReport);
    case 'osd safe-to-stop':
      return renderStopAdvice(result as StopAdvice);
    default:
      return JSON.stringify(result, undefined, 2);
  }
}
