import { createHash } from 'node:crypto'
import { factorsOf } from '../../check/comparison/factors.ts'
import { NO_CACHE } from '../../check/comparison/subject.ts'
import type { DatabaseDescription } from '../../database/database.ts'
import { METRIC_DEFINITIONS } from '../../measure/metrics/catalogue.ts'
import type { Cell } from '../../measure/run-result.ts'
import type { TargetDescription } from '../../targets/target.ts'
import type { Workload } from '../../workload/workload.ts'
import type { CellPlan } from './cell-plan.ts'
import { redactedWorkload } from './redacted-workload.ts'

export interface CellFacts {
  readonly target: TargetDescription
  readonly clientSettings: Readonly<Record<string, string>>
  readonly database: DatabaseDescription | undefined
  readonly codePaths: number
  readonly checks: readonly string[]
  readonly startedAtNanos: number
  readonly instances: number
}

/** Stands where a cell needs no cache: the baseline. */
export const NO_TARGET: TargetDescription = {
  url: '',
  label: 'database alone',
  engine: 'unknown',
  version: '',
  topology: 'none',
  ours: true,
  tls: false,
  evidence: 'modelled',
  settings: {},
}

/** A cell of which nothing was measured yet: what is known when it begins. */
export function emptyCell(plan: CellPlan, facts: CellFacts): Cell {
  const settings = redactedWorkload(plan.workload)
  return {
    id: plan.id,
    workload: plan.workload.name,
    pattern: plan.workload.pattern,
    role: plan.role,
    ...(plan.baselineOf && { baselineOf: plan.baselineOf[0], serves: [...plan.baselineOf] }),
    block: plan.block,
    target: { ...facts.target, settings: { ...facts.target.settings } },
    client: plan.client,
    factors: {
      ...factorsOf({
        workload: plan.workload.name,
        pattern: plan.workload.pattern,
        target: plan.role === 'baseline' ? NO_CACHE : facts.target.label,
        client: plan.client,
        settings,
      }),
    },
    clientSettings: { ...facts.clientSettings },
    ...(facts.database && { database: { ...facts.database } }),
    settings,
    settingsHash: settingsHash(settings),
    startedAtNanos: facts.startedAtNanos,
    durationNanos: 0,
    measuredNanos: 0,
    definitions: METRIC_DEFINITIONS,
    events: [],
    classes: [],
    series: {
      intervalNanos: 1,
      okReads: [],
      okWrites: [],
      failed: [],
      unknown: [],
      p50Nanos: [],
      p99Nanos: [],
      maxNanos: [],
      hits: [],
      misses: [],
      databaseReads: [],
      databaseWrites: [],
      errors: {},
    },
    checks: [...facts.checks],
    recovery: [],
    audit: {
      offeredPerSecond: null,
      startedPerSecond: 0,
      scheduleLagP99Nanos: 0,
      eventLoopUtilization: null,
      eventLoopDelayP99Nanos: null,
      gcPauseNanos: null,
      unstarted: 0,
      generatorLimited: false,
      reasons: [],
    },
    codePaths: facts.codePaths,
    instances: facts.instances,
    history: { level: historyLevelText(plan.workload), rows: 0, tornSegments: 0, hash: '' },
  }
}

function historyLevelText({ historyLevel }: Workload): string {
  return historyLevel.kind === 'sample' ? `keys:1/${historyLevel.oneIn}` : historyLevel.kind
}

/** Equal for equal settings, whatever the order in which they were written. */
function settingsHash(settings: unknown): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16)
}
