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
  const lost = lostWith(draft, known.id);
  if (lost.length === 0) return;
  const named = `${lost.slice(0, namedMax).join(', ')}${lost.length > namedMax ? ', ...' : ''}`;
  throw new FsError(
    'EEXIST',
    `${name} comes with another store, but the one it had (uuid ${known.uuid}) holds the only whole copy of ${lost.length} PGs (${named}): bring that store back; if it is lost for good, so is what it alone has: nacre osd lost ${known.id} (see OPERATIONS.md), then start this one`,
  );
}

/** The PGs of which no acting member would be left without the OSD's store. */
export function lostWith(draft: Pick<ClusterMap, 'osds'> & { readonly base: ClusterMap }, id: OsdId): readonly PgId[] {
  return [...draft.base.pgs]
    .filter(([, { acting }]) => acting.includes(id) && !acting.some((osd) => osd !== id && !isReplaced(draft.base, draft, osd)))
    .map(([pg]) => pg);
}
