/**
 * Who may import whom: common <- mon <- osd <- mds <- fuse-client <- cli, and across services only <service>/client/.
 * Types count: an import that is erased still ties two folders together.
 */
const layers = ['common', 'mon', 'osd', 'mds', 'fuse-client', 'cli'];

/** Files that are the door to the outside world, and so may use Node and the packages that do. */
const adapters = [
  '^common/runtime/node/',
  '^common/wire/codegen/',
  '^(mon|osd)/store/',
  '^fuse-client/driver/',
  '^[a-z-]+/main\\.ts$',
  '^cli/',
];

const upward = layers.slice(0, -1).map((layer, index) => ({
  name: `${layer}-imports-nothing-above`,
  comment: `${layer}/ is below ${layers.slice(index + 1).join(', ')}`,
  severity: 'error',
  from: { path: `^${layer}/` },
  to: { path: `^(${layers.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'services-meet-at-client',
      comment: 'another service is reached through its client/ folder only (its main.ts and stores through nothing at all)',
      severity: 'error',
      from: { path: '^(mon|osd|mds|fuse-client|cli)/' },
      to: { path: '^(mon|osd|mds|fuse-client)/', pathNot: ['^$1/', '^[a-z-]+/client/'] },
    },
    { name: 'no-cycles', comment: 'types included', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^(test|bench)/' }, to: { path: '^(test|bench)/' } },
    {
      name: 'cores-are-pure',
      comment: 'a core imports its own core, common/{crush,maps,errors} and plain message types',
      severity: 'error',
      from: { path: '^([a-z-]+)/core/' },
      to: {
        pathNot: [
          '^$1/core/',
          '^common/(crush|maps|errors)/',
          '^common/wire/gen/messages\\.ts$',
          '^[a-z-]+/client/[a-z-]+\\.ts$',
          '^$1/config\\.ts$',
        ],
        dependencyTypesNot: ['npm'],
      },
    },
    { name: 'cores-do-no-io', severity: 'error', from: { path: '^[a-z-]+/core/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'outside-world-in-adapters-only',
      comment: 'sockets, files, databases and logs are behind Env and the stores',
      severity: 'error',
      from: { path: '^(common|mon|osd|mds|fuse-client)/', pathNot: adapters },
      to: {
        path: '^(node:)?(fs|net|tls|http|https|dgram|dns|child_process|worker_threads|timers|perf_hooks|cluster|os|process)(/|$)|node_modules/(ws|lmdb|pino|pino-pretty|fuse-native)/',
      },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^(common|mon|osd|mds|fuse-client|cli)/', pathNot: '^common/wire/codegen/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.d.ts'],
      conditionNames: ['import', 'node', 'types'],
      exportsFields: ['exports'],
    },
  },
};
