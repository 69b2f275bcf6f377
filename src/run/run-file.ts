import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RUN_SCHEMA_VERSION, type RunResult, runResultSchema } from '../measure/run-result.ts'
import { reason } from '../runtime/reason.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { migrateRun } from './migrate-run.ts'
import { writeWhole } from './write-whole.ts'

export const RUN_FILE = 'run.json'

/** How many of a file's mistakes a message names. */
const MISTAKES_NAMED = 5

/** Writes run.json whole or not at all. Throws `UsageError` when the folder can't be written. */
export function writeRunFile(folder: string, result: RunResult): void {
  const path = join(folder, RUN_FILE)
  try {
    writeWhole(path, `${JSON.stringify(result)}\n`)
  } catch (error) {
    throw new UsageError(`the run can't be written to ${path}: ${reason(error)}`, 'free some space, or name another folder with --out')
  }
}

/**
 * Reads a run by its folder or by its run.json. One that an older version wrote is brought up to date first. Throws
 * `UsageError` that names the file and, for every mistake, where it is.
 */
export function readRunFile(folderOrFile: string): RunResult {
  const path = isFolder(folderOrFile) ? join(folderOrFile, RUN_FILE) : folderOrFile
  return parseRun(readText(path), path)
}

/** `path` is for messages. */
export function parseRun(text: string, path: string): RunResult {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${(error as Error).message}`, 'expected the run.json that "cacheproof run" wrote')
  }
  const migrated = migrateRun(document)
  if (!migrated.ok) throw new UsageError(`${path}: ${migrated.problem}`, migrated.hint)
  const parsed = runResultSchema.safeParse(migrated.document)
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${pathText(issue.path)}: ${issue.message}`)
    const more = mistakes.length > MISTAKES_NAMED ? `\n  and ${mistakes.length - MISTAKES_NAMED} more` : ''
    throw new UsageError(
      `${path} is no valid run:\n  ${mistakes.slice(0, MISTAKES_NAMED).join('\n  ')}${more}`,
      `expected schema version ${RUN_SCHEMA_VERSION}, as reports/run.schema.json describes it`,
    )
  }
  return parsed.data
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`the run ${path} can't be read: ${reason(error)}`, 'expected the folder that "cacheproof run" named, or its run.json')
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** ["cells", 0, "id"] -> "cells[0].id"; the document itself is "(run)". */
function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? String(part) : `.${String(part)}`
  }
  return text === '' ? '(run)' : text
}
