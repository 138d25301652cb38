/**
 * One placement group as this OSD holds it: its log and info, its role in the current interval, and as
 * primary the writes in flight and what waits.
 * Synchronous. Invariants: nothing is served before every acting member has the primary's log; an interval's
 * state dies with it (see DESIGN 4 and ../README.md).
 * @module
 */
import { assert } from '../../common/errors/assert.ts';
import { FsError } from '../../common/errors/fs-error.ts';
import { pgId, type OsdId, type PgId, type PoolId } from '../../common/maps/ids.ts';
import type { PgMapping } from '../../common/maps/placement.ts';
import type { Init, RepOp } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import type { ClientOp } from './client-op.ts';
import { headOf, type CopyInfo } from './log-diff.ts';
import { compareNames, type MemberRecovery } from './member-recovery.ts';
import { PgLog } from './pg-log.ts';
import { RecoveryMeter } from './recovery-meter.ts';
import { noScrubs, type ScrubKind, type ScrubRecord } from './scrub-record.ts';
import { zeroVersion } from './version.ts';
import { WriteWindow, type InFlightBudget } from './write-window.ts';

/** What is stored of a PG beside its objects and log. */
export interface PgInfo extends CopyInfo {
  /** Newest interval that this copy has taken part in; older ones are refused. */
  readonly interval: number;
  /** Of how many PGs of its pool it is one; a copy that stayed away while they were split is of fewer. 0: not known. */
  readonly pgNum: number;
  /** Newest loss of the PG's last members (PgRecord) that this copy knows of. */
  readonly lostAt: number;
}

export const freshInfo: PgInfo = {
  interval: 0,
  pgNum: 0,
  lostAt: 0,
  completeTo: zeroVersion,
  activated: zeroVersion,
  condition: 'whole',
  trimmed: false,
  past: [],
  cursor: '',
};

export type PgState =
  /** Neither acting nor proposed here: kept until the PG is clean. */
  | { readonly kind: 'stray' }
  /** Acting or being brought up to date; another OSD is the primary. */
  | { readonly kind: 'replica' }
  /** Primary: making the acting members equal; operations wait. */
  | { readonly kind: 'peering' }
  /** Primary: serving. */
  | { readonly kind: 'active' }
  /** Primary, but a member knows of acknowledged writes that we lack: serving would lose them. */
  | { readonly kind: 'incomplete'; readonly reason: string };

/** What a member has no room for: a whole copy, or what it missed. */
export type TooFull = 'backfill_toofull' | 'recovery_toofull';

/** Counts on their way: of the objects named up to `after`. */
export interface Recount {
  after: string;
  objects: number;
  bytes: number;
}

/** The primary's stream of writes, as a member receives it. */
export interface IncomingStream {
  readonly interval: number;
  readonly stream: number;
  /** Last position applied. */
  position: number;
  /** Last position durable. */
  durable: number;
  /** The session on which the primary last sent: where it is told. */
  ackTo: unknown;
}

export interface PgOptions {
  readonly logEntriesMax: number;
  /** Shared by all PGs of the OSD. */
  readonly budget: InFlightBudget;
}

