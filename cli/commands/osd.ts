import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { addOsd, removeOsd, type NewOsd } from '../cluster/osds.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt, say } from '../interrupt.ts';
import type { LostReport, SpaceReport, StopAdvice, TreeNode } from '../../mon/client/reports.ts';
import { renderSpace } from '../render/osd-df.ts';
import { renderStopAdvice } from '../render/stop-advice.ts';
import { renderTree } from '../render/tree.ts';
import { runDaemon } from './daemon.ts';

const actions = [
  'tree',
  'df',
  'add',
  'rm',
  'move',
  'in',
  'out',
  'down',
  'lost',
  'reweight',
  'weight',
  'safe-to-stop',
  'set-nearfull-ratio',
  'set-backfillfull-ratio',
  'set-full-ratio',
];

/** The option without which no disk is given up, and what the mon wants to be told. */
const sureOption = 'what-only-it-has-is-lost-for-good';
const sure = 'what only it has is lost for good';

/** What the shell sees when an OSD must not be stopped. */
const unsafeExitCode = 3;

export const osd: Command = {
  summary: 'Shows or changes OSDs; with --config it runs one in the foreground.',
  usage: '[--data DIR] ACTION ... [--json] | --config FILE',
  details: [
    '  tree                 the OSDs by host, with their weights',
    '  df                   how full each one is',
    '  add                  makes a new OSD on this machine and starts it: --host, --rack, --weight, --disk',
    '  rm ID                takes one that was emptied and stopped out of the cluster, for good',
    '  move HOST            puts a host into another rack (--rack R), or out of any (--no-rack)',
    '  in ID, out ID        whether an OSD should hold data: one that is out is emptied onto the others',
    '  down ID              counts it as down; it comes up again if it lives',
    `  lost ID ID --${sureOption}`,
    '                       gives up the disk of one that is down: PGs that wait for it go on with older copies, or empty',
    '  reweight ID WEIGHT   the share of its placement groups it keeps, above 0 and up to 1; the rest moves to others',
    '  set-nearfull-ratio RATIO, set-backfillfull-ratio RATIO, set-full-ratio RATIO',
    '                       from which share of its space on an OSD is warned of (0.85), is given no more copies (0.9),',
    '                       and takes no more writes (0.95)',
    '  weight ID WEIGHT     its share of the data in the tree, 1 for each TiB of its disk; 0 empties it for good',
    '  safe-to-stop ID...   whether all data stays writable without these; exit code 0: yes, 3: no. Ask before each stop.',
  ].join('\n'),
  options: {
    data: dataOption,
    host: { type: 'string', value: 'H', help: 'add: failure domain it belongs to (default: this machine)' },
    rack: { type: 'string', value: 'R', help: 'add: rack of a host that is new; move: where to' },
    'no-rack': { type: 'boolean', help: 'move: out of any rack' },
    weight: { type: 'string', value: 'W', help: 'add: share of the data, 1 for each TiB (default: by the size of its disk)' },
    disk: { type: 'string', value: 'DIR', help: "add: an empty directory for its data (default: in the cluster's)" },
    [sureOption]: { type: 'boolean', help: 'lost: say that you mean it' },
    json: { type: 'boolean', help: 'for programs' },
    config: { type: 'string', value: 'FILE', help: 'its configuration (TOML); NACRE_* variables override it' },
  },
  positionals: ['ACTION', 'ID', 'WEIGHT'],
  optionalFrom: 0,
  repeats: true,
  async run(args) {
    const config = args.text('config');
    if (config !== undefined) return await runDaemon('osd', config);
    const layout = Layout.existing(args.text('data') ?? 'data');
    if (args.positionals[0] === 'add') return await add(layout, args);
    if (args.positionals[0] === 'rm') return await remove(layout, args);
    const command = osdCommand(args);
    const result = await withMon(readSettings(layout), {}, ({ mon }) => mon.command(command));
    printResult(args, result, render(command.prefix, result));
    return command.prefix === 'osd safe-to-stop' && !(result as StopAdvice).safe ? unsafeExitCode : 0;
  },
};

