import { z } from 'zod'
import { DESCRIBED_DATABASE_KINDS } from './database-kind.ts'

/**
 * `run.json`: everything a report needs, in one document with a version. Written by `run`, read by `check`,
 * `report` and `compare`. Units are in the names; latencies are HdrHistogram V2 (base64, nanoseconds recorded at
 * microsecond resolution). The JSON Schema in reports/run.schema.json is generated from this file.
 */
export const RUN_SCHEMA_VERSION = 3

const text = z.string()
const nanos = z.number()
const count = z.number()

export const verdictSchema = z.object({
  kind: z.enum(['claim', 'expectation', 'gate', 'checker', 'property', 'audit']),
  id: text,
  sentence: text,
  outcome: z.enum(['holds', 'fails', 'unknown']),
  claimOutcome: z.enum(['supported', 'contradicted', 'not observed', 'not tested', 'not applicable']).optional(),
  /** How many observations could have refuted it. Since version 2. */
  observations: count.optional(),
  /** Too few could have: the word is "not tested", the outcome "unknown", and it gates nothing. The command would test it. Since version 2. */
  notTested: z.object({ why: text, command: text }).optional(),
  evidenceKind: z.enum(['observed', 'modelled']).optional(),
  evidence: text,
  numbers: z.record(text, z.number()).optional(),
  cells: z.array(text).optional(),
  counterexample: z.array(text).optional(),
  replay: text.optional(),
  gates: z.boolean(),
})

export const targetDescriptionSchema = z.object({
  url: text,
  label: text,
  engine: z.enum(['redis', 'valkey', 'memcached', 'unknown']),
  version: text,
  topology: text,
  ours: z.boolean(),
  tls: z.boolean(),
  evidence: z.enum(['observed', 'modelled']),
  settings: z.record(text, text),
  networkModel: text.optional(),
  roundTripNanos: nanos.optional(),
})

export const databaseDescriptionSchema = z.object({
  label: text,
  kind: z.enum(DESCRIBED_DATABASE_KINDS),
  url: text,
  version: text,
  serviceModel: text,
  evidence: z.enum(['observed', 'modelled']),
})

/** An instant or a span on the run's axis (nanoseconds since the cell began), drawn over every time series. */
export const timedEventSchema = z.object({
  kind: z.enum(['phase', 'fault', 'note']),
  name: text,
  detail: text,
  startNanos: nanos,
  endNanos: nanos.optional(),
  warmUp: z.boolean().optional(),
})

/** Summary beside the histogram, so that a reader without an HDR decoder has the usual figures. */
export const latencySchema = z.object({
  count,
  minNanos: nanos,
  meanNanos: nanos,
  maxNanos: nanos,
  /** Only those with count * (1 - p) >= 100 are present; keys "50", "90", "99", "99.9", "99.99". p50 always. */
  percentilesNanos: z.record(text, nanos),
  histogram: text,
})

export const classMeasurementSchema = z.object({
  /** "read hit", "write", "login" (app); "get", "set" (cache); "read", "write" (database). */
  name: text,
  layer: z.enum(['app', 'cache', 'database', 'probe']),
  kind: z.enum(['read', 'write', 'other']),
  /** Counts into the hit ratio. App layer only. */
  cache: z.enum(['hit', 'miss']).optional(),
  /** Served by the database because the cache refused or did not answer. App layer only. */
  degraded: z.boolean().optional(),
  ok: count,
  /** Of `ok`: answered before the measured time was over. What rates count. */
  inTime: count,
  fail: count,
  info: count,
  /** Of `info`: due, and never begun. */
  unstarted: count,
  /** Due -> answered, of those that succeeded. App layer only. */
  response: latencySchema.optional(),
  /** Sent -> answered, of those that succeeded. */
  service: latencySchema.optional(),
  /** Due -> sent. App layer, open loop only. */
  lag: latencySchema.optional(),
  /** How long those had waited (since due; calls since sent) whose outcome nobody knows, until they were given up or the load ended. */
  waited: latencySchema.optional(),
  errors: z.record(text, count),
})

