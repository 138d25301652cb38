import { dataOption, type Command } from '../command.ts';
import { bringUpMount } from '../cluster/bring-up.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { mountAt, mountpointPath } from '../cluster/mounts.ts';
import { pidOf, waitForEnd } from '../cluster/processes.ts';
import { readSettings } from '../cluster/settings.ts';
import { stopClient } from '../cluster/take-down.ts';
import { aborted, onInterrupt, say } from '../interrupt.ts';

const foreverMs = Number.POSITIVE_INFINITY;

export const mount: Command = {
  summary: 'Mounts a running cluster at one more place.',
  usage: '[--data DIR] MOUNTPOINT [--detach]',
  details:
    'Without --detach it stays in the foreground until unmounted, or until Ctrl-C unmounts it. A dead mount found there is taken away.',
  options: { data: dataOption, detach: { type: 'boolean', help: 'return once the mount serves requests' } },
  positionals: ['MOUNTPOINT'],
  async run(args) {
    const interrupt = onInterrupt();
    const started = performance.now();
    const layout = Layout.existing(args.text('data') ?? 'data');
    const mountpoint = mountpointPath(args.positionals[0] as string);
    const before = mountAt(mountpoint);
    const name = await withLock(layout, say, () => bringUpMount(layout, readSettings(layout), mountpoint, { say, signal: interrupt }));
    const isNew = mountAt(mountpoint)?.deviceMinor !== before?.deviceMinor;
    const after = isNew ? `after ${((performance.now() - started) / 1000).toFixed(1)} s` : 'already';
    process.stdout.write(`mounted at ${mountpoint} ${after} (${name})\n`);
    if (args.flag('detach')) return 0;
    const pid = pidOf(layout, name);
    if (pid !== undefined) await Promise.race([aborted(interrupt), waitForEnd(pid, layout.configPath(name), foreverMs)]);
    await withLock(layout, say, () => stopClient(layout, name, say));
    return 0;
  },
};
