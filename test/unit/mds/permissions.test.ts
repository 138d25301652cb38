import test, { type ExecutionContext } from 'ava';
import { SetAttrField as Field } from '../../../mds/client/caps.ts';
import { bytes, RankFixture, recordOf, type RankClient } from '../../support/mds-rank.ts';
import type { Requests } from '../../../common/wire/gen/messages.ts';
import { encodeAcl } from '../../support/posix/acl.ts';

const root = { uid: 0, gid: 0, groups: [] };
const alice = { uid: 1000, gid: 1000, groups: [50] };
const bob = { uid: 1001, gid: 1001, groups: [50] };
const eve = { uid: 1002, gid: 1002, groups: [] };

async function setUp(): Promise<{ mds: RankFixture; client: RankClient }> {
  const mds = await new RankFixture().start();
  const client = await mds.connect(1);
  await client.request('setAttr', { ino: 1, fields: Field.mode, mode: 0o777 });
  return { mds, client };
}

function as(client: RankClient, who: typeof alice): RankClient {
  client.who = who;
  return client;
}

const denied = (t: ExecutionContext, run: () => Promise<unknown>, code = 'EACCES'): Promise<unknown> => t.throwsAsync(run, { code });

test('permissions: a directory’s bits → who may look, list and change', async (t) => {
  const { client } = await setUp();
  const dir = recordOf(await as(client, alice).mkdir(1, 'dir', 0o711)).ino;
  await client.create(dir, 'file');
  t.true((await as(client, eve).request('lookup', { parent: dir, name: bytes('file') })).found);
  await denied(t, () => client.request('readDir', { ino: dir }));
  await denied(t, () => client.create(dir, 'x'));
  await denied(t, () => client.request('unlink', { parent: dir, name: bytes('file') }));
  await denied(t, () => client.request('rename', { parent: dir, name: bytes('file'), newParent: 1, newName: bytes('mine') }));
  await as(client, alice).request('setAttr', { ino: dir, fields: Field.mode, mode: 0o700 });
  await denied(t, () => as(client, eve).request('lookup', { parent: dir, name: bytes('file') }));
  t.true((await as(client, root).request('lookup', { parent: dir, name: bytes('file') })).found);
});

test('permissions: sticky directory → only owners remove and rename', async (t) => {
  const { client } = await setUp();
  const tmp = recordOf(await as(client, root).mkdir(1, 'tmp', 0o1777)).ino;
  await as(client, alice).create(tmp, 'hers');
  await denied(t, () => as(client, bob).request('unlink', { parent: tmp, name: bytes('hers') }), 'EPERM');
  await denied(t, () => client.request('rename', { parent: tmp, name: bytes('hers'), newParent: tmp, newName: bytes('his') }), 'EPERM');
  await client.create(tmp, 'his');
  await denied(t, () => client.request('rename', { parent: tmp, name: bytes('his'), newParent: tmp, newName: bytes('hers') }), 'EPERM');
  await as(client, alice).request('unlink', { parent: tmp, name: bytes('hers') });
});

test('permissions: setgid directory → what is made in it has its group, directories are setgid too', async (t) => {
  const { client } = await setUp();
  const shared = recordOf(await as(client, root).mkdir(1, 'shared', 0o2777)).ino;
  await client.request('setAttr', { ino: shared, fields: Field.gid, gid: 50 });
  const file = recordOf(await as(client, alice).create(shared, 'file', 0o102775));
  t.deepEqual([file.gid, file.mode], [50, 0o102775]);
  const dir = recordOf(await client.mkdir(shared, 'dir', 0o755));
  t.deepEqual([dir.gid, dir.mode], [50, 0o42755]);
  const foreign = recordOf(await as(client, eve).create(shared, 'foreign', 0o102775));
  t.is(foreign.mode, 0o100775);
});

