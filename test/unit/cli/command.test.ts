import test from 'ava';
import { helpOf, parse, type Command } from '../../../cli/command.ts';
import { UsageError } from '../../../cli/errors.ts';

const sample: Command = {
  summary: 'Does something.',
  usage: '[--count N] NAME [MORE]',
  options: { count: { type: 'string', value: 'N', help: 'how many' }, fast: { type: 'boolean', help: 'quickly' } },
  positionals: ['NAME', 'MORE'],
  optionalFrom: 1,
  run: () => Promise.resolve(0),
};

function usageError(argv: readonly string[]): string {
  try {
    parse(sample, argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('parse: options and arguments in any order → their values', (t) => {
  const args = parse(sample, ['osd.1', '--count', '3', '--fast']);
  t.deepEqual(args?.positionals, ['osd.1']);
  t.is(args?.count('count', { min: 1, max: 5 }), 3);
  t.true(args?.flag('fast'));
  t.is(args?.text('nothing'), undefined);
});

test('parse: --help anywhere → undefined, and the page names every option', (t) => {
  t.is(parse(sample, ['x', '--help']), undefined);
  t.is(parse(sample, ['-h']), undefined);
  t.regex(
    helpOf('sample', sample),
    /^nacre sample \[--count N\] NAME \[MORE\]\n\nDoes something\.\n\n {2}--count N {2}how many\n {2}--fast {5}quickly$/,
  );
});

test('parse: what is wrong → a usage error that names it', (t) => {
  t.is(usageError([]), 'NAME is missing');
  t.is(usageError(['a', 'b', 'c']), "'c' is one argument too many");
  t.regex(usageError(['a', '--slow']), /--slow/);
  t.regex(usageError(['a', '--count']), /--count/);
  t.is(usageError(['a', 'b']), 'accepted');
});

test('Arguments.count: not a whole number within the bounds → a usage error', (t) => {
  for (const text of ['0', '6', '-1', '1.5', '1e0', 'three', '']) {
    const args = parse(sample, ['a', `--count=${text}`]);
    t.throws(() => args?.count('count', { min: 1, max: 5 }), { instanceOf: UsageError }, text);
  }
});
