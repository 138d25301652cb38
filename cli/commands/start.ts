import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { bringUpMount, startTogether } from '../cluster/bring-up.ts';
import { mountpointOf, requireDaemon, writeDaemonConfig } from '../cluster/configs.ts';
import { Layout } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { pidOf, typeOf } from '../cluster/processes.ts';
import { readSettings, type ClusterSettings } from '../cluster/settings.ts';
import { CommandError } from '../errors.ts';
import { onInterrupt, say } from '../interrupt.ts';

export const start: Command = {
  summary: 'Starts one daemon of a local cluster, and returns when it serves.',
  usage: '[--data DIR] NAME',
  options: { data: dataOption },
  positionals: ['NAME'],
  async run(args) {
    const signal = onInterrupt();
    const layout = Layout.existing(args.text('data') ?? 'data');
    const name = args.positionals[0] as string;
    const type = typeOf(name);
    return await withLock(layout, say, async () => {
      if (pidOf(layout, name) !== undefined) {
        process.stdout.write(`${name} is running already\n`);
        return 0;
      }
      const settings = readSettings(layout);
      if (type === 'client') await startClient(layout, settings, name, signal);
      else await startService(layout, settings, name, signal);
      process.stdout.write(`${name} is up\n`);
      return 0;
    });
  },
};

async function startClient(layout: Layout, settings: ClusterSettings, name: string, signal: AbortSignal): Promise<void> {
  const mountpoint = mountpointOf(layout, name);
  if (mountpoint === undefined) throw new CommandError(`there is no ${name} in this cluster: make one with nacre mount`);
  await bringUpMount(layout, settings, mountpoint, { say, signal });
}

async function startService(layout: Layout, settings: ClusterSettings, name: string, interrupt: AbortSignal): Promise<void> {
  requireDaemon(layout, settings, name);
  writeDaemonConfig(layout, settings, name);
  const monRuns = pidOf(layout, 'mon.a') !== undefined;
  if (typeOf(name) !== 'mon' && !monRuns)
    throw new CommandError(`${name} has nobody to register with, since mon.a is not running: start that first`);
  const before = monRuns ? await withMon(settings, { signal: interrupt }, async ({ mon }) => lifeOf(mon.map, name)) : undefined;
  await startTogether(layout, [name], { say, signal: interrupt }, async (signal, progress) => {
    await withMon(settings, { signal, timeoutMs: 60_000 }, async (admin) => {
      progress.waitingFor = `${name} to register with the mon`;
      if (typeOf(name) === 'mon') return;
      await admin.waitForMap((map) => {
        const life = lifeOf(map, name);
        return life !== undefined && life !== before;
      }, signal);
    });
  });
}

/** Which life of a daemon the map knows to be up. */
function lifeOf(map: ClusterMap, name: string): number | undefined {
  for (const osd of map.osds.values()) if (`osd.${osd.id}` === name) return osd.up ? osd.instance : undefined;
  for (const mds of map.mdss.values()) if (mds.name === name) return mds.instance;
  return undefined;
}
