/**
 * Starting a local cluster: every daemon at once (each retries until the others are there), the pools and the
 * filesystem if they are missing, the mount. It either ends with all of it serving or with nothing left of what
 * it started.
 * @module
 */
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { CommandError } from '../errors.ts';
import { withMon, type Admin } from './admin.ts';
import { clientNameFor, daemonNames, ownMountOf, writeClientConfig, writeDaemonConfig } from './configs.ts';
import { createFilesystem } from './filesystem.ts';
import type { Layout } from './layout.ts';
import { prepareMountpoint, probe, waitUntilServing } from './mounts.ts';
import { pidOf, startDaemon, type StartedDaemon } from './processes.ts';
import type { ClusterSettings } from './settings.ts';
import { stopClient, takeDown } from './take-down.ts';

/** A cluster that is not serving after this long is reported as failed. */
const bringUpTimeoutMs = 60_000;

export interface BringUpOptions {
  /** Absolute; undefined: no mount. */
  readonly mountpoint: string | undefined;
  readonly say: (line: string) => void;
  /** Aborting gives up and takes back what was started. */
  readonly signal: AbortSignal;
}

/** Brings the whole cluster up. Resolves to the names of the daemons it started. */
export async function bringUp(layout: Layout, settings: ClusterSettings, options: BringUpOptions): Promise<readonly string[]> {
  await clearDeadMounts(layout, options.say);
  const names = daemonNames(settings);
  for (const name of names) writeDaemonConfig(layout, settings, name);
  const client = options.mountpoint === undefined ? undefined : await planClient(layout, settings, options.mountpoint, options.say);
  const wanted = client === undefined ? names : [...names, client];
  return await startTogether(
    layout,
    wanted.filter((name) => pidOf(layout, name) === undefined),
    options,
    async (signal, progress) => {
      await withMon(settings, { timeoutMs: bringUpTimeoutMs, signal }, async (admin) => {
        await whenOsdsAreUp(admin, settings, signal, progress);
        await createFilesystem(admin.mon, settings, 'cephfs');
        progress.waitingFor = 'an MDS to become active';
        await admin.waitForMap(hasActiveMds, signal);
      });
      if (options.mountpoint !== undefined) {
        progress.waitingFor = `the mount at ${options.mountpoint} to answer`;
        await waitUntilServing(options.mountpoint, signal);
      }
    },
  );
}

/** Mounts a running cluster at one more place. Resolves to the client's name. */
export async function bringUpMount(
  layout: Layout,
  settings: ClusterSettings,
  mountpoint: string,
  options: Omit<BringUpOptions, 'mountpoint'>,
): Promise<string> {
  const client = await planClient(layout, settings, mountpoint, options.say);
  if (pidOf(layout, client) === undefined) {
    await startTogether(layout, [client], options, async (signal, progress) => {
      progress.waitingFor = `the mount at ${mountpoint} to answer`;
      await waitUntilServing(mountpoint, signal);
    });
  }
  return client;
}

/** What is being waited for, for the message when it takes too long. */
export interface Progress {
  waitingFor: string;
}

/**
 * Starts daemons together and waits for `serving`. If that fails, one of them ends, or it takes too long, all that
 * were started are stopped again.
 */
export async function startTogether(
  layout: Layout,
  names: readonly string[],
  options: Omit<BringUpOptions, 'mountpoint'>,
  serving: (signal: AbortSignal, progress: Progress) => Promise<void>,
): Promise<readonly string[]> {
  const started: StartedDaemon[] = [];
  const progress: Progress = { waitingFor: 'the mon to answer' };
  const giveUp = new AbortController();
  const timer = setTimeout(() => {
    giveUp.abort(
      new CommandError(`waited ${bringUpTimeoutMs / 1000} s in vain for ${progress.waitingFor}; the logs are in ${layout.dir}/log`),
    );
  }, bringUpTimeoutMs);
  const interrupted = (): void => giveUp.abort(options.signal.reason);
  options.signal.addEventListener('abort', interrupted, { once: true });
  try {
    for (const name of names) {
      const daemon = startDaemon(layout, name);
      started.push(daemon);
      void daemon.ended.then((reason) => giveUp.abort(new CommandError(reason.startsWith(name) ? reason : `${name}: ${reason}`)));
    }
    if (options.signal.aborted) interrupted();
    await serving(giveUp.signal, progress);
    giveUp.signal.throwIfAborted();
  } catch (error) {
    await takeDown(
      layout,
      options.say,
      started.map(({ name }) => name),
    );
    // Whatever was waited for failed because of this.
    throw giveUp.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', interrupted);
  }
  return started.map(({ name }) => name);
}

/** Takes away mounts whose client was killed, so that their directories are usable again. */
async function clearDeadMounts(layout: Layout, say: (line: string) => void): Promise<void> {
  for (const name of layout.names('conf', '.toml').filter((each) => each.startsWith('client.'))) {
    if (pidOf(layout, name) === undefined) await stopClient(layout, name, say);
  }
}

/** Makes the mount point and the client's configuration ready; leaves a mount of ours that serves alone. */
async function planClient(layout: Layout, settings: ClusterSettings, mountpoint: string, say: (line: string) => void): Promise<string> {
  const client = clientNameFor(layout, mountpoint);
  if (pidOf(layout, client) === undefined) {
    await stopClient(layout, client, say);
    await prepareMountpoint(mountpoint, say);
  } else if (ownMountOf(layout, client) === undefined)
    throw new CommandError(`${client} runs, but its mount is not what is at ${mountpoint}: nacre stop ${client}, then mount it again`);
  else if ((await probe(mountpoint)) !== 'serving')
    throw new CommandError(`${client} runs but ${mountpoint} does not answer: see ${layout.logPath(client)}, or unmount it first`);
  writeClientConfig(layout, settings, client, mountpoint);
  return client;
}

async function whenOsdsAreUp(admin: Admin, settings: ClusterSettings, signal: AbortSignal, progress: Progress): Promise<void> {
  const missing = (map: ClusterMap): string[] => {
    const up = new Set([...map.osds.values()].filter((osd) => osd.up).map((osd) => Number(osd.id)));
    return settings.osds.filter((id) => !up.has(id)).map((id) => `osd.${id}`);
  };
  await admin.waitForMap((map) => {
    const names = missing(map);
    progress.waitingFor = `${names.join(', ')} to register with the mon`;
    return names.length === 0;
  }, signal);
}

function hasActiveMds(map: ClusterMap): boolean {
  return [...map.mdss.values()].some((mds) => mds.state === 'active');
}
