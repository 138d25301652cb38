import { choice, commonSchema, integer, makeConfig, string, type ConfigOf, type Schema } from '../common/config/schema.ts';

/** Everything a client can be configured with. */
export const clientSchema = {
  ...commonSchema,
  mountpoint: string('Folder to mount on; empty for a client without a kernel.', { default: '' }),
  cacheBytesMax: integer('bytes', 96 << 20, 1 << 20, 2 ** 36, 'File data kept in memory, clean and dirty together.'),
  dirtyBytesMax: integer('bytes', 64 << 20, 256 << 10, 2 ** 36, 'Unwritten data at which writers wait.'),
  dirtyBytesBackground: integer(
    'bytes',
    32 << 20,
    64 << 10,
    2 ** 36,
    'Unwritten data at which writing back begins, before its age would ask for it.',
  ),
  writeBackDelayMs: integer('ms', 5_000, 10, 600_000, 'Age at which changed data and attributes are with the OSDs and the MDS.'),
  writesInFlightMax: integer('count', 8, 1, 256, 'Object writes sent and not answered.'),
  readaheadBytesMax: integer('bytes', 8 << 20, 0, 1 << 30, 'How far a sequential reader is read ahead.'),
  fetchBytesMax: integer('bytes', 2 << 20, 4 << 10, 4 << 20, 'One read from an object at most.'),
  prefetchFileBytesMax: integer('bytes', 1 << 20, 0, 1 << 30, 'Files up to this size are read whole at the first miss.'),
  inodesMax: integer('count', 50_000, 16, 10_000_000, 'Inodes kept with their caps beyond those the kernel or an open file refers to.'),
  namesMax: integer(
    'count',
    50_000,
    16,
    10_000_000,
    'Names kept, of all directories together; beyond it those known longest go, from the kernel too. Of directories and open files they stay.',
  ),
  atime: choice(
    ['relatime', 'noatime', 'strictatime'],
    'relatime',
    'When reading moves access times: "relatime" those not later than the last change, or a day old; "strictatime" always, for which the kernel keeps no data from one open to the next; "noatime" never.',
  ),
  connectTimeoutMs: integer('ms', 30_000, 100, 3_600_000, 'How long connecting to the cluster may take.'),
} as const satisfies Schema;

export type ClientConfig = ConfigOf<typeof clientSchema>;

/** The defaults, with `values` over them. */
export function clientConfig(values: Partial<ClientConfig> & { readonly name: string }): ClientConfig {
  return makeConfig(clientSchema, values);
}
