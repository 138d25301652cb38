import { choice, integer, list, type ConfigOf, type Schema } from '../../common/config/schema.ts';

/** What a mount can be configured with beyond the client's own settings. */
export const mountSchema = {
  driver: choice(
    ['auto', 'kernel', 'fuse-native'],
    'auto',
    'How to mount: "kernel" speaks /dev/fuse itself and needs root; "fuse-native" uses the npm package; "auto" takes the first that is possible.',
  ),
  mountOptions: list('Further options for mount(8), such as ro, noexec, nosuid, nodev.', { default: [] }),
  kernelReadAheadBytes: integer('bytes', 1 << 20, 4096, 1 << 24, 'How far the kernel reads ahead of a sequential reader.'),
  flushMsMax: integer('ms', 20_000, 100, 3_600_000, 'How long writing back before an unmount may take.'),
} as const satisfies Schema;

export type MountConfig = ConfigOf<typeof mountSchema>;
