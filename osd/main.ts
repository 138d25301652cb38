import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const uuid = readUuid(dataDir);
  const store = new BlockStore(env, fsid === '' ? { dataDir } : { dataDir, fsid });
  return new Osd(env, { id: Number(id), fsid, uuid, listen, host, mons, store, config });
});

/**
 * The uuid that a new store gets. It stands in a file beside the store, not in the configuration: whoever empties the
 * directory takes it away too, and the next store is known to be another one, which holds nothing.
 */
function readUuid(dataDir: string): string {
  const path = join(dataDir, 'uuid');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new FsError('EIO', `${path} cannot be read`, { cause: error });
  }
}
