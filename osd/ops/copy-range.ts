/**
 * What COPY_RANGE copies, fetched before the operation is ordered: read from the other object's primary as any client's
 * read is, so under its lease and when it is durable everywhere. The write that follows carries the bytes: members need not read
 * anything, and a retry of it is answered from the log. Nothing waits on the object meanwhile, so that two copies in opposite
 * directions cannot wait for each other.
 * @module
 */
import { FsError, toFsError, type ErrorCode } from '../../common/errors/fs-error.ts';
import { poolId } from '../../common/maps/ids.ts';
import { pgMappingAt, pgOfObject } from '../../common/maps/placement.ts';
import { onAbort } from '../../common/runtime/on-abort.ts';
import { ObjectOpKind, type Init, type ObjectOp, type OsdOpReply, type OsdOpRequest } from '../../common/wire/gen/messages.ts';
import { emptyOp } from '../client/encode-operations.ts';
import type { Extent } from '../client/object-client.ts';
import type { OsdContext } from '../context.ts';
import type { ClientOp } from '../core/client-op.ts';
import type { CopiedPiece } from '../core/plan-op.ts';

/** How long the source may take; the client then asks again. */
const sourceTimeoutMs = 10_000;
/** Shorter holes are copied as zeros: every piece is a write of its own. */
const holeBytesMin = 64 * 1024;
/** What passes: the client is to send the operation again. */
const passing: ReadonlySet<ErrorCode> = new Set(['EAGAIN', 'ESTALE', 'ECONNRESET', 'ETIMEDOUT', 'ESHUTDOWN', 'ECANCELED']);

interface SourceReply {
  readonly message: Init<OsdOpReply>;
  readonly payload: readonly Uint8Array[];
}

/** Bytes that the operation is going to copy. */
export function copiedBytes(ops: readonly ObjectOp[]): number {
  let bytes = 0;
  for (const op of ops) if (op.kind === ObjectOpKind.COPY_RANGE) bytes += op.length;
  return bytes;
}

/**
 * The pieces of each COPY_RANGE, at its place in the list. `take` serves an operation here, as if a client had sent it. Rejects
 * with EAGAIN when it may be tried again.
 */
export async function fetchCopies(
  ctx: OsdContext,
  op: ClientOp,
  take: (op: ClientOp) => void,
): Promise<readonly (readonly CopiedPiece[] | undefined)[]> {
  const given = new AbortController();
  op.onCancel(() => given.abort());
  const forget = onAbort(ctx.stopping, () => given.abort());
  try {
    return await Promise.all(
      op.message.ops.map(async (step) =>
        step.kind === ObjectOpKind.COPY_RANGE ? await fetchOne(ctx, step, given.signal, take) : undefined,
      ),
    );
  } catch (error) {
    given.abort();
    const failure = toFsError(error);
    if (!passing.has(failure.code)) throw failure;
    throw new FsError('EAGAIN', 'what is to be copied cannot be read just now', { retry: 'safe', cause: failure });
  } finally {
    forget();
  }
}

async function fetchOne(
  ctx: OsdContext,
  step: ObjectOp,
  signal: AbortSignal,
  take: (op: ClientOp) => void,
): Promise<readonly CopiedPiece[]> {
  const { message, payload } = await readSource(ctx, step, signal, take).catch((error: unknown): SourceReply => {
    // Nothing but a hole.
    if (error instanceof FsError && error.code === 'ENOENT') return { message: {}, payload: [] };
    throw error;
  });
  const [, told] = message.results ?? [];
  const extents = (told?.extents ?? []) as readonly Extent[];
  const rest = told?.more === true ? [{ offset: endOf(extents.at(-1)), length: Infinity }] : [];
  return pieces(step, joined([...extents, ...rest]), payload);
}

