/**
 * A process that mounts a {@link MemoryFilesystem} with the kernel driver, for system tests and measurements:
 * `node --import=./test/sources.mjs test/support/memory-mount.ts MOUNTPOINT [--cacheable] [--asynchronous] [--fuse-native] [--source NAME]`. Prints one JSON line
 * when the mount serves; SIGTERM unmounts.
 * @module
 */
import { MemoryFilesystem } from './memory-filesystem.ts';
import { quietLog } from './quiet-log.ts';
import { chooseDriver } from '../../fuse-client/driver/choose-driver.ts';
import type { Env } from '../../common/runtime/env.ts';
import type { Filesystem } from '../../fuse-client/vfs/filesystem.ts';

const [mountpoint = '', ...flags] = process.argv.slice(2);

function now(): { sec: number; nsec: number } {
  const ms = Date.now();
  return { sec: Math.floor(ms / 1000), nsec: (ms % 1000) * 1_000_000 };
}

/** Every answer a turn of the event loop later. */
function asynchronous(filesystem: Filesystem): Filesystem {
  const immediate = new Set<string | symbol>(['forget', 'setInvalidator', 'root']);
  return new Proxy(filesystem, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...values: unknown[]) => unknown;
      if (immediate.has(key)) return method;
      return (...values: unknown[]) => new Promise((resolve) => setImmediate(resolve)).then(() => method(...values));
    },
  });
}

const memory = new MemoryFilesystem({ now, cacheable: flags.includes('--cacheable') });
const filesystem = flags.includes('--asynchronous') ? asynchronous(memory) : memory;
const driverName = flags.includes('--fuse-native') ? 'fuse-native' : 'kernel';
const options = {
  driver: driverName,
  mountpoint,
  source: flags.includes('--source') ? (flags[flags.indexOf('--source') + 1] as string) : 'memory',
  mountOptions: [],
  kernelReadAheadBytes: 1 << 20,
  flushMsMax: 1000,
  threads: 4,
} as const;
const driver = await chooseDriver({ log: quietLog } as unknown as Env, filesystem, options);

try {
  await driver.mount();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.on('SIGTERM', () => void driver.unmount());
process.stdout.write(`${JSON.stringify({ ready: true, mountpoint })}\n`);
await driver.ended;
process.stdout.write(`${JSON.stringify({ ended: true, usage: memory.usage })}\n`, () => process.exit(0));
