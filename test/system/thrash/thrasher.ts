/**
 * Does one harm after the other to a cluster, from a seed: at most one OSD suffers at a time, and only while the mon
 * says that everything goes on without it; beside it the mon, an MDS or a client may suffer. Now and then, with nothing
 * else broken, more suffer at once than the rules can serve through.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import type { NetworkCluster } from '../../support/network-cluster.ts';
import { wallMs } from '../../support/stalls.ts';
import { diskFault, type Fault, heavyFault, osdFault, serviceFault } from './faults.ts';

/** From when to when somebody may have had to wait, by the clock of the wall. */
export interface Blocked {
  readonly who: 'files' | 'everybody';
  readonly fromMs: number;
  readonly toMs: number;
}

interface Active {
  readonly fault: Fault;
  readonly fromMs: number;
  readonly endAtMs: number;
}

const lookEveryMs = 100;
/** Longest pause between the end of one fault and the next of its sort. */
const pauseMs = { osd: 2_000, service: 12_000 };
/** Shares of the OSDs' faults before which everything is let heal: to do heavier harm, or to change a disk. */
const heavyShare = 0.06;
const diskShare = 0.07;
const healTimeoutMs = 300_000;

export class Thrasher {
  readonly blocked: Blocked[] = [];
  /** Faults done, by daemon and kind. */
  readonly counts = new Map<string, number>();
  /** Daemons that ended by themselves, as they may, and were started again. */
  revived = 0;
  readonly #cluster: NetworkCluster;
  readonly #random: Prng;
  readonly #interrupt: AbortSignal;
  readonly #say: (line: string) => void;
  readonly #active = { osd: undefined as Active | undefined, service: undefined as Active | undefined };
  readonly #nextMs = { osd: 0, service: 0 };

  constructor(cluster: NetworkCluster, random: Prng, options: { readonly interrupt: AbortSignal; readonly say: (line: string) => void }) {
    this.#cluster = cluster;
    this.#random = random;
    this.#interrupt = options.interrupt;
    this.#say = options.say;
  }

  /** Harms until `untilMs` (of the wall); `check` is asked all the while, and throws when something was lost. */
  async run(untilMs: number, check: () => void): Promise<void> {
    while (wallMs() < untilMs) {
      await this.#pause(lookEveryMs);
      check();
      await this.#endIfDue('service', false);
      // A daemon can only be started while the mon runs.
      const monSuffers = this.#active.service?.fault.victims.includes('mon.a') === true;
      if (!monSuffers) await this.#endIfDue('osd', false);
      await this.#lookAfterDaemons();
      if (this.#active.service === undefined && !this.#suffers('mon.a') && wallMs() >= this.#nextMs.service)
        await this.#begin('service', serviceFault(this.#cluster, this.#random));
      if (this.#active.osd === undefined && !this.#suffers('mon.a') && wallMs() >= this.#nextMs.osd) await this.#harmOsds();
    }
  }

  /** Makes good whatever is broken, and waits until every PG has all its copies where they belong. */
  async heal(): Promise<number> {
    const fromMs = wallMs();
    await this.#endIfDue('service', true);
    await this.#endIfDue('osd', true);
    await this.#lookAfterDaemons();
    await this.#untilClean();
    return wallMs() - fromMs;
  }

  async #harmOsds(): Promise<void> {
    const roll = this.#random.float();
    if (roll < heavyShare + diskShare) {
      await this.heal();
      const make = roll < heavyShare ? heavyFault : diskFault;
      await this.#begin('osd', make(this.#cluster, this.#random, this.#runningOsds()));
      return;
    }
    const osd = this.#random.pick(this.#runningOsds());
    const { safe } = await this.#cluster.client.mon.command<{ safe: boolean }>({
      prefix: 'osd safe-to-stop',
      osds: [Number(osd.slice(4))],
    });
    if (safe) await this.#begin('osd', osdFault(this.#cluster, this.#random, osd));
  }

  #runningOsds(): string[] {
    return this.#cluster.names().filter((name) => name.startsWith('osd.') && this.#cluster.runs(name));
  }

  async #begin(slot: 'osd' | 'service', fault: Fault): Promise<void> {
    const { kind, victims, ms } = fault;
    const shown = victims.length > 2 ? '' : `${victims.join(' and ')}: `;
    this.#say(`${shown}${kind}, ${(ms / 1000).toFixed(1)} s`);
    const sort = `${victims.length > 1 ? 'more than one' : (victims[0] as string).replace(/\..*/, '')}, ${kind}`;
    this.counts.set(sort, (this.counts.get(sort) ?? 0) + 1);
    const fromMs = wallMs();
    this.#active[slot] = { fault, fromMs, endAtMs: fromMs + ms };
    await fault.begin();
  }

  async #endIfDue(slot: 'osd' | 'service', now: boolean): Promise<void> {
    const active = this.#active[slot];
    if (active === undefined || (!now && wallMs() < active.endAtMs)) return;
    const { fault, fromMs } = active;
    await fault.end();
    this.#active[slot] = undefined;
    this.#nextMs[slot] = wallMs() + this.#random.below(pauseMs[slot]);
    if (fault.blocks !== 'nobody') this.blocked.push({ who: fault.blocks, fromMs, toMs: wallMs() });
  }

  #suffers(name: string): boolean {
    return [this.#active.osd, this.#active.service].some((active) => active?.fault.victims.includes(name) === true);
  }

  /** An MDS that was replaced while it stood still ends when it finds out. Nobody else has a reason to end. */
  async #lookAfterDaemons(): Promise<void> {
    for (const name of this.#cluster.names()) {
      if (this.#suffers(name) || this.#cluster.runs(name)) continue;
      if (!name.startsWith('mds.')) throw new Error(`${name} has ended by itself: ${this.#cluster.lastWords(name)}`);
      if (this.#suffers('mon.a')) continue;
      this.revived++;
      await this.#cluster.start(name);
    }
  }

  async #untilClean(): Promise<void> {
    const deadline = wallMs() + healTimeoutMs;
    for (;;) {
      const status = await this.#cluster.status();
      const { byState } = status.pgs;
      if (Object.keys(byState).every((state) => state.split('+').includes('clean')) && status.osds.every(({ up }) => up)) return;
      if (wallMs() > deadline) throw new Error(`not healed within ${healTimeoutMs / 1000} s: ${JSON.stringify(status)}`);
      await this.#pause(lookEveryMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#interrupt });
  }
}
