/**
 * What programs on a mount notice when an MDS dies or falls silent.
 * @module
 */
import { join } from 'node:path';
import { Load, type RealCluster, type Status } from './real-cluster.ts';
import { differences } from './load.ts';

type Mds = Status['mds'][number];

export interface Pause {
  /** The longest that a call of the load took; 0: none took long (stalls.ts). */
  readonly seconds: number;
  /** What was safe before, and is not there or different. */
  readonly wrong: readonly string[];
}

/** Who has the rank, and who follows it, once both are there. */
export async function rolesOf(cluster: RealCluster): Promise<{ readonly active: string; readonly follower: string }> {
  const { mds } = await cluster.until('an active MDS and one that follows it', (status) =>
    ['active', 'standby-replay'].every((state) => status.mds.some((each) => each.state === state)),
  );
  return { active: named(mds, 'active'), follower: named(mds, 'standby-replay') };
}

export async function activeOf(cluster: RealCluster): Promise<string> {
  const { mds } = await cluster.until('an active MDS', (status) => status.mds.some(({ state }) => state === 'active'));
  return named(mds, 'active');
}

/** The longest wait of a program that writes and fsyncs one file after the other, while `strike` does harm in its midst. */
export async function pauseDuring(cluster: RealCluster, round: string, strike: () => unknown): Promise<Pause> {
  const journal = join(cluster.home, `journal-${round}`);
  const folder = join(cluster.mount, round);
  const load = new Load(folder, journal);
  await load.progress(100);
  await strike();
  await load.progress(100);
  const { code, errors, stalls } = await load.stop();
  if (code !== 0) throw new Error(`the load ended with ${String(code)}: ${errors}`);
  return { seconds: Math.max(0, ...stalls.map(({ ms }) => ms)) / 1000, wrong: differences(folder, journal).wrong };
}

function named(mdss: readonly Mds[], state: string): string {
  const found = mdss.find((each) => each.state === state);
  if (found === undefined) throw new Error(`no MDS is ${state}`);
  return found.name;
}
