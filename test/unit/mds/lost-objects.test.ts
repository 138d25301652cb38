import test from 'ava';
import { metadataPool, RankFixture } from '../../support/mds-rank.ts';

const config = { writeBackIntervalMs: 10, writeBackMs: 20, journalDelayMs: 0, fragmentSplitNames: 4 };

/** A filesystem whose journal has been trimmed, and whose last changes are in the journal only. */
async function used(): Promise<RankFixture> {
  const fixture = await new RankFixture({ config }).start();
  const client = await fixture.connect(50);
  for (let i = 0; i < 20; i++) await client.create(1, `f${i}`);
  await client.flush();
  await fixture.until(fixture.world.sleep(1_000));
  await client.create(1, 'last');
  await client.flush();
  await fixture.until(fixture.world.sleep(200));
  return fixture;
}

const lost: Readonly<Record<string, { readonly object: RegExp; readonly says: RegExp }>> = {
  'the journal’s head': { object: /^journal\.head$/, says: /journal\.head is missing, and the metadata pool is not empty/ },
  'the only segment of the journal': { object: /^journal\.0/, says: /journal segment \d+ is missing: it was there once/ },
  'the table of sessions': { object: /^sessions$/, says: /object sessions of the metadata pool is missing/ },
  'the table of values': { object: /^values$/, says: /object values of the metadata pool is missing/ },
};

for (const [what, { object, says }] of Object.entries(lost)) {
  test(`lost: ${what} → EILSEQ that says so, nothing is written`, async (t) => {
    const { store, world } = await used();
    const names = store.names(metadataPool).filter((name) => object.test(name));
    t.is(names.length, 1, names.join());
    const broken = store.clone();
    for (const name of names) broken.objects.delete(`${metadataPool}/${name}`);
    const next = new RankFixture({ world, store: broken, config });
    await t.throwsAsync(() => next.until(next.rank.start()), { code: 'EILSEQ', message: says });
    t.is(next.store.changes, 0);
  });
}

test('lost: the head of a journal of which nothing else is there yet → the filesystem is made', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  fixture.store.objects.delete(`${metadataPool}/journal.head`);
  const next = await new RankFixture({ world: fixture.world, store: fixture.store.clone(), config }).start();
  t.is(next.rank.state, 'active');
});

test('lost: an object of any other kind → the MDS serves, and a scrub says what is missing', async (t) => {
  const { store, world } = await used();
  // What is in the journal too is not lost.
  const holdsSomething = (name: string): boolean =>
    [...(store.object(metadataPool, name)?.omap.keys() ?? [])].some((key) => key !== 'last');
  const names = store.names(metadataPool).filter((name) => !/^(journal|sessions|values|damage|2\.)/.test(name) && holdsSomething(name));
  t.true(names.length > 5);
  world.logs.expectError(/metadata is damaged|cannot be/);
  for (const name of names) {
    const broken = store.clone();
    broken.objects.delete(`${metadataPool}/${name}`);
    const fixture = await new RankFixture({ world, store: broken, config: { ...config, writeBackIntervalMs: 50_000 } }).start();
    const client = await fixture.connect(51);
    await t.notThrowsAsync(client.request('getAttr', { ino: 1 }), name);
    fixture.rank.scrub.order({ id: 1, action: 'start', path: '/', repair: false, ranks: 1 });
    while ((fixture.rank.scrub.status?.endedMs ?? 0) === 0) await fixture.until(fixture.world.sleep(20));
    t.true((fixture.rank.scrub.status?.errors ?? 0) > 0, `${name}: ${JSON.stringify(fixture.rank.scrub.status)}`);
  }
});
