/**
 * Ending a local cluster in the order in which nothing is lost: mounts first, which write back what they hold,
 * then the MDSs, the OSDs, the mon.
 * @module
 */
import { mountpointOf } from './configs.ts';
import type { Layout } from './layout.ts';
import { detach, holdersOf, mountAt, removeStaleMount, unmount } from './mounts.ts';
import { pidOf, recordedDaemons, stopDaemon, typeOf, type DaemonType } from './processes.ts';

const order: readonly DaemonType[] = ['client', 'mds', 'osd', 'mon'];

/** Stops the named daemons (all recorded ones by default). */
export async function takeDown(
  layout: Layout,
  say: (line: string) => void,
  names: readonly string[] = recordedDaemons(layout),
): Promise<void> {
  for (const type of order) {
    const group = names.filter((name) => typeOf(name) === type);
    const outcomes = await Promise.allSettled(
      group.map((name) => (type === 'client' ? stopClient(layout, name, say) : stopDaemon(layout, name, say))),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** Unmounts and ends one client. A mount in use is taken out of the tree after its data was written back, and says so. */
export async function stopClient(layout: Layout, name: string, say: (line: string) => void): Promise<void> {
  const mountpoint = mountpointOf(layout, name);
  if (mountpoint !== undefined) {
    if (pidOf(layout, name) === undefined) await removeStaleMount(mountpoint, say);
    else if (mountAt(mountpoint) !== undefined && (await unmount(mountpoint)) === 'busy') {
      const holders = holdersOf(mountpoint);
      say(
        `${mountpoint} is in use${holders.length > 0 ? ` by ${holders.join(', ')}` : ''}: unmounting it all the same, what was written is kept`,
      );
      await detach(mountpoint);
    }
  }
  await stopDaemon(layout, name, say);
  if (mountpoint !== undefined) await removeStaleMount(mountpoint, say);
}
