/**
 * The data that a planned operation reads: from the store, below what the operation itself changed before.
 * @module
 */
import { ObjectOpKind } from '../../common/wire/gen/messages.ts';
import { joined } from './object-piece.ts';
import type { OsdContext } from '../context.ts';
import type { Pg } from '../core/pg.ts';
import type { OpPlan, PlannedRead } from '../core/plan-op.ts';

/** The data of each READ, at its place in the list of operations. */
export type ReadData = readonly (readonly Buffer[] | undefined)[];

/** Begins all reads at once, so that they see the same state. */
export function readPlanned(ctx: OsdContext, pg: Pg, object: string, plan: OpPlan): Promise<ReadData> {
  const data: (readonly Buffer[] | undefined)[] = [];
  const [first] = plan.reads;
  if (plan.reads.length === 1 && first !== undefined) {
    return readOne(ctx, pg, object, plan, first).then((pieces) => {
      data[first.index] = pieces;
      return data;
    });
  }
  return Promise.all(plan.reads.map((read) => readOne(ctx, pg, object, plan, read))).then((all) => {
    for (const [at, pieces] of all.entries()) data[plan.reads[at]?.index ?? 0] = pieces;
    return data;
  });
}

function readOne(ctx: OsdContext, pg: Pg, object: string, plan: OpPlan, read: PlannedRead): Promise<readonly Buffer[]> {
  if (read.length === 0) return Promise.resolve([]);
  if (read.changesBefore === 0) return readStored(ctx, pg, object, read.offset, read.length);
  return readOverlaid(ctx, pg, object, plan, read);
}

function readStored(ctx: OsdContext, pg: Pg, object: string, offset: number, length: number): Promise<readonly Buffer[]> {
  return ctx.store.read(pg.id, object, offset, length).then(joined);
}

/** Applies the plan's earlier changes to what is stored. Rare: requests seldom read what they write. */
async function readOverlaid(ctx: OsdContext, pg: Pg, object: string, plan: OpPlan, read: PlannedRead): Promise<readonly Buffer[]> {
  const end = read.offset + read.length;
  const storedEnd = read.showsStored ? Math.min(plan.draft.sizeBefore, end) : 0;
  const bytes = Buffer.alloc(read.length);
  if (storedEnd > read.offset) {
    let at = 0;
    for (const piece of await readStored(ctx, pg, object, read.offset, storedEnd - read.offset)) at += piece.copy(bytes, at);
  }
  let frame = 0;
  for (let i = 0; i < read.changesBefore; i++) {
    const change = plan.changes[i];
    if (change === undefined) break;
    const offset = change.offset ?? 0;
    if (change.kind === ObjectOpKind.WRITE) {
      let at = offset;
      for (const piece of plan.payload.slice(frame, frame + (change.payloadFrames ?? 0))) {
        overlay(bytes, read.offset, piece, at);
        at += piece.length;
      }
    } else if (change.kind === ObjectOpKind.ZERO) fill(bytes, offset - read.offset, offset + (change.length ?? 0) - read.offset);
    else if (change.kind === ObjectOpKind.TRUNCATE) fill(bytes, offset - read.offset, read.length);
    else if (change.kind === ObjectOpKind.REMOVE) bytes.fill(0);
    frame += change.payloadFrames ?? 0;
  }
  return joined([bytes]);
}

function overlay(target: Buffer, base: number, piece: Uint8Array, offset: number): void {
  const from = Math.max(offset, base);
  const to = Math.min(offset + piece.length, base + target.length);
  if (from < to) target.set(piece.subarray(from - offset, to - offset), from - base);
}

function fill(target: Buffer, from: number, to: number): void {
  if (Math.max(0, from) < Math.min(target.length, to)) target.fill(0, Math.max(0, from), Math.min(target.length, to));
}
