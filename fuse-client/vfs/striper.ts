/**
 * Where a file's bytes lie: RAID-0 over objects of `objectSize`, `stripeUnit` bytes to each of `stripeCount`
 * objects in turn, as CephFS file layouts define it.
 * @module
 */
import type { PoolId } from '../../common/maps/ids.ts';
import type { Layout } from '../../common/wire/gen/messages.ts';

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

const defaultObjectSize = 4 << 20;

/** The layout of a file whose record has `layout`: of what that does not say, the pool is `defaultPool`, the rest 4 MiB objects one after another. */
export function layoutFrom(layout: Layout | null, defaultPool: PoolId): FileLayout {
  const pool = layout !== null && layout.pool > 0 ? (layout.pool as PoolId) : defaultPool;
  if (layout === null || layout.objectSize === 0)
    return { pool, objectSize: defaultObjectSize, stripeUnit: defaultObjectSize, stripeCount: 1 };
  const { objectSize, stripeUnit, stripeCount } = layout;
  return { pool, objectSize, stripeUnit: stripeUnit > 0 ? stripeUnit : objectSize, stripeCount: Math.max(1, stripeCount) };
}

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
