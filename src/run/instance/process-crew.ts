import { addLoadTallies } from '../../check/load-tally.ts'
import type { ProcessMeter } from '../../check/process-meter.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { RealRuntime } from '../../runtime/real-runtime.ts'
import { MILLISECOND, type Nanos, type Timer } from '../../runtime/runtime.ts'
import { createArrivals } from '../../workload/load/create-arrivals.ts'
import { DueTimes } from '../../workload/load/due-times.ts'
import { divideShare, shareFrom } from '../../workload/load/share.ts'
import { openLoopUser, openLoopUsers } from '../../workload/load/shares.ts'
import type { MixDefinition } from '../../workload/mix.ts'
import type { PatternDefinition } from '../../workload/pattern.ts'
import { type AuditMeter, startAuditMeter } from '../audit/audit-meter.ts'
import { ClockGaps } from '../audit/clock-gaps.ts'
import { type PhaseSchedule, warmUpNanosOf } from '../cell/phase-schedule.ts'
import type { CellRecorder } from '../record/cell-recorder.ts'
import { addWire, type WireTotals } from '../record/wire-totals.ts'
import { accountForDead } from './account-for-dead.ts'
import { type Crew, type CrewCounts, type TakeOver, type Uncounted, VERIFY_PHASE } from './crew.ts'
import type { Instance } from './instance.ts'
import type { FromInstance, InstanceConfig } from './instance-messages.ts'
import type { PausableClient } from './pausable-client.ts'
import { ProcessMember } from './process-member.ts'

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
  readonly definition: PatternDefinition | MixDefinition
  /** A recorder for what an instance that is dead left. */
  readonly recorderOf: (instance: number) => CellRecorder
  readonly schedule: PhaseSchedule
  readonly note: (text: string) => void
  readonly crashed: (error: unknown) => void
}

/** All processes begin at one instant of the system-wide clock, this long after they are told. */
const START_AFTER_NANOS = 50 * MILLISECOND

/** A crew of child processes with clients of their own; killing one is killing its process. */
export class ProcessCrew implements Crew {
  readonly #options: ProcessCrewOptions
  readonly #members: ProcessMember[]
  readonly leadNanos = START_AFTER_NANOS
  #drained: (() => void) | undefined
  #waiting = 0
  #homeConnections = 0
  readonly #dues: DueTimes | undefined
  #schedule: PhaseSchedule
  /** What is 0 on the cell's axis. */
  #startNanos: Nanos = 0
  /** When the load ends, and when it was stopped, on the cell's axis. */
  #endNanos: Nanos = 0
  #stoppedNanos = Number.POSITIVE_INFINITY
  #end: Timer | undefined
  #meter: AuditMeter | undefined
  /** All are dead, and the load has not ended. */
  #vacant = false
  #abandoned = false
  #closed = false

