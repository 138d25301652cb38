import test from 'ava';
import { FsError } from '../../../../common/errors/fs-error.ts';
import { loadConfig, splitConfigFlag, type ConfigSources } from '../../../../common/config/load.ts';
import { boolean, choice, commonSchema, integer, list, makeConfig, string } from '../../../../common/config/schema.ts';

const schema = {
  leaseMs: integer('ms', 5_000, 100, 60_000, 'How long a lease lasts.'),
  fast: boolean(false, 'Whether to be fast.'),
  mode: choice(['a', 'b'], 'a', 'Which way.'),
  mons: list('Addresses.', { default: [] }),
  name: string('Name.', { default: 'x', pattern: /^[a-z]+$/ }),
};

function refusal(sources: ConfigSources): string {
  try {
    loadConfig(schema, sources);
  } catch (error) {
    if (error instanceof FsError && error.code === 'EINVAL') return error.message;
    throw error;
  }
  return 'accepted';
}

test('config: defaults, file, environment, flags → later ones win; the result is frozen', (t) => {
  const file = { path: 'x.toml', text: 'leaseMs = 200\nmode = "b"\nmons = ["h:1", "h:2"]\n' };
  const config = loadConfig(schema, {
    file,
    environment: { NACRE_LEASE_MS: '300', NACRE_FAST: 'true', HOME: '/' },
    flags: ['--lease-ms', '400', '--name=abc'],
  });
  t.deepEqual({ ...config }, { leaseMs: 400, fast: true, mode: 'b', mons: ['h:1', 'h:2'], name: 'abc' });
  t.true(Object.isFrozen(config) && Object.isFrozen(config.mons));
});

test('config: lists in the environment and switches as flags → as expected', (t) => {
  const config = loadConfig(schema, { environment: { NACRE_MONS: 'a:1, b:2' }, flags: ['--fast', '--mode', 'b'] });
  t.deepEqual([config.mons, config.fast, config.mode], [['a:1', 'b:2'], true, 'b']);
});

test('config: a wrong value, an unknown key → refused, naming the key, where it stands and what is allowed', (t) => {
  t.regex(refusal({ file: { path: 'x.toml', text: 'leasems = 3' } }), /x\.toml: unknown setting "leasems"; did you mean "leaseMs"/);
  t.regex(refusal({ file: { path: 'x.toml', text: 'leaseMs = 3' } }), /x\.toml: "leaseMs" must be between 100 and 60000 ms, not 3/);
  t.regex(refusal({ file: { path: 'x.toml', text: 'leaseMs = "5s"' } }), /whole number of ms/);
  t.regex(refusal({ file: { path: 'x.toml', text: '= broken' } }), /^x\.toml: /);
  t.regex(refusal({ environment: { NACRE_LEASE: '1' } }), /NACRE_LEASE/);
  t.regex(refusal({ environment: { NACRE_FAST: 'maybe' } }), /NACRE_FAST must be true or false/);
  t.regex(refusal({ flags: ['--mode', 'c'] }), /--mode must be one of a, b/);
  t.regex(refusal({ flags: ['--name', 'A1'] }), /of the form/);
  t.regex(refusal({ flags: ['--nope', '1'] }), /unknown flag --nope/);
  t.regex(refusal({ flags: ['--mode'] }), /--mode needs a value/);
  t.regex(refusal({ file: { path: 'x.toml', text: '__proto__ = 1' } }), /unknown setting/);
});

test('config: a field without default that is not given → refused with what it is', (t) => {
  t.throws(() => makeConfig(commonSchema), { message: /"name" is missing: Name of this daemon/ });
  t.is(makeConfig(commonSchema, { name: 'osd.3' }).logLevel, 'info');
});

test('config: --config → taken out of the flags', (t) => {
  t.deepEqual(splitConfigFlag(['--a', '1', '--config', 'f.toml', '--b']), { file: 'f.toml', rest: ['--a', '1', '--b'] });
  t.deepEqual(splitConfigFlag(['--config=f.toml']), { file: 'f.toml', rest: [] });
  t.throws(() => splitConfigFlag(['--config']), { message: /needs a file/ });
});
