import { instantInWords } from '../measure/words.ts'
import { FirstBeyond } from './first-beyond.ts'
import { NumberSet } from './number-set.ts'
import { callInWords, type KeyRegister, type RegisterCall, type RegisterVerdict } from './register.ts'

/** The version rows hold before any write (database.ts: `load`); 0 is what was before that. */
const FIRST_VERSION = 1

/** A version that no acknowledged write is known of, yet. */
interface OpenVersion {
  firstRead: RegisterCall | undefined
  /** Of unknown outcome. */
  write: RegisterCall | undefined
}

/**
 * A register whose writes are put in order by what they wrote: the database counts its versions. It is linearizable iff
 * no operation on a newer version was over before one on an older version began, and nobody read what was not yet, or
 * never, written. Exact, and O(log n) an operation: the order being given, nothing has to be searched.
 *
 * Operations come in order of completion, so whatever was over before one began has come before it.
 */
export class OrderedRegister implements KeyRegister {
  operations = 0
  observations = 0
  readonly #key: number
  /** What was over when, with the version it proves. */
  readonly #over = new FirstBeyond()
  readonly #written = new NumberSet()
  #open: Map<number, OpenVersion> | undefined
  #firstVersionRead: RegisterCall | undefined
  /** When writes began of which neither outcome nor version is known. */
  #unknownStarts: number[] | undefined
  #firstWriteEndNanos = Number.POSITIVE_INFINITY
  #steps: readonly string[] | undefined

  constructor(key: number) {
    this.#key = key
  }

  read(read: RegisterCall): void {
    this.operations++
    if (this.#firstWriteEndNanos < read.startNanos) this.observations++
    this.#mustBeNewest(read, 'read')
    if (read.value < FIRST_VERSION) return
    this.#over.add(read.value, read.endNanos, read.op * 2)
    if (read.value === FIRST_VERSION) this.#firstVersionRead ??= read
    else if (!this.#written.has(read.value)) this.#readOpen(read)
  }

  write(write: RegisterCall): void {
    this.operations++
    if (Number.isNaN(write.value)) {
      this.#unknownStarts ??= []
      this.#unknownStarts.push(write.startNanos)
      return
    }
    const open = this.#open?.get(write.value)
    const firstRead = write.value === FIRST_VERSION ? this.#firstVersionRead : open?.firstRead
    if (firstRead && firstRead.endNanos < write.startNanos) {
      const why = `version ${write.value} was read before its write began`
      this.#found(callInWords(this.#key, 'read', firstRead), callInWords(this.#key, 'write', write), why)
    }
    const acknowledged = write.endNanos !== Number.POSITIVE_INFINITY
    // One that nobody acknowledged matters when somebody read what it wrote.
    if (acknowledged || firstRead) this.#mustBeNewest(write, 'write')
    if (!acknowledged) {
      if (!this.#written.has(write.value)) this.#openVersion(write.value).write ??= write
      return
    }
    this.#open?.delete(write.value)
    if (!this.#written.add(write.value)) {
      this.#found(callInWords(this.#key, 'write', write), `version ${write.value} had been acknowledged to another write`)
    }
    this.#firstWriteEndNanos = Math.min(this.#firstWriteEndNanos, write.endNanos)
    this.#over.add(write.value, write.endNanos, write.op * 2 + 1)
  }

  finish(): RegisterVerdict {
    this.#findUnwritten()
    return this.#steps === undefined ? { kind: 'linearizable' } : { kind: 'conflict', steps: this.#steps }
  }

  #readOpen(read: RegisterCall): void {
    const open = this.#openVersion(read.value)
    if (open.firstRead) return
    open.firstRead = read
    // It took effect after all: only now does it matter when it began.
    if (open.write) this.#mustBeNewest(open.write, 'write')
  }

  /** Each version that was read was written: by a write that names it, or by one of which nothing is known, each by its own. */
  #findUnwritten(): void {
    // In order of completion, as they were read.
    const unwritten = [...(this.#open?.values() ?? [])].flatMap(({ firstRead, write }) => (firstRead && !write ? firstRead : []))
    const starts = (this.#unknownStarts ?? []).sort((a, b) => a - b)
    for (const [place, read] of unwritten.entries()) {
      const startNanos = starts[place]
      if (startNanos !== undefined && startNanos <= read.endNanos) continue
      const why = startNanos === undefined ? `nobody wrote version ${read.value}` : `version ${read.value} was not yet written`
      this.#found(callInWords(this.#key, 'read', read), why)
    }
  }

  #mustBeNewest(call: RegisterCall, kind: 'read' | 'write'): void {
    if (this.#steps !== undefined) return
    const entry = this.#over.beyond(call.value)
    if (entry < 0 || this.#over.timeOf(entry) >= call.startNanos) return
    const operation = this.#over.operationOf(entry)
    const newer = this.#over.placeOf(entry)
    const what = operation % 2 === 1 ? `write key ${this.#key} of version ${newer}` : `read key ${this.#key} -> version ${newer}`
    this.#found(
      `${instantInWords(this.#over.timeOf(entry))}  operation ${Math.floor(operation / 2)}: ${what} is over`,
      callInWords(this.#key, kind, call),
      `${call.value < FIRST_VERSION ? 'no row' : `version ${call.value}`} is older than version ${newer}`,
    )
  }

  #found(...steps: string[]): void {
    this.#steps ??= steps
  }

  #openVersion(version: number): OpenVersion {
    this.#open ??= new Map()
    let open = this.#open.get(version)
    if (open === undefined) {
      open = { firstRead: undefined, write: undefined }
      this.#open.set(version, open)
    }
    return open
  }
}
