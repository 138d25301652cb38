/**
 * OSDs and their data around a monitor's core, as far as DESIGN §4 speaks of them: lives, leases, maps that lag,
 * writes that need every member's word, peering, certificates that arrive late. Everything happens in an order
 * drawn from a seed; after every step the rules are checked.
 * @module
 */
import { allPgs } from '../../../../common/maps/placement.ts';
import { Ground, type TestOsd, type WorldOptions } from './ground.ts';
import { Lives } from './lives.ts';
import { Pools } from './pools.ts';
import { pgNumOf } from './split-pool.ts';
import { Traffic } from './traffic.ts';

/** The pool is not split beyond it. */
const pgNumMax = 8;

export class World {
  readonly #ground: Ground;
  readonly #lives: Lives;
  readonly #traffic: Traffic;
  readonly #pools: Pools;

  constructor(options: WorldOptions) {
    const ground = new Ground(options);
    this.#ground = ground;
    this.#lives = new Lives(ground);
    this.#traffic = new Traffic(ground);
    this.#pools = new Pools(ground);
    const [first, ...others] = ground.osds as [TestOsd, ...TestOsd[]];
    for (const osd of others) this.#lives.boot(osd);
    ground.seal();
    const { size, pgNum } = options;
    ground.command({ prefix: 'pool create', name: 'p', size, minSize: 1, pgNum, failureDomain: 'osd' });
    ground.seal();
    this.#lives.boot(first);
    ground.seal();
  }

  /** What happened, for a failure's report. */
  get trace(): readonly string[] {
    return this.#ground.trace;
  }

  /** How often each kind of event had an effect: shows that a history exercised it. */
  get counts(): Readonly<Record<string, number>> {
    return this.#ground.counts;
  }

