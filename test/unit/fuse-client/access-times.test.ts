import test from 'ava';
import { ino } from '../../../common/maps/ids.ts';
import { AccessTimes } from '../../../fuse-client/vfs/access-times.ts';
import type { CapKeeper } from '../../../fuse-client/vfs/cap-keeper.ts';
import { Inode } from '../../../fuse-client/vfs/inode.ts';
import type { Volume } from '../../../fuse-client/vfs/volume.ts';

const day = 86_400;
const noAtime = 0o1000000;

function setUp(atime: string): { accessTimes: AccessTimes; inode: Inode; at: { sec: number }; told: () => number } {
  const at = { sec: 10 * day };
  let told = 0;
  const volume = { config: { atime }, env: { clock: { nowTimespec: () => ({ sec: at.sec, nsec: 0 }) } } } as unknown as Volume;
  const keeper = { accessed: () => (told += 1) } as unknown as CapKeeper;
  const inode = new Inode(ino(1));
  inode.atime = inode.mtime = inode.ctime = { sec: at.sec, nsec: 0 };
  return { accessTimes: new AccessTimes(volume, keeper), inode, at, told: () => told };
}

test('access times: relatime → after a change, then not for a day', (t) => {
  const { accessTimes, inode, at, told } = setUp('relatime');
  at.sec += 10;
  t.true(accessTimes.opened(inode, 0), 'the kernel must ask');
  accessTimes.read(inode, 0);
  t.deepEqual([inode.atime.sec, told()], [at.sec, 1]);
  at.sec += day - 1;
  t.false(accessTimes.opened(inode, 0));
  accessTimes.read(inode, 0);
  t.is(told(), 1);
  at.sec += 1;
  t.true(accessTimes.opened(inode, 0));
  accessTimes.read(inode, 0);
  t.deepEqual([inode.atime.sec, told()], [at.sec, 2]);
});

test('access times: large files → keep what the kernel has of them; O_NOATIME, noatime → nothing', (t) => {
  const { accessTimes, inode, told } = setUp('relatime');
  inode.size = 1 << 20;
  t.false(accessTimes.opened(inode, 0));
  inode.size = 1;
  t.false(accessTimes.opened(inode, noAtime));
  accessTimes.read(inode, noAtime);
  const never = setUp('noatime');
  t.false(never.accessTimes.opened(never.inode, 0));
  never.accessTimes.read(never.inode, 0);
  t.deepEqual([told(), never.told()], [0, 0]);
});
