import test, { type ExecutionContext } from 'ava';
import type { Init, RenameRequest } from '../../../common/wire/gen/messages.ts';
import { Cap, SetAttrField as Field } from '../../../mds/client/caps.ts';
import { linksMax } from '../../../mds/client/limits.ts';
import { bytes, givenBy, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';

async function setUp(): Promise<{ mds: RankFixture; client: RankClient }> {
  const mds = await new RankFixture().start();
  return { mds, client: await mds.connect(1) };
}

const fails = (t: ExecutionContext, run: () => Promise<unknown>, code: string): Promise<unknown> => t.throwsAsync(run, { code }, code);

function rename(client: RankClient, from: number, name: string, to: number, newName: string, flags = 0): Promise<Init<RenameRequest>> {
  return client.request('rename', { parent: from, name: bytes(name), newParent: to, newName: bytes(newName), flags }) as Promise<
    Init<RenameRequest>
  >;
}

test('rename: onto itself or another name of the same file → nothing happens', async (t) => {
  const { mds, client } = await setUp();
  const file = recordOf(await client.create(1, 'a'));
  await client.request('link', { ino: file.ino, parent: 1, name: bytes('b') });
  const before = await mds.tree(client);
  await rename(client, 1, 'a', 1, 'a');
  await rename(client, 1, 'a', 1, 'b');
  t.deepEqual(await mds.tree(client), before);
});

test('rename: over a file → it is replaced, and gone once nobody uses it', async (t) => {
  const { mds, client } = await setUp();
  const a = recordOf(await client.create(1, 'a'));
  const b = recordOf(await client.create(1, 'b'));
  const reply = await client.request('rename', { parent: 1, name: bytes('a'), newParent: 1, newName: bytes('b') });
  t.true(reply.replaced);
  t.is(reply.head?.grants[1]?.inode?.ino, b.ino);
  t.is(reply.head?.grants[1]?.inode?.nlink, 0);
  t.deepEqual([...(await mds.tree(client)).keys()], ['/b']);
  t.is(recordOf(await client.request('lookup', { parent: 1, name: bytes('b') })).ino, a.ino);
  client.release([{ ino: b.ino, seq: 1 }]);
  await mds.until(mds.world.sleep(50));
  await fails(t, () => client.request('getAttr', { ino: b.ino }), 'ESTALE');
});

test('rename: what rename(2) refuses', async (t) => {
  const { client } = await setUp();
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const below = recordOf(await client.mkdir(dir, 'below')).ino;
  const full = recordOf(await client.mkdir(1, 'full')).ino;
  await client.create(full, 'x');
  await client.mkdir(1, 'empty');
  await client.create(1, 'file');
  await fails(t, () => rename(client, 1, 'none', 1, 'x'), 'ENOENT');
  await fails(t, () => rename(client, 1, 'dir', below, 'x'), 'EINVAL');
  await fails(t, () => rename(client, 1, 'dir', dir, 'x'), 'EINVAL');
  await fails(t, () => rename(client, 1, 'dir', 1, 'full'), 'ENOTEMPTY');
  await fails(t, () => rename(client, 1, 'dir', 1, 'file'), 'ENOTDIR');
  await fails(t, () => rename(client, 1, 'file', 1, 'empty'), 'EISDIR');
  await fails(t, () => rename(client, 1, 'file', 1, 'dir', 1), 'EEXIST');
  await fails(t, () => rename(client, 1, 'file', 1, 'none', 2), 'ENOENT');
  await fails(t, () => rename(client, 1, 'dir', below, 'none', 2), 'ENOENT');
  await fails(t, () => rename(client, 1, 'file', 1, 'x', 3), 'EINVAL');
  await fails(t, () => rename(client, 1, 'file', 1, 'n'.repeat(256)), 'ENAMETOOLONG');
  await rename(client, 1, 'dir', 1, 'empty');
});

test('rename: a directory moves → its counts, links and parent move with it', async (t) => {
  const { client } = await setUp();
  const a = recordOf(await client.mkdir(1, 'a')).ino;
  const b = recordOf(await client.mkdir(1, 'b')).ino;
  const dir = recordOf(await client.mkdir(a, 'dir')).ino;
  await client.create(dir, 'file');
  const nlink = async (ino: number): Promise<number> => recordOf(await client.request('getAttr', { ino })).nlink;
  t.deepEqual([await nlink(a), await nlink(b)], [3, 2]);
  await rename(client, a, 'dir', b, 'dir');
  t.deepEqual([await nlink(a), await nlink(b)], [2, 3]);
  t.is(recordOf(await client.request('lookup', { parent: dir, name: bytes('..') })).ino, b);
});

test('rename: exchange → each has the other place, names and listings stay whole', async (t) => {
  const { mds, client } = await setUp();
  const a = recordOf(await client.mkdir(1, 'a')).ino;
  const dir = recordOf(await client.mkdir(a, 'x')).ino;
  await client.create(dir, 'inside');
  const file = recordOf(await client.create(1, 'y')).ino;
  await rename(client, a, 'x', 1, 'y', 2);
  t.deepEqual([...(await mds.tree(client)).keys()].sort(), ['/a', '/a/x', '/y', '/y/inside']);
  t.is(recordOf(await client.request('lookup', { parent: a, name: bytes('x') })).ino, file);
  t.is(recordOf(await client.request('getAttr', { ino: a })).nlink, 2);
  await fails(t, () => rename(client, 1, 'y', a, 'none', 2), 'ENOENT');
  await rename(client, 1, 'a', 1, 'y', 2);
  await fails(t, () => rename(client, 1, 'y', 1, 'y/'), 'EINVAL');
});

test('links: a file of several names → one inode under all of them until the last goes, wherever the first was', async (t) => {
  const { mds, client } = await setUp();
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const { ino } = recordOf(await client.create(1, 'first'));
  await client.request('link', { ino, parent: dir, name: bytes('second') });
  await client.request('link', { ino, parent: dir, name: bytes('third') });
  await client.request('unlink', { parent: 1, name: bytes('first') });
  await rename(client, dir, 'second', 1, 'again');
  await client.request('setAttr', { ino, fields: Field.mode, mode: 0o600 });
  t.deepEqual([...(await mds.tree(client))].sort(), [
    ['/again', `${ino.toString(16)} 100600 n2 s0 0:0`],
    ['/dir', `${dir.toString(16)} 40755 n2 s0 0:0`],
    ['/dir/third', `${ino.toString(16)} 100600 n2 s0 0:0`],
  ]);
  await fails(t, () => client.request('link', { ino: dir, parent: 1, name: bytes('no') }), 'EPERM');
  await client.request('unlink', { parent: 1, name: bytes('again') });
  const last = await client.request('unlink', { parent: dir, name: bytes('third') });
  t.is(recordOf(last).nlink, 0);
  await fails(t, () => client.request('link', { ino, parent: 1, name: bytes('late') }), 'ENOENT');
});

test('rename: exchange of a directory with a file that has its other name in it → each has the other place', async (t) => {
  for (const [first, second] of [
    ['dir', 'file'],
    ['file', 'dir'],
  ] as const) {
    const { client } = await setUp();
    const { ino: dir } = recordOf(await client.mkdir(1, 'dir'));
    const { ino: file } = recordOf(await client.create(1, 'file'));
    await client.request('link', { ino: file, parent: dir, name: bytes('other') });
    await client.request('rename', { parent: 1, name: bytes(first), newParent: 1, newName: bytes(second), flags: 2 });
    t.is(recordOf(await client.request('lookup', { parent: 1, name: bytes('file') })).ino, dir);
    t.is(recordOf(await client.request('lookup', { parent: 1, name: bytes('dir') })).ino, file);
    t.is(recordOf(await client.request('lookup', { parent: dir, name: bytes('other') })).ino, file);
    t.is(recordOf(await client.request('getAttr', { ino: file })).nlink, 2);
  }
});

test('links: as many as there may be → EMLINK', async (t) => {
  const { mds, client } = await setUp();
  const { ino } = recordOf(await client.create(1, 'file'));
  const inode = mds.rank.core.cache.inode(ino);
  inode.nlink = linksMax;
  await fails(t, () => client.request('link', { ino, parent: 1, name: bytes('one too many') }), 'EMLINK');
});

test('directories: removal → only when empty, and nothing can be made in what is gone', async (t) => {
  const { client } = await setUp();
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  await client.create(dir, 'file');
  await fails(t, () => client.request('unlink', { parent: 1, name: bytes('dir'), directory: true }), 'ENOTEMPTY');
  await fails(t, () => client.request('unlink', { parent: 1, name: bytes('dir') }), 'EISDIR');
  await fails(t, () => client.request('unlink', { parent: dir, name: bytes('file'), directory: true }), 'ENOTDIR');
  await client.request('unlink', { parent: dir, name: bytes('file') });
  await client.request('unlink', { parent: 1, name: bytes('dir'), directory: true });
  await fails(t, () => client.create(dir, 'late'), 'ENOENT');
  t.deepEqual((await client.request('readDir', { ino: dir })).entries, []);
});

test('numbers: used twice, or not the session’s → EINVAL, nothing made', async (t) => {
  const { mds, client } = await setUp();
  const { ino } = recordOf(await client.create(1, 'a'));
  await fails(t, () => client.create(1, 'b', 0o100644, { ino }), 'EINVAL');
  await fails(t, () => client.create(1, 'b', 0o100644, { ino: 5 }), 'EINVAL');
  const other = await mds.connect(2);
  await fails(t, () => other.create(1, 'b', 0o100644, { ino: client.nextIno }), 'EINVAL');
  t.deepEqual([...(await mds.tree(client)).keys()], ['/a']);
});

test('names: any bytes but slash and zero, up to 255 → kept as they are', async (t) => {
  const { mds, client } = await setUp();
  const odd = String.fromCharCode(...Array.from({ length: 255 }, (_, i) => (i + 1 === 0x2f ? 1 : i + 1)));
  await client.create(1, odd);
  t.deepEqual([...(await mds.tree(client)).keys()], [`/${odd}`]);
  for (const name of ['', '.', '..', 'a/b', 'a\0']) await fails(t, () => client.create(1, name), 'EINVAL');
  await fails(t, () => client.create(1, 'x'.repeat(256)), 'ENAMETOOLONG');
});

test('times: nanoseconds and years far away are kept, ctime never goes back', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await client.create(1, 'a', undefined, {}));
  const old = { sec: -5_000_000_000, nsec: 123_456_789 };
  const far = { sec: 20_000_000_000, nsec: 1 };
  await client.request(
    'setAttr',
    { ino, fields: Field.atime | Field.mtime, atime: old, mtime: far },
    { time: { sec: 3_000_000_000, nsec: 5 } },
  );
  const changed = recordOf(await client.request('setAttr', { ino, fields: Field.mode, mode: 0o640 }, { time: { sec: 1, nsec: 0 } }));
  t.deepEqual([changed.atime, changed.mtime, changed.ctime], [old, far, { sec: 3_000_000_000, nsec: 5 }]);
});

