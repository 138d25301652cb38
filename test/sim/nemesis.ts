/**
 * Does harm, from a seed: crashes, restarts, partitions, resets, slow networks, stopped processes. It never keeps a client from the MDS for
 * so long that its session ends: who is to see that is seen to by `exile.ts`.
 * @module
 */
import { calmNetwork } from '../../common/runtime/sim/network.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import type { MemoryImage } from '../../osd/store/memory.ts';
import type { SimCluster } from './cluster.ts';

export interface NemesisOptions {
  /** Between one fault and the next. */
  readonly pauseMs: number;
  /** Longest time that clients are cut off: below their session's lease. */
  readonly clientCutMs: number;
  /** Longest time that daemons are cut off or down: beyond their lease. */
  readonly daemonCutMs: number;
  /** Between the end of one time in which clients may not reach the MDS and the beginning of the next: so that they renew their sessions. */
  readonly respiteMs: number;
}

export const defaultNemesis: NemesisOptions = { pauseMs: 1_500, clientCutMs: 3_000, daemonCutMs: 8_000, respiteMs: 0 };
/** For sessions with a lease of {@link shortLeaseMs}. */
export const gentleNemesis: NemesisOptions = { pauseMs: 1_500, clientCutMs: 1_500, daemonCutMs: 8_000, respiteMs: 2_500 };
export const shortLeaseMs = 6_000;

/** On machines of their own, and nothing that is looked at. */
const onlookers: ReadonlySet<string> = new Set(['admin', 'person']);

/** Leases allow for so much between two clocks, and more. */
const clockDrift = 0.02;

export class Nemesis {
  /** What was done, for a failure's report. */
  readonly history: string[] = [];
  readonly #cluster: SimCluster;
  readonly #random: Prng;
  readonly #options: NemesisOptions;
  /** When clients are sure to reach the MDS again, as far as it is up to us. */
  #reachableMs = 0;

  constructor(cluster: SimCluster, random: Prng, options: NemesisOptions = defaultNemesis) {
    this.#cluster = cluster;
    this.#random = random;
    this.#options = options;
  }

