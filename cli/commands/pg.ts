import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';
import type { PgStatus } from '../../mon/client/reports.ts';
import { renderPgs } from '../render/pgs.ts';

export const pg: Command = {
  summary: 'Shows placement groups.',
  usage: '[--data DIR] ls [--pool NAME] [--state WORD] [--json]',
  details: '  ls   each with its objects, what it lacks, who serves it (primary first), who should, and its state',
  options: {
    data: dataOption,
    pool: { type: 'string', value: 'NAME', help: 'only of this pool' },
    state: { type: 'string', value: 'WORD', help: 'only those with this word in their state: clean, degraded, peering, down, ...' },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION'],
  async run(args) {
    const [action] = args.positionals;
    if (action !== 'ls') throw new UsageError('an action is wanted: ls');
    const layout = Layout.existing(args.text('data') ?? 'data');
    const [pool, state] = [args.text('pool'), args.text('state')];
    const command = { prefix: 'pg ls', ...(pool === undefined ? {} : { pool }), ...(state === undefined ? {} : { state }) };
    const pgs = await withMon(readSettings(layout), {}, ({ mon }) => mon.command<readonly PgStatus[]>(command));
    process.stdout.write(`${args.flag('json') ? JSON.stringify(pgs, undefined, 2) : renderPgs(pgs)}\n`);
    return 0;
  },
};
