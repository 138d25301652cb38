import test from 'ava';
import { type Arguments, helpOf, parse, type Command } from '../../../cli/command.ts';
import { newOsd, osd, osdCommand } from '../../../cli/commands/osd.ts';
import { pg } from '../../../cli/commands/pg.ts';
import { health } from '../../../cli/commands/health.ts';
import { pool, poolCommand } from '../../../cli/commands/pool.ts';
import { rule, ruleCommand } from '../../../cli/commands/rule.ts';
import { UsageError } from '../../../cli/errors.ts';
import { renderSpace } from '../../../cli/render/osd-df.ts';
import { renderPgs } from '../../../cli/render/pgs.ts';
import { renderStopAdvice } from '../../../cli/render/stop-advice.ts';

const argumentsOf = (command: Command, line: string): Arguments => parse(command, line.split(' ')) as Arguments;

test('osd df: → a table that lines up, with - for what is not known', (t) => {
  const known = {
    host: 'here',
    up: true,
    in: true,
    weight: 0.5,
    reweight: 1,
    pgs: 48,
    totalBytes: 2 ** 30,
    usedBytes: 2 ** 29,
    objects: 9,
  };
  const unknown = {
    totalBytes: null,
    usedBytes: null,
    freeBytes: null,
    storedBytes: null,
    usedPercent: null,
    variance: null,
    objects: null,
  };
  t.is(
    renderSpace({
      osds: [
        { id: 0, ...known, freeBytes: 2 ** 29, storedBytes: 2 ** 20, usedPercent: 50, variance: 1 },
        { id: 10, ...known, up: false, in: false, reweight: 0.25, pgs: 0, ...unknown },
      ],
      total: { totalBytes: 2 ** 30, usedBytes: 2 ** 29, freeBytes: 2 ** 29, storedBytes: 2 ** 20, usedPercent: 50 },
    }),
    `osd     host  state     weight  reweight  pgs     size     used     free   stored  % used  of average
osd.0   here  up in     0.5000    1.0000   48  1.0 GiB  512 MiB  512 MiB  1.0 MiB    50.0        1.00
osd.10  here  DOWN OUT  0.5000    0.2500    0        -        -        -        -       -           -
total                                          1.0 GiB  512 MiB  512 MiB  1.0 MiB    50.0`,
  );
});

test('pg ls: → one line each; none → says so', (t) => {
  const clean = {
    pool: 'data',
    state: 'active+clean',
    up: [0, 1],
    acting: [0, 1],
    primary: 0,
    interval: 9,
    objects: 7,
    bytes: 4096,
    degraded: 0,
    misplaced: 0,
    lastScrubMs: 0,
    lastDeepScrubMs: 0,
    scrubErrors: 0,
    lastOrder: 0,
    order: 0,
  };
  t.is(
    renderPgs([
      { ...clean, pg: '1.0', lastScrubMs: Date.UTC(2026, 10, 20, 22, 4, 59) },
      { ...clean, pg: '1.12', state: 'active+degraded', up: [2, 0], acting: [0], objects: 12_345, degraded: 12_345 },
    ]),
    `pg    pool  objects    bytes  missing  misplaced  acting  up     scrubbed          deep  state
1.0   data        7  4.0 KiB        0          0  [0,1]   [0,1]  2026-11-20 22:04  -     active+clean
1.12  data    12345  4.0 KiB    12345          0  [0]     [2,0]  -                 -     active+degraded`,
  );
  t.is(renderPgs([]), 'no placement groups');
});

test('osd safe-to-stop: yes, no, and no for many reasons → words for each', (t) => {
  t.is(
    renderStopAdvice({ osds: [2], safe: true, pgs: 5, blocked: [] }),
    'osd.2 can be stopped: all of the 5 placement groups it acts for go on serving without it',
  );
  t.is(
    renderStopAdvice({ osds: [2, 5], safe: true, pgs: 5, blocked: [] }),
    'osd.2, osd.5 can be stopped: all of the 5 placement groups they act for go on serving without them',
  );
  const blocked = Array.from({ length: 22 }, (_, seq) => ({ pg: `1.${seq}`, pool: 'data', reason: 'it is peering now' }));
  const lines = renderStopAdvice({ osds: [2], safe: false, pgs: 30, blocked }).split('\n');
  t.is(lines[0], 'osd.2 must not be stopped: 22 of the 30 placement groups it acts for would not serve');
  t.is(lines[1], '  PG 1.0 (data): it is peering now');
  t.is(lines.length, 22);
  t.is(lines.at(-1), '  and 2 more (--json lists all)');
});

test('osd: arguments → what the mon is asked for', (t) => {
  t.deepEqual(osdCommand(argumentsOf(osd, 'df --json')), { prefix: 'osd df' });
  t.deepEqual(osdCommand(argumentsOf(osd, 'reweight osd.3 0.75')), { prefix: 'osd reweight', osd: 3, reweight: 0.75 });
  t.deepEqual(osdCommand(argumentsOf(osd, 'reweight 3 .5')), { prefix: 'osd reweight', osd: 3, reweight: 0.5 });
  const sure = 'what only it has is lost for good';
  t.deepEqual(osdCommand(argumentsOf(osd, 'lost osd.3 3 --what-only-it-has-is-lost-for-good')), {
    prefix: 'osd lost',
    osd: 3,
    again: 3,
    sure,
  });
  t.deepEqual(osdCommand(argumentsOf(osd, 'safe-to-stop 1')), { prefix: 'osd safe-to-stop', osds: [1] });
  t.deepEqual(osdCommand(argumentsOf(osd, 'safe-to-stop 1 osd.4 2')), { prefix: 'osd safe-to-stop', osds: [1, 4, 2] });
  t.deepEqual(osdCommand(argumentsOf(osd, 'set-full-ratio 0.96')), { prefix: 'osd set-full-ratio', ratio: 0.96 });
  t.deepEqual(osdCommand(argumentsOf(osd, 'out 1')), { prefix: 'osd out', osd: 1 });
  for (const line of [
    'lost 3',
    'lost 3 3',
    'lost 3 --what-only-it-has-is-lost-for-good',
    'lost 3 4 --what-only-it-has-is-lost-for-good',
    'lost 3 3 3 --what-only-it-has-is-lost-for-good',
    'lost --what-only-it-has-is-lost-for-good',
    'reweight 3',
    'reweight 3 0',
    'reweight 3 1.5',
    'reweight 3 0x1',
    'reweight x 1',
    'safe-to-stop',
    'safe-to-stop 1 x',
    'reweight 1 0.5 2',
    'out 1 2',
    'df 3',
    'set-full-ratio',
    'set-full-ratio 95',
    'set-nearfull-ratio 0.8 0.9',
    'fly',
  ])
    t.throws(() => osdCommand(argumentsOf(osd, line)), { instanceOf: UsageError }, line);
});