/** Parallel arrays; entry i covers [i, i+1) intervals since the cell began. Latencies null where nothing completed. */
export const seriesSchema = z.object({
  intervalNanos: nanos,
  okReads: z.array(count),
  okWrites: z.array(count),
  failed: z.array(count),
  unknown: z.array(count),
  p50Nanos: z.array(nanos.nullable()),
  p99Nanos: z.array(nanos.nullable()),
  maxNanos: z.array(nanos.nullable()),
  hits: z.array(count),
  misses: z.array(count),
  databaseReads: z.array(count),
  databaseWrites: z.array(count),
  /** Errors by code, each as long as the others. */
  errors: z.record(text, z.array(count)),
})

/** Bytes to and from the cache over the measured phases, keys and protocol included. */
export const wireSchema = z.object({
  bytesOut: count,
  bytesIn: count,
  /** Of the commands that stored a value. */
  storedBytes: count,
  /** Of `storedBytes`: what no operation read before the next store, the delete or the end. Null: the history level is too low. */
  neverReadBytes: count.nullable(),
})

/** The tallies of what of the measured time no fault touched, from its start to its recovery. */
export const withoutFaultsSchema = z.object({
  leftOut: z.array(z.object({ fromNanos: nanos, toNanos: nanos })),
  measuredNanos: nanos,
  classes: z.array(classMeasurementSchema),
})

export const stalenessSchema = z.object({
  /** Reads that returned a value and whose freshness could be judged. */
  judgedReads: count,
  /** Those of them that could have been stale: begun after a commit to their key had been acknowledged. Since version 2. */
  refutableReads: count.optional(),
  staleReads: count,
  /** Age of stale reads: read start minus the acknowledgement of the first newer version. */
  ageNanos: latencySchema.optional(),
  /** Stale reads of one key and version are one episode: an entry that stayed old serves many reads. */
  staleEpisodes: count.optional(),
  /** Sum over episodes of their reads, squared: how far chance moves the number of stale reads (compound Poisson variance). */
  staleEpisodeSquares: count.optional(),
  /** Keys whose read-back after the load was older than the last acknowledged version, and how many were read back. */
  staleAtEnd: count,
  readBack: count,
  readYourWritesViolations: count,
  monotonicReadsViolations: count,
  /** The worst few, one sentence each. */
  examples: z.array(text),
})

export const sessionsSchema = z.object({
  logins: count,
  loginsAcknowledged: count,
  logouts: count,
  /** Acknowledged, not logged out, lifetime left, and the next read found nothing. */
  lostSessions: count,
  /** Acknowledged updates of a session that a later read did not see. */
  lostUpdates: count,
  /** Read after the acknowledged logout. */
  resurrectedSessions: count,
  /** Served later than its lifetime allowed; and by how much at the most. */
  servedAfterExpiry: count,
  worstLatenessNanos: nanos,
  /** Reads served by another instance than the one that wrote last. */
  sharedReads: count,
  sharedReadsLost: count,
  // Since version 2: what could have shown each of the above, and what claims are made of.
  /** Reads that had to find the session: logged in, not logged out, lifetime left. */
  readsOfLiving: count.optional(),
  /** Reads that found the session after an acknowledged update of it. */
  readsAfterUpdate: count.optional(),
  /** Reads that began after an acknowledged logout. */
  readsAfterLogout: count.optional(),
  /** Reads that began after the lifetime had ended for certain. */
  readsAfterExpiry: count.optional(),
  /** Of the shared reads those that were over before the first fault. */
  sharedReadsBeforeFaults: count.optional(),
  sharedReadsLostBeforeFaults: count.optional(),
  /** Reads, after an application instance was killed, of sessions that it had written last; and those that missed them. */
  orphanReads: count.optional(),
  orphanReadsLost: count.optional(),
  /** Reads, after a server was lost and had come back, of sessions that were last written before and had lifetime left; and those that found them. */
  readsAfterServerLoss: count.optional(),
  foundAfterServerLoss: count.optional(),
  examples: z.array(text),
})

