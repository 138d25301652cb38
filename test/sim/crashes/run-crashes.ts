/**
 * `npm run sim:crashes`: an MDS dies at every point of every story, alone and with one that follows; then twice, the second time at every point of what
 * comes after the first. `--only WORDS` for the stories whose name has them, `--step N` for every Nth point.
 * @module
 */
import { parseArgs } from 'node:util';
import { dieEverywhere, type Everywhere } from './die-everywhere.ts';
import { crashStories } from './stories.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, step: { type: 'string', default: '1' } } });
const step = Number(values.step);
/** What comes after a death takes no more messages until all is as before. */
const recoveryMessages = 60;

let failed = 0;
for (const story of crashStories.filter(({ name }) => name.includes(values.only)))
  for (const follow of [false, true]) {
    const startedMs = performance.now();
    const all: Everywhere[] = [{ follow, step }];
    for (const first of [3, 20, 41, 90]) all.push({ follow, step, before: [first], last: recoveryMessages });
    let points = 0;
    try {
      for (const each of all) points += await dieEverywhere(story, each);
      console.log(
        `ok ${story.name}${follow ? ', followed' : ''}: ${points} deaths in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
      );
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${error instanceof Error ? error.message : String(error)}`);
    }
  }
process.exitCode = failed === 0 ? 0 : 1;
