/**
 * Does one harm after the other to a cluster, from a seed: at most one OSD suffers at a time, and only while the mon
 * says that everything goes on without it; beside it the mon, an MDS or a client may suffer. Now and then, with nothing
 * else broken, more suffer at once than the rules can serve through.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import type { PgStatus } from '../../../mon/client/reports.ts';
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
}

const lookEveryMs = 100;
/** Longest pauses between the end of one fault and the next. */
const pauseMs = { osd: 2_000, service: 12_000 };
/** Shares of the OSDs' faults before which everything is let heal: to do heavier harm, or to change a disk. */
const heavyShare = 0.06;
const diskShare = 0.07;
/** For so long after a fault an OSD may still go down because of it. */
const afterPainsMs = 10_000;
const healTimeoutMs = 300_000;

export class Thrasher {
  readonly blocked: Blocked[] = [];
  /** Faults done, by daemon and kind. */
  readonly counts = new Map<string, number>();
  /** Daemons that ended by themselves, as they may, and were started again. */
  revived = 0;
  /** OSDs that the mon took for down although nothing was done to them, or to it. */
  lostForNothing = 0;
  readonly #quietSinceMs = new Map<string, number>();
  readonly #cluster: NetworkCluster;
  readonly #random: Prng;
  readonly #interrupt: AbortSignal;
  readonly #say: (line: string) => void;
  readonly #active = { osd: undefined as Active | undefined, service: undefined as Active | undefined };
  /** Nobody but the OSDs is to suffer. */
  #truce = false;
  #monNeeded = false;

  constructor(cluster: NetworkCluster, random: Prng, options: { readonly interrupt: AbortSignal; readonly say: (line: string) => void }) {
    this.#cluster = cluster;
    this.#random = random;
    this.#interrupt = options.interrupt;
    this.#say = options.say;
  }

