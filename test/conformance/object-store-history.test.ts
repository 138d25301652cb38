/**
 * What every object store promises through crashes, and random histories with crashes against a plain model.
 * `STORE_SEEDS=200` looks longer; a failure names its seed.
 * @module
 */
import type { ExecutionContext } from 'ava';
import type { Mutation, ObjectStore } from '../../osd/store/object-store.ts';
import { daemonKeys, dice, pgNumOf, randomTransaction } from './object-store/history.ts';
import { applyToModel, cloneModel, dumpModel, dumpStore, emptyModel, type Model } from './object-store/model.ts';
import { bytes, contents, filled, onEveryStore, pg, write } from './object-store/on-every-store.ts';
import type { StoreUnderTest } from './object-store/stores.ts';

onEveryStore('crash → every acknowledged transaction is there, none in part', async (t, s) => {
  const big = filled(200_000, 3);
  await s.store.commit([write(0, big), { kind: 'set-meta', pg, key: 'log', value: bytes('1') }]);
  void s.store.commit([write(0, filled(200_000, 4)), { kind: 'set-meta', pg, key: 'log', value: bytes('2') }]);
  await s.crash();
  const log = s.store.meta(pg, 'log')?.toString();
  t.true((await contents(s.store)).equals(log === '1' ? big : filled(200_000, 4)), `log ${log}`);
  await s.store.commit([write(100, bytes('again'))]);
  await s.crash();
  t.deepEqual(await contents(s.store, 100, 5), bytes('again'));
});

const seeds = Number(process.env['STORE_SEEDS'] ?? 5);
for (let seed = 1; seed <= seeds; seed++) {
  onEveryStore(`random history, seed ${seed} → equals the model, after restarts and crashes too`, async (t, s) => {
    await runHistory(t, s, seed);
  });
}

/**
 * Commits random transactions, some awaited, some not. After a crash the store must equal the model after
 * some prefix of them that has every acknowledged one.
 */
async function runHistory(t: ExecutionContext, s: StoreUnderTest, seed: number): Promise<void> {
  const roll = dice(seed);
  let model = emptyModel();
  for (let round = 0; round < 6; round++) {
    const base = cloneModel(model);
    const since: Mutation[][] = [];
    let acknowledged = 0;
    let last: Promise<void> = Promise.resolve();
    const count = roll(60);
    for (let i = 0; i < count; i++) {
      const transaction = randomTransaction(roll, pgNumOf(model.daemon.get('pgNum')));
      const length = since.push(transaction);
      applyToModel(model, transaction);
      last = s.store.commit(transaction).then(() => {
        t.is(acknowledged, length - 1, 'acknowledged in order');
        acknowledged = length;
      });
      if (roll(4) === 0) await last;
      if (roll(12) === 0) t.deepEqual(await dumpStore(s.store, daemonKeys), dumpModel(model), `seed ${seed}: live`);
    }
    const end = roll(3);
    if (end === 2) {
      await s.crash();
      model = await prefixFound(t, s.store, base, since, acknowledged);
    } else {
      if (end === 0) await s.restart();
      else await last;
      t.deepEqual(await dumpStore(s.store, daemonKeys), dumpModel(model), `seed ${seed}: round ${round}`);
    }
  }
}

/** The model that the store equals after a crash: `base` and the first `n >= atLeast` transactions. */
async function prefixFound(
  t: ExecutionContext,
  store: ObjectStore,
  base: Model,
  since: readonly Mutation[][],
  atLeast: number,
): Promise<Model> {
  const dump = await dumpStore(store, daemonKeys);
  const found = JSON.stringify(dump);
  const model = base;
  for (const transaction of since.slice(0, atLeast)) applyToModel(model, transaction);
  const acknowledgedOnly = dumpModel(model);
  for (const transaction of [...since.slice(atLeast), undefined]) {
    if (JSON.stringify(dumpModel(model)) === found) return model;
    if (transaction) applyToModel(model, transaction);
  }
  t.deepEqual(dump, acknowledgedOnly, `after the crash: no prefix with the ${atLeast} acknowledged of ${since.length} transactions`);
  return model;
}
