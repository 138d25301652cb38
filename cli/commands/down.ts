import { dataOption, type Command } from '../command.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { pidOf, recordedDaemons } from '../cluster/processes.ts';
import { takeDown } from '../cluster/take-down.ts';
import { say } from '../interrupt.ts';

export const down: Command = {
  summary: 'Unmounts a local cluster and stops its daemons. Everything written stays.',
  usage: '[--data DIR]',
  options: { data: dataOption },
  positionals: [],
  async run(args) {
    const layout = Layout.existing(args.text('data') ?? 'data');
    const running = await withLock(layout, say, async () => {
      const names = recordedDaemons(layout).filter((name) => pidOf(layout, name) !== undefined);
      await takeDown(layout, say);
      return names;
    });
    process.stdout.write(running.length === 0 ? 'it was down already\n' : `stopped ${running.join(', ')}\n`);
    return 0;
  },
};
