import test from 'ava';
import { parse } from '../../../cli/command.ts';
import { clientToEvict, mds, renderSessions, sessionOf } from '../../../cli/commands/mds.ts';
import { CommandError, UsageError } from '../../../cli/errors.ts';

const session = { name: 'client.a', instance: 7, root: '', caps: 3, connected: true, leaseMs: 14_250, evicting: false, ranks: [0] };
const words = (...argv: string[]): string | undefined => {
  const args = parse(mds, argv);
  if (args === undefined) throw new Error('help was asked for');
  return clientToEvict(args);
};

test('mds session: its words → what is to be done', (t) => {
  t.is(words('session', 'ls'), undefined);
  t.is(words('session', 'evict', 'client.a'), 'client.a');
  for (const argv of [[], ['sessions'], ['session'], ['session', 'kill'], ['session', 'evict'], ['session', 'ls', 'client.a']])
    t.throws(() => words(...argv), { instanceOf: UsageError }, argv.join(' '));
});

test('mds session evict: a name or an instance → one session, or it is said why not', (t) => {
  const twin = { ...session, instance: 8 };
  t.is(sessionOf([session], 'client.a'), session);
  t.is(sessionOf([session, twin], '8'), twin);
  t.throws(() => sessionOf([session], 'client.b'), { instanceOf: CommandError, message: /no client client\.b/ });
  t.throws(() => sessionOf([session, twin], 'client.a'), { instanceOf: CommandError, message: /7, 8/ });
});

test('mds session ls: for people → one line each', (t) => {
  t.is(renderSessions([]), 'no client has a session');
  const gone = { ...session, name: 'client.bb', caps: 1000, connected: false, leaseMs: 0, evicting: true, root: '/teams', ranks: [0, 2] };
  t.deepEqual(renderSessions([session, gone]).split('\n'), [
    'CLIENT     INSTANCE  CAPS   LEASE  RANKS  STATE          ROOT',
    'client.a          7     3  14.3 s  0      open           /',
    'client.bb         7  1000   0.0 s  0 2    being evicted  /teams',
  ]);
});
