/**
 * Compares what the OSDs have of each PG, on their disks, byte for byte.
 * @module
 */
import { createHash } from 'node:crypto';
import type { ClusterMap } from '../../common/maps/cluster-map.ts';
import { allPgs } from '../../common/maps/placement.ts';
import type { MemoryObject } from '../../osd/store/memory-state.ts';
import type { MemoryImage } from '../../osd/store/memory.ts';
import { isZero } from '../support/zeros.ts';

/** Throws when two acting members of a PG differ. */
export function assertReplicasEqual(map: ClusterMap, images: ReadonlyMap<string, MemoryImage>): void {
  for (const { pgId: pg, acting } of allPgs(map)) {
    let first: { readonly osd: string; readonly objects: Map<string, string> } | undefined;
    for (const id of acting) {
      const osd = `osd.${id}`;
      const objects = new Map<string, string>();
      const collection = images.get(osd)?.state.collections.get(pg);
      if (collection !== undefined) for (const [name, object] of collection.objects.entries()) objects.set(name, describe(object));
      first ??= { osd, objects };
      compare(pg, first, { osd, objects });
    }
  }
}

function compare(pg: string, a: { osd: string; objects: Map<string, string> }, b: { osd: string; objects: Map<string, string> }): void {
  for (const name of new Set([...a.objects.keys(), ...b.objects.keys()])) {
    const inA = a.objects.get(name) ?? 'absent';
    const inB = b.objects.get(name) ?? 'absent';
    if (inA !== inB) throw new Error(`PG ${pg}, object ${name}: ${a.osd} has ${inA.slice(0, 200)}, ${b.osd} has ${inB.slice(0, 200)}`);
  }
}

function describe(object: MemoryObject): string {
  const blocks = [...object.blocks].filter(([, bytes]) => !isZero(bytes)).sort(([x], [y]) => x - y);
  const omap = [...object.omap.entries()]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, value]) => `${Buffer.from(key, 'latin1').toString('hex')}=${value.toString('hex')}`);
  const xattrs = [...object.xattrs].sort(([x], [y]) => (x < y ? -1 : 1)).map(([key, value]) => `${key}=${value.toString('hex')}`);
  const data = blocks.map(([index, bytes]) => `${index}:${fingerprint(bytes)}`);
  return `size ${object.size} version ${object.version.interval}.${object.version.counter} data ${data.join(' ')} xattrs ${xattrs.join(' ')} omap ${omap.join(' ')}`;
}

function fingerprint(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
