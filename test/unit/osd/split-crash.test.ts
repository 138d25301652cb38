import test from 'ava';
import { poolId, type PgId } from '../../../common/maps/ids.ts';
import { decodeLogEntry, encodeLogEntry, type LogEntry } from '../../../osd/core/log-entry.ts';
import { Pg, freshInfo } from '../../../osd/core/pg.ts';
import { belongsTo } from '../../../osd/core/split-pg.ts';
import { loadPgs } from '../../../osd/load-pgs.ts';
import { infoMutation, keptKey, logKey } from '../../../osd/ops/transaction.ts';
import { splitCopy } from '../../../osd/split-pgs.ts';
import { MemoryStore } from '../../../osd/store/memory.ts';
import type { Mutation } from '../../../osd/store/object-store.ts';
import { nodeEnv } from '../../conformance/object-store/stores.ts';

const options = { logEntriesMax: 10_000, budget: { bytes: 0 } };
const pool = poolId(1);
const pgNum = 4;

/** Large answers, so that the log goes over in pieces. */
const entryOf = (counter: number): LogEntry => ({
  version: { interval: 2, counter },
  kind: 'modify',
  object: `o${counter % 50}`,
  instance: 9,
  tid: counter,
  mtimeMs: 0,
  outcome: Buffer.alloc(20_000, counter),
});

/** A store that notes what it is given. */
class NotingStore extends MemoryStore {
  readonly given: (readonly Mutation[])[] = [];

  override commit(transaction: readonly Mutation[]): Promise<void> {
    this.given.push(transaction);
    return super.commit(transaction);
  }
}

async function opened(transactions: readonly (readonly Mutation[])[]): Promise<NotingStore> {
  const store = new NotingStore(nodeEnv());
  await store.start();
  for (const transaction of transactions) await store.commit(transaction);
  store.given.length = 0;
  return store;
}

/** PG 1.0, one of 1, as it is stored. */
function unsplit(): { readonly pg: Pg; readonly transactions: Mutation[][] } {
  const pg = new Pg(pool, 0, { ...freshInfo, pgNum: 1, interval: 2, completeTo: { interval: 2, counter: 100 } }, options);
  const transactions: Mutation[][] = [[infoMutation(pg.id, pg.info)]];
  for (let counter = 1; counter <= 100; counter++) {
    const entry = entryOf(counter);
    const isKept = counter <= 30;
    if (isKept) pg.log.keep(entry);
    else pg.log.add(entry);
    const key = isKept ? keptKey(entry.version) : logKey(entry.version);
    transactions.push([
      { kind: 'touch', pg: pg.id, object: entry.object },
      { kind: 'set-meta', pg: pg.id, key, value: encodeLogEntry(entry) },
    ]);
  }
  return { pg, transactions };
}

/** What each PG has, by its name. */
function contents(store: MemoryStore, pgs: readonly Pg[]): unknown {
  const described = pgs.map(({ id, info, log }) => ({
    id,
    info,
    log: [...log.after(-1)].map(({ version }) => version.counter),
    kept: log.kept.map(({ version }) => version.counter),
    objects: store.objects(id, '', 1000).map(({ name }) => name),
    stored: store.metaRange(id, 'k', 'm').map(({ key, value }) => [key, decodeLogEntry(value).object]),
  }));
  return described.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Opens what is there and splits what has to be; resolves when nothing of it is under way. */
async function finished(store: MemoryStore): Promise<Pg[]> {
  const pgs = await loadPgs(store, options);
  const ctx = { store, env: nodeEnv(), fatal: (what: string, error: unknown) => Promise.reject(new Error(what, { cause: error })) };
  const parts = pgs.flatMap((pg) => (pg.info.pgNum < pgNum ? [pg, ...splitCopy(ctx as never, pg, pgNum, options)] : [pg]));
  for (;;) {
    const strange = parts.some(({ id, seq }) =>
      store.metaRange(id, 'k', 'm').some(({ value }) => !belongsTo(decodeLogEntry(value).object, seq, pgNum)),
    );
    if (!strange) return parts;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('split: the process dies after any of its transactions → the next start ends up where it would have', async (t) => {
  const { transactions } = unsplit();
  const whole = await opened(transactions);
  const parts = await finished(whole);
  const expected = contents(whole, parts);
  t.is(parts.length, pgNum);
  const split = [...whole.given];
  t.true(split.length >= 6, `${split.length} transactions`);
  const seen = new Set<number>();
  for (let count = 0; count <= split.length; count++) {
    const store = await opened([...transactions, ...split.slice(0, count)]);
    seen.add(store.collections().length);
    t.deepEqual(contents(store, await finished(store)), expected, `after ${count} of ${split.length}`);
    await store.stop();
  }
  t.deepEqual([...seen].sort(), [1, pgNum]);
  await whole.stop();
});

test('load: a PG whose info says nothing of splits → is one of however many there are; a strange format → EILSEQ', async (t) => {
  const { pg } = unsplit();
  const old = { format: 1, interval: 2, completeTo: pg.info.completeTo, activated: pg.info.activated, condition: 'whole', trimmed: true };
  const info = (value: object): Mutation => ({
    kind: 'set-meta',
    pg: '1.0' as PgId,
    key: 'info',
    value: Buffer.from(JSON.stringify(value)),
  });
  const [loaded] = await loadPgs(await opened([[info(old)]]), options);
  t.like(loaded?.info, { pgNum: 0, past: [], trimmed: true });
  for (const wrong of [
    { ...old, format: 3 },
    { ...old, format: 2, past: 1 },
    { ...old, format: 2, pgNum: 1.5 },
  ])
    await t.throwsAsync(loadPgs(await opened([[info(wrong)]]), options), { code: 'EILSEQ' });
});
