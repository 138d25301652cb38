/**
 * The object client: finds the primary by the map, sends, and sends again under the same request id until the
 * operation has an answer. Hot path of the filesystem.
 *
 * Order: what one client sends to one PG goes over one connection, in the order of the calls; an OSD takes it
 * in that order. Whatever must be sent again is sent again together with everything of that PG that was sent
 * after it, in order; the OSD recognizes what it has already applied.
 * @module
 */
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap, PoolInfo } from '../../common/maps/cluster-map.ts';
import { entityName, type OsdId, type PoolId } from '../../common/maps/ids.ts';
import { pgMappingAt, pgOfObject } from '../../common/maps/placement.ts';
import type { Timer } from '../../common/runtime/clock.ts';
import type { Env } from '../../common/runtime/env.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import type { Init, ObjectOp, OsdOpReply } from '../../common/wire/gen/messages.ts';
import type { Messenger, PeerLink, Reply, Session } from '../../common/wire/session.ts';
import type { MonClient } from '../../mon/client/mon-client.ts';
import { decodeReply, encodeOperations, onlyReads } from './encode-operations.ts';
import { listNames } from './list-names.ts';
import type { NamesPage, ObjectClient, ObjectOperation, ObjectReply, OperateOptions } from './object-client.ts';

export interface ObjecterOptions {
  readonly messenger: Messenger;
  readonly monClient: MonClient;
  /** An OSD that has not answered within this time is asked again. Silent ones are noticed by their connection long before. */
  readonly attemptTimeoutMs?: number;
}

/** Waits between attempts that nothing else wakes up. */
const backoffMinMs = 20;
const backoffMaxMs = 1_000;
/** How long a member other than the primary may take for a read. */
const memberTimeoutMs = 2_000;

/** One operation until it is answered. In a list of all, oldest first. */
class Operation {
  readonly tid: number;
  target: PgTarget;
  readonly object: string;
  readonly ops: readonly Init<ObjectOp>[];
  readonly payload: readonly Uint8Array[] | undefined;
  readonly resolve: (reply: ObjectReply) => void;
  readonly reject: (error: FsError) => void;
  /** Counts what was sent; refusals of earlier attempts say nothing any more. */
  attempt = 0;
  sent = false;
  done = false;
  /** A read that goes to one of the members, until one has refused it. */
  anyMember = false;
  previous: Operation | undefined;
  next: Operation | undefined;
  cleanup: (() => void) | undefined;

  constructor(
    tid: number,
    target: PgTarget,
    object: string,
    ops: readonly Init<ObjectOp>[],
    payload: readonly Uint8Array[] | undefined,
    resolve: (reply: ObjectReply) => void,
    reject: (error: FsError) => void,
  ) {
    this.tid = tid;
    this.target = target;
    this.object = object;
    this.ops = ops;
    this.payload = payload;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** One PG as a destination. */
interface PgTarget {
  readonly pool: PoolId;
  readonly seq: number;
  /** Unanswered, in order of their tids. */
  readonly operations: Set<Operation>;
  /** By the map of `epoch`; undefined while the PG has no primary. */
  link: PeerLink | undefined;
  /** Acting members, the primary among them. */
  members: readonly OsdId[];
  interval: number;
  epoch: number;
  /** Operations wait: for a newer map, or for the backoff. */
  held: boolean;
  timer: Timer | undefined;
  backoffMs: number;
}

export class Objecter implements ObjectClient {
  readonly #env: Env;
  readonly #messenger: Messenger;
  readonly #monClient: MonClient;
  readonly #attemptTimeoutMs: number;
  readonly #targets = new Map<PoolId, PgTarget[]>();
  readonly #links = new Map<OsdId, PeerLink>();
  readonly #unsubscribe: () => void;
  /** The newest that the targets follow. */
  #map: ClusterMap;
  #lastTid = 0;
  #turn = 0;
  #oldest: Operation | undefined;
  #newest: Operation | undefined;
  #drains: { readonly tid: number; readonly resolve: () => void }[] = [];
  #stopped = false;

  constructor(env: Env, options: ObjecterOptions) {
    this.#env = env;
    this.#messenger = options.messenger;
    this.#monClient = options.monClient;
    this.#attemptTimeoutMs = options.attemptTimeoutMs ?? 600_000;
    this.#map = options.monClient.map;
    this.#unsubscribe = options.monClient.onMap((map) => this.#onMap(map));
    options.messenger.onSessionClosed((session) => this.#onSessionClosed(session));
  }

  operate(pool: PoolId, object: string, operations: readonly ObjectOperation[], options?: OperateOptions): Promise<ObjectReply> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) {
        reject(new FsError('ESHUTDOWN', 'the object client is stopping'));
        return;
      }
      // Whoever hears of a map before us must not get ahead of what is under way.
      this.#onMap(this.#monClient.map);
      const info = this.#map.pools.get(pool);
      if (info === undefined) {
        reject(new FsError('ENOENT', `no pool ${pool} in epoch ${this.#monClient.map.epoch}`));
        return;
      }
      const payload: Uint8Array[] = [];
      const ops = encodeOperations(operations, payload);
      const target = this.#target(pool, pgOfObject(info, object));
      const operation = new Operation(++this.#lastTid, target, object, ops, payload.length === 0 ? undefined : payload, resolve, reject);
      operation.anyMember = options?.readFrom === 'any' && onlyReads(operations) && !isAwaited(target, object);
      this.#append(operation);
      if (options !== undefined) this.#limit(operation, options);
      if (!operation.done) this.#send(operation);
    });
  }

