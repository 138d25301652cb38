/**
 * `npm run soak -- [--minutes N] [--seed S]`: a cluster of real processes with two mounts under load, whose daemons are
 * killed with -9, stopped for a while (SIGSTOP) and started again at random, now and then all at once. Ends at the first
 * byte that differs from what was fsynced, or the first error that an application gets.
 * @module
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Prng } from '../../common/runtime/sim/prng.ts';
import { differences } from '../support/load.ts';
import { Load, RealCluster, nacre } from '../support/real-cluster.ts';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const random = new Prng(Number(options.seed));
const daemons = ['mon.a', 'osd.0', 'osd.1', 'osd.2', 'mds.a'];
const end = performance.now() + Number(options.minutes) * 60_000;
const started = performance.now();

const cluster = new RealCluster();
const second = join(cluster.home, 'second');
console.log(`seed ${options.seed}, ${cluster.home}`);
let ok = false;
try {
  await cluster.up();
  await cluster.ok('mount', second, '--detach');
  for (let round = 0; performance.now() < end; round++) await oneRound(round);
  ok = true;
} finally {
  if (ok) await cluster.remove();
  else console.log(`left as it is for a look: ${cluster.home} (nacre down --data ${cluster.data} ends it)`);
}

/** Some faults one after another under load, then a look at every file; every fourth time all processes are killed. */
async function oneRound(round: number): Promise<void> {
  const folders = [join(cluster.mount, `a${round}`), join(second, `b${round}`)] as const;
  const journals = [join(cluster.home, `ja${round}`), join(cluster.home, `jb${round}`)] as const;
  const loads = [new Load(folders[0], journals[0]), new Load(folders[1], journals[1])];
  await Promise.all(loads.map((load) => load.progress(5)));
  if (round % 4 === 3) {
    say('kill -9 of everything');
    cluster.kill(...cluster.names());
    await Promise.all(loads.map((load) => load.kill()));
    await cluster.up();
    await cluster.ok('mount', second, '--detach');
  } else {
    for (let fault = 0; fault < 3; fault++) {
      await oneFault();
      await Promise.all(loads.map((load) => load.progress(5, 120_000)));
    }
    for (const load of loads) {
      const { code, errors } = await load.stop();
      if (code !== 0) throw new Error(`an application got an error: ${errors}`);
    }
  }
  // Each folder through the other mount.
  const views = [join(second, `a${round}`), join(cluster.mount, `b${round}`)] as const;
  for (const side of [0, 1] as const) {
    const { checked, wrong } = differences(views[side], journals[side]);
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${checked} files differ in ${views[side]}: ${wrong.slice(0, 5).join('; ')}`);
    say(`round ${round}: ${checked} files compared`);
  }
}

async function oneFault(): Promise<void> {
  const name = daemons[random.below(daemons.length)] as string;
  const pauseMs = 200 + random.below(9000);
  if (random.below(3) === 0) {
    say(`${name} stands still for ${pauseMs} ms`);
    const pid = cluster.pid(name);
    process.kill(pid, 'SIGSTOP');
    await sleep(pauseMs);
    process.kill(pid, 'SIGCONT');
    return;
  }
  const graceful = random.below(3) === 0;
  say(`${name} is ${graceful ? 'stopped' : 'killed'}, and back after ${pauseMs} ms`);
  if (graceful) await cluster.ok('stop', name);
  else cluster.kill(name);
  await sleep(pauseMs);
  const { code, stderr } = await nacre('start', '--data', cluster.data, name);
  if (code !== 0) throw new Error(`${name} does not start: ${stderr}`);
}

function say(line: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);
}
