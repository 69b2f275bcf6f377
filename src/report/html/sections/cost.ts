import { bytesInWords, countInWords, digits, nanosInWords, rateInWords, shareInWords } from '../../../measure/words.ts'
import { figuresOf } from '../../summary/figures.ts'
import { dataTable } from '../data-table.ts'
import { html } from '../html.ts'
import { measuredCells, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** What a strategy costs to run: network, database, memory, code. */
export function costSection(view: RunView): Section | undefined {
  const workloads = view.workloads
    .map(({ workload, groups }) => ({
      workload,
      groups: groups.filter((group) => measuredCells(group).some((cell) => cell.cacheValue !== undefined)),
    }))
    .filter(({ groups }) => groups.length > 0)
  if (workloads.length === 0) return undefined
  return {
    id: 'cost',
    title: 'Cost',
    body: html`<p class="lead">What each strategy asks of the network, the database, the memory of the cache, and of whoever maintains the code.</p>
${dataTable({
  caption: 'Cost of each workload on each target, all blocks together',
  quiet: true,
  columns: [
    { title: 'Workload, target' },
    { title: 'trips/op', figure: true, explanation: 'Round trips to the cache for each operation of the application' },
    { title: 'bytes/op', figure: true, explanation: 'To and from the cache' },
    { title: 'miss penalty', figure: true, explanation: 'Mean response of a read miss minus that of a read hit' },
    { title: 'db reads', figure: true },
    { title: 'db writes', figure: true },
    { title: 'db load', figure: true, explanation: 'Database reads and writes a second' },
    { title: 'stored', figure: true },
    { title: 'never read', figure: true, explanation: 'Bytes that were stored and not read before the next store, the delete or the end' },
    { title: 'code paths', figure: true, explanation: 'Different ways through the pattern’s code' },
  ],
  groups: workloads.map(({ workload, groups }) => ({
    title: workload,
    rows: groups.map((group) => {
      const cells = measuredCells(group)
      const values = cells.flatMap((cell) => cell.cacheValue ?? [])
      const sum = (pick: (one: (typeof values)[number]) => number) => values.reduce((total, one) => total + pick(one), 0)
      const seconds = cells.reduce((total, cell) => total + cell.measuredNanos, 0) / 1e9
      const figures = figuresOf(group)
      const database = sum((one) => one.databaseReads + one.databaseWrites)
      return {
        label: html`<a href="#${group.anchor}">${group.label}</a>`,
        values: [
          figures.roundTrips === null ? '–' : figures.roundTrips.toFixed(2),
          figures.bytesPerOperation === null ? '–' : digits(figures.bytesPerOperation),
          figures.missPenaltyNanos === null ? '–' : nanosInWords(figures.missPenaltyNanos),
          countInWords(sum((one) => one.databaseReads)),
          countInWords(sum((one) => one.databaseWrites)),
          seconds > 0 ? rateInWords(database / seconds) : '–',
          bytesInWords(sum((one) => one.storedBytes)),
          figures.neverReadShare === null ? '–' : shareInWords(figures.neverReadShare),
          String(cells[0]!.codePaths),
        ],
      }
    }),
  })),
})}`,
  }
}
