import { setTimeout as sleep } from 'node:timers/promises';
import { actionOf, printResult, refuseMore } from '../actions.ts';
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
    '  repair PGID              deep-scrub, and replaces wrong copies by a right one; of these three, all for PGID means each',
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
      if (scrubs.some((kind) => command.prefix === `pg ${kind}`)) return await scrub(admin, args, command);
      const result = await admin.mon.command(command);
      if (command.prefix === 'pg ls') return say(args, result, renderPgs(result as readonly PgStatus[]));
      return sayInconsistent(args, result as readonly InconsistentPg[]);
    });
  },
};

/** What the mon is asked for. */
export function pgCommand(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const action = actionOf(args, actions);
  const [, pgId] = args.positionals;
  const prefix = `pg ${action}`;
  const [pool, state] = [args.text('pool'), args.text('state')];
  if (action !== 'ls' && (pool !== undefined || state !== undefined)) throw new UsageError('--pool and --state are for ls');
  if (args.flag('wait') && !scrubs.includes(action)) throw new UsageError('--wait is for scrub, deep-scrub and repair');
  if (action === 'ls') {
    refuseMore(pgId);
    return { prefix, ...(pool === undefined ? {} : { pool }), ...(state === undefined ? {} : { state }) };
  }
  if (pgId === undefined && action !== 'list-inconsistent')
    throw new UsageError(`${prefix}: a placement group is wanted, like 1.3f (nacre pg ls)`);
  return { prefix, ...(pgId === undefined ? {} : { pg: pgId }) };
}

async function scrub(admin: Admin, args: Arguments, command: { readonly prefix: string }): Promise<number> {
  const { mon } = admin;
  const wanted = args.positionals[1] as string;
  const pgs = wanted === 'all' ? (await mon.command<readonly PgStatus[]>({ prefix: 'pg ls' })).map((status) => status.pg) : [wanted];
  const orders: ScrubOrdered[] = [];
  for (const id of pgs) orders.push(await mon.command<ScrubOrdered>({ ...command, pg: id }));
  if (!args.flag('wait')) return say(args, wanted === 'all' ? orders : orders[0], orders.map(describeOrder).join('\n'));
  await waitForOrders(admin, orders);
  const found = await mon.command<readonly InconsistentPg[]>({
    prefix: 'pg list-inconsistent',
    ...(wanted === 'all' ? {} : { pg: wanted }),
  });
  return sayInconsistent(args, found);
}

function describeOrder({ pg: id, kind, primary }: ScrubOrdered): string {
  return `osd.${primary} is told to begin the ${kind} of pg ${id}; nacre pg ls and nacre pg list-inconsistent ${id} show what comes of it`;
}

/** Throws when one of the PGs can no longer be scrubbed. */
async function waitForOrders({ mon }: Admin, orders: readonly ScrubOrdered[]): Promise<void> {
  let open = orders;
  while (true) {
    const pgs = new Map((await mon.command<readonly PgStatus[]>({ prefix: 'pg ls' })).map((status) => [status.pg, status]));
    open = open.filter(({ pg: id, order }) => {
      const status = pgs.get(id);
      if (status === undefined) throw new CommandError(`pg ${id} is gone`);
      if (status.lastOrder < order && status.state.split('+').includes('down'))
        throw new CommandError(`pg ${id} went down meanwhile: nacre health detail says more`);
      if (status.lastOrder < order && status.order < order)
        throw new CommandError(`the mon started again and has forgotten what was ordered for pg ${id}: order it once more`);
      return status.lastOrder < order;
    });
    if (open.length === 0) return;
    await sleep(pollMs);
  }
}

function sayInconsistent(args: Arguments, pgs: readonly InconsistentPg[]): number {
  say(args, pgs, renderInconsistent(pgs));
  return pgs.some(({ errors }) => errors > 0) ? inconsistentExitCode : 0;
}

function say(args: Arguments, result: unknown, text: string): number {
  printResult(args, result, text);
  return 0;
}
