import { clusterFlags, type ClusterFlag } from '../../common/maps/cluster-map.ts';
import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';

export const flag: Command = {
  summary: 'Sets or unsets a flag of the whole cluster.',
  usage: '[--data DIR] set|unset FLAG',
  details: `FLAG: ${clusterFlags.join(', ')}`,
  options: { data: dataOption },
  positionals: ['set|unset', 'FLAG'],
  async run(args) {
    const [action, name] = args.positionals;
    if (action !== 'set' && action !== 'unset') throw new UsageError(`'${String(action)}': set or unset is wanted`);
    if (!clusterFlags.includes(name as ClusterFlag))
      throw new UsageError(`'${String(name)}' is no flag; there are ${clusterFlags.join(', ')}`);
    const layout = Layout.existing(args.text('data') ?? 'data');
    const { flags } = await withMon(readSettings(layout), {}, ({ mon }) =>
      mon.command<{ readonly flags: readonly string[] }>({ prefix: `flag ${action}`, flag: name }),
    );
    process.stdout.write(`${flags.length === 0 ? 'no flag is set' : `set: ${flags.join(', ')}`}\n`);
    return 0;
  },
};
