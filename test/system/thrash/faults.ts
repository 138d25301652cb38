/**
 * What may happen to a cluster. Each fault lasts for a time drawn from the seed, and then is made good again.
 * @module
 */
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import { mountMachine, type NetworkCluster } from '../../support/network-cluster.ts';
import { nacre } from '../../support/real-cluster.ts';
import { Writers } from './writers.ts';

export interface Blocks {
  readonly who: 'files' | 'everybody';
  readonly maxMs?: number;
}

export interface Fault {
  /** Counted by this. */
  readonly kind: string;
  /** The daemons and machines that suffer. */
  readonly victims: readonly string[];
  /** Whom it may keep waiting for as long as it lasts, or for `maxMs`, because the rules cannot do better. */
  readonly blocks?: Blocks;
  readonly ms: number;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** Longest time in which the others must have taken over what an OSD held. */
const drainMs = 180_000;

const everybody: Blocks = { who: 'everybody' };
const files: Blocks = { who: 'files' };
/** The other MDS takes over when the lease of the first has run out. */
const untilTakenOver: Blocks = { who: 'files', maxMs: 5_000 };

type Maker = (cluster: NetworkCluster, random: Prng, victim: string) => Fault;

/** A choice in proportion to the weights. */
export function draw<T>(random: Prng, choices: readonly (readonly [weight: number, choice: T])[]): T {
  let roll = random.below(choices.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, choice] of choices) if ((roll -= weight) < 0) return choice;
  throw new Error('nothing to choose from');
}

/** Mostly shorter than the lease (5 s), often longer, now and then so long that the OSD is taken out. */
function timeAway(random: Prng): number {
  return draw(random, [
    [45, () => 100 + random.below(3_000)],
    [45, () => 5_000 + random.below(10_000)],
    [10, () => 25_000 + random.below(10_000)],
  ])();
}

const killed: Maker = (cluster, random, victim) => ({
  kind: 'killed (-9)',
  victims: [victim],
  ms: timeAway(random),
  begin: () => cluster.kill(victim),
  end: () => cluster.start(victim),
});

const stoppedInOrder: Maker = (cluster, random, victim) => ({
  ...killed(cluster, random, victim),
  kind: 'shut down',
  begin: async () => {
    await cluster.ok('stop', victim);
  },
});

/** Sends a signal; an MDS that was replaced may have ended just now. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const standsStill: Maker = (cluster, random, victim) => {
  let pid = 0;
  return {
    kind: 'stands still (SIGSTOP)',
    victims: [victim],
    ms: timeAway(random),
    begin: () => {
      pid = cluster.pid(victim);
      signal(pid, 'SIGSTOP');
    },
    end: () => signal(pid, 'SIGCONT'),
  };
};

/** Loses what some machines send to others, for a while. */
function cut(cluster: NetworkCluster, from: readonly string[], to: readonly string[], oneWay: boolean): Pick<Fault, 'begin' | 'end'> {
  let mend = (): void => undefined;
  return {
    begin: () => {
      mend = cluster.fabric.cut(from, to, { oneWay });
    },
    end: () => mend(),
  };
}

const cutOff: Maker = (cluster, random, victim) => ({
  kind: 'cut off',
  victims: [victim],
  ms: timeAway(random),
  ...cut(cluster, [victim], cluster.fabric.names, false),
});

const deaf: Maker = (cluster, random, victim) => ({
  ...cutOff(cluster, random, victim),
  kind: 'hears nobody (cut one way)',
  ...cut(cluster, cluster.fabric.names, [victim], true),
});

const mute: Maker = (cluster, random, victim) => ({
  ...cutOff(cluster, random, victim),
  kind: 'is heard by nobody (cut one way)',
  ...cut(cluster, [victim], cluster.fabric.names, true),
});

const cutFromMon: Maker = (cluster, random, victim) => ({
  ...cutOff(cluster, random, victim),
  kind: 'cut off from the mon only',
  ...cut(cluster, [victim], ['mon.a'], false),
});

const cutFromOther: Maker = (cluster, random, victim) => {
  const other = random.pick(cluster.daemons.filter((name) => name.startsWith('osd.') && name !== victim));
  return {
    ...cutOff(cluster, random, victim),
    kind: 'cut off from another OSD only',
    ...cut(cluster, [victim], [other], false),
  };
};

