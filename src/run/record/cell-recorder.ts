import type { HistoryRow, Layer, Status } from '../../measure/history.ts'
import type { HistoryBuilder } from '../../measure/history-builder.ts'
import type { OperationRecorder } from '../../measure/operation-recorder.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { WireFacts } from '../../target/client.ts'
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
  #phase = ''
  #measured = true
  readonly #wire = { bytesOut: 0, bytesIn: 0, storedBytes: 0 }
  /** The runtime's instant that is 0 on the cell's axis; nothing is recorded before it is set. */
  #originNanos: Nanos | undefined
  readonly #options: CellRecorderOptions
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
    this.#classIndex = new Map(options.classes.map((one, index) => [one.name, index]))
    this.#row.instance = options.instance
    this.#row.block = options.block
  }

  get operations(): OperationRecorder {
    return this.#options.operations
  }

  /** The load begins: from here on what happens is written down, on an axis that starts now. */
  begin(originNanos: Nanos): void {
    this.#originNanos = originNanos
  }

  /** The phase under way, and whether what ends in it counts in tables. */
  enterPhase(name: string, measured: boolean): void {
    this.#phase = name
    this.#measured = measured
    this.#options.operations.setMeasured(measured)
  }

  /** Bytes on the wire to and from the cache over the measured phases. */
  get wire(): { readonly bytesOut: number; readonly bytesIn: number; readonly storedBytes: number } {
    return this.#wire
  }

  /** Counts the bytes of one command and its answer; `stores`: the command stored a value. */
  countWire(facts: WireFacts, stores: boolean): void {
    if (!this.#measured || this.#originNanos === undefined) return
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

  app(operation: AppOperation): void {
    const origin = this.#originNanos
    if (origin === undefined) return
    const due = operation.due - origin
    const sent = operation.sent - origin
    const done = operation.done < 0 ? -1 : operation.done - origin
    this.#options.operations.recordApp(operation.class, due, sent, done, operation.status, operation.error)
    if (!this.#wants(operation.key)) return
    const row = this.#row
    row.op = operation.op
    row.parent = -1
    row.layer = 'app'
    row.client = operation.user
    row.key = operation.key
    row.fn = operation.fn
    row.outcome = operation.class < 0 ? '' : this.#options.classes[operation.class]!.name
    row.arg = operation.arg
    row.ret = operation.ret
    row.writer = operation.writer
    row.due = due
    row.sent = sent
    row.done = done
    row.status = operation.status
    row.error = operation.error
    this.#append('', 0, 0, 0)
  }

  call(call: Call, facts: WireFacts | undefined): void {
    const origin = this.#originNanos
    if (origin === undefined) return
    const sent = call.sent - origin
    const done = call.done < 0 ? -1 : call.done - origin
    if (facts && call.layer === 'cache') this.countWire(facts, STORES.has(call.fn))
    this.#options.operations.recordCall(call.layer, call.fn, call.kind, sent, done, call.status, call.error, call.outcome)
    if (!this.#wants(call.key)) return
    this.#fill(call, sent, done)
    this.#append(facts?.node ?? '', facts?.attempts ?? 1, facts?.bytesOut ?? 0, facts?.bytesIn ?? 0)
  }

  /** A call is about to be made. Costs nothing where no intents are kept. */
  intend(call: Call): void {
    const { intents } = this.#options
    const origin = this.#originNanos
    if (!intents || origin === undefined || !this.#wants(call.key)) return
    this.#fill(call, call.sent - origin, -1)
    const row = this.#row
    row.status = 'info'
    row.error = 'killed'
    row.node = ''
    row.attempts = 0
    row.bytesOut = 0
    row.bytesIn = 0
    row.phase = this.#phase
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

  #append(node: string, attempts: number, bytesOut: number, bytesIn: number): void {
    const row = this.#row
    row.node = node
    row.attempts = attempts
    row.bytesOut = bytesOut
    row.bytesIn = bytesIn
    row.phase = this.#phase
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
  /** Index of the class; -1 when it never ended. */
  class: number
  arg: number
  ret: number
  writer: number
  due: Nanos
  sent: Nanos
  /** -1 when it never ended. */
  done: Nanos
  status: Status
  error: string
}

export interface Call {
  op: number
  parent: number
  layer: Layer
  client: number
  key: number
  fn: string
  kind: 'read' | 'write' | 'other'
  outcome: string
  arg: number
  ret: number
  writer: number
  sent: Nanos
  done: Nanos
  status: Status
  error: string
}
