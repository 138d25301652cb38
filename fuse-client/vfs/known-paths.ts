/**
 * Where inodes are, as far as the names that are remembered tell: for what people are told of them.
 * @module
 */
import type { Ino } from '../../common/maps/ids.ts';
import type { Inode } from './inode.ts';
import type { InodeTable } from './inode-table.ts';

/** Paths below `root` of those of `wanted` of which one is known. */
export function knownPaths(inodes: InodeTable, root: Ino, wanted: readonly Inode[]): ReadonlyMap<Ino, string> {
  const paths = new Map<Ino, string>();
  // All names that there are are looked through.
  if (wanted.length === 0) return paths;
  const places = new Map<Ino, { readonly parent: Ino; readonly name: string }>();
  for (const { ino, directory } of inodes.all())
    for (const { ino: child, name } of directory?.existing() ?? [])
      if (!places.has(child)) places.set(child, { parent: ino, name: Buffer.from(name, 'latin1').toString() });
  for (const { ino } of wanted) {
    const parts: string[] = [];
    let at = ino;
    // A directory that was moved meanwhile may be remembered at both of its places.
    for (let place = places.get(at); place !== undefined && at !== root && parts.length <= places.size; place = places.get(at)) {
      parts.unshift(place.name);
      at = place.parent;
    }
    if (at === root) paths.set(ino, `/${parts.join('/')}`);
  }
  return paths;
}
