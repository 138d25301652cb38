/**
 * The stories with a death of the MDS at every point, one after the other, also a second one as the next life reads the journal, waits for clients and
 * takes what they send again.
 * @module
 */
import { tellWithDeaths, type CrashStory, type Deaths } from './crash-points.ts';

export interface Everywhere {
  readonly follow: boolean;
  /** Messages up to deaths that come before the one that is everywhere. */
  readonly before?: readonly number[];
  /** The first point, from 1, and how many points further the next one is. */
  readonly first?: number;
  readonly step?: number;
  /** The last point. Default: as long as the story comes so far. */
  readonly last?: number;
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
