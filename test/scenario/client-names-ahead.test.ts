import test from 'ava';
import { FsError } from '../../common/errors/fs-error.ts';
import { RequestDesk } from '../../mds/request-desk.ts';
import { tell } from '../support/tell.ts';

const names = Array.from({ length: 300 }, (_, n) => `n${n}`);

test('create, mkdir, symlink: in a directory that this host alone uses → answered at once, the same for ever, seen by the other host’s next call', async (t) => {
  await tell(1, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    const started = world.nowMs;
    await (await a.paths.open('/d/f', 'wx', 0o640)).close();
    await a.paths.mkdir('/d/sub');
    await a.paths.mkdir('/d/sub/below');
    await a.paths.writeFile('/d/sub/g', 'abc');
    await a.paths.symlink('f', '/d/link');
    t.is(world.nowMs, started, 'nobody was asked');
    const paths = ['/d', '/d/f', '/d/sub', '/d/sub/below', '/d/sub/g'];
    const here = await Promise.all(paths.map((path) => a.paths.stat(path)));
    t.is(world.nowMs, started);
    const there = await Promise.all(paths.map((path) => b.paths.stat(path)));
    const later = await Promise.all(paths.map((path) => a.paths.stat(path)));
    t.is(JSON.stringify(there), JSON.stringify(here), 'on the other host');
    t.is(JSON.stringify(later), JSON.stringify(here), 'when the MDS has answered');
    t.is(here[0]?.nlink, 3);
    t.deepEqual(await b.paths.readdir('/d'), await a.paths.readdir('/d'));
    t.is(await b.paths.readlink('/d/link'), 'f');
    t.is((await b.paths.readFile('/d/sub/g')).toString(), 'abc');
  });
});

test('create: more than may be ahead, all at once, the other host lists meanwhile → it sees all that had returned', async (t) => {
  await tell(2, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    await Promise.all(names.map((name) => a.paths.mkdir(`/d/${name}`)));
    const half = names.map((name) => a.paths.writeFile(`/d/${name}/f`, name));
    const listed = await b.paths.readdir('/d');
    t.deepEqual(listed.sort(), [...names].sort());
    await Promise.all(half);
    for (const name of names.slice(0, 20)) t.is((await b.paths.readFile(`/d/${name}/f`)).toString(), name);
  });
});

test('create: the MDS dies before it has heard of it → made by the next one before anybody looks', async (t) => {
  await tell(3, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    await a.paths.writeFile('/d/before', 'before');
    await a.paths.fsyncDirectory('/d');
    cluster.crash('mds.a');
    await a.paths.mkdir('/d/sub');
    const file = await a.paths.open('/d/sub/f', 'wx');
    await file.write('abc');
    await a.paths.chmod('/d/sub/f', 0o600);
    const synced = file.fsync();
    const seen = b.paths.readdir('/d');
    await cluster.world.sleep(300);
    await cluster.boot('mds.a');
    t.deepEqual((await seen).sort(), ['before', 'sub']);
    await synced;
    await file.close();
    t.is((await b.paths.readFile('/d/sub/f')).toString(), 'abc');
    t.is((await b.paths.stat('/d/sub/f')).mode & 0o7777, 0o600);
  });
});

test('create: the connection breaks before its answer comes → made once', async (t) => {
  await tell(4, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    for (let round = 0; round < 5; round++) {
      await a.paths.mkdir(`/d/r${round}`);
      await a.paths.writeFile(`/d/r${round}/f`, `${round}`);
      // Some have reached the MDS and are not answered.
      await world.sleep(0.2 * round);
      world.fabric.partition(['a'], ['mds.a']);
      await world.sleep(500);
      world.fabric.heal();
      t.is((await b.paths.readdir('/d')).length, round + 1);
      t.is((await b.paths.readFile(`/d/r${round}/f`)).toString(), `${round}`);
    }
  });
});

test('fsync of a file and of a directory: what was made ahead survives everything', async (t) => {
  await tell(5, async (cluster) => {
    const a = await cluster.connect('a');
    await a.paths.mkdir('/d');
    await a.paths.mkdir('/d/synced');
    await a.paths.fsyncDirectory('/d');
    const file = await a.paths.open('/d/f', 'wx');
    await file.fsync();
    cluster.crashClient('a');
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    const b = await cluster.connect('b');
    t.deepEqual((await b.paths.readdir('/d')).sort(), ['f', 'synced']);
  });
});

