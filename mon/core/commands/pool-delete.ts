import { FsError } from '../../../common/errors/fs-error.ts';
import { parsePgId } from '../../../common/maps/ids.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/** What must be said beside the pool's name, twice, to have it deleted. */
const sentence = 'every object in it is lost for good';

/**
 * `pool delete {name, again, sure}`: deletes a pool and all its objects. `again` repeats the name and `sure` is a whole
 * sentence, so that neither a slip of the hand nor a script's empty variable does it. Refused while a filesystem uses it.
 * Repeated it does no harm: no pool gets that name or number by itself.
 */
export function deletePool(state: MonState, args: Arguments): object {
  const { draft } = state;
  const name = args.name('name');
  if (args.name('again') !== name) throw new FsError('EINVAL', `pool delete: "again" must repeat the name of the pool, ${name}`);
  if (args.text('sure') !== sentence) throw new FsError('EINVAL', `pool delete: "sure" must be the sentence "${sentence}"`);
  const pool = [...draft.pools.values()].find((candidate) => candidate.name === name);
  if (!pool) return { name };
  const user = draft.filesystems.find(({ metadataPool, dataPool }) => metadataPool === pool.id || dataPool === pool.id);
  if (user)
    throw new FsError('EBUSY', `pool ${name} holds ${user.metadataPool === pool.id ? 'metadata' : 'data'} of the filesystem ${user.name}`);
  draft.removePool(pool.id);
  for (const pg of state.pgReports.keys()) if (parsePgId(pg)?.pool === pool.id) state.pgReports.delete(pg);
  return { name };
}
