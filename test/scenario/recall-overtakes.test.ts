import test from 'ava';
import { tell } from '../support/tell.ts';

const seeds = 16;
const doubtedMin = 3;

test('recall: asked for as the MDS is back, while the size of a write waits for what is sent again → that size is told before the answer (seed 8403003)', async (t) => {
  // Where the file is held alone as the MDS dies it is in no doubt afterwards.
  let doubted = 0;
  for (let seed = 1; seed <= seeds; seed++)
    await tell(
      seed,
      async (cluster) => {
        cluster.world.logs.expectError(/evicted before this was written|data not written/);
        const [a, b] = [await cluster.connect('a'), await cluster.connect('b')];
        await cluster.connect('dies');
        const file = await a.paths.open('/f', 'w');
        const beside = await b.paths.open('/f', 'r+');
        await file.write('x'.repeat(1_000));
        await file.write('y'.repeat(1_000), 1_000);
        await cluster.world.sleep(1_000);
        for (let n = 0; n < 20; n++) await a.paths.mkdir(`/unsafe${n}`);
        cluster.crash('mds.a');
        cluster.crashClient('dies');
        const writing = file.write('z'.repeat(1_000), 2_000);
        const comesBack = cluster.connect('dies');
        await cluster.world.sleep(200);
        await cluster.boot('mds.a');
        await Promise.all([writing, comesBack]);
        await cluster.world.sleep(2_000);
        const seen = (await b.paths.readFile('/f')).toString();
        t.true(seen === 'x'.repeat(1_000) + 'y'.repeat(1_000) + 'z'.repeat(1_000), `seed ${seed}: ${seen.length} bytes`);
        if (cluster.world.logs.matching(/the size of a dead client's file is known again/).length > 0) doubted++;
        await beside.close();
      },
      { mdsConfig: { journalDelayMs: 1_000 } },
    );
  t.true(doubted >= doubtedMin, `${doubted} of ${seeds} seeds`);
});