/** What the mon is asked for. */
export function osdCommand(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const action = actionOf(args, actions);
  const [, subject, value, ...more] = args.positionals;
  const prefix = `osd ${action}`;
  if (action === 'move') return moveOf(args);
  if (action.endsWith('-ratio')) return { prefix, ratio: shareIn(prefix, subject, value) };
  if (action === 'lost') return lossOf(subject, value, more[0], args.flag(sureOption));
  if (action === 'safe-to-stop') return { prefix, osds: [subject, ...args.positionals.slice(2)].map((id) => osdNumber(prefix, id)) };
  refuseMore(action === 'tree' || action === 'df' ? subject : action.endsWith('weight') ? more[0] : value);
  if (action === 'tree' || action === 'df') return { prefix };
  const id = osdNumber(prefix, subject);
  if (action === 'weight') {
    if (!/^\d{1,4}(\.\d{1,5})?$/.test(value ?? '')) throw new UsageError(`${prefix}: a number from 0 is wanted, 1 for each TiB`);
    return { prefix, osd: id, weight: Number(value) };
  }
  if (action !== 'reweight') return { prefix, osd: id };
  const reweight = /^[0-9]*\.?[0-9]+$/.test(value ?? '') ? Number(value) : 0;
  if (!(reweight > 0 && reweight <= 1))
    throw new UsageError(`${prefix}: a weight above 0 and up to 1 is wanted; to empty an OSD use nacre osd out ${id}`);
  return { prefix, osd: id, reweight };
}

async function add(layout: Layout, args: Arguments): Promise<number> {
  const wanted = newOsd(args);
  const signal = onInterrupt();
  const id = await withLock(layout, say, () => addOsd(layout, wanted, { say, signal }));
  process.stdout.write(`osd.${id} is up: data is moving to it (nacre status shows how far)\n`);
  return 0;
}

async function remove(layout: Layout, args: Arguments): Promise<number> {
  const [, subject, extra] = args.positionals;
  refuseMore(extra);
  const id = osdNumber('osd rm', subject);
  const left = await withLock(layout, say, () => removeOsd(layout, id));
  const rest = left === undefined ? '' : `; nothing needs what is in ${left} any more`;
  process.stdout.write(`osd.${id} is removed${rest}\n`);
  return 0;
}

/** What `osd add` is to make. */
export function newOsd(args: Arguments): NewOsd {
  refuseMore(args.positionals[1], 'osd add finds a number by itself');
  const weight = args.text('weight');
  if (weight !== undefined && !(/^\d{1,4}(\.\d{1,5})?$/.test(weight) && Number(weight) > 0))
    throw new UsageError(`--weight ${weight}: a number above 0 is wanted, 1 for each TiB`);
  return { host: args.text('host'), rack: args.text('rack'), weight, disk: args.text('disk') };
}

function moveOf(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const [, host, extra] = args.positionals;
  if (host === undefined) throw new UsageError('osd move: HOST is missing');
  refuseMore(extra);
  const rack = args.text('rack');
  if ((rack === undefined) !== args.flag('no-rack')) throw new UsageError('osd move: --rack R or --no-rack is wanted');
  return { prefix: 'crush move', host, ...(rack === undefined ? {} : { rack }) };
}

function lossOf(
  subject: string | undefined,
  again: string | undefined,
  extra: string | undefined,
  isSure: boolean,
): ReturnType<typeof osdCommand> {
  const id = osdNumber('osd lost', subject);
  refuseMore(extra);
  if (again === undefined || osdNumber('osd lost', again) !== id)
    throw new UsageError(`osd lost: the number of the OSD is wanted twice: nacre osd lost ${id} ${id} --${sureOption}`);
  if (!isSure) throw new UsageError(`osd lost: nothing is given up without --${sureOption}`);
  return { prefix: 'osd lost', osd: id, again: id, sure };
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
    case 'osd lost':
      return renderLoss(result as LostReport);
    default:
      return sentenceOf(prefix, result as Changed) ?? JSON.stringify(result, undefined, 2);
  }
}

function renderLoss({ osd: id, olderCopies, empty }: LostReport): string {
  const lines = [`osd.${id} is given up: no placement group waits for it any more, and its store is never let in again`];
  for (const { pg, osd: other } of olderCopies)
    lines.push(`PG ${pg} goes on with the copy of osd.${other}: what was written since is lost`);
  for (const pg of empty) lines.push(`PG ${pg} begins anew: all that was in it is lost, but what an unfinished copy has`);
  return lines.join('\n');
}

/** What the mon answers to a change. */
interface Changed {
  readonly osd: number;
  readonly reweight: number;
  readonly weight: number;
  readonly host: string;
  readonly rack: string | null;
}

function sentenceOf(prefix: string, { osd: id, reweight, weight, host, rack }: Changed): string | undefined {
  switch (prefix) {
    case 'osd in':
      return `osd.${id} is in: data moves to it`;
    case 'osd out':
      return `osd.${id} is out: its data is copied to others, and it serves until that is done (nacre status)`;
    case 'osd down':
      return `osd.${id} is told nothing more: it is down when its lease ends, and comes up again if it lives`;
    case 'osd reweight':
      return `osd.${id} keeps ${reweight.toFixed(4)} of its placement groups`;
    case 'osd weight':
      return `osd.${id} weighs ${weight.toFixed(4)}`;
    case 'crush move':
      return rack === null ? `host ${host} is in no rack` : `host ${host} is in rack ${rack}`;
    default:
      return undefined;
  }
}
