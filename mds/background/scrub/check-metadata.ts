/**
 * Objects of the metadata pool: each fragment belongs to a directory that there is and is divided like that.
 * @module
 */
import { fragmentObject } from '../../core/directory.ts';
import { isSame, type FragmentId } from '../../core/fragment-shape.ts';
import { isSystemDirectory } from '../../core/inode.ts';
import { ignoringAbsence } from '../../store/patient-objects.ts';
import { whereabouts } from './whereabouts.ts';
import { adoptDirectory } from './lost-and-found.ts';
import { objectsByInode } from './objects-by-inode.ts';
import type { ScrubRun } from './scrub-run.ts';

/** The fragments of one directory that have been met. */
interface Group {
  readonly ino: number;
  readonly fragments: FragmentId[];
}

interface MetadataObject {
  readonly ino: number;
  readonly fragment: FragmentId;
}

export async function checkMetadata(run: ScrubRun): Promise<void> {
  const begin = ({ ino, fragment }: MetadataObject): Group => ({ ino, fragments: [fragment] });
  const add = (group: Group, { fragment }: MetadataObject): unknown => group.fragments.push(fragment);
  for await (const groups of objectsByInode(run, run.parts.metadataPool, { parse, begin, add })) await checkGroups(run, groups);
}

async function checkGroups(run: ScrubRun, groups: readonly Group[]): Promise<void> {
  const doubtful: Group[] = [];
  for (const group of groups) {
    await run.pace();
    if ((await strangers(run, group)).length > 0) doubtful.push(group);
  }
  if (doubtful.length === 0) return;
  // What was just being deleted is gone by then.
  await run.waitForLate();
  for (const group of doubtful) {
    await run.pace();
    const left: FragmentId[] = [];
    for (const fragment of await strangers(run, group)) if (await isThere(run, fragmentObject(group.ino, fragment))) left.push(fragment);
    if (left.length === 0) continue;
    if ((await whereabouts(run, [group.ino])).missing.has(group.ino)) await orphan(run, { ino: group.ino, fragments: left });
    else for (const fragment of left) stranger(run, group.ino, fragment);
  }
}

/** Those that are no part of their directory. */
async function strangers(run: ScrubRun, { ino, fragments }: Group): Promise<readonly FragmentId[]> {
  const { core } = run.parts;
  if ((await whereabouts(run, [ino])).missing.has(ino)) return fragments;
  const inode = core.cache.inodes.get(ino);
  // Another rank's, or one that has been removed and is about to be deleted.
  if (inode === undefined || inode.purging || inode.nlink === 0) return [];
  if (!inode.isDirectory) return fragments;
  const parts = core.cache.names(ino).fragments.flatMap(({ id, sources }) => [id, ...sources]);
  return fragments.filter((fragment) => !parts.some((part) => isSame(part, fragment)));
}

async function isThere(run: ScrubRun, object: string): Promise<boolean> {
  const { objects, metadataPool } = run.parts;
  return (await ignoringAbsence(objects.operate(metadataPool, object, [{ kind: 'stat' }]))) !== undefined;
}

/** A directory whose inode is lost: with a repair it has another, in `/lost+found`, and all its names. */
async function orphan(run: ScrubRun, group: Group): Promise<void> {
  const { ino, fragments } = group;
  const objects = fragments.map((fragment) => fragmentObject(ino, fragment));
  const place = {
    key: `orphan ${ino.toString(16)}`,
    ino,
    object: objects[0] ?? '',
    path: `[inode ${ino.toString(16)}]`,
    what: `a directory without an inode: ${objects.length} fragments`,
  };
  if (!run.repair) {
    run.found(place);
    return;
  }
  run.adopted.push(ino);
  run.repaired({ ...place, path: await adoptDirectory(run, ino, fragments) });
}

function stranger(run: ScrubRun, ino: number, fragment: FragmentId): void {
  const object = fragmentObject(ino, fragment);
  run.found({ key: `stranger ${object}`, ino, object, what: 'the fragment is no part of its directory' });
}

/** Of the directories that people have made. */
function parse(name: string): MetadataObject | undefined {
  const match = /^([0-9a-f]{1,13})\.([0-9a-f]{2})([0-9a-f]{6})$/.exec(name);
  if (match === null) return undefined;
  const [, ino, bits, value] = match.map((digits) => Number.parseInt(digits, 16)) as [number, number, number, number];
  return isSystemDirectory(ino) ? undefined : { ino, fragment: { bits, value } };
}