async function readSource(ctx: OsdContext, step: ObjectOp, signal: AbortSignal, take: (op: ClientOp) => void): Promise<SourceReply> {
  const { map, messenger } = ctx;
  const pool = map.pools.get(poolId(step.sourcePool));
  if (pool === undefined) throw new FsError('EINVAL', `no pool ${step.sourcePool} to copy from`);
  const pg = pgOfObject(pool, step.name);
  const primary = pgMappingAt(map, pool.id, pg)?.primary;
  if (primary === undefined) throw new FsError('EAGAIN', `pg ${pool.id}.${pg.toString(16)} has no primary`, { retry: 'safe' });
  const range = { offset: step.sourceOffset, length: step.length };
  const message: OsdOpRequest = {
    epoch: map.epoch,
    pool: pool.id,
    pg,
    object: step.name,
    instance: messenger.instance,
    tid: 0,
    ops: [
      { ...emptyOp, ...range, kind: ObjectOpKind.READ },
      { ...emptyOp, ...range, kind: ObjectOpKind.EXTENTS },
    ],
    oldestTid: 0,
    anyMember: false,
  };
  if (primary === ctx.id) return await readHere(ctx, message, signal, take);
  return await ctx.peers.need(primary).request('osdOp', message, { timeoutMs: sourceTimeoutMs, signal });
}

function readHere(ctx: OsdContext, message: OsdOpRequest, signal: AbortSignal, take: (op: ClientOp) => void): Promise<SourceReply> {
  return new Promise((resolve, reject) => {
    const refuse = (error: FsError): void => {
      ctx.waitingOps.release(op);
      reject(error);
    };
    const op: ClientOp = {
      message,
      payload: [],
      bytes: 0,
      mendings: 0,
      unreadable: false,
      writes: false,
      copied: undefined,
      onCancel: (fn) =>
        onAbort(signal, () => {
          fn();
          refuse(new FsError('ECANCELED', 'the copy is wanted no longer', { retry: 'safe' }));
        }),
      reply: (reply, payload = []) => resolve({ message: reply, payload }),
      fail: refuse,
      turnAway: () => refuse(new FsError('EAGAIN', 'more operations wait here than may', { retry: 'safe' })),
    };
    take(op);
  });
}

/** The range in pieces, in order: data where `extents` of the source say so, holes elsewhere. */
function pieces(step: ObjectOp, extents: readonly Extent[], payload: readonly Uint8Array[]): CopiedPiece[] {
  const out: CopiedPiece[] = [];
  const end = step.sourceOffset + step.length;
  const shift = step.offset - step.sourceOffset;
  let position = step.sourceOffset;
  const hole = (to: number): void => {
    if (to > position) out.push({ offset: position + shift, length: to - position, data: undefined });
    position = Math.max(position, to);
  };
  const bytes = payload.reduce((sum, piece) => sum + piece.length, 0);
  for (const extent of extents) {
    // What was read ends where the source ends.
    const to = Math.min(endOf(extent), step.sourceOffset + bytes);
    if (to <= position) continue;
    hole(Math.max(position, extent.offset));
    out.push({ offset: position + shift, length: to - position, data: cut(payload, position - step.sourceOffset, to - step.sourceOffset) });
    position = to;
  }
  hole(end);
  return out;
}

/** With what short holes separate put together. */
function joined(extents: readonly Extent[]): Extent[] {
  const out: Extent[] = [];
  for (const extent of extents) {
    const last = out.at(-1);
    if (last === undefined || extent.offset - endOf(last) >= holeBytesMin) out.push(extent);
    else out[out.length - 1] = { offset: last.offset, length: endOf(extent) - last.offset };
  }
  return out;
}

function endOf(extent: Extent | undefined): number {
  return extent === undefined ? 0 : extent.offset + extent.length;
}

/** Views of bytes [from, to). */
function cut(payload: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  const views: Uint8Array[] = [];
  let at = 0;
  for (const piece of payload) {
    const begin = Math.max(from, at);
    const stop = Math.min(to, at + piece.length);
    if (begin < stop) views.push(piece.subarray(begin - at, stop - at));
    at += piece.length;
  }
  return views;
}
