import test from 'ava';
import { parse } from '../../../cli/command.ts';
import { clientsToEvict, mds, mdsWish, renderSessions, type MdsWish } from '../../../cli/commands/mds.ts';
import { CommandError, UsageError } from '../../../cli/errors.ts';
import { capNames, renderCaps, renderDump } from '../../../cli/render/caps.ts';
import { clientsMeant, sessionFilter, type SeenClient } from '../../../cli/session-filter.ts';
import { Cap, type CacheDumps } from '../../../mds/client/index.ts';

const session: SeenClient = {
  name: 'client.a',
  instance: 7,
  root: '',
  caps: 3,
  connected: true,
  leaseMs: 14_250,
  evicting: false,
  ranks: [0],
  oldestTid: 12,
  answers: 4,
  address: '10.0.0.1:4711',
  recalls: 0,
  requests: 99,
  host: 'vm',
  mountpoint: '/srv/mnt',
};
const twin: SeenClient = { ...session, instance: 8, address: '10.0.0.1:4712', mountpoint: '/srv/other' };
const gone: SeenClient = {
  ...session,
  name: 'client.bb',
  instance: 9,
  caps: 1000,
  connected: false,
  leaseMs: 0,
  evicting: true,
  root: '/teams',
  ranks: [0, 2],
  address: '',
  recalls: 2,
  host: '',
  mountpoint: '',
};

const words = (...argv: string[]): MdsWish => {
  const args = parse(mds, argv);
  if (args === undefined) throw new Error('help was asked for');
  return mdsWish(args);
};

test('mds: its words → what is to be done', (t) => {
  t.deepEqual(words('session', 'ls'), { kind: 'sessions', filters: [] });
  t.deepEqual(words('session', 'ls', 'host=vm'), { kind: 'sessions', filters: [{ key: 'host', value: 'vm' }] });
  t.deepEqual(words('session', 'evict', 'client.a'), { kind: 'evict', filters: [{ key: undefined, value: 'client.a' }], all: false });
  t.like(words('session', 'evict', 'host=vm', 'root=/', '--all'), { all: true });
  t.deepEqual(words('cache', 'status'), { kind: 'reports' });
  t.deepEqual(words('cache', 'dump'), { kind: 'dump', path: '/', client: undefined, max: 1_000 });
  t.deepEqual(words('cache', 'dump', '/a', '--max', '5'), { kind: 'dump', path: '/a', client: undefined, max: 5 });
  t.like(words('cache', 'dump', '--client', '7'), { path: '', client: { key: undefined, value: '7' } });
  t.like(words('caps', '/a/b'), { kind: 'caps', path: '/a/b' });
  t.like(words('caps', '--client', 'host=vm'), { kind: 'caps', path: '', client: { key: 'host', value: 'vm' } });
  for (const argv of [
    [],
    ['sessions'],
    ['session'],
    ['session', 'kill'],
    ['session', 'evict'],
    ['session', 'ls', 'color=red'],
    ['session', 'ls', 'host='],
    ['session', 'ls', '--client', 'a'],
    ['cache'],
    ['cache', 'status', 'x'],
    ['cache', 'status', '--all'],
    ['cache', 'dump', 'a'],
    ['cache', 'dump', '/a', '/b'],
    ['cache', 'dump', '--max', '0'],
    ['caps'],
    ['caps', 'a'],
    ['caps', '/a', '/b'],
  ])
    t.throws(() => words(...argv), { instanceOf: UsageError }, argv.join(' '));
});

test('mds session: filters → those that fit all of them', (t) => {
  const meant = (...texts: string[]): number[] =>
    clientsMeant(
      [session, twin, gone],
      texts.map((text) => sessionFilter(text)),
    ).map(({ instance }) => instance);
  t.deepEqual(meant(), [7, 8, 9]);
  t.deepEqual(meant('client.a'), [7, 8]);
  t.deepEqual(meant('8'), [8]);
  t.deepEqual(meant('host=vm'), [7, 8]);
  t.deepEqual(meant('host=vm', 'mountpoint=/srv/other'), [8]);
  t.deepEqual(meant('address=10.0.0.1'), [7, 8]);
  t.deepEqual(meant('address=10.0.0.1:4711'), [7]);
  t.deepEqual(meant('root=/'), [7, 8]);
  t.deepEqual(meant('root=/teams'), [9]);
  t.deepEqual(meant('instance=9', 'name=client.a'), []);
  t.deepEqual(meant('address='.concat('nowhere')), []);
});

test('mds session evict: one, or all where that is said, or it is said why not', (t) => {
  const evicted = (all: boolean, ...texts: string[]): number[] =>
    clientsToEvict(
      [session, twin, gone],
      texts.map((text) => sessionFilter(text)),
      all,
    ).map(({ instance }) => instance);
  t.deepEqual(evicted(false, 'client.bb'), [9]);
  t.deepEqual(evicted(false, '8'), [8]);
  t.deepEqual(evicted(true, 'host=vm'), [7, 8]);
  t.deepEqual(evicted(true, '9'), [9]);
  t.throws(() => evicted(false, 'client.a'), { instanceOf: CommandError, message: /2 clients are meant: .*instance 7.*instance 8.*--all/ });
  for (const all of [false, true]) t.throws(() => evicted(all, 'client.c'), { instanceOf: CommandError, message: /no client client\.c/ });
});

test('mds session ls: for people → one line each', (t) => {
  t.is(renderSessions([]), 'no client has a session');
  t.deepEqual(renderSessions([session, gone]).split('\n'), [
    'CLIENT     INSTANCE  CAPS  RECALLS  OLDEST TID  ANSWERS   LEASE  RANKS  STATE          HOST  MOUNT     ADDRESS        ROOT',
    'client.a          7     3        0          12        4  14.3 s  0      open           vm    /srv/mnt  10.0.0.1:4711  /',
    'client.bb         9  1000        2          12        4   0.0 s  0 2    being evicted  -     -         -              /teams',
  ]);
});

test('mds caps, cache dump: for people → who holds what, by name', (t) => {
  t.is(capNames(0), '-');
  t.is(capNames(Cap.attrShared | Cap.fileRead), 'attrShared,fileRead');
  const dumps: CacheDumps = {
    inodes: [
      {
        ino: 0x1000,
        path: '/a b',
        mode: 0o100644,
        size: 5,
        nlink: 1,
        rank: 1,
        caps: [
          { client: 'client.a', instance: 7, issued: Cap.attrShared, wanted: 0, recallMs: 0 },
          { client: 'client.b', instance: 8, issued: 0, wanted: Cap.fileWrite, recallMs: 1_500 },
        ],
      },
    ],
    more: true,
  };
  t.deepEqual(renderCaps(dumps).split('\n'), [
    'CLIENT    INSTANCE  PATH  INODE  HOLDS       OPEN FOR   ASKED BACK',
    'client.a         7  /a b  1000   attrShared  -          -',
    'client.b         8  /a b  1000   -           fileWrite  1.5 s',
    'and more (--max N)',
  ]);
  t.deepEqual(renderDump(dumps).split('\n'), [
    'INODE    MODE  LINKS  SIZE  RANK  CLIENTS  PATH',
    '1000   100644      1     5     1        2  /a b',
    'and more (--max N)',
  ]);
  t.is(renderCaps({ inodes: [], more: false }), 'nobody holds anything there');
  t.is(renderDump({ inodes: [], more: false }), 'nothing of that is in memory');
});
