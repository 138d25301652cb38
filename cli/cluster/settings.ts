/**
 * `cluster.toml`: what a local cluster is. Written once by `nacre up`; a person may edit it while the cluster is down.
 * @module
 */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { CommandError, codeOf, reasonOf } from '../errors.ts';
import type { Layout } from './layout.ts';

/** Version of the folder's layout and of this file. */
const format = 1;
/** Below the ports that Linux gives to outgoing connections, so that none of those takes it while we are down. */
const portRange = { from: 10_000, to: 32_000 };
const portAttempts = 100;

export interface ClusterSettings {
  readonly fsid: string;
  /** host:port of the mon. */
  readonly mon: string;
  /** Numbers of the OSDs that run here, rising. */
  readonly osds: readonly number[];
  /** Copies of each object. */
  readonly size: number;
  readonly mds: number;
  /** Whether it has been up once: from then on an empty mon store is a loss, not a beginning. */
  readonly made: boolean;
}

/** Reads and checks `cluster.toml`. */
export function readSettings(layout: Layout): ClusterSettings {
  const path = layout.settingsPath;
  let raw: Record<string, unknown>;
  try {
    raw = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandError(
      `${path} cannot be read: ${codeOf(error) === undefined ? 'it is not TOML' : reasonOf(error)}. Restore it from a copy`,
      { exitCode: 2, cause: error },
    );
  }
  const wrong = (what: string): CommandError => new CommandError(`${path}: ${what}`, { exitCode: 2 });
  const version = raw['format'];
  if (typeof version !== 'number') throw wrong('`format` is missing: this is not the directory of a Nacre cluster');
  if (version > format)
    throw wrong(`format ${version} is newer than this program knows (${format}): use the Nacre that made it, or a newer one`);
  const text = (key: string): string => {
    const value = raw[key];
    if (typeof value !== 'string' || value === '') throw wrong(`\`${key}\` is missing`);
    return value;
  };
  const count = (key: string): number => {
    const value = raw[key];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) throw wrong(`\`${key}\` must be a number from 1`);
    return value;
  };
  return {
    fsid: text('fsid'),
    mon: text('mon'),
    osds: osdsOf(raw['osds'], wrong),
    size: count('size'),
    mds: count('mds'),
    made: raw['made'] === true,
  };
}

/** A list of numbers; a single one stands for so many from 0, as it was written once. */
function osdsOf(value: unknown, wrong: (what: string) => CommandError): readonly number[] {
  const isNumber = (item: unknown): item is number => Number.isInteger(item) && (item as number) >= 0;
  if (isNumber(value) && value > 0) return firstOsds(value);
  if (Array.isArray(value) && value.length > 0 && value.every(isNumber)) return [...new Set(value)].sort((a, b) => a - b);
  throw wrong('`osds` must be a list of the numbers of the OSDs');
}

/** The numbers from 0 of so many OSDs. */
export function firstOsds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, id) => id);
}

/** Settings for a new cluster: a new fsid, and a port for the mon that is free now. */
export async function newSettings(counts: {
  readonly osds: number;
  readonly size: number;
  readonly mds: number;
}): Promise<ClusterSettings> {
  return { fsid: randomUUID(), mon: `127.0.0.1:${await freePort()}`, ...counts, osds: firstOsds(counts.osds), made: false };
}

export function writeSettings(layout: Layout, settings: ClusterSettings): void {
  writeWhole(layout.settingsPath, stringify({ format, ...settings }));
}

/** Writes a file so that it is there whole or not at all, with its folder. */
export function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < portAttempts; attempt++) {
    const port = randomInt(portRange.from, portRange.to);
    if (await isFree(port)) return port;
  }
  throw new CommandError(`no free port found on 127.0.0.1 between ${portRange.from} and ${portRange.to}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
