/**
 * `npm run fsx -- [--seconds N] [--seed S] [--mounts N] [--kill] [--directory DIR]`: works on one file at random through a mount of a
 * cluster of real processes (or several, as on several hosts), or in a directory that is there, and compares every answer with a
 * buffer in memory. With --kill an OSD or the MDS is killed with -9 every few seconds and started again.
 * @module
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Prng } from '../../../common/runtime/sim/prng.ts';
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
let working = true;
let deaths = 0;
const killing = options.kill && cluster !== undefined ? killNowAndThen(cluster) : Promise.resolve();
try {
  await exerciser.start();
  const until = performance.now() + Number(options.seconds) * 1000;
  let steps = 0;
  for (; performance.now() < until; steps++) await exerciser.step();
  await exerciser.stop();
  console.log(`${steps} calls compared, ${deaths} daemons killed`);
  working = false;
  await killing;
  await cluster?.remove();
} catch (error) {
  working = false;
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

async function killNowAndThen(victims: RealCluster): Promise<void> {
  const choice = new Prng(Number(options.seed) + 1);
  while (working) {
    await sleep(2000 + choice.below(3000));
    const name = choice.pick(['osd.0', 'osd.1', 'osd.2', 'mds.a']);
    victims.kill(name);
    deaths++;
    await sleep(500 + choice.below(2000));
    await victims.ok('start', name);
  }
}
