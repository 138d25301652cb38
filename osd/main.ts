import { FsError } from '../common/errors/fs-error.ts';
import { runDaemon } from '../common/runtime/node/start.ts';
import { osdSchema } from './config.ts';
import { Osd } from './osd.ts';
import { BlockStore } from './store/block.ts';

await runDaemon(osdSchema, (env, config) => {
  const { name, fsid, listen, host, mons, dataDir } = config;
  const id = /^osd\.(\d{1,4})$/.exec(name)?.[1];
  if (id === undefined) throw new FsError('EINVAL', `setting "name" must be osd.<number>, not "${name}"`);
  if (dataDir === '') throw new FsError('EINVAL', 'setting "dataDir" is missing: the folder for what this OSD stores');
  const store = new BlockStore(env, fsid === '' ? { dataDir } : { dataDir, fsid });
  return new Osd(env, { id: Number(id), fsid, listen, host, mons, store, config });
});
