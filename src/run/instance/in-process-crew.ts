import type { ProcessMeter } from '../../check/process-meter.ts'
import type { Client } from '../../client/client.ts'
import type { Nanos, Runtime } from '../../runtime/runtime.ts'
import { divideShare } from '../../workload/load/share.ts'
import type { AuditMeter } from '../audit/audit-meter.ts'
import type { PhaseSchedule } from '../cell/phase-schedule.ts'
import type { CellRecorder } from '../record/cell-recorder.ts'
import { PhaseFollower } from '../record/phase-follower.ts'
import { addWire, type WireTotals } from '../record/wire-totals.ts'
import { type Crew, type CrewCounts, type TakeOver, type Uncounted, VERIFY_PHASE } from './crew.ts'
import type { Instance } from './instance.ts'

export interface Member {
  readonly instance: Instance
  readonly client: Client | undefined
  readonly recorder: CellRecorder
}

/** A crew in this process: one instance on real time, any number on virtual time. The first prepares and verifies. */
export class InProcessCrew implements Crew {
  readonly #runtime: Runtime
  readonly #schedule: PhaseSchedule
  readonly #members: readonly Member[]
  readonly #killed = new Set<number>()
  readonly leadNanos = 0
  #waiting = 0
  openConnections = 0
  #startNanos: Nanos = 0
  #phases: PhaseFollower | undefined
  readonly #startMeter: ((originNanos: Nanos) => AuditMeter) | undefined
  #meter: AuditMeter | undefined

  /** `startMeter`: on real time. */
  constructor(runtime: Runtime, schedule: PhaseSchedule, members: readonly Member[], startMeter?: (originNanos: Nanos) => AuditMeter) {
    this.#runtime = runtime
    this.#schedule = schedule
    this.#members = members
    this.#startMeter = startMeter
  }

  async prepare(): Promise<void> {
    await this.#members[0]!.instance.prepare()
  }

  fill(): Promise<number> {
    return this.#members[0]!.instance.fill()
  }

  start(originNanos: Nanos, drained: () => void): void {
    this.#waiting = this.#members.length
    for (const { recorder } of this.#members) recorder.begin(originNanos)
    this.openConnections = this.#members.reduce((sum, { client }) => sum + (client?.openConnections ?? 0), 0)
    this.#startNanos = originNanos
    this.#meter = this.#startMeter?.(originNanos)
    this.#phases = new PhaseFollower(
      this.#runtime,
      this.#schedule,
      originNanos,
      this.#members.map(({ recorder }) => recorder),
    )
    for (const { instance } of this.#members) {
      instance.start(originNanos, originNanos + this.#schedule.endNanos, () => {
        this.#waiting--
        if (this.#waiting > 0) return
        this.#meter?.stop()
        drained()
      })
    }
  }

  settle(schedule: PhaseSchedule): void {
    this.#phases?.follow(schedule)
    for (const { instance } of this.#members) instance.loop?.endAt(this.#startNanos + schedule.endNanos)
  }

  stop(): void {
    for (const { instance } of this.#members) instance.stop()
  }

  kill(number: number, tookOver?: (takeOver: TakeOver) => void): void {
    const member = this.#members[number]
    if (!member || this.#killed.has(number)) return
    this.#killed.add(number)
    const heirs = this.#members.filter((_, other) => !this.#killed.has(other))
    const left = member.instance.kill(heirs.length > 0)
    void member.client?.close()
    if (left) for (const [place, share] of divideShare(left, heirs.length).entries()) heirs[place]!.instance.takeOver(share)
    tookOver?.({
      heirs: heirs.map((heir) => this.#members.indexOf(heir)),
      fromIndex: Math.min(...(left ? left.indices.map(({ next }) => next) : [member.instance.loop!.lastIndex + 1])),
      fromNanos: this.#runtime.now() - this.#startNanos,
    })
  }

  abandon(): void {
    for (const { instance } of this.#members) instance.abandon()
  }

  /** Nothing: here the dead write down themselves what they leave. */
  async account(): Promise<readonly Uncounted[]> {
    return []
  }

  async verify(): Promise<void> {
    const position = this.#members.findIndex((_, number) => !this.#killed.has(number))
    const member = this.#members[position]
    if (!member) return
    member.recorder.enterPhase(VERIFY_PHASE, false, this.#runtime.now())
    await member.instance.verify(Math.max(...this.#members.map(({ instance }) => instance.loop?.lastIndex ?? -1)))
  }

  get counts(): CrewCounts {
    const counts = { started: 0, inFlight: 0, censored: 0 }
    for (const { instance } of this.#members) {
      counts.started += instance.loop?.started ?? 0
      counts.inFlight += instance.loop?.inFlight ?? 0
      counts.censored += instance.loop?.censored ?? 0
    }
    return counts
  }

  get meters(): readonly ProcessMeter[] {
    if (!this.#phases) return []
    const now = this.#runtime.now()
    const reading = this.#meter?.read()
    return this.#members.map(({ instance }, number) => ({ instance: number, reading, load: instance.audit?.tally(now) }))
  }

  get wire(): WireTotals {
    return addWire(this.#members.map(({ recorder }) => recorder.wire))
  }

  async close(): Promise<void> {
    this.#meter?.stop()
    await Promise.all(this.#members.map(({ client }) => client?.close()))
  }
}
