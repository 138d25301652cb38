/**
 * A process that for a while does all kinds of things to a few names in a directory, as others do from elsewhere:
 * `node --import=./test/sources.mjs test/support/file-churn.ts DIR SEED MS`. Says when it is ready, and begins when it is
 * written to; prints how many in the end. What others did first is no error.
 * @module
 */
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';

const [directory = '', seed = '1', forMs = '1000'] = process.argv.slice(2);
let state = Number(seed);
/** Below `limit`, from the seed (a linear congruential generator). */
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};
const path = (): string => join(directory, `file-${String(below(6))}`);

const operations: readonly (() => unknown)[] = [
  () => fs.writeFileSync(path(), Buffer.alloc(1 + below(200_000), 'x')),
  () => fs.appendFileSync(path(), 'y'.repeat(100)),
  () => fs.unlinkSync(path()),
  () => fs.renameSync(path(), path()),
  () => fs.readFileSync(path()),
  () => fs.readdirSync(directory),
  () => fs.truncateSync(path(), below(5000)),
  () => fs.mkdirSync(`${path()}-directory`),
  () => fs.rmdirSync(`${path()}-directory`),
  () => fs.chmodSync(path(), 0o600 + below(8)),
];
const expected = new Set(['ENOENT', 'EEXIST']);

let done = 0;
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
for (const untilMs = Date.now() + Number(forMs); Date.now() < untilMs; done += 1) {
  try {
    operations[below(operations.length)]?.();
  } catch (error) {
    if (!expected.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
console.log(done);
