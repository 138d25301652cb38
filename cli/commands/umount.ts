import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from '../command.ts';
import { mountpointOf } from '../cluster/configs.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { holdersOf, mountAt, mountpointPath, probe, removeStaleMount, unmount } from '../cluster/mounts.ts';
import { stopClient } from '../cluster/take-down.ts';
import { CommandError, codeOf } from '../errors.ts';
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
    await withLock(layout, say, async () => {
      if (!args.flag('force') && (await probe(mountpoint)) === 'serving' && (await unmount(mountpoint)) === 'busy') {
        const holders = holdersOf(mountpoint);
        throw new CommandError(
          `${mountpoint} is in use${holders.length > 0 ? ` by ${holders.join(', ')}` : ''}: leave it there, or give --force`,
        );
      }
      await stopClient(layout, name, say);
    });
    return 0;
  },
};

/** The client process of this machine whose configuration names `mountpoint`. */
function servedBy(mountpoint: string): { readonly layout: Layout; readonly name: string } | undefined {
  for (const pid of readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry))) {
    const args = argumentsOf(pid);
    const config = args[args.indexOf('--config') + 1];
    if (!args.some((arg) => arg.endsWith('/fuse-client/main.js')) || config === undefined || basename(dirname(config)) !== 'conf') continue;
    const layout = Layout.of(dirname(dirname(config)));
    const name = basename(config, '.toml');
    if (mountpointOf(layout, name) === mountpoint) return { layout, name };
  }
  return undefined;
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH' || codeOf(error) === 'EACCES') return [];
    throw error;
  }
}
