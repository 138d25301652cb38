/**
 * Where a file's bytes lie: RAID-0 over objects of `objectSize`, `stripeUnit` bytes to each of `stripeCount`
 * objects in turn, as CephFS file layouts define it.
 * @module
 */
import type { PoolId } from '../../common/maps/ids.ts';

export interface FileLayout {
  readonly pool: PoolId;
  /** Bytes; a multiple of `stripeUnit`. */
  readonly objectSize: number;
  readonly stripeUnit: number;
  readonly stripeCount: number;
}

/** A run of bytes that is contiguous in the file and in one object. */
export interface ObjectExtent {
  readonly index: number;
  readonly objectOffset: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** 4 MiB objects, one after another. */
export const defaultObjectSize = 4 << 20;

/** The extents of [offset, offset + length), in file order. */
export function extentsOf(layout: FileLayout, offset: number, length: number): ObjectExtent[] {
  const { objectSize, stripeUnit, stripeCount } = layout;
  const unitsPerObject = objectSize / stripeUnit;
  const extents: ObjectExtent[] = [];
  const end = offset + length;
  for (let position = offset; position < end;) {
    if (stripeCount === 1) {
      const index = Math.floor(position / objectSize);
      const objectOffset = position - index * objectSize;
      const run = Math.min(end - position, objectSize - objectOffset);
      extents.push({ index, objectOffset, fileOffset: position, length: run });
      position += run;
      continue;
    }
    const unit = Math.floor(position / stripeUnit);
    const inUnit = position - unit * stripeUnit;
    const stripe = Math.floor(unit / stripeCount);
    const set = Math.floor(stripe / unitsPerObject);
    const index = set * stripeCount + (unit % stripeCount);
    const objectOffset = (stripe % unitsPerObject) * stripeUnit + inUnit;
    const run = Math.min(end - position, stripeUnit - inUnit);
    extents.push({ index, objectOffset, fileOffset: position, length: run });
    position += run;
  }
  return extents;
}
