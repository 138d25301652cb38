/**
 * Random faults against an {@link OsdCluster} while clients append and write, and what must hold at the end.
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { Prng } from '../../common/runtime/sim/prng.ts';
import { OsdCluster, type OsdClusterOptions } from './osd-cluster.ts';

export interface ChaosOptions extends Partial<OsdClusterOptions> {
  readonly seed: number | string;
  /** Virtual time of faults. */
  readonly faultsMs?: number;
  readonly clients?: number;
  /** Operations that each client has under way. */
  readonly pipeline?: number;
  readonly objects?: number;
  /** Further loops of each client that only read the registers, from any member. */
  readonly readers?: number;
  /** The longest pause of a client between operations. Default 8. */
  readonly thinkMs?: number;
  /** So often the pool's PGs may be doubled. Default 0. */
  readonly splitsMax?: number;
}

/** What a client did to one object, in its order. */
interface Journal {
  /** Its records on the object, in the order of the calls; with the offset once acknowledged. */
  readonly appended: { readonly record: string; offset: number | undefined }[];
}

/** A register that one worker writes and everyone reads. Value n was written by its n-th change; absent: removed, or never written. */
class Register {
  readonly object: string;
  /** Whether the n-th change removed it, from n = 1; n = 0 stands for "never written". */
  readonly #removed: boolean[] = [true];
  /** Newest change that is acknowledged. */
  acknowledged = 0;
  /** Newest change that somebody has read: from then on nobody may read an older one. */
  #seen = 0;

  constructor(object: string) {
    this.object = object;
  }

  get exists(): boolean {
    return this.#removed[this.acknowledged] === false;
  }

  begin(removes: boolean): number {
    this.#removed.push(removes);
    return this.#removed.length - 1;
  }

