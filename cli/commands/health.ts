import { printResult } from '../actions.ts';
import { dataOption, type Command } from '../command.ts';
import { withMon } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import { UsageError } from '../errors.ts';
import { renderHealth, renderHealthDetail, type HealthReport } from '../render/status.ts';

/** What the shell sees, so that scripts can watch. */
const exitCodes: Readonly<Record<string, number>> = { HEALTH_OK: 0, HEALTH_WARN: 3, HEALTH_ERR: 4 };

export const health: Command = {
  summary: 'Shows health with its reasons. Exit code 0: OK, 3: warning, 4: error.',
  usage: '[--data DIR] [detail] [--json]',
  details: '  detail   every place where something is wrong, and what to do about it',
  options: { data: dataOption, json: { type: 'boolean', help: 'for programs' } },
  positionals: ['detail'],
  optionalFrom: 0,
  async run(args) {
    const [detail] = args.positionals;
    if (detail !== undefined && detail !== 'detail') throw new UsageError(`'${detail}': detail or nothing is wanted`);
    const prefix = detail === undefined ? 'health' : 'health detail';
    const render = detail === undefined ? renderHealth : renderHealthDetail;
    const layout = Layout.existing(args.text('data') ?? 'data');
    const report = await withMon(readSettings(layout), {}, ({ mon }) => mon.command<HealthReport>({ prefix }));
    printResult(args, report, render(report).join('\n'));
    return exitCodes[report.status] ?? 1;
  },
};
