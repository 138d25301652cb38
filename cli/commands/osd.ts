import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';
import { renderTree, type TreeNode } from '../render/tree.ts';
import { runDaemon } from './daemon.ts';

const actions = ['tree', 'in', 'out', 'down'];

export const osd: Command = {
  summary: 'Shows or changes OSDs; with --config it runs one in the foreground.',
  usage: '[--data DIR] ACTION ... | --config FILE',
  details: [
    '  tree            the OSDs by host, with their weights',
    '  in ID, out ID   whether an OSD should hold data: one that is out is emptied onto the others',
    '  down ID         counts it as down; it comes up again if it lives',
  ].join('\n'),
  options: {
    data: dataOption,
    json: { type: 'boolean', help: 'for programs' },
    config: { type: 'string', value: 'FILE', help: 'its configuration (TOML); NACRE_* variables override it' },
  },
  positionals: ['ACTION', 'ID'],
  optionalFrom: 0,
  async run(args) {
    const config = args.text('config');
    if (config !== undefined) return await runDaemon('osd', config);
    const command = commandFor(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    const result = await withMon(readSettings(layout), {}, ({ mon }) => mon.command(command));
    const shown =
      command.prefix === 'osd tree' && !args.flag('json')
        ? renderTree(result as readonly TreeNode[])
        : JSON.stringify(result, undefined, 2);
    process.stdout.write(`${shown}\n`);
    return 0;
  },
};

function commandFor(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const [action, subject] = args.positionals;
  if (action === undefined || !actions.includes(action)) throw new UsageError(`an action is wanted: ${actions.join(', ')}`);
  if (action === 'tree') return { prefix: 'osd tree' };
  const id = /^(?:osd\.)?([0-9]{1,6})$/.exec(subject ?? '')?.[1];
  if (id === undefined) throw new UsageError(`osd ${action}: the number of an OSD is wanted`);
  return { prefix: `osd ${action}`, osd: Number(id) };
}
