/**
 * `npm run bench -- mds-failover [--rounds N] [--only REGEX]`
 *
 * The longest that a call of a program on a mount waits when the active MDS dies, is stopped or falls silent, with one that follows
 * its journal, with a standby that does not, and alone, started again at once.
 * @module
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { activeOf, pauseDuring, rolesOf } from '../test/support/mds-pause.ts';
import { RealCluster } from '../test/support/real-cluster.ts';
import { figure, table } from './table.ts';

const { values: options } = parseArgs({
  // The word `mds-failover` itself.
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const rounds = Number(options.rounds);
const only = new RegExp(options.only);

interface Kind {
  readonly name: string;
  readonly mds: number;
  readonly targetSeconds: number;
  /** Does harm; resolves to what mends it once the pause is over. */
  readonly strike: (cluster: RealCluster) => Promise<() => unknown>;
}

const kinds: readonly Kind[] = [
  { name: 'kill -9, one follows', mds: 2, targetSeconds: 2, strike: killFollowed },
  { name: 'kill -9 of it and its follower', mds: 3, targetSeconds: 5, strike: killBoth },
  { name: 'kill -9, alone, started again', mds: 1, targetSeconds: 5, strike: killAlone },
  { name: 'stop (SIGTERM), one follows', mds: 2, targetSeconds: 2, strike: shutDown },
  { name: 'SIGSTOP, one follows', mds: 2, targetSeconds: 7, strike: standStill },
];

console.log(`${cpus().length} processors, load ${figure(loadavg()[0] ?? 0)}, Node ${process.version}, ${new Date().toISOString()}`);
const rows = [['longest wait, s', ...Array.from({ length: rounds }, (_, round) => `${round + 1}`), 'target']];
for (const kind of kinds.filter(({ name }) => only.test(name))) rows.push(await measure(kind));
console.log(`\n${table(rows)}`);
process.exit(0);

async function measure({ name, mds, targetSeconds, strike }: Kind): Promise<string[]> {
  const cluster = new RealCluster();
  try {
    await cluster.up('--mds', String(mds));
    const row = [name];
    for (let round = 0; round < rounds; round++) {
      await (mds > 1 ? rolesOf(cluster) : activeOf(cluster));
      if (mds > 2) await cluster.until('a standby', (status) => status.mds.some(({ state }) => state === 'standby'));
      let mend: () => unknown = () => undefined;
      const { seconds, wrong } = await pauseDuring(cluster, `round-${round}`, async () => (mend = await strike(cluster)));
      if (wrong.length > 0) throw new Error(`lost: ${wrong.join(', ')}`);
      row.push(seconds === 0 ? '< 0.5' : figure(seconds));
      await mend();
    }
    return [...row, `< ${targetSeconds}`];
  } finally {
    await cluster.remove();
  }
}

async function killFollowed(cluster: RealCluster): Promise<() => unknown> {
  const { active } = await rolesOf(cluster);
  cluster.kill(active);
  return () => cluster.ok('start', active);
}

async function killBoth(cluster: RealCluster): Promise<() => unknown> {
  const { active, follower } = await rolesOf(cluster);
  cluster.kill(active, follower);
  return async () => {
    await cluster.ok('start', active);
    await cluster.ok('start', follower);
  };
}

async function killAlone(cluster: RealCluster): Promise<() => unknown> {
  const active = await activeOf(cluster);
  cluster.kill(active);
  await cluster.ok('start', active);
  return () => undefined;
}

async function shutDown(cluster: RealCluster): Promise<() => unknown> {
  const { active } = await rolesOf(cluster);
  process.kill(cluster.pid(active), 'SIGTERM');
  return () => cluster.ok('start', active);
}

async function standStill(cluster: RealCluster): Promise<() => unknown> {
  const { active } = await rolesOf(cluster);
  const pid = cluster.pid(active);
  process.kill(pid, 'SIGSTOP');
  return () => process.kill(pid, 'SIGCONT');
}
