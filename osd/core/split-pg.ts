/**
 * Splitting of one copy of a PG: its log is divided by object, and each part keeps what the whole knew of itself.
 *
 * Versions stay those of the PG that was: a part's log has gaps where writes of others' objects were. What a copy can say
 * of its completeness would be lost with them, so each part remembers, as runs, all versions that the log showed
 * (`past`). The new interval goes on counting after the head of the PG that was.
 * @module
 */
import { objectHash, stableMod } from '../../common/maps/object-hash.ts';
import { splitChildren } from '../../common/maps/pg-split.ts';
import type { LogRun } from '../../common/wire/gen/messages.ts';
import { Pg, type PgInfo, type PgOptions } from './pg.ts';
import type { LogPart } from './pg-log.ts';
import type { ScrubRecord } from './scrub-record.ts';
import { cutRuns, joinRuns } from './version-runs.ts';

export interface SplitPart {
  readonly pg: Pg;
  /** What its log has got. */
  readonly log: LogPart;
}

/**
 * Takes out of `pg`, one of `pg.info.pgNum`, what belongs to others when there are `pgNum`. Its interval must have ended.
 * Counts of objects are guessed.
 */
export function splitPg(pg: Pg, pgNum: number, options: PgOptions): SplitPart[] {
  const seqs = splitChildren(pg.seq, pg.info.pgNum, pgNum);
  const info: PgInfo = { ...pg.info, pgNum, completeTo: pg.info.condition === 'whole' ? pg.head : pg.info.completeTo, past: pastOf(pg) };
  const logs = pg.log.divide(pg.seq, (object) => stableMod(objectHash(object), pgNum));
  pg.info = info;
  const parts = seqs.map((seq): SplitPart => {
    const child = new Pg(pg.pool, seq, info, options);
    const log = logs.get(seq) ?? { entries: [], kept: [] };
    logs.delete(seq);
    for (const entry of log.entries) child.log.add(entry);
    for (const entry of log.kept) child.log.keep(entry);
    child.log.raiseFloor(pg.log.floor);
    child.scrubs = scrubsOf(pg.scrubs, (object) => belongsTo(object, seq, pgNum));
    child.objects = Math.floor(pg.objects / (seqs.length + 1));
    child.bytes = Math.floor(pg.bytes / (seqs.length + 1));
    return { pg: child, log };
  });
  for (const { pg: child } of parts) {
    pg.objects -= child.objects;
    pg.bytes -= child.bytes;
  }
  pg.scrubs = scrubsOf(pg.scrubs, (object) => belongsTo(object, pg.seq, pgNum));
  pg.counted = false;
  return parts;
}

/** Whether an object is one of PG `seq` of `pgNum`. */
export function belongsTo(object: string, seq: number, pgNum: number): boolean {
  return stableMod(objectHash(object), pgNum) === seq;
}

/** What scrubs found of the objects that are the PG's own. What they found beyond the list may be anybody's. */
function scrubsOf(scrubs: ScrubRecord, isOwn: (object: string) => boolean): ScrubRecord {
  const findings = scrubs.findings.filter(({ object }) => isOwn(object));
  return { ...scrubs, findings, errors: scrubs.errors - scrubs.findings.length + findings.length };
}

/** Every version that this copy knows to be in its history and in reach of its log. */
function pastOf({ info, log }: Pg): LogRun[] {
  switch (info.condition) {
    case 'whole':
      return joinRuns(info.past, log.runs());
    case 'recovering':
      return cutRuns(joinRuns(info.past, log.runs()), 0, info.completeTo.counter);
    case 'backfilling':
      return [];
  }
}
