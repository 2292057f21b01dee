// The import table of CONTRIBUTING.md as rules that fail the check. tests/arch/import-rules.test.ts plants one
// violation of each and expects its name back, so a rule that stops biting is noticed.

/** Tests and their fixtures may import anything. */
const TESTS = '\\.(test|fixture|fixtures)\\.tsx?$|/fixtures/';
const THIRD_PARTY = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'];

/** A package whose product code may import only the packages named (and itself). */
const onlyImports = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^packages/${from}/src/`, pathNot: TESTS },
  to: { path: '^packages/', pathNot: `^packages/(${[from, ...allowed].join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      comment: 'The kernel is words only: whoever shares a word must not inherit a dependency.',
      from: { path: '^packages/kernel/src/', pathNot: TESTS },
      to: { pathNot: '^packages/kernel/src/' },
    },
    onlyImports(
      'stats-stands-alone',
      'stats',
      [],
      'Statistics are numbers in, numbers out; publishable alone.',
    ),
    onlyImports('model-imports-inward', 'model', ['kernel', 'stats'], 'Models know words and numbers.'),
    {
      name: 'rooms-never-import-rooms',
      severity: 'error',
      comment: 'The loop closes through ledger facts and kernel ports, never through an import.',
      from: { path: '^packages/loop/src/([^/]+)/', pathNot: TESTS },
      to: { path: '^packages/loop/src/', pathNot: '^packages/loop/src/$1/' },
    },
    onlyImports(
      'rooms-import-inward',
      'loop',
      ['kernel', 'stats', 'model'],
      'Outside things come through kernel ports.',
    ),
    {
      name: 'rooms-use-no-third-party',
      severity: 'error',
      comment: 'A room is a decision; libraries belong to adapters.',
      from: { path: '^packages/loop/src/', pathNot: TESTS },
      to: { dependencyTypes: THIRD_PARTY },
    },
    {
      name: 'pure-code-does-no-io',
      severity: 'error',
      comment:
        'Kernel, stats, model and the rooms run in a replay, a worker and a browser alike: no Node built-ins.',
      from: { path: '^packages/(kernel|stats|model|loop)/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    onlyImports(
      'storage-imports-inward',
      'storage',
      ['kernel', 'stats', 'model'],
      'An adapter knows its port.',
    ),
    onlyImports(
      'engines-import-inward',
      'engines',
      ['kernel', 'stats', 'model'],
      'An adapter knows its port.',
    ),
    onlyImports(
      'protocols-import-kernel',
      'protocols',
      ['kernel'],
      'Wire shape to kernel words, nothing else.',
    ),
    {
      name: 'protocols-know-one-wire',
      severity: 'error',
      comment: 'Each wire belongs to somebody else and changes on its own.',
      from: { path: '^packages/protocols/src/([^/]+)/', pathNot: TESTS },
      to: { path: '^packages/protocols/src/', pathNot: '^packages/protocols/src/$1/' },
    },
    onlyImports(
      'server-imports-no-caller',
      'server',
      ['kernel', 'stats', 'model', 'loop', 'protocols', 'storage', 'engines', 'client'],
      'The server does not know who calls it.',
    ),
    {
      name: 'server-takes-wire-types-only',
      severity: 'error',
      comment:
        'The wire types of the native API live in the client, once; the server is held to them and runs none of its code.',
      from: { path: '^packages/server/src/', pathNot: TESTS },
      to: { path: '^packages/client/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-server-constructs-adapters',
      severity: 'error',
      comment: 'There is one composition root. Everyone else receives ports.',
      from: { path: '^packages/(?!server/|storage/|engines/)[^/]+/src/', pathNot: TESTS },
      to: { path: '^packages/(storage|engines)/' },
    },
    {
      name: 'front-doors-only',
      severity: 'error',
      comment: 'Another package, or a room, is entered through its index.ts.',
      from: { path: '^packages/([^/]+)/src/', pathNot: TESTS },
      to: {
        path: '^packages/[^/]+/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/(loop|protocols)/src/[^/]+/index\\.ts$',
        ],
      },
    },
    onlyImports('client-imports-kernel', 'client', ['kernel'], 'The client speaks HTTP and kernel words.'),
    {
      name: 'client-takes-types-only',
      severity: 'error',
      comment: 'What the browser loads must not pull the kernel in: the client uses its types.',
      from: { path: '^packages/client/src/', pathNot: TESTS },
      to: { path: '^packages/kernel/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-runs-in-browsers',
      severity: 'error',
      comment: 'The client runs in Node and in the browser: no built-ins, no libraries.',
      from: { path: '^packages/client/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core', ...THIRD_PARTY] },
    },
    onlyImports('web-through-client', 'web', ['client'], 'Pages see the product through the client only.'),
    {
      name: 'web-uses-its-libraries',
      severity: 'error',
      comment: 'Every library of the pages is paid for by every first load: the list is closed.',
      from: { path: '^packages/web/src/', pathNot: TESTS },
      to: {
        dependencyTypes: ['core', ...THIRD_PARTY],
        pathNot:
          'node_modules/(@types/)?(react|react-dom|@base-ui/react|@tanstack/react-query|@tanstack/react-router|uplot)/',
      },
    },
    onlyImports(
      'cli-imports',
      'cli',
      ['kernel', 'stats', 'model', 'client', 'server'],
      'Commands talk to a server, or open the server’s front door.',
    ),
    {
      name: 'cli-loads-server-lazily',
      severity: 'error',
      comment: 'A command that only talks to a server must not load databases: import() it where it is used.',
      from: { path: '^packages/cli/src/', pathNot: TESTS },
      to: { path: '^packages/server/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-imports-no-tests',
      severity: 'error',
      comment: 'Test code does not ship.',
      from: { path: '^packages/[^/]+/src/', pathNot: TESTS },
      to: { path: `^(tests|bench)/|${TESTS}` },
    },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      comment:
        'A library that package.json of this package does not name as a dependency is missing after an install.',
      from: { path: '^packages/(?!web/)[^/]+/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that import each other in a circle are one file in pieces.',
      from: { path: '^(packages|tests)/' },
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'A rule cannot judge what it cannot find.',
      from: { path: '^packages/[^/]+/src/', pathNot: TESTS },
      to: { couldNotResolve: true, pathNot: '\\.css$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|reports|\\.twinloop)/' },
    tsPreCompilationDeps: 'specify',
    combinedDependencies: false,
    // Package names resolve to sources as they do for tsc and vitest; otherwise they would end at dist/ and no rule would see them.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
