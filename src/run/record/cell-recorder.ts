import type { WireFacts } from '../../client/client.ts'
import type { HistoryRow, Layer, Status } from '../../measure/history.ts'
import type { HistoryBuilder } from '../../measure/history-builder.ts'
import { KILLED } from '../../measure/killed.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import { UNKNOWN_CLASSES } from '../../measure/tally-set.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { OperationClass } from '../../workload/pattern.ts'
import type { HistoryLevel } from '../../workload/workload.ts'
import type { IntentLog } from '../history/intents.ts'

export interface CellRecorderOptions {
  readonly operations: OperationRecorder
  /** Where rows go; absent when the level is off. */
  readonly rows?: HistoryBuilder
  readonly level: HistoryLevel
  readonly classes: readonly OperationClass[]
  readonly instance: number
  readonly instances: number
  readonly block: number
  /** Written before a call's bytes leave, where this process may be killed. */
  readonly intents?: IntentLog
}

type MutableRow = { -readonly [Field in keyof HistoryRow]: HistoryRow[Field] }

const STORES = new Set(['set', 'add', 'replace', 'setScores', 'incrementScore'])

/** First number of the calls below the application operations: far above any operation's index. */
const FIRST_CALL = 2 ** 40

/**
 * The one place where what happened is written down: once into histograms and series, and once, as the level
 * says, as a row of the history. Data plane: one row object, reused.
 */
