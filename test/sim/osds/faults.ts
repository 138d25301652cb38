/**
 * The kinds of harm that come to a cluster of OSDs, and what an administrator does meanwhile, by weight.
 * @module
 */
import { calmNetwork } from '../../../common/runtime/sim/network.ts';
import { harmfulFlags, type Faults } from './nemesis.ts';

/** No pool is split beyond it. */
const pgNumMax = 16;
/** Clocks of different machines may show times so far apart. */
const wallOffsetMaxMs = 3_600_000;
/** What a memory store has where nothing else is said. */
const diskBytes = 16 * 2 ** 30;

export const objectFaults: Faults = {
  crash: {
    weight: 16,
    strike() {
      const id = this.anOsd();
      const machine = this.random.chance(0.25);
      if (!this.cluster.isUp(id)) return undefined;
      const written = this.written(id);
      this.cluster.crash(id, { machine, written });
      return `crash osd.${id}${machine ? ' (machine)' : ''}${written > 0 ? `, ${written} transactions reached its disk unheard of` : ''}`;
    },
  },
  'crash of several': {
    weight: 5,
    strike() {
      const share = this.random.chance(0.3) ? 1 : 0.5;
      const struck = this.cluster.osdIds.filter((id) => this.cluster.isUp(id) && this.random.chance(share));
      for (const id of struck) this.cluster.crash(id, { written: this.written(id) });
      return `crash ${struck.map((id) => `osd.${id}`).join(' ')}`;
    },
  },
  partition: {
    weight: 10,
    strike() {
      const nodes = this.cluster.world.nodes.map(({ name }) => name);
      const side = nodes.filter((name) => name !== 'mon.a' && this.random.below(3) === 0);
      return this.cut(
        side,
        nodes.filter((name) => !side.includes(name)),
        this.random.chance(0.3),
      );
    },
  },
  'cut off from the mon': {
    weight: 5,
    strike() {
      return this.cut([`osd.${this.anOsd()}`], ['mon.a'], this.random.chance(0.3));
    },
  },
  'cut between two': {
    weight: 5,
    strike() {
      const [a, b] = [this.anOsd(), this.anOsd()];
      return a === b ? undefined : this.cut([`osd.${a}`], [`osd.${b}`], this.random.chance(0.4));
    },
  },
  pause: {
    weight: 9,
    strike() {
      const id = this.anOsd();
      if (!this.cluster.isUp(id)) return undefined;
      const node = this.cluster.world.node(`osd.${id}`);
      const ms = this.aWhile();
      node.pause();
      this.after(ms, () => node.resume());
      return `stop osd.${id} for ${ms} ms`;
    },
  },
  reset: {
    weight: 7,
    strike() {
      const nodes = this.cluster.world.nodes.map(({ name }) => name);
      const [a, b] = [this.random.pick(nodes), this.random.pick(nodes)];
      this.cluster.world.fabric.reset(a, b);
      return `reset ${a} - ${b}`;
    },
  },
  'bad network': {
    weight: 6,
    strike() {
      const { fabric } = this.cluster.world;
      const ms = this.aWhile();
      fabric.faults = {
        ...calmNetwork,
        latencyMs: this.random.below(8),
        jitterMs: this.random.below(30),
        spikeProbability: 0.03,
        spikeMs: 400,
        resetProbability: this.random.chance(0.5) ? 0.002 : 0,
      };
      this.after(ms, () => (fabric.faults = calmNetwork));
      return `bad network for ${ms} ms`;
    },
  },
  'mon restart': {
    weight: 3,
    strike() {
      if (!this.cluster.monIsUp) return undefined;
      return `crash the mon for ${this.crashMon()} ms`;
    },
  },
  'silent as the mon dies': {
    weight: 4,
    strike() {
      const id = this.aKnownOsd();
      if (id === undefined || !this.cluster.isUp(id) || !this.cluster.monIsUp) return undefined;
      const ms = this.options.leaseMs * (1 - this.random.float() ** 2);
      const join = this.cluster.world.fabric.partition([`osd.${id}`], ['mon.a']);
      this.after(ms, () => this.dieAroundSilence(id, join));
      return `cut osd.${id} off from mon.a for ${ms.toFixed(0)} ms, then the mon dies`;
    },
  },
  'mon pause': {
    weight: 2,
    strike() {
      const node = this.cluster.world.node('mon.a');
      const ms = this.aWhile();
      node.pause();
      this.after(ms, () => node.resume());
      return `stop the mon for ${ms} ms`;
    },
  },
  'clock drift': {
    weight: 3,
    strike() {
      const { nodes } = this.cluster.world;
      const node = this.random.pick(nodes);
      const rate = 1 + (2 * this.random.float() - 1) * this.options.clockDrift;
      const wallOffsetMs = this.random.chance(0.3) ? Math.floor((2 * this.random.float() - 1) * wallOffsetMaxMs) : 0;
      node.setClock({ rate, wallOffsetMs });
      return `clock of ${node.name} goes at ${rate.toFixed(4)}, wall off by ${wallOffsetMs} ms`;
    },
  },
  'slow disk': {
    weight: 6,
    strike() {
      const id = this.anOsd();
      const image = this.cluster.image(id);
      const ms = this.aWhile();
      const slowCommitMs = this.random.below(this.random.chance(0.2) ? 2_000 : 100);
      const slowReadMs = this.random.below(this.random.chance(0.2) ? 500 : 30);
      image.faults = { ...image.faults, slowCommitMs, slowReadMs };
      this.after(ms, () => (image.faults = { ...image.faults, slowCommitMs: 0, slowReadMs: 0 }));
      return `osd.${id}'s disk commits ${slowCommitMs} ms, reads ${slowReadMs} ms later for ${ms} ms`;
    },
  },
  'bad reads': {
    weight: 5,
    strike() {
      const { cluster, random } = this;
      const id = this.anOsd();
      const image = cluster.image(id);
      const isBad = (other: number): boolean => cluster.image(other).faults.readErrors > 0;
      if (!this.options.badReads || cluster.osdIds.some(isBad)) return undefined;
      const readErrors = random.pick([0.02, 0.2, 1]);
      const ms = this.aWhile();
      image.faults = { ...image.faults, readErrors };
      this.after(ms, () => (image.faults = { ...image.faults, readErrors: 0 }));
      return `osd.${id}'s disk answers EIO to ${100 * readErrors} % of the reads of data for ${ms} ms`;
    },
  },
  'disk failure': {
    weight: 3,
    strike() {
      const id = this.anOsd();
      if (!this.cluster.isUp(id)) return undefined;
      const image = this.cluster.image(id);
      image.faults = { ...image.faults, failsCommits: true };
      return `osd.${id}'s disk refuses writes until it starts again`;
    },
  },
  'disk fills up': {
    weight: 3,
    strike() {
      const id = this.anOsd();
      const image = this.cluster.image(id);
      const ms = this.aWhile();
      // Quickly, but never so far that what was begun cannot be finished.
      const share = 0.8 + 0.17 * this.random.float();
      image.faults = { ...image.faults, takenBytes: Math.floor(share * diskBytes) };
      this.after(ms, () => (image.faults = { ...image.faults, takenBytes: 0 }));
      return `osd.${id}'s disk is ${(100 * share).toFixed(1)} % full for ${ms} ms`;
    },
  },
  'client dies': {
    weight: 2,
    strike() {
      const name = this.help.killClient();
      return name === undefined ? undefined : `${name} dies`;
    },
  },
  'OSD added': {
    weight: 1,
    strike() {
      if (this.cluster.osdCount >= this.options.osdsMax) return undefined;
      const id = this.cluster.addOsd();
      this.boot(id);
      return `osd.${id} is added on ${this.cluster.hostOf(id)}`;
    },
  },
  rot: {
    weight: 5,
    strike() {
      return this.options.rot ? this.rot() : undefined;
    },
  },
  'pool set': {
    weight: 2,
    strike() {
      if (this.options.rot) return undefined;
      const pool = this.random.pick([...(this.cluster.monMap?.pools.values() ?? [])]);
      const { cluster } = this;
      const hosts = new Set(cluster.osdIds.filter((id) => !cluster.isLost(id)).map((id) => cluster.hostOf(id))).size;
      const size = Math.min(hosts, 2 + this.random.below(2));
      const minSize = 1 + this.random.below(size);
      return this.command({ prefix: 'pool set', name: pool.name, size, minSize });
    },
  },
  out: {
    weight: 2,
    strike() {
      const osd = this.aKnownOsd();
      return osd === undefined ? undefined : this.command({ prefix: this.random.chance(0.6) ? 'osd in' : 'osd out', osd });
    },
  },
  'PGs split': {
    weight: 2,
    strike() {
      const pool = this.random.pick([...(this.cluster.monMap?.pools.values() ?? [])]);
      if (pool.pgNum >= pgNumMax || pool.pgNum < (this.pgNums.get(pool.id) ?? 0)) return undefined;
      const pgNum = pool.pgNum * (this.random.chance(0.2) ? 4 : 2);
      this.pgNums.set(pool.id, pgNum);
      const isDone = (): boolean => (this.cluster.monMap?.pools.get(pool.id)?.pgNum ?? 0) >= pgNum;
      return this.command({ prefix: 'pool set', name: pool.name, pgNum }, isDone);
    },
  },
  reweight: {
    weight: 2,
    strike() {
      const osd = this.aKnownOsd();
      return osd === undefined ? undefined : this.command({ prefix: 'osd reweight', osd, reweight: 0.25 + 0.75 * this.random.float() });
    },
  },
  flag: {
    weight: 2,
    strike() {
      const flag = this.random.pick(harmfulFlags);
      const ms = this.aWhile();
      this.after(ms, () => this.command({ prefix: 'flag unset', flag }));
      return this.command({ prefix: 'flag set', flag });
    },
  },
};