test('permissions: chmod, chown and times → the owner’s, giving away root’s; setuid and setgid are cleared', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o104755));
  await denied(t, () => as(client, bob).request('setAttr', { ino, fields: Field.mode, mode: 0o777 }), 'EPERM');
  await denied(t, () => client.request('setAttr', { ino, fields: Field.mtime, mtime: { sec: 1, nsec: 0 } }), 'EPERM');
  await denied(t, () => client.request('setAttr', { ino, fields: Field.mtimeNow | Field.atimeNow }));
  await denied(t, () => client.request('setAttr', { ino, fields: Field.mtimeNow }), 'EPERM');
  await denied(t, () => client.request('setAttr', { ino, fields: Field.uid, uid: alice.uid }), 'EPERM');
  await denied(t, () => client.request('setAttr', { ino, fields: Field.gid, gid: alice.gid }), 'EPERM');
  await denied(t, () => as(client, alice).request('setAttr', { ino, fields: Field.uid, uid: 1001 }), 'EPERM');
  await denied(t, () => client.request('setAttr', { ino, fields: Field.gid, gid: 77 }), 'EPERM');
  const given = recordOf(await client.request('setAttr', { ino, fields: Field.gid, gid: 50 }));
  t.deepEqual([given.gid, given.mode], [50, 0o100755]);
  const marked = recordOf(await client.request('setAttr', { ino, fields: Field.mode, mode: 0o6755 }));
  t.is(marked.mode, 0o106755);
  const killed = recordOf(await as(client, root).request('setAttr', { ino, fields: Field.killSetId }));
  t.is(killed.mode, 0o100755);
  const stranger = recordOf(await client.create(1, 'foreign', 0o100644));
  await client.request('setAttr', { ino: stranger.ino, fields: Field.uid | Field.gid, uid: 1002, gid: 77 });
  const chmodded = recordOf(await as(client, eve).request('setAttr', { ino: stranger.ino, fields: Field.mode, mode: 0o2775 }));
  t.is(chmodded.mode, 0o100775);
});

test('permissions: opening → what the handle is for', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100640));
  await denied(t, () => as(client, eve).request('open', { ino, access: 4, wanted: 4 }));
  await denied(t, () => client.request('open', { ino, access: 2, wanted: 16, truncate: true }));
  await as(client, alice).request('setAttr', { ino, fields: Field.gid, gid: 50 });
  await as(client, bob).request('open', { ino, access: 4, wanted: 4 });
  await denied(t, () => client.request('open', { ino, access: 2, wanted: 16 }));
});

test('permissions: an ACL → named users and groups, within the mask; what is made inherits the default', async (t) => {
  const { client } = await setUp();
  const acl = (...entries: [number, number, number][]): Buffer => {
    const out = Buffer.alloc(4 + 8 * entries.length);
    out.writeUInt32LE(2);
    entries.forEach(([tag, bits, id], i) => {
      out.writeUInt16LE(tag, 4 + 8 * i);
      out.writeUInt16LE(bits, 6 + 8 * i);
      out.writeUInt32LE(id, 8 + 8 * i);
    });
    return out;
  };
  const anyone = 0xffffffff;
  const list = acl([1, 7, anyone], [2, 6, bob.uid], [4, 0, anyone], [16, 6, anyone], [32, 0, anyone]);
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100600));
  const set = recordOf(await client.request('setXattr', { ino, name: bytes('system.posix_acl_access'), value: list }));
  t.is(set.mode, 0o100760);
  await as(client, bob).request('open', { ino, access: 6, wanted: 20 });
  await denied(t, () => as(client, eve).request('open', { ino, access: 4, wanted: 4 }));
  const dir = recordOf(await as(client, alice).mkdir(1, 'dir', 0o777)).ino;
  await client.request('setXattr', { ino: dir, name: bytes('system.posix_acl_default'), value: list });
  const made = recordOf(await client.create(dir, 'made', 0o100644));
  t.deepEqual([made.mode, made.xattrs.length], [0o100640, 1]);
  await as(client, bob).request('open', { ino: made.ino, access: 4, wanted: 4 });
  await denied(t, () => client.request('open', { ino: made.ino, access: 2, wanted: 16 }));
  await denied(
    t,
    () => as(client, alice).request('setXattr', { ino, name: bytes('system.posix_acl_access'), value: bytes('rubbish') }),
    'EINVAL',
  );
});

