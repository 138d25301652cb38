/**
 * Versions: positions in a PG's log, ordered by interval, then counter.
 * @module
 */
import type { Version } from '../client/object-client.ts';

export const zeroVersion: Version = { interval: 0, counter: 0 };

/** Negative, zero or positive as `a` is before, equal to or after `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a.interval - b.interval || a.counter - b.counter;
}

export function sameVersion(a: Version, b: Version): boolean {
  return a.counter === b.counter && a.interval === b.interval;
}

/** For logs: `12'345`. */
export function versionText(version: Version): string {
  return `${version.interval}'${version.counter}`;
}
