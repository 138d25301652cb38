import { dataOption, type Command } from '../command.ts';
import { requireDaemon } from '../cluster/configs.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { pidOf } from '../cluster/processes.ts';
import { readSettings } from '../cluster/settings.ts';
import { takeDown } from '../cluster/take-down.ts';
import { say } from '../interrupt.ts';

export const stop: Command = {
  summary: 'Stops one daemon (SIGTERM, and waits until it has ended).',
  usage: '[--data DIR] NAME',
  options: { data: dataOption },
  positionals: ['NAME'],
  async run(args) {
    const layout = Layout.existing(args.text('data') ?? 'data');
    const name = args.positionals[0] as string;
    const running = await withLock(layout, say, async () => {
      requireDaemon(layout, readSettings(layout), name);
      const was = pidOf(layout, name) !== undefined;
      await takeDown(layout, say, [name]);
      return was;
    });
    process.stdout.write(running ? `stopped ${name}\n` : `${name} was not running\n`);
    return 0;
  },
};
