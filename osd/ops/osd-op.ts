/**
 * OsdOpRequest: a client's compound operation, at the primary.
 *
 *   take: right epoch, PG, interval, lease? ──▶ run: guards, plan ─┬─ read: answer when what it saw is durable
 *                                                                  └─ write: log, replicate, commit; answer
 *                                                                     when durable on every member
 * Everything up to handing a write to the store and the members is synchronous, so operations on an object
 * take effect in the order in which they came, without waiting for one another.
 * @module
 */
import { AssertionError } from '../../common/errors/assert.ts';
import { FsError, toFsError } from '../../common/errors/fs-error.ts';
import { pgOfObject } from '../../common/maps/placement.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import { ObjectOpKind, type Init, type OpResult, type RepOp } from '../../common/wire/gen/messages.ts';
import type { IncomingRequest, OutgoingReply, Session } from '../../common/wire/session.ts';
import { expectedError, IntervalRun } from '../background/interval-run.ts';
import { mendDamaged, mendWhenFound } from '../background/mend.ts';
import type { OsdContext } from '../context.ts';
import { checkOp } from '../core/check-op.ts';
import type { ClientOp } from '../core/client-op.ts';
import { isDamage } from '../core/damage.ts';
import { encodeLogEntry, type LogEntry } from '../core/log-entry.ts';
import { decodeOutcome, encodeOutcome } from '../core/outcome.ts';
import type { Pg } from '../core/pg.ts';
import { changesSomething, onlyShrinks, planOp, removesFirst, type OpPlan } from '../core/plan-op.ts';
import { zeroVersion } from '../core/version.ts';
import type { InFlightWrite, MemberStream } from '../core/write-window.ts';
import { copiedBytes, fetchCopies } from './copy-range.ts';
import { readPlanned, type ReadData } from './read-planned.ts';
import { mayReadHere, readHere } from './replica-read.ts';
import { StoredObjectView } from './stored-object-view.ts';
import { writeTransaction } from './transaction.ts';
import { unreadableObject } from './unreadable-object-view.ts';

const noFrames: readonly never[] = [];
/** An object that is found damaged so often in one operation is on a disk that cannot hold it now: it is given time. */
const mendingsMax = 3;
/** Counted for each write in flight beside its data. */
const writeOverheadBytes = 512;

/** Handles the request. The promise settles with its answer. */
export function osdOp(ctx: OsdContext, incoming: IncomingRequest<'osdOp'>): Promise<OutgoingReply<'osdOp'>> {
  return new Promise((resolve, reject) => {
    const { message, payload, bytes, session } = incoming;
    const refuse = (error: FsError): void => {
      ctx.waitingOps.release(op);
      reject(error);
    };
    let forget = (): void => undefined;
    const op: ClientOp = {
      message,
      payload,
      bytes: bytes + copiedBytes(message.ops),
      mendings: 0,
      unreadable: false,
      copied: undefined,
      writes: changesSomething(message.ops),
      onCancel: (fn) => {
        // Where it waited before, it waits no longer.
        forget();
        forget = onAbort(incoming.signal, () => {
          fn();
          // Its deadline may be over here before it is at the client, whose clock is another: then it asks again.
          refuse(new FsError('ETIMEDOUT', 'given up by the client, or not served in time', { retry: 'safe' }));
        });
      },
      reply: (reply, data) => resolve(data === undefined ? { message: reply } : { message: reply, payload: data }),
      fail: refuse,
      turnAway: () => {
        session.close('more operations wait here than may');
        refuse(new FsError('EAGAIN', 'more operations wait here than may', { retry: 'safe' }));
      },
    };
    ctx.traffic.noteClient();
    checkOp(message, payload);
    takeOp(ctx, op);
  });
}

/** Serves the operation, or has it wait, or refuses it. */
export function takeOp(ctx: OsdContext, op: ClientOp): void {
  const { message } = op;
  const { map } = ctx;
  if (message.epoch > map.epoch) {
    if (message.anyMember) op.fail(new FsError('EAGAIN', `osd.${ctx.id} is behind, at epoch ${map.epoch}`, { retry: 'safe' }));
    else ctx.waitForEpoch(op);
    return;
  }
  const pool = map.pools.get(message.pool as never);
  if (pool === undefined) {
    op.fail(new FsError('ENOENT', `no pool ${message.pool}`));
    return;
  }
  if (isFenced(ctx, op)) {
    op.fail(fenced(op));
    return;
  }
  ctx.requesters.note(message.instance, message.oldestTid);
  const pg = ctx.pg(message.pool, message.pg);
  if (pg === undefined || !(pg.isPrimary || mayReadHere(ctx, pg, op))) {
    op.fail(
      new FsError('EAGAIN', `osd.${ctx.id} is not the primary of pg ${message.pool}.${message.pg.toString(16)} in epoch ${map.epoch}`, {
        retry: 'safe',
      }),
    );
    return;
  }
  if (message.epoch < pg.interval) {
    op.fail(new FsError('EAGAIN', `pg ${pg.id} has begun a new interval in epoch ${pg.interval}`, { retry: 'safe' }));
    return;
  }
  if (pgOfObject(pool, message.object) !== message.pg) {
    op.fail(new FsError('EINVAL', `object ${JSON.stringify(message.object)} is not in pg ${pg.id}`));
    return;
  }
  if (!pg.isPrimary) {
    readHere(ctx, pg, op);
    return;
  }
  // Nothing overtakes what waits on the same object.
  if (!mayServe(ctx, pg, op) || pg.waiting.some((waiting) => waiting.message.object === message.object)) {
    if (pg.waiting.length >= ctx.config.waitingOpsMax || !ctx.waitingOps.hold(op)) op.turnAway();
    else ctx.wait(pg, op);
    return;
  }
  runOp(ctx, pg, op);
}