export const leaderboardSchema = z.object({
  increments: count,
  acknowledged: count,
  unknown: count,
  members: count,
  /** Increments, at least: the fewest that explain final scores outside [acknowledged, acknowledged + unknown]; exact where the answers tell the order. */
  lostIncrements: count,
  duplicatedIncrements: count,
  rankChanges: count,
  /** Reads whose answer was not sorted or named a member twice. */
  unsortedReads: count,
  /** Acknowledged increments of members that were read back, and answers of two members or more: what could have shown it. Since version 2. */
  incrementsReadBack: count.optional(),
  rankedReads: count.optional(),
  examples: z.array(text),
})

/** What a checker measured that has no fields of its own. Units in the names. */
export const checkedSchema = z.object({ numbers: z.record(text, z.number()), examples: z.array(text) })

export const recoverySchema = z.object({
  fault: text,
  on: text,
  startNanos: nanos,
  endNanos: nanos.optional(),
  /** Last success before -> first success after; null when it never came back, 0 when no gap beyond the usual was seen. */
  readUnavailableNanos: nanos.nullable(),
  writeUnavailableNanos: nanos.nullable(),
  /** How long the server itself did not serve, as a probe beside the client saw it; null when it never did again. Absent: not probed. */
  serviceReadUnavailableNanos: nanos.nullable().optional(),
  serviceWriteUnavailableNanos: nanos.nullable().optional(),
  /** Fault -> rate back at 95 % of the baseline before it; null when it never did. */
  rateRecoveredNanos: nanos.nullable(),
  errors: z.record(text, count),
  lostWrites: count.nullable(),
  lostSessions: count.nullable(),
  hitRatioBefore: z.number().nullable(),
  hitRatioLowest: z.number().nullable(),
  /** Fault -> hit ratio at 95 % of before, held; null when it never did. */
  hitRatioRecoveredNanos: nanos.nullable(),
  lostHits: count,
  extraDatabaseReads: count,
  peakDatabaseReadsPerSecond: z.number(),
})

const awaySpanSchema = z.object({ fromNanos: nanos, toNanos: nanos.nullable() })

/** What a probe beside the load saw of the server itself, in cells in which faults strike one of ours. */
export const serviceSchema = z.object({
  everyNanos: nanos,
  deadlineNanos: nanos,
  attempts: count,
  /** From the first attempt that failed to the answer to a later one; null: there was none. */
  readsAway: z.array(awaySpanSchema),
  writesAway: z.array(awaySpanSchema),
})

/** A process of the run by its own meter, over the measured time. */
export const processAuditSchema = z.object({
  /** The application instance that it is; absent: the run's own process, which has the instances make the load. */
  instance: count.optional(),
  /** What was due to it and what it began, a second; null where it made no load, or a closed loop in which nothing is due. */
  offeredPerSecond: z.number().nullable(),
  startedPerSecond: z.number().nullable(),
  /** Operations that were due while neither the limit of operations in flight nor the target or a fault held it back. */
  judgedOperations: count,
  /** Of those: begun later than the limit of the schedule lag, or never, through its own doing; how many never; the longest such wait. */
  lateOperations: count,
  omittedOperations: count,
  worstOwnLagNanos: nanos,
  /** From the load's beginning to its end: how long nothing could begin because of the target (the limit of operations in flight was reached, or it refused) ... */
  excusedNanos: nanos,
  /** ... how long the process read its meter (0: it was gone before it had told), and what that showed. */
  meteredNanos: nanos,
  eventLoopUtilization: z.number().nullable(),
  eventLoopDelayP99Nanos: nanos.nullable(),
  gcPauseNanos: nanos.nullable(),
  /** User and system time of all its threads. */
  processorNanos: nanos.nullable(),
  /** When it stood still, by its own clock, in the measured time: how often, how long in all, how long at the longest. */
  gaps: count,
  gapNanos: nanos,
  longestGapNanos: nanos,
})

