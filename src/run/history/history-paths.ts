import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const PARQUET = '.parquet'

/**
 * The history file of a cell, relative to the run's folder: "cache-aside/local:redis/wire/0" becomes
 * "history/cache-aside.local-redis.wire.0.parquet". Whatever else a file system might not take becomes "-", and a
 * few digits of the id's hash then keep apart what would look alike ("cache.a:6379" and "cache-a:6379").
 */
export function historyFileOf(cellId: string): string {
  const safe = cellId
    .split('/')
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('.')
  const plain = /^[A-Za-z0-9_:/-]+$/.test(cellId) && !cellId.includes('//')
  const told = plain ? '' : `.${createHash('sha256').update(cellId).digest('hex').slice(0, 8)}`
  return `history/${safe}${told}${PARQUET}`
}

/** The segments of one instance, beside the Parquet file they will become. */
export function segmentFileOf(historyFile: string, instance: number): string {
  return `${stem(historyFile)}.${instance}.segments`
}

/** Paths of the segment files that stand beside `historyFile` (absolute or relative as it is), by instance. */
export function findSegmentFiles(historyPath: string): string[] {
  const folder = dirname(historyPath)
  const prefix = `${basename(stem(historyPath))}.`
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .map((name) => ({ name, instance: instanceOf(name, prefix) }))
    .filter((one): one is { name: string; instance: number } => one.instance !== undefined)
    .sort((a, b) => a.instance - b.instance)
    .map(({ name }) => join(folder, name))
}

function instanceOf(name: string, prefix: string): number | undefined {
  if (!name.startsWith(prefix)) return undefined
  const match = /^(\d+)\.segments$/.exec(name.slice(prefix.length))
  return match ? Number(match[1]) : undefined
}

function stem(path: string): string {
  return path.endsWith(PARQUET) ? path.slice(0, -PARQUET.length) : path
}
