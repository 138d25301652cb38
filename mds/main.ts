import { FsError } from '../common/errors/fs-error.ts';
import { runDaemon } from '../common/runtime/node/start.ts';
import { mdsSchema } from './config.ts';
import { Mds } from './mds.ts';

await runDaemon(mdsSchema, (env, config) => {
  const { name, fsid, listen, mons } = config;
  if (mons.length === 0) throw new FsError('EINVAL', 'setting "mons" is missing: the addresses of the monitors, host:port');
  return new Mds(env, { name, fsid, listen, mons, config });
});
