import type { Cell, RunResult } from '../../measure/run-result.ts'

/** The blocks of one workload on one target through one client: one row of every table. */
export interface CellGroup {
  /** "cell-1", in the order of the report; what links point to. */
  readonly anchor: string
  readonly workload: string
  readonly role: Cell['role']
  /** For the reader: "local:redis", "local:redis via ioredis", "no cache (database)". */
  readonly label: string
  /** By block; at least one. */
  readonly cells: readonly [Cell, ...Cell[]]
}

/** A workload with its rows: the baseline first, then target by target. */
export interface WorkloadGroups {
  readonly workload: string
  readonly pattern: string
  readonly groups: readonly CellGroup[]
}

/** Workloads in the order they first ran; the order of targets in a block is random, so they are sorted. */
export function groupCells(result: Pick<RunResult, 'cells'>): readonly WorkloadGroups[] {
  const clients = new Set(result.cells.filter((cell) => cell.role === 'measured').map((cell) => cell.client))
  const workloads = new Map<string, Map<string, Cell[]>>()
  for (const cell of result.cells) {
    const workload = workloadOf(cell)
    const rows = workloads.get(workload) ?? new Map<string, Cell[]>()
    workloads.set(workload, rows)
    const key = JSON.stringify([cell.role === 'baseline' ? 0 : 1, cell.target.label, cell.client, cell.settingsHash])
    rows.set(key, [...(rows.get(key) ?? []), cell])
  }
  let anchors = 0
  return [...workloads].map(([workload, rows]) => {
    const groups = [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, cells]): CellGroup => {
        const [first, ...others] = cells.sort((a, b) => a.block - b.block)
        return { anchor: `cell-${++anchors}`, workload, role: first!.role, label: labelOf(first!, clients.size > 1), cells: [first!, ...others] }
      })
    const measured = groups.find((group) => group.role === 'measured') ?? groups[0]!
    return { workload, pattern: measured.cells[0].pattern, groups }
  })
}

/** Under which workload a cell's row stands: a baseline beside the one it belongs to. */
function workloadOf(cell: Cell): string {
  return cell.role === 'baseline' ? (cell.baselineOf ?? cell.workload) : cell.workload
}

function labelOf(cell: Cell, nameClient: boolean): string {
  if (cell.role === 'baseline') return 'no cache (database)'
  return nameClient ? `${cell.target.label} via ${cell.client}` : cell.target.label
}
