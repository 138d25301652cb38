/**
 * Ending a local cluster in the order in which nothing is lost: mounts first, which write back what they hold,
 * then the MDSs, the OSDs, the mon.
 * @module
 */
import { CommandError } from '../errors.ts';
import { daemonNames, ownMountOf, sourceOf } from './configs.ts';
import { FuseConnections } from './fuse-connections.ts';
import type { Layout } from './layout.ts';
import { detach, holdersOf, removeStaleMount, unmount } from './mounts.ts';
import { pidOf, recordedDaemons, remainsOf, resume, startDaemon, stopDaemon, typeOf, type DaemonType } from './processes.ts';
import { readSettings } from './settings.ts';

const order: readonly DaemonType[] = ['client', 'mds', 'osd', 'mon'];

/** Stops the named daemons, or the whole cluster. */
export async function takeDown(layout: Layout, say: (line: string) => void, names?: readonly string[]): Promise<void> {
  const all = names ?? wholeCluster(layout, say);
  for (const type of order) {
    const group = all.filter((name) => typeOf(name) === type);
    const outcomes = await Promise.allSettled(
      group.map((name) => (type === 'client' ? stopClient(layout, name, say) : stopDaemon(layout, name, say))),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/**
 * Every daemon that has been started. A mount cannot write back what it holds to daemons that died or were stopped: they
 * are started again first, to be stopped after it.
 */
function wholeCluster(layout: Layout, say: (line: string) => void): readonly string[] {
  const recorded = recordedDaemons(layout);
  if (!recorded.some((name) => typeOf(name) === 'client' && pidOf(layout, name) !== undefined)) return recorded;
  const dead = daemonNames(readSettings(layout)).filter((name) => pidOf(layout, name) === undefined);
  if (dead.length > 0) {
    say(`${dead.join(', ')} ${dead.length === 1 ? 'is' : 'are'} not running: started, so that the mounts can write back what they hold`);
    for (const name of dead) startDaemon(layout, name);
  }
  return [...new Set([...recorded, ...dead])];
}

/**
 * Unmounts and ends one client, also what is left of one that was killed. A mount in use is taken out of the tree after its data was
 * written back, and says so; or, `ifBusy` being 'refuse', left as it is.
 */
export async function stopClient(
  layout: Layout,
  name: string,
  say: (line: string) => void,
  ifBusy: 'detach' | 'refuse' = 'detach',
): Promise<void> {
  const pid = pidOf(layout, name);
  const mount = ownMountOf(layout, name);
  // As long as the mount is in the tree: not all kernels tell of what was detached.
  const connections = await FuseConnections.open(sourceOf(layout, name), remainsOf(layout, name));
  try {
    if (pid !== undefined && mount !== undefined) {
      resume(pid);
      const { mountpoint } = mount;
      const outcome = await unmount(mountpoint);
      if (outcome === 'busy' && ifBusy === 'refuse') throw new CommandError(`${inUse(mountpoint)}: leave it there, or give --force`);
      if (outcome === 'busy') say(`${inUse(mountpoint)}: unmounting it all the same, what was written is kept`);
      if (outcome === 'silent') {
        say(`${mountpoint} does not answer: it is cut off, what was not fsynced may be lost`);
        connections.cutOff();
      }
      if (ownMountOf(layout, name) !== undefined) await detach(mountpoint);
    }
    await stopDaemon(layout, name, say, () => connections.cutOff());
    const dead = ownMountOf(layout, name);
    if (dead !== undefined) await removeStaleMount(dead.mountpoint, say);
  } finally {
    connections.close();
  }
}

function inUse(mountpoint: string): string {
  const holders = holdersOf(mountpoint);
  return `${mountpoint} is in use${holders.length > 0 ? ` by ${holders.join(', ')}` : ''}`;
}
