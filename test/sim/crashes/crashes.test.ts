import test from 'ava';
import { dieEverywhere } from './die-everywhere.ts';
import { crashStories } from './stories.ts';

/** `npm run sim:crashes` takes every point: here are a few of each story, others for each way. */
const step = 89;

for (const [n, story] of crashStories.entries())
  for (const follow of [false, true])
    test.serial(
      `the MDS dies in the midst of ${story.name}, ${follow ? 'one follows' : 'it starts again'} → all ends as if nothing had been`,
      async (t) => {
        const first = 3 + 4 * n + (follow ? 7 : 0);
        t.true((await dieEverywhere(story, { follow, first, step, last: 2 * step })) > 0);
        t.is(await dieEverywhere(story, { follow, before: [first], first: 9 + 3 * n, last: 9 + 3 * n }), 1);
      },
    );
