/**
 * Compares the copies of one object: which differ, in what, and which of them is the right one.
 *
 * The right one is readable (its checksums match), has the version of the log's newest write of the object where
 * the log still says, and among those is what most members have. An object that more than half of all members lack
 * should not be there; otherwise it should: nothing is removed on a doubt.
 * Two readable copies of one version that differ, with as many on either side, are left for people to decide.
 * @module
 */
import type { OsdId } from '../../common/maps/ids.ts';
import type { ScrubObject } from '../../common/wire/gen/messages.ts';
import type { Version } from '../client/object-client.ts';
import { compareVersions, sameVersion, zeroVersion } from './version.ts';

export type Difference = 'missing' | 'extra' | 'unreadable' | 'version' | 'size' | 'mtime' | 'data' | 'xattr' | 'omap' | 'log';

/** A member's copy as it reported it; undefined: it has none. */
export interface Copy {
  readonly osd: OsdId;
  readonly object: ScrubObject | undefined;
}

/** A copy that is not as it should be. */
export interface Finding {
  /** Empty: the PG itself. */
  readonly object: string;
  readonly osd: OsdId;
  readonly what: readonly Difference[];
  /** Members whose copy is the right one; none: it cannot be told which is. */
  readonly good: readonly OsdId[];
  /** What its OSD said; may be empty. */
  readonly detail: string;
}

/** What the primary's log says of the newest write of an object. */
export type NewestWrite =
  | { readonly kind: 'write'; readonly version: Version }
  | { readonly kind: 'delete' }
  /** Nothing any more: it has a lower counter than this, where the log begins. */
  | { readonly kind: 'before'; readonly counter: number };

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly good: readonly OsdId[];
  /** Of the good copies; undefined: the object should not be there. */
  readonly version: Version | undefined;
}

/** Whether all copies were read whole and are the same. */
export function copiesAgree(copies: readonly Copy[]): boolean {
  const [first] = copies;
  return copies.every((copy) => isWhole(copy) && sameCopy(copy.object, first?.object));
}

/** Judges copies that did not change while they were read. */
export function judgeCopies(name: string, copies: readonly Copy[], newest: NewestWrite): Verdict {
  const groups = groupsOf(copies.filter(isWhole));
  const right = rightGroup(groups, newest, copies.length);
  const good = right?.map(({ osd }) => osd) ?? [];
  const model = (right ?? groups[0])?.[0]?.object;
  const findings: Finding[] = [];
  for (const copy of copies) {
    if (good.includes(copy.osd)) continue;
    const what = isWhole(copy) ? differences(copy, right, model, groups) : (['unreadable'] as const);
    findings.push({ object: name, osd: copy.osd, what, good, detail: copy.object?.damage ?? '' });
  }
  return { findings, good, version: right === undefined ? undefined : (right[0]?.object?.version ?? undefined) };
}

/** For people and logs: `osd.2: data differs; good on osd.0, osd.1`. */
export function describeFinding({ osd, what, good, detail }: Omit<Finding, 'object'>): string {
  const wrong = what.map((word) => words[word]).join(', ');
  const where = good.length === 0 ? 'it cannot be told which copy is right' : `good on ${good.map((id) => `osd.${id}`).join(', ')}`;
  return `osd.${osd}: ${wrong}${detail === '' ? '' : ` (${detail})`}; ${where}`;
}

const words: Readonly<Record<Difference, string>> = {
  missing: 'the object is missing',
  extra: 'the object should not be there',
  unreadable: 'cannot be read',
  version: 'has another version',
  size: 'has another size',
  mtime: 'has another time of change',
  data: 'data differs',
  xattr: 'xattrs differ',
  omap: 'omap differs',
  log: 'its log lacks an acknowledged write',
};

function isWhole({ object }: Copy): boolean {
  return object === undefined || (object.damage === '' && !object.changed);
}

/** Copies that are the same, together; larger groups first, then those that have the object, then newer ones. */
function groupsOf(copies: readonly Copy[]): Copy[][] {
  const groups: Copy[][] = [];
  for (const copy of copies) {
    const group = groups.find(([first]) => sameCopy(first?.object, copy.object));
    if (group === undefined) groups.push([copy]);
    else group.push(copy);
  }
  return groups.sort((a, b) => b.length - a.length || rank(b) - rank(a) || compareVersions(versionOf(b), versionOf(a)));
}

function rank([first]: readonly Copy[]): number {
  return first?.object === undefined ? 0 : 1;
}

function versionOf([first]: readonly Copy[]): Version {
  return first?.object?.version ?? zeroVersion;
}

function rightGroup(groups: readonly Copy[][], newest: NewestWrite, members: number): Copy[] | undefined {
  const [first, second] = groups.filter((group) => fits(group, newest, members));
  if (first === undefined || second === undefined || first.length > second.length) return first;
  if (rank(first) !== rank(second) || !sameVersion(versionOf(first), versionOf(second))) return first;
  return undefined;
}

function fits(group: readonly Copy[], newest: NewestWrite, members: number): boolean {
  switch (newest.kind) {
    case 'write':
      return rank(group) === 1 && sameVersion(versionOf(group), newest.version);
    case 'delete':
      return rank(group) === 0;
    case 'before':
      // Those whose copy cannot be read have one, too.
      return rank(group) === 0 ? group.length * 2 > members : versionOf(group).counter < newest.counter;
  }
}

/** What a readable copy has otherwise than `model`; where no copy is known to be right, what any others have otherwise. */
function differences(
  copy: Copy,
  right: readonly Copy[] | undefined,
  model: ScrubObject | undefined,
  groups: readonly Copy[][],
): readonly Difference[] {
  if (right !== undefined) return differencesBetween(copy.object, model);
  if (copy.object === undefined) return ['missing'];
  const found = new Set<Difference>();
  for (const [other] of groups) {
    if (other?.object === undefined) continue;
    for (const difference of differencesBetween(copy.object, other.object)) found.add(difference);
  }
  // All that can be read are the same, and none is what the log says.
  return found.size === 0 ? ['version'] : [...found];
}

function differencesBetween(copy: ScrubObject | undefined, model: ScrubObject | undefined): readonly Difference[] {
  if (copy === undefined) return ['missing'];
  if (model === undefined) return ['extra'];
  const found: Difference[] = [];
  if (!sameVersion(copy.version ?? zeroVersion, model.version ?? zeroVersion)) found.push('version');
  if (copy.size !== model.size) found.push('size');
  if (copy.mtimeMs !== model.mtimeMs) found.push('mtime');
  if (copy.dataDigest !== model.dataDigest) found.push('data');
  if (copy.xattrDigest !== model.xattrDigest) found.push('xattr');
  if (copy.omapDigest !== model.omapDigest || copy.omapEntries !== model.omapEntries) found.push('omap');
  return found;
}

function sameCopy(a: ScrubObject | undefined, b: ScrubObject | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return differencesBetween(a, b).length === 0;
}
