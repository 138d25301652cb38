/**
 * The `nacre` command.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import { helpOf, parse, type Command } from './command.ts';
import { CommandError, UsageError } from './errors.ts';

/** Loaded when asked for: `nacre --help` needs none of them. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  up: { summary: 'Start a whole cluster on this machine, and mount it', load: async () => (await import('./commands/up.ts')).up },
  down: { summary: 'Unmount and stop it', load: async () => (await import('./commands/down.ts')).down },
  status: {
    summary: 'Show health, daemons, placement groups, clients and usage',
    load: async () => (await import('./commands/status.ts')).status,
  },
  mount: { summary: 'Mount a running cluster at one more place', load: async () => (await import('./commands/mount.ts')).mount },
  umount: { summary: 'Unmount', load: async () => (await import('./commands/umount.ts')).umount },
  start: { summary: 'Start one daemon', load: async () => (await import('./commands/start.ts')).start },
  stop: { summary: 'Stop one daemon', load: async () => (await import('./commands/stop.ts')).stop },
  health: { summary: 'Show health with its reasons, and what to do', load: async () => (await import('./commands/health.ts')).health },
  osd: { summary: 'Show or change OSDs; or run one in the foreground', load: async () => (await import('./commands/osd.ts')).osd },
  pg: { summary: 'Show placement groups, compare and repair their copies', load: async () => (await import('./commands/pg.ts')).pg },
  pool: { summary: 'Show, make or change pools', load: async () => (await import('./commands/pool.ts')).pool },
  rule: { summary: 'Show, make or remove rules of placement', load: async () => (await import('./commands/rule.ts')).rule },
  fs: {
    summary: 'Compare the filesystem with itself and mend it; set its MDS ranks',
    load: async () => (await import('./commands/fs.ts')).fs,
  },
  flag: { summary: 'Set or unset a flag of the whole cluster', load: async () => (await import('./commands/flag.ts')).flag },
  mon: { summary: 'Run a mon in the foreground', load: async () => (await import('./commands/daemon.ts')).daemonCommand('mon') },
  mds: {
    summary: 'Show or end the sessions of clients; or run an MDS in the foreground',
    load: async () => (await import('./commands/mds.ts')).mds,
  },
  client: { summary: 'Run a mount in the foreground', load: async () => (await import('./commands/daemon.ts')).daemonCommand('client') },
};

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview()}\n`);
    return name === undefined ? 2 : 0;
  }
  try {
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw new UsageError(`there is no command '${name}'`);
    const command = await entry.load();
    const args = parse(command, rest);
    if (args === undefined) {
      process.stdout.write(`${helpOf(name, command)}\n`);
      return 0;
    }
    return await command.run(args);
  } catch (error) {
    // The mon's answer to a command, in its words.
    if (error instanceof FsError) return fail(error.message, 1);
    if (!(error instanceof CommandError)) throw error;
    const help = error instanceof UsageError ? ` (see nacre ${name in commands ? `${name} ` : ''}--help)` : '';
    return fail(`${error.message}${help}`, error.exitCode);
  }
}

function fail(line: string, exitCode: number): number {
  process.stderr.write(`nacre: ${line}\n`);
  return exitCode;
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`);
  return ['nacre COMMAND ...: a filesystem that many hosts mount at once', '', ...rows, '', 'nacre COMMAND --help says more.'].join('\n');
}
