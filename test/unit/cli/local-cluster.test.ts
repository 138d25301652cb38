import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { clientNameFor, mountpointOf, requireDaemon, writeClientConfig, writeDaemonConfig } from '../../../cli/cluster/configs.ts';
import { Layout } from '../../../cli/cluster/layout.ts';
import { withLock } from '../../../cli/cluster/lock.ts';
import { mountAt, mountpointPath, mounts } from '../../../cli/cluster/mounts.ts';
import { isRunning, pidOf, typeOf } from '../../../cli/cluster/processes.ts';
import { newSettings, readSettings, writeSettings, type ClusterSettings } from '../../../cli/cluster/settings.ts';
import { CommandError } from '../../../cli/errors.ts';

const settings: ClusterSettings = { fsid: 'f00d', mon: '127.0.0.1:12345', osds: [0, 1], size: 2, mds: 1, made: false };

function home(t: ExecutionContext): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-cli-')));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

function layoutIn(path: string): Layout {
  return Layout.forUp(path).layout;
}

test('settings: written and read → the same; damaged or newer → an error that says so', async (t) => {
  const layout = layoutIn(home(t));
  const made = await newSettings({ osds: 3, size: 3, mds: 1 });
  writeSettings(layout, made);
  t.deepEqual(readSettings(layout), made);
  writeSettings(layout, { ...made, osds: [0, 2, 7] });
  t.deepEqual(readSettings(layout).osds, [0, 2, 7]);
  writeFileSync(layout.settingsPath, 'format = 1\nfsid = "x"\nmon = "m:1"\nosds = 2\nsize = 1\nmds = 1');
  t.deepEqual(readSettings(layout).osds, [0, 1]);
  t.regex(made.mon, /^127\.0\.0\.1:[0-9]{5}$/);
  for (const [text, expected] of [
    ['= nonsense', /not TOML/],
    ['', /format.*missing/],
    ['format = 2', /newer/],
    ['format = 1\nfsid = "x"\nmon = "m:1"\nosds = 0\nsize = 1\nmds = 1', /osds/],
  ] as const) {
    writeFileSync(layout.settingsPath, text);
    t.regex(t.throws(() => readSettings(layout), { instanceOf: CommandError }).message, expected);
  }
});

test('daemons: one that the settings name, one with a file of its own → known; another → an error that says which there are', (t) => {
  const layout = layoutIn(home(t));
  mkdirSync(layout.configPath('x').replace(/[^/]*$/, ''), { recursive: true });
  writeClientConfig(layout, settings, 'client.mnt', '/mnt');
  for (const name of ['mon.a', 'osd.1', 'mds.a', 'client.mnt']) t.notThrows(() => requireDaemon(layout, settings, name));
  const { message } = t.throws(() => requireDaemon(layout, settings, 'mds.z'), { instanceOf: CommandError });
  t.is(message, 'there is no mds.z in this cluster: it has mon.a, osd.0, osd.1, mds.a');
});

test('layout: a directory with a cluster, an empty one, one with other things → told apart', (t) => {
  const path = home(t);
  t.true(Layout.forUp(path).fresh);
  t.throws(() => Layout.existing(path), { message: /holds no cluster/ });
  writeSettings(layoutIn(path), settings);
  t.false(Layout.forUp(path).fresh);
  t.is(Layout.existing(path).dir, path);
  symlinkSync(path, `${path}-link`);
  t.teardown(() => rmSync(`${path}-link`));
  t.is(Layout.existing(`${path}-link`).dir, path);
  mkdirSync(join(path, 'other'));
  writeFileSync(join(path, 'other/file'), '');
  t.throws(() => Layout.forUp(join(path, 'other')), { message: /other things \(file\)/ });
});

test('layout: a folder where none can be made → an error, soon', (t) => {
  t.throws(() => Layout.forUp('/proc/nacre/data'), { message: /cannot be made/ });
  const path = home(t);
  writeFileSync(join(path, 'file'), '');
  t.throws(() => Layout.forUp(join(path, 'file')), { message: /cannot be made/ });
  t.throws(() => Layout.forUp(join(path, 'file/below')), { message: /cannot be made/ });
  t.true(Layout.forUp(join(path, 'a/b/c')).fresh);
});

test("configs: refreshed → managed keys follow the cluster, a person's own stay", (t) => {
  const layout = layoutIn(home(t));
  writeDaemonConfig(layout, settings, 'osd.0');
  const path = layout.configPath('osd.0');
  writeFileSync(path, `${readFileSync(path, 'utf8')}logLevel = "debug"\n`);
  writeDaemonConfig(layout, { ...settings, mon: '127.0.0.1:23456' }, 'osd.0');
  const text = readFileSync(path, 'utf8');
  t.regex(text, /logLevel = "debug"/);
  t.regex(text, /mons = \[ "127\.0\.0\.1:23456" \]/);
  t.notRegex(text, /12345/);
});

test('configs: clients → one name for each mount point, kept', (t) => {
  const layout = layoutIn(home(t));
  t.is(clientNameFor(layout, '/mnt/data'), 'client.data');
  writeClientConfig(layout, settings, 'client.data', '/mnt/data');
  t.is(clientNameFor(layout, '/mnt/data'), 'client.data');
  t.is(clientNameFor(layout, '/srv/data'), 'client.data-2');
  t.is(clientNameFor(layout, '/srv/ä b'), 'client.__b');
  t.is(mountpointOf(layout, 'client.data'), '/mnt/data');
  t.is(mountpointOf(layout, 'client.other'), undefined);
});

test('processes: a pid file whose number now belongs to another program → not ours', (t) => {
  const layout = layoutIn(home(t));
  mkdirSync(join(layout.dir, 'run'));
  writeFileSync(layout.pidPath('osd.0'), `${process.pid}\n`);
  t.is(pidOf(layout, 'osd.0'), undefined);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '--config', layout.configPath('osd.0')]);
  t.teardown(() => child.kill('SIGKILL'));
  writeFileSync(layout.pidPath('osd.0'), `${child.pid ?? 0}\n`);
  t.is(pidOf(layout, 'osd.0'), child.pid);
  t.false(isRunning(child.pid ?? 0, layout.configPath('osd.1')));
  t.is(pidOf(layout, 'osd.1'), undefined);
  t.throws(() => typeOf('disk.0'), { instanceOf: CommandError });
});

test('lock: two at once → one after the other', async (t) => {
  const layout = layoutIn(home(t));
  const order: string[] = [];
  const job = (name: string): Promise<void> =>
    withLock(
      layout,
      () => {},
      async () => {
        order.push(`${name} in`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} out`);
      },
    );
  await Promise.all([job('a'), job('b')]);
  t.deepEqual(
    order.map((entry) => entry.slice(2)),
    ['in', 'out', 'in', 'out'],
  );
});

test('mounts: the kernel’s list → the root is in it; a path that is none is not', (t) => {
  t.true(mounts().some(({ mountpoint }) => mountpoint === '/'));
  t.is(mountAt('/proc')?.fstype, 'proc');
  t.is(mountAt('/nowhere'), undefined);
  const path = home(t);
  symlinkSync(path, join(path, 'link'));
  t.is(mountpointPath(join(path, 'link/new')), join(path, 'new'));
  t.is(mountpointPath(join(path, 'link')), path);
});
