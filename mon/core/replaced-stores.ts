/**
 * An OSD that comes back with another store than it had: a new disk, an emptied directory. Nothing of what it held
 * is there, so it leaves every acting set it was in, which is right only where another member stays (R2, R3).
 * @module
 */
import { FsError } from '../../common/errors/fs-error.ts';
import type { ClusterMap, OsdInfo } from '../../common/maps/cluster-map.ts';
import type { OsdId, PgId } from '../../common/maps/ids.ts';

const namedMax = 5;

/** Whether the OSD lost between the two maps what it held. */
export function isReplaced(before: Pick<ClusterMap, 'osds'>, after: Pick<ClusterMap, 'osds'>, osd: OsdId): boolean {
  const [old, now] = [before.osds.get(osd), after.osds.get(osd)];
  return old !== undefined && now !== undefined && old.uuid !== now.uuid;
}

/**
 * Throws when the OSD must not go on with another store: EBUSY while it is up with the one it had (its process may
 * be gone already: to be tried again), EEXIST when the number is kept for that one, or it alone holds what was
 * acknowledged.
 */
export function checkReplacement(draft: Pick<ClusterMap, 'osds'> & { readonly base: ClusterMap }, known: OsdInfo): void {
  const name = `osd.${known.id}`;
  if (known.upFrom === 0)
    throw new FsError('EEXIST', `${name} is registered with another store (uuid ${known.uuid}): start this one under a free number`);
  if (known.up) {
    throw new FsError('EBUSY', `${name} is up with another store (uuid ${known.uuid}): stop it, or start this one under a free number`, {
      retry: 'safe',
    });
  }
  const lost: PgId[] = [];
  for (const [id, { acting }] of draft.base.pgs) {
    if (acting.includes(known.id) && !acting.some((osd) => osd !== known.id && !isReplaced(draft.base, draft, osd))) lost.push(id);
  }
  if (lost.length === 0) return;
  const named = `${lost.slice(0, namedMax).join(', ')}${lost.length > namedMax ? ', ...' : ''}`;
  throw new FsError(
    'EEXIST',
    `${name} comes with another store, but the one it had (uuid ${known.uuid}) holds the only whole copy of ${lost.length} PGs (${named}): bring that store back; if it is lost, so are these PGs, and this store must take a free number`,
  );
}
