/**
 * `npm run sim:crashes`: an MDS dies at every point of every story, alone and with one that follows; then twice, the second time at every point of what
 * comes after the first. `--only WORDS` for the stories whose name has them, `--step N` for every Nth point.
 * @module
 */
import { parseArgs } from 'node:util';
import { dieInAllStories } from './die-everywhere.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, step: { type: 'string', default: '1' } } });
const { failures } = await dieInAllStories({ only: values.only, step: Number(values.step), onLine: (line) => console.log(line) });
process.exitCode = failures.length === 0 ? 0 : 1;
