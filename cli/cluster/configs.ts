/**
 * The daemons' configuration files. Keys that follow from the cluster's settings are kept current; whatever else
 * a person wrote into a file stays.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parse, stringify, type TomlTable } from 'smol-toml';
import { mountSource } from '../../fuse-client/client/mount-source.ts';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import { mountAt, type Mount } from './mounts.ts';
import { typeOf } from './processes.ts';
import type { Layout } from './layout.ts';
import { writeWhole, type ClusterSettings } from './settings.ts';

/** What a new OSD is told of itself; what is left out follows from where it runs. */
export interface OsdPlace {
  readonly host?: string;
  readonly rack?: string;
  readonly crushWeight?: string;
  readonly dataDir?: string;
}

/** Names of the daemons that the settings call for, in the order in which they are of use. */
export function daemonNames(settings: ClusterSettings): string[] {
  const mdss = Array.from({ length: settings.mds }, (_, index) => `mds.${String.fromCharCode(97 + index)}`);
  return ['mon.a', ...settings.osds.map((id) => `osd.${id}`), ...mdss];
}

/** CommandError when the cluster has no daemon or mount of that name. */
export function requireDaemon(layout: Layout, settings: ClusterSettings, name: string): void {
  const names = daemonNames(settings);
  if (!names.includes(name) && !existsSync(layout.configPath(name)))
    throw new CommandError(`there is no ${name} in this cluster: it has ${names.join(', ')}`);
}

/**
 * Writes or refreshes a mon's, OSD's or MDS's file. Where an OSD or MDS listens may be settled there by a person; so may the
 * host and the disk of an OSD, or by `more` when it is made.
 */
export function writeDaemonConfig(layout: Layout, settings: ClusterSettings, name: string, more: OsdPlace = {}): void {
  const type = typeOf(name);
  const place = { dataDir: layout.dataPath(name), host: hostname() };
  write(
    layout,
    name,
    {
      name,
      fsid: settings.fsid,
      mons: [settings.mon],
      ...(type === 'osd' ? more : place),
      ...(type === 'mon' ? { listen: settings.mon, bootstrap: !settings.made } : {}),
    },
    type === 'mon' ? {} : { listen: '127.0.0.1:0', ...(type === 'osd' ? place : {}) },
  );
}

/** Writes or refreshes the file of the client that serves `mountpoint`. */
export function writeClientConfig(layout: Layout, settings: ClusterSettings, name: string, mountpoint: string): void {
  write(layout, name, { name, fsid: settings.fsid, mons: [settings.mon], host: hostname(), mountpoint });
}

/** Where a client mounts, as its file says; undefined when it has no file or none is named there. */
export function mountpointOf(layout: Layout, name: string): string | undefined {
  const value = read(layout.configPath(name))?.['mountpoint'];
  return typeof value === 'string' ? value : undefined;
}

/** A client's own mount, if that is what one finds at its mount point, and nothing of somebody else. */
export function ownMountOf(layout: Layout, name: string): Mount | undefined {
  const mountpoint = mountpointOf(layout, name);
  const mount = mountpoint === undefined ? undefined : mountAt(mountpoint);
  return mount?.source === sourceOf(layout, name) ? mount : undefined;
}

/** As what a client's mounts are listed. */
export function sourceOf(layout: Layout, name: string): string {
  const fsid = read(layout.configPath(name))?.['fsid'];
  return mountSource(name, typeof fsid === 'string' ? fsid : '');
}

/** Where an OSD keeps its data, as its file says; undefined when it has no file. */
export function dataDirOf(layout: Layout, name: string): string | undefined {
  const value = read(layout.configPath(name))?.['dataDir'];
  return typeof value === 'string' ? value : undefined;
}

/** The name of the client for `mountpoint`: the one it had before, else one made from the directory's name. */
export function clientNameFor(layout: Layout, mountpoint: string): string {
  const taken = layout.names('conf', '.toml').filter((name) => name.startsWith('client.'));
  const known = taken.find((name) => mountpointOf(layout, name) === mountpoint);
  if (known !== undefined) return known;
  const last = mountpoint.slice(mountpoint.lastIndexOf('/') + 1);
  const base = `client.${last.replace(/[^A-Za-z0-9_-]/g, '_') || 'mount'}`;
  if (!taken.includes(base)) return base;
  for (let suffix = 2; ; suffix++) if (!taken.includes(`${base}-${suffix}`)) return `${base}-${suffix}`;
}

function write(layout: Layout, name: string, managed: TomlTable, unlessSet: TomlTable = {}): void {
  const path = layout.configPath(name);
  const before = read(path);
  const after = stringify({ ...unlessSet, ...before, ...managed });
  if (before === undefined || stringify(before) !== after) writeWhole(path, after);
}

function read(path: string): TomlTable | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new CommandError(
      `${path} cannot be read: ${codeOf(error) === undefined ? 'it is not TOML' : reasonOf(error)}. Mend it, or remove it to have it made again`,
      { exitCode: 2, cause: error },
    );
  }
}
