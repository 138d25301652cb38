/**
 * The shelf of a collection: objects that are being put together, a piece per transaction, and that no listing or
 * read shows until `unshelve` puts each in the place of the object of its name.
 *
 * They lie among the collection's objects, under keys that begin with a byte that UTF-8 does not have: no name can be
 * taken for one, they sort after all others, and they go with their collection.
 * @module
 */
import { keyOfText, textOfKey } from './sorted-map.ts';

/** All keys on the shelf begin with it; all others are below it. */
export const shelfPrefix = '\xff';

/** The key of the object that a mutation is about. */
export function keyOfTarget(target: { readonly object: string; readonly shelf?: true }): string {
  return target.shelf === true ? shelfKey(target.object) : keyOfText(target.object);
}

export function shelfKey(object: string): string {
  return shelfPrefix + keyOfText(object);
}

/** The name of an object on the shelf. */
export function nameOnShelf(key: string): string {
  return textOfKey(key.slice(shelfPrefix.length));
}
