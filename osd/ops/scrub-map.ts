/**
 * What this OSD has of a PG's objects, for scrub to compare: names, attributes and digests, in name order.
 *
 * Nothing is held up by it: an object that is written to while it is read is reported as such.
 * @module
 */
import { crc32c } from '@node-rs/crc32';
import { FsError } from '../../common/errors/fs-error.ts';
import type { Init, ScrubMapReply, ScrubObject } from '../../common/wire/gen/messages.ts';
import type { OsdContext } from '../context.ts';
import { isDamage } from '../core/damage.ts';
import { omapPages } from '../core/omap-pages.ts';
import type { Pg } from '../core/pg.ts';
import { sameVersion } from '../core/version.ts';
import type { ObjectStat } from '../store/object-store.ts';

const noBytes = new Uint8Array(0);
/** Data read at a time. */
const sliceBytes = 1024 * 1024;
/** A light scrub counts omap entries up to here. */
const countedMax = 1_024;
/** Others have their turn after so long. */
const turnMs = 2;

export interface ScrubRange {
  /** Names above this. */
  readonly after: string;
  /** Not empty: this object alone. */
  readonly only: string;
  readonly maxObjects: number;
  readonly deep: boolean;
}

/** The objects of the range, as many as fit one step. `throwIfOver` ends it when the interval has. */
export async function scrubMap(
  ctx: OsdContext,
  pg: Pg,
  range: ScrubRange,
  throwIfOver: () => void,
): Promise<Pick<ScrubMapReply, 'through' | 'end'> & { readonly objects: ScrubObject[] }> {
  const objects: ScrubObject[] = [];
  if (range.only !== '') {
    const object = await scrubObject(ctx, pg, range.only, range.deep);
    return { objects: object === undefined ? [] : [object.digest], through: range.only, end: false };
  }
  const listed = ctx.store.objects(pg.id, range.after, range.maxObjects);
  let bytes = 0;
  let sinceMs = ctx.env.clock.monotonicMs();
  for (const [index, { name }] of listed.entries()) {
    const object = await scrubObject(ctx, pg, name, range.deep);
    if (ctx.env.clock.monotonicMs() - sinceMs > turnMs) {
      await othersFirst(ctx);
      sinceMs = ctx.env.clock.monotonicMs();
    }
    throwIfOver();
    if (object !== undefined) objects.push(object.digest);
    bytes += object?.bytes ?? 0;
    if (bytes >= ctx.config.scrubChunkBytes && index + 1 < listed.length) return { objects, through: name, end: false };
  }
  const last = listed[listed.length - 1];
  return { objects, through: last?.name ?? range.after, end: listed.length < range.maxObjects };
}

/** Undefined when there is none. */
async function scrubObject(
  ctx: OsdContext,
  pg: Pg,
  name: string,
  deep: boolean,
): Promise<{ readonly digest: ScrubObject; readonly bytes: number } | undefined> {
  const { store } = ctx;
  let before: ObjectStat | undefined;
  try {
    if (deep) store.verify(pg.id, name);
    before = store.stat(pg.id, name);
    if (before === undefined) return undefined;
    const xattrDigest = digestOf(store.xattrs(pg.id, name));
    const omap = deep ? await omapDigest(ctx, pg, name) : { entries: countOmap(ctx, pg, name), digest: 0, bytes: 0 };
    const dataDigest = deep ? await dataDigestOf(ctx, pg, name, before.size) : 0;
    const after = store.stat(pg.id, name);
    const changed = after === undefined || !sameVersion(before.version, after.version);
    const digest = { ...attributesOf(name, before), xattrDigest, omapEntries: omap.entries, omapDigest: omap.digest, dataDigest, changed };
    return { digest, bytes: omap.bytes + (deep ? before.size : 0) };
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    const nothing = { ...attributesOf(name, before), xattrDigest: 0, omapEntries: 0, omapDigest: 0, dataDigest: 0 };
    // Removed, or written to all the time.
    if (error.code === 'ENOENT' || error.code === 'EAGAIN') return { digest: { ...nothing, changed: true }, bytes: 0 };
    if (isDamage(error)) return { digest: { ...nothing, changed: false, damage: error.message, withheld: error.code === 'EIO' }, bytes: 0 };
    throw error;
  }
}

function attributesOf(
  name: string,
  stat: ObjectStat | undefined,
): Pick<ScrubObject, 'name' | 'version' | 'size' | 'mtimeMs' | 'damage' | 'withheld'> {
  return { name, version: stat?.version ?? null, size: stat?.size ?? 0, mtimeMs: stat?.mtimeMs ?? 0, damage: '', withheld: false };
}

/** Holes count as zeros: whether zeros take space may differ between copies. */
async function dataDigestOf(ctx: OsdContext, pg: Pg, name: string, size: number): Promise<number> {
  let digest = 0;
  for (let offset = 0; offset < size; offset += sliceBytes) {
    for (const piece of await ctx.store.read(pg.id, name, offset, Math.min(sliceBytes, size - offset))) digest = crc32c(piece, digest);
  }
  return digest;
}

async function omapDigest(ctx: OsdContext, pg: Pg, name: string): Promise<{ entries: number; digest: number; bytes: number }> {
  let entries = 0;
  let digest = 0;
  let bytes = 0;
  for (const page of omapPages((after, max) => ctx.store.omapRange(pg.id, name, after, max), noBytes)) {
    for (const { key, value } of page) {
      digest = crc32c(value, crc32c(key, crc32c(lengths(key.length, value.length), digest)));
      bytes += key.length + value.length;
    }
    entries += page.length;
    await othersFirst(ctx);
  }
  return { entries, digest, bytes };
}

function othersFirst(ctx: OsdContext): Promise<void> {
  return new Promise((resolve) => ctx.env.clock.defer(resolve));
}

function countOmap(ctx: OsdContext, pg: Pg, name: string): number {
  let entries = 0;
  for (const page of omapPages((after, max) => ctx.store.omapRange(pg.id, name, after, max), noBytes, countedMax)) entries += page.length;
  return entries;
}

function digestOf(xattrs: ReadonlyMap<string, Uint8Array>): number {
  let digest = 0;
  for (const name of [...xattrs.keys()].sort()) {
    const key = Buffer.from(name, 'utf8');
    const value = xattrs.get(name) ?? noBytes;
    digest = crc32c(value, crc32c(key, crc32c(lengths(key.length, value.length), digest)));
  }
  return digest;
}

function lengths(key: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32LE(key, 0);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

/** As it came over the wire: fields at their default are not the message's own. */
export function plainScrubObject(object: Init<ScrubObject>): ScrubObject {
  const { name = '', version = null, size = 0, mtimeMs = 0, xattrDigest = 0, omapEntries = 0, omapDigest = 0, dataDigest = 0 } = object;
  const { changed = false, damage = '', withheld = false } = object;
  return {
    name,
    version: version as ScrubObject['version'],
    size,
    mtimeMs,
    xattrDigest,
    omapEntries,
    omapDigest,
    dataDigest,
    changed,
    damage,
    withheld,
  };
}
