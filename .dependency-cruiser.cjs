// The one direction of imports: a room imports only from rooms below it. Top to bottom, as ARCHITECTURE.md draws it.
const rooms = [
  'cli',
  'report',
  'validate',
  'serve',
  'run',
  'check',
  'chaos',
  'workload',
  'database',
  'targets',
  'client',
  'server',
  'engine',
  'protocol',
  'network',
  'measure',
  'runtime',
]

const upward = rooms.map((room, index) => ({
  name: `${room}-imports-only-from-below`,
  comment: `src/${room} stands below ${rooms.slice(0, index).join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(0, index).join('|') || 'none'})/` },
}))

// Rooms that are pure: no sockets, no files, no processes, no clocks of Node's.
const pure = ['engine', 'protocol', 'check', 'measure']

module.exports = {
  forbidden: [
    ...upward.filter((_, index) => index > 0),
    {
      name: 'no-cycles',
      comment: 'Files that import each other are one file, or two with a third below them',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'network-stands-on-runtime-alone',
      comment: 'Bytes, addresses and time: what the bytes mean is for the rooms above',
      severity: 'error',
      from: { path: '^src/network/', pathNot: '\\.(test|contract)\\.ts$' },
      to: { path: '^(src/(?!network/|runtime/)|properties/)' },
    },
    {
      name: 'properties-know-engines-and-targets-only',
      comment: 'properties/ may use engine, protocol, client, targets and runtime',
      severity: 'error',
      from: { path: '^properties/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(?!engine/|protocol/|client/|targets/|runtime/)' },
    },
    {
      name: 'only-validate-and-cli-know-properties',
      comment: 'properties/ is used by validate, its list, and tests',
      severity: 'error',
      from: { path: '^src/(?!validate/|cli/|index\\.ts)', pathNot: '\\.test\\.ts$' },
      to: { path: '^properties/' },
    },
    {
      name: 'pure-rooms-do-no-input-or-output',
      comment: 'Time, chance and I/O come in through the door',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')}|workload/patterns)/`, pathNot: '\\.(test|contract)\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib|buffer|util)$' },
    },
    {
      name: 'shipped-code-needs-no-development-package',
      severity: 'error',
      from: { path: '^(src|properties)/', pathNot: '\\.(test|contract)\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: { pathNot: '\\.(test|contract)\\.ts$' }, to: { couldNotResolve: true } },
    {
      name: 'shipped-code-knows-no-tests',
      severity: 'error',
      from: { path: '^(src|properties)/', pathNot: '\\.(test|contract)\\.ts$' },
      to: { path: '\\.(test|contract)\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
