// Which module may import which (docs/architecture.md). All other imports between modules are errors.
const MODULES = {
  domain: ['domain'],
  'event-catalogue': ['domain'],
  'event-store': ['platform'],
  'command-handling': ['domain', 'event-catalogue', 'event-store', 'platform'],
  'write-side': [
    'domain',
    'event-catalogue',
    'command-handling',
    'event-store',
    'integrations',
    'key-store',
    'projections/sessions',
    'platform',
  ],
  'process-managers': [
    'domain',
    'event-catalogue',
    'command-handling',
    'event-store',
    'integrations',
    'read-store',
    'projections/deadlines',
    'key-store',
    'platform',
  ],
  integrations: ['domain', 'platform'],
  projections: ['domain', 'event-catalogue', 'event-store', 'read-store', 'platform'],
  'read-store': ['platform'],
  'key-store': ['platform'],
  'read-api': ['domain', 'projections', 'read-store', 'key-store', 'platform'],
  gateway: ['platform'],
  embedded: [],
  cli: [],
  platform: [],
};

const AGGREGATES = [
  'order',
  'product',
  'inventory',
  'payment',
  'shipment',
  'parking',
  'user',
  'email',
  'session',
  'admins',
  'rebuild',
];
const SPEC = '\\.spec\\.ts$';
const own = `^(${[...Object.keys(MODULES), 'bin', 'bench', 'test'].join('|')})/`;

const modules = Object.entries(MODULES).map(([module, allowed]) => ({
  name: `${module} imports only the modules below it`,
  severity: 'error',
  from: { path: `^${module}/`, pathNot: [SPEC, '/testing/'] },
  to: { path: own, pathNot: [`^${module}/`, ...allowed.map((other) => `^${other}/`)] },
}));

/** Packages that only one module may import. */
const packages = [
  ['@eventstore/db-client', '^(event-store|embedded)/'],
  ['mongodb', '^(read-store|key-store|platform)/mongodb/'],
  ['libsql', '^(read-store/sqlite|key-store/sqlite|embedded/storage)/'],
  ['@grpc/grpc-js', '^(event-store|embedded)/'],
  ['@node-rs/argon2', '^platform/passwords/'],
  ['nodemailer', '^integrations/mail/'],
].map(([name, home]) => ({
  name: `only one module imports ${name}`,
  severity: 'error',
  from: { path: own, pathNot: [home, SPEC, '/testing/', '^(bench|test)/', '/conformance/'] },
  to: { path: `(^|/)node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...modules,
    ...packages,
    {
      name: 'the domain imports no package but zod and immutable',
      severity: 'error',
      from: { path: '^domain/', pathNot: [SPEC, '/testing/'] },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'],
        pathNot: '(^|/)node_modules/(zod|immutable)/',
      },
    },
    {
      name: 'aggregates never import one another',
      severity: 'error',
      from: { path: `^domain/(${AGGREGATES.join('|')})/`, pathNot: SPEC },
      to: { path: '^domain/', pathNot: ['^domain/kernel/', '^domain/$1/'] },
    },
    {
      name: 'the engine of the process managers imports no aggregate and no workflow',
      severity: 'error',
      from: { path: '^process-managers/engine/', pathNot: SPEC },
      to: {
        path: [
          '^domain/(order|product|inventory|payment|shipment|user|email|session|admins|rebuild|fulfilment|opening-stock|forgetting)/',
          '^process-managers/(?!engine/)',
        ],
      },
    },
    {
      name: 'process managers never import one another',
      severity: 'error',
      from: { path: '^process-managers/([^/]+)/', pathNot: SPEC },
      to: {
        path: '^process-managers/[^/]+/',
        pathNot: ['^process-managers/engine/', '^process-managers/$1/'],
      },
    },
    {
      name: 'projections import only the events of an aggregate',
      severity: 'error',
      from: { path: '^projections/', pathNot: SPEC },
      to: { path: '^domain/', pathNot: ['^domain/kernel/', '^domain/[^/]+/events\\.ts$'] },
    },
    {
      name: 'the query API imports only values of the domain',
      severity: 'error',
      from: { path: '^read-api/', pathNot: [SPEC, '/testing/'] },
      to: { path: '^domain/', pathNot: ['^domain/kernel/'] },
    },
    {
      name: 'the command line uses only the HTTP APIs',
      severity: 'error',
      from: { path: '^cli/', pathNot: SPEC },
      to: { path: '(^|/)node_modules/(@eventstore|mongodb|libsql|@grpc)/' },
    },
    { name: 'no circular imports', severity: 'error', from: {}, to: { circular: true } },
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
