/**
 * What a replay of a rank's whole journal gives, by a way of its own (no reader, no waiting); and whether what one that followed the
 * journal has is the same.
 * @module
 */
import { bytesOf, type ByteString } from '../../common/maps/ids.ts';
import { FragmentChanges, fragmentObject } from '../../mds/core/directory.ts';
import type { Dentry } from '../../mds/core/inode.ts';
import { defaultLayoutIn } from '../../mds/core/layout.ts';
import { inoKey } from '../../mds/core/block-table.ts';
import { locationObject } from '../../mds/core/location-table.ts';
import { MdsCore } from '../../mds/core/mds-core.ts';
import type { MdsSession } from '../../mds/core/session.ts';
import type { WriteBackSet } from '../../mds/core/write-back-set.ts';
import { BinaryWriter } from '../../mds/store/binary.ts';
import { encodeDentry } from '../../mds/store/inode-codec.ts';
import { decodeHead, decodeSegmentHeader, readEntries, segmentHeaderBytes, type SegmentHeader } from '../../mds/store/journal-codec.ts';
import { decodeLocation, decodeNumber, decodeSession } from '../../mds/store/table-codec.ts';

/** An object of the metadata pool: data, and its ordered map with keys as latin1. */
export interface StoredMetadata {
  readonly data: Buffer;
  readonly omap: ReadonlyMap<string, Buffer>;
}

/** The whole pool, by name. */
export type StoredPool = ReadonlyMap<string, StoredMetadata>;

/** A core that has neither journal nor effects: for replaying. */
export function emptyCore(splitNames = 10_000): MdsCore {
  const unexpected = (): never => {
    throw new Error('replay has no effects');
  };
  return new MdsCore({
    rank: 0,
    journal: { segment: 0, safeSeq: 0, append: unexpected },
    effects: {
      recall: unexpected,
      grant: unexpected,
      recalled: unexpected,
      sizeTold: unexpected,
      appended: unexpected,
      lockGranted: unexpected,
      purge: unexpected,
      truncate: unexpected,
      recover: unexpected,
      between: unexpected,
      posted: unexpected,
      nowMs: () => 0,
      nowTimespec: () => ({ sec: 0, nsec: 0 }),
    },
    splitNames,
    locksMax: 100,
    directoryQuietMs: 0,
    defaultLayout: defaultLayoutIn(2),
    poolName: String,
  });
}

/** Replays everything from the journal's head on. */
export function replayed(pool: StoredPool): MdsCore {
  const core = emptyCore();
  for (const value of pool.get('sessions')?.omap.values() ?? []) {
    const session = decodeSession(value);
    core.sessions.set(session.instance, session);
  }
  const nextIno = pool.get('values')?.omap.get('next-ino');
  if (nextIno !== undefined) core.nextIno = decodeNumber(nextIno, 'the next number');
  const head = decodeHead(pool.get('journal.head')?.data ?? Buffer.alloc(0), 'the head');
  let next = head.firstSeq;
  for (let index = head.firstSegment; ; index++) {
    const data = segment(pool, index);
    if (data === undefined) return core;
    const following = segment(pool, index + 1);
    const limit = following === undefined ? Number.MAX_SAFE_INTEGER : headerOf(following).firstSeq;
    for (const { entry, seq } of readEntries(data.subarray(segmentHeaderBytes), `segment ${index}`)) {
      if (seq >= limit) break;
      if (seq !== next++) throw new Error(`segment ${index} has entry ${seq} in the place of ${next - 1}`);
      core.replay(entry, seq, index);
    }
  }
}

/** In what `followed` differs from a replay of all that the journal holds; empty when in nothing. */
export function differencesFromReplay(followed: MdsCore, pool: StoredPool): string[] {
  const fresh = replayed(pool);
  const found: string[] = [];
  const differ = (what: string, a: unknown, b: unknown): void => {
    if (a !== b) found.push(`${what}: followed ${String(a)}, replayed ${String(b)}`);
  };
  differ('next number', followed.nextIno, fresh.nextIno);
  const instances = new Set([...followed.sessions.keys(), ...fresh.sessions.keys()]);
  for (const instance of instances) {
    const [a, b] = [followed.sessions.get(instance), fresh.sessions.get(instance)];
    const oldestTid = Math.max(a?.oldestTid ?? 0, b?.oldestTid ?? 0);
    differ(`session ${instance}`, sessionText(a, oldestTid), sessionText(b, oldestTid));
  }
  const names = new Map<string, readonly [directory: number, name: ByteString]>();
  for (const core of [followed, fresh])
    for (const { ino, fragments } of core.cache.directories.values())
      for (const { dentries, changes } of fragments)
        for (const name of [...dentries.keys(), ...changes.dirty.keys()]) names.set(`${ino}/${name}`, [ino, name as ByteString]);
  for (const [what, [ino, name]] of names)
    differ(`name ${what}`, nameIn(followed, fresh, pool, ino, name), nameIn(fresh, followed, pool, ino, name));
  const inos = new Set(
    [followed, fresh].flatMap((core) => [...core.unwritten.locations.unwritten()].map(([key]) => Number.parseInt(key, 16))),
  );
  for (const ino of inos) differ(`location ${ino.toString(16)}`, locationIn(followed, pool, ino), locationIn(fresh, pool, ino));
  found.push(...forgotten(followed, fresh));
  return found;
}

