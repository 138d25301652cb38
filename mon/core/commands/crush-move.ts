import { findBucket, moveHost, pruned, rackOf } from '../../../common/crush/crush-edit.ts';
import { FsError } from '../../../common/errors/fs-error.ts';
import { refuseNames } from '../osds.ts';
import type { MonState } from '../state.ts';
import type { Arguments } from './arguments.ts';

/**
 * `crush move {host, rack?}`: puts a host with its OSDs into a rack, which is made if there is none of that name; without
 * `rack` out of the one it is in. Data moves to where the rules want it then. A rack that holds nothing more goes away.
 */
export function moveInCrush({ draft }: MonState, args: Arguments): object {
  const host = args.name('host');
  const rack = args.has('rack') ? args.name('rack') : undefined;
  const { crush } = draft;
  if (!findBucket(crush, 'host', host)) {
    const hosts = crush.buckets.filter(({ type }) => type === 'host').map(({ name }) => name);
    throw new FsError('ENOENT', `the CRUSH tree has no host ${host}; it has ${hosts.join(', ') || 'none'}`);
  }
  refuseNames(crush, host, rack ?? '');
  if (rackOf(crush, host) !== rack) draft.setCrush(pruned(moveHost(crush, host, rack)));
  return { host, rack: rack ?? null };
}