  /** One random event, and the checks. Throws what rule was broken. */
  step(): void {
    const osd = this.#ground.pick(this.#ground.osds);
    const kind = this.#ground.pick(eventKinds);
    if (this.#ground.below(8) === 0) this.#ground.pass(this.#ground.below(200));
    if (this.#event(kind, osd)) {
      this.#ground.count(kind);
      this.#ground.trace.push(`${this.#ground.monotonicMs} ${kind} osd.${osd.id}`);
    }
    if (this.#ground.below(3) === 0) this.#ground.seal();
    this.#ground.check();
  }

  /** Heals everything and lets the cluster settle; then every PG must be whole again. */
  recover(): void {
    for (const flag of flags) this.#ground.command({ prefix: 'flag unset', flag });
    this.#ground.command({ prefix: 'flag set', flag: 'noout' });
    for (const osd of this.#ground.osds) {
      osd.cutOff = false;
      osd.deaf = false;
      if (!osd.alive) this.#lives.start(osd);
      if (!this.#ground.map.osds.has(osd.id)) continue;
      this.#ground.command({ prefix: 'osd in', osd: osd.id });
      this.#ground.command({ prefix: 'osd reweight', osd: osd.id, reweight: 1 });
    }
    this.#traffic.join();
    this.#pools.deletePool();
    this.#pools.resize(this.#ground.options.size);
    this.#ground.command({ prefix: 'pool set', name: 'p', rule: 'replicated_osd', minSize: 1 });
    for (let round = 0; round < 400 && !this.#isWhole(); round++) {
      this.#ground.monotonicMs += 100;
      for (const kind of ['learn', 'boot', 'beacon', 'peer', 'write', 'certify', 'deliver', 'tick', 'read'] as const) {
        for (const osd of this.#ground.osds) {
          for (let i = 0; i < 4; i++) this.#event(kind, osd);
          if (kind === 'learn') this.#traffic.learn(osd, this.#ground.map.epoch);
        }
        this.#ground.seal();
        this.#ground.check();
      }
    }
    if (!this.#isWhole())
      throw new Error(
        `not whole again: ${[...allPgs(this.#ground.map)].map(({ pgId, up, acting }) => `${pgId} acts on ${acting.join()}, up is ${up.join()}`).join('; ')}`,
      );
  }

  #isWhole(): boolean {
    return [...allPgs(this.#ground.map)].every(
      ({ up, acting }) => acting.join() === up.join() && acting.length === this.#ground.options.size,
    );
  }

  #event(kind: (typeof eventKinds)[number], osd: TestOsd): boolean {
    switch (kind) {
      case 'boot':
        return osd.alive && !osd.cutOff && !this.#ground.isUp(osd) && this.#lives.tryBoot(osd);
      case 'beacon':
        return this.#traffic.beacon(osd);
      case 'crash':
        if (!osd.alive || this.#ground.below(6) > 0) return false;
        osd.alive = false;
        return true;
      case 'start':
        return this.#lives.start(osd);
      case 'replace':
        return !osd.alive && this.#ground.below(4) === 0 && this.#lives.replace(osd);
      case 'lose':
        return !osd.alive && this.#ground.below(12) === 0 && this.#lives.lose(osd);
      case 'refused':
        if (osd.alive) return false;
        this.#ground.core.osdGone(osd.id, osd.instance, this.#ground.now());
        return true;
      case 'cut':
        if (this.#ground.below(osd.cutOff ? 3 : 12) > 0) return false;
        osd.cutOff = !osd.cutOff;
        return true;
      case 'deafen':
        if (this.#ground.below(osd.deaf ? 4 : 8) > 0) return false;
        osd.deaf = !osd.deaf;
        return true;
      case 'learn':
        return (
          osd.alive && !osd.deaf && this.#traffic.learn(osd, osd.map.epoch + 1 + this.#ground.below(this.#ground.map.epoch - osd.map.epoch))
        );
      case 'peer':
        return this.#traffic.asPrimary(osd, (mapping) => this.#traffic.peer(osd, mapping));
      case 'write':
        return this.#traffic.asPrimary(osd, (mapping) => this.#traffic.write(osd, mapping));
      case 'read':
        return this.#traffic.asPrimary(osd, (mapping) => this.#traffic.read(osd, mapping));
      case 'certify':
        return this.#traffic.asPrimary(osd, (mapping) => this.#traffic.certify(osd, mapping));
      case 'deliver':
        return this.#traffic.deliver();
      case 'tick':
        this.#ground.tick();
        return true;
      case 'in-out':
        if (this.#ground.below(12) > 0 || !this.#ground.map.osds.has(osd.id)) return false;
        this.#ground.command({ prefix: this.#ground.below(2) === 0 ? 'osd in' : 'osd out', osd: osd.id });
        return true;
      case 'reweight':
        if (this.#ground.below(12) > 0 || !this.#ground.map.osds.has(osd.id)) return false;
        this.#ground.command({ prefix: 'osd reweight', osd: osd.id, reweight: (1 + this.#ground.below(4)) / 4 });
        return true;
      case 'split': {
        const pgNum = pgNumOf(this.#ground.map);
        if (this.#ground.below(30) > 0 || pgNum >= pgNumMax || this.#ground.core.changed) return false;
        this.#ground.command({ prefix: 'pool set', name: 'p', pgNum: pgNum * (this.#ground.below(3) === 0 ? 4 : 2) });
        return true;
      }
      case 'resize':
        if (this.#ground.below(12) > 0) return false;
        this.#pools.resize(1 + this.#ground.below(Math.min(this.#ground.options.size + 1, this.#ground.options.osds)));
        return true;
      case 'order-down':
        if (this.#ground.below(20) > 0 || !this.#ground.map.osds.has(osd.id)) return false;
        this.#ground.command({ prefix: 'osd down', osd: osd.id });
        return true;
      case 'sever':
        return this.#traffic.sever(osd, this.#ground.pick(this.#ground.osds));
      case 'remove':
        return !osd.alive && this.#ground.map.osds.has(osd.id) && this.#lives.remove(osd);
      case 'flag':
        if (this.#ground.below(12) > 0) return false;
        this.#ground.command({ prefix: this.#ground.below(3) === 0 ? 'flag set' : 'flag unset', flag: this.#ground.pick(flags) });
        return true;
      case 'place':
        return this.#ground.below(12) === 0 && this.#ground.map.osds.has(osd.id) && this.#pools.place(osd);
      case 'other-pool':
        if (this.#ground.below(12) > 0) return false;
        if (!this.#pools.deletePool()) this.#pools.createPool();
        return true;
      case 'restart-mon':
        if (this.#ground.below(20) > 0) return false;
        return this.#ground.restartMon();
    }
  }
}

export const eventKinds = [
  'boot',
  'beacon',
  'beacon',
  'beacon',
  'crash',
  'start',
  'replace',
  'lose',
  'refused',
  'cut',
  'deafen',
  'learn',
  'learn',
  'learn',
  'peer',
  'peer',
  'peer',
  'peer',
  'write',
  'write',
  'write',
  'read',
  'certify',
  'certify',
  'certify',
  'deliver',
  'deliver',
  'deliver',
  'tick',
  'in-out',
  'reweight',
  'resize',
  'split',
  'order-down',
  'sever',
  'remove',
  'remove',
  'flag',
  'place',
  'other-pool',
  'restart-mon',
] as const;

const flags = ['noout', 'noin', 'nodown', 'norecover', 'nobackfill', 'pause'] as const;
