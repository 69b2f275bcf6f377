import { appendFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Cell, RunResult } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { reason } from '../runtime/reason.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { makeFolder } from './make-folder.ts'

/** Where a run lives: run.json, history/, index.html, and while it goes on journal.ndjson. */
export interface RunFolder {
  readonly path: string
  readonly historyPath: string
  /** Appends one line to the journal: what `report` needs when the run dies. Failures are told once, and the run goes on. */
  journal(entry: JournalEntry): void
}

/** One line of the journal. `began` lines carry everything that is known before a cell's end. */
export type JournalEntry =
  | { readonly entry: 'run'; readonly run: RunResult }
  /** Every cell that is to run, with what is missing when it does not. */
  | { readonly entry: 'plan'; readonly cells: NonNullable<RunResult['missingCells']> }
  | { readonly entry: 'cell began'; readonly cell: Cell }
  | { readonly entry: 'warm-up ends'; readonly cell: string; readonly warmUpNanos: number }
  | { readonly entry: 'event'; readonly cell: string; readonly event: Cell['events'][number] }
  | { readonly entry: 'cell ended'; readonly cell: Cell; readonly verdicts: readonly Verdict[] }

export const JOURNAL_FILE = 'journal.ndjson'
export const HISTORY_FOLDER = 'history'

/** Makes the folder. One that can't be written is said before anything is measured. */
export function createRunFolder(path: string, trouble: (message: string) => void): RunFolder {
  const folder = resolve(path)
  const historyPath = join(folder, HISTORY_FOLDER)
  const journalPath = join(folder, JOURNAL_FILE)
  try {
    makeFolder(historyPath)
    appendFileSync(journalPath, '')
  } catch (error) {
    throw new UsageError(`the run can't be written to ${folder}: ${reason(error)}`, 'name another folder with --out')
  }
  let troubled = false
  return {
    path: folder,
    historyPath,
    journal(entry) {
      try {
        appendFileSync(journalPath, `${JSON.stringify(entry)}\n`)
      } catch (error) {
        if (!troubled) trouble(`the journal ${journalPath} can't be written (${reason(error)}): if this run dies, it can't be reported`)
        troubled = true
      }
    },
  }
}

/** "cache-aside-20261124-101530"; on virtual time "cache-aside-seed7". */
export function defaultFolderName(name: string, seed: number, startedAt: Date | undefined): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '') || 'run'
  if (!startedAt) return `${safe}-seed${seed}`
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${safe}-${stamp}`
}
