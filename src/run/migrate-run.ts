import { RUN_SCHEMA_VERSION } from '../measure/run-result.ts'

type Document = Record<string, unknown>

/**
 * One step each: what turns a document of that schema version into one of the next. A step only adds what the older
 * version could not know, so that a run of any age can still be reported. To change the schema: raise
 * `RUN_SCHEMA_VERSION`, add the step from the version before, and keep a document of that version as a test's fixture.
 */
const MIGRATIONS: Readonly<Record<number, (document: Document) => Document>> = {
  // Before 1, a run kept no notes.
  0: (document) => ({ ...document, schemaVersion: 1, notes: [] }),
  // Before 2, latencies held the waits of unknown outcomes, rates counted failures, nothing said what a class is to the cache,
  // verdicts not what could have refuted them, and patterns not what must be checked.
  1: (document) => ({ ...document, schemaVersion: 2, cells: listOf(document['cells']).map(cellOfVersion1) }),
  // Before 3, nothing said what a run compares, nor what its caches cost. Factors are read from the settings where they are absent.
  2: (document) => ({ ...document, schemaVersion: 3 }),
}

function cellOfVersion1(cell: Document): Document {
  const { cacheValue, audit, classes, ...rest } = cell
  const { achievedPerSecond, censored, ...numbers } = objectOf(audit)
  const { bytesOut, bytesIn, storedBytes, neverReadBytes } = objectOf(cacheValue)
  return {
    ...rest,
    classes: listOf(classes).map(classOfVersion1),
    audit: { ...numbers, startedPerSecond: achievedPerSecond, unstarted: censored },
    ...(cacheValue !== undefined && { wire: { bytesOut, bytesIn, storedBytes, neverReadBytes } }),
    definitions: 1,
  }
}

function classOfVersion1(one: Document): Document {
  const name = String(one['name'])
  const cache = one['layer'] === 'app' ? /\b(hit|miss)$/.exec(name)?.[1] : undefined
  const degraded = name === 'read fallback miss'
  return { ...one, ...(cache && { cache }), ...(degraded && { degraded }), inTime: one['ok'], unstarted: 0 }
}

function listOf(value: unknown): Document[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

function objectOf(value: unknown): Document {
  return typeof value === 'object' && value !== null ? (value as Document) : {}
}

export type MigratedRun = { readonly ok: true; readonly document: unknown } | { readonly ok: false; readonly problem: string; readonly hint: string }

/** Brings a document up to this version's schema, step by step. Does not validate it. */
export function migrateRun(document: unknown): MigratedRun {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { ok: false, problem: 'this is no run', hint: 'expected a JSON object with a schemaVersion' }
  }
  let current = document as Document
  const version = current['schemaVersion']
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0) {
    return { ok: false, problem: `schemaVersion is ${JSON.stringify(version)}`, hint: `expected a whole number up to ${RUN_SCHEMA_VERSION}` }
  }
  if (version > RUN_SCHEMA_VERSION) {
    return {
      ok: false,
      problem: `schemaVersion is ${version}, and this cacheproof reads up to ${RUN_SCHEMA_VERSION}`,
      hint: 'a later cacheproof wrote this run: report it with that one',
    }
  }
  for (let step = version; step < RUN_SCHEMA_VERSION; step++) {
    const migrate = MIGRATIONS[step]
    if (!migrate) throw new Error(`there is no migration from schema version ${step}`)
    current = migrate(current)
  }
  return { ok: true, document: current }
}
