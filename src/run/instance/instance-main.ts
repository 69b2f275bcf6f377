import type { Client } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open-database.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { createOperationRecorder, type OperationRecorder } from '../../measure/operation-recorder.ts'
import { createRealRuntime, type RealRuntime } from '../../runtime/real-runtime.ts'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { openTarget } from '../../targets/open-target.ts'
import { parseTargetUrl } from '../../targets/url/target-url.ts'
import type { Share } from '../../workload/load/share.ts'
import { connectionShare } from '../../workload/load/shares.ts'
import { findProgram } from '../../workload/patterns/registry.ts'
import { hasFaults, type Workload } from '../../workload/workload.ts'
import { type AuditMeter, startAuditMeter } from '../audit/audit-meter.ts'
import { ClockGaps } from '../audit/clock-gaps.ts'
import { placePhases } from '../cell/phase-schedule.ts'
import { SERIES_INTERVAL_NANOS } from '../cell/series-interval.ts'
import { IntentLog } from '../history/intents.ts'
import { SegmentWriter } from '../history/segment-writer.ts'
import { CellRecorder } from '../record/cell-recorder.ts'
import { PhaseFollower } from '../record/phase-follower.ts'
import { Claims } from './claims.ts'
import { Instance } from './instance.ts'
import { CLAIMS_HANDLE, type FromInstance, type InstanceConfig, type ToInstance } from './instance-messages.ts'

/**
 * One application instance as a process of its own. It ends when its channel does, so that nothing outlives the
 * run; what it recorded goes to its segment file every 50 ms, so that little is lost when it is killed.
 */
const FLUSH_EVERY_NANOS = 50 * MILLISECOND
const TELL_EVERY_NANOS = 500 * MILLISECOND

function tell(message: FromInstance): void {
  if (process.connected) process.send!(message)
}

function crash(error: unknown): void {
  tell({ kind: 'crashed', message: error instanceof Error ? error.message : String(error) })
}

process.on('disconnect', () => process.exit(0))
// A Ctrl-C at the terminal reaches the whole process group; the run tells us when to stop.
process.on('SIGINT', () => {})
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)

let member: RunningInstance | undefined
process.on('message', (message: ToInstance) => {
  if (message.kind === 'prepare') {
    RunningInstance.open(message.config).then(
      (opened) => {
        member = opened
        tell({ kind: 'ready' })
      },
      (error: unknown) => {
        if (error instanceof TargetError) tell({ kind: 'unusable', code: error.code, message: error.message, hint: error.hint })
        else tell({ kind: 'unusable', code: 'TARGET_UNUSABLE', message: error instanceof Error ? error.message : String(error), hint: '' })
      },
    )
  } else if (message.kind === 'start') member?.start(message.atHrtime, message.warmUpNanos)
  else if (message.kind === 'settle') member?.settle(message.warmUpNanos)
  else if (message.kind === 'take over') member?.takeOver(message.share)
  else member?.stop()
})

/** A pattern's operations depend on each other: none is to be claimed and then left out. A mix is too fast to claim each. */
const MIX_CLAIMS_AHEAD = 64

function claimsOf({ instances }: Workload, kind: 'pattern' | 'mix'): (index: number) => void {
  const claims = new Claims(CLAIMS_HANDLE, kind === 'mix' ? MIX_CLAIMS_AHEAD * instances : 1)
  return (index) => claims.claim(index)
}

class RunningInstance {
  readonly #config: InstanceConfig
  readonly #runtime: RealRuntime
  readonly #operations: OperationRecorder
  readonly #recorder: CellRecorder
  readonly #rows: HistoryBuilder | undefined
  readonly #segments: SegmentWriter | undefined
  readonly #intents: IntentLog | undefined
  readonly #instance: Instance
  readonly #client: Client
  readonly #gaps = new ClockGaps()
  #meter: AuditMeter | undefined
  #startNanos = 0
  #warmUpNanos: number | undefined
  #hasDrained = false
  #phases: PhaseFollower | undefined

  static async open(config: InstanceConfig): Promise<RunningInstance> {
    const { workload, seed, databasePrefix } = config
    const runtime = createRealRuntime({ seed })
    const definition = findProgram(workload.pattern)
    const target = await openTarget(config.targetUrl, { runtime, client: config.client, env: process.env, describe: false })
    const client = await target.connect({
      deadlineNanos: workload.deadlineNanos,
      connections: connectionShare(workload.load.connections, config.instance, workload.instances),
      id: config.instance,
    })
    const database = definition.usesDatabase
      ? await openDatabase(workload.database, {
          runtime,
          prefix: databasePrefix,
          env: process.env,
          attach: config.databaseUrl ?? true,
          instance: config.instance + 1,
          instances: workload.instances,
        })
      : undefined
    return new RunningInstance(config, runtime, client, database)
  }

