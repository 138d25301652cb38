import { printResult } from '../actions.ts';
import { readFileSync } from 'node:fs';
import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { pidOf } from '../cluster/processes.ts';
import { readSettings } from '../cluster/settings.ts';
import { renderStatus, type LocalProcess, type StatusReport } from '../render/status.ts';

export const status: Command = {
  summary: 'Shows the whole cluster on one screen: health with reasons and what to do, daemons, placement groups, clients, usage.',
  usage: '[--data DIR] [--json]',
  options: { data: dataOption, json: { type: 'boolean', help: 'for programs' } },
  positionals: [],
  async run(args) {
    const layout = Layout.existing(args.text('data') ?? 'data');
    const report = await withMon(readSettings(layout), {}, ({ mon }) => mon.command<StatusReport>({ prefix: 'status' }));
    printResult(args, report, renderStatus(report, localProcesses(layout)));
    return 0;
  },
};

/** The processes on this machine of every daemon that has a configuration here. */
function localProcesses(layout: Layout): LocalProcess[] {
  return layout.names('conf', '.toml').map((name) => {
    const pid = pidOf(layout, name);
    return { name, pid, residentBytes: pid === undefined ? undefined : residentBytes(pid) };
  });
}

function residentBytes(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+([0-9]+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    // It has just ended.
    return undefined;
  }
}
