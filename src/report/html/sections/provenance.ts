import type { Cell, RunResult } from '../../../measure/run-result.ts'
import { bytesInWords, countInWords, nanosInWords, rateInWords, shareInWords } from '../../../measure/words.ts'
import { evidenceWords } from '../../text/outcome-words.ts'
import { codeWithCopy } from '../code-with-copy.ts'
import { dataTable } from '../data-table.ts'
import { factsList } from '../facts-list.ts'
import { type Html, type HtmlValue, html } from '../html.ts'
import { groupName, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'
import { engineInWords, networkInWords, settingsList } from '../target-facts.ts'

/** Where the numbers come from: enough to run it again, and to see what they rest on. */
export function provenanceSection(view: RunView): Section {
  const { result } = view
  return {
    id: 'provenance',
    title: 'Provenance',
    folded: 'command, seed, database, targets, settings, the load generator about itself',
    body: html`<p class="label">Run it again</p>
${codeWithCopy(withSeed(result))}
${factsList(runFacts(result))}
${databases(view)}
${targets(view)}
${workloads(view)}
${audits(view)}
${histories(view)}`,
  }
}

/** The seed decides everything that is not the outside world; without it the command would draw another. */
function withSeed({ command, seed }: RunResult): string {
  return /\s--seed\b/.test(command) ? command : `${command} --seed ${seed}`
}

function runFacts(result: RunResult): readonly (readonly [string, HtmlValue])[] {
  const { host } = result
  return [
    ['Tool', `${result.tool.name} ${result.tool.version}, run.json schema ${result.schemaVersion}`],
    ['Seed', String(result.seed)],
    ['Time', result.virtual ? 'virtual: nothing waited; latencies are those of the models below' : 'real'],
    ...(host
      ? ([
          ['Generator', `${host.cpus}, ${bytesInWords(host.memoryBytes)} of memory, ${host.platform}`],
          ['Node', host.node],
          ['Clock', host.clock],
        ] as const)
      : []),
  ]
}

function databases(view: RunView): Html | undefined {
  const known = new Map(view.result.cells.flatMap(({ database }) => (database ? [[JSON.stringify(database), database] as const] : [])))
  if (known.size === 0) return undefined
  return html`<h3>Database behind the cache</h3>
${[...known.values()].map(
  (database) => html`${factsList([
    ['Database', `${database.label}${database.version && !database.label.includes(database.version) ? ` ${database.version}` : ''}`],
    ...(database.url ? [['URL', html`<code>${database.url}</code>`] as const] : []),
    ['Service', html`<strong>${database.serviceModel === 'none' ? 'as the database answers: no model' : database.serviceModel}</strong>`],
    [
      'Rests on',
      database.evidence === 'modelled' ? evidenceWords('modelled') : isEmbedded(database) ? 'the embedded database as it is' : 'a real database',
    ],
  ])}
${isEmbedded(database) && html`<p>${database.label} runs in the process of the load and has no service model: it is faster than any cache behind a network, and every comparison with it rests on that.</p>`}`,
)}`
}

/** In the process of the load, without a service model. */
function isEmbedded({ kind, evidence }: NonNullable<Cell['database']>): boolean {
  return kind === 'sqlite' && evidence === 'observed'
}

function targets(view: RunView): Html | undefined {
  // A round trip is measured anew for each cell; one a target is enough to read.
  const shown = new Map<string, Cell>()
  for (const cell of view.result.cells) {
    if (cell.role !== 'measured') continue
    const { roundTripNanos: _, ...target } = cell.target
    const key = JSON.stringify([target, cell.client, cell.clientSettings, cell.connections])
    if (!shown.has(key)) shown.set(key, cell)
  }
  if (shown.size === 0) return undefined
  return html`<h3>Targets and clients</h3>
${dataTable({
  caption: 'Targets and the clients that reached them',
  quiet: true,
  wordy: true,
  columns: [
    { title: 'Target' },
    { title: 'Engine' },
    { title: 'Settings' },
    { title: 'Network' },
    { title: 'Client' },
    { title: 'Connections', figure: true, explanation: 'That stood when the load began, of all instances together' },
  ],
  groups: [
    {
      rows: [...shown.values()].map(({ target, client, clientSettings, connections }) => ({
        label: html`${target.label}${target.url !== target.label && html`<br><code>${target.url}</code>`}`,
        values: [
          engineInWords(target),
          settingsList(target.settings),
          networkInWords(target),
          html`${client}${Object.keys(clientSettings).length > 0 && html`<br>${settingsList(clientSettings)}`}`,
          orDash(connections ?? null, countInWords),
        ],
      })),
    },
  ],
})}`
}

function workloads(view: RunView): Html | undefined {
  if (view.workloads.length === 0) return undefined
  return html`<h3>Workloads</h3>
${view.workloads.map(({ workload, groups }) => {
  const cell = groups.find(({ role }) => role === 'measured')?.cells[0] ?? groups[0]!.cells[0]
  return html`<details><summary>${workload} <span class="dim">settings ${cell.settingsHash || 'without a hash'}</span></summary><pre tabindex="0"><code>${JSON.stringify(cell.settings, null, 2)}</code></pre></details>`
})}`
}

function audits(view: RunView): Html | undefined {
  const cells = view.result.cells.filter(({ notApplicable }) => notApplicable === undefined)
  if (cells.length === 0) return undefined
  return html`<h3>The load generator about itself</h3>
${dataTable({
  caption: 'Whether the load generator was the bottleneck',
  quiet: true,
  columns: [
    { title: 'Workload, target' },
    { title: 'Offered', figure: true },
    { title: 'Started', figure: true },
    { title: 'Lag p99', figure: true, explanation: 'Due -> sent: how late the generator was' },
    { title: 'Loop busy', figure: true, explanation: 'Event-loop utilisation' },
    { title: 'Loop delay p99', figure: true },
    { title: 'GC', figure: true, explanation: 'Pauses for garbage collection, summed' },
    { title: 'Never started', figure: true, explanation: 'Due, but never started before the end' },
    { title: 'Judged' },
  ],
  groups: [
    {
      rows: cells.map(({ id, audit }) => ({
        label: nameOf(view, id),
        values: [
          audit.offeredPerSecond === null ? 'closed loop' : rateInWords(audit.offeredPerSecond),
          rateInWords(audit.startedPerSecond),
          nanosInWords(audit.scheduleLagP99Nanos),
          orDash(audit.eventLoopUtilization, shareInWords),
          orDash(audit.eventLoopDelayP99Nanos, nanosInWords),
          orDash(audit.gcPauseNanos, nanosInWords),
          countInWords(audit.unstarted),
          audit.generatorLimited ? html`<span class="limited" title="${audit.reasons.join('; ')}">limited</span>` : 'kept up',
        ],
      })),
    },
  ],
})}${processes(view, cells)}`
}

/** Each process by its own meter; the worst stands in the table above. */
function processes(view: RunView, cells: readonly Cell[]): Html | undefined {
  const metered = cells.filter(({ audit }) => audit.processes !== undefined)
  if (metered.length === 0) return undefined
  return dataTable({
    caption: 'Each process by its own meter',
    quiet: true,
    columns: [
      { title: 'Process' },
      { title: 'Due', figure: true, explanation: 'Its share of what was offered' },
      { title: 'Started', figure: true },
      { title: 'Late', figure: true, explanation: 'Begun later than the limit, or never, through its own doing' },
      { title: 'Excused', figure: true, explanation: 'Nothing could begin: the limit of operations in flight was reached, or the target refused' },
      { title: 'Stood still', figure: true, explanation: 'Gaps of its own clock' },
      { title: 'Loop busy', figure: true, explanation: 'Event-loop utilisation' },
      { title: 'Loop delay p99', figure: true },
      { title: 'Processor', figure: true, explanation: 'User and system time of all its threads, as a share of one core' },
      { title: 'GC', figure: true },
    ],
    groups: metered.map(({ id, audit }) => ({
      title: nameOf(view, id),
      rows: audit.processes!.map((one) => ({
        label: one.instance === undefined ? 'the run itself' : `instance ${one.instance}`,
        values: [
          orDash(one.offeredPerSecond, rateInWords),
          orDash(one.startedPerSecond, rateInWords),
          countInWords(one.lateOperations),
          nanosInWords(one.excusedNanos),
          nanosInWords(one.gapNanos),
          orDash(one.eventLoopUtilization, shareInWords),
          orDash(one.eventLoopDelayP99Nanos, nanosInWords),
          orDash(one.processorNanos, (nanos) => (one.meteredNanos === 0 ? '–' : shareInWords(nanos / one.meteredNanos))),
          orDash(one.gcPauseNanos, nanosInWords),
        ],
      })),
    })),
  })
}

function orDash(value: number | null, words: (value: number) => string): string {
  return value === null ? '–' : words(value)
}

function histories(view: RunView): Html | undefined {
  const cells = view.result.cells.filter(({ notApplicable }) => notApplicable === undefined)
  if (cells.length === 0) return undefined
  return html`<h3>Recorded histories</h3>
${dataTable({
  caption: 'The recorded history of each workload on each target, beside this file',
  quiet: true,
  columns: [{ title: 'Workload, target' }, { title: 'Level' }, { title: 'Rows', figure: true }, { title: 'File' }, { title: 'Hash' }],
  groups: [
    {
      rows: cells.map(({ id, history, traceHash }) => ({
        label: nameOf(view, id),
        values: [
          `${history.level}${history.tornSegments > 0 ? `, ${history.tornSegments} torn` : ''}`,
          countInWords(history.rows),
          history.file === undefined ? '–' : html`<code>${history.file}</code>`,
          html`<code title="${history.hash}">${history.hash.slice(0, 16)}</code>${traceHash && html` <span class="dim">trace ${traceHash}</span>`}`,
        ],
      })),
    },
  ],
})}`
}

function nameOf(view: RunView, id: string): string {
  const found = view.cells.get(id)
  if (!found) return id
  return found.group.cells.length > 1 ? `${groupName(found.group)}, block ${found.cell.block}` : groupName(found.group)
}
