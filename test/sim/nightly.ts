/**
 * `npm run nightly`: what takes too long for `npm test`. New seeds of both simulations, an MDS that dies at every point of a few stories, then the mutants; in the end it says what it
 * ran, how long that took and what failed. The exit code is 0 only when all of it ran and nothing failed.
 *
 * `--seeds N` of each simulation (1000); `--minutes M` for all together: the simulations go on with new seeds for three quarters of that,
 * and mutants take turns, by day, in the rest. `--from N` sets the first seed. Ctrl-C ends it, with the summary of what there was.
 * @module
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dieInAllStories } from './crashes/die-everywhere.ts';
import { mutants } from './mutants/list.ts';
import { tryMutant } from './mutants/try-mutant.ts';
import { type FailedSeed, runSeeds } from './seed-output.ts';

interface Part {
  readonly name: string;
  /** What came of it. */
  readonly result: string;
  readonly seconds: number;
  /** What to type to see it again, and why. */
  readonly failures: readonly string[];
}

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, minutes: { type: 'string' }, from: { type: 'string' } },
});
const root = join(import.meta.dirname, '../..');
const minutes = values.minutes === undefined ? undefined : numberOf('minutes', values.minutes);
const seeds = values.seeds === undefined ? (minutes === undefined ? 1_000 : undefined) : numberOf('seeds', values.seeds);
// Other seeds every night, and another mutant first: the day since 1970.
const day = Math.floor(performance.timeOrigin / 86_400_000);
const from = values.from === undefined ? day * 10_000 : numberOf('from', values.from);
/** The bound within which a mutant must be noticed. */
const mutantSeedsMax = 200;
/** Of the minutes, what each simulation takes. */
const share = { osds: 0.4, filesystem: 0.25, ranks: 0.1 };

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

const startedMs = performance.now();
const parts: Part[] = [];
parts.push(await simulate('objects on OSDs', ['--osds'], share.osds));
parts.push(await simulate('filesystem', [], share.filesystem));
parts.push(await simulate('filesystem, two MDS ranks', ['--ranks', '2'], share.ranks));
parts.push(await dieEverywhere());
parts.push(...(await tryMutants()));
summarize();

async function simulate(name: string, args: readonly string[], part: number): Promise<Part> {
  const bounds = [
    ...(seeds === undefined ? [] : ['--count', String(seeds)]),
    ...(minutes === undefined ? [] : ['--minutes', (minutes * part).toFixed(2)]),
  ];
  const all = [...args, '--from', String(from), ...bounds];
  console.log(`--- npm run sim -- ${all.join(' ')}`);
  const beganMs = performance.now();
  const run = await runSeeds({ home: root, args: all, onOutput: (chunk) => process.stdout.write(chunk), signal: stop.signal });
  const { passed, failed, undecided, exitCode } = run;
  const failures = failed.map(({ seed, what }: FailedSeed) => `npm run sim -- ${[...args, '--seed', seed].join(' ')}: ${what}`);
  const wanted = minutes === undefined ? seeds : undefined;
  const isWhole = passed + failed.length >= (wanted ?? 1) && exitCode === (failed.length === 0 ? 0 : 1);
  if (!isWhole) failures.push(`ended before it was through, with exit code ${exitCode ?? 'none'}`);
  const result = `${passed + failed.length} seeds from ${from} on, ${failed.length} failed${undecided > 0 ? `, ${undecided} with histories undecided` : ''}`;
  return { name, result, seconds: secondsSince(beganMs), failures };
}

/** An MDS dies at every point of a few stories; at every so many of them when there is little time. */
async function dieEverywhere(): Promise<Part> {
  const step = minutes === undefined ? 1 : 7;
  console.log(`--- npm run sim:crashes -- --step ${step}`);
  const beganMs = performance.now();
  const { deaths, failures } = await dieInAllStories({ step, onLine: (line) => console.log(line), signal: stop.signal });
  return {
    name: 'deaths of an MDS, everywhere',
    result: `${deaths} deaths, ${failures.length} stories failed`,
    seconds: secondsSince(beganMs),
    failures,
  };
}

async function tryMutants(): Promise<Part[]> {
  const first = minutes === undefined ? 0 : day % mutants.length;
  const found: Part[] = [];
  for (let n = 0; n < mutants.length && !stop.signal.aborted; n++) {
    // One has its turn however long the seeds took.
    if (n > 0 && minutes !== undefined && secondsSince(startedMs) > minutes * 60) break;
    const mutant = mutants[(first + n) % mutants.length] as (typeof mutants)[number];
    console.log(`--- npm run sim:mutants -- --only ${mutant.name}`);
    const beganMs = performance.now();
    const name = `mutant ${mutant.name}`;
    try {
      const { noticed, what } = await tryMutant(mutant, mutantSeedsMax, stop.signal);
      const result = `${noticed ? 'noticed' : 'NOT NOTICED'} ${what}`;
      console.log(result);
      found.push({ name, result, seconds: secondsSince(beganMs), failures: noticed ? [] : [result] });
    } catch (error) {
      found.push({
        name,
        result: 'not tried',
        seconds: secondsSince(beganMs),
        failures: [error instanceof Error ? error.message : String(error)],
      });
    }
  }
  const left = mutants.length - found.length;
  // Without --minutes all of them belong to it.
  if (left > 0)
    found.push({
      name: 'mutants',
      result: `${left} of ${mutants.length} had no turn`,
      seconds: 0,
      failures: minutes === undefined ? ['ended before it was through'] : [],
    });
  return found;
}

function summarize(): void {
  const failures = parts.flatMap((part) => part.failures.map((failure) => `${part.name}: ${failure}`));
  console.log(`\n=== ${(secondsSince(startedMs) / 60).toFixed(1)} minutes`);
  for (const { name, result, seconds } of parts) console.log(`${name.padEnd(32)} ${seconds.toFixed(0).padStart(6)} s  ${result}`);
  if (stop.signal.aborted) failures.push('it was stopped');
  for (const failure of failures) console.log(`FAILED ${failure}`);
  console.log(failures.length === 0 ? 'nothing failed' : `${failures.length} failures`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function secondsSince(ms: number): number {
  return (performance.now() - ms) / 1_000;
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || (option !== 'minutes' && !Number.isSafeInteger(value)))
    throw new Error(`--${option} ${text}: a number above 0 is wanted`);
  return value;
}