  async names(pool: PoolId, prefix: string, after: string, perPg: number): Promise<NamesPage> {
    const operate = (object: string, operations: readonly ObjectOperation[]): Promise<ObjectReply> =>
      this.operate(pool, object, operations);
    return await listNames({ pgNum: () => this.listingRequests(pool), operate }, { prefix, after, perPg });
  }

  listingRequests(pool: PoolId): number {
    return this.#map.pools.get(pool)?.pgNum ?? 1;
  }

  drain(): Promise<void> {
    if (this.#oldest === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#drains.push({ tid: this.#lastTid, resolve }));
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#unsubscribe();
    for (const row of this.#targets.values()) for (const target of row as (PgTarget | undefined)[]) target?.timer?.cancel();
    while (this.#oldest !== undefined)
      this.#fail(this.#oldest, new FsError('ESHUTDOWN', 'the object client is stopping', { retry: 'maybe-applied' }));
    for (const link of this.#links.values()) link.close('stopping');
    this.#links.clear();
    await Promise.resolve();
  }

  #target(pool: PoolId, seq: number): PgTarget {
    let row = this.#targets.get(pool);
    if (row === undefined) this.#targets.set(pool, (row = []));
    let target = row[seq];
    if (target === undefined) {
      target = {
        pool,
        seq,
        operations: new Set(),
        link: undefined,
        members: [],
        interval: 0,
        epoch: 0,
        held: false,
        timer: undefined,
        backoffMs: backoffMinMs,
      };
      row[seq] = target;
    }
    return target;
  }

  #send(operation: Operation): void {
    const { target } = operation;
    if (target.held) return;
    const { map } = this.#monClient;
    if (target.epoch !== map.epoch) this.#aim(target, map);
    const { link } = target;
    if (link === undefined) {
      this.#hold(target);
      return;
    }
    const attempt = ++operation.attempt;
    operation.sent = true;
    const member = operation.anyMember ? this.#member(target, map) : undefined;
    const message = {
      epoch: target.epoch,
      pool: target.pool,
      pg: target.seq,
      object: operation.object,
      instance: this.#messenger.instance,
      tid: operation.tid,
      ops: operation.ops,
      oldestTid: this.#oldest?.tid ?? operation.tid,
      anyMember: member !== undefined,
    };
    if (member !== undefined) {
      member.request('osdOp', message, { timeoutMs: memberTimeoutMs }).then(
        (reply: Reply<'osdOp'>) => this.#onReply(operation, reply.message, reply.payload),
        (error: unknown) => this.#onMemberError(operation, attempt, error),
      );
      return;
    }
    const { payload } = operation;
    link
      .request(
        'osdOp',
        message,
        payload === undefined ? { timeoutMs: this.#attemptTimeoutMs } : { timeoutMs: this.#attemptTimeoutMs, payload },
      )
      .then(
        (reply: Reply<'osdOp'>) => this.#onReply(operation, reply.message, reply.payload),
        (error: unknown) => this.#onError(operation, attempt, error),
      );
  }

  /** Points the target at its primary by `map`. */
  #aim(target: PgTarget, map: ClusterMap): void {
    const mapping = pgMappingAt(map, target.pool, target.seq);
    target.epoch = map.epoch;
    target.interval = mapping?.interval ?? 0;
    target.members = mapping?.acting ?? [];
    target.link = mapping?.primary === undefined || map.flags.has('pause') ? undefined : this.#link(mapping.primary, map);
  }

  /** Each of the members in turn; undefined when that is the primary. */
  #member(target: PgTarget, map: ClusterMap): PeerLink | undefined {
    const osd = target.members[this.#turn++ % target.members.length];
    const link = osd === undefined ? undefined : this.#link(osd, map);
    return link === target.link ? undefined : link;
  }

  #link(osd: OsdId, map: ClusterMap): PeerLink | undefined {
    const info = map.osds.get(osd);
    if (info === undefined) return undefined;
    const known = this.#links.get(osd);
    if (known?.address === info.address) return known;
    const link = this.#messenger.link(entityName('osd', osd), info.address);
    this.#links.set(osd, link);
    link.onUnreachable((refused) => this.#onUnreachable(osd, info.address, refused));
    known?.close(`osd.${osd} is at ${info.address} now`);
    return link;
  }

  #onUnreachable(osd: OsdId, address: string, refused: boolean): void {
    const info = this.#monClient.map.osds.get(osd);
    if (info?.up === true && info.address === address) this.#monClient.reportFailure(entityName('osd', osd), info.instance, refused);
  }

  #onReply(operation: Operation, message: OsdOpReply, payload: readonly Buffer[]): void {
    if (operation.done) return;
    operation.target.backoffMs = backoffMinMs;
    this.#finish(operation);
    operation.resolve(decodeReply(message, payload));
  }