test('pool: arguments → what the mon is asked for', (t) => {
  t.is(poolCommand(argumentsOf(pool, 'ls')), undefined);
  t.deepEqual(poolCommand(argumentsOf(pool, 'set data size 2')), { prefix: 'pool set', name: 'data', size: 2 });
  t.deepEqual(poolCommand(argumentsOf(pool, 'set data min_size 1')), { prefix: 'pool set', name: 'data', minSize: 1 });
  t.deepEqual(poolCommand(argumentsOf(pool, 'create data --size 2')), { prefix: 'pool create', name: 'data', size: 2, pgNum: 32 });
  for (const line of [
    'set',
    'set data',
    'set data colour 1',
    'set data size',
    'set data size 0',
    'set data size 11',
    'set data size two',
    'create a b',
    'ls a',
  ])
    t.throws(() => poolCommand(argumentsOf(pool, line)), { instanceOf: UsageError }, line);
});

test('osd add, move and weight: arguments → what is made, or asked for', (t) => {
  t.deepEqual(newOsd(argumentsOf(osd, 'add --host h --rack r --weight 0.5 --disk /d')), {
    host: 'h',
    rack: 'r',
    weight: '0.5',
    disk: '/d',
  });
  t.deepEqual(newOsd(argumentsOf(osd, 'add')), { host: undefined, rack: undefined, weight: undefined, disk: undefined });
  for (const line of ['add 3', 'add --weight 0', 'add --weight heavy'])
    t.throws(() => newOsd(argumentsOf(osd, line)), { instanceOf: UsageError }, line);
  t.deepEqual(osdCommand(argumentsOf(osd, 'move h --rack r')), { prefix: 'crush move', host: 'h', rack: 'r' });
  t.deepEqual(osdCommand(argumentsOf(osd, 'move h --no-rack')), { prefix: 'crush move', host: 'h' });
  t.deepEqual(osdCommand(argumentsOf(osd, 'weight 3 0')), { prefix: 'osd weight', osd: 3, weight: 0 });
  for (const line of ['move', 'move h', 'move h --rack r --no-rack', 'move h i --rack r', 'weight 3', 'weight 3 x', 'weight 3 1 2'])
    t.throws(() => osdCommand(argumentsOf(osd, line)), { instanceOf: UsageError }, line);
});

test('pool delete, pool set rule, rule: arguments → what the mon is asked for; nothing by accident', (t) => {
  const sure = '--every-object-in-it-is-lost-for-good';
  t.deepEqual(poolCommand(argumentsOf(pool, `delete x x ${sure}`)), {
    prefix: 'pool delete',
    name: 'x',
    again: 'x',
    sure: 'every object in it is lost for good',
  });
  t.deepEqual(poolCommand(argumentsOf(pool, 'set data rule racks')), { prefix: 'pool set', name: 'data', rule: 'racks' });
  t.like(poolCommand(argumentsOf(pool, 'create x --rule racks')), { rule: 'racks' });
  for (const line of [
    'delete',
    'delete x',
    'delete x x',
    `delete x ${sure}`,
    `delete x y ${sure}`,
    `delete x x x ${sure}`,
    'set data rule',
    'create x --rule r --domain host',
  ])
    t.throws(() => poolCommand(argumentsOf(pool, line)), { instanceOf: UsageError }, line);
  t.is(ruleCommand(argumentsOf(rule, 'ls')), undefined);
  t.deepEqual(ruleCommand(argumentsOf(rule, 'create r --domain rack')), { prefix: 'rule create', name: 'r', failureDomain: 'rack' });
  t.deepEqual(ruleCommand(argumentsOf(rule, 'rm r')), { prefix: 'rule rm', name: 'r' });
  for (const line of ['ls x', 'create r', 'create r --domain room', 'rm', 'fly'])
    t.throws(() => ruleCommand(argumentsOf(rule, line)), { instanceOf: UsageError }, line);
});

test('help: → names every action', (t) => {
  const osdHelp = helpOf('osd', osd);
  for (const action of [
    'tree',
    'df',
    'add',
    'rm ID',
    'move HOST',
    'weight ID WEIGHT',
    'in ID',
    'down ID',
    'reweight ID WEIGHT',
    'safe-to-stop ID',
    'set-nearfull-ratio RATIO',
  ])
    t.true(osdHelp.includes(`  ${action}`), action);
  t.regex(helpOf('pool', pool), /set NAME size N[^]*set NAME min_size N/);
  t.regex(helpOf('pg', pg), /--state WORD/);
  t.regex(helpOf('health', health), /^nacre health \[--data DIR\] \[detail\] \[--json\]/);
});
