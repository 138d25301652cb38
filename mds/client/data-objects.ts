/**
 * The objects that hold a file's data: `<ino hex>.<index as 8 hex digits>`; and which of them there are, where asking each that
 * might be there would be too many requests. A file of 16 TiB may have millions and have none.
 * @module
 */
import type { PoolId } from '../../common/maps/ids.ts';
import type { ObjectClient } from '../../osd/client/object-client.ts';

export interface StoredObjects {
  /** Ascending. */
  readonly indexes: readonly number[];
  /** Where to go on; undefined: there are no more. */
  readonly next: number | undefined;
}

/** Name of a file's data object. */
export function dataObject(ino: number, index: number): string {
  return `${prefixOf(ino)}${index.toString(16).padStart(8, '0')}`;
}

/** Some of the file's objects that exist, from `first` on. */
export async function storedObjects(
  objects: Pick<ObjectClient, 'names'>,
  pool: PoolId,
  ino: number,
  first: number,
  perPg: number,
): Promise<StoredObjects> {
  const after = first === 0 ? '' : dataObject(ino, first - 1);
  const { names, through } = await objects.names(pool, prefixOf(ino), after, perPg);
  const indexes = names.map(indexOf).filter((index) => index !== undefined);
  return { indexes, next: through === undefined ? undefined : (indexOf(through) ?? first) + 1 };
}

function prefixOf(ino: number): string {
  return `${ino.toString(16)}.`;
}

function indexOf(name: string): number | undefined {
  const digits = name.slice(name.indexOf('.') + 1);
  return /^[0-9a-f]{8}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
