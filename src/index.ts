/**
 * The public names of the package, in the order data flows. What is not listed here may change in any version.
 *
 * @packageDocumentation
 */

// Time and chance: the real ones, and virtual ones on which nothing waits.

export { createRealRuntime, type RealRuntime, type RealRuntimeOptions } from './runtime/real-runtime.ts'
export { type Chance, MICROSECOND, MILLISECOND, type Nanos, type Runtime, SECOND, type Stream, type Task, type Timer } from './runtime/runtime.ts'
export {
  createVirtualRuntime,
  ForeignAwaitError,
  StandstillError,
  type VirtualRuntime,
  type VirtualRuntimeOptions,
} from './runtime/virtual-runtime.ts'

// Commands and replies, as engines and clients exchange them.

export type { Command, Word } from './protocol/command.ts'
export {
  BigNumberReply,
  DoubleReply,
  MapReply,
  type MemcachedItem,
  MemcachedValues,
  MetaReply,
  NullArray,
  PushReply,
  type Reply,
  ReplyError,
  SetReply,
  SimpleString,
  VerbatimReply,
} from './protocol/reply.ts'

// The reference engines, as state machines and behind a socket.

export type { Engine, EngineOptions, EngineProfile, EngineSink, SessionId } from './engine/engine.ts'
export { createMemcachedEngine } from './engine/memcached/memcached-engine.ts'
export { findMemcachedProfile, type MemcachedProfile } from './engine/memcached/profiles.ts'
export { findRedisProfile, type RedisProfile } from './engine/redis/profiles.ts'
export { createRedisEngine } from './engine/redis/redis-engine.ts'
export { EngineServer, type EngineServerOptions, type ServerAddress } from './server/engine-server.ts'

// An engine in one line, for tests and experiments.

export type { EngineClock } from './serve/engine-clock.ts'
export { type StartedEngine, type StartOptions, startMemcached, startRedis, startValkey } from './serve/start-engine.ts'

// What a run stands on: targets with their clients, and the system of record.

export type { Client, ClientOptions, Failure, FailureCode, ReplySink } from './client/client.ts'
export { TargetError } from './client/target-error.ts'
export type { Database, DatabaseDescription, DatabaseResult, Row } from './database/database.ts'
export { type DatabaseRequest, type OpenDatabaseOptions, openDatabase } from './database/open-database.ts'
export { UsageError } from './runtime/usage-error.ts'
export { openTarget } from './targets/open-target.ts'
export type { OpenTargetOptions, Target, TargetControl, TargetDescription } from './targets/target.ts'

// What a run does: workload files, the programs they name, and the faults.

export type { Fault, FaultContext } from './chaos/fault.ts'
export { FAULTS } from './chaos/registry.ts'
export { type ParsedWorkload, parseWorkload } from './workload/file/parse-workload.ts'
export { readWorkloadFile } from './workload/file/read-workload-file.ts'
export { formatSpecError, type SpecError } from './workload/file/spec-error.ts'
export type { SpecRegistry } from './workload/file/spec-registry.ts'
export { workloadJsonSchema } from './workload/file/workload-json-schema.ts'
export type { Mix, MixDefinition } from './workload/mix.ts'
export type { Pattern, PatternContext, PatternDefinition, World } from './workload/pattern.ts'
export { PROGRAMS, type ProgramDefinition } from './workload/patterns/registry.ts'
export type { Workload } from './workload/workload.ts'

// Running, and reading what a run left on disk.

export { type LoadedHistory, loadHistory } from './run/history/load-history.ts'
export { recoverRun } from './run/recover-run.ts'
export { type FinishedRun, type RunOptions, run } from './run/run.ts'
export { parseRun, readRunFile, writeRunFile } from './run/run-file.ts'
export type { CellProgress, RunObserver } from './run/run-observer.ts'

// The forms of a run: run.json, its history, histograms and verdicts.

export { decodeHdrV2, encodeHdrV2 } from './measure/hdr-v2.ts'
export { Histogram } from './measure/histogram.ts'
export { type HistoryColumns, type HistoryRow, LAYERS, type Layer, STATUSES, type Status } from './measure/history.ts'
export { historyHash } from './measure/history-hash.ts'
export { historyOf, rowsOf } from './measure/history-row.ts'
export { columnsOfSource, type HistorySource, sourceOfColumns } from './measure/history-source.ts'
export { runJsonSchema } from './measure/run-json-schema.ts'
export { type Cell, RUN_SCHEMA_VERSION, type RunResult } from './measure/run-result.ts'
export { mergeOutcomes, type Outcome, type Verdict } from './measure/verdict.ts'

// What a history proves.

export type { Checker, CheckerContext, CheckerResult, RunningChecker } from './check/checker.ts'
export type { Claim } from './check/claims/claim.ts'
export { CLAIMS } from './check/claims/registry.ts'
export { type CommitFindings, checkCommits } from './check/commits.ts'
export type { Comparison } from './check/comparison/comparison.ts'
export { type ComparisonOptions, comparisonOf } from './check/comparison/comparison-of.ts'
export type { LabelledRun } from './check/comparison/labelled-run.ts'
export { checkExpiry, type ExpiryFindings } from './check/expiry.ts'
export { type CellJudgement, judgeCell, judgeRun, type LoadHistory, rejudge } from './check/judge.ts'
export { checkLeaderboard } from './check/leaderboard.ts'
export { checkLinearizability, type LinearizabilityFindings } from './check/linearizable.ts'
export { CHECKERS } from './check/registry.ts'
export type { SessionGuarantees } from './check/session-guarantees.ts'
export type { SessionRules } from './check/session-rules.ts'
export { checkSessions, type SessionFindings } from './check/sessions.ts'
export { checkSessionGuarantees, checkStaleness, type StalenessFindings } from './check/staleness.ts'
export { checkValues, type ValueFindings } from './check/values.ts'

// Does an endpoint behave as the engine it claims to be?

export type { Counterexample, Endpoint, Property, PropertyOptions, PropertyResult } from '../properties/property.ts'
export { ALL_PROPERTIES } from './validate/all-properties.ts'
export type { Profile } from './validate/profile/profile.ts'
export { type ProfileOptions, profileTargets } from './validate/profile/profile-targets.ts'
export { validateTarget } from './validate/validate-target.ts'
export type { ValidateOptions, Validation, ValidationObserver } from './validate/validation.ts'

// Reports, each a pure function of what it shows, and the one that writes them.

export { renderComparison } from './report/compare/render-comparison.ts'
export { renderSummaryCsv } from './report/csv/render-summary-csv.ts'
export { renderHtml } from './report/html/render-html.ts'
export { renderJunit } from './report/junit/render-junit.ts'
export { renderMarkdown } from './report/markdown/render-markdown.ts'
export { renderProfile } from './report/profile/render-profile.ts'
export { type TerminalOptions, terminalReport } from './report/terminal/terminal-report.ts'
export { renderValidation } from './report/validation/render-validation.ts'
export { type WrittenReport, writeReport } from './report/write-report.ts'