  /** What a read that begins now must see at least. */
  get known(): number {
    return Math.max(this.acknowledged, this.#seen);
  }

  /** Throws unless `value` may be read by whoever began when change `since` was known. */
  check(value: string | undefined, since: number, who: string, nowMs: number): void {
    // Of the removals, the oldest that it can have seen.
    const n = value === undefined ? this.#removed.findIndex((removed, at) => removed && at >= since) : Number(value);
    if (n < since) throw new Error(`${who} read ${value ?? 'nothing'} from ${this.object} at ${nowMs}, after change ${since} was known`);
    this.#seen = Math.max(this.#seen, n);
  }
}

type Objects = Awaited<ReturnType<OsdCluster['client']>>['objects'];

/** Runs one history. Throws when anything acknowledged is lost, doubled, out of order or not seen, or copies differ. */
export async function runChaos(options: ChaosOptions): Promise<OsdCluster> {
  const cluster = await OsdCluster.start({
    pgNum: 2,
    ...options,
    network: { latencyMs: 0.1, jitterMs: 0.2, spikeProbability: 0.01, spikeMs: 30, resetProbability: 0.0005, ...options.network },
    osdConfig: { logEntriesMax: 512, strayCheckMs: 2_000, recoveryRetryMs: 200, ...options.osdConfig },
  });
  await cluster.world.until(chaos(cluster, options), { timeoutMs: 3_600_000, what: 'the end of the history' });
  return cluster;
}

async function chaos(cluster: OsdCluster, options: ChaosOptions): Promise<void> {
  const { world } = cluster;
  const random = world.fork('chaos');
  const endMs = world.nowMs + (options.faultsMs ?? 30_000);
  const names = Array.from({ length: options.clients ?? 2 }, (_, i) => `client${i}`);
  const journals = new Map<string, Map<string, Journal>>();
  const registers: Register[] = [];
  const workers: Promise<void>[] = [];
  for (const name of names) {
    journals.set(name, new Map());
    const { objects } = await cluster.client(name);
    const count = options.objects ?? 12;
    for (let slot = 0; slot < (options.pipeline ?? 4); slot++) {
      const draw = world.fork(`${name}/${slot}`);
      const register = new Register(`${name}-register-${slot}`);
      registers.push(register);
      workers.push(
        (async () => {
          for (let n = 0; world.nowMs < endMs; n++) {
            await appendSome(cluster, objects, journals.get(name) as Map<string, Journal>, `${name}.${slot}.${n}`, draw, count);
            await changeRegister(cluster, objects, register, draw);
            await readRegister(cluster, objects, draw.pick(registers), name, 'primary');
            await readRegister(cluster, objects, draw.pick(registers), name, 'any');
            await world.sleep(draw.below(options.thinkMs ?? 8));
          }
        })().catch((error: unknown) => world.fail(error as Error)),
      );
    }
  }
  for (const name of names) {
    const { objects } = await cluster.client(name);
    for (let reader = 0; reader < (options.readers ?? 0); reader++) {
      const draw = world.fork(`${name}/reader ${reader}`);
      workers.push(
        (async () => {
          while (world.nowMs < endMs) {
            await readRegister(cluster, objects, draw.pick(registers), name, 'any');
            await world.sleep(draw.below(4));
          }
        })().catch((error: unknown) => world.fail(error as Error)),
      );
    }
  }
  const splits = splitNowAndThen(cluster, world.fork('splits'), endMs, options.splitsMax ?? 0);
  await faults(cluster, random, endMs);
  world.fabric.heal();
  world.fabric.faults = { ...world.fabric.faults, resetProbability: 0 };
  for (let id = 0; id < cluster.osdCount; id++) world.node(`osd.${id}`).resume();
  await cluster.settle();
  await Promise.all([...workers, splits]);
  await cluster.settle();
  await checkAppends(cluster, journals);
  const { objects: reader } = await cluster.client('reader');
  for (const register of registers) await readRegister(cluster, reader, register, 'reader', 'any');
  const differences = await cluster.differences();
  if (differences.length > 0) throw new Error(`copies differ:\n${differences.slice(0, 20).join('\n')}`);
  const misplaced = await cluster.misplaced();
  if (misplaced.length > 0) throw new Error(`objects in PGs that are not theirs:\n${misplaced.slice(0, 20).join('\n')}`);
}

async function appendSome(
  cluster: OsdCluster,
  objects: Objects,
  journal: Map<string, Journal>,
  id: string,
  draw: Prng,
  count: number,
): Promise<void> {
  const object = `log${draw.below(count)}`;
  let entry = journal.get(object);
  if (entry === undefined) journal.set(object, (entry = { appended: [] }));
  // Two at once, so that order under pipelining is tested too.
  await Promise.all(
    ['a', 'b'].map(async (letter) => {
      const appended = { record: `<${id}${letter}>`, offset: undefined as number | undefined };
      entry.appended.push(appended);
      const { results } = await objects.operate(cluster.pool, object, [{ kind: 'append', data: [Buffer.from(appended.record)] }]);
      appended.offset = results[0]?.offset;
    }),
  );
}

async function changeRegister(cluster: OsdCluster, objects: Objects, register: Register, draw: Prng): Promise<void> {
  const { object } = register;
  const removes = register.exists && draw.below(8) === 0;
  const n = register.begin(removes);
  if (removes) await objects.operate(cluster.pool, object, [{ kind: 'remove' }]);
  else {
    await objects.operate(cluster.pool, object, [
      { kind: 'set-xattr', name: 'v', value: Buffer.from(String(n)) },
      { kind: 'omap-set', entries: [{ key: Buffer.from(`k${draw.below(50)}`), value: Buffer.from(String(n)) }] },
      { kind: 'write', offset: draw.below(20_000), data: [Buffer.alloc(1 + draw.below(9_000), n)] },
    ]);
  }
  register.acknowledged = n;
}

/** What is read must be at least as new as what was acknowledged to, or read by, anybody before. */
async function readRegister(
  cluster: OsdCluster,
  objects: Objects,
  register: Register,
  who: string,
  readFrom: 'primary' | 'any',
): Promise<void> {
  const since = register.known;
  const value = await objects.operate(cluster.pool, register.object, [{ kind: 'get-xattr', name: 'v' }], { readFrom }).then(
    ({ results }) => Buffer.from(results[0]?.value ?? []).toString(),
    (error: unknown) => {
      if (error instanceof FsError && error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  register.check(value, since, `${who}, from ${readFrom},`, cluster.world.nowMs);
}

/** No pool is split beyond it. */
const pgNumMax = 64;

/** Doubles the pool's PGs, whatever state they are in. */
async function splitNowAndThen(cluster: OsdCluster, random: Prng, endMs: number, splitsMax: number): Promise<void> {
  const { world } = cluster;
  for (let splits = 0; splits < splitsMax && world.nowMs < endMs; splits++) {
    await world.sleep(random.below((2 * (endMs - world.nowMs)) / (splitsMax - splits)));
    const { pgNum } = cluster.monMap?.pools.get(cluster.pool) ?? { pgNum: 0 };
    if (pgNum < pgNumMax) await cluster.split(random.below(4) === 0 ? 2 : 1);
  }
}

/** Crashes, restarts, cuts off, pauses, the mon too. */
async function faults(cluster: OsdCluster, random: Prng, endMs: number): Promise<void> {
  const { world } = cluster;
  while (world.nowMs < endMs) {
    await world.sleep(random.below(2_500));
    const id = random.below(cluster.osdCount);
    const name = `osd.${id}`;
    const everyone = world.nodes.map((node) => node.name);
    switch (random.below(8)) {
      case 0:
      case 1:
        cluster.crash(id, { machine: random.below(4) === 0 });
        break;
      case 2:
        for (let other = 0; other < cluster.osdCount; other++) if (random.below(2) === 0) cluster.crash(other);
        break;
      case 3: {
        const side = everyone.filter((other) => other !== 'mon.a' && random.below(3) === 0);
        const heal = world.fabric.partition(
          side,
          everyone.filter((other) => !side.includes(other)),
          { oneWay: random.below(3) === 0 },
        );
        void world.sleep(random.below(9_000)).then(heal);
        break;
      }
      case 4: {
        const node = world.node(name);
        if (!cluster.isUp(id)) break;
        node.pause();
        void world.sleep(random.below(9_000)).then(() => node.resume());
        break;
      }
      case 5:
        world.fabric.reset(name, `osd.${random.below(cluster.osdCount)}`);
        break;
      case 6:
        if (random.below(3) > 0 || !cluster.monIsUp) break;
        cluster.crashMon();
        void world.sleep(random.below(8_000)).then(() => cluster.bootMon());
        break;
      default:
    }
    for (let other = 0; other < cluster.osdCount; other++) {
      if (!cluster.isUp(other) && random.below(3) === 0) void bootLater(cluster, other);
    }
  }
}

async function bootLater(cluster: OsdCluster, id: number): Promise<void> {
  try {
    await cluster.boot(id);
  } catch (error) {
    cluster.world.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Every acknowledged record is there once, at the offset that was answered, and each client's are in order. */
async function checkAppends(cluster: OsdCluster, journals: ReadonlyMap<string, ReadonlyMap<string, Journal>>): Promise<void> {
  const { objects } = await cluster.client('reader');
  const names = new Set([...journals.values()].flatMap((journal) => [...journal.keys()]));
  for (const object of names) {
    const { results } = await objects.operate(cluster.pool, object, [{ kind: 'read', offset: 0, length: 0 }]);
    const text = Buffer.concat(results[0]?.data ?? []).toString();
    const records = text.match(/<[^>]*>/g) ?? [];
    if (records.join('') !== text) throw new Error(`${object} holds something that nobody appended: ${text}`);
    if (new Set(records).size !== records.length) throw new Error(`${object} holds a record twice: ${text}`);
    for (const [name, journal] of journals) {
      const appended = journal.get(object)?.appended ?? [];
      for (const { record, offset } of appended) {
        if (offset === undefined) throw new Error(`${name}: ${record} was never acknowledged`);
        if (text.slice(offset, offset + record.length) !== record)
          throw new Error(`${object}: ${record} is not at ${offset}, where it was acknowledged: ${text}`);
      }
      // What one call sent after another, to the same object, comes after it.
      for (let i = 0; i + 1 < appended.length; i++) {
        const [a, b] = [appended[i], appended[i + 1]];
        if (a !== undefined && b !== undefined && (a.offset ?? 0) > (b.offset ?? 0))
          throw new Error(`${object}: ${b.record} was sent after ${a.record} and went before it`);
      }
    }
  }
}
