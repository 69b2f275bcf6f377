import type { RunResult } from '../../measure/run-result.ts'
import type { LabelledRun } from './comparison.ts'

/** What must be equal for a difference to mean what it seems to; each is a set of texts a run has. */
const ASPECTS: readonly { readonly name: string; readonly of: (run: RunResult) => readonly (string | undefined)[] }[] = [
  { name: 'time', of: (run) => [run.virtual ? 'virtual' : 'real'] },
  { name: 'machine', of: (run) => [run.host && `${run.host.cpus}, ${run.host.platform}`] },
  { name: 'Node', of: (run) => [run.host?.node] },
  { name: 'cacheproof', of: (run) => [run.tool.version] },
  { name: 'seed', of: (run) => [String(run.seed)] },
  { name: 'client', of: (run) => measured(run).map((cell) => `${cell.client} ${JSON.stringify(cell.clientSettings)}`) },
  { name: 'workload settings', of: (run) => measured(run).map((cell) => `${cell.workload} ${cell.settingsHash}`) },
  { name: 'TLS', of: (run) => measured(run).map((cell) => (cell.target.tls ? 'with TLS' : 'without TLS')) },
  { name: 'engine', of: (run) => measured(run).map((cell) => `${cell.target.engine} ${cell.target.version}, ${cell.target.topology}`) },
  { name: 'server settings', of: (run) => measured(run).map((cell) => JSON.stringify(cell.target.settings)) },
  { name: 'network model', of: (run) => measured(run).map((cell) => cell.target.networkModel ?? 'none') },
  { name: 'database', of: (run) => measured(run).map((cell) => cell.database && `${cell.database.label} (${cell.database.serviceModel})`) },
]

const MAX_VALUES = 3

/** A sentence for everything in which a run differs from the first. */
export function provenanceWarnings(runs: readonly LabelledRun[]): readonly string[] {
  const [baseline, ...others] = runs
  if (!baseline) return []
  return ASPECTS.flatMap(({ name, of }) => {
    const own = textOf(of(baseline.result))
    return others.flatMap(({ label, result }) => {
      const theirs = textOf(of(result))
      return own === theirs ? [] : [`Other ${name}: ${own || 'unknown'} in ${baseline.label}, ${theirs || 'unknown'} in ${label}.`]
    })
  })
}

function textOf(values: readonly (string | undefined)[]): string {
  const known = [...new Set(values.filter((value) => value !== undefined))].sort()
  return known.length <= MAX_VALUES ? known.join('; ') : `${known.slice(0, MAX_VALUES).join('; ')} and ${known.length - MAX_VALUES} more`
}

function measured(run: RunResult): RunResult['cells'] {
  return run.cells.filter((cell) => cell.role === 'measured' && cell.notApplicable === undefined)
}