test('recursive counts: files, directories and bytes below → known at the root in the end', async (t) => {
  const { mds, client } = await setUp();
  const a = recordOf(await client.mkdir(1, 'a')).ino;
  const b = recordOf(await client.mkdir(a, 'b')).ino;
  const { ino } = recordOf(await client.create(b, 'file'));
  await client.request('setAttr', { ino, fields: Field.size, size: 1000 });
  await client.request('link', { ino, parent: a, name: bytes('other') });
  await mds.until(mds.world.sleep(20_000));
  const counts = async (): Promise<unknown> => {
    const { bytes: size, files, subdirs } = recordOf(await client.request('getAttr', { ino: 1 })).recursive ?? {};
    return [size, files, subdirs];
  };
  t.deepEqual(await counts(), [1000, 2, 2]);
  await rename(client, a, 'b', 1, 'b');
  await client.request('unlink', { parent: a, name: bytes('other') });
  await mds.until(mds.world.sleep(20_000));
  t.deepEqual(await counts(), [1000, 1, 2]);
  await client.request('link', { ino, parent: a, name: bytes('other') });
  await client.request('unlink', { parent: b, name: bytes('file') });
  await mds.until(mds.world.sleep(20_000));
  t.deepEqual(await counts(), [1000, 1, 2]);
});