  /** Harms until `untilMs` (of the wall); `check` is asked all the while, and throws when something was lost. */
  async run(untilMs: number, check: () => void): Promise<void> {
    const unsubscribe = this.#cluster.client.mon.onMap((map, previous) => {
      for (const { id, up } of map.osds.values()) if (!up && previous.osds.get(id)?.up === true) this.#noteDown(`osd.${id}`);
    });
    await Promise.all([this.#harmOsds(untilMs), this.#harmServices(untilMs), this.#watch(untilMs, check)]);
    unsubscribe();
  }

  /** Makes good whatever is broken, and waits until every PG has all its copies where they belong. Resolves to how long that took. */
  async heal(): Promise<number> {
    const fromMs = wallMs();
    await this.#end('service');
    await this.#end('osd');
    await this.#lookAfterDaemons();
    await this.#untilClean();
    return wallMs() - fromMs;
  }

  /** One OSD after the other; now and then, with everything else whole, more than one. */
  async #harmOsds(untilMs: number): Promise<void> {
    while (wallMs() < untilMs) {
      await this.#pause(this.#random.below(pauseMs.osd));
      const roll = this.#random.float();
      const heavy = roll < heavyShare;
      if (roll < heavyShare + diskShare) {
        this.#truce = true;
        while (this.#active.service !== undefined && wallMs() < untilMs) await this.#pause(lookEveryMs);
        if (wallMs() >= untilMs) return;
        await this.#untilClean();
        this.#truce = heavy;
        await this.#begin('osd', (heavy ? heavyFault : diskFault)(this.#cluster, this.#random, this.#runningOsds()));
      } else {
        const osd = this.#random.pick(this.#runningOsds());
        if (!(await this.#withMon(() => this.#isSafe(osd)))) continue;
        await this.#begin('osd', osdFault(this.#cluster, this.#random, osd));
      }
      await this.#endWhenDue('osd', untilMs);
      this.#truce = false;
    }
  }

  async #harmServices(untilMs: number): Promise<void> {
    while (wallMs() < untilMs) {
      await this.#pause(this.#random.below(pauseMs.service));
      while (this.#truce && wallMs() < untilMs) await this.#pause(lookEveryMs);
      if (this.#truce) return;
      await this.#lookAfterDaemons();
      const fault = serviceFault(this.#cluster, this.#random);
      while (this.#monNeeded && fault.victims.includes('mon.a')) await this.#pause(lookEveryMs);
      if (wallMs() >= untilMs) return;
      await this.#begin('service', fault);
      await this.#endWhenDue('service', untilMs);
    }
  }

  async #watch(untilMs: number, check: () => void): Promise<void> {
    while (wallMs() < untilMs) {
      check();
      await this.#pause(lookEveryMs);
    }
  }

  async #isSafe(osd: string): Promise<boolean> {
    const osds = [Number(osd.slice(4))];
    return (await this.#cluster.client.mon.command<{ safe: boolean }>({ prefix: 'osd safe-to-stop', osds })).safe;
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
    this.#active[slot] = { fault, fromMs };
    if (slot === 'osd') await this.#withMon(fault.begin);
    else await fault.begin();
  }

  /** Leaves an OSD's fault that the end of the time interrupts to `heal`. */
  async #endWhenDue(slot: 'osd' | 'service', untilMs: number): Promise<void> {
    const active = this.#active[slot];
    if (active === undefined) return;
    const dueMs = active.fromMs + active.fault.ms;
    while (wallMs() < dueMs) {
      await this.#pause(lookEveryMs);
      if (wallMs() >= untilMs || (slot === 'service' && this.#truce)) break;
    }
    // Whatever else waits for the mon may go on.
    if (wallMs() < untilMs || slot === 'service') await this.#end(slot);
  }

  async #end(slot: 'osd' | 'service'): Promise<void> {
    const active = this.#active[slot];
    if (active === undefined) return;
    const { fault, fromMs } = active;
    // What killed the mon itself starts it again.
    if (slot === 'osd' && !fault.victims.includes('mon.a')) await this.#withMon(fault.end);
    else await fault.end();
    this.#active[slot] = undefined;
    for (const victim of fault.victims) this.#quietSinceMs.set(victim, wallMs());
    const { who, maxMs = Number.POSITIVE_INFINITY } = fault.blocks ?? {};
    if (who !== undefined) this.blocked.push({ who, fromMs, toMs: Math.min(wallMs(), fromMs + maxMs) });
  }

  /** Waits until the mon is there, and has it left alone meanwhile. */
  async #withMon<T>(work: () => T): Promise<Awaited<T>> {
    while (this.#active.service?.fault.victims.includes('mon.a') === true) await this.#pause(lookEveryMs);
    this.#monNeeded = true;
    try {
      return await work();
    } finally {
      this.#monNeeded = false;
    }
  }

  #noteDown(osd: string): void {
    const isQuiet = (name: string): boolean => !this.#suffers(name) && wallMs() - (this.#quietSinceMs.get(name) ?? 0) > afterPainsMs;
    if (!isQuiet(osd) || !isQuiet('mon.a')) return;
    this.lostForNothing++;
    this.#say(`${osd} is down, and nothing was done to it`);
  }

  #suffers(name: string): boolean {
    return [this.#active.osd, this.#active.service].some((active) => active?.fault.victims.includes(name) === true);
  }

  /** An MDS that was replaced while it stood still ends when it finds out. Nobody else has a reason to end. */
  async #lookAfterDaemons(): Promise<void> {
    for (const name of this.#cluster.names()) {
      if (this.#suffers(name) || this.#cluster.runs(name)) continue;
      if (!name.startsWith('mds.')) throw new Error(`${name} has ended by itself: ${this.#cluster.lastWords(name)}`);
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
      if (wallMs() > deadline) {
        const pgs = await this.#cluster.client.mon.command<readonly PgStatus[]>({ prefix: 'pg ls' });
        const sick = pgs.filter(({ state }) => !state.split('+').includes('clean'));
        throw new Error(`not healed within ${healTimeoutMs / 1000} s: ${JSON.stringify(sick)} ${JSON.stringify(status.health)}`);
      }
      await this.#pause(lookEveryMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#interrupt });
  }
}
