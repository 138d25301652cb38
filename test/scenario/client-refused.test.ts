import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { RequestDesk } from '../../mds/request-desk.ts';
import { tell } from '../support/tell.ts';

// Serial: both change what the MDS's shell does, for a moment.

test.serial('fsync: the MDS refused the size of written data in the background → it is reported, once', async (t) => {
  // An MDS that cannot take the update, as when what it needs of the metadata pool is damaged.
  let refuses = false;
  const take = Object.getOwnPropertyDescriptor(RequestDesk.prototype, 'capUpdate')?.value as RequestDesk['capUpdate'];
  RequestDesk.prototype.capUpdate = async function (this: RequestDesk, incoming) {
    if (refuses && incoming.message.dirty !== null) throw new FsError('EIO', 'the directory of this inode is damaged');
    return await take.call(this, incoming);
  };
  try {
    await tell(1, async (cluster) => {
      const { paths } = await cluster.connect('a');
      const file = await paths.open('/f', 'w+');
      await file.write('abc');
      await file.fsync();
      cluster.world.logs.expectError(/the MDS refused attributes/);
      refuses = true;
      await file.write('def');
      await cluster.world.sleep(20_000);
      refuses = false;
      await t.throwsAsync(file.fsync(), { code: 'EIO', message: /damaged/ });
      await file.write('ghi');
      await file.fsync();
      await file.close();
    });
  } finally {
    RequestDesk.prototype.capUpdate = take;
  }
});

test.serial('chown: the MDS cannot do it → fsync reports it, once, and the file is as it was', async (t) => {
  // An MDS that cannot take the change, as when what it needs of the metadata pool is damaged.
  let refuses = false;
  const operate = Object.getOwnPropertyDescriptor(RequestDesk.prototype, 'operate')?.value as RequestDesk['operate'];
  RequestDesk.prototype.operate = function (this: RequestDesk, name, incoming) {
    if (refuses && name === 'setAttr') throw new FsError('EIO', 'the directory of this inode is damaged');
    return operate.call(this, name, incoming);
  };
  try {
    await tell(2, async (cluster) => {
      const { paths } = await cluster.connect('a');
      const file = await paths.open('/f', 'w+');
      await file.fsync();
      cluster.world.logs.expectError(/the MDS refused attributes/);
      refuses = true;
      await paths.chown('/f', 12, 34);
      await cluster.world.sleep(1_000);
      refuses = false;
      t.is((await paths.stat('/f')).uid, 0);
      await t.throwsAsync(file.fsync(), { code: 'EIO', message: /damaged/ });
      await file.fsync();
      await file.close();
    });
  } finally {
    RequestDesk.prototype.operate = operate;
  }
});

test.serial(
  'refused: another cuts a file that has just been written, by path or by opening it → EACCES, and nothing of it is lost',
  async (t) => {
    await tell(7, async (cluster) => {
      const { filesystem, paths } = await cluster.connect('a');
      const file = await paths.open('/f', 'w+', 0o644);
      await file.write('not yet written back');
      const alice = { uid: 1001, gid: 1001, groups: [], pid: 1 };
      const { ino } = file.handle;
      await t.throwsAsync(async () => await filesystem.setAttributes(alice, ino, { size: 3 }), { code: 'EACCES' });
      t.is((await paths.readFile('/f')).toString(), 'not yet written back');
      await file.write(', and more');
      await t.throwsAsync(async () => await filesystem.open(alice, ino, 0o1001), { code: 'EACCES' });
      t.is((await paths.readFile('/f')).toString(), 'not yet written back, and more');
      await file.fsync();
      const b = await cluster.connect('b');
      t.is((await b.paths.readFile('/f')).toString(), 'not yet written back, and more');
      await file.close();
    });
  },
);
