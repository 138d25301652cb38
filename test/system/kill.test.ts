import { constants, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { differences } from '../support/load.ts';
import { Load, RealCluster, noMountReason } from '../support/real-cluster.ts';

const realTest = noMountReason === undefined ? test.serial : test.serial.skip;

realTest('kill -9 of any one daemon under load, then start → no error to the application, nothing lost', async (t) => {
  t.timeout(240_000);
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up();
  const folder = join(cluster.mount, 'load');
  const journal = join(cluster.home, 'journal');
  const load = new Load(folder, journal);
  await load.progress(10);
  for (const name of ['osd.1', 'mds.a', 'osd.0', 'mon.a', 'osd.2']) {
    cluster.kill(name);
    // With two copies of three the OSDs go on; without an MDS nobody can, and a mon is not missed for a while.
    if (!name.startsWith('mds')) await load.progress(5);
    await cluster.ok('start', name);
    await cluster.until(
      `recovery from the death of ${name}`,
      ({ pgs, osds, mds }) =>
        Object.keys(pgs.byState).join() === 'active+clean' && osds.every(({ up }) => up) && mds.some(({ state }) => state === 'active'),
    );
    await load.progress(10);
    t.deepEqual(differences(folder, journal).wrong, [], `after ${name}`);
  }
  const { code, errors } = await load.stop();
  t.is(code, 0, errors);
  const { checked, wrong } = differences(folder, journal);
  t.log(`${checked} fsynced files compared`);
  t.true(checked > 50);
  t.deepEqual(wrong, []);
});

realTest('kill -9 of everything under load, then up → every fsynced byte is there', async (t) => {
  t.timeout(240_000);
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up();
  const journal = join(cluster.home, 'journal');
  for (let round = 0; round < 3; round++) {
    const folder = join(cluster.mount, `load${round}`);
    const load = new Load(folder, `${journal}${round}`);
    await load.progress(20 + round * 7);
    const logs = ['appended', 'written'].map((name) => join(cluster.mount, `${name}${round}`));
    const flags = [constants.O_WRONLY | constants.O_APPEND | constants.O_DSYNC, constants.O_RDWR | constants.O_SYNC];
    for (const [n, path] of logs.entries()) {
      const log = openSync(path, (flags[n] as number) | constants.O_CREAT);
      for (let line = 0; line < 3; line++) writeSync(log, 'line\n');
    }
    cluster.kill(...cluster.names());
    await load.kill();
    await cluster.up();
    for (let earlier = 0; earlier <= round; earlier++) {
      const { checked, wrong } = differences(join(cluster.mount, `load${earlier}`), `${journal}${earlier}`);
      t.true(checked >= 20, `${checked} files in round ${earlier}`);
      t.deepEqual(wrong, [], `round ${earlier} after ${round + 1} crashes`);
    }
    for (const path of logs) t.is(readFileSync(path, 'latin1'), 'line\nline\nline\n', `${path}, written with O_SYNC`);
  }
  mkdirSync(join(cluster.mount, 'still-writable'));
});

realTest('down after the mon and an OSD were killed under a mount → what was written is kept, nothing hangs', async (t) => {
  t.timeout(120_000);
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.up();
  cluster.kill('mon.a', 'osd.1');
  writeFileSync(join(cluster.mount, 'unwritten'), 'not fsynced');
  await cluster.ok('down');
  t.deepEqual(cluster.names(), []);
  await cluster.up();
  t.is(readFileSync(join(cluster.mount, 'unwritten'), 'utf8'), 'not fsynced');
});
