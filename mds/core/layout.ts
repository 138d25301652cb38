/**
 * Which of a file's objects hold which of its data: striped by its layout as in Ceph (stripe units go round the objects of a set,
 * set after set).
 * @module
 */
import type { Layout } from '../../common/wire/gen/messages.ts';

const defaultObjectBytes = 4 * 1024 * 1024;

/** How files are laid out in `pool` where nothing else is said. */
export function defaultLayoutIn(pool: number): Layout {
  return { pool, objectSize: defaultObjectBytes, stripeUnit: defaultObjectBytes, stripeCount: 1 };
}

/** Number of objects that a file of `size` bytes can have. */
export function objectCount(layout: Layout, size: number): number {
  if (size === 0) return 0;
  const { objectSize, stripeCount } = layout;
  if (stripeCount <= 1) return Math.ceil(size / objectSize);
  return Math.ceil(size / (objectSize * stripeCount)) * stripeCount;
}

/** Bytes that object `index` holds of a file of `size` bytes. */
export function objectBytes(layout: Layout, index: number, size: number): number {
  const { objectSize, stripeUnit, stripeCount } = layout;
  if (stripeCount <= 1) return Math.min(objectSize, Math.max(0, size - index * objectSize));
  const set = Math.floor(index / stripeCount);
  const inSet = Math.min(objectSize * stripeCount, Math.max(0, size - set * objectSize * stripeCount));
  const rows = Math.floor(inSet / (stripeUnit * stripeCount));
  const rest = inSet - rows * stripeUnit * stripeCount - (index % stripeCount) * stripeUnit;
  return rows * stripeUnit + Math.min(stripeUnit, Math.max(0, rest));
}

/** Where in its file the last of the first `size` bytes of object `index` ends. */
export function fileEnd(layout: Layout, index: number, size: number): number {
  const { objectSize, stripeUnit, stripeCount } = layout;
  if (stripeCount <= 1) return index * objectSize + size;
  const set = Math.floor(index / stripeCount);
  const row = Math.floor((size - 1) / stripeUnit);
  return set * objectSize * stripeCount + (row * stripeCount + (index % stripeCount)) * stripeUnit + ((size - 1) % stripeUnit) + 1;
}
