import test from 'ava';
import type { ClusterMap } from '../../../common/maps/cluster-map.ts';
import { decodeIncrement, decodeMap } from '../../../common/maps/codec.ts';
import { emptyMap } from '../../../common/maps/empty-map.ts';
import { epoch, instanceId } from '../../../common/maps/ids.ts';
import { applyIncrement, diffMaps } from '../../../common/maps/increment.ts';
import { MapJournal } from '../../../mon/store/map-journal.ts';
import { MemoryStore } from '../../../mon/store/memory.ts';

const keepEpochs = 20;

async function journalOf(store: MemoryStore, epochs: number): Promise<MapJournal> {
  const journal = new MapJournal(store, keepEpochs);
  let map: ClusterMap = { ...emptyMap('f'), epoch: epoch(1) };
  await journal.append(map, undefined);
  while (map.epoch < epochs) {
    const next = { ...map, epoch: epoch(map.epoch + 1), blocklist: new Map(map.blocklist).set(instanceId(map.epoch), { untilMs: 5 }) };
    await journal.append(next, diffMaps(map, next));
    map = next;
  }
  return journal;
}

test('updateFrom: a peer a little behind → increments; far behind or new → the whole map; up to date → nothing', async (t) => {
  const journal = await journalOf(new MemoryStore(), 100);
  t.is(journal.updateFrom(100), undefined);
  t.is(journal.updateFrom(101), undefined);
  const some = journal.updateFrom(97);
  t.like(some, { epoch: 100, baseEpoch: 97 });
  t.deepEqual(
    some?.increments?.map((bytes) => Number(decodeIncrement(bytes).epoch)),
    [98, 99, 100],
  );
  t.like(journal.updateFrom(80), { baseEpoch: 80, increments: { length: 20 } });
  for (const far of [79, 0]) {
    const update = journal.updateFrom(far);
    t.is(update?.baseEpoch, 0);
    t.deepEqual(decodeMap(update?.full ?? Buffer.alloc(0)), journal.map);
  }
});

test('load: after any number of epochs → the newest map, from the last whole one and what followed', async (t) => {
  for (const epochs of [1, 2, 15, 16, 17, 18, 33, 50]) {
    const store = new MemoryStore();
    const written = await journalOf(store, epochs);
    const read = new MapJournal(store, keepEpochs);
    t.deepEqual(await read.load(), written.map, `${epochs} epochs`);
    const behind = Math.max(1, epochs - 10);
    t.deepEqual(read.updateFrom(behind), written.updateFrom(behind));
    const next = { ...read.map, epoch: epoch(read.map.epoch + 1), flags: new Set(['pause' as const]) };
    await read.append(next, diffMaps(read.map, next));
    t.deepEqual(await new MapJournal(store, keepEpochs).load(), next);
  }
});

test('load: a store of another cluster than its map → EILSEQ', async (t) => {
  const store = new MemoryStore();
  await journalOf(store, 3);
  const full = (await store.load())?.full;
  await store.commit({ fsid: 'other', epoch: 4, increment: undefined, full, trimTo: 0 });
  await t.throwsAsync(new MapJournal(store, keepEpochs).load(), { code: 'EILSEQ' });
});

test("updateFrom: increments → lead from the peer's map to the newest", async (t) => {
  const store = new MemoryStore();
  const old = (await journalOf(store, 90)).map;
  const journal = await journalOf(new MemoryStore(), 95);
  const update = journal.updateFrom(90);
  const map = (update?.increments ?? []).reduce((before, bytes) => applyIncrement(before, decodeIncrement(bytes)), old);
  t.deepEqual(map, journal.map);
});