export class CellRecorder {
  readonly #phases: RecordedPhase[] = [{ name: '', measured: true, startNanos: Number.NEGATIVE_INFINITY }]
  readonly #wire = { bytesOut: 0, bytesIn: 0, storedBytes: 0 }
  /** The runtime's instant that is 0 on the cell's axis; nothing is recorded before it is set. */
  #originNanos: Nanos | undefined
  readonly #options: CellRecorderOptions
  readonly #classNames: readonly string[]
  readonly #classIndex: Map<string, number>
  readonly #row: MutableRow = {
    op: 0,
    parent: -1,
    layer: 'app',
    instance: 0,
    client: 0,
    key: -1,
    fn: '',
    outcome: '',
    arg: Number.NaN,
    ret: Number.NaN,
    writer: -1,
    due: 0,
    sent: 0,
    done: 0,
    status: 'ok',
    error: '',
    node: '',
    attempts: 0,
    bytesOut: 0,
    bytesIn: 0,
    phase: '',
    block: 0,
  }
  #calls = 0

  constructor(options: CellRecorderOptions) {
    this.#options = options
    this.#classNames = [...options.classes, ...UNKNOWN_CLASSES].map(({ name }) => name)
    this.#classIndex = new Map(this.#classNames.map((name, index) => [name, index]))
    this.#row.instance = options.instance
    this.#row.block = options.block
  }

  /** Undefined until the record begins. */
  get originNanos(): Nanos | undefined {
    return this.#originNanos
  }

  get operations(): OperationRecorder {
    return this.#options.operations
  }

  /** The load begins: from here on what happens is written down, on an axis that starts now. */
  begin(originNanos: Nanos): void {
    this.#originNanos = originNanos
  }

  /**
   * From `atNanos` (of the runtime) on this phase goes on; `measured`: what is due in it counts in tables. What was due
   * before belongs to the phase before, whenever it ends: a backlog of the warm-up is no measured load.
   */
  enterPhase(name: string, measured: boolean, atNanos: Nanos): void {
    this.#phases.push({ name, measured, startNanos: atNanos - (this.#originNanos ?? 0) })
  }

  /** What is answered after this instant (of the runtime) counts for no rate. */
  endMeasuredAt(atNanos: Nanos): void {
    this.#options.operations.endMeasuredAt(atNanos - (this.#originNanos ?? 0))
  }

  /** Bytes on the wire to and from the cache over the measured phases. */
  get wire(): { readonly bytesOut: number; readonly bytesIn: number; readonly storedBytes: number } {
    return this.#wire
  }

  #countWire(facts: WireFacts, stores: boolean): void {
    this.#wire.bytesOut += facts.bytesOut
    this.#wire.bytesIn += facts.bytesIn
    if (stores) this.#wire.storedBytes += facts.bytesOut
  }

  /** A number for a call below an application operation; unique over all instances and the process that verifies. */
  nextCall(): number {
    return FIRST_CALL + this.#calls++ * (this.#options.instances + 1) + this.#options.instance
  }

  /** Index of a class as the pattern names it. A name it did not declare is the pattern's mistake. */
  classIndex(name: string): number {
    const index = this.#classIndex.get(name)
    if (index === undefined) throw new Error(`the pattern returned the class "${name}", which its definition does not declare`)
    return index
  }

  /** Index of the class of an operation that did not come to show what it was. */
  unknownClassIndex(kind: 'read' | 'write'): number {
    return this.#options.classes.length + (kind === 'read' ? 0 : 1)
  }

  app(operation: AppOperation): void {
    const origin = this.#originNanos
    if (origin === undefined) return
    const due = operation.due - origin
    const sent = operation.sent < 0 ? -1 : operation.sent - origin
    const done = operation.done < 0 ? -1 : operation.done - origin
    const phase = this.#phaseAt(due)
    this.#options.operations.recordApp(operation.class, due, sent, done, operation.status, operation.error, phase.measured)
    if (!this.#wants(operation.key)) return
    const row = this.#row
    row.op = operation.op
    row.parent = -1
    row.layer = 'app'
    row.client = operation.user
    row.key = operation.key
    row.fn = operation.fn
    row.outcome = this.#classNames[operation.class]!
    row.arg = operation.arg
    row.ret = operation.ret
    row.writer = operation.writer
    row.due = due
    row.sent = sent
    row.done = done
    row.status = operation.status
    row.error = operation.error
    this.#append(phase.name, '', 0, 0, 0)
  }

  call(call: Call, facts: WireFacts | undefined): void {
    const origin = this.#originNanos
    if (origin === undefined) return
    const sent = call.sent - origin
    const done = call.done < 0 ? -1 : call.done - origin
    const phase = this.#phaseAt(call.due - origin)
    // Reading back is ours, and belongs to no operation.
    if (facts && call.layer === 'cache' && phase.measured && call.parent >= 0) this.#countWire(facts, call.status === 'ok' && STORES.has(call.fn))
    this.#options.operations.recordCall(call.layer, call.fn, call.kind, sent, done, call.status, call.error, call.outcome, phase.measured)
    if (!this.#wants(call.key)) return
    this.#fill(call, sent, done)
    this.#append(phase.name, facts?.node ?? '', facts?.attempts ?? 1, facts?.bytesOut ?? 0, facts?.bytesIn ?? 0)
  }

  /** A call is about to be made. Costs nothing where no intents are kept. */
  intend(call: Call): void {
    const { intents } = this.#options
    const origin = this.#originNanos
    if (!intents || origin === undefined || !this.#wants(call.key)) return
    this.#fill(call, call.sent - origin, -1)
    const row = this.#row
    row.status = 'info'
    row.error = KILLED
    row.node = ''
    row.attempts = 0
    row.bytesOut = 0
    row.bytesIn = 0
    row.phase = this.#phaseAt(call.due - origin).name
    intents.begin(row)
  }

  #fill(call: Call, sent: Nanos, done: Nanos): void {
    const row = this.#row
    row.op = call.op
    row.parent = call.parent
    row.layer = call.layer
    row.client = call.client
    row.key = call.key
    row.fn = call.fn
    row.outcome = call.outcome
    row.arg = call.arg
    row.ret = call.ret
    row.writer = call.writer
    row.due = sent
    row.sent = sent
    row.done = done
    row.status = call.status
    row.error = call.error
  }

  /** The phase in which something was due: nearly always the last that began. */
  #phaseAt(due: Nanos): RecordedPhase {
    let at = this.#phases.length - 1
    while (this.#phases[at]!.startNanos > due) at--
    return this.#phases[at]!
  }

  #append(phase: string, node: string, attempts: number, bytesOut: number, bytesIn: number): void {
    const row = this.#row
    row.node = node
    row.attempts = attempts
    row.bytesOut = bytesOut
    row.bytesIn = bytesIn
    row.phase = phase
    this.#options.rows!.append(row)
  }

  #wants(key: number): boolean {
    const { level, rows } = this.#options
    if (!rows || level.kind === 'off') return false
    return level.kind === 'full' || key < 0 || key % level.oneIn === 0
  }
}

export interface AppOperation {
  op: number
  user: number
  key: number
  fn: string
  /** Index of the class, those of `UNKNOWN_CLASSES` behind the declared. */
  class: number
  arg: number
  ret: number
  writer: number
  due: Nanos
  /** -1 when it never began. */
  sent: Nanos
  /** -1 when it never ended. */
  done: Nanos
  status: Status
  error: string
}

export interface Call {
  op: number
  parent: number
  layer: Exclude<Layer, 'app'>
  client: number
  key: number
  fn: string
  kind: 'read' | 'write' | 'other'
  outcome: string
  arg: number
  ret: number
  writer: number
  /** Of the operation that makes the call. */
  due: Nanos
  sent: Nanos
  done: Nanos
  status: Status
  error: string
}

interface RecordedPhase {
  readonly name: string
  readonly measured: boolean
  readonly startNanos: Nanos
}