export class Pg {
  readonly pool: PoolId;
  readonly seq: number;
  readonly id: PgId;
  readonly log: PgLog;
  info: PgInfo;
  #state: PgState = { kind: 'stray' };
  mapping: PgMapping | undefined;
  minSize = 1;
  /** Full copies that the pool wants. */
  size = 1;
  /** As primary; a new one in each interval. */
  window: WriteWindow<Init<RepOp>>;
  /** As primary: proposed members that are not acting yet. */
  readonly recovering = new Map<OsdId, MemberRecovery>();
  /** As primary: members that cannot be brought up to date because they have no room for it. */
  readonly tooFull = new Map<OsdId, TooFull>();
  /** As primary: objects whose copy here cannot be read, and of which none that can be is at hand; and who may have one. */
  readonly unfound = new Map<string, readonly OsdId[]>();
  /** As primary: objects that a member was left with as it had them, though ours differs and cannot be read: not written to until the next peering settles it. */
  readonly contested = new Set<string>();
  /** As primary: how fast copies are made. */
  readonly meter = new RecoveryMeter();
  /** As member. */
  incoming: IncomingStream | undefined;
  /** Operations waiting for the PG to serve, in order. */
  waiting: ClientOp[] = [];
  /** Operations waiting for an object, in order. */
  readonly #blocked = new Map<string, { readonly queue: ClientOp[]; readonly readable: boolean }>();
  readonly #onUnblocked = new Map<string, (() => void)[]>();
  /** Run when the interval ends. */
  #onIntervalEnd = new Set<() => void>();
  /** Own counts, kept by the primary's writes; exact while `counted`. Never below 0. */
  objects = 0;
  bytes = 0;
  #counted = false;
  /** While they are made anew. */
  #recount: Recount | undefined;
  /** As stored. */
  scrubs: ScrubRecord = noScrubs;
  /** As primary: under way. */
  scrubbing: ScrubKind | undefined;
  /** As primary: the newest order of the mon that was carried out. */
  scrubOrder = 0;

  readonly #budget: InFlightBudget;

  constructor(pool: PoolId, seq: number, info: PgInfo, options: PgOptions) {
    this.#budget = options.budget;
    this.window = new WriteWindow(options.budget);
    this.pool = pool;
    this.seq = seq;
    this.id = pgId(pool, seq);
    this.log = new PgLog(options.logEntriesMax);
    this.info = info;
  }

  get state(): PgState {
    return this.#state;
  }

  /** Interval of the newest map; what messages are checked against. */
  get interval(): number {
    return this.mapping?.interval ?? 0;
  }

  /** When the PG last lost all its members, by the newest map. */
  get lostAt(): number {
    return this.mapping?.lostAt ?? 0;
  }

  /** Newest write that this copy has. */
  get head(): Version {
    return headOf(this.log, this.info);
  }

  /** Newest write that is durable on every member, so that every later primary has it. */
  get stable(): Version {
    const { oldestCounter } = this.window;
    return oldestCounter === undefined ? this.head : (this.log.before(oldestCounter)?.version ?? zeroVersion);
  }

  get isPrimary(): boolean {
    return this.#state.kind === 'peering' || this.#state.kind === 'active' || this.#state.kind === 'incomplete';
  }

  /** Enough members for writes. */
  get writable(): boolean {
    return (this.mapping?.acting.length ?? 0) >= this.minSize;
  }

  /** Takes the mapping of a newer map. True when a new interval began: role and everything in flight start over. */
  enterMap(mapping: PgMapping, self: OsdId): boolean {
    const begun = this.mapping?.interval !== mapping.interval || this.mapping.primary !== mapping.primary;
    this.mapping = mapping;
    if (!begun) return false;
    // What others write here is not counted.
    if (mapping.primary !== self) this.counted = false;
    if (mapping.primary === self) this.#endInterval({ kind: 'peering' });
    else if (mapping.acting.includes(self) || mapping.candidates.includes(self)) this.#endInterval({ kind: 'replica' });
    else this.#endInterval({ kind: 'stray' });
    return true;
  }

  get counted(): boolean {
    return this.#counted;
  }

  set counted(counted: boolean) {
    this.#counted = counted;
    this.#recount = undefined;
  }

  /** The counts are made anew; void when they are lost again before the end. */
  beginRecount(): Recount {
    this.#recount = { after: '', objects: 0, bytes: 0 };
    return this.#recount;
  }

