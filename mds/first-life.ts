/**
 * What a rank begins with that there has not been yet: tables, of rank 0 the root directory, and last the head of a journal, which says that it is
 * there. It is made only where nothing tells of a life before.
 * @module
 */
import { FsError } from '../common/errors/fs-error.ts';
import type { ByteString, PoolId } from '../common/maps/ids.ts';
import type { Env } from '../common/runtime/env.ts';
import type { NamesPage } from '../osd/client/object-client.ts';
import { FileType } from './client/file-mode.ts';
import { firstPosition } from './core/directory.ts';
import { Inode, noCounts, SystemIno, type Dentry } from './core/inode.ts';
import type { MdsCore } from './core/mds-core.ts';
import { rankObject } from './core/rank-object.ts';
import { TableKey } from './core/unwritten.ts';
import type { Journal } from './store/journal.ts';
import { headObject } from './store/journal-reader.ts';
import type { MetadataStore } from './store/metadata-store.ts';
import { ignoringAbsence, type PatientObjects } from './store/patient-objects.ts';

/** Asked of each PG at once, of what is in the data pool where there is no filesystem. */
const namesPerPg = 64;

export interface FirstLifeParts {
  readonly env: Env;
  readonly core: MdsCore;
  readonly store: MetadataStore;
  readonly objects: PatientObjects;
  readonly journal: Journal;
  readonly metadataPool: PoolId;
  readonly dataPool: PoolId;
}

/** FsError EILSEQ where there has been a life before; EAGAIN while there is no filesystem yet that the rank could be of; EEXIST when another was faster. */
export async function beginFirstLife(parts: FirstLifeParts): Promise<void> {
  await (parts.core.rank === 0 ? makeFilesystem(parts) : makeRank(parts));
  await parts.journal.make();
}

/** With a root directory. */
async function makeFilesystem(parts: FirstLifeParts): Promise<void> {
  const { env, core, store } = parts;
  const root = rootDentry(env);
  const { object } = core.cache.fragmentOf(root).changes;
  await requireEmptyPool(parts, [object, 'sessions', 'values']);
  await requireNoFiles(parts);
  env.log.info({}, 'making a new filesystem');
  const numbered = store.encode('value', SystemIno.firstFree);
  await store.write('values', [{ key: Buffer.from(TableKey.nextIno, 'latin1'), value: numbered }], []);
  await store.write('sessions', [], [], true);
  await store.write(object, [{ key: Buffer.from(root.name, 'latin1'), value: store.encode('fragment', root) }], []);
}

/** No directories. */
async function makeRank({ env, core: { rank, inos }, store, objects, metadataPool }: FirstLifeParts): Promise<void> {
  const [sessions, values] = ['sessions', 'values'].map((table) => rankObject(rank, table)) as [string, string];
  const { names } = await objects.names(metadataPool, rankObject(rank, ''), '', 3);
  const found = names.find((name) => name !== sessions && name !== values);
  if (found !== undefined)
    throw new FsError('EILSEQ', `${headObject(rank)} is missing, and there is more of rank ${rank}: ${JSON.stringify(found)}`);
  // The filesystem is rank 0's to make, in an empty pool.
  const whole = await ignoringAbsence(objects.operate(metadataPool, headObject(0), [{ kind: 'stat' }]));
  if (whole === undefined) throw new FsError('EAGAIN', 'rank 0 has not made the filesystem yet', { retry: 'safe' });
  env.log.info({ rank }, 'making a new rank');
  // After a rebuild it says from which number on none was used.
  const nextIno = Math.max(inos.firstFree, (await store.readValue(TableKey.nextIno)) ?? 0);
  const numbered = store.encode('value', nextIno);
  await store.write(values, [{ key: Buffer.from(TableKey.nextIno, 'latin1'), value: numbered }], []);
  await store.write(sessions, [], [], true);
}

/** A filesystem is made where there is none: not in place of one that has lost its journal's head. FsError EILSEQ. */
async function requireEmptyPool({ objects, metadataPool }: FirstLifeParts, mayBe: readonly string[]): Promise<void> {
  const { names } = await objects.names(metadataPool, '', '', mayBe.length + 1);
  const found = names.find((name) => !mayBe.includes(name));
  if (found === undefined) return;
  throw new FsError('EILSEQ', `journal.head is missing, and the metadata pool is not empty: it has ${JSON.stringify(found)}`);
}

/** Where there are files' data there has been a filesystem, whose numbers must not be used once more. FsError EILSEQ. */
async function requireNoFiles({ objects, dataPool }: FirstLifeParts): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: NamesPage = await objects.names(dataPool, '', after, namesPerPg);
    const found = page.names.find((name) => /^([0-9a-f]{1,13}\.[0-9a-f]{8}|records\.[0-9a-f]{1,13})$/.test(name));
    if (found !== undefined)
      throw new FsError(
        'EILSEQ',
        `the metadata pool is empty, and the data pool has ${found}: what there was can be rebuilt (nacre fs rebuild-metadata), or remove the data first`,
      );
    after = page.through;
  }
}

function rootDentry(env: Env): Dentry {
  const inode = new Inode(SystemIno.root, FileType.directory | 0o755);
  inode.nlink = 2;
  inode.atime = inode.mtime = inode.ctime = inode.btime = env.clock.nowTimespec();
  inode.nextPosition = firstPosition;
  inode.recursive = { ...noCounts, ctime: inode.ctime };
  return {
    directory: SystemIno.base,
    name: 'root' as ByteString,
    position: firstPosition,
    inode,
    remoteIno: 0,
    remoteType: 0,
    stored: true,
    removed: false,
  };
}
