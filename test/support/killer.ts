/**
 * Kills the OSDs and the MDS of a cluster of real processes, one at random every few seconds, and starts it again.
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Prng } from '../../common/runtime/sim/prng.ts';
import { monSchema } from '../../mon/config.ts';
import { nacrePath, type RealCluster } from './real-cluster.ts';

const osds = ['osd.0', 'osd.1', 'osd.2'] as const;
const mds = 'mds.a';
/** An OSD that goes down more often than that within the window is kept down by the mon, for longer each time: it is spared until then. */
const downsMax = monSchema.flapDownsMax.default;
const windowMs = monSchema.flapWindowMs.default;
const calmMs = { min: 2_000, spread: 3_000 } as const;
const awayMs = { min: 500, spread: 2_000 } as const;

export class Killer {
  readonly #cluster: RealCluster;
  readonly #random: Prng;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  /** Of each OSD, when it was killed within the window. */
  readonly #downs = new Map<string, readonly number[]>();
  /** Daemons killed so far. */
  deaths = 0;

  /**
   * Starts daemons by name, a line each, and answers with a line. A process of its own, begun before any file of the mount is open: one that
   * is born with such files closes them as it becomes another program, and the kernel has that wait for what they have to write. For
   * that somebody must start the daemon.
   */
  readonly #starter;
  readonly #answers;

  /** Begins. The seed settles who dies when. A daemon that does not start again ends the process: without it nobody else may get on. */
  constructor(cluster: RealCluster, seed: number) {
    this.#cluster = cluster;
    this.#random = new Prng(seed);
    const loop = 'while read -r name; do "$0" start --data "$1" "$name" >&2; echo $?; done';
    this.#starter = spawn('bash', ['-c', loop, nacrePath, cluster.data], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface(this.#starter.stdout);
    this.#ended = this.#work();
  }

  /** Resolves when nobody is killed any more and all are started. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
    this.#starter.stdin.end();
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending;
    for (;;) {
      await sleep(calmMs.min + this.#random.below(calmMs.spread), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const name = this.#random.pick([mds, ...osds.filter((osd) => this.#recentDowns(osd).length < downsMax)]);
      this.#cluster.kill(name);
      this.deaths++;
      this.#downs.set(name, [...this.#recentDowns(name), performance.now()]);
      await sleep(awayMs.min + this.#random.below(awayMs.spread));
      await this.#start(name);
    }
  }

  async #start(name: string): Promise<void> {
    const answered = once(this.#answers, 'line');
    this.#starter.stdin.write(`${name}\n`);
    const [code] = (await answered) as [string];
    if (code !== '0') throw new Error(`nacre start ${name} ended with ${code}`);
  }

  #recentDowns(name: string): readonly number[] {
    return (this.#downs.get(name) ?? []).filter((at) => at > performance.now() - windowMs);
  }
}
