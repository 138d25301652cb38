import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';

const actions = ['ls', 'create'];

export const pool: Command = {
  summary: 'Shows or makes pools.',
  usage: '[--data DIR] ACTION ...',
  details: '  ls            the pools\n  create NAME   a new one',
  options: {
    data: dataOption,
    size: { type: 'string', value: 'N', help: 'create: copies of each object (default 3)' },
    pgs: { type: 'string', value: 'N', help: 'create: number of placement groups (default 32)' },
    domain: {
      type: 'string',
      value: 'TYPE',
      help: 'create: osd, host or rack: no two copies share one (default host where there are enough)',
    },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION', 'NAME'],
  optionalFrom: 1,
  async run(args) {
    const [action, name] = args.positionals;
    if (action === undefined || !actions.includes(action)) throw new UsageError(`an action is wanted: ${actions.join(', ')}`);
    if (action === 'create' && name === undefined) throw new UsageError('pool create: NAME is missing');
    const domain = args.text('domain');
    const command = {
      prefix: 'pool create',
      name,
      size: args.count('size', { min: 1, max: 10 }) ?? 3,
      pgNum: args.count('pgs', { min: 1, max: 65_536 }) ?? 32,
      ...(domain === undefined ? {} : { failureDomain: domain }),
    };
    const layout = Layout.existing(args.text('data') ?? 'data');
    const pools = await withMon(readSettings(layout), {}, async ({ mon }) => {
      if (action === 'ls') return [...mon.map.pools.values()];
      await mon.command(command);
      return [...(await mon.waitForEpoch(mon.map.epoch, { timeoutMs: 10_000 })).pools.values()];
    });
    const lines = pools.map(
      (each) =>
        `${String(each.id).padStart(3)}  ${each.name}  ${each.size} copies, served from ${each.minSize}; ${each.pgNum} placement groups, rule ${each.rule}`,
    );
    process.stdout.write(`${args.flag('json') ? JSON.stringify(pools, undefined, 2) : lines.join('\n')}\n`);
    return 0;
  },
};