const slow: Maker = (cluster, random, victim) => {
  let mend = (): void => undefined;
  return {
    kind: 'on a slow line',
    victims: [victim],
    ms: 1_000 + random.below(8_000),
    begin: () => {
      mend = cluster.fabric.slow(victim, { kilobitPerSecond: 8_000 + random.below(50_000), queueMs: 20 + random.below(300) });
    },
    end: () => mend(),
  };
};

/** An order to the mon about an OSD. */
function order(cluster: NetworkCluster, prefix: string, osd: string, more: Readonly<Record<string, unknown>> = {}): () => Promise<void> {
  return () => cluster.client.mon.command({ prefix, osd: Number(osd.slice(4)), ...more });
}

const takenOut: Maker = (cluster, random, victim) => ({
  kind: 'taken out, and in again',
  victims: [victim],
  ms: 3_000 + random.below(15_000),
  begin: order(cluster, 'osd out', victim),
  end: order(cluster, 'osd in', victim),
});

const reweighted: Maker = (cluster, random, victim) => ({
  ...takenOut(cluster, random, victim),
  kind: 'reweighted, and back',
  begin: order(cluster, 'osd reweight', victim, { reweight: 0.2 + random.float() / 2 }),
  end: order(cluster, 'osd reweight', victim, { reweight: 1 }),
});

/** One OSD suffers, and everything must go on. */
const osdFaults: readonly (readonly [number, Maker])[] = [
  [25, killed],
  [5, stoppedInOrder],
  [20, standsStill],
  [12, cutOff],
  [7, deaf],
  [7, mute],
  [6, cutFromMon],
  [6, cutFromOther],
  [6, slow],
  [6, takenOut],
  [4, reweighted],
];

export function osdFault(cluster: NetworkCluster, random: Prng, osd: string): Fault {
  return draw(random, osdFaults)(cluster, random, osd);
}

/** The mon, an MDS, or a client suffers, whatever happens to the OSDs meanwhile. */
export function serviceFault(cluster: NetworkCluster, random: Prng): Fault {
  const shortMs = 200 + random.below(8_000);
  const mds = random.pick(['mds.a', 'mds.b']);
  const osds = cluster.fabric.names.filter((name) => name.startsWith('osd.'));
  // Shorter than a client's session lasts without a word: longer, and it is evicted, which no file survives.
  const clientMs = 200 + random.below(4_000);
  const makers: readonly (readonly [number, () => Fault])[] = [
    [20, () => ({ ...killed(cluster, random, 'mon.a'), blocks: everybody, ms: shortMs })],
    [10, () => ({ ...standsStill(cluster, random, 'mon.a'), blocks: everybody, ms: shortMs })],
    [20, () => ({ ...killed(cluster, random, mds), blocks: untilTakenOver, ms: shortMs })],
    [10, () => ({ ...standsStill(cluster, random, mds), blocks: untilTakenOver, ms: shortMs })],
    [10, () => ({ ...cutOff(cluster, random, mds), blocks: untilTakenOver, ms: shortMs })],
    [10, () => ({ ...cutOff(cluster, random, mountMachine), blocks: files, ms: clientMs })],
    [10, () => fromOneOsd(cluster, random.pick([mountMachine, ...Writers.machines]), random.pick(osds), clientMs)],
    [10, () => ({ ...slow(cluster, random, mountMachine), blocks: files })],
  ];
  return draw(random, makers)();
}

function fromOneOsd(cluster: NetworkCluster, client: string, osd: string, ms: number): Fault {
  return { kind: 'cut off from one OSD', victims: [client, osd], blocks: everybody, ms, ...cut(cluster, [client], [osd], false) };
}

