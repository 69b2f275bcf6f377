import { metricNamed } from '../measure/metrics/catalogue.ts'
import { isMissing } from '../measure/metrics/figure.ts'
import { figureInWords } from '../measure/metrics/figure-in-words.ts'
import { measureFigure } from '../measure/metrics/measure-figure.ts'
import { sampleOf } from '../measure/metrics/sample.ts'
import { appClasses, totalOf } from '../measure/metrics/tally-sums.ts'
import { countInWords, plural, rateInWords } from '../measure/words.ts'
import { printable } from '../report/text/printable.ts'
import type { CellProgress, RunObserver } from '../run/run-observer.ts'

export interface Output {
  write(text: string): void
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface ProgressOptions {
  readonly output: Output
  /** Nothing but notes. */
  readonly quiet: boolean
  /** Escape sequences are welcome: a terminal, and neither NO_COLOR-like wishes nor CI. */
  readonly live: boolean
}

const PLAIN_LINE_EVERY_NANOS = 10_000_000_000

/** A person at a terminal sees one line that is redrawn; a pipe gets a plain line at each cell's begin and every ten seconds. */
export function createProgress({ output, quiet, live }: ProgressOptions): RunObserver {
  let cells = 0
  let position = 0
  let drawn = false
  let lastPlainNanos = 0

  const clear = () => {
    if (drawn) output.write('\r\x1b[K')
    drawn = false
  }
  const line = (text: string) => {
    clear()
    output.write(`${text}\n`)
  }
  return {
    runBegan(facts) {
      cells = facts.cells.length
      if (quiet) return
      line(
        `${plural(cells, 'cell')} (one workload on one target in one block${cells === 1 ? '' : ' each'}), seed ${facts.seed}${facts.folder ? `, into ${printable(facts.folder)}` : ''}`,
      )
      for (const text of facts.family) line(printable(text))
    },
    cellBegan(plan, at) {
      position = at
      lastPlainNanos = 0
      if (!quiet && !live) line(`[${at + 1}/${cells}] ${printable(plan.id)}`)
    },
    preparing({ plan, what, done, total }) {
      if (quiet || !live) return
      clear()
      output.write(
        fitted(`[${position + 1}/${cells}] ${printable(plan.id)}  ${countInWords(done)} of ${countInWords(total)} ${what}`, output.columns ?? 100),
      )
      drawn = true
    },
    progress(progress) {
      if (quiet) return
      if (live) {
        clear()
        output.write(fitted(`[${position + 1}/${cells}] ${printable(progress.plan.id)}  ${figures(progress)}`, output.columns ?? 100))
        drawn = true
      } else if (progress.atNanos - lastPlainNanos >= PLAIN_LINE_EVERY_NANOS) {
        lastPlainNanos = progress.atNanos
        line(`  ${figures(progress)}`)
      }
    },
    cellEnded(plan, cell) {
      if (quiet) return
      const sample = sampleOf([cell])
      const outcome = cell.notApplicable
        ? `not applicable: ${printable(cell.notApplicable)}`
        : `${plural(totalOf(appClasses(sample)), 'operation')}, ${wordsOf('errors', sample)} errors${cell.endedEarly ? `; ended early: ${printable(cell.endedEarly)}` : ''}`
      if (live) line(`[${position + 1}/${cells}] ${printable(plan.id)}: ${outcome}`)
      else line(`  ${outcome}`)
    },
    note(text) {
      line(`note: ${printable(text)}`)
    },
    runEnded() {
      clear()
    },
  }
}

const LIVE = ['operation.p50', 'operation.p99', 'operation.max', 'hit_ratio', 'errors']

function figures({ phase, atNanos, endNanos, offeredPerSecond, sample }: CellProgress): string {
  const parts = [phase, `${wordsOf('rate', sample)}${offeredPerSecond === null ? '' : ` of ${rateInWords(offeredPerSecond)}`}`]
  for (const name of LIVE) {
    const figure = measureFigure(metricNamed(name), sample)
    if (isMissing(figure) || (name === 'errors' && figure.high === 0)) continue
    const { head } = metricNamed(name)
    parts.push(name === 'errors' ? `${wordsOf(name, sample)} errors` : `${head.replace('operation ', '')} ${wordsOf(name, sample)}`)
  }
  parts.push(`${Math.ceil(Math.max(0, endNanos - atNanos) / 1e9)} s left`)
  return parts.join('  ')
}

function wordsOf(name: string, sample: CellProgress['sample']): string {
  const metric = metricNamed(name)
  return figureInWords(measureFigure(metric, sample), metric.unit)
}

/** A line that would wrap could not be redrawn. */
function fitted(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`
}