for (const which of ['directory', 'file'])
  test(`fsync of a ${which} that was changed, and that the client has forgotten since → the change survives everything (seed 10006)`, async (t) => {
    await tell(
      11,
      async (cluster) => {
        const { world } = cluster;
        const a = await cluster.connect('a');
        const b = await cluster.connect('b');
        await b.paths.mkdir('/others');
        for (let n = 0; n < 40; n++) await b.paths.writeFile(`/others/${n}`, '');
        await b.paths.sync();
        await a.paths.mkdir('/d');
        await a.paths.writeFile('/d/before', 'x');
        await a.paths.sync();
        const changedMs = world.nowMs;
        if (which === 'directory') await a.paths.rename('/d/before', '/d/after');
        else await a.paths.chmod('/d/before', 0o600);
        // Of so many it forgets some.
        for (let n = 0; n < 40; n++) await a.paths.stat(`/others/${n}`);
        t.true(world.nowMs - changedMs < 500, 'the journal has been written by itself');
        if (which === 'directory') await a.paths.fsyncDirectory('/d');
        else await (await a.paths.open('/d/before', 'r')).fsync();
        t.true(world.nowMs - changedMs < 500, 'the journal has been written by itself');
        cluster.crashClient('a');
        cluster.crash('mds.a');
        await cluster.boot('mds.a');
        if (which === 'directory') t.deepEqual(await b.paths.readdir('/d'), ['after']);
        else t.is((await b.paths.stat('/d/before')).mode & 0o777, 0o600);
      },
      { clientConfig: { inodesMax: 16 }, mdsConfig: { journalDelayMs: 1_000 } },
    );
  });

test('a host is cut off with what it has made ahead → others wait for it no longer than its lease; it hears of the loss by fsync', async (t) => {
  await tell(
    6,
    async (cluster) => {
      const { world } = cluster;
      const a = await cluster.connect('a');
      const b = await cluster.connect('b');
      await a.paths.mkdir('/d');
      await a.paths.writeFile('/d/kept', 'kept');
      await a.paths.sync();
      world.logs.expectError(/a change of names is lost/);
      world.logs.expectError(/evicted before this was written/);
      world.fabric.partition(['a'], cluster.daemonNames);
      const file = await a.paths.open('/d/lost', 'wx');
      t.deepEqual(await b.paths.readdir('/d'), ['kept']);
      world.fabric.heal();
      await world.sleep(5_000);
      t.true(world.logs.matching(/a change of names is lost/).some(({ fields }) => fields['name'] === 'lost'));
      await t.throwsAsync(file.fsync(), { code: 'EIO' });
      await t.throwsAsync(a.paths.fsyncDirectory('/d'), { code: 'EIO' });
      await a.paths.fsyncDirectory('/d');
      t.deepEqual(await a.paths.readdir('/d'), ['kept']);
    },
    { mdsConfig: { sessionLeaseMs: 2_000 } },
  );
});

test('unlink, rmdir, rename within a directory: of what this host alone uses → at once, the same for ever, seen by the other host’s next call', async (t) => {
  await tell(9, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    await a.paths.mkdir('/d/gone');
    for (const name of ['f', 'g', 'h']) await a.paths.writeFile(`/d/${name}`, name);
    await a.paths.fsyncDirectory('/d');
    const started = world.nowMs;
    const file = await a.paths.open('/d/g', 'r+');
    await a.paths.unlink('/d/f');
    await a.paths.rmdir('/d/gone');
    await a.paths.rename('/d/h', '/d/g');
    await a.paths.rename('/d/g', '/d/moved');
    await a.paths.writeFile('/d/f', 'another');
    await t.throwsAsync(a.paths.stat('/d/gone'), { code: 'ENOENT' });
    await t.throwsAsync(a.paths.stat('/d/h'), { code: 'ENOENT' });
    t.is((await a.paths.readFile('/d/moved')).toString(), 'h');
    t.is((await file.read(9, 0)).toString(), 'g', 'open, though it has no name any more');
    t.is((await file.stat()).nlink, 0);
    t.is(world.nowMs, started, 'nobody was asked');
    const paths = ['/d', '/d/f', '/d/moved'];
    const here = await Promise.all(paths.map((path) => a.paths.stat(path)));
    const there = await Promise.all(paths.map((path) => b.paths.stat(path)));
    t.is(JSON.stringify(there), JSON.stringify(here), 'on the other host');
    t.is(JSON.stringify(await Promise.all(paths.map((path) => a.paths.stat(path)))), JSON.stringify(here), 'when the MDS has answered');
    t.deepEqual((await b.paths.readdir('/d')).sort(), ['f', 'moved']);
    t.is((await b.paths.readFile('/d/moved')).toString(), 'h');
    t.is((await b.paths.readFile('/d/f')).toString(), 'another');
    t.is((await file.read(9, 0)).toString(), 'g');
    await file.close();
  });
});

test('unlink, rename: the MDS dies in the middle of many → each has happened once', async (t) => {
  await tell(10, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    for (let round = 0; round < 4; round++) {
      for (const n of names.keys()) {
        await a.paths.writeFile('/d/tmp', `${round} ${n}`);
        if (n % 3 === 0) await a.paths.unlink('/d/tmp');
        else await a.paths.rename('/d/tmp', `/d/n${n % 10}`);
        if (n !== 50 * (round + 1)) continue;
        await cluster.world.sleep(0.3 * round);
        cluster.crash('mds.a');
        void cluster.world.sleep(200).then(() => cluster.boot('mds.a'));
      }
      t.deepEqual(
        (await b.paths.readdir('/d')).sort(),
        Array.from({ length: 10 }, (_, n) => `n${n}`),
      );
      t.is((await b.paths.readFile('/d/n9')).toString(), `${round} 299`);
      t.is((await a.paths.stat('/d')).size, 10);
    }
  });
});

