/**
 * OSDs that come to a local cluster and leave it.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { lostUuid } from '../../common/maps/cluster-map.ts';
import { osdId } from '../../common/maps/ids.ts';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import { withMon } from './admin.ts';
import { startTogether, type BringUpOptions } from './bring-up.ts';
import { dataDirOf, writeDaemonConfig } from './configs.ts';
import { realPathOf, type Layout } from './layout.ts';
import { pidOf } from './processes.ts';
import { readSettings, writeSettings, writeWhole, type ClusterSettings } from './settings.ts';

export interface NewOsd {
  /** Failure domain; undefined: this machine. */
  readonly host: string | undefined;
  readonly rack: string | undefined;
  /** CRUSH weight; undefined: by the size of its disk. */
  readonly weight: string | undefined;
  /** Where it keeps its data; undefined: in the cluster's directory. */
  readonly disk: string | undefined;
}

type Options = Omit<BringUpOptions, 'mountpoint'>;

/** Makes an OSD, starts it and waits until it is up; if that fails, nothing of it is left. Resolves to its number. */
export async function addOsd(layout: Layout, wanted: NewOsd, options: Options): Promise<number> {
  const settings = readSettings(layout);
  const uuid = randomUUID();
  const host = wanted.host ?? hostname();
  const disk = wanted.disk === undefined ? undefined : emptyFolder(layout, settings, wanted.disk);
  const { osd } = await withMon(settings, { signal: options.signal }, ({ mon }) =>
    mon.command<{ readonly osd: number }>({ prefix: 'osd new', uuid, host, ...(wanted.rack === undefined ? {} : { rack: wanted.rack }) }),
  );
  const name = `osd.${osd}`;
  const dataDir = disk ?? layout.dataPath(name);
  try {
    if (disk === undefined) emptyFolder(layout, settings, dataDir);
    // Beside the data, so that it goes with them: an emptied directory must not be taken for what it held.
    writeWhole(join(dataDir, 'uuid'), `${uuid}\n`);
    writeDaemonConfig(layout, settings, name, {
      host,
      dataDir,
      ...(wanted.rack === undefined ? {} : { rack: wanted.rack }),
      ...(wanted.weight === undefined ? {} : { crushWeight: wanted.weight }),
    });
    writeSettings(layout, { ...settings, osds: [...settings.osds, osd].sort((a, b) => a - b) });
    await startTogether(layout, [name], options, async (signal, progress) => {
      progress.waitingFor = `${name} to register with the mon`;
      await withMon(settings, { signal }, (admin) => admin.waitForMap((map) => map.osds.get(osdId(osd))?.up === true, signal));
    });
  } catch (error) {
    await takeBack(layout, settings, { osd, uuid, dataDir });
    throw error;
  }
  return osd;
}

/**
 * Takes an OSD out of the cluster for good, and what this machine knows of it: its configuration, and its data where
 * that lies in the cluster's directory. The mon refuses it while anything could be lost. Resolves to where its data is still.
 */
export async function removeOsd(layout: Layout, osd: number): Promise<string | undefined> {
  const settings = readSettings(layout);
  const name = `osd.${osd}`;
  if (pidOf(layout, name) !== undefined) {
    throw new CommandError(
      `${name} runs: empty it first (nacre osd out ${osd}), wait until that is done (nacre status), then nacre stop ${name}`,
    );
  }
  const isOurs = settings.osds.includes(osd);
  await withMon(settings, {}, async ({ mon }) => {
    const uuid = mon.map.osds.get(osdId(osd))?.uuid;
    // Not in the map: an earlier attempt came so far.
    if (uuid !== undefined) await mon.command({ prefix: 'osd rm', osd, ...(uuid === lostUuid ? {} : { uuid }) });
    else if (!isOurs) throw new CommandError(`there is no ${name}`);
  });
  if (!isOurs) return undefined;
  const dataDir = dataDirOf(layout, name);
  forget(layout, name);
  const osds = settings.osds.filter((id) => id !== osd);
  writeSettings(layout, { ...settings, osds });
  if (dataDir === undefined) return undefined;
  if (dataDir !== layout.dataPath(name)) return dataDir;
  rmSync(dataDir, { recursive: true, force: true });
  return undefined;
}

/** What is left of an OSD that could not be started; whatever fails here must not hide why. */
async function takeBack(
  layout: Layout,
  settings: ClusterSettings,
  { osd, uuid, dataDir }: { readonly osd: number; readonly uuid: string; readonly dataDir: string },
): Promise<void> {
  writeSettings(layout, settings);
  forget(layout, `osd.${osd}`);
  if (dataDir === layout.dataPath(`osd.${osd}`)) rmSync(dataDir, { recursive: true, force: true });
  try {
    await withMon(settings, {}, ({ mon }) => mon.command({ prefix: 'osd rm', osd, uuid }));
  } catch (error) {
    process.stderr.write(`nacre: osd.${osd} is still in the map (${reasonOf(error)}): nacre osd rm ${osd} removes it\n`);
  }
}

function forget(layout: Layout, name: string): void {
  for (const path of [layout.configPath(name), layout.pidPath(name)]) rmSync(path, { force: true });
}

/** The folder for a new OSD's data, made if it is missing. It must hold nothing. */
function emptyFolder(layout: Layout, settings: ClusterSettings, path: string): string {
  try {
    mkdirSync(resolve(path), { recursive: true, mode: 0o700 });
    const dir = realPathOf(path);
    const [found] = readdirSync(dir).filter((name) => name !== 'lost+found');
    if (found !== undefined)
      throw new CommandError(`${path} is not empty (it holds ${found}): give an empty or a new directory for the OSD's data`);
    const taken = settings.osds.map((id) => dataDirOf(layout, `osd.${id}`)).find((other) => other === dir);
    if (taken !== undefined) throw new CommandError(`${path} belongs to another OSD of this cluster`);
    return dir;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new CommandError(`${path} cannot be used for the OSD's data: ${reasonOf(error)}`, { cause: error });
  }
}