/** Whether the PG serves this operation now: active, under lease, and with enough members for a write. */
export function mayServe(ctx: OsdContext, pg: Pg, op: ClientOp): boolean {
  return (
    pg.state.kind === 'active' &&
    ctx.leaseValid() &&
    !ctx.map.flags.has('pause') &&
    (!op.writes || (pg.writable && ctx.budget.bytes <= ctx.config.inFlightBytesMax && !pg.contested.has(op.message.object)))
  );
}

/** The cluster has shut its client out. */
function isFenced({ map }: OsdContext, { message }: ClientOp): boolean {
  return map.blocklist.size > 0 && map.blocklist.has(message.instance as never);
}

function fenced({ message }: ClientOp): FsError {
  return new FsError('ESHUTDOWN', `client instance ${message.instance} is blocklisted`);
}

/** Runs an operation that may be served, in its turn. */
export function runOp(ctx: OsdContext, pg: Pg, op: ClientOp): void {
  ctx.waitingOps.release(op);
  // It may have waited since it was taken: what comes after the fence must not find it done later.
  if (isFenced(ctx, op)) {
    op.fail(fenced(op));
    return;
  }
  if (copiesSomething(op) && op.copied === undefined && pg.log.find(op.message.instance, op.message.tid) === undefined) {
    fetchThenTake(ctx, op);
    return;
  }
  if (pg.isBlocked(op.message.object) && (op.writes || !pg.isReadable(op.message.object))) {
    waitForObject(ctx, pg, op);
    return;
  }
  try {
    if (op.writes) runWrite(ctx, pg, op);
    else runRead(ctx, pg, op);
  } catch (error) {
    mendOrFail(ctx, pg, op, error);
  }
}

function copiesSomething({ message }: ClientOp): boolean {
  return message.ops.some(({ kind }) => kind === ObjectOpKind.COPY_RANGE);
}

/** Fetches what the operation copies, and has it served as if it came then. */
function fetchThenTake(ctx: OsdContext, op: ClientOp): void {
  if (!ctx.waitingOps.hold(op)) {
    op.turnAway();
    return;
  }
  ctx.env.spawn('fetch what is to be copied', async () => {
    try {
      op.copied = await fetchCopies(ctx, op, (source) => takeOp(ctx, source));
    } catch (error) {
      op.fail(toFsError(error));
      return;
    }
    takeOp(ctx, op);
  });
}

function waitForObject(ctx: OsdContext, pg: Pg, op: ClientOp): void {
  if (!ctx.waitingOps.hold(op)) {
    op.turnAway();
    return;
  }
  pg.waitForObject(op);
  ctx.traffic.hurry();
}

/** What met damage runs again when the object is mended; anything else that it met is its answer. */
function mendOrFail(ctx: OsdContext, pg: Pg, op: ClientOp, thrown: unknown): void {
  const { object } = op.message;
  if (!isDamage(thrown) || pg.state.kind !== 'active') {
    failWhenSettled(ctx, pg, op, thrown);
  } else if (pg.isBlocked(object)) {
    waitForObject(ctx, pg, op);
  } else {
    pg.block(object, false);
    mendThenRun(ctx, pg, op, thrown);
  }
}

/**
 * Mends the object, which the operation has blocked, and runs the operation before those that came meanwhile. They wait for as
 * long as somebody may have a copy that can be read. One that removes the object needs none.
 */
