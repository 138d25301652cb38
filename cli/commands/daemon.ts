import { pathToFileURL } from 'node:url';
import type { Command } from '../command.ts';
import { commandLine, type DaemonType } from '../cluster/processes.ts';
import { UsageError } from '../errors.ts';

const titles: Readonly<Record<DaemonType, string>> = { mon: 'a mon', osd: 'an OSD', mds: 'an MDS', client: 'a mount' };

/** The command that runs one daemon in the foreground, as a supervisor on any host does. */
export function daemonCommand(type: DaemonType): Command {
  return {
    summary: `Runs ${titles[type]} in the foreground, configured by a file. SIGTERM or Ctrl-C ends it cleanly.`,
    usage: '--config FILE',
    options: { config: { type: 'string', value: 'FILE', help: 'its configuration (TOML); NACRE_* variables override it' } },
    positionals: [],
    async run(args) {
      const config = args.text('config');
      if (config === undefined) throw new UsageError('--config FILE is missing');
      return await runDaemon(type, config);
    },
  };
}

/** Becomes the daemon: its main takes over this process. */
export async function runDaemon(type: DaemonType, config: string): Promise<number> {
  const program = commandLine(type, config).at(-3) as string;
  process.argv = [process.execPath, program, '--config', config];
  await import(pathToFileURL(program).href);
  return Number(process.exitCode ?? 0);
}
