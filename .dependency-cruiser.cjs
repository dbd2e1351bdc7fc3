// Which room may import which (docs/architecture.md). Everything that a room is not allowed is forbidden.
const ROOMS = {
  domain: ['domain'],
  'event-store': ['domain', 'platform'],
  'write-side': ['domain', 'event-store', 'platform'],
  'write-side/process-managers': [
    'domain',
    'event-store',
    'platform',
    'write-side',
    'read-store',
    'projections/deadlines',
  ],
  projections: ['domain', 'event-store', 'read-store', 'platform'],
  'read-store': ['platform'],
  'read-api': ['projections', 'read-store', 'platform'],
  embedded: [],
  cli: [],
  platform: [],
};

const AGGREGATES = ['order', 'product', 'inventory', 'payment', 'shipment', 'fulfilment'];
const SPEC = '\\.spec\\.ts$';
const own =
  '^(domain|event-store|write-side|projections|read-store|read-api|embedded|cli|bin|platform|bench|test)/';

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room} keeps to its neighbours`,
  severity: 'error',
  from: {
    path: `^${room}/`,
    pathNot: [SPEC, '/testing/', ...(room === 'write-side' ? ['^write-side/process-managers/'] : [])],
  },
  to: { path: own, pathNot: [`^${room}/`, ...allowed.map((other) => `^${other}/`)] },
}));

/** Packages that one room alone may know. */
const packages = [
  ['@eventstore/db-client', '^(event-store|embedded)/'],
  ['mongodb', '^read-store/mongodb/'],
  ['libsql', '^(read-store/sqlite|embedded/storage)/'],
  ['@grpc/grpc-js', '^(event-store|embedded)/'],
].map(([name, home]) => ({
  name: `only its room knows ${name}`,
  severity: 'error',
  from: { path: own, pathNot: [home, SPEC, '/testing/', '^(bench|test)/', '/conformance/'] },
  to: { path: `(^|/)node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...packages,
    {
      name: 'the domain knows nothing but zod',
      severity: 'error',
      from: { path: '^domain/', pathNot: [SPEC, '^domain/kernel/spec\\.ts$'] },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'],
        pathNot: '(^|/)node_modules/zod/',
      },
    },
    {
      name: 'aggregates never import one another',
      severity: 'error',
      from: { path: `^domain/(${AGGREGATES.join('|')})/`, pathNot: SPEC },
      to: { path: '^domain/', pathNot: ['^domain/kernel/', '^domain/$1/'] },
    },
    {
      name: 'projections take events only from the domain',
      severity: 'error',
      from: { path: '^projections/', pathNot: SPEC },
      to: { path: '^domain/', pathNot: ['^domain/kernel/', '^domain/[^/]+/events\\.ts$'] },
    },
    {
      name: 'the command line speaks HTTP',
      severity: 'error',
      from: { path: '^cli/', pathNot: SPEC },
      to: { path: '(^|/)node_modules/(@eventstore|mongodb|libsql|@grpc)/' },
    },
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/|^embedded/conformance/' },
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'require', 'default'],
    },
  },
};