function mendThenRun(ctx: OsdContext, pg: Pg, op: ClientOp, damage: FsError): void {
  const { object } = op.message;
  const run = new IntervalRun(ctx, pg);
  const removes = removesFirst(op.message.ops);
  ctx.env.spawn(`mend ${pg.id}`, async () => {
    let failure: FsError | undefined;
    try {
      if (op.mendings++ >= mendingsMax) await run.sleep(ctx.config.recoveryRetryMs);
      run.check();
      const mending = await (removes ? mendDamaged : mendWhenFound)(ctx, pg, run, object, damage);
      op.unreadable = mending !== 'mended' && removes;
      if (mending === 'lost' && !removes)
        failure = new FsError('EIO', `object ${object} of pg ${pg.id} is damaged, and nobody has a copy that can be read`, {
          cause: damage,
        });
    } catch (error) {
      failure = expectedError(error);
    }
    run.end();
    if (!run.alive()) {
      op.fail(intervalEnded(pg));
      return;
    }
    if (op.unreadable) pg.unfound.delete(object);
    const waited = pg.unblock(object);
    if (failure === undefined) runOp(ctx, pg, op);
    else failWhenSettled(ctx, pg, op, failure);
    ctx.resume(pg, waited);
  });
}

function runRead(ctx: OsdContext, pg: Pg, op: ClientOp): void {
  const view = new StoredObjectView(ctx.store, pg.id, op.message.object);
  const plan = planOp(op.message.ops, op.payload, view);
  if (plan.reads.length === 0) {
    answerRead(ctx, pg, op, plan, undefined);
    return;
  }
  const { interval } = pg;
  readPlanned(ctx, pg, op.message.object, plan).then(
    (data) => {
      if (pg.interval === interval && pg.state.kind === 'active') answerRead(ctx, pg, op, plan, data);
      else op.fail(intervalEnded(pg));
    },
    (error: unknown) => (pg.interval === interval ? mendOrFail(ctx, pg, op, error) : op.fail(intervalEnded(pg))),
  );
}

/** Answers once every write that the read may have seen is durable everywhere, and if the lease still runs. */
function answerRead(ctx: OsdContext, pg: Pg, op: ClientOp, plan: OpPlan, data: ReadData | undefined): void {
  const inFlight = plan.ofPg ? pg.window.newest : pg.window.newestOf(op.message.object);
  whenDurable(ctx, pg, op, inFlight, () => {
    const payload = data === undefined ? undefined : placeData(plan.results, data);
    op.reply({ epoch: ctx.map.epoch, version: plan.draft.version ?? zeroVersion, results: plan.results }, payload);
  });
}

function runWrite(ctx: OsdContext, pg: Pg, op: ClientOp): void {
  const { message } = op;
  const before = pg.log.find(message.instance, message.tid);
  if (before !== undefined) {
    answerRetry(ctx, pg, op, before);
    return;
  }
  const view = op.unreadable ? unreadableObject : new StoredObjectView(ctx.store, pg.id, message.object);
  const plan = planOp(message.ops, op.payload, view, op.copied);
  if (plan.changes.length === 0) {
    runRead(ctx, pg, op);
    return;
  }
  if (!onlyShrinks(message.ops)) ctx.space.check(pg, message.pool, bytesOf(plan.payload));
  if (plan.reads.length === 0) beginWrite(ctx, pg, op, plan, undefined);
  else readThenWrite(ctx, pg, op, plan);
}

/** Data are read before the changes are made; meanwhile the object is kept as it was planned for. */
function readThenWrite(ctx: OsdContext, pg: Pg, op: ClientOp, plan: OpPlan): void {
  const { object } = op.message;
  const { interval } = pg;
  pg.block(object, false);
  const unblocked = (run: () => void): void => {
    if (pg.interval !== interval) {
      op.fail(intervalEnded(pg));
      return;
    }
    const waited = pg.unblock(object);
    try {
      run();
    } catch (error) {
      failWhenSettled(ctx, pg, op, error);
    }
    for (const next of waited) runOp(ctx, pg, next);
  };
  readPlanned(ctx, pg, object, plan).then(
    (data) => unblocked(() => beginWrite(ctx, pg, op, plan, data)),
    (error: unknown) => {
      if (pg.interval === interval && isDamage(error)) mendThenRun(ctx, pg, op, error);
      else unblocked(() => failWhenSettled(ctx, pg, op, error));
    },
  );
}

