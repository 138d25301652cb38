import test from 'ava';
import { poolThreads } from '../../../../fuse-client/driver/thread-pool.ts';

test('threads: what libuv is told → as many as it makes', (t) => {
  t.deepEqual([undefined, '4', '8', '5000'].map(poolThreads), [4, 4, 8, 1024]);
});

test('threads: too few for what the kernel may keep waiting, or no number → refused, rather than a mount that hangs', (t) => {
  for (const setting of ['3', '1', '0', '', 'many'])
    t.throws(() => poolThreads(setting), { code: 'EINVAL', message: /UV_THREADPOOL_SIZE/ });
});
