import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesMatching } from './files-matching.ts'

/** What is mutated together, and by which tests it should be noticed. Patterns are below the root; `*` is any part of a name. */
export interface MutantRoom {
  readonly name: string
  readonly files: readonly string[]
  readonly tests: readonly string[]
  /** Of its mutants so many must be noticed. */
  readonly barPercent?: number
  /** Strings are mutated, too: see `STRINGS`. */
  readonly strings?: boolean
}

/**
 * Strings are left as they are but where they are what the code does. Most of them are sentences, which whole reports are
 * compared by (test/golden) and which no unit test should repeat; a wrong code or name is noticed with the branch it leads to.
 */
export const STRINGS = 'StringLiteral'

const BAR_PERCENT = 80

export const ROOMS: readonly MutantRoom[] = [
  {
    name: 'metrics',
    files: ['src/measure/metrics/*.ts'],
    tests: ['src/measure/metrics/*.test.ts', 'src/check/expectations.test.ts'],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'percentiles',
    files: ['histogram', 'latency', 'percentile-spectrum', 'hdr-v2'].map((name) => `src/measure/${name}.ts`),
    tests: ['histogram', 'latency', 'percentile-spectrum', 'hdr-v2'].map((name) => `src/measure/${name}*.test.ts`),
    barPercent: BAR_PERCENT,
  },
  {
    name: 'tallies',
    files: ['src/measure/class-tally.ts'],
    tests: ['src/measure/class-tally.test.ts', 'src/measure/operation-recorder.test.ts'],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'series',
    files: ['interval-series', 'interval-tallies', 'operation-recorder', 'tally-set', 'replay-history'].map((name) => `src/measure/${name}.ts`),
    tests: ['src/measure/operation-recorder.test.ts', 'src/measure/replay-history.test.ts'],
  },
  {
    name: 'audit',
    files: [
      'src/check/audit.ts',
      'src/check/process-audit.ts',
      'src/check/unreachable-spans.ts',
      'src/run/audit/load-audit.ts',
      'src/run/audit/clock-gaps.ts',
    ],
    tests: ['src/check/audit.test.ts', 'src/check/process-audit.test.ts', 'src/check/unreachable-spans.test.ts', 'src/run/audit/*.test.ts'],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'staleness',
    files: ['staleness', 'freshness', 'interval-freshness', 'ordered-freshness', 'session-guarantees', 'worst-few'].map(
      (name) => `src/check/${name}.ts`,
    ),
    tests: ['src/check/staleness.test.ts', 'src/check/vectors.test.ts', 'src/check/worst-few*.test.ts'],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'linearizability',
    files: ['linearizable', 'zones', 'ordered-register', 'register', 'number-set', 'first-beyond'].map((name) => `src/check/${name}.ts`),
    tests: ['linearizable', 'zones', 'vectors', 'number-set', 'first-beyond'].map((name) => `src/check/${name}*.test.ts`),
    barPercent: BAR_PERCENT,
  },
  {
    name: 'sessions',
    files: ['sessions', 'session-events', 'session-life', 'session-rules', 'session-tally', 'late-reads'].map((name) => `src/check/${name}.ts`),
    tests: ['sessions', 'session-events', 'session-life', 'session-rules', 'late-reads'].map((name) => `src/check/${name}*.test.ts`),
    barPercent: BAR_PERCENT,
  },
  {
    name: 'unavailability',
    files: [
      ...['unavailability', 'recovery', 'series-windows', 'fault-window', 'success-meter'].map((name) => `src/check/${name}.ts`),
      'src/chaos/away-spans.ts',
    ],
    tests: [
      ...['recovery', 'series-windows', 'unavailability', 'fault-window'].map((name) => `src/check/${name}.test.ts`),
      'src/chaos/away-spans.test.ts',
    ],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'sweep',
    files: [
      ...['sweep-keys', 'run-undo', 'process-identity', 'delete-names', 'drop-table', 'reaper'].map((name) => `src/targets/local/${name}.ts`),
      'src/targets/name-range.ts',
    ],
    // These and no more: they touch nothing of the machine. A mutant in test/reaper.test.ts would kill and remove what is not ours.
    tests: [
      ...['sweep-keys', 'run-undo', 'process-identity', 'delete-names', 'drop-table', 'reaper'].map((name) => `src/targets/local/${name}.test.ts`),
      'src/targets/name-range.test.ts',
    ],
    barPercent: BAR_PERCENT,
  },
  {
    name: 'escaping',
    files: [
      ...['escape-html', 'escape-markdown', 'json-for-script', 'printable'].map((name) => `src/report/text/${name}.ts`),
      'src/report/csv/csv-line.ts',
      'src/report/html/html.ts',
      'src/check/shell-word.ts',
    ],
    tests: ['src/report/text/*.test.ts', 'src/report/csv/csv-line.test.ts', 'src/report/html/html.test.ts', 'src/check/shell-word.test.ts'],
    barPercent: BAR_PERCENT,
    strings: true,
  },
]

/** A room by its name, or whatever stands at a path below src, with the tests beside it. Throws where there is none. */
export function roomNamed(name: string, root: string): MutantRoom {
  const room = ROOMS.find((one) => one.name === name)
  if (room) return room
  const path = name.replace(/\/+$/, '')
  if (!/^src\//.test(path) || path.includes('..') || !existsSync(join(root, path))) {
    throw new Error(`no room is called "${name}", and it is no path below src; there are: ${ROOMS.map((one) => one.name).join(', ')}`)
  }
  const isFolder = statSync(join(root, path)).isDirectory()
  const files = filesMatching(root, isFolder ? `${path}/**/*.ts` : path).filter((file) => !reachesOutside(readFileSync(join(root, file), 'utf8')))
  const tests = `${isFolder ? path : dirname(path)}/**/*.test.ts`
  if (sourcesOf({ files }, root).length === 0) throw new Error(`there is nothing to mutate at ${path}`)
  if (filesMatching(root, tests).length === 0) throw new Error(`there are no tests at ${tests}`)
  return { name: path, files, tests: [tests] }
}

/** What a room mutates: no tests, and nothing that only tests use. */
export function sourcesOf({ files }: Pick<MutantRoom, 'files'>, root: string): string[] {
  return files.flatMap((pattern) => filesMatching(root, pattern)).filter((file) => !/\.(test|contract)\.ts$/.test(file))
}

export function testsOf({ tests }: Pick<MutantRoom, 'tests'>, root: string): string[] {
  return tests.flatMap((pattern) => filesMatching(root, pattern))
}

/** Kills processes or removes files: a fault in it would not stay in its test. Only named rooms mutate such, with tests that only pretend. */
function reachesOutside(source: string): boolean {
  return /process\.kill\(|\brm(Sync|dirSync)?\(|\bunlink(Sync)?\(|spawn(Sync)?\(/.test(source)
}
