/**
 * Keys of the metadata database. Ids are 48 bits, big-endian, so that what belongs together is together and
 * in order. One byte per character.
 *
 *     'F'                        format: superblock.ts
 *     'S'                        state: how far the log has been applied, next id
 *     'D' key                    daemon meta
 *     'C' cid                    collection: value is the PG's name
 *     'U' cid                    dropped collection, contents still being removed
 *     'M' cid key                PG meta
 *     'O' cid name               object head
 *     'X' nid shard (u32)        shards of the block map above 0
 *     'K' omapId key             omap entry
 *     'T' omapId                 dropped omap, entries still being removed
 * @module
 */

export const formatKey = 'F';
export const stateKey = 'S';

const highUnit = 2 ** 32;

/** Six bytes. */
export function idKey(id: number): string {
  const high = Math.floor(id / highUnit);
  const low = id % highUnit;
  return String.fromCharCode((high >>> 8) & 255, high & 255, (low >>> 24) & 255, (low >>> 16) & 255, (low >>> 8) & 255, low & 255);
}

/** The id at `at` in `key`. */
export function idOfKey(key: string, at: number): number {
  let id = 0;
  for (let i = at; i < at + 6; i++) id = id * 256 + key.charCodeAt(i);
  return id;
}

export const daemonMetaKey = (key: string): string => `D${key}`;
export const collectionKey = (cid: number): string => `C${idKey(cid)}`;
export const droppedCollectionKey = (cid: number): string => `U${idKey(cid)}`;
export const metaPrefix = (cid: number): string => `M${idKey(cid)}`;
export const headPrefix = (cid: number): string => `O${idKey(cid)}`;
export const omapPrefix = (omapId: number): string => `K${idKey(omapId)}`;
export const droppedOmapKey = (omapId: number): string => `T${idKey(omapId)}`;

export function shardKey(nid: number, shard: number): string {
  return `X${idKey(nid)}${String.fromCharCode((shard >>> 24) & 255, (shard >>> 16) & 255, (shard >>> 8) & 255, shard & 255)}`;
}

/** The first key above all that begin with `prefix`. */
export function endOf(prefix: string): string {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const code = prefix.charCodeAt(i);
    if (code < 255) return prefix.slice(0, i) + String.fromCharCode(code + 1);
  }
  return '\xff'.repeat(prefix.length + 1);
}
