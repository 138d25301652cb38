import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { bringUp } from '../cluster/bring-up.ts';
import { Layout, realPathOf } from '../cluster/layout.ts';
import { withLock } from '../cluster/lock.ts';
import { mountpointPath } from '../cluster/mounts.ts';
import { newSettings, readSettings, writeSettings, type ClusterSettings } from '../cluster/settings.ts';
import { watch } from '../cluster/watch.ts';
import { CommandError, UsageError } from '../errors.ts';
import { onInterrupt, say } from '../interrupt.ts';

const osdsMax = 99;
const mdsMax = 16;
const defaults = { osds: 3, size: 3, mds: 1 };

export const up: Command = {
  summary: 'Starts a whole cluster on this machine: one mon, some OSDs, an MDS, and a mount.',
  usage: '[--data DIR] [--mount DIR] [--osds N] [--size N] [--mds N] [--detach]',
  details:
    'A new or empty data directory becomes a new cluster; one that holds a cluster is started as it was left, whatever way it ended.\n' +
    'Without --detach it stays in the foreground, and Ctrl-C unmounts and stops everything.',
  options: {
    data: dataOption,
    mount: { type: 'string', value: 'DIR', help: 'where to mount it (default: nowhere)' },
    osds: { type: 'string', value: 'N', help: 'number of OSDs (default 3; an existing cluster can grow)' },
    size: { type: 'string', value: 'N', help: 'copies of each object (default 3, or the number of OSDs if that is less)' },
    mds: { type: 'string', value: 'N', help: 'number of MDSs: one active, the others standing by (default 1)' },
    detach: { type: 'boolean', help: 'return once the mount serves requests' },
  },
  positionals: [],
  async run(args) {
    const interrupt = onInterrupt();
    const started = performance.now();
    const mount = args.text('mount');
    const mountpoint = mount === undefined ? undefined : mountpointPath(mount);
    const data = args.text('data') ?? 'data';
    if (mountpoint !== undefined) refuseNesting(realPathOf(data), mountpoint);
    const asked = {
      osds: args.count('osds', { min: 1, max: osdsMax }),
      size: args.count('size', { min: 1, max: osdsMax }),
      mds: args.count('mds', { min: 1, max: mdsMax }),
    };
    const { layout, fresh } = Layout.forUp(data);
    const settings = await withLock(layout, say, async () => {
      const wanted = fresh ? await settingsForNew(asked) : settingsForOld(readSettings(layout), asked);
      writeSettings(layout, wanted);
      await bringUp(layout, wanted, { mountpoint, say, signal: interrupt });
      if (!wanted.made) writeSettings(layout, { ...wanted, made: true });
      return wanted;
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${summary(layout, settings, mountpoint, seconds, args)}\n`);
    return args.flag('detach') ? 0 : await watch(layout, interrupt, say);
  },
};

type AskedCounts = { readonly [K in keyof typeof defaults]: number | undefined };

async function settingsForNew(asked: AskedCounts): Promise<ClusterSettings> {
  const osds = asked.osds ?? defaults.osds;
  const size = asked.size ?? Math.min(defaults.size, osds);
  if (size > osds) throw new UsageError(`--size ${size}: ${size} copies need as many OSDs, and there are ${osds}`);
  return await newSettings({ osds, size, mds: asked.mds ?? defaults.mds });
}

/** What an existing cluster becomes: it may get more daemons, nothing else changes here. */
function settingsForOld(settings: ClusterSettings, asked: AskedCounts): ClusterSettings {
  if (asked.size !== undefined && asked.size !== settings.size) {
    throw new CommandError(`this cluster keeps ${settings.size} copies, which was settled when it was made: leave --size out`, {
      exitCode: 2,
    });
  }
  const { osds } = settings;
  if (asked.osds !== undefined && asked.osds < osds.length) {
    throw new CommandError(`this cluster has ${osds.length} OSDs: leave --osds out, or give a number that is larger`, { exitCode: 2 });
  }
  return { ...settings, osds: grown(osds, asked.osds ?? osds.length), mds: asked.mds ?? settings.mds };
}

/** With the lowest numbers that are free, up to so many. */
function grown(osds: readonly number[], count: number): readonly number[] {
  const all = [...osds];
  for (let id = 0; all.length < count; id++) if (!all.includes(id)) all.push(id);
  return all.sort((a, b) => a - b);
}

function refuseNesting(data: string, mountpoint: string): void {
  if (data === mountpoint || data.startsWith(`${mountpoint}/`)) {
    throw new UsageError(`--data ${data} would lie inside the mount ${mountpoint}: choose directories side by side`);
  }
}

function summary(layout: Layout, settings: ClusterSettings, mountpoint: string | undefined, seconds: string, args: Arguments): string {
  const shown = (path: string): string => {
    const short = relative(process.cwd(), path);
    const shorter = short === '' ? '.' : short.startsWith('../../') ? path : short;
    return /^[\w@%+=:,./-]+$/.test(shorter) ? shorter : `'${shorter.replaceAll("'", "'\\''")}'`;
  };
  const nacre = commandName(shown);
  const data = `--data ${shown(layout.dir)}`;
  const counts = `1 mon, ${settings.osds.length} OSD${settings.osds.length === 1 ? '' : 's'}, ${settings.mds} MDS, ${settings.size} cop${settings.size === 1 ? 'y' : 'ies'} of everything`;
  return [
    mountpoint === undefined ? `up after ${seconds} s: ${counts}` : `mounted at ${mountpoint} after ${seconds} s: ${counts}`,
    `  data and logs  ${layout.dir}`,
    `  look           ${nacre} status ${data}`,
    args.flag('detach') ? `  stop           ${nacre} down ${data}` : `  stop           Ctrl-C, or ${nacre} down ${data}`,
  ].join('\n');
}

/** How a person at this prompt calls us. */
function commandName(shown: (path: string) => string): string {
  const script = process.argv[1] ?? 'nacre';
  const inPath = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, 'nacre')));
  return inPath ? 'nacre' : shown(script);
}