  constructor(options: ProcessCrewOptions) {
    this.#options = options
    this.#schedule = options.schedule
    const { load } = options.configs[0]!.workload
    this.#dues = load.kind === 'open' ? new DueTimes(createArrivals(load, options.runtime.chance.stream('arrivals'))) : undefined
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

  start(startNanos: Nanos, drained: () => void): void {
    const { runtime, homeRecorder, homeClient } = this.#options
    this.#drained = drained
    this.#waiting = this.#members.length
    homeRecorder.begin(startNanos)
    this.#homeConnections = homeClient?.openConnections ?? 0
    this.#startNanos = startNanos
    this.#meter = startAuditMeter(runtime, new ClockGaps(), startNanos)
    const { schedule } = this.#options
    // How long an `auto` warm-up takes, where that is known before it begins.
    const warmUpNanos = schedule.settled ? warmUpNanosOf(schedule) : undefined
    const atHrtime = runtime.originHrtime + BigInt(startNanos)
    for (const member of this.#members) member.send({ kind: 'start', atHrtime, ...(warmUpNanos !== undefined && { warmUpNanos }) })
    this.#endAt(schedule.endNanos)
  }

  settle(schedule: PhaseSchedule): void {
    for (const member of this.#members) member.send({ kind: 'settle', warmUpNanos: warmUpNanosOf(schedule) ?? 0 })
    this.#schedule = schedule
    this.#end?.cancel()
    this.#endAt(schedule.endNanos)
  }

  stop(): void {
    this.#stoppedNanos = Math.min(this.#stoppedNanos, this.#now())
    for (const member of this.#members) member.send({ kind: 'stop' })
    this.#endVacancy()
  }

  kill(number: number, tookOver: (takeOver: TakeOver) => void = () => {}): void {
    const member = this.#members[number]
    if (!member || member.expectedToEnd) return
    member.tookOver = tookOver
    member.kill()
  }

  abandon(): void {
    this.#abandoned = true
    for (const member of this.#members) {
      member.standsStillSince(this.#startNanos, this.#options.runtime.now())
      member.kill()
    }
    this.#endVacancy()
  }

  async account(): Promise<readonly Uncounted[]> {
    const { operations, definition, home, configs, runtime } = this.#options
    const dead = this.#members.filter((member) => member.killedUnderWay)
    await Promise.all(dead.map((member) => member.silent))
    const { load, historyLevel } = configs[0]!.workload
    const measuredPhases = new Set(this.#schedule.phases.filter(({ warmUp }) => !warmUp).map(({ name }) => name))
    const users = runtime.chance.stream('users')
    const uncounted: Uncounted[] = []
    for (const member of dead) {
      const recorder = this.#options.recorderOf(member.number)
      recorder.begin(this.#startNanos)
      for (const phase of this.#schedule.phases) {
        recorder.enterPhase(phase.name, !phase.warmUp, this.#startNanos + phase.startNanos)
        if (!phase.warmUp) recorder.endMeasuredAt(this.#startNanos + phase.endNanos)
      }
      const account = accountForDead(
        {
          segmentFile: historyLevel.kind === 'full' ? configs[member.number]!.segmentFile : undefined,
          indices: member.share.indices,
          belowIndex: member.belowIndex ?? this.#firstNotBegun(member, this.#now()),
          told: member.counts,
          toldRows: member.toldRows,
          recorder,
        },
        {
          ...{ operations, classes: definition.classes, originNanos: this.#startNanos, intends: definition.kind === 'pattern' },
          measured: (phase) => measuredPhases.has(phase),
          describe: (index) => home.describe(index),
          ...(this.#dues &&
            load.kind === 'open' && { open: { dues: this.#dues, userOf: (index) => openLoopUser(index, users, openLoopUsers(load.connections)) } }),
        },
      )
      member.counts = account.counts
      if (account.uncounted > 0) uncounted.push({ instance: member.number, operations: account.uncounted })
    }
    return uncounted
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

  #now(): Nanos {
    return this.#options.runtime.now() - this.#startNanos
  }

  #endAt(endNanos: Nanos): void {
    this.#endNanos = endNanos
    this.#end = this.#options.runtime.after(endNanos - this.#now(), () => this.stop())
  }

  /** The first operation that an instance which was dead by then can't have begun. */
  #firstNotBegun(member: ProcessMember, atNanos: Nanos): number {
    return this.#dues ? this.#dues.firstFrom(Math.min(atNanos, this.#endNanos, this.#stoppedNanos)) : member.claims.read()
  }

  /** Whoever is left has what an instance left that was killed. */
  #divide(member: ProcessMember): void {
    const atNanos = this.#now()
    const isOver = this.#abandoned || atNanos >= Math.min(this.#endNanos, this.#stoppedNanos)
    const heirs = this.#members.filter((other) => !other.expectedToEnd)
    if (isOver || !this.#drained) return
    if (heirs.length > 0) {
      const fromIndex = this.#firstNotBegun(member, atNanos)
      member.belowIndex = fromIndex
      const parts = divideShare(shareFrom(member.share, fromIndex), heirs.length)
      for (const [place, heir] of heirs.entries()) {
        heir.takeOver(parts[place]!)
        this.#waiting++
      }
      member.tookOver?.({ heirs: heirs.map(({ number }) => number), fromIndex, fromNanos: atNanos })
    } else {
      if (!this.#vacant) this.#waiting++
      this.#vacant = true
      member.tookOver?.({ heirs: [], fromIndex: this.#firstNotBegun(member, atNanos), fromNanos: atNanos })
    }
  }

  #endVacancy(): void {
    if (!this.#vacant) return
    this.#vacant = false
    this.#waitForOneLess()
  }

  #heard(member: ProcessMember, message: FromInstance | 'gone'): void {
    const { operations, note, crashed } = this.#options
    if (message === 'gone') {
      if (!member.expectedToEnd && !member.drained) crashed(new Error(`application instance ${member.number} ended unexpectedly`))
      if (member.tookOver) this.#divide(member)
      for (; member.unanswered > 0; member.unanswered--) this.#waitForOneLess()
      this.#leave(member)
      return
    }
    member.heardNanos = this.#options.runtime.now()
    if (message.kind === 'began') member.openConnections = message.openConnections
    else if (message.kind === 'measured') {
      operations.merge(message.state)
      member.reading = message.audit.reading
      member.load = addLoadTallies(member.load, message.audit.load)
      // Keeps up, so that it is a short way to the operation that is due when somebody dies.
      this.#dues?.firstFrom(Math.max(0, this.#now()))
    } else if (message.kind === 'took over') {
      member.unanswered--
      this.#waitForOneLess()
    } else if (message.kind === 'drained') this.#leave(member)
    else if (message.kind === 'note') note(`instance ${member.number}: ${message.text}`)
    else if (message.kind === 'crashed') crashed(new Error(message.message))
  }

  #leave(member: ProcessMember): void {
    if (member.drained || !this.#drained) return
    member.drained = true
    this.#waitForOneLess()
  }

  #waitForOneLess(): void {
    this.#waiting--
    if (this.#waiting > 0) return
    this.#meter?.stop()
    this.#drained!()
  }
}
