import test from 'ava';
import { ino } from '../../../common/maps/ids.ts';
import { FileType } from '../../../mds/client/index.ts';
import { CapKeeper } from '../../../fuse-client/vfs/cap-keeper.ts';
import { bufferCaps, Inode } from '../../../fuse-client/vfs/inode.ts';
import type { Volume } from '../../../fuse-client/vfs/volume.ts';

test('cap keeper: what is asked for is held, being recalled, and the lease is over → waits for the lease alone', async (t) => {
  let leased = false;
  let renew = (): void => undefined;
  const renewed = new Promise<void>((resolve) => (renew = resolve));
  const rank = { ready: () => Promise.resolve(), leaseValid: () => renewed };
  const volume = { mds: { of: () => rank }, leased: () => leased, config: { namesMax: 16 } } as unknown as Volume;
  const keeper = new CapKeeper(volume);
  const inode = new Inode(ino(100));
  inode.mode = FileType.regular | 0o644;
  inode.caps = bufferCaps;
  // It waits for a page that whoever asks holds.
  inode.recall = { keep: 0, seq: 1, sizeTold: false, done: new Promise(() => undefined) };
  let isHeld = false;
  const acquired = keeper.acquire(inode, bufferCaps).then(() => (isHeld = true));
  await new Promise(setImmediate);
  t.false(isHeld);
  leased = true;
  renew();
  await acquired;
  t.true(isHeld);
});
