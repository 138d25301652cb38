/**
 * `npm run sim -- --seed N` replays one seed, with its log; `npm run sim` goes on with new ones until it is
 * stopped or one fails. Options: `--verbose` (debug lines too), `--calm` (no faults), `--paranoid` (compares all after
 * every call), `--ranks N` (MDS ranks, between which directories go), `--harm MS`, `--from N`, `--count N`, `--minutes M` (no new one after that), `--until-failure`. With `--osds` it is objects on OSDs alone, without a filesystem;
 * `--short` then makes the run one of `npm test`.
 * @module
 */
import { parseArgs } from 'node:util';
import { formatLine, type SimLine } from '../../common/runtime/sim/log.ts';
import { runOsdSeed } from './osds/run-osds.ts';
import { runSeed, type FilesystemResult } from './run-seed.ts';
import { SeedFailure, type SeedResult } from './seed.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    verbose: { type: 'boolean' },
    osds: { type: 'boolean' },
    short: { type: 'boolean' },
    calm: { type: 'boolean' },
    paranoid: { type: 'boolean' },
    ranks: { type: 'string' },
    harm: { type: 'string' },
    from: { type: 'string' },
    count: { type: 'string' },
    minutes: { type: 'string' },
    'until-failure': { type: 'boolean' },
  },
});
const common = {
  ...(values.calm === true ? { calm: true } : {}),
  ...(values.paranoid === true ? { paranoid: true } : {}),
  ...(values.ranks === undefined ? {} : { ranks: Number(values.ranks) }),
  ...(values.harm === undefined ? {} : { harmMs: Number(values.harm) }),
};

async function one(seed: number, onLine?: (line: SimLine) => void): Promise<boolean> {
  const started = performance.now();
  try {
    const watched = onLine === undefined ? {} : { onLine };
    const result: SeedResult & Partial<FilesystemResult> =
      values.osds === true
        ? await runOsdSeed({ seed, short: values.short === true, calm: values.calm === true, ...watched })
        : await runSeed({ seed, ...common, ...watched });
    const { traceHash, steps, virtualMs, calls, faults } = result;
    const open = result.undecided ?? 0;
    const undecided = open > 0 ? `, ${open} histories undecided` : '';
    const { ranksStopped = 0, stoppingKilled = 0 } = result;
    const stops = ranksStopped > 0 ? `, ${ranksStopped} ranks stopped (${stoppingKilled} deaths as they did)` : '';
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `seed ${seed}: ok, ${calls} calls, ${faults} faults, ${(virtualMs / 1000).toFixed(0)} virtual s in ${seconds} s, ${steps} steps${undecided}${stops}, trace ${traceHash}`,
    );
    return true;
  } catch (error) {
    console.error(error instanceof SeedFailure ? error.message : error);
    return false;
  }
}

if (values.seed !== undefined) {
  const print = (line: SimLine): void => {
    if (values.verbose === true || line.level !== 'debug') console.log(formatLine(line));
  };
  process.exitCode = (await one(Number(values.seed), print)) ? 0 : 1;
} else {
  const from = values.from === undefined ? Math.floor(performance.timeOrigin) : Number(values.from);
  const count = values.count === undefined ? Infinity : Number(values.count);
  const endMs = values.minutes === undefined ? Infinity : performance.now() + Number(values.minutes) * 60_000;
  let failed = 0;
  for (let seed = from; seed < from + count && performance.now() < endMs; seed += 1) {
    if (await one(seed)) continue;
    failed += 1;
    if ((count === Infinity && endMs === Infinity) || values['until-failure'] === true) break;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
