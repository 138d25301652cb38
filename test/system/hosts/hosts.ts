/**
 * `npm run hosts -- [--seconds N] [--mounts N] [--seed S] [--only REGEX] [--deaths none,mds,osd,client]`: programs on several mounts of a
 * cluster of real processes work at the same files: they append to one log and follow it, race for names, count under locks, store
 * through mappings, share a database and repositories. Each is a case of its own, once in peace and once for each kind of
 * daemon that is killed with -9 in the midst of it, again and again. Every daemon and mount is on a machine of its own as far as the
 * network is concerned. Exit code 0: nothing was lost, seen twice, torn or stale, and nobody waited for ever.
 * @module
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../../bench/table.ts';
import { Prng } from '../../../common/runtime/sim/prng.ts';
import { NetworkCluster } from '../../support/network-cluster.ts';
import { enterOwnNamespaces } from '../../support/own-namespaces.ts';
import { Mounts } from './mounts.ts';
import { Database, Pushes, WorkingTree } from './repositories.ts';
import { Counters, Log, Names, Pages } from './stories.ts';
import type { Story } from './story.ts';

const stories = {
  log: Log,
  names: Names,
  locks: Counters,
  mappings: Pages,
  sqlite: Database,
  'git, one tree': WorkingTree,
  'git, pushes': Pushes,
} as const;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    mounts: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    only: { type: 'string', default: '' },
    deaths: { type: 'string', default: 'none,mds,osd,client' },
  },
});
const interrupt = await enterOwnNamespaces();
const random = new Prng(options.seed);
const count = Number(options.mounts);
const cluster = new NetworkCluster({ osds: 3, mds: 2 });
const mounts = new Mounts(cluster, count, (path) => cluster.on(machineOf(path), 'mount', path, '--detach'));
/** Between a death and the next each program does so many things. */
const stepsBetween = 3;

console.log(`seed ${options.seed}, ${count} mounts, ${cluster.home}`);
let failed = 0;
try {
  await cluster.upWithoutMount();
  for (const path of mounts.paths) cluster.fabric.add(machineOf(path));
  await mounts.up();
  const rows = [['case', 'killed', 'deaths', 'things done', 's', 'longest pause, s', 'wrong']];
  const cases = Object.entries(stories).filter(([name]) => new RegExp(options.only).test(name));
  for (const [name, kind] of cases)
    for (const victims of options.deaths.split(','))
      rows.push(await play(name, new kind(mounts.paths, `${name}-${victims}`.replaceAll(/\W+/g, '-')), victims));
  console.log(`\n${table(rows)}`);
} catch (error) {
  failed++;
  console.log(interrupt.aborted ? 'interrupted' : error);
}
if (failed === 0 || interrupt.aborted) {
  await mounts.detach();
  await cluster.abandon();
} else console.log(`the data and logs are left for a look: ${cluster.home}`);
process.exit(failed === 0 ? 0 : 1);

/** One case; its row of the table. */
async function play(name: string, story: Story, victims: string): Promise<string[]> {
  const started = performance.now();
  let deaths = 0;
  let wrong: readonly string[];
  try {
    await story.begin();
    await story.progress(stepsBetween);
    do {
      interrupt.throwIfAborted();
      if (victims !== 'none') {
        await kill(victims, story);
        deaths++;
      }
      await story.progress(stepsBetween);
    } while (performance.now() < started + Number(options.seconds) * 1000);
    wrong = await story.end();
  } catch (error) {
    if (interrupt.aborted) throw error;
    wrong = [...story.workers.flatMap((worker) => worker.wrong), String(error)];
    story.abandon();
  }
  const done = story.workers.reduce((sum, { did }) => sum + did.length, 0);
  if (wrong.length > 0) failed++;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const row = [name, victims, String(deaths), String(done), seconds, (story.longestMs / 1000).toFixed(1), String(wrong.length)];
  console.log(row.join('  '));
  for (const line of wrong.slice(0, 20)) console.log(`  WRONG  ${line.slice(0, 1000)}`);
  return row;
}

async function kill(victims: string, story: Story): Promise<void> {
  if (victims === 'client') {
    await mounts.killClient(random.below(count), [story]);
    return;
  }
  const names = cluster.daemons.filter((each) => each.startsWith(victims));
  const name = victims === 'mds' ? await cluster.activeMds() : random.pick(names);
  await mounts.killDaemon(name, () => cluster.start(name));
}

function machineOf(path: string): string {
  return `client.${basename(path)}`;
}
