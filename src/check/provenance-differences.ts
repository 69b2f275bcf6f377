import type { Cell, RunResult } from '../measure/run-result.ts'

interface Named {
  readonly label: string
  readonly result: RunResult
}

/** What differs between whole runs beside what they measured, against the first; one sentence each. */
export function provenanceDifferences(runs: readonly Named[]): readonly string[] {
  const [baseline, ...others] = runs
  if (!baseline) return []
  return [
    ...runs.filter(({ result }) => result.status !== 'complete').map(({ label, result }) => `${label} is ${statusWords(result.status)}`),
    ...others.flatMap((other) =>
      FACTS.flatMap(({ name, of }) => {
        const [left, right] = [of(baseline.result), of(other.result)]
        return left === right ? [] : [`${name} differs: ${baseline.label} has ${left ?? 'none'}, ${other.label} ${right ?? 'none'}`]
      }),
    ),
  ]
}

const FACTS: readonly { readonly name: string; readonly of: (result: RunResult) => string | undefined }[] = [
  { name: 'the version of cacheproof', of: ({ tool }) => tool.version },
  { name: 'the kind of time', of: ({ virtual }) => (virtual ? 'virtual time' : 'real time') },
  { name: 'the seed', of: ({ seed }) => String(seed) },
  { name: 'the processor', of: ({ host }) => host?.cpus },
  { name: 'the platform', of: ({ host }) => host?.platform },
  { name: 'Node.js', of: ({ host }) => host?.node },
]

function statusWords(status: RunResult['status']): string {
  return status === 'interrupted' ? 'incomplete: it was interrupted' : 'incomplete: it was recovered from a run that died'
}

/** What differs between the cells of one row; `byRun` in the order of `runs`. */
export function rowDifferences(what: string, byRun: readonly (readonly Cell[])[], runs: readonly Named[]): readonly string[] {
  const at = byRun.findIndex((cells) => cells.length > 0)
  const baseline = byRun[at]?.[0]
  if (!baseline) return []
  return byRun.flatMap((cells, index) => {
    const cell = cells[0]
    if (index === at || !cell) return []
    return CELL_FACTS.flatMap(({ name, of, ifKnown }) => {
      const [left, right] = [of(baseline), of(cell)]
      if (left === right || (ifKnown && (left === undefined || right === undefined))) return []
      const values = name === 'the settings' ? '' : `: ${left ?? 'none'} and ${right ?? 'none'}`
      return [`${what}: ${name} of ${runs[at]!.label} and ${runs[index]!.label} differ${values}`]
    })
  })
}

interface CellFact {
  readonly name: string
  readonly of: (cell: Cell) => string | undefined
  /** Runs of before it was kept differ in nothing. */
  readonly ifKnown?: boolean
}

const CELL_FACTS: readonly CellFact[] = [
  { name: 'the settings', of: ({ settingsHash }) => settingsHash },
  { name: 'the engines', of: ({ target }) => `${target.engine} ${target.version}` },
  { name: 'the connections', of: ({ connections }) => connections?.toString(), ifKnown: true },
  { name: 'the topologies', of: ({ target }) => target.topology },
  { name: 'the databases', of: ({ database }) => database && `${`${database.kind} ${database.version}`.trim()}, ${database.serviceModel}` },
]