function beginWrite(ctx: OsdContext, pg: Pg, op: ClientOp, plan: OpPlan, data: ReadData | undefined): void {
  const { message } = op;
  const { draft } = plan;
  const outcome = encodeOutcome(plan.results, (index) => data?.[index] ?? noFrames);
  const version = { interval: pg.interval, counter: pg.head.counter + 1 };
  const entry: LogEntry = {
    version,
    kind: draft.exists ? 'modify' : 'delete',
    object: message.object,
    instance: message.instance,
    tid: message.tid,
    mtimeMs: Math.max(0, Math.floor(ctx.env.clock.nowMs())),
    outcome,
  };
  const entryBytes = encodeLogEntry(entry);
  const { window } = pg;
  const replyPayload = data === undefined ? undefined : placeData(plan.results, data);
  const write: InFlightWrite<Init<RepOp>> = {
    counter: version.counter,
    object: message.object,
    bytes: bytesOf(plan.payload) + writeOverheadBytes,
    message: { pool: pg.pool, pg: pg.seq, interval: pg.interval, entry: entryBytes, changes: plan.changes, oldestTid: message.oldestTid },
    payload: plan.payload,
    waiters: [
      (durable) => {
        if (durable) op.reply({ epoch: ctx.map.epoch, version: draft.exists ? version : zeroVersion, results: plan.results }, replyPayload);
        else op.fail(intervalEnded(pg));
        // Of one sent twice, or to who is no member any more, something may still be on its way.
        if (durable && write.acks === write.sendings) ctx.env.network.giveBack(op.payload);
      },
    ],
    sendings: 0,
    acks: 0,
  };
  window.begin(write);
  for (const member of window.members.values()) {
    const recovery = pg.recovering.get(member.osd);
    if (recovery === undefined || recovery.takes(entry)) sendWrite(ctx.peers.session(member.osd), member, write, member.add(write));
  }
  const mutations = writeTransaction(pg, ctx.requesters, entry, entryBytes, plan.changes, plan.payload);
  pg.grew(message.object, Number(draft.exists) - Number(draft.existed), draft.size - draft.sizeBefore);
  ctx.space.taken(write.bytes - writeOverheadBytes);
  ctx.store.commit(mutations).then(
    () => {
      window.localDurable(version.counter);
      ctx.budgetFreed();
    },
    (error: unknown) => ctx.fatal('the store refused a write that its replicas may have', error),
  );
}

/** Sends a write to a member, if it is connected; otherwise it is sent when the connection is back. */
export function sendWrite(
  session: Session | undefined,
  { stream }: MemberStream<Init<RepOp>>,
  write: InFlightWrite<Init<RepOp>>,
  position: number,
): void {
  if (session === undefined) return;
  write.sendings++;
  session.push('repOp', { ...write.message, stream, position }, write.payload);
}

/** The request was applied before: its answer is what it was then, once that is durable. */
function answerRetry(ctx: OsdContext, pg: Pg, op: ClientOp, entry: LogEntry): void {
  const answer = (): void => {
    const { results, payload } = decodeOutcome(entry.outcome, op.message.ops.length);
    const version = entry.kind === 'modify' ? entry.version : zeroVersion;
    op.reply({ epoch: ctx.map.epoch, version, results }, payload.length === 0 ? undefined : payload);
  };
  const inFlight = pg.window.at(entry.version.counter);
  if (inFlight === undefined) answer();
  else inFlight.waiters.push((durable) => (durable ? answer() : op.fail(intervalEnded(pg))));
}

function failWhenSettled(ctx: OsdContext, pg: Pg, op: ClientOp, thrown: unknown): void {
  if (thrown instanceof AssertionError) {
    ctx.fatal('an operation broke an invariant', thrown);
    return;
  }
  const error = toFsError(thrown);
  whenSettled(ctx, pg, op, () => op.fail(error));
}

/** Runs `answer` when the newest write in flight on the object is durable everywhere and the lease runs. */
function whenSettled(ctx: OsdContext, pg: Pg, op: ClientOp, answer: () => void): void {
  whenDurable(ctx, pg, op, pg.window.newestOf(op.message.object), answer);
}

/** Runs `answer` when the write in flight, if there is one, is durable everywhere and the lease runs. */
function whenDurable(ctx: OsdContext, pg: Pg, op: ClientOp, inFlight: InFlightWrite<Init<RepOp>> | undefined, answer: () => void): void {
  if (inFlight !== undefined) {
    inFlight.waiters.push((durable) => (durable ? answerUnderLease(ctx, pg, op, answer) : op.fail(intervalEnded(pg))));
  } else answerUnderLease(ctx, pg, op, answer);
}

function answerUnderLease(ctx: OsdContext, pg: Pg, op: ClientOp, answer: () => void): void {
  if (ctx.leaseValid()) answer();
  // What was seen may be out of date: it is done again under the next lease.
  else if (pg.isPrimary) ctx.wait(pg, op);
  else op.fail(intervalEnded(pg));
}

function intervalEnded(pg: Pg): FsError {
  return new FsError('EAGAIN', `pg ${pg.id} has begun a new interval`, { retry: 'maybe-applied' });
}

/** Puts the data of reads into the reply, in the order of the operations. */
function placeData(results: Init<OpResult>[], data: ReadData): Buffer[] {
  const payload: Buffer[] = [];
  for (let index = 0; index < results.length; index++) {
    const pieces = data[index];
    if (pieces === undefined || pieces.length === 0) continue;
    results[index] = { ...results[index], payloadFrames: pieces.length };
    payload.push(...pieces);
  }
  return payload;
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  return bytes;
}
