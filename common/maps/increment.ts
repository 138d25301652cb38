/**
 * What changes from one epoch to the next.
 * @module
 */
import { assert } from '../errors/assert.ts';
import type { ClusterMap } from './cluster-map.ts';
import { type Epoch, epoch } from './ids.ts';

/** Changes of one keyed part of the map. */
export interface Changes<K, V> {
  /** New and changed entries, whole. */
  readonly set: ReadonlyMap<K, V>;
  readonly removed: readonly K[];
}

type KeyedPart = 'osds' | 'pools' | 'pgs' | 'mdss' | 'blocklist';
type ChangesOf<P extends KeyedPart> = ClusterMap[P] extends ReadonlyMap<infer K, infer V> ? Changes<K, V> : never;

/** Leads from `epoch - 1` to `epoch`. A part that is absent did not change. */
export interface MapIncrement {
  readonly epoch: Epoch;
  readonly fsid: string;
  readonly modifiedMs: number;
  readonly lastPoolId: number;
  readonly mons?: ClusterMap['mons'];
  readonly crush?: ClusterMap['crush'];
  readonly filesystems?: ClusterMap['filesystems'];
  readonly flags?: ClusterMap['flags'];
  readonly fullRatios?: ClusterMap['fullRatios'];
  readonly osds?: ChangesOf<'osds'>;
  readonly pools?: ChangesOf<'pools'>;
  readonly pgs?: ChangesOf<'pgs'>;
  readonly mdss?: ChangesOf<'mdss'>;
  readonly blocklist?: ChangesOf<'blocklist'>;
}

/** The map one epoch on. Parts that did not change are shared with `map`. */
export function applyIncrement(map: ClusterMap, increment: MapIncrement): ClusterMap {
  assert(increment.epoch === map.epoch + 1, `increment to epoch ${increment.epoch} on a map of epoch ${map.epoch}`);
  return {
    epoch: increment.epoch,
    fsid: increment.fsid,
    modifiedMs: increment.modifiedMs,
    lastPoolId: increment.lastPoolId,
    mons: increment.mons ?? map.mons,
    crush: increment.crush ?? map.crush,
    filesystems: increment.filesystems ?? map.filesystems,
    flags: increment.flags ?? map.flags,
    fullRatios: increment.fullRatios ?? map.fullRatios,
    osds: applyChanges(map.osds, increment.osds),
    pools: applyChanges(map.pools, increment.pools),
    pgs: applyChanges(map.pgs, increment.pgs),
    mdss: applyChanges(map.mdss, increment.mdss),
    blocklist: applyChanges(map.blocklist, increment.blocklist),
  };
}

/**
 * What leads from `before` to `after`, the next epoch. Unchanged values must be shared between the two: they
 * are compared by identity.
 */
export function diffMaps(before: ClusterMap, after: ClusterMap): MapIncrement {
  assert(after.epoch === before.epoch + 1, `difference of epochs ${before.epoch} and ${after.epoch}`);
  const changed = <P extends keyof ClusterMap>(part: P): Partial<Pick<ClusterMap, P>> =>
    before[part] === after[part] ? {} : ({ [part]: after[part] } as unknown as Pick<ClusterMap, P>);
  const changes = <P extends KeyedPart>(part: P): { [Q in P]?: ChangesOf<Q> } => {
    const found = diffEntries<unknown, unknown>(before[part], after[part]);
    return found ? ({ [part]: found } as { [Q in P]?: ChangesOf<Q> }) : {};
  };
  return {
    epoch: epoch(after.epoch),
    fsid: after.fsid,
    modifiedMs: after.modifiedMs,
    lastPoolId: after.lastPoolId,
    ...changed('mons'),
    ...changed('crush'),
    ...changed('filesystems'),
    ...changed('flags'),
    ...changed('fullRatios'),
    ...changes('osds'),
    ...changes('pools'),
    ...changes('pgs'),
    ...changes('mdss'),
    ...changes('blocklist'),
  };
}

function applyChanges<K, V>(entries: ReadonlyMap<K, V>, changes: Changes<K, V> | undefined): ReadonlyMap<K, V> {
  if (!changes) return entries;
  const result = new Map(entries);
  for (const key of changes.removed) result.delete(key);
  for (const [key, value] of changes.set) result.set(key, value);
  return result;
}

function diffEntries<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): Changes<K, V> | undefined {
  if (before === after) return undefined;
  const set = new Map<K, V>();
  for (const [key, value] of after) if (before.get(key) !== value) set.set(key, value);
  const removed = [...before.keys()].filter((key) => !after.has(key));
  return set.size > 0 || removed.length > 0 ? { set, removed } : undefined;
}
