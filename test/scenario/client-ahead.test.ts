import test from 'ava';
import { tell } from '../support/tell.ts';

test('chmod, chown: a file that only this host uses → answered at once, seen by the other host’s next call', async (t) => {
  await tell(1, async (cluster) => {
    const { world } = cluster;
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.writeFile('/f', 'abc');
    const started = world.nowMs;
    await a.paths.chmod('/f', 0o600);
    await a.paths.chown('/f', 12, 34);
    t.is(world.nowMs, started, 'nobody was asked');
    const here = await a.paths.stat('/f');
    t.deepEqual([here.mode & 0o7777, here.uid, here.gid], [0o600, 12, 34]);
    const there = await b.paths.stat('/f');
    t.deepEqual([there.mode & 0o7777, there.uid, there.gid], [0o600, 12, 34]);
    const times = [here, there, await a.paths.stat('/f')].map(({ ctime }) => `${ctime.sec}.${ctime.nsec}`);
    t.is(new Set(times).size, 1, `ctime is what it was before the MDS had answered: ${times.join()}`);
  });
});

test('chown: of a set-id file → the bits go', async (t) => {
  await tell(2, async (cluster) => {
    const { paths } = await cluster.connect('a');
    await paths.writeFile('/f', 'abc');
    await paths.chmod('/f', 0o6755);
    await paths.chown('/f', 12, 34);
    t.is((await paths.stat('/f')).mode & 0o7777, 0o755);
  });
});

test('chmod, chown: the MDS dies before it has heard of them → done by the next one before anybody looks', async (t) => {
  await tell(3, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    await a.paths.writeFile('/f', 'abc');
    const file = await a.paths.open('/f', 'r+');
    await file.fsync();
    cluster.crash('mds.a');
    await a.paths.chmod('/f', 0o600);
    await a.paths.chown('/f', 12, 34);
    const synced = file.fsync();
    const seen = b.paths.stat('/f');
    await cluster.world.sleep(300);
    await cluster.boot('mds.a');
    const { mode, uid, gid } = await seen;
    t.deepEqual([mode & 0o7777, uid, gid], [0o600, 12, 34]);
    await synced;
    await file.close();
  });
});

test('chmod: durable when fsync has returned', async (t) => {
  await tell(4, async (cluster) => {
    const a = await cluster.connect('a');
    const b = await cluster.connect('b');
    const file = await a.paths.open('/f', 'w+');
    await file.fsync();
    await a.paths.chmod('/f', 0o640);
    await file.fsync();
    cluster.crashClient('a');
    cluster.crash('mds.a');
    await cluster.boot('mds.a');
    t.is((await b.paths.stat('/f')).mode & 0o7777, 0o640);
  });
});