/** Was the generator itself the bottleneck? The worst of its processes counts. */
export const auditSchema = z.object({
  offeredPerSecond: z.number().nullable(),
  /** Operations that were due in the measured time and began, a second. */
  startedPerSecond: z.number(),
  scheduleLagP99Nanos: nanos,
  eventLoopUtilization: z.number().nullable(),
  eventLoopDelayP99Nanos: nanos.nullable(),
  gcPauseNanos: nanos.nullable(),
  /** Operations that were due in the measured time and never began (in flight limit, an instance that stood still). */
  unstarted: count,
  generatorLimited: z.boolean(),
  reasons: z.array(text),
  /** One a process; absent on virtual time and in runs that were recovered. Since version 2. */
  processes: z.array(processAuditSchema).optional(),
})

/** How the load came to be measured: what went before, and why that ended. */
export const warmUpSchema = z.object({
  kind: z.enum(['auto', 'fixed', 'none']),
  nanos,
  /** auto: every indicator agreed over two windows; a pattern without indicators takes one window; as long as the cells it is compared with; or not steady when its time was up. */
  endedBecause: z.enum(['steady', 'one window', 'as long as its comparison', 'cap', 'fixed', 'none']),
  /** Entries stored before the load, so that the cache held what it holds in the long run. */
  filledEntries: count,
  indicators: z.array(
    z.object({ name: text, judged: z.boolean(), first: z.number().nullable(), second: z.number().nullable(), agrees: z.boolean() }),
  ),
})

/** What keeping the data took, as a server of ours said of itself. */
export const costSchema = z.object({
  /** Memory for data: before anything was stored, the most that was seen, and when the load was over. */
  beforeBytes: count,
  peakBytes: count,
  afterBytes: count,
  /** When the load was over. */
  items: count,
  /** From the beginning to the end of the load, warm-up included. */
  evictions: count,
  /** Processor time of the server process over the measured time, all threads; absent where it can't be read. */
  serverProcessorNanos: nanos.optional(),
})

/** What was planned and never came to be measured. */
export const missingSchema = z.object({
  /** Of the measured time. */
  nanos,
  /** That would have been due; null in a closed loop, where nobody knows. */
  operations: count.nullable(),
})

export const cellSchema = z.object({
  /** "cache-aside/local:redis/wire/0": workload, target, client, block. Unique in the run. */
  id: text,
  workload: text,
  pattern: text,
  /** "baseline" = the pattern `none` run beside it. */
  role: z.enum(['measured', 'baseline']),
  /** The name of the first workload that a baseline belongs to. */
  baselineOf: text.optional(),
  /** Of a baseline: every workload that it belongs to, since they are under one load. Since version 3. */
  serves: z.array(text).optional(),
  block: count,
  target: targetDescriptionSchema,
  client: text,
  /** What it is made of, in words: { workload: "cache-aside", target: "local:redis", "with.ttl": "5 s" }. Since version 3. */
  factors: z.record(text, text).optional(),
  clientSettings: z.record(text, text),
  database: databaseDescriptionSchema.optional(),
  /** The whole resolved workload, as JSON. */
  settings: z.unknown(),
  settingsHash: text,
  /** Present when the pattern does not apply to this target: nothing else was measured. */
  notApplicable: text.optional(),
  /** Present when the cell ended before its time. */
  endedEarly: text.optional(),
  /** Present when it did not come to all of its measured time. Since version 2. */
  missing: missingSchema.optional(),
  startedAtNanos: nanos,
  durationNanos: nanos,
  /** Sum of the measured phases: what rates are computed over. */
  measuredNanos: nanos,
  /** Which definitions of the metrics the tallies were made for; figures of two definitions are not compared. */
  definitions: count,
  warmUp: warmUpSchema.optional(),
  events: z.array(timedEventSchema),
  classes: z.array(classMeasurementSchema),
  series: seriesSchema,
  /** Present where faults left something out. */
  withoutFaults: withoutFaultsSchema.optional(),
  wire: wireSchema.optional(),
  staleness: stalenessSchema.optional(),
  sessions: sessionsSchema.optional(),
  leaderboard: leaderboardSchema.optional(),
  /** The checkers that the pattern says apply to it. Since version 2; before, the pattern's name is looked up. */
  checks: z.array(text).optional(),
  /** By checker, what has no fields above. Since version 2. */
  checked: z.record(text, checkedSchema).optional(),
  recovery: z.array(recoverySchema),
  service: serviceSchema.optional(),
  /** Of servers of ours. Since version 3. */
  cost: costSchema.optional(),
  audit: auditSchema,
  codePaths: count,
  instances: count,
  /** Connections to the cache that stood when the load began, of all instances together; absent where no cache is used. Since version 2. */
  connections: count.optional(),
  history: z.object({
    level: text,
    rows: count,
    /** Relative to the run's folder; absent when the level is off. */
    file: text.optional(),
    /** Rows or segments that could not be read back. */
    tornSegments: count,
    /** Hash of the rows in order; equal for equal virtual runs. */
    hash: text,
  }),
  /** Hash of the scheduler's event trace; virtual time only. */
  traceHash: text.optional(),
})

