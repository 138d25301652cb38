/**
 * Clients of objects: what they do is random, what they are answered goes into a history per object.
 * @module
 */
import { FsError } from '../../../common/errors/fs-error.ts';
import type { PoolId } from '../../../common/maps/ids.ts';
import type { Prng } from '../../../common/runtime/sim/prng.ts';
import type { NamesPage } from '../../../osd/client/object-client.ts';
import type { ObjectClientHandle, OsdCluster } from '../../support/osd-cluster.ts';
import { type Call, History, undecided } from './linearizable.ts';
import { type ObjectCall, isListed, objectModel, operationsOf, refusalOf, resultOf } from './object-model.ts';
import type { Rules } from './rules.ts';

export interface Target {
  readonly pool: PoolId;
  readonly object: string;
  readonly history: History<ObjectCall>;
  /** Tags that it may have. */
  readonly tags: string[];
}

export interface WorkloadOptions {
  /** Longest pause of a worker between calls. */
  readonly thinkMs: number;
  /** Largest piece of data. */
  readonly bytesMax: number;
  /** Most keys set at once. */
  readonly keysMax: number;
  /** Clients give up on some calls before they are answered. */
  readonly impatient: boolean;
}

const tagsKept = 4;

/** A client until it dies. */
export interface ClientLife {
  readonly name: string;
  readonly handle: ObjectClientHandle;
  /** Resolves when it is dead; what it waited for never comes then. */
  readonly death: Promise<void>;
  dead: boolean;
}

export class Workload {
  readonly #cluster: OsdCluster;
  readonly #rules: Rules;
  readonly #options: WorkloadOptions;
  readonly targets: Target[] = [];
  /** What each worker waits for, and since when. */
  readonly busy = new Map<string, { readonly sinceMs: number; readonly what: string }>();
  calls = 0;
  /** Histories that leave too much open to be judged. */
  undecided = 0;
  /** Calls refused for lack of room. */
  refused = 0;

  constructor(cluster: OsdCluster, rules: Rules, options: WorkloadOptions) {
    this.#cluster = cluster;
    this.#rules = rules;
    this.#options = options;
  }

  addTargets(pool: PoolId, prefix: string, count: number): void {
    for (let i = 0; i < count; i += 1) this.targets.push({ pool, object: `${prefix}${i}`, history: new History(), tags: [] });
  }