  async run(untilMs: number): Promise<void> {
    const { world } = this.#cluster;
    while (world.nowMs < untilMs) {
      await world.sleep(this.#random.below(this.#options.pauseMs));
      if (world.nowMs < untilMs) this.#strike();
    }
  }

  /** Ends all harm. */
  heal(): void {
    const { world } = this.#cluster;
    world.fabric.heal();
    world.fabric.faults = calmNetwork;
    for (const node of world.nodes) node.resume();
    for (const image of this.#cluster.images.values()) image.heal();
    for (const name of this.#cluster.daemonNames) if (!this.#cluster.isUp(name)) this.#cluster.restart(name);
  }

  #strike(): void {
    if (this.#cluster.mdsNames.length > 1 && this.#random.chance(0.15)) {
      this.#crashMdss();
      return;
    }
    const roll = this.#random.below(100);
    if (roll < 38) this.#crash([this.#random.pick(this.#cluster.daemonNames)]);
    else if (roll < 44) this.#crash(this.#cluster.osdNames);
    else if (roll < 47) this.#crash(this.#cluster.daemonNames);
    else if (roll < 58) this.#isolate();
    else if (roll < 65) this.#split();
    else if (roll < 75) this.#reset();
    else if (roll < 80) this.#slow();
    else if (roll < 85) this.#slowDisk();
    else if (roll < 88) this.#drift();
    else if (roll < 93) this.#severMds();
    else if (roll < 97) this.#stop();
    else this.#stopClient();
  }

  /** Whether clients may be kept from the MDS now for so long. */
  #maySilence(ms: number): boolean {
    const { nowMs } = this.#cluster.world;
    if (this.#options.respiteMs > 0 && nowMs < this.#reachableMs + this.#options.respiteMs) return false;
    this.#reachableMs = nowMs + ms;
    return true;
  }

  #crash(names: readonly string[]): void {
    const { world } = this.#cluster;
    const machine = this.#random.chance(0.15);
    const downMs = this.#random.below(this.#random.chance(0.2) ? this.#options.daemonCutMs : 1_000);
    this.#note(`crash ${names.join(' ')}${machine ? ' (machine)' : ''} for ${downMs} ms`);
    for (const name of names) this.#cluster.crash(name, { machine });
    world.schedule(downMs, 'nemesis', () => {
      for (const name of names) if (!this.#cluster.isUp(name)) this.#cluster.restart(name);
    });
  }

  /** Those that have a rank, those that follow one, or both: at any point of what they do. */
  #crashMdss(): void {
    const { mdsNames } = this.#cluster;
    const isFollower = (name: string): boolean => this.#cluster.mds(name)?.rank?.state === 'standby-replay';
    const holders = mdsNames.filter((name) => this.#cluster.mds(name)?.rank !== undefined && !isFollower(name));
    const followers = mdsNames.filter(isFollower);
    const roll = this.#random.below(10);
    this.#crash(roll < 6 ? holders : roll < 8 ? followers : [...holders, ...followers]);
  }

  /** Cuts one daemon or client off, from some or all others, one way or both. */
  #isolate(): void {
    const { nodeNames } = this.#cluster;
    const victim = this.#random.pick(nodeNames);
    const others = nodeNames.filter((name) => name !== victim && (this.#random.chance(0.5) || this.#random.chance(0.5)));
    const silences = !this.#cluster.daemonNames.includes(victim) || victim.startsWith('mds');
    const cutMs = this.#random.below(silences ? this.#options.clientCutMs : this.#options.daemonCutMs);
    const oneWay = this.#random.chance(0.3);
    if (silences && !this.#maySilence(cutMs)) return;
    this.#note(`cut ${victim} off from ${others.join(' ')} for ${cutMs} ms${oneWay ? ', one way' : ''}`);
    this.#cutFor(cutMs, [victim], others, oneWay);
  }

  /** Cuts an MDS off from the mon, which gives its rank away while it lives on, or from OSDs: for longer than its lease, with clients that reach it. */
  #severMds(): void {
    const { mdsNames, osdNames } = this.#cluster;
    const victim = this.#random.pick(mdsNames);
    const from = this.#random.pick([['mon.a'], osdNames, [this.#random.pick(osdNames)], ['mon.a', ...osdNames]]);
    const cutMs = this.#random.below(this.#options.daemonCutMs);
    const oneWay = this.#random.chance(0.3);
    this.#note(`cut ${victim} off from ${from.join(' ')} for ${cutMs} ms${oneWay ? ', one way' : ''}`);
    this.#cutFor(cutMs, [victim], from, oneWay);
  }

  #split(): void {
    const sides: [string[], string[]] = [[], []];
    for (const name of this.#cluster.nodeNames) sides[this.#random.below(2) as 0 | 1].push(name);
    const cutMs = this.#random.below(this.#options.clientCutMs);
    if (!this.#maySilence(cutMs)) return;
    this.#note(`split ${sides[0].join(' ')} | ${sides[1].join(' ')} for ${cutMs} ms`);
    this.#cutFor(cutMs, sides[0], sides[1], false);
  }

  #cutFor(cutMs: number, from: readonly string[], to: readonly string[], oneWay: boolean): void {
    const { world } = this.#cluster;
    const mend = world.fabric.partition(from, to, { oneWay });
    world.schedule(cutMs, 'nemesis', mend);
  }

  #reset(): void {
    const a = this.#random.pick(this.#cluster.nodeNames);
    const b = this.#random.pick(this.#cluster.nodeNames);
    this.#note(`reset ${a} - ${b}`);
    this.#cluster.world.fabric.reset(a, b);
  }

  #slow(): void {
    const { world } = this.#cluster;
    const slowMs = this.#random.below(4_000);
    this.#note(`slow network for ${slowMs} ms`);
    world.fabric.faults = {
      ...calmNetwork,
      latencyMs: this.#random.below(10),
      jitterMs: this.#random.below(40),
      spikeProbability: 0.02,
      spikeMs: 500,
      resetProbability: this.#random.chance(0.5) ? 0.002 : 0,
    };
    world.schedule(slowMs, 'nemesis', () => {
      world.fabric.faults = calmNetwork;
    });
  }

  #slowDisk(): void {
    const name = this.#random.pick(this.#cluster.osdNames);
    const image = this.#cluster.images.get(name) as MemoryImage;
    const slowCommitMs = this.#random.below(this.#random.chance(0.2) ? 1_000 : 50);
    const slowReadMs = this.#random.below(this.#random.chance(0.2) ? 300 : 20);
    const slowMs = this.#random.below(4_000);
    this.#note(`${name}'s disk commits ${slowCommitMs} ms, reads ${slowReadMs} ms later for ${slowMs} ms`);
    image.faults = { ...image.faults, slowCommitMs, slowReadMs };
    this.#cluster.world.schedule(slowMs, 'nemesis', () => image.heal());
  }

  /** Clocks go a little too fast or too slow from now on, and tell wrong times of day. */
  #drift(): void {
    const name = this.#random.pick(this.#cluster.nodeNames);
    const rate = 1 + (2 * this.#random.float() - 1) * clockDrift;
    this.#note(`clock of ${name} goes at ${rate.toFixed(4)}`);
    this.#cluster.world.node(name).setClock({ rate });
  }

  /** SIGSTOP for a while: of OSDs and MDSs for longer than their leases, if no client's session ends by it. */
  #stop(): void {
    const name = this.#random.pick(this.#cluster.daemonNames);
    const isMds = name.startsWith('mds');
    const outlasts = name.startsWith('osd') || (isMds && this.#options.respiteMs === 0);
    const stopMs = this.#random.below(outlasts ? this.#options.daemonCutMs : this.#options.clientCutMs);
    if (isMds && !this.#maySilence(stopMs)) return;
    this.#pause(name, stopMs);
  }

  #stopClient(): void {
    const names = this.#cluster.nodeNames.filter((name) => !this.#cluster.daemonNames.includes(name) && !onlookers.has(name));
    const stopMs = this.#random.below(this.#options.clientCutMs);
    if (names.length > 0 && this.#maySilence(stopMs)) this.#pause(this.#random.pick(names), stopMs);
  }

  #pause(name: string, stopMs: number): void {
    const node = this.#cluster.world.node(name);
    this.#note(`stop ${name} for ${stopMs} ms`);
    node.pause();
    this.#cluster.world.schedule(stopMs, 'nemesis', () => node.resume());
  }

  #note(what: string): void {
    this.history.push(`${this.#cluster.world.nowMs.toFixed(0).padStart(8)} ms: ${what}`);
  }
}
