/**
 * A cluster of real processes that grows and shrinks, through `bin/nacre` alone.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { RealCluster, nacre, type Status } from '../support/real-cluster.ts';

const isClean = ({ pgs }: Status): boolean => Object.keys(pgs.byState).join() === 'active+clean';

test('cluster: an OSD is added, emptied, stopped and removed → its number is free, nothing of it is left', async (t) => {
  const cluster = new RealCluster();
  t.teardown(() => cluster.remove());
  await cluster.ok('up', '--detach');
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await nacre(...args, '--data', cluster.data);
    t.is(code, 1);
    return stderr;
  };

  t.regex(await cluster.ok('osd', 'add', '--host', 'other', '--rack', 'r2', '--weight', '0.0625'), /osd\.3 is up/);
  t.regex(await cluster.ok('osd', 'tree'), /rack r2\n.*host other\n.*osd\.3 {2}up in/);
  await cluster.until('data on four OSDs', (status) => isClean(status) && status.osds.length === 4);
  t.deepEqual(cluster.names().sort(), ['mds.a', 'mon.a', 'osd.0', 'osd.1', 'osd.2', 'osd.3']);

  t.regex(await refused('osd', 'rm', '3'), /osd\.3 runs: empty it first \(nacre osd out 3\)/);
  await cluster.ok('stop', 'osd.3');
  await cluster.until('osd.3 down', ({ osds }) => osds[3]?.up === false);
  t.regex(await refused('osd', 'rm', '3'), /others do not have all copies yet of PG .*nacre osd out 3/);
  await cluster.ok('start', 'osd.3');
  await cluster.ok('osd', 'weight', '3', '0');
  await cluster.ok('osd', 'out', '3');
  await cluster.until('data on three OSDs', (status) => isClean(status) && status.osds[3]?.pgs === 0);
  await cluster.ok('stop', 'osd.3');
  await cluster.until('osd.3 down', ({ osds }) => osds[3]?.up === false);
  t.regex(await cluster.ok('osd', 'rm', 'osd.3'), /osd\.3 is removed/);
  t.is((await cluster.status()).osds.length, 3);
  t.false(existsSync(join(cluster.data, 'osd.3')));
  t.false(existsSync(join(cluster.data, 'conf/osd.3.toml')));
  t.regex(await refused('osd', 'rm', '3'), /there is no osd\.3/);

  // The next one takes its number, and a directory of its own.
  const disk = join(cluster.home, 'disk');
  await cluster.ok('osd', 'add', '--disk', disk);
  t.true(existsSync(join(disk, 'uuid')));
  t.regex(readFileSync(join(cluster.data, 'cluster.toml'), 'utf8'), /osds = \[ 0, 1, 2, 3 \]/);
  t.regex(await refused('osd', 'add', '--disk', disk), /is not empty/);
  t.is((await cluster.status()).osds.length, 4);
});