  /** Works until `untilMs` or its client's death. Rejects when an answer is one that no call may have. */
  async work(worker: string, client: ClientLife, random: Prng, untilMs: number): Promise<void> {
    const { world } = this.#cluster;
    for (let n = 0; world.nowMs < untilMs && !client.dead; n += 1) {
      const target = random.pick(this.targets);
      if (random.chance(0.01)) {
        this.busy.set(worker, { sinceMs: world.nowMs, what: `a listing of pool ${target.pool}` });
        await Promise.race([this.#list(worker, client.handle, target.pool, 1 + random.below(20)), client.death]);
        this.busy.delete(worker);
      }
      // Some at once, so that their order is tested too.
      const calls = Array.from({ length: random.chance(0.2) ? 2 : 1 }, (_, i) =>
        this.#randomCall(target, `${worker}.${n}${'ab'[i] ?? ''}`, random),
      );
      this.busy.set(worker, { sinceMs: world.nowMs, what: `${target.object}: ${calls.map((call) => objectModel.show(call)).join(', ')}` });
      const answers = Promise.all(calls.map((call) => this.call(worker, client.handle, target, call, random)));
      await Promise.race([answers, client.death]);
      this.busy.delete(worker);
      await world.sleep(random.below(this.#options.thinkMs));
    }
  }

  /** Each object of the pool is there, or not there, at some moment of the listing; and no others are. */
  async #list(worker: string, { objects }: ObjectClientHandle, pool: PoolId, perPg: number): Promise<void> {
    const { world } = this.#cluster;
    const targets = this.targets.filter((target) => target.pool === pool);
    const begun = targets.map(({ history }) => history.begin(worker, { kind: 'list' }, world.nowMs));
    const listed = new Set<string>();
    try {
      for (let after: string | undefined = ''; after !== undefined;) {
        const page: NamesPage = await objects.names(pool, '', after, perPg);
        for (const name of page.names) {
          if (listed.has(name)) throw new Error(`the listing has ${name} twice`);
          listed.add(name);
        }
        after = page.through;
      }
    } catch (error) {
      for (const [n, { history }] of targets.entries()) this.#failed(history, begun[n] as Call<ObjectCall>, error);
      return;
    }
    for (const [n, { object, history }] of targets.entries())
      history.end(begun[n] as Call<ObjectCall>, isListed(listed.delete(object)), world.nowMs);
    if (listed.size > 0) throw new Error(`the listing has objects that nobody made: ${[...listed].join(', ')}`);
    this.calls += 1;
  }

  async call(
    worker: string,
    client: ObjectClientHandle,
    target: Target,
    op: Exclude<ObjectCall, { kind: 'list' }>,
    random?: Prng,
  ): Promise<void> {
    const { world } = this.#cluster;
    const { history, pool, object } = target;
    const begun = history.begin(worker, op, world.nowMs);
    const impatient = this.#options.impatient && random?.chance(0.05) === true;
    try {
      const reply = await client.objects.operate(pool, object, operationsOf(op), {
        ...(impatient ? { timeoutMs: 1 + random.below(2_000) } : {}),
        // Members other than the primary must show the same.
        ...(op.kind === 'read' && random?.chance(0.5) === true ? { readFrom: 'any' } : {}),
      });
      if (op.kind !== 'read' && reply.version.counter > 0) this.#rules.acknowledged(this.#pgOf(target), object, reply.version);
      history.end(begun, resultOf(op, reply), world.nowMs);
    } catch (error) {
      this.#failed(history, begun, error);
    }
    this.calls += 1;
  }

  /** What contradicts linearizability, of any object. */
  violations(): string[] {
    const found: string[] = [];
    for (const { object, history } of this.targets) {
      const violation = history.explain(objectModel);
      if (violation === undecided) {
        this.undecided += 1;
        continue;
      }
      if (violation !== undefined) found.push(`${object} has a history that is not linearizable: ${violation}`);
    }
    return found;
  }

  #failed(history: History<ObjectCall>, call: Call<ObjectCall>, error: unknown): void {
    if (!(error instanceof FsError)) throw error;
    const result = refusalOf(call.op, error);
    if (result !== undefined) history.end(call, result, this.#cluster.world.nowMs);
    else if (error.code === 'ENOSPC') {
      history.refuse(call);
      this.refused += 1;
    } else if (error.code !== 'ETIMEDOUT' && error.code !== 'ESHUTDOWN') throw error;
  }

  #pgOf({ pool, object }: Target): ReturnType<OsdCluster['pgIdOf']> {
    return this.#cluster.pgIdOf(pool, object);
  }

  #randomCall(target: Target, id: string, random: Prng): Exclude<ObjectCall, { kind: 'list' }> {
    const { bytesMax, keysMax } = this.#options;
    const { tags } = target;
    const tag = `<${id}>`;
    const newTag = (): string => {
      tags.push(tag);
      if (tags.length > tagsKept) tags.shift();
      return tag;
    };
    const roll = random.below(100);
    if (roll < 30) return { kind: 'append', text: tag };
    if (roll < 55) return { kind: 'read' };
    if (roll < 68) return { kind: 'put', tag: newTag(), sizeBytes: 1 + random.below(bytesMax), key: `key ${random.below(40)}` };
    if (roll < 78) return { kind: 'patch', tag, offset: random.below(bytesMax), sizeBytes: 1 + random.below(bytesMax / 2) };
    if (roll < 82) return { kind: 'truncate', sizeBytes: random.below(bytesMax) };
    if (roll < 88) return { kind: 'swap', expected: tags.length === 0 ? '' : random.pick(tags), tag: newTag() };
    if (roll < 94) return { kind: 'keys', tag, from: random.below(100), count: 1 + random.below(keysMax), remove: random.chance(0.3) };
    return { kind: 'remove' };
  }
}
