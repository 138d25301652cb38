/**
 * Lint rules: typescript-eslint's strictest, type-aware set, and the rules of this house that only a tool keeps:
 * the environment as the only way out, synchronous cores, no default exports.
 * @module
 */
import tseslint from 'typescript-eslint';

/** The places that may touch the outside world: everything else goes through its Env. */
const adapters = [
  'common/runtime/node/**',
  'common/wire/codegen/**',
  '*/main.ts',
  '{mon,osd}/store/**',
  'fuse-client/driver/**',
  'cli/**',
  'test/**',
  'bench/**',
];

const throughEnv = 'Not reproducible under simulation: use env (clock, random, network, disk, log).';
const bannedGlobals = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'process',
  'fetch',
  'WebSocket',
  'WeakRef',
  'FinalizationRegistry',
  'console',
].map((name) => ({ name, message: throughEnv }));
const bannedProperties = [
  { object: 'Math', property: 'random' },
  { object: 'Date', property: 'now' },
  { object: 'AbortSignal', property: 'timeout' },
].map((banned) => ({ ...banned, message: throughEnv }));

/** A later block replaces an earlier `no-restricted-syntax`, it does not merge: each block spells out its own list. */
const anywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Name what a file exports.' },
  { selector: 'TSEnumDeclaration, TSModuleDeclaration[kind="namespace"], TSParameterProperty', message: 'Only erasable syntax.' },
];
const outsideAdapters = [...anywhere, { selector: 'NewExpression[callee.name="Date"]', message: throughEnv }];
const synchronous = [
  ...outsideAdapters,
  {
    selector: ':function[async=true], AwaitExpression',
    message: 'A core is synchronous: what was checked at the top must hold at the bottom.',
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', 'mnt/**', 'common/wire/gen/**', '**/*.{js,cjs,mjs}'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: process.cwd() } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...anywhere],
      // `${number}` is what log lines and object names are made of.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // while (true) with the way out in the middle.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // An AbortSignal's reason is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true, allowThrowingAny: true }],
      // An async signature may be what an interface asks for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['{common,mon,osd,mds,fuse-client}/**/*.ts'],
    ignores: adapters,
    rules: {
      'no-restricted-globals': ['error', ...bannedGlobals],
      'no-restricted-properties': ['error', ...bannedProperties],
      'no-restricted-syntax': ['error', ...outsideAdapters],
    },
  },
  {
    files: ['*/core/**/*.ts', 'common/{crush,maps,errors}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...synchronous] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // ava's assertions narrow nothing: a test may say `value!` after having checked it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Helpers return objects of functions that tests take apart.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