test('xattrs: create and replace flags, namespaces, sizes', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100644));
  const set = (name: string, value: Uint8Array = bytes('v'), flags = 0): Promise<unknown> =>
    client.request('setXattr', { ino, name: bytes(name), value, flags });
  await set('user.a', bytes('1'), 1);
  await denied(t, () => set('user.a', bytes('2'), 1), 'EEXIST');
  await set('user.a', bytes('2'), 2);
  await denied(t, () => set('user.b', bytes('2'), 2), 'ENODATA');
  await denied(t, () => set('trusted.a'), 'EPERM');
  await denied(t, () => set('other.a'), 'EOPNOTSUPP');
  await denied(t, () => set('user.big', Buffer.alloc(70_000)), 'ENOSPC');
  await denied(t, () => client.request('removeXattr', { ino, name: bytes('user.b') }), 'ENODATA');
  await client.request('removeXattr', { ino, name: bytes('user.a') });
  await denied(t, () => as(client, bob).request('setXattr', { ino, name: bytes('user.x'), value: bytes('') }));
});

test('permissions: moving a directory elsewhere → its own write permission too, its owner’s as well', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).mkdir(1, 'moved', 0o555));
  const other = recordOf(await client.mkdir(1, 'other', 0o777)).ino;
  const move = (): Promise<unknown> =>
    client.request('rename', { parent: 1, name: bytes('moved'), newParent: other, newName: bytes('moved') });
  await denied(t, move);
  await client.request('rename', { parent: 1, name: bytes('moved'), newParent: 1, newName: bytes('moved') });
  await client.request('setAttr', { ino, fields: Field.mode, mode: 0o755 });
  await move();
});

test('permissions: a size → by path the right to write, by descriptor a file that is open for writing', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100444));
  await denied(t, () => as(client, bob).request('setAttr', { ino, fields: Field.size, size: 10 }));
  await denied(t, () => as(client, alice).request('setAttr', { ino, fields: Field.size, size: 10 }));
  const read = recordOf(await as(client, alice).create(1, 'another', 0o100444)).ino;
  const writer = await client.fixture.connect(2);
  await denied(t, () => as(writer, alice).request('setAttr', { ino: read, fields: Field.size | Field.byHandle, size: 10 }));
  await client.request('setAttr', { ino, fields: Field.size | Field.byHandle, size: 10 });
  await denied(t, () => as(client, root).request('setAttr', { ino, fields: Field.size, size: 2 ** 44 + 1 }), 'EFBIG');
  await client.request('setAttr', { ino, fields: Field.size, size: 2 ** 44 });
});

test('permissions: setgid → stays with members of the group only; capabilities go with the data’s or owner’s change', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100666));
  await as(client, root).request('setAttr', { ino, fields: Field.gid, gid: 77 });
  await client.request('setAttr', { ino, fields: Field.mode, mode: 0o2666 });
  t.is(recordOf(await as(client, root).request('setAttr', { ino, fields: Field.killSetId })).mode, 0o102666, 'a lock mark');
  t.is(recordOf(await as(client, bob).request('setAttr', { ino, fields: Field.killSetId })).mode, 0o100666);
  const dir = recordOf(await as(client, alice).mkdir(1, 'dir', 0o777)).ino;
  await as(client, root).request('setAttr', { ino: dir, fields: Field.gid, gid: 77 });
  t.is(recordOf(await as(client, alice).request('setAttr', { ino: dir, fields: Field.mode, mode: 0o2777 })).mode, 0o40777);
  const capability = { ino, name: bytes('security.capability'), value: bytes('x') };
  for (const fields of [Field.dropCapability, Field.uid, Field.size]) {
    t.is(recordOf(await as(client, root).request('setXattr', capability)).xattrs.length, 1);
    t.is(recordOf(await client.request('setAttr', { ino, fields, uid: 1000, size: 0 })).xattrs.length, 0);
  }
});

