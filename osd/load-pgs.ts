/**
 * The PGs that the store holds, as they were left.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import { parsePgId, type PgId } from '../common/maps/ids.ts';
import { decodeLogEntry } from './core/log-entry.ts';
import { Pg, type PgInfo, type PgOptions } from './core/pg.ts';
import { decodeScrubRecord } from './core/scrub-record.ts';
import { infoKey, scrubKey } from './ops/transaction.ts';
import type { Version } from './client/object-client.ts';
import type { ObjectStore } from './store/object-store.ts';

/** Throws EILSEQ that says what is damaged and what to do. */
export function loadPgs(store: ObjectStore, options: PgOptions): Pg[] {
  return store.collections().map((id) => loadPg(store, id, options));
}

function loadPg(store: ObjectStore, id: PgId, options: PgOptions): Pg {
  const parsed = parsePgId(id);
  if (parsed === undefined) throw damaged(id, 'its name is not that of a PG');
  const info = store.meta(id, infoKey);
  if (info === undefined) throw damaged(id, 'its info record is missing');
  const pg = new Pg(parsed.pool, parsed.seq, parseInfo(id, info), options);
  const scrubs = store.meta(id, scrubKey);
  try {
    if (scrubs !== undefined) pg.scrubs = decodeScrubRecord(scrubs);
  } catch (error) {
    throw damaged(id, 'its record of scrubs cannot be read', error);
  }
  for (const { key, value } of store.metaRange(id, 'k', 'm')) {
    try {
      const entry = decodeLogEntry(value);
      if (key.startsWith('k')) pg.log.keep(entry);
      else pg.log.add(entry);
    } catch (error) {
      throw damaged(id, `log record ${key} cannot be read`, error);
    }
  }
  return pg;
}

function parseInfo(id: PgId, bytes: Buffer): PgInfo {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Partial<PgInfo> & { format?: unknown };
    const { interval, completeTo, activated, condition, trimmed } = value;
    if (value.format !== 1) throw new FsError('EILSEQ', `format ${String(value.format)}`);
    if (typeof interval === 'number' && isVersion(completeTo) && isVersion(activated) && typeof trimmed === 'boolean') {
      if (condition === 'whole' || condition === 'recovering' || condition === 'backfilling')
        return { interval, completeTo, activated, condition, trimmed };
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
