import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from '../command.ts';
import { ownMountOf } from '../cluster/configs.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { mountAt, mountpointPath, removeStaleMount } from '../cluster/mounts.ts';
import { argumentsOfAny, configOf } from '../cluster/processes.ts';
import { stopClient } from '../cluster/take-down.ts';
import { CommandError } from '../errors.ts';
import { say } from '../interrupt.ts';

export const umount: Command = {
  summary: 'Unmounts. What was written is flushed first; a dead mount is taken away.',
  usage: 'MOUNTPOINT [--force]',
  options: { force: { type: 'boolean', help: 'also when programs still use it: they keep what they have open, and nothing new finds it' } },
  positionals: ['MOUNTPOINT'],
  async run(args) {
    const mountpoint = mountpointPath(args.positionals[0] as string);
    const mounted = mountAt(mountpoint);
    if (mounted === undefined) throw new CommandError(`nothing is mounted at ${mountpoint}`);
    if (!mounted.fstype.startsWith('fuse'))
      throw new CommandError(`${mountpoint} is a mount of ${mounted.fstype}, not one of ours: use umount(8)`);
    const served = servedBy(mountpoint);
    if (served === undefined) {
      await removeStaleMount(mountpoint, say);
      if (mountAt(mountpoint) !== undefined)
        throw new CommandError(`${mountpoint} is a FUSE mount that no nacre client on this machine serves: use umount(8)`);
      return 0;
    }
    const { layout, name } = served;
    await withLock(layout, say, () => stopClient(layout, name, say, args.flag('force') ? 'detach' : 'refuse'));
    return 0;
  },
};

/** The client process of this machine whose mount lies at `mountpoint`, also what is left of one that was killed. */
function servedBy(mountpoint: string): { readonly layout: Layout; readonly name: string } | undefined {
  for (const pid of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    const args = argumentsOfAny(Number(pid));
    const config = configOf(args);
    if (!args.some((arg) => arg.endsWith('/fuse-client/main.js')) || config === undefined || basename(dirname(config)) !== 'conf') continue;
    const layout = Layout.of(dirname(dirname(config)));
    const name = basename(config, '.toml');
    if (ownMountOf(layout, name)?.mountpoint === mountpoint) return { layout, name };
  }
  return undefined;
}
