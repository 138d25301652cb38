/** How tests are run: `npm test` runs all of them, `npx ava FILE` some. */
import { availableParallelism } from 'node:os';

/** Files that take long come first, so that none is left alone at the end: by folder. */
const folders = ['style', 'system', 'sim', 'scenario', 'conformance', 'unit'];
const rank = (file) => folders.findIndex((folder) => file.includes(`/test/${folder}/`));

export default {
  files: ['test/{unit,conformance,scenario,sim,system,style}/**/*.test.ts'],
  extensions: { ts: 'module' },
  // V8 compiles for speed what has run for a while: seven times as late as it does by itself, with which it more often guesses right the
  // first time. Of the time that a test file of some seconds takes, a fifth was compiling.
  nodeArguments: ['--import=./test/sources.mjs', '--interrupt-budget=500000'],
  workerThreads: false,
  // One file more at a time than there are processors: real clusters wait about half of their time, for leases and for each other.
  concurrency: availableParallelism() + 1,
  sortTestFiles: (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  timeout: '2m',
};
