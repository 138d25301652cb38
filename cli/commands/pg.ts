import { setTimeout as sleep } from 'node:timers/promises';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon, type Admin } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import type { InconsistentPg, PgStatus, ScrubOrdered } from '../../mon/client/reports.ts';
import { CommandError, UsageError } from '../errors.ts';
import { renderPgs } from '../render/pgs.ts';
import { renderInconsistent } from '../render/scrub.ts';

const scrubs = ['scrub', 'deep-scrub', 'repair'];
const actions = ['ls', 'list-inconsistent', ...scrubs];
const pollMs = 200;

/** What the shell sees when wrong copies are left. */
const inconsistentExitCode = 4;

export const pg: Command = {
  summary: 'Shows placement groups, and has their copies compared and repaired.',
  usage: '[--data DIR] ACTION ... [--json]',
  details: [
    '  ls                       each with its objects, what it lacks, who serves it (primary first), who should, its state,',
    '                           and when it was scrubbed (UTC)',
    '  scrub PGID               compares lists and metadata of its copies',
    '  deep-scrub PGID          reads and compares everything',
    '  repair PGID              deep-scrub, and replaces wrong copies by a right one',
    '  list-inconsistent PGID   the wrong copies that were found; without PGID those of all',
    '',
    'A scrub that is ordered goes on by itself; --wait waits until it is done and lists what is wrong (exit code 4).',
  ].join('\n'),
  options: {
    data: dataOption,
    pool: { type: 'string', value: 'NAME', help: 'ls: only of this pool' },
    state: { type: 'string', value: 'WORD', help: 'ls: only those with this word in their state: clean, degraded, inconsistent, ...' },
    wait: { type: 'boolean', help: 'scrub, deep-scrub, repair: wait until it is done' },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION', 'PGID'],
  optionalFrom: 1,
  async run(args) {
    const command = pgCommand(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    return await withMon(readSettings(layout), {}, async (admin) => {
      const result = await admin.mon.command(command);
      if (command.prefix === 'pg ls') return say(args, result, renderPgs(result as readonly PgStatus[]));
      if (command.prefix === 'pg list-inconsistent') return sayInconsistent(args, result as readonly InconsistentPg[]);
      const ordered = result as ScrubOrdered;
      if (!args.flag('wait')) return say(args, ordered, describeOrder(ordered));
      await waitForOrder(admin, ordered);
      return sayInconsistent(args, await admin.mon.command<readonly InconsistentPg[]>({ prefix: 'pg list-inconsistent', pg: ordered.pg }));
    });
  },
};

/** What the mon is asked for. */
export function pgCommand(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const [action, pgId] = args.positionals;
  if (action === undefined || !actions.includes(action)) throw new UsageError(`an action is wanted: ${actions.join(', ')}`);
  const prefix = `pg ${action}`;
  const [pool, state] = [args.text('pool'), args.text('state')];
  if (action !== 'ls' && (pool !== undefined || state !== undefined)) throw new UsageError('--pool and --state are for ls');
  if (args.flag('wait') && !scrubs.includes(action)) throw new UsageError('--wait is for scrub, deep-scrub and repair');
  if (action === 'ls') {
    if (pgId !== undefined) throw new UsageError(`'${pgId}' is one argument too many`);
    return { prefix, ...(pool === undefined ? {} : { pool }), ...(state === undefined ? {} : { state }) };
  }
  if (pgId === undefined && action !== 'list-inconsistent')
    throw new UsageError(`${prefix}: a placement group is wanted, like 1.3f (nacre pg ls)`);
  return { prefix, ...(pgId === undefined ? {} : { pg: pgId }) };
}

function describeOrder({ pg: id, kind, primary }: ScrubOrdered): string {
  return `osd.${primary} is told to begin the ${kind} of pg ${id}; nacre pg ls and nacre pg list-inconsistent ${id} show what comes of it`;
}

/** Throws when the PG can no longer be scrubbed. */
async function waitForOrder({ mon }: Admin, { pg: id, order }: ScrubOrdered): Promise<void> {
  while (true) {
    const status = (await mon.command<readonly PgStatus[]>({ prefix: 'pg ls' })).find((each) => each.pg === id);
    if (status === undefined) throw new CommandError(`pg ${id} is gone`);
    if (status.lastOrder >= order) return;
    if (status.state.split('+').includes('down')) throw new CommandError(`pg ${id} went down meanwhile: nacre health detail says more`);
    await sleep(pollMs);
  }
}

function sayInconsistent(args: Arguments, pgs: readonly InconsistentPg[]): number {
  say(args, pgs, renderInconsistent(pgs));
  return pgs.some(({ errors }) => errors > 0) ? inconsistentExitCode : 0;
}

function say(args: Arguments, result: unknown, text: string): number {
  process.stdout.write(`${args.flag('json') ? JSON.stringify(result, undefined, 2) : text}\n`);
  return 0;
}
