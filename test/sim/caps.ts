/**
 * Looks, after every step of a client, whether what it holds of an inode contradicts what another holds (mds/README.md, "Who may
 * hold what"): two that differ about that see different filesystems, sooner or later.
 * @module
 */
import { Cap, exclusiveCaps, type Caps } from '../../mds/client/index.ts';
import type { SimCluster } from './cluster.ts';

/** What nobody may hold beside another's right to write. */
const cachedCaps: Caps = Cap.attrShared | Cap.fileCache;

/** Fails the cluster's world at the step after which two clients hold what excludes each other. */
export function watchCaps({ world, clients }: Pick<SimCluster, 'world' | 'clients'>): void {
  world.afterEachStep((label) => {
    const stepped = label.slice(0, label.indexOf(':'));
    const client = clients.get(stepped);
    if (client === undefined) return;
    const own = new Map<number, Caps>();
    for (const { ino, caps } of client.trusted()) own.set(ino, caps);
    for (const [name, other] of clients) {
      if (other === client) continue;
      for (const { ino, caps } of other.trusted()) {
        const beside = own.get(ino);
        if (beside !== undefined && (excludes(caps, beside) || excludes(beside, caps)))
          throw new Error(`${stepped} holds caps ${beside} on inode ${ino} while ${name} holds ${caps}`);
      }
    }
  });
}

function excludes(one: Caps, other: Caps): boolean {
  return (one & exclusiveCaps) !== 0 || ((one & Cap.fileWrite) !== 0 && (other & cachedCaps) !== 0);
}
