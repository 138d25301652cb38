/**
 * What the data pool says of inodes (records and backtraces) is what a rebuild of the metadata would go by: when all is written back it agrees with the
 * metadata there is, of every inode, whatever has happened before.
 * @module
 */
import { byteString, type ByteString } from '../../common/maps/ids.ts';
import { backtraceXattr, decodeBacktrace } from '../../mds/client/backtrace.ts';
import { dataObject } from '../../mds/client/data-objects.ts';
import { isForeign, isSystem, isSystemDirectory, placeKey, SystemIno, type Dentry, type Inode, type Place } from '../../mds/core/inode.ts';
import { decodeDentry } from '../../mds/store/inode-codec.ts';
import { decodeRecord } from '../../mds/store/table-codec.ts';
import type { MemoryObject } from '../../osd/store/memory-state.ts';
import type { SimCluster } from './cluster.ts';
import { storedObjects } from './stored-metadata.ts';

const pollMs = 1_000;
/** What has changed is written back by then. */
const pollsMax = 60;
const toldMax = 10;

type Objects = ReadonlyMap<string, MemoryObject>;

/** Throws when it does not come to agree. Nobody may be changing anything. */
export async function assertRebuildable(cluster: SimCluster): Promise<void> {
  for (let polls = 1; ; polls++) {
    const map = await cluster.map();
    const [filesystem] = map.filesystems;
    const metadata = storedObjects(map, cluster.images, filesystem?.metadataPool);
    const wrong = differences(metadata, storedObjects(map, cluster.images, filesystem?.dataPool));
    if (wrong.length === 0) return;
    if (polls === pollsMax)
      throw new Error(`a rebuild from the data pool would not give what there is:\n${wrong.slice(0, toldMax).join('\n')}`);
    await cluster.world.sleep(pollMs);
  }
}

function differences(metadata: Objects, data: Objects): string[] {
  const records = new Map<number, Dentry & { readonly inode: Inode }>();
  for (const [object, { omap }] of data)
    if (object.startsWith('records.'))
      for (const [key, value] of omap.entries()) records.set(Number.parseInt(key, 16), decodeRecord(value, `record ${key}`));
  const wrong: string[] = [];
  const there = new Set<number>();
  for (const [object, { omap }] of metadata) {
    const match = /^([0-9a-f]{1,13})\.[0-9a-f]{8}$/.exec(object);
    if (match === null) continue;
    const directory = Number.parseInt(match[1] as string, 16);
    for (const [key, value] of omap.entries()) {
      const dentry = decodeDentry(value, directory, byteString(Buffer.from(key, 'latin1')));
      if (dentry.inode === undefined) continue;
      there.add(dentry.inode.ino);
      const said = differenceOf(dentry, dentry.inode, records.get(dentry.inode.ino), data);
      if (said !== undefined) wrong.push(`inode ${dentry.inode.ino.toString(16)} at ${placeKey(dentry)}: ${said}`);
    }
  }
  for (const [ino, record] of records)
    if (!there.has(ino)) wrong.push(`inode ${ino.toString(16)} is gone, and recorded at ${placeKey(record)}`);
  return wrong;
}

function differenceOf(
  dentry: Dentry,
  inode: Inode,
  record: (Dentry & { readonly inode: Inode }) | undefined,
  data: Objects,
): string | undefined {
  const { directory } = dentry;
  if (isSystem(directory, 'strays') || inode.ino === SystemIno.root || (isSystemDirectory(directory) && inode.isDirectory))
    return undefined;
  if (isSystemDirectory(directory)) {
    if (record === undefined) return 'it has several names, and no record';
    const names = (places: readonly Place[]): string =>
      places
        .filter((each) => !isForeign(each))
        .map(placeKey)
        .sort()
        .join();
    return names(inode.names) === names(record.inode.names)
      ? undefined
      : `its names are ${names(inode.names)}, recorded ${names(record.inode.names)}`;
  }
  const first = data.get(dataObject(inode.ino, 0));
  const value = inode.isRegular ? first?.xattrs.get(backtraceXattr) : undefined;
  const backtrace = value === undefined ? undefined : decodeBacktrace(value, 'a backtrace');
  const [home] = backtrace?.lineage ?? [];
  if (home !== undefined && home.version > inode.version) return `its backtrace is of version ${home.version}, it has ${inode.version}`;
  const told = textOf(dentry, inode);
  if (record !== undefined && (home === undefined || home.version <= record.inode.version))
    return textOf(record, record.inode) === told ? undefined : `recorded ${textOf(record, record.inode)}, it is ${told}`;
  if (backtrace === undefined || home === undefined) {
    // What nobody was told of before its writer died has no object either.
    return inode.isRegular && first === undefined && inode.size > 0 && inode.reach > 0
      ? undefined
      : `nothing says where it is (size ${inode.size})`;
  }
  return textOf(home, backtrace) === told ? undefined : `its backtrace says ${textOf(home, backtrace)}, it is ${told}`;
}

function textOf(
  { directory, name }: { readonly directory: number; readonly name: ByteString },
  { mode, uid, gid }: Pick<Inode, 'mode' | 'uid' | 'gid'>,
): string {
  return `${placeKey({ directory, name })} ${mode.toString(8)} ${uid}:${gid}`;
}
