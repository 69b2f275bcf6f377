import { type ChildProcess, fork } from 'node:child_process'
import { addLoadTallies, type LoadTally } from '../../check/load-tally.ts'
import type { ProcessMeter, ProcessReading } from '../../check/process-meter.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import { entryFile } from '../../runtime/entry-file.ts'
import type { RealRuntime } from '../../runtime/real-runtime.ts'
import { MILLISECOND, type Nanos, SECOND, type Timer } from '../../runtime/runtime.ts'
import { processStart } from '../../target/local/process-identity.ts'
import { theReaper } from '../../target/local/reaper.ts'
import { TargetError } from '../../target/target.ts'
import { type AuditMeter, startAuditMeter } from '../audit/audit-meter.ts'
import { ClockGaps } from '../audit/clock-gaps.ts'
import { type PhaseSchedule, warmUpNanosOf } from '../cell/phase-schedule.ts'
import type { CellRecorder } from '../record/cell-recorder.ts'
import { addWire, NO_WIRE, type WireTotals } from '../record/wire-totals.ts'
import { type Crew, type CrewCounts, VERIFY_PHASE } from './crew.ts'
import type { Instance } from './instance.ts'
import type { FromInstance, InstanceConfig, MemberCounts, ToInstance } from './instance-messages.ts'
import type { PausableClient } from './pausable-client.ts'

export interface ProcessCrewOptions {
  readonly runtime: RealRuntime
  readonly configs: readonly InstanceConfig[]
  /** Prepares and verifies, in this process. */
  readonly home: Instance
  readonly homeRecorder: CellRecorder
  /** Its client: connected before and after the load only. */
  readonly homeClient: PausableClient | undefined
  /** Takes in what the processes measured. */
  readonly operations: OperationRecorder
  /** How long an `auto` warm-up takes, where that is known before it begins. */
  readonly warmUpNanos: number | undefined
  readonly note: (text: string) => void
  readonly crashed: (error: unknown) => void
}

/** All processes begin at one instant of the system-wide clock, this long after they are told. */
const START_AFTER_NANOS = 50 * MILLISECOND
/** A process that does not come up in this time never will. */
const READY_LIMIT_MILLIS = 30_000
/** Each tells twice a second; who is silent for longer stands still. */
const SILENT_NANOS = 2 * SECOND

/** A crew of child processes with clients of their own; killing one is killing its process. */
export class ProcessCrew implements Crew {
  readonly #options: ProcessCrewOptions
  readonly #members: ProcessMember[]
  #drained: (() => void) | undefined
  #waiting = 0
  #homeConnections = 0
  #startNanos: Nanos = 0
  #end: Timer | undefined
  #meter: AuditMeter | undefined
  #closed = false

  constructor(options: ProcessCrewOptions) {
    this.#options = options
    this.#members = options.configs.map((config) => new ProcessMember(config, (member, message) => this.#heard(member, message)))
  }