/** More than the rules can serve through: everybody waits, and nothing is lost. `osds` are those that run. */
export function heavyFault(cluster: NetworkCluster, random: Prng, osds: readonly string[]): Fault {
  const first = random.pick(osds);
  const second = random.pick(osds.filter((osd) => osd !== first));
  const ms = 500 + random.below(8_000);
  const both: Pick<Fault, 'victims' | 'blocks' | 'ms'> = { victims: [first, second], blocks: everybody, ms };
  const all = cluster.names().filter((name) => !name.startsWith('client.'));
  return draw<() => Fault>(random, [
    [
      4,
      () => ({
        kind: 'two OSDs killed (-9)',
        ...both,
        begin: () => cluster.kill(first, second),
        end: () => startAll(cluster, [first, second]),
      }),
    ],
    [3, () => ({ kind: 'two OSDs cut off', ...both, ...cut(cluster, [first, second], cluster.fabric.names, false) })],
    [
      2,
      () => ({
        kind: 'all daemons killed (-9)',
        ...both,
        victims: all,
        begin: () => cluster.kill(...all),
        end: () => startAll(cluster, all),
      }),
    ],
  ])();
}

/** A change of disks. Everything must be whole when it begins; `osds` are those that run. */
export function diskFault(cluster: NetworkCluster, random: Prng, osds: readonly string[]): Fault {
  const victim = random.pick(osds);
  return draw<() => Fault>(random, [
    [1, () => replaced(cluster, random, victim)],
    [1, () => guest(cluster, random)],
  ])();
}

/** It dies with its disk; when the others have all that it held, an empty disk takes its place. */
const replaced: Maker = (cluster, random, victim) => {
  const asAnother = random.chance(0.5);
  return {
    kind: asAnother ? 'killed, removed, and a new one added' : 'killed, and begins anew with an empty disk',
    victims: [victim],
    ms: random.below(5_000),
    begin: async () => {
      cluster.kill(victim);
      cluster.emptyDisk(victim);
      await order(cluster, 'osd out', victim)();
    },
    end: async () => {
      if (asAnother) {
        await removed(cluster, victim);
        await added(cluster, victim);
      } else {
        await drained(cluster, victim);
        await cluster.start(victim);
      }
      await order(cluster, 'osd in', victim)();
    },
  };
};

/** One more OSD, which takes its share of the data, and gives it back before it goes. */
function guest(cluster: NetworkCluster, random: Prng): Fault {
  const osd = `osd.${cluster.daemons.filter((name) => name.startsWith('osd.')).length}`;
  return {
    kind: 'added, and removed again',
    victims: [osd],
    ms: 5_000 + random.below(20_000),
    begin: () => added(cluster, osd),
    end: async () => {
      await order(cluster, 'osd out', osd)();
      await drained(cluster, osd);
      await cluster.ok('stop', osd);
      await removed(cluster, osd);
    },
  };
}

/** Adds an OSD, which takes the lowest number that is free. */
async function added(cluster: NetworkCluster, osd: string): Promise<void> {
  if (!cluster.fabric.names.includes(osd)) cluster.fabric.add(osd);
  cluster.configure(osd);
  await cluster.on(osd, 'osd', 'add');
  if (!cluster.runs(osd)) throw new Error(`what was added is not ${osd}`);
}

/** Resolves when others have all that the OSD, which is out, held. */
async function drained(cluster: NetworkCluster, osd: string): Promise<void> {
  await cluster.until(
    `${osd} having nothing left that others need`,
    ({ osds, pgs }) =>
      osds.every(({ id, pgs: held }) => `osd.${id}` !== osd || held === 0) &&
      Object.keys(pgs.byState).every((state) => !state.split('+').includes('degraded')),
    drainMs,
  );
}

/** Removes an OSD that is down, as soon as the mon finds that nothing is lost with it. What a status says may be of a moment ago. */
async function removed(cluster: NetworkCluster, osd: string): Promise<void> {
  const deadline = performance.now() + drainMs;
  for (;;) {
    await drained(cluster, osd);
    const { code, stderr } = await nacre('osd', '--data', cluster.data, 'rm', osd);
    if (code === 0) return;
    if (!stderr.includes('others do not have all copies yet') || performance.now() > deadline)
      throw new Error(`nacre osd rm ${osd} ended with ${String(code)}: ${stderr}`);
  }
}

/** The mon first: the others register with it. */
async function startAll(cluster: NetworkCluster, names: readonly string[]): Promise<void> {
  if (names.includes('mon.a')) await cluster.start('mon.a');
  await Promise.all(names.filter((name) => name !== 'mon.a').map((name) => cluster.start(name)));
}
