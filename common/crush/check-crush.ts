import { FsError } from '../errors/fs-error.ts';
import { bucketTypes, type CrushMap } from './crush-map.ts';

const weightMax = 2 ** 40;

/**
 * Checks a map that came from outside for what placement takes for granted: names and ids are unique, everything
 * referred to exists, and items are of smaller types than what holds them, so that every descent ends.
 * Throws FsError EPROTO.
 */
export function checkCrush({ buckets, rules, tunables }: CrushMap): void {
  const byId = new Map(buckets.map((bucket) => [bucket.id, bucket]));
  const names = new Set(buckets.map(({ name }) => name));
  if (byId.size !== buckets.length || names.size !== buckets.length) throw wrong('two buckets share an id or a name');
  const rank = (id: number): number => {
    const type = id >= 0 ? 'osd' : byId.get(id)?.type;
    if (type === undefined) throw wrong(`bucket ${id} does not exist`);
    return bucketTypes.indexOf(type);
  };
  for (const { id, name, items } of buckets) {
    if (id >= 0) throw wrong(`bucket ${name} has id ${id}`);
    for (const item of items) {
      if (rank(item.id) >= rank(id)) throw wrong(`${item.id} cannot be in ${name}`);
      if (item.weight > weightMax) throw wrong(`item ${item.id} of ${name} weighs ${item.weight}`);
    }
  }
  for (const { name, root } of rules) if (!names.has(root)) throw wrong(`rule ${name} takes ${root}, which does not exist`);
  if (tunables.chooseLocalTries + tunables.chooseLocalFallbackTries > 0 || tunables.chooseTotalTries > 1_000)
    throw wrong('tunables that are not supported');
}

function wrong(what: string): FsError {
  return new FsError('EPROTO', `malformed CRUSH map: ${what}`);
}