  async prepare(): Promise<void> {
    await this.#options.home.prepare()
    await this.#options.homeClient?.pause()
    await Promise.all(this.#members.map((member) => member.ready()))
  }

  fill(): Promise<number> {
    return this.#options.home.fill()
  }

  start(untilNanos: Nanos, drained: () => void): void {
    const { runtime, homeRecorder, homeClient } = this.#options
    this.#drained = drained
    this.#waiting = this.#members.length
    // The axis begins when the processes do: what is recorded here counts from the same instant.
    const startNanos = runtime.now() + START_AFTER_NANOS
    homeRecorder.begin(startNanos)
    this.#homeConnections = homeClient?.openConnections ?? 0
    this.#startNanos = startNanos
    this.#meter = startAuditMeter(runtime, new ClockGaps(), startNanos)
    const { warmUpNanos } = this.#options
    const atHrtime = runtime.originHrtime + BigInt(startNanos)
    for (const member of this.#members) member.send({ kind: 'start', atHrtime, ...(warmUpNanos !== undefined && { warmUpNanos }) })
    this.#endAt(untilNanos + START_AFTER_NANOS)
  }

  settle(schedule: PhaseSchedule): void {
    for (const member of this.#members) member.send({ kind: 'settle', warmUpNanos: warmUpNanosOf(schedule) ?? 0 })
    this.#end?.cancel()
    this.#endAt(this.#startNanos + schedule.endNanos)
  }

  stop(): void {
    for (const member of this.#members) member.send({ kind: 'stop' })
  }

  kill(number: number): void {
    this.#members[number]?.kill()
  }

  abandon(): void {
    for (const member of this.#members) {
      member.standsStillSince(this.#startNanos, this.#options.runtime.now())
      member.kill()
    }
  }

  async verify(): Promise<void> {
    this.#options.homeRecorder.enterPhase(VERIFY_PHASE, false, this.#options.runtime.now())
    await this.#options.homeClient?.resume()
    await this.#options.home.verify(Math.max(...this.#members.map(({ counts }) => counts.lastIndex)))
  }

  get counts(): CrewCounts {
    const counts = { started: 0, inFlight: 0, censored: 0 }
    for (const member of this.#members) {
      counts.started += member.counts.started
      counts.inFlight += member.counts.inFlight
      counts.censored += member.counts.censored
    }
    return counts
  }

  get openConnections(): number {
    return this.#members.reduce((sum, { openConnections }) => sum + openConnections, this.#homeConnections)
  }

  get meters(): readonly ProcessMeter[] {
    if (!this.#meter) return []
    const own = { instance: undefined, reading: this.#meter.read(), load: undefined }
    return [own, ...this.#members.map(({ number, reading, load }) => ({ instance: number, reading, load }))]
  }

  get wire(): WireTotals {
    return addWire(this.#members.map(({ counts }) => counts.wire))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#meter?.stop()
    await Promise.all([this.#options.homeClient?.close(), ...this.#members.map((member) => member.close())])
  }

  #endAt(atNanos: Nanos): void {
    const { runtime } = this.#options
    this.#end = runtime.after(atNanos - runtime.now(), () => this.stop())
  }

  #heard(member: ProcessMember, message: FromInstance | 'gone'): void {
    const { operations, note, crashed } = this.#options
    if (message === 'gone') {
      if (!member.expectedToEnd && !member.drained) crashed(new Error(`application instance ${member.number} ended unexpectedly`))
      this.#leave(member)
      return
    }
    member.heardNanos = this.#options.runtime.now()
    if (message.kind === 'began') member.openConnections = message.openConnections
    else if (message.kind === 'measured') {
      operations.merge(message.state)
      member.reading = message.audit.reading
      member.load = addLoadTallies(member.load, message.audit.load)
    } else if (message.kind === 'drained') this.#leave(member)
    else if (message.kind === 'note') note(`instance ${member.number}: ${message.text}`)
    else if (message.kind === 'crashed') crashed(new Error(message.message))
  }

  #leave(member: ProcessMember): void {
    if (member.drained || !this.#drained) return
    member.drained = true
    this.#waiting--
    if (this.#waiting > 0) return
    this.#meter?.stop()
    this.#drained()
  }
}

class ProcessMember {
  readonly number: number
  readonly #child: ChildProcess
  readonly #takeBack: () => void
  readonly #gone: Promise<void>
  readonly #ready: Promise<void>
  counts: MemberCounts = { started: 0, inFlight: 0, censored: 0, lastIndex: -1, wire: NO_WIRE }
  reading: ProcessReading | undefined
  load: LoadTally | undefined
  /** When it was last heard of. */
  heardNanos: Nanos | undefined
  openConnections = 0
  drained = false
  expectedToEnd = false

  constructor(config: InstanceConfig, heard: (member: ProcessMember, message: FromInstance | 'gone') => void) {
    this.number = config.instance
    const child = fork(entryFile(import.meta.url, './instance-main.ts'), [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    this.#takeBack = killedWithUs(child.pid)
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        this.#takeBack()
        resolve()
        heard(this, 'gone')
      })
    })
    this.#ready = new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`application instance ${config.instance} did not come up`)), READY_LIMIT_MILLIS)
      child.once('exit', () => {
        clearTimeout(limit)
        reject(new Error(`application instance ${config.instance} ended before it was ready`))
      })
      child.on('message', (message: FromInstance) => {
        if (message.kind === 'ready') {
          clearTimeout(limit)
          resolve()
        } else if (message.kind === 'unusable') {
          clearTimeout(limit)
          reject(new TargetError(message.code, message.message, message.hint))
        } else {
          if (message.kind === 'measured' || message.kind === 'drained') this.counts = message.counts
          heard(this, message)
        }
      })
    })
    // Whoever awaits `ready` hears of it; nobody may until the others are up.
    this.#ready.catch(() => {})
    this.send({ kind: 'prepare', config })
  }

  ready(): Promise<void> {
    return this.#ready
  }

  send(message: ToInstance): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  /** It is given up: where it has not been heard of for long, that is a gap that it could not tell of. */
  standsStillSince(startNanos: Nanos, now: Nanos): void {
    const heardNanos = Math.max(startNanos, this.heardNanos ?? startNanos)
    if (this.drained || this.expectedToEnd || now - heardNanos < SILENT_NANOS) return
    const { reading } = this
    const gap = { fromNanos: heardNanos - startNanos, toNanos: now - startNanos }
    this.reading = {
      meteredNanos: now - startNanos,
      eventLoopUtilization: reading?.eventLoopUtilization ?? null,
      eventLoopDelayP99Nanos: reading?.eventLoopDelayP99Nanos ?? null,
      gcPauseNanos: reading?.gcPauseNanos ?? 0,
      processorNanos: reading?.processorNanos ?? 0,
      gaps: [...(reading?.gaps ?? []), gap],
    }
  }

  kill(): void {
    this.expectedToEnd = true
    this.#child.kill('SIGKILL')
  }

  async close(): Promise<void> {
    this.expectedToEnd = true
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL')
    await this.#gone
  }
}

/** The process ends by itself when its channel closes; this is for one that hangs when we die. */
function killedWithUs(pid: number | undefined): () => void {
  const start = pid === undefined ? undefined : processStart(pid)
  return pid === undefined || start === undefined ? () => {} : theReaper().register({ kind: 'kill', pid, start })
}