/** What a run was planned to compare, as it was printed before it began. */
export const comparisonPlanSchema = z.object({
  /** Factors that were varied by name, before those that follow from them; with their levels as they were given, the baseline first. */
  factors: z.array(z.object({ name: text, levels: z.array(text) })),
  /** Names of the metrics that are tested, in the order in which the family is filled. */
  figures: z.array(text),
  /** Blocks of every cell. */
  blocks: count,
  /** Within this share of the baseline a difference is none that matters. */
  equivalentWithin: z.number(),
  /** What must not be so of an alternative: "read.p99 > +10%". */
  failOn: z.array(text).optional(),
})

export const runResultSchema = z.object({
  schemaVersion: z.number(),
  name: text,
  status: z.enum(['complete', 'interrupted', 'recovered']),
  tool: z.object({ name: text, version: text }),
  /** The command line, without secrets. */
  command: text,
  seed: count,
  virtual: z.boolean(),
  /** ISO 8601; absent on virtual time. */
  startedAt: text.optional(),
  host: z.object({ node: text, platform: text, cpus: text, memoryBytes: count, clock: text }).optional(),
  /** Since version 3. */
  comparison: comparisonPlanSchema.optional(),
  cells: z.array(cellSchema),
  /** Planned cells that never ran; present when the run ended before its time. Since version 2. */
  missingCells: z.array(missingSchema.extend({ id: text })).optional(),
  verdicts: z.array(verdictSchema),
  notes: z.array(text),
})

export type TimedEvent = z.infer<typeof timedEventSchema>
export type Latency = z.infer<typeof latencySchema>
export type ClassMeasurement = z.infer<typeof classMeasurementSchema>
export type Series = z.infer<typeof seriesSchema>
export type WarmUp = z.infer<typeof warmUpSchema>
export type Wire = z.infer<typeof wireSchema>
export type WithoutFaults = z.infer<typeof withoutFaultsSchema>
export type Staleness = z.infer<typeof stalenessSchema>
export type Sessions = z.infer<typeof sessionsSchema>
export type Leaderboard = z.infer<typeof leaderboardSchema>
export type Service = z.infer<typeof serviceSchema>
export type Cost = z.infer<typeof costSchema>
export type Recovery = z.infer<typeof recoverySchema>
export type ProcessAudit = z.infer<typeof processAuditSchema>
export type Missing = z.infer<typeof missingSchema>
export type Audit = z.infer<typeof auditSchema>
export type ComparisonPlan = z.infer<typeof comparisonPlanSchema>
export type Cell = z.infer<typeof cellSchema>
export type RunResult = z.infer<typeof runResultSchema>
