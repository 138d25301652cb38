import test from 'ava';
import type { FsScrubStatus } from '../../../common/wire/gen/messages.ts';
import { recordOf, RankFixture, type RankClient } from '../../support/mds-rank.ts';

const config = { writeBackIntervalMs: 10, writeBackMs: 20, journalDelayMs: 0, recursiveDelayMs: 20 };

/** `/d` with files, subdirectories, and a file of three names; all written back. */
async function tree(fixture: RankFixture): Promise<RankClient> {
  const client = await fixture.connect(50);
  const d = recordOf(await client.mkdir(1, 'd')).ino;
  const sub = recordOf(await client.mkdir(d, 'sub')).ino;
  for (let i = 0; i < 20; i++) await client.create(i % 3 === 0 ? sub : d, `f${i}`);
  const { ino } = recordOf(await client.create(d, 'linked'));
  await client.request('link', { ino, parent: d, name: Buffer.from('second') });
  await client.request('link', { ino, parent: sub, name: Buffer.from('third') });
  await client.flush();
  return client;
}

let orders = 0;

async function scrub(fixture: RankFixture, options: { readonly path?: string; readonly repair?: boolean } = {}): Promise<FsScrubStatus> {
  const id = ++orders;
  fixture.rank.scrub.order({ id, action: 'start', path: options.path ?? '/', repair: options.repair ?? false });
  for (;;) {
    const { status } = fixture.rank.scrub;
    if (status?.order === id && status.endedMs > 0) return status;
    await fixture.until(fixture.world.sleep(10));
  }
}

test('scrub: a whole tree, in memory and after a restart → everything was looked at, nothing is wrong', async (t) => {
  const fixture = await new RankFixture({ config }).start();
  await tree(fixture);
  const first = await scrub(fixture);
  t.deepEqual(first.findings, []);
  t.is(first.state, 'done');
  t.is(first.errors, 0);
  t.deepEqual([first.directories, first.names, first.linked], [3, 1 + 1 + 20 + 3, 1]);
  await fixture.until(fixture.rank.stop(true));
  const second = await new RankFixture({ world: fixture.world, store: fixture.store, config: { ...config, cacheEntriesMax: 16 } }).start();
  const again = await scrub(second);
  t.deepEqual(again.findings, []);
  t.deepEqual([again.directories, again.names, again.linked], [3, 1 + 1 + 20 + 3, 1]);
});