  private constructor(config: InstanceConfig, runtime: RealRuntime, client: Client, database: Database | undefined) {
    const { workload, instance, block } = config
    const definition = findProgram(workload.pattern)
    this.#config = config
    this.#runtime = runtime
    this.#client = client
    this.#operations = createOperationRecorder({
      intervalNanos: SERIES_INTERVAL_NANOS,
      classes: definition.classes,
      openLoop: workload.load.kind === 'open',
      byInterval: hasFaults(workload),
    })
    this.#segments =
      config.segmentFile === undefined
        ? undefined
        : new SegmentWriter({ path: config.segmentFile, failed: ({ message }) => tell({ kind: 'note', text: message }) })
    this.#rows = this.#segments && new HistoryBuilder()
    this.#intents = config.segmentFile === undefined ? undefined : new IntentLog(config.segmentFile, (text) => tell({ kind: 'note', text }))
    this.#recorder = new CellRecorder({
      operations: this.#operations,
      ...(this.#rows && { rows: this.#rows }),
      level: workload.historyLevel,
      classes: definition.classes,
      instance,
      instances: workload.instances,
      block,
      ...(this.#intents && { intents: this.#intents }),
    })
    this.#instance = new Instance({
      workload,
      runtime,
      instance,
      family: parseTargetUrl(config.targetUrl).family,
      client,
      database,
      recorder: this.#recorder,
      keyPrefix: config.keyPrefix,
      claim: claimsOf(workload, definition.kind),
      crashed: crash,
      gaps: this.#gaps,
    })
  }

  start(atHrtime: bigint, warmUpNanos: number | undefined): void {
    const runtime = this.#runtime
    const startNanos = Number(atHrtime - runtime.originHrtime)
    this.#warmUpNanos = warmUpNanos
    // From now on, so that one that stands still until after the beginning is seen.
    this.#meter = startAuditMeter(runtime, this.#gaps, startNanos)
    runtime.after(startNanos - runtime.now(), () => {
      this.#startNanos = startNanos
      const schedule = placePhases(this.#config.workload.phases, this.#warmUpNanos)
      this.#recorder.begin(startNanos)
      this.#phases = new PhaseFollower(runtime, schedule, startNanos, [this.#recorder])
      tell({ kind: 'began', openConnections: this.#client.openConnections })
      this.#every(FLUSH_EVERY_NANOS, () => this.#flush())
      this.#every(TELL_EVERY_NANOS, () => this.#tellMeasured())
      this.#instance.start(startNanos, startNanos + schedule.endNanos, () => this.#drained())
    })
  }

  /** May be heard before the load has begun, on a machine that is slow. */
  settle(warmUpNanos: number): void {
    this.#warmUpNanos = warmUpNanos
    const schedule = placePhases(this.#config.workload.phases, warmUpNanos)
    this.#phases?.follow(schedule)
    this.#instance.loop?.endAt(this.#startNanos + schedule.endNanos)
  }

  takeOver(share: Share): void {
    this.#instance.takeOver(share)
    // What was due before the end and comes after it is written down at once: nobody waits for another telling.
    if (this.#hasDrained) this.#tellMeasured()
    tell({ kind: 'took over' })
  }

  stop(): void {
    this.#instance.stop()
  }

  #drained(): void {
    this.#hasDrained = true
    this.#tellMeasured()
    tell({ kind: 'drained', counts: this.#counts() })
  }

  #every(nanos: number, act: () => void): void {
    this.#runtime.after(nanos, () => {
      act()
      this.#every(nanos, act)
    })
  }

  #flush(): void {
    if (!this.#rows || !this.#segments || this.#rows.length === 0) return
    const rows = this.#rows.view()
    if (this.#segments.write(rows)) this.#intents?.recorded(rows)
    this.#rows.clear()
  }

  /** What is told is safe in rows first: with those that come after it, it is all that is known of one who was killed. */
  #tellMeasured(): void {
    const { audit } = this.#instance
    if (!audit || !this.#meter) return
    this.#flush()
    const load = audit.take(this.#runtime.now())
    tell({
      kind: 'measured',
      state: this.#operations.take(),
      rows: this.#segments?.rows ?? 0,
      counts: this.#counts(),
      audit: { reading: this.#meter.read(), load },
    })
  }

  #counts() {
    const { loop } = this.#instance
    return {
      started: loop?.started ?? 0,
      inFlight: loop?.inFlight ?? 0,
      censored: loop?.censored ?? 0,
      lastIndex: loop?.lastIndex ?? -1,
      wire: this.#recorder.wire,
    }
  }
}
