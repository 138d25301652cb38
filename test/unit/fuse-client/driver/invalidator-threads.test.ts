import test from 'ava';
import { byteStringOf, ino } from '../../../../common/maps/ids.ts';
import type { FuseDevice } from '../../../../fuse-client/driver/kernel/device.ts';
import { KernelInvalidator } from '../../../../fuse-client/driver/kernel/invalidator.ts';
import type { Context } from '../../../../fuse-client/driver/kernel/operation.ts';
import { quietLog } from '../../../support/quiet-log.ts';

const recallsCode = 2;

/** A kernel that keeps every notification waiting until it is let go. */
class Kernel {
  readonly waiting: { readonly code: number; readonly inode: number; readonly letGo: () => void }[] = [];

  readonly device = {
    notify: (message: Uint8Array) =>
      new Promise<number>((resolve) => {
        const words = new Uint32Array(message.buffer, message.byteOffset, message.length / 4);
        this.waiting.push({ code: words[1] ?? 0, inode: words[4] ?? 0, letGo: () => resolve(0) });
      }),
    notifyNow: () => 0,
  } as unknown as FuseDevice;

  invalidator(threads: number): KernelInvalidator {
    const context = { isReferenced: () => true, namesCacheable: true, canPrune: true } as unknown as Context;
    return new KernelInvalidator(this.device, { log: quietLog, context, threads });
  }
}

for (const threads of [4, 8]) {
  test(`invalidator: the kernel keeps everything waiting, ${threads} threads → one is left for others`, (t) => {
    const kernel = new Kernel();
    const invalidator = kernel.invalidator(threads);
    for (let i = 1; i <= 20; i++) {
      void invalidator.invalidateInode(ino(i), 0, 0);
      void invalidator.invalidateInode(ino(100 + i), 0, 0, true);
      void invalidator.invalidateEntry(ino(1), byteStringOf(`n${i}`));
      void invalidator.prune([ino(200 + i)]);
    }
    t.is(kernel.waiting.length, threads - 1);
  });
}

test('invalidator: data that belongs to calls which wait for others → what is recalled does not wait behind it', async (t) => {
  const kernel = new Kernel();
  const invalidator = kernel.invalidator(4);
  const stuck = [1, 2, 3].map((number) => invalidator.invalidateInode(ino(number), 0, 0));
  const recalled = invalidator.invalidateInode(ino(9), 0, 0, true);
  const last = kernel.waiting.at(-1);
  t.deepEqual([last?.code, last?.inode], [recallsCode, 9]);
  last?.letGo();
  await recalled;
  // And those go on, one by one, when they can.
  for (const number of [1, 2, 3]) {
    const [first] = kernel.waiting.filter(({ inode }) => inode === number);
    first?.letGo();
    await stuck[number - 1];
  }
  t.pass();
});
