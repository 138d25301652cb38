/**
 * A scenario on a whole cluster, told in its virtual time.
 * @module
 */
import { SimCluster, type SimClusterOptions } from '../sim/cluster.ts';

const storyMs = 900_000;

/** Runs `story` in a started cluster of its own; rejects as it does, or when it has no end. */
export async function tell(
  seed: number | string,
  story: (cluster: SimCluster) => Promise<void>,
  options: Omit<SimClusterOptions, 'seed'> = {},
): Promise<void> {
  const cluster = new SimCluster({ ...options, seed });
  const run = async (): Promise<void> => {
    await cluster.start();
    await story(cluster);
  };
  await cluster.world.until(run(), { timeoutMs: storyMs, what: 'the end of the story' });
}