  #onError(operation: Operation, attempt: number, error: unknown): void {
    if (operation.done || attempt !== operation.attempt) return;
    const known = toFsError(error);
    switch (known.code) {
      case 'EAGAIN':
      case 'ESTALE':
        // Refused: the primary's map is newer than ours, or it is about to be.
        operation.sent = false;
        this.#hold(operation.target);
        return;
      case 'ECONNRESET':
      case 'ETIMEDOUT':
        operation.sent = false;
        this.#resendFrom(operation);
        return;
      case 'ESHUTDOWN':
        // The link was closed because the map moved the OSD: the next one is known already, or will be.
        if (known.retry === 'never' || this.#stopped) break;
        operation.sent = false;
        this.#hold(operation.target);
        return;
      default:
    }
    this.#fail(operation, known);
  }

  /** A member that cannot answer, for whatever passing reason, is not asked again: the primary can. */
  #onMemberError(operation: Operation, attempt: number, error: unknown): void {
    if (operation.done || attempt !== operation.attempt) return;
    const known = toFsError(error);
    if (known.code !== 'EAGAIN' && known.code !== 'ECONNRESET' && known.code !== 'ETIMEDOUT' && known.code !== 'ESHUTDOWN') {
      this.#fail(operation, known);
      return;
    }
    operation.anyMember = false;
    operation.sent = false;
    if (!this.#stopped) this.#send(operation);
  }

  /**
   * What was sent on the connection is about to be rejected, one by one. Until all of it is, nothing new may go to
   * its PGs, or it would overtake what must be sent again.
   */
  #onSessionClosed(session: Session): void {
    if (this.#stopped || !session.peer.entity.startsWith('osd.')) return;
    for (const row of this.#targets.values()) {
      for (const target of row as (PgTarget | undefined)[]) {
        if (target === undefined || target.held || target.operations.size === 0 || target.link?.entity !== session.peer.entity) continue;
        target.held = true;
        target.timer = this.#env.clock.setTimer(0, () => this.#release(target));
      }
    }
  }