test('files without a name: linked by who made them → names like others; never linked → gone when nobody has them open', async (t) => {
  const { mds, client } = await setUp();
  const unnamed = async (mode = 0o100644): Promise<{ readonly ino: number; readonly seq: number }> => {
    const reply = await client.create(1, '', mode, { wanted: Cap.fileWrite });
    t.is(recordOf(reply).nlink, 0);
    return givenBy(reply);
  };
  const dir = recordOf(await client.mkdir(1, 'dir')).ino;
  const [first, second] = [await unnamed(), await unnamed()];
  t.deepEqual([...(await mds.tree(client)).keys()], ['/dir']);
  const other = await mds.connect(2);
  const link = (from: RankClient, name: string, mayBeFirst: boolean): Promise<unknown> =>
    from.request('link', { ino: first.ino, parent: dir, name: bytes(name), unnamed: mayBeFirst });
  await fails(t, () => link(client, 'a', false), 'ENOENT');
  await fails(t, () => link(other, 'a', true), 'ENOENT');
  await link(client, 'a', true);
  await link(client, 'b', true);
  await client.request('unlink', { parent: dir, name: bytes('a') });
  t.deepEqual([...(await mds.tree(client)).keys()], ['/dir', '/dir/b']);
  t.is(recordOf(await client.request('getAttr', { ino: first.ino })).nlink, 1);
  client.release([second]);
  await mds.until(mds.world.sleep(50));
  await fails(t, () => client.request('getAttr', { ino: second.ino }), 'ESTALE');
  await fails(t, () => unnamed(0o40755), 'EINVAL');
  await fails(t, () => client.create(1, ''), 'EINVAL');
});
