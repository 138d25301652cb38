/**
 * The stories with a death of the MDS at every point, one after the other, also a second one as the next life reads the journal, waits for clients and
 * takes what they send again.
 * @module
 */
import { tellWithDeaths, type CrashStory, type Deaths } from './crash-points.ts';
import { crashStories } from './stories.ts';

interface Everywhere {
  readonly follow: boolean;
  /** Messages up to deaths that come before the one that is everywhere. */
  readonly before?: readonly number[];
  /** The first point, from 1, and how many points further the next one is. */
  readonly first?: number;
  readonly step?: number;
  /** The last point. Default: as long as the story comes so far. */
  readonly last?: number;
}

export interface AllStories {
  /** Only the stories whose name has this. */
  readonly only?: string;
  /** Every so many points. */
  readonly step: number;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** After so many messages life is as before the death. */
const recoveryMessages = 60;
/** Where the first of two deaths is. */
const firstDeaths = [3, 20, 41, 90];

/** All stories, with one death and with two. Returns how many there were, and how the stories failed that did. */
export async function dieInAllStories({ only = '', step, onLine, signal }: AllStories): Promise<{ deaths: number; failures: string[] }> {
  let deaths = 0;
  const failures: string[] = [];
  for (const story of crashStories.filter(({ name }) => name.includes(only)))
    for (const follow of [false, true]) {
      const startedMs = performance.now();
      const how = `${story.name}${follow ? ', one follows' : ''}`;
      let points = 0;
      try {
        for (const before of [[], ...firstDeaths.map((first) => [first])]) {
          if (signal?.aborted === true) return { deaths, failures: [...failures, 'it was stopped'] };
          points += await dieEverywhere(story, { follow, step, before, ...(before.length === 0 ? {} : { last: recoveryMessages }) });
        }
        onLine(`ok ${how}: ${points} deaths in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        failures.push(what.split('\n')[0] ?? '');
        onLine(`FAILED ${what}`);
      }
      deaths += points;
    }
  return { deaths, failures };
}

/** Rejects when the story does not end as it should, with the deaths that it takes; returns how many points there were. */
export async function dieEverywhere(story: CrashStory, options: Everywhere): Promise<number> {
  const { follow, before = [], first = 1, step = 1, last = Infinity } = options;
  let points = 0;
  for (let at = first; at <= last; at += step) {
    const deaths = { after: [...before, at], follow };
    let died: number;
    try {
      died = await tellWithDeaths(story, deaths);
    } catch (error) {
      throw new Error(`${described(story, deaths)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
        cause: error,
      });
    }
    if (died < deaths.after.length) break;
    points += 1;
  }
  return points;
}

function described({ name }: CrashStory, { after, follow }: Deaths): string {
  const how = follow ? 'with one that follows' : 'which starts again';
  return `${name}, the MDS (${how}) dies after ${after.join(' messages, then ')} messages`;
}