test('permissions: an ACL that says what the mode says → is the mode; wrong ones are refused; removing none does nothing', async (t) => {
  const { client } = await setUp();
  const anyone = -1;
  const set = (ino: number, which: string, entries: Parameters<typeof encodeAcl>[0]): Promise<Requests['setXattr']['reply']> =>
    client.request('setXattr', { ino, name: bytes(`system.posix_acl_${which}`), value: encodeAcl(entries) });
  const mode = [
    { tag: 'userObject', permissions: 6 },
    { tag: 'groupObject', permissions: 4 },
    { tag: 'other', permissions: 0 },
  ] as const;
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o102777));
  const set1 = recordOf(await set(ino, 'access', mode));
  t.deepEqual([set1.mode, set1.xattrs.length], [0o102640, 0]);
  for (const wrong of [
    mode.slice(1),
    [...mode, { tag: 'mask', permissions: 7 }],
    [mode[0], { tag: 'user', permissions: 7, id: 5 }, mode[1], mode[2]],
    [mode[0], mode[1], mode[1], mode[2]],
    [mode[0], { tag: 'user', permissions: 7, id: anyone >>> 0 }, mode[1], { tag: 'mask', permissions: 7 }, mode[2]],
    [{ tag: 'userObject', permissions: 8 }, mode[1], mode[2]],
  ] as const)
    await denied(t, () => set(ino, 'access', wrong), 'EINVAL');
  await denied(t, () => set(ino, 'default', mode), 'EACCES');
  await denied(
    t,
    () => as(client, bob).request('setXattr', { ino, name: bytes('system.posix_acl_access'), value: encodeAcl(mode) }),
    'EPERM',
  );
  const { version } = recordOf(await as(client, alice).request('getAttr', { ino }));
  await client.request('removeXattr', { ino, name: bytes('system.posix_acl_access') });
  t.is(recordOf(await client.request('getAttr', { ino })).version, version);
});

test('permissions: the umask → applied by the MDS, unless the directory has a default ACL', async (t) => {
  const { client } = await setUp();
  const make = async (parent: number, name: string): Promise<number> =>
    recordOf(
      await client.request('create', { parent, name: bytes(name), mode: 0o100666, umask: 0o077, ino: client.nextIno++, exclusive: true }),
    ).mode;
  t.is(await make(1, 'masked'), 0o100600);
  const { ino } = recordOf(await client.mkdir(1, 'dir', 0o777));
  const value = encodeAcl([
    { tag: 'userObject', permissions: 7 },
    { tag: 'groupObject', permissions: 5 },
    { tag: 'other', permissions: 4 },
  ]);
  await client.request('setXattr', { ino, name: bytes('system.posix_acl_default'), value });
  t.is(await make(ino, 'not masked'), 0o100644);
});

test('permissions: file capabilities → set by root, taken away by whoever may write', async (t) => {
  const { client } = await setUp();
  const { ino } = recordOf(await as(client, alice).create(1, 'file', 0o100644));
  const name = bytes('security.capability');
  await denied(t, () => client.request('setXattr', { ino, name, value: bytes('x') }), 'EPERM');
  await as(client, root).request('setXattr', { ino, name, value: bytes('x') });
  const stranger = await client.fixture.connect(2);
  await denied(t, () => as(stranger, bob).request('removeXattr', { ino, name }));
  t.is(recordOf(await as(client, alice).request('removeXattr', { ino, name })).xattrs.length, 0);
});
