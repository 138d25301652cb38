/**
 * `npm run thrash -- [--minutes N] [--seed S] [--osds N]`: a cluster of real processes on a network of its own, whose
 * daemons are killed, stopped, cut off, slowed down and moved about all along, while clients write and keep a record of what was
 * acknowledged. At the end everything heals and is compared: with the records, and copy with copy. Exit code 0: nothing was lost,
 * nobody waited longer than the rules allow, no daemon ended by itself, and none logged an error.
 *
 * The seed settles which faults come in which order; when exactly they strike is up to the machine.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { table } from '../../../bench/table.ts';
import { Prng } from '../../../common/runtime/sim/prng.ts';
import { NetworkCluster } from '../../support/network-cluster.ts';
import { enterOwnNamespaces } from '../../support/own-namespaces.ts';
import { wallMs } from '../../support/stalls.ts';
import { Thrasher } from './thrasher.ts';
import { compareStores, deepScrub, loggedErrors, unexplained } from './verdict.ts';
import { type Findings, Writers } from './writers.ts';

/** What a client may have to wait when one OSD falls silent: until its lease has run out, and a little. */
const stallMaxMs = 5_000 + 2_000;
/**
 * An OSD that is away for long is replaced by others while we look; one that goes up and down all the time, as ours do, is
 * kept down for a while only.
 */
const monConfig = 'downOutMs = 20000\nflapWindowMs = 60000\nflapWaitMs = 2000\nflapWaitMaxMs = 10000';
/** Long enough for the copies that belong elsewhere now to be removed (`strayCheckMs`). */
const tidyMs = 25_000;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    osds: { type: 'string', default: '5' },
  },
});

const interrupt = await enterOwnNamespaces();
const started = wallMs();
const cluster = new NetworkCluster({
  osds: Number(options.osds),
  mds: 2,
  config: { mon: monConfig },
});
console.log(`seed ${options.seed}, ${options.minutes} minutes, ${cluster.home}`);
let ok = false;
try {
  ok = await thrash();
} catch (error) {
  console.log(interrupt.aborted ? 'interrupted' : error);
} finally {
  if (ok || interrupt.aborted) await cluster.abandon();
  else console.log(`the data and logs are left for a look: ${cluster.home}`);
}
process.exit(ok ? 0 : 1);

async function thrash(): Promise<boolean> {
  await cluster.up();
  for (const machine of Writers.machines) cluster.fabric.add(machine);
  const { id: pool } = await cluster.client.mon.command<{ id: number }>({
    prefix: 'pool create',
    name: 'raw',
    size: 3,
    minSize: 2,
    pgNum: 32,
    failureDomain: 'osd',
  });
  say('up');
  const writers = new Writers(cluster, { pool, seed: options.seed });
  await writers.progress(3, 60_000);
  const thrasher = new Thrasher(cluster, new Prng(options.seed), { interrupt, say });
  await thrasher.run(wallMs() + Number(options.minutes) * 60_000, () => {
    const reason = writers.failure();
    if (reason !== undefined) throw new Error(`a client failed: ${reason}`);
  });
  say('healing');
  const healMs = await thrasher.heal();
  say(`healed after ${(healMs / 1000).toFixed(1)} s; comparing everything with the records`);
  await writers.progress(1, 60_000);
  const findings = await writers.finish();
  say('deep scrub');
  const scrubbed = await deepScrub(cluster.client.mon);
  await sleep(tidyMs, undefined, { signal: interrupt });
  const { map } = cluster.client.mon;
  await cluster.ok('down');
  say('comparing the copies of every PG');
  const stores = await compareStores(map, cluster.data);
  return report(thrasher, findings, scrubbed, stores);
}

/** Prints the result. Resolves to whether all was well. */
function report(
  thrasher: Thrasher,
  findings: Findings,
  scrubbed: Awaited<ReturnType<typeof deepScrub>>,
  stores: Awaited<ReturnType<typeof compareStores>>,
): boolean {
  const { blocked } = thrasher;
  const stalls = {
    objects: unexplained(
      findings.stalls.objects,
      blocked.filter(({ who }) => who === 'everybody'),
    ),
    files: unexplained(findings.stalls.files, blocked),
  };
  const worst = [...stalls.objects, ...stalls.files].sort((a, b) => b.unexplainedMs - a.unexplainedMs);
  const longest = Math.max(0, ...worst.map(({ ms }) => ms));
  const tooLong = worst.filter(({ unexplainedMs }) => unexplainedMs > stallMaxMs);
  const losses = [...findings.wrong, ...scrubbed.wrong, ...stores.wrong];
  const errors = loggedErrors(cluster.data);
  const total = [...thrasher.counts.values()].reduce((sum, count) => sum + count, 0);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `\n${table([['faults', String(total)], ...[...thrasher.counts].sort().map(([kind, count]) => [`  ${kind}`, String(count)])])}`,
  );
  console.log(
    `\n${table([
      ['MDSs that ended because they had been replaced', String(thrasher.revived)],
      ['OSDs taken for down for nothing', String(thrasher.lostForNothing)],
      ['operations on raw objects', String(findings.operations)],
      ['longest stall seen by a client', seconds(longest)],
      ['  without what the mon, an MDS or the client itself was away', seconds(worst[0]?.unexplainedMs ?? 0)],
      [`  longer than ${stallMaxMs / 1000} s`, String(tooLong.length)],
      ['files compared', String(findings.files)],
      ['objects compared', String(findings.objects)],
      ['bytes compared', String(findings.bytesChecked)],
      ['PGs deep-scrubbed', String(scrubbed.pgs)],
      ['copies of PGs compared on disk', String(stores.copies)],
      ['losses', String(losses.length)],
      ['errors in the logs', String(errors.length)],
    ])}`,
  );
  for (const line of losses.slice(0, 20)) console.log(`LOST  ${line}`);
  for (const line of errors.slice(0, 20)) console.log(`ERROR ${line}`);
  const shown = (tooLong.length > 0 ? tooLong : [...worst].sort((a, b) => b.ms - a.ms)).slice(0, tooLong.length > 0 ? 20 : 5);
  for (const { what, fromMs, ms, unexplainedMs } of shown)
    console.log(`stall ${what}: ${seconds(ms)} from ${seconds(fromMs - started)}, of which ${seconds(unexplainedMs)} unexplained`);
  return losses.length === 0 && tooLong.length === 0 && errors.length === 0;
}

function say(line: string): void {
  console.log(`${((wallMs() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);
}
