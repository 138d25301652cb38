import { setTimeout as sleep } from 'node:timers/promises';
import { actionOf, printResult, refuseMore } from '../actions.ts';
import { dataOption, type Arguments, type Command } from '../command.ts';
import { withMon, type Admin } from '../cluster/admin.ts';
import { Layout } from '../cluster/layout.ts';
import { readSettings } from '../cluster/settings.ts';
import type { FilesystemInfo } from '../../common/maps/cluster-map.ts';
import type { DamageReport, FsScrubOrdered, FsScrubReport } from '../../mon/client/reports.ts';
import { repairOrder, repairWords, runRepair } from './fs-repair.ts';
import { CommandError, UsageError } from '../errors.ts';
import { renderDamage, renderFsScrub } from '../render/fs-scrub.ts';

const orders = ['pause', 'resume', 'stop'];
const pollMs = 200;
const settable: ReadonlyMap<string, string> = new Map([
  ['max_mds', 'maxMds'],
  ['standby_count_wanted', 'standbyCountWanted'],
]);

/** What the shell sees when something is wrong that has not been mended. */
const damagedExitCode = 4;

export const fs: Command = {
  summary: 'Has the filesystem compared with itself and mended; shows and repairs what is damaged; sets how many MDS ranks there are.',
  usage: '[--data DIR] ACTION ... [--json]',
  details: [
    '  scrub [PATH]             compares, from PATH on (default /): names with inodes, links, counts, and objects with both,',
    '                           while everything is in use; with --repair mends what it finds',
    '  scrub status             how far it is, or what came of the last one',
    '  scrub pause|resume|stop  of the one that runs',
    '  damage                   places that are known to be damaged',
    '  journal inspect          what the journal of a rank has, what is damaged of it, and what its entries are about',
    '  journal recover          of a damaged rank: applies what can be read of its journal to the directories and tables',
    '  journal reset --yes      then: begins the journal anew. Its clients are refused by the OSDs, and come back with new sessions',
    '  table reset session|ino --yes  of a damaged rank: makes the table of sessions whole, or that of the next inode number',
    '  rebuild-metadata --yes   of a damaged rank 0, when the metadata pool is lost: makes all names anew from what the data pool',
    '                           has of them; with --dry-run says what would come of it (also while all is well)',
    '  repaired                 a damaged rank begins anew with what there is',
    '  set max_mds N            how many ranks there are to be, each served by an MDS: directories are pinned to one by the',
    '                           extended attribute ceph.dir.pin. Fewer than now: the last ones hand what they hold to rank 0',
    '                           and stop, one after the other (nacre status says how far that is)',
    '  set standby_count_wanted N  how many MDSs should stand by, else health warns; 0: it does not. Until somebody says, one',
    '                           from when there is one for the first time',
    '',
    'A scrub that is ordered goes on by itself; --wait waits until it is done (exit code 4: something is wrong, and left so).',
  ].join('\n'),
  options: {
    data: dataOption,
    repair: { type: 'boolean', help: 'scrub: mend what is found' },
    wait: { type: 'boolean', help: 'scrub: wait until it is done' },
    rank: { type: 'string', value: 'N', help: 'journal, table, repaired: which rank (default 0)' },
    yes: { type: 'boolean', help: 'journal reset, table reset, rebuild-metadata: it is meant' },
    'dry-run': { type: 'boolean', help: 'rebuild-metadata: change nothing' },
    discard: {
      type: 'boolean',
      help: 'journal reset: also what can be read and has not been recovered; rebuild-metadata: what the metadata pool still has is to be lost',
    },
    json: { type: 'boolean', help: 'for programs' },
  },
  positionals: ['ACTION', 'PATH', 'VALUE'],
  optionalFrom: 1,
  async run(args) {
    const repair = repairOrder(args);
    const layout = Layout.existing(args.text('data') ?? 'data');
    if (repair !== undefined) return await withMon(readSettings(layout), {}, (admin) => runRepair(args, admin, repair));
    const command = fsCommand(args);
    return await withMon(readSettings(layout), {}, async (admin) => {
      const { mon } = admin;
      switch (command.prefix) {
        case 'fs damage ls': {
          const report = await mon.command<DamageReport>(command);
          printResult(args, report, renderDamage(report));
          return report.count > 0 ? damagedExitCode : 0;
        }
        case 'fs scrub status':
          return say(args, await mon.command<FsScrubReport>(command));
        case 'fs set': {
          const { maxMds, name, standbyCountWanted, ranks: before } = await mon.command<FilesystemInfo>(command);
          if ('standbyCountWanted' in command) {
            printResult(args, { name, standbyCountWanted }, `filesystem ${name} wants ${standbysWanted(standbyCountWanted)}`);
            return 0;
          }
          const ranks = maxMds === 1 ? 'one MDS rank' : `${maxMds} MDS ranks, each of which needs an MDS (here: nacre up --mds ${maxMds})`;
          const stop = maxMds < before ? `; ${before - maxMds === 1 ? 'one stops' : `${before - maxMds} stop`} now (nacre status)` : '';
          printResult(args, { name, maxMds, ranks: before }, `filesystem ${name} has ${ranks}${stop}`);
          return 0;
        }
        default: {
          const ordered = await mon.command<FsScrubOrdered>(command);
          if (args.flag('wait')) return say(args, await waitFor(admin, ordered));
          printResult(args, ordered, `told ${ordered.mds}; nacre fs scrub status shows what comes of it`);
          return 0;
        }
      }
    });
  },
};

