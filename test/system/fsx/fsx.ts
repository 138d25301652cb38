/**
 * `npm run fsx -- [--seconds N] [--seed S] [--mounts N] [--kill] [--directory DIR]`: works on one file at random through a mount of a
 * cluster of real processes (or several, as on several hosts), or in a directory that is there, and compares every answer with a
 * buffer in memory. With --kill an OSD or the MDS is killed with -9 every few seconds and started again.
 * @module
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Prng } from '../../../common/runtime/sim/prng.ts';
import { Killer } from '../../support/killer.ts';
import { RealCluster } from '../../support/real-cluster.ts';
import { Exerciser } from './exerciser.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    mounts: { type: 'string', default: '1' },
    kill: { type: 'boolean', default: false },
    directory: { type: 'string' },
  },
});
const historyShown = 40;
const random = new Prng(Number(options.seed));
const cluster = options.directory === undefined ? new RealCluster() : undefined;
console.log(`seed ${options.seed}${cluster === undefined ? '' : `, ${cluster.home}`}`);
await cluster?.up();
const directories = cluster === undefined ? [options.directory as string] : await mounts(cluster);
const exerciser = new Exerciser(
  directories.map((directory) => join(directory, 'fsx')),
  random,
  cluster !== undefined,
);
const killer = options.kill && cluster !== undefined ? new Killer(cluster, Number(options.seed) + 1) : undefined;
try {
  await exerciser.start();
  const until = performance.now() + Number(options.seconds) * 1000;
  let steps = 0;
  for (; performance.now() < until; steps++) await exerciser.step();
  await exerciser.stop();
  console.log(`${steps} calls compared, ${killer?.deaths ?? 0} daemons killed`);
  await killer?.stop();
  await cluster?.remove();
} catch (error) {
  console.error(exerciser.history.slice(-historyShown).join('\n'));
  console.error(error);
  if (cluster !== undefined) console.error(`left as it is for a look: ${cluster.home} (nacre down --data ${cluster.data} ends it)`);
  process.exit(1);
}

/** The first is there already. */
async function mounts(of: RealCluster): Promise<string[]> {
  const paths = [of.mount];
  for (let n = 1; n < Number(options.mounts); n++) {
    const path = join(of.home, `mnt${n}`);
    await of.ok('mount', '--detach', path);
    paths.push(path);
  }
  return paths;
}
