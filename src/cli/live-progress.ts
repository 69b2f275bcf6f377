import { nanosInWords, rateInWords, shareInWords } from '../measure/words.ts'
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
      if (!quiet) line(`${cells} cell${cells === 1 ? '' : 's'}, seed ${facts.seed}${facts.folder ? `, into ${printable(facts.folder)}` : ''}`)
    },
    cellBegan(plan, at) {
      position = at
      lastPlainNanos = 0
      if (!quiet && !live) line(`[${at + 1}/${cells}] ${printable(plan.id)}`)
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
      const app = cell.classes.filter(({ layer }) => layer === 'app')
      const ok = app.reduce((sum, one) => sum + one.ok, 0)
      const failed = app.reduce((sum, one) => sum + one.fail + one.info, 0)
      const outcome = cell.notApplicable
        ? `not applicable: ${printable(cell.notApplicable)}`
        : `${ok} operations, ${failed} failed or unknown${cell.endedEarly ? `; ended early: ${printable(cell.endedEarly)}` : ''}`
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

function figures(progress: CellProgress): string {
  const left = Math.max(0, progress.endNanos - progress.atNanos)
  const parts = [
    progress.phase,
    progress.offeredPerSecond === null
      ? rateInWords(progress.achievedPerSecond)
      : `${rateInWords(progress.achievedPerSecond)} of ${rateInWords(progress.offeredPerSecond)}`,
  ]
  if (progress.p50Nanos !== null) parts.push(`p50 ${nanosInWords(progress.p50Nanos)}`)
  if (progress.p99Nanos !== null) parts.push(`p99 ${nanosInWords(progress.p99Nanos)}`)
  if (progress.hitRatio !== null) parts.push(`hits ${shareInWords(progress.hitRatio)}`)
  if (progress.failed + progress.unknown > 0) parts.push(`${progress.failed} failed, ${progress.unknown} unknown`)
  parts.push(`${Math.ceil(left / 1e9)} s left`)
  return parts.join('  ')
}

/** A line that would wrap could not be redrawn. */
function fitted(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`
}
