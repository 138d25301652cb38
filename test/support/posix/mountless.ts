/**
 * The client without a kernel, on a cluster in this process under virtual time: system calls on it, for comparing.
 * @module
 */
import { SimCluster } from '../../sim/cluster.ts';
import type { Subject } from './compare.ts';
import { LittleKernel } from './little-kernel/little-kernel.ts';
import { root, type Outcome, type Syscall } from './syscalls.ts';

/** Virtual time between two calls: what changes in each has another time. */
const callMs = 0.01;
const batchMs = 3_600_000;
const home = '/compared';

/** Starts a cluster of one OSD. */
export async function mountless(seed: number): Promise<Subject> {
  const cluster = new SimCluster({
    seed,
    osds: 1,
    size: 1,
    pgNum: 1,
    startMs: Date.now(),
    stepsMax: Number.MAX_SAFE_INTEGER,
  });
  const { world } = cluster;
  const start = async (): Promise<LittleKernel> => {
    await cluster.start();
    const kernel = new LittleKernel((await cluster.connect('mountless')).filesystem);
    await kernel.call({ user: root, name: 'mkdir', args: [home, 0o755] });
    await kernel.call({ user: root, name: 'chdir', args: [home] });
    return kernel;
  };
  const kernel = await world.until(start());
  const run = async (calls: readonly Syscall[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const call of calls) {
      outcomes.push(await kernel.call(call));
      await world.sleep(callMs);
    }
    return outcomes;
  };
  return {
    name: 'nacre without a kernel',
    path: home,
    syscalls: {
      run: (calls) => world.until(run(calls), { timeoutMs: batchMs, what: 'the end of the calls' }),
      stop: () => Promise.resolve(),
    },
  };
}
