/**
 * Every point at which an MDS can die in a story: as each message that it sent to an OSD or a client has arrived, and as each that was sent to
 * it is about to. So of every change of an object there is a death before it, one after it of which nobody has heard, and one in which its answer
 * has been worked on; likewise of each recall, each answer of a client, each step of a replay and of clients that come back.
 * @module
 */
import { watchCaps } from '../caps.ts';
import { SimCluster, type SimClusterOptions } from '../cluster.ts';
import { watchFollowers } from '../followers.ts';
import { assertScrubClean } from '../fs-scrub.ts';
import { watchLocks } from '../lockers.ts';
import { assertNoStrays } from '../strays.ts';

export interface CrashStory {
  readonly name: string;
  readonly options?: Partial<SimClusterOptions>;
  /** Calls `begin` when deaths may come; rejects when anything is not as it would be without them. Returns what a client that comes last must find. */
  tell(cluster: SimCluster, begin: () => void): Promise<Ending>;
}

/** Looks at everything as a client that comes when power has failed everywhere; rejects when it is not as it should be. */
export type Ending = (late: Awaited<ReturnType<SimCluster['connect']>>) => Promise<void>;

export interface Deaths {
  /** After so many messages that life ends; the count then begins anew with the next. */
  readonly after: readonly number[];
  /** Another MDS follows, and takes over; else the same one starts again. */
  readonly follow: boolean;
}

const storyMs = 300_000;
const downMs = 30;
const shortTimes = {
  mdsConfig: {
    sessionLeaseMs: 2_000,
    reconnectMs: 2_000,
    journalDelayMs: 5,
    writeBackMs: 100,
    writeBackIntervalMs: 20,
    followMs: 20,
    directoryQuietMs: 0,
    purgeGraceMs: 50,
    recursiveDelayMs: 100,
  },
  clientConfig: { writeBackDelayMs: 200 },
} as const;

/** Tells the story with these deaths. Returns how many there were: fewer than wanted when the story ends before. */
export async function tellWithDeaths(story: CrashStory, { after, follow }: Deaths): Promise<number> {
  const cluster = new SimCluster({
    seed: story.name,
    osds: 1,
    size: 1,
    pgNum: 1,
    ...shortTimes,
    ...story.options,
    mds: follow ? ['a', 'b'] : ['a'],
  });
  const { world } = cluster;
  watchCaps(cluster);
  watchLocks(cluster);
  watchFollowers(cluster);
  let begun = false;
  let deaths = 0;
  let messages = 0;
  world.afterEachStep((label) => {
    const limit = after[deaths];
    const mds = begun && limit !== undefined ? speaker(cluster, label) : undefined;
    if (mds === undefined || ++messages < (limit as number)) return;
    messages = 0;
    deaths += 1;
    cluster.crash(mds);
    world.schedule(downMs, 'death', () => cluster.restart(mds));
  });
  const run = async (): Promise<void> => {
    await cluster.start();
    if (follow) while (!cluster.mdsNames.some((name) => cluster.mds(name)?.rank?.state === 'standby-replay')) await world.sleep(20);
    const ending = await story.tell(cluster, () => {
      begun = true;
    });
    begun = false;
    await cluster.settle();
    await assertScrubClean(cluster);
    await Promise.all([...cluster.clients.values()].map(({ filesystem }) => filesystem.syncAll()));
    for (const name of [...cluster.clients.keys()]) cluster.crashClient(name);
    for (const name of cluster.daemonNames) cluster.crash(name);
    await cluster.settle();
    await ending(await cluster.connect('late'));
    await assertScrubClean(cluster);
    await assertNoStrays(cluster, 1);
  };
  await world.until(run(), { timeoutMs: storyMs, what: 'the end of the story' });
  return deaths;
}

/** The MDS that has the rank, when the step is one of its messages from or to an OSD or a client. */
function speaker(cluster: SimCluster, label: string): string | undefined {
  const [, from = '', to = ''] = /^([^:>]+)>([^:>]+):\d/.exec(label) ?? [];
  const mds = from.startsWith('mds.') ? from : to;
  const other = mds === from ? to : from;
  if (!mds.startsWith('mds.') || other.startsWith('mon.')) return undefined;
  const state = cluster.mds(mds)?.rank?.state;
  return state === undefined || state === 'standby-replay' || state === 'stopped' ? undefined : mds;
}
