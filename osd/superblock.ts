/**
 * What a store says of itself: whose it is.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { OsdId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import type { ObjectStore } from './store/object-store.ts';

export interface Superblock {
  readonly fsid: string;
  readonly osd: number;
  /** Of this store, for ever: a disk that comes back under another number is refused by the mon. */
  readonly uuid: string;
}

const key = 'superblock';
const epochKey = 'epoch';
const formatVersion = 1;

/**
 * Reads the superblock of a started store, or writes that of a new one. EINVAL when it is another cluster's or OSD's.
 * An empty `fsid` or `uuid` is any; a new store's uuid is random then.
 */
export async function openSuperblock(
  env: Env,
  store: ObjectStore,
  id: OsdId,
  { fsid, uuid }: { readonly fsid: string; readonly uuid: string },
): Promise<Superblock> {
  const bytes = store.daemonMeta(key);
  if (bytes === undefined) {
    if (store.collections().length > 0)
      throw new FsError(
        'EILSEQ',
        `the store of osd.${id} has data but no superblock: empty its data directory and start it as a new OSD, its peers fill it again`,
      );
    if (fsid === '') throw new FsError('EINVAL', `the store of osd.${id} is new: give the cluster's fsid`);
    const superblock = { fsid, osd: id, uuid: uuid === '' ? newUuid(env) : uuid };
    await store.commit([{ kind: 'set-daemon-meta', key, value: Buffer.from(JSON.stringify({ format: formatVersion, ...superblock })) }]);
    return superblock;
  }
  const superblock = parse(bytes, id);
  if (fsid !== '' && superblock.fsid !== fsid)
    throw new FsError('EINVAL', `this store belongs to cluster ${superblock.fsid}, not to ${fsid}: give the right dataDir or fsid`);
  if (superblock.osd !== id)
    throw new FsError('EINVAL', `this store belongs to osd.${superblock.osd}, not to osd.${id}: give the right dataDir or name`);
  if (uuid !== '' && superblock.uuid !== uuid)
    throw new FsError(
      'EINVAL',
      `this store has uuid ${superblock.uuid}, and osd.${id} was registered with ${uuid}: give the right dataDir, or an empty one`,
    );
  return superblock;
}

/** Newest epoch that this store has seen. */
export function savedEpoch(store: ObjectStore): number {
  return Number(store.daemonMeta(epochKey)?.toString('latin1') ?? 0);
}

/** Notes the newest epoch seen, durably at some time. */
export function saveEpoch(store: ObjectStore, epoch: number): Promise<void> {
  return store.commit([{ kind: 'set-daemon-meta', key: epochKey, value: Buffer.from(String(epoch), 'latin1') }]);
}

function parse(bytes: Buffer, id: OsdId): Superblock {
  let value: Partial<Superblock> & { format?: unknown };
  try {
    value = JSON.parse(bytes.toString('utf8')) as typeof value;
  } catch (error) {
    throw new FsError(
      'EILSEQ',
      `the superblock of osd.${id} cannot be read: empty its data directory and start it as a new OSD, its peers fill it again`,
      { cause: error },
    );
  }
  if (value.format !== formatVersion)
    throw new FsError('EINVAL', `the store of osd.${id} has format ${String(value.format)}, this version reads ${formatVersion}`);
  const { fsid, osd, uuid } = value;
  if (typeof fsid !== 'string' || typeof osd !== 'number' || typeof uuid !== 'string')
    throw new FsError('EILSEQ', `the superblock of osd.${id} is incomplete`);
  return { fsid, osd, uuid };
}

function newUuid(env: Env): string {
  const hex = Buffer.from(env.random.bytes(16)).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