  /** Sends again this operation and those of its PG behind it. */
  #resendFrom(operation: Operation): void {
    const { target } = operation;
    if (target.held) return;
    let behind = false;
    for (const other of [...target.operations]) {
      if (other === operation) behind = true;
      if (behind) this.#send(other);
    }
  }

  /** Nothing more goes to the PG until the next map changes it, or the backoff ends. */
  #hold(target: PgTarget): void {
    if (this.#stopped) return;
    const { map } = this.#monClient;
    target.held = true;
    if (target.timer !== undefined) return;
    // A newer map is known already: at once, but not in the caller's turn.
    const waitMs = map.epoch > target.epoch ? 0 : target.backoffMs;
    if (waitMs > 0) target.backoffMs = Math.min(target.backoffMs * 2, backoffMaxMs);
    target.timer = this.#env.clock.setTimer(waitMs, () => this.#release(target));
  }

  #release(target: PgTarget): void {
    target.timer?.cancel();
    target.timer = undefined;
    target.held = false;
    // One that cannot be sent holds the target, and with it those behind it.
    for (const operation of [...target.operations]) if (!operation.done) this.#send(operation);
  }

  #onMap(map: ClusterMap): void {
    if (map.epoch <= this.#map.epoch) return;
    const before = this.#map;
    this.#map = map;
    for (const pool of map.pools.values()) if (pool.pgNum > (before.pools.get(pool.id)?.pgNum ?? pool.pgNum)) this.#split(pool);
    for (const [pool, row] of this.#targets) {
      const known = map.pools.has(pool);
      for (const target of row as (PgTarget | undefined)[]) {
        if (target === undefined || target.operations.size === 0) continue;
        if (!known) {
          for (const operation of [...target.operations]) this.#fail(operation, new FsError('ENOENT', `pool ${pool} was deleted`));
          continue;
        }
        const { interval, link, held } = target;
        this.#aim(target, map);
        if (held || interval !== target.interval || link !== target.link) {
          target.backoffMs = backoffMinMs;
          this.#release(target);
        }
      }
    }
    this.#closeLinks(map);
  }

  /** What is unanswered goes to the PGs that its objects are in now, in order, before anything new does. */
  #split(pool: PoolInfo): void {
    for (const target of [...(this.#targets.get(pool.id) ?? [])] as (PgTarget | undefined)[]) {
      if (target === undefined) continue;
      for (const operation of [...target.operations]) {
        const next = this.#target(pool.id, pgOfObject(pool, operation.object));
        if (next === target) continue;
        target.operations.delete(operation);
        next.operations.add(operation);
        // What becomes of what was sent is of no interest any more.
        operation.attempt++;
        operation.target = next;
      }
    }
  }

  /** Ends the links to OSDs that are down or elsewhere now, and with them what still waits there. */
  #closeLinks(map: ClusterMap): void {
    for (const [osd, link] of this.#links) {
      const info = map.osds.get(osd);
      if (info?.up === true && info.address === link.address) continue;
      this.#links.delete(osd);
      link.close(`osd.${osd} is ${info?.up === true ? `at ${info.address} now` : 'down'}`);
    }
  }

  /** The caller's own limits. */
  #limit(operation: Operation, options: OperateOptions): void {
    const { signal, timeoutMs } = options;
    const abort = (): void =>
      this.#fail(
        operation,
        new FsError('ECANCELED', `operation on ${operation.object} cancelled by the caller`, { retry: 'maybe-applied' }),
      );
    if (signal?.aborted === true) {
      abort();
      return;
    }
    const forget = signal && onAbort(signal, abort);
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.#env.clock.setTimer(timeoutMs, () => {
            this.#fail(
              operation,
              new FsError('ETIMEDOUT', `operation on ${operation.object} not answered within ${timeoutMs} ms`, { retry: 'maybe-applied' }),
            );
          });
    operation.cleanup = () => {
      forget?.();
      timer?.cancel();
    };
  }

  #fail(operation: Operation, error: FsError): void {
    if (operation.done) return;
    this.#finish(operation);
    operation.reject(error);
  }

  #append(operation: Operation): void {
    operation.target.operations.add(operation);
    operation.previous = this.#newest;
    if (this.#newest === undefined) this.#oldest = operation;
    else this.#newest.next = operation;
    this.#newest = operation;
  }

  #finish(operation: Operation): void {
    operation.done = true;
    operation.cleanup?.();
    operation.target.operations.delete(operation);
    const { previous, next } = operation;
    if (previous === undefined) this.#oldest = next;
    else previous.next = next;
    if (next === undefined) this.#newest = previous;
    else next.previous = previous;
    if (this.#drains.length > 0) this.#checkDrains();
  }

  #checkDrains(): void {
    const oldest = this.#oldest?.tid ?? Infinity;
    const done = this.#drains.filter(({ tid }) => tid < oldest);
    this.#drains = this.#drains.filter(({ tid }) => tid >= oldest);
    for (const { resolve } of done) resolve();
  }
}

/** Whether something on the object has no answer yet: what follows goes the same way, so as not to overtake it. */
function isAwaited(target: PgTarget, object: string): boolean {
  for (const operation of target.operations) if (operation.object === object && !operation.anyMember) return true;
  return false;
}