function standbysWanted(count: number): string {
  return count === 0 ? 'no standby MDS: health says nothing of any' : count === 1 ? 'one standby MDS' : `${count} standby MDSs`;
}

/** What the mon is asked for; a repair is the MDS's affair. */
export function fsCommand(args: Arguments): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  if (repairOrder(args) !== undefined) return { prefix: 'repair' };
  const action = actionOf(args, ['scrub', 'damage', ...repairWords, 'set']);
  const [, what, value] = args.positionals;
  if (action === 'set') return setCommand(what, value);
  refuseMore(value);
  const starts = action === 'scrub' && (what === undefined || what.startsWith('/'));
  if (!starts && (args.flag('repair') || args.flag('wait'))) throw new UsageError('--repair and --wait are for a scrub that begins');
  if (action === 'damage') {
    refuseMore(what);
    return { prefix: 'fs damage ls' };
  }
  if (starts) return { prefix: 'fs scrub start', path: what ?? '/', repair: args.flag('repair') };
  if (what !== 'status' && !orders.includes(what as string))
    throw new UsageError(`'${what}': a path that begins with / is wanted (as in the mount), or status, ${orders.join(', ')}`);
  return { prefix: `fs scrub ${what}` };
}

function setCommand(what: string | undefined, value: string | undefined): { readonly prefix: string } & Readonly<Record<string, unknown>> {
  const field = settable.get(what ?? '');
  if (field === undefined) throw new UsageError(`set: ${[...settable.keys()].join(' or ')} is what can be set`);
  if (value === undefined || !/^[0-9]{1,4}$/.test(value)) throw new UsageError(`set ${what}: a number is wanted`);
  return { prefix: 'fs set', [field]: Number(value) };
}

/** Throws when it is forgotten: the MDS that was to do it is another now. */
async function waitFor({ mon }: Admin, { order, mds }: FsScrubOrdered): Promise<FsScrubReport> {
  for (let begun = false; ;) {
    const report = await mon.command<FsScrubReport>({ prefix: 'fs scrub status' });
    const { status } = report;
    if ((status?.order ?? 0) > order) throw new CommandError('another scrub was ordered meanwhile: nacre fs scrub status');
    if (status?.order === order) {
      begun = true;
      if (status.endedMs > 0) return report;
    } else if (begun || report.order === null) throw new CommandError(`${mds} has ended before the scrub was done: order it once more`);
    await sleep(pollMs);
  }
}

function say(args: Arguments, report: FsScrubReport): number {
  printResult(args, report, renderFsScrub(report));
  const { status } = report;
  if (status === null || status.endedMs === 0) return 0;
  // A scrub that has ended by itself before it was done says why.
  return status.errors > status.repaired || status.trouble !== '' ? damagedExitCode : 0;
}
