import test from 'ava';
import { poolId } from '../../../common/maps/ids.ts';
import type { OsdContext } from '../../../osd/context.ts';
import { floorOf } from '../../../osd/core/log-diff.ts';
import { encodeLogEntry, type LogEntry } from '../../../osd/core/log-entry.ts';
import { PgLog } from '../../../osd/core/pg-log.ts';
import { addEntries } from '../../../osd/ops/member-requests.ts';
import type { Pg } from '../../../osd/core/pg.ts';
import type { Mutation } from '../../../osd/store/object-store.ts';

const entry = (counter: number): LogEntry => ({
  version: { interval: 8, counter },
  kind: 'modify',
  object: 'o4',
  instance: 1,
  tid: counter,
  mtimeMs: 0,
  outcome: Buffer.alloc(0),
});

/** A member whose log begins at 100, as its disk says, and its client's requests below 60 are answered for good. */
function member(): { readonly pg: Pg; readonly ctx: OsdContext } {
  const log = new PgLog(1_000);
  for (let counter = 100; counter < 110; counter++) log.add(entry(counter));
  const zero = { interval: 0, counter: 0 };
  log.raiseFloor(
    floorOf(log, { completeTo: { interval: 8, counter: 109 }, activated: zero, condition: 'whole', trimmed: true, past: [], cursor: '' }),
  );
  return {
    pg: { id: '1.0', pool: poolId(1), log } as unknown as Pg,
    ctx: { requesters: { oldestTid: () => 60 } } as unknown as OsdContext,
  };
}

/*
 * A primary whose log reaches back farther sends an object with all that it says of it. Were those entries added, the member's log
 * would look as if it reached back to them without a gap: as a primary it would take others for up to date that are not (seed 3100108).
 */
test('entries from before all that a log shows → not added; put aside where the request may come again', (t) => {
  const { pg, ctx } = member();
  const written: Mutation[] = [];
  addEntries(
    ctx,
    pg,
    [50, 70, 105, 120].map((counter) => encodeLogEntry(entry(counter))),
    written,
  );
  t.is(pg.log.oldest?.version.counter, 100);
  t.is(pg.log.head.counter, 120);
  t.deepEqual(
    pg.log.kept.map(({ version }) => version.counter),
    [70],
  );
  t.is(pg.log.find(1, 70)?.version.counter, 70);
  t.is(pg.log.find(1, 50), undefined);
  t.deepEqual(
    written.map((mutation) => (mutation.kind === 'set-meta' ? mutation.key[0] : mutation.kind)),
    ['k', 'l', 'l'],
  );
});

test('floor of a log as it is stored → its oldest entry, what was split off it, or where it is complete to', (t) => {
  const zero = { interval: 0, counter: 0 };
  const info = {
    completeTo: { interval: 8, counter: 90 },
    activated: zero,
    condition: 'whole',
    trimmed: true,
    past: [],
    cursor: '',
  } as const;
  const log = new PgLog(10);
  t.is(floorOf(log, info), 91, 'no entries: all up to completeTo is there');
  log.add(entry(95));
  t.is(floorOf(log, { ...info, condition: 'recovering' }), 91, 'what is missing between is still to come');
  t.is(floorOf(log, { ...info, completeTo: { interval: 8, counter: 99 } }), 95);
  t.is(floorOf(log, { ...info, past: [{ interval: 3, first: 40, last: 80 }] }), 40);
  t.is(floorOf(log, { ...info, trimmed: false }), 0, 'it reaches back to the beginning');
  t.is(floorOf(log, { ...info, condition: 'backfilling' }), 0, 'it is given anew');
});
