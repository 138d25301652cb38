import test from 'ava';
import { epoch, osdId, pgId, poolId } from '../../../common/maps/ids.ts';
import type { PgMapping } from '../../../common/maps/placement.ts';
import { freshInfo, Pg } from '../../../osd/core/pg.ts';

function newPg(): Pg {
  return new Pg(poolId(1), 0, freshInfo, { logEntriesMax: 512, budget: { bytes: 0 } });
}

function mapping(interval: number, acting: readonly number[]): PgMapping {
  const osds = acting.map(osdId);
  return {
    pgId: pgId(poolId(1), 0),
    up: osds,
    upPrimary: osds[0],
    acting: osds,
    candidates: [],
    primary: osds[0],
    interval: epoch(interval),
    lostAt: epoch(0),
  };
}

test('pg: counted while it is written to → each object once, as it is in the end', (t) => {
  const pg = newPg();
  pg.enterMap(mapping(1, [0, 1]), osdId(0));
  const recount = pg.beginRecount();
  Object.assign(recount, { after: 'm', objects: 2, bytes: 20 });
  pg.grew('a', -1, -10); // was counted
  pg.grew('z', 1, 500); // will be found
  Object.assign(recount, { after: 'z', objects: recount.objects + 1, bytes: recount.bytes + 500 });
  t.true(pg.endRecount(recount));
  t.deepEqual([pg.counted, pg.objects, pg.bytes], [true, 2, 510]);
});

test('pg: others were its primary for a while → its counts are made anew, and never fall below nothing', (t) => {
  const pg = newPg();
  pg.enterMap(mapping(1, [0, 1]), osdId(0));
  t.true(pg.endRecount(pg.beginRecount()));
  pg.enterMap(mapping(2, [1, 0]), osdId(0));
  t.false(pg.counted);
  pg.enterMap(mapping(3, [0, 1]), osdId(0));
  t.false(pg.counted);
  pg.grew('written by another', -1, -10);
  t.deepEqual([pg.objects, pg.bytes], [0, 0]);
});

test('pg: its counts are lost while they are made → that count is void', (t) => {
  const pg = newPg();
  const recount = pg.beginRecount();
  pg.counted = false;
  t.false(pg.endRecount(recount));
  t.false(pg.counted);
});