/** What a replay finds unwritten, and the one that followed does not know to be so: it would be lost. */
function forgotten(followed: MdsCore, fresh: MdsCore): string[] {
  const found: string[] = [];
  for (const set of fresh.unwritten.sets) {
    const own = counterparts(followed, set);
    if (own.length === 0) found.push(`${set.object}: not known to be unwritten`);
    else {
      for (const key of set.dirty.keys())
        if (!own.some(({ dirty }) => dirty.has(key))) found.push(`${set.object}: ${JSON.stringify(key)} is taken for written`);
      const since = Math.min(...own.map(({ dirtySince }) => dirtySince));
      if (since > set.dirtySince) found.push(`${set.object}: unwritten since segment ${since}, replayed ${set.dirtySince}`);
    }
  }
  const uncounted = new Set([...followed.uncounted].map(({ ino }) => ino));
  for (const { ino } of fresh.uncounted) if (!uncounted.has(ino)) found.push(`directory ${ino.toString(16)} is taken for counted`);
  for (const { ino, fragments } of fresh.cache.directories.values()) {
    const sources = new Set(
      followed.cache.directories.get(ino)?.fragments.flatMap((each) => each.sources.map((id) => fragmentObject(ino, id))),
    );
    for (const id of fragments.flatMap((each) => each.sources))
      if (!sources.has(fragmentObject(ino, id))) found.push(`${fragmentObject(ino, id)}: nobody looks for names there`);
  }
  return found;
}

/** What `core` has to write of the same. It may know how a directory is divided of which a replay has not read the inode. */
function counterparts({ unwritten }: MdsCore, set: WriteBackSet<unknown>): WriteBackSet<unknown>[] {
  const directory = set instanceof FragmentChanges ? set.fragment.directory.ino : undefined;
  return [...unwritten.sets].filter((each) =>
    directory === undefined ? each.object === set.object : each instanceof FragmentChanges && each.fragment.directory.ino === directory,
  );
}

function sessionText(session: MdsSession | undefined, oldestTid: number): string {
  if (session === undefined) return 'none';
  const { name, root, ranges, completed } = session;
  const answers = [...completed].filter(([tid]) => tid >= oldestTid).sort(([a], [b]) => a - b);
  return JSON.stringify([name, root, [...ranges].sort((a, b) => a.first - b.first), answers]);
}

/** What a name is: as it is in memory, else as it is stored. `other` may know how the directory is divided when `core` does not. */
function nameIn(core: MdsCore, other: MdsCore, pool: StoredPool, ino: number, name: ByteString): string {
  const directory = core.cache.directories.get(ino);
  const fragment = directory?.fragmentOf(name);
  const dentry = fragment?.dentries.get(name);
  if (dentry !== undefined) return encoded(dentry);
  if (fragment?.hidesStored(name) === true) return 'none';
  const placed = [core, other].map((each) => each.cache.directories.get(ino)).find((each) => each?.placed === true);
  const known = directory?.placed === true ? fragment : placed?.fragmentOf(name);
  const objects = known === undefined ? objectsOf(pool, ino) : [known.id, ...known.sources].map((id) => fragmentObject(ino, id));
  for (const object of objects) {
    const value = pool.get(object)?.omap.get(bytesOf(name).toString('latin1'));
    if (value !== undefined) return value.toString('hex');
  }
  return 'none';
}

/** All that a directory has, whose fragments neither knows: then none of its names is on its way from one to another. */
function objectsOf(pool: StoredPool, ino: number): string[] {
  return [...pool.keys()].filter((object) => object.startsWith(`${ino.toString(16)}.`));
}

function encoded(dentry: Dentry): string {
  return encodeDentry(new BinaryWriter(), dentry).toString('hex');
}

function locationIn({ unwritten }: MdsCore, pool: StoredPool, ino: number): string {
  const recent = unwritten.locations.recent(ino);
  if (recent === 'gone') return 'none';
  if (recent !== undefined) return `${recent.directory}/${recent.name}`;
  const value = pool.get(locationObject(ino))?.omap.get(inoKey(ino));
  if (value === undefined) return 'none';
  const { directory, name } = decodeLocation(value, 'a location');
  return `${directory}/${name}`;
}

function segment(pool: StoredPool, index: number): Buffer | undefined {
  return pool.get(`journal.${index.toString(16).padStart(8, '0')}`)?.data;
}

function headerOf(data: Buffer): SegmentHeader {
  return decodeSegmentHeader(data, 'a segment');
}
