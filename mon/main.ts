import { FsError } from '../common/errors/fs-error.ts';
import { runDaemon } from '../common/runtime/node/start.ts';
import { monSchema } from './config.ts';
import { Mon } from './mon.ts';
import { LmdbStore } from './store/lmdb.ts';

await runDaemon(monSchema, (env, config) => {
  const { name, fsid, listen, dataDir } = config;
  if (dataDir === '') throw new FsError('EINVAL', 'setting "dataDir" is missing: the folder for the monitor\'s store');
  return new Mon(env, { name, fsid, listen, store: new LmdbStore(dataDir, { log: env.log }), config });
});