test('unlink, rename: of a file that has another name, that the other host uses, or that is another’s in a sticky directory → the MDS is asked', async (t) => {
  await tell(11, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.mkdir('/d');
    await a.paths.mkdir('/e');
    await a.paths.writeFile('/d/f', 'f');
    await a.paths.link('/d/f', '/e/f');
    await a.paths.unlink('/d/f');
    t.is((await b.paths.readFile('/e/f')).toString(), 'f');
    t.is((await b.paths.stat('/e/f')).nlink, 1);

    await a.paths.writeFile('/d/used', 'used');
    const reader = await b.paths.open('/d/used');
    await cluster.world.sleep(2_000);
    await a.paths.writeFile('/d/other', 'other');
    await a.paths.rename('/d/other', '/d/used');
    t.is((await reader.read(9, 0)).toString(), 'used');
    t.is((await reader.stat()).nlink, 0);
    t.is((await b.paths.readFile('/d/used')).toString(), 'other');
    await reader.close();

    await a.paths.mkdir('/sticky');
    await a.paths.chmod('/sticky', 0o1777);
    await a.paths.writeFile('/sticky/f', '');
    const alice = a.paths.as({ uid: 1001, gid: 1001 });
    await t.throwsAsync(alice.unlink('/sticky/f'), { code: 'EPERM' });
    await t.throwsAsync(alice.rename('/sticky/f', '/sticky/g'), { code: 'EPERM' });
    await alice.writeFile('/sticky/hers', '');
    await alice.rename('/sticky/hers', '/sticky/own');
    await alice.unlink('/sticky/own');
    t.deepEqual(await b.paths.readdir('/sticky'), ['f']);
  });
});

// Serial: it changes what the MDS's shell does, for a moment.
test.serial('create: the MDS cannot do it → fsync of file and directory report it, once, and there is no such name', async (t) => {
  let refuses = false;
  const operate = Object.getOwnPropertyDescriptor(RequestDesk.prototype, 'operate')?.value as RequestDesk['operate'];
  RequestDesk.prototype.operate = function (this: RequestDesk, name, incoming) {
    if (refuses && name === 'create') throw new FsError('ENOSPC', 'the metadata pool is full');
    return operate.call(this, name, incoming);
  };
  try {
    await tell(7, async (cluster) => {
      const { paths } = await cluster.connect('a');
      await paths.mkdir('/d');
      await paths.writeFile('/d/before', 'abc');
      await paths.fsyncDirectory('/d');
      cluster.world.logs.expectError(/a change of names is lost/);
      refuses = true;
      const file = await paths.open('/d/f', 'wx');
      await file.write('abc');
      await paths.mkdir('/d/sub');
      await cluster.world.sleep(1_000);
      refuses = false;
      t.deepEqual(await paths.readdir('/d'), ['before']);
      t.is((await paths.stat('/d')).nlink, 2);
      await t.throwsAsync(file.fsync(), { code: 'ENOSPC' });
      await file.close();
      await t.throwsAsync(paths.fsyncDirectory('/d'), { code: 'ENOSPC' });
      await paths.fsyncDirectory('/d');
      await paths.writeFile('/d/f', 'def');
    });
  } finally {
    RequestDesk.prototype.operate = operate;
  }
});

test('create: below a quota, in a directory with a default ACL, by who may not → the MDS is asked', async (t) => {
  await tell(8, async (cluster) => {
    const a = await cluster.connect('a');
    await a.paths.mkdir('/d');
    await a.paths.mkdir('/d/sub');
    // Set while names are made ahead below: these count.
    await a.paths.writeFile('/d/sub/f1', '');
    await a.paths.setXattr('/d', 'nacre.quota.max_files', '3');
    await a.paths.writeFile('/d/sub/f2', '');
    await t.throwsAsync(a.paths.writeFile('/d/sub/f3', ''), { code: 'EDQUOT' });
    await t.throwsAsync(a.paths.mkdir('/d/other'), { code: 'EDQUOT' });

    await a.paths.mkdir('/own', { mode: 0o755 });
    const alice = a.paths.as({ uid: 1001, gid: 1001 });
    await t.throwsAsync(alice.writeFile('/own/f', ''), { code: 'EACCES' });
    await a.paths.chmod('/own', 0o2777);
    await a.paths.chown('/own', 0, 77);
    await alice.mkdir('/own/hers');
    const { gid, mode } = await a.paths.stat('/own/hers');
    t.deepEqual([gid, mode & 0o7777], [77, 0o2755]);
  });
});
