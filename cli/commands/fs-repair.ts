/**
 * `nacre fs journal|table|rebuild-metadata|repaired`: has the MDS that holds a damaged rank look at what is wrong, and repair it.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { actionOf, printResult, refuseMore } from '../actions.ts';
import type { Arguments } from '../command.ts';
import type { Admin, RankRepairer } from '../cluster/admin.ts';
import type {
  JournalReport,
  RebuildReport,
  RecoverReport,
  RepairAction,
  RepairStatus,
  ResetReport,
  TableReport,
} from '../../mds/client/index.ts';
import { CommandError, UsageError } from '../errors.ts';
import { renderJournal, renderRebuild, renderRecovery, renderReset, renderTableReset } from '../render/fs-repair.ts';

const pollMs = 200;
const ranksMax = 255;
/** What the shell sees when something is damaged, or lost. */
const damagedExitCode = 4;

/** What the MDS is asked for. */
export interface RepairOrder {
  readonly action: RepairAction;
  readonly rank: number;
  readonly discard: boolean;
}

export const repairWords = ['journal', 'table', 'rebuild-metadata', 'repaired'];

/** What the words ask for; undefined: something else. */
export function repairOrder(args: Arguments): RepairOrder | undefined {
  const [word, what, table, extra] = args.positionals;
  if (!repairWords.includes(word ?? '')) {
    for (const name of ['yes', 'discard', 'dry-run', 'rank'])
      if (args.flag(name) || args.text(name) !== undefined)
        throw new UsageError(`--${name} is for journal, table, rebuild-metadata and repaired`);
    return undefined;
  }
  actionOf(args, repairWords);
  refuseMore(extra);
  const rank = args.count('rank', { min: 0, max: ranksMax }) ?? 0;
  const action = actionFor(word as string, what, table, args.flag('dry-run'));
  if (args.flag('dry-run') && action !== 'look-at-data') throw new UsageError('--dry-run is for rebuild-metadata');
  if (args.flag('discard') && action !== 'reset' && action !== 'rebuild')
    throw new UsageError('--discard is for journal reset and rebuild-metadata');
  if (action === 'rebuild' && !args.flag('yes'))
    throw new UsageError(
      'rebuild-metadata makes all names anew from what the data pool has: look with --dry-run, add --yes when that is meant',
    );
  if (action.startsWith('reset') && !args.flag('yes'))
    throw new UsageError(`${word} reset ends the sessions of clients, or forgets what was there: add --yes when that is meant`);
  return { action, rank, discard: args.flag('discard') };
}

function actionFor(word: string, what: string | undefined, table: string | undefined, looks: boolean): RepairAction {
  switch (word) {
    case 'journal':
      refuseMore(table);
      if (what !== 'inspect' && what !== 'recover' && what !== 'reset')
        throw new UsageError('journal: inspect, recover or reset is wanted');
      return what;
    case 'table':
      if (what !== 'reset' || (table !== 'session' && table !== 'ino')) throw new UsageError('table: reset session or reset ino is wanted');
      return table === 'session' ? 'reset-sessions' : 'reset-numbers';
    case 'rebuild-metadata':
      refuseMore(what);
      return looks ? 'look-at-data' : 'rebuild';
    default:
      refuseMore(what);
      return 'start';
  }
}

export async function runRepair(args: Arguments, admin: Admin, { action, rank, discard }: RepairOrder): Promise<number> {
  const mds = admin.rankRepairer(rank);
  const ordered = await mds.order(action, discard);
  if (action === 'start') {
    printResult(args, { rank, mds: mds.name }, `told ${mds.name}: rank ${rank} begins anew; nacre status shows whether it serves`);
    return 0;
  }
  return say(args, action, await done(mds, ordered.order));
}

async function done(mds: RankRepairer, order: number): Promise<RepairStatus['result']> {
  for (;;) {
    const status = await mds.status();
    if (status.order !== order)
      throw new CommandError(`${mds.name} has begun anew, or was ordered something else, before this was done: order it once more`);
    if (!status.running) {
      if (status.trouble !== '') throw new CommandError(`${mds.name}: ${status.trouble}`);
      return status.result;
    }
    await sleep(pollMs);
  }
}

function say(args: Arguments, action: RepairAction, result: RepairStatus['result']): number {
  switch (action) {
    case 'inspect': {
      const report = result as JournalReport;
      printResult(args, report, renderJournal(report));
      return report.gaps.length + report.tables.length > 0 ? damagedExitCode : 0;
    }
    case 'recover': {
      const report = result as RecoverReport;
      printResult(args, report, renderRecovery(report));
      return report.unwritten.length > 0 ? damagedExitCode : 0;
    }
    case 'look-at-data':
    case 'rebuild': {
      const report = result as RebuildReport;
      printResult(args, report, renderRebuild(report));
      return report.unreadableTotal > 0 ? damagedExitCode : 0;
    }
    case 'reset':
      printResult(args, result, renderReset(result as ResetReport));
      return 0;
    default:
      printResult(args, result, renderTableReset(action, result as TableReport));
      return 0;
  }
}
