/**
 * Splits the copies that this OSD holds, on disk and in memory, when a pool has more PGs than they were of.
 *
 * It is handed to the store in one turn, but for what can wait, in an order in which a crash after any of it does no harm:
 *
 *     records of the new PGs' logs, in pieces; their infos say `forming`      a start removes them, and splits anew
 *     the last piece, the objects, all infos                                  from here on it is split
 *     removal of these records from the old PG, later, in pieces              a start finishes that
 * @module
 */
import type { OsdContext } from './context.ts';
import { encodeLogEntry, type LogEntry } from './core/log-entry.ts';
import type { Pg, PgOptions } from './core/pg.ts';
import { splitPg, type SplitPart } from './core/split-pg.ts';
import { formingMutation, infoKey, infoMutation, keptKey, logKey, scrubRecordMutation } from './ops/transaction.ts';
import type { Mutation } from './store/object-store.ts';

/** Log records in one transaction: fewer than any store's log takes. */
const pieceBytes = 512 * 1024;
/** Counted for each record besides its value. */
const recordBytes = 1024;
const noBytes = new Uint8Array(0);

type SplitContext = Pick<OsdContext, 'store' | 'env' | 'fatal'>;

/** Splits the copy into those of `pgNum`; returns the new ones. Its interval ends. */
export function splitCopy(ctx: SplitContext, pg: Pg, pgNum: number, options: PgOptions): Pg[] {
  pg.retire();
  if (ctx.store.meta(pg.id, infoKey) === undefined) {
    // Nothing of it was ever stored: the new ones begin as it did.
    pg.info = { ...pg.info, pgNum };
    return [];
  }
  const pgNumBefore = pg.info.pgNum;
  const parts = splitPg(pg, pgNum, options);
  const pieces = inPieces(parts.flatMap(addedRecords));
  const last = pieces.pop() ?? [];
  const transactions: Mutation[][] = [];
  if (pieces.length > 0) transactions.push(parts.map((part) => formingMutation(part.pg.id)));
  transactions.push(...pieces, [
    ...last,
    { kind: 'split-collection', pg: pg.id, pgNumBefore, pgNumAfter: pgNum },
    ...[pg, ...parts.map((part) => part.pg)].flatMap(({ id, info, scrubs }) => [infoMutation(id, info), scrubRecordMutation(id, scrubs)]),
  ]);
  for (const transaction of transactions) void commit(ctx, transaction);
  clearUp(ctx, inPieces(parts.flatMap(({ log }) => removedRecords(pg, log.entries, log.kept))));
  ctx.env.log.info({ pg: pg.id, pgNumBefore, pgNum, into: parts.map((part) => part.pg.id) }, 'pg split');
  return parts.map((part) => part.pg);
}

function commit(ctx: SplitContext, transaction: readonly Mutation[]): Promise<void> {
  return ctx.store.commit(transaction).catch((error: unknown) => ctx.fatal('the store refused to split a PG', error));
}

/** One piece after the other, so that nobody waits for it. */
function clearUp(ctx: SplitContext, pieces: readonly Mutation[][]): void {
  const [piece, ...others] = pieces;
  if (piece === undefined) return;
  ctx.env.clock.defer(() => ctx.env.spawn('clearing up after a split', () => commit(ctx, piece).then(() => clearUp(ctx, others))));
}

function addedRecords({ pg, log }: SplitPart): Mutation[] {
  return [
    ...log.entries.map((entry): Mutation => ({ kind: 'set-meta', pg: pg.id, key: logKey(entry.version), value: encodeLogEntry(entry) })),
    ...log.kept.map((entry): Mutation => ({ kind: 'set-meta', pg: pg.id, key: keptKey(entry.version), value: encodeLogEntry(entry) })),
  ];
}

/** Takes entries out of a PG's stored log. */
function removedRecords(pg: Pick<Pg, 'id'>, entries: readonly LogEntry[], kept: readonly LogEntry[]): Mutation[] {
  return [
    ...entries.map((entry): Mutation => ({ kind: 'set-meta', pg: pg.id, key: logKey(entry.version), value: noBytes })),
    ...kept.map((entry): Mutation => ({ kind: 'set-meta', pg: pg.id, key: keptKey(entry.version), value: noBytes })),
  ];
}

/** In transactions that every store takes. */
export function inPieces(mutations: readonly Mutation[]): Mutation[][] {
  const pieces: Mutation[][] = [];
  let piece: Mutation[] = [];
  let bytes = 0;
  for (const mutation of mutations) {
    const size = recordBytes + (mutation.kind === 'set-meta' ? mutation.value.byteLength : 0);
    if (bytes + size > pieceBytes && piece.length > 0) {
      pieces.push(piece);
      piece = [];
      bytes = 0;
    }
    piece.push(mutation);
    bytes += size;
  }
  if (piece.length > 0) pieces.push(piece);
  return pieces;
}
