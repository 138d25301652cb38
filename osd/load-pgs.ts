/**
 * The PGs that the store holds, as they were left.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import { parsePgId, type PgId } from '../common/maps/ids.ts';
import { floorOf } from './core/log-diff.ts';
import { decodeLogEntry } from './core/log-entry.ts';
import { Pg, type PgInfo, type PgOptions } from './core/pg.ts';
import { decodeScrubRecord } from './core/scrub-record.ts';
import { infoFormat, infoKey, scrubKey } from './ops/transaction.ts';
import type { Version } from './client/object-client.ts';
import { belongsTo } from './core/split-pg.ts';
import { inPieces } from './split-pgs.ts';
import type { Mutation, ObjectStore } from './store/object-store.ts';

const noBytes = new Uint8Array(0);
const shelvedAtOnce = 100;

/** Resolves when what a split had left half done is cleared up. Throws EILSEQ that says what is damaged and what to do. */
export async function loadPgs(store: ObjectStore, options: PgOptions): Promise<Pg[]> {
  const pgs: Pg[] = [];
  for (const id of store.collections()) {
    const pg = await loadPg(store, id, options);
    if (pg !== undefined) pgs.push(pg);
  }
  return pgs;
}

/** Undefined when the PG was only being split off another, which still has all of it. */
async function loadPg(store: ObjectStore, id: PgId, options: PgOptions): Promise<Pg | undefined> {
  const parsed = parsePgId(id);
  if (parsed === undefined) throw damaged(id, 'its name is not that of a PG');
  const bytes = store.meta(id, infoKey);
  if (bytes === undefined) throw damaged(id, 'its info record is missing');
  const info = parseInfo(id, bytes);
  if (info === 'forming') {
    await store.commit([{ kind: 'remove-collection', pg: id }]);
    return undefined;
  }
  const pg = new Pg(parsed.pool, parsed.seq, info, options);
  const strange: Mutation[] = [];
  const scrubs = store.meta(id, scrubKey);
  try {
    if (scrubs !== undefined) pg.scrubs = decodeScrubRecord(scrubs);
  } catch (error) {
    throw damaged(id, 'its record of scrubs cannot be read', error);
  }
  for (const { key, value } of store.metaRange(id, 'k', 'm')) {
    try {
      const entry = decodeLogEntry(value);
      if (info.pgNum > 0 && !belongsTo(entry.object, pg.seq, info.pgNum)) strange.push({ kind: 'set-meta', pg: id, key, value: noBytes });
      else if (key.startsWith('k')) pg.log.keep(entry);
      else pg.log.add(entry);
    } catch (error) {
      throw damaged(id, `log record ${key} cannot be read`, error);
    }
  }
  pg.log.raiseFloor(floorOf(pg.log, info));
  // The PGs that were split off have them.
  for (const piece of inPieces(strange)) await store.commit(piece);
  await clearShelf(store, id);
  return pg;
}

/** What copies have left that were interrupted. */
async function clearShelf(store: ObjectStore, pg: PgId): Promise<void> {
  for (let names = store.shelved(pg, shelvedAtOnce); names.length > 0; names = store.shelved(pg, shelvedAtOnce))
    await store.commit(names.map((object): Mutation => ({ kind: 'remove', pg, object, shelf: true })));
}

function parseInfo(id: PgId, bytes: Buffer): PgInfo | 'forming' {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Partial<PgInfo> & { format?: unknown; forming?: unknown };
    const { interval, completeTo, activated, condition, trimmed } = value;
    if (value.format !== 1 && value.format !== infoFormat) throw new FsError('EILSEQ', `format ${String(value.format)}`);
    if (value.forming === true) return 'forming';
    // What format 1 does not have.
    const { pgNum = 0, lostAt = 0, past = [], cursor = '' } = value;
    if (typeof interval === 'number' && isVersion(completeTo) && isVersion(activated) && typeof trimmed === 'boolean') {
      if (!Number.isSafeInteger(pgNum) || !Number.isSafeInteger(lostAt) || !Array.isArray(past) || typeof cursor !== 'string')
        throw new FsError('EILSEQ', 'what it says of splits or backfill makes no sense');
      if (condition === 'whole' || condition === 'recovering' || condition === 'backfilling')
        return { interval, pgNum, lostAt, completeTo, activated, condition, trimmed, past, cursor };
    }
    throw new FsError('EILSEQ', 'fields are missing');
  } catch (error) {
    throw damaged(id, 'its info record cannot be read', error);
  }
}

function isVersion(value: unknown): value is Version {
  const version = value as Partial<Version> | undefined;
  return typeof version === 'object' && Number.isSafeInteger(version.interval) && Number.isSafeInteger(version.counter);
}

function damaged(id: PgId, what: string, cause?: unknown): FsError {
  const text = `the store's copy of pg ${id} is damaged: ${what}. Its other copies are intact: empty this OSD's data directory and start it as a new OSD, and they fill it again`;
  return new FsError('EILSEQ', text, { cause });
}