  /** False when the counts were lost meanwhile. */
  endRecount(recount: Recount): boolean {
    if (this.#recount !== recount) return false;
    this.objects = Math.max(0, recount.objects);
    this.bytes = Math.max(0, recount.bytes);
    this.counted = true;
    return true;
  }

  /** A write of `object` makes the PG so much larger, or smaller. */
  grew(object: string, objects: number, bytes: number): void {
    this.objects = Math.max(0, this.objects + objects);
    this.bytes = Math.max(0, this.bytes + bytes);
    const recount = this.#recount;
    // Those that the count has passed; the others it will find as they are then.
    if (recount === undefined || compareNames(Buffer.from(object), Buffer.from(recount.after)) > 0) return;
    recount.objects += objects;
    recount.bytes += bytes;
  }

  becomeActive(): void {
    assert(this.#state.kind === 'peering', `active from ${this.#state.kind}`);
    this.#state = { kind: 'active' };
  }

  becomeIncomplete(reason: string): void {
    assert(this.#state.kind === 'peering', `incomplete from ${this.#state.kind}`);
    this.#state = { kind: 'incomplete', reason };
  }

  /** The pool is gone, or the daemon stops. */
  retire(): void {
    this.mapping = undefined;
    this.#endInterval({ kind: 'stray' });
  }

  /** Runs `fn` when the interval ends; returns the unsubscriber. */
  onIntervalEnd(fn: () => void): () => void {
    this.#onIntervalEnd.add(fn);
    return () => this.#onIntervalEnd.delete(fn);
  }

  isBlocked(object: string): boolean {
    return this.#blocked.size > 0 && this.#blocked.has(object);
  }

  /** Operations on `object` wait until `unblock`; if it is `readable`, those that read only go on until a write waits. */
  block(object: string, readable: boolean): void {
    assert(!this.#blocked.has(object), `${object} is blocked twice`);
    this.#blocked.set(object, { queue: [], readable });
  }

  /** Whether what only reads the object, which is blocked, may go on. */
  isReadable(object: string): boolean {
    const blocked = this.#blocked.get(object);
    return blocked === undefined || (blocked.readable && blocked.queue.length === 0);
  }

  /** Whether an operation waits for the object. */
  isWaitedFor(object: string): boolean {
    return (this.#blocked.get(object)?.queue.length ?? 0) > 0;
  }

  /** The operations that waited, in order. */
  unblock(object: string): readonly ClientOp[] {
    const ops = this.#blocked.get(object)?.queue ?? [];
    this.#blocked.delete(object);
    const waiters = this.#onUnblocked.get(object);
    this.#onUnblocked.delete(object);
    waiters?.forEach((fn) => fn());
    return ops;
  }

  /** Runs `fn` when the object is unblocked or found missing (`unfound`), or the interval ends. */
  onceUnblocked(object: string, fn: () => void): void {
    if (!this.#blocked.has(object)) {
      fn();
      return;
    }
    const waiters = this.#onUnblocked.get(object);
    if (waiters === undefined) this.#onUnblocked.set(object, [fn]);
    else waiters.push(fn);
  }

  /** No copy of the object that can be read is at hand; whoever may wait for it to be unblocked looks again. */
  noteUnfound(object: string, osds: readonly OsdId[]): void {
    this.unfound.set(object, osds);
    const waiters = this.#onUnblocked.get(object);
    this.#onUnblocked.delete(object);
    waiters?.forEach((fn) => fn());
  }

  waitForObject(op: ClientOp): void {
    const blocked = this.#blocked.get(op.message.object);
    assert(blocked !== undefined, `${op.message.object} is not blocked`);
    blocked.queue.push(op);
  }

  /** Whoever hears of the end finds the PG in its next state: what was under way is no longer, and yet not settled. */
  #endInterval(next: PgState): void {
    const { window } = this;
    this.#state = next;
    this.window = new WriteWindow(this.#budget);
    this.recovering.clear();
    this.tooFull.clear();
    this.unfound.clear();
    this.contested.clear();
    this.incoming = undefined;
    const ended = this.#onIntervalEnd;
    this.#onIntervalEnd = new Set();
    for (const fn of ended) fn();
    window.abandon();
    const waited = this.waiting;
    this.waiting = [];
    for (const { queue } of this.#blocked.values()) waited.push(...queue);
    this.#blocked.clear();
    const unblocked = [...this.#onUnblocked.values()].flat();
    this.#onUnblocked.clear();
    for (const fn of unblocked) fn();
    for (const op of waited) op.fail(new FsError('EAGAIN', `pg ${this.id} has begun a new interval`, { retry: 'safe' }));
  }
}
