import type { EncodingLimits } from '../profiles.ts'
import { ScanMap } from './scan-map.ts'

/** Bytes a field costs beside its own and its value's. */
const FIELD_BYTES = 48

/**
 * A hash: fields (latin1 strings) to values (bytes). Small ones keep insertion order, as a listpack does; beyond
 * the limits they become a table, and stay one.
 */
export class HashValue {
  #small: Map<string, Uint8Array> | undefined = new Map()
  #large: ScanMap<Uint8Array> | undefined
  #bytes = 0

  get encoding(): 'listpack' | 'hashtable' {
    return this.#small ? 'listpack' : 'hashtable'
  }

  get size(): number {
    return this.#small ? this.#small.size : this.#large!.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(field: string): Uint8Array | undefined {
    return this.#small ? this.#small.get(field) : this.#large!.get(field)
  }

  /** True when the field is new. */
  set(field: string, value: Uint8Array, limits: EncodingLimits): boolean {
    if (this.#small && (field.length > limits.hashValue || value.length > limits.hashValue)) this.convert()
    const table = this.#small ?? this.#large!
    const before = table.get(field)
    table.set(field, value)
    if (before !== undefined) {
      this.#bytes += value.length - before.length
      return false
    }
    this.#bytes += FIELD_BYTES + field.length + value.length
    if (this.#small && this.#small.size > limits.hashEntries) this.convert()
    return true
  }

  delete(field: string): boolean {
    const table = this.#small ?? this.#large!
    const before = table.get(field)
    if (before === undefined) return false
    table.delete(field)
    this.#bytes -= FIELD_BYTES + field.length + before.length
    return true
  }

  /** Leaves the small encoding. Idempotent. */
  convert(): void {
    if (!this.#small) return
    const large = new ScanMap<Uint8Array>()
    for (const [field, value] of this.#small) large.set(field, value)
    this.#large = large
    this.#small = undefined
  }

  each(visit: (field: string, value: Uint8Array) => void): void {
    if (this.#small) for (const [field, value] of this.#small) visit(field, value)
    else for (let i = 0; i < this.#large!.size; i++) visit(this.#large!.keys[i]!, this.#large!.values[i]!)
  }

  fields(): readonly string[] {
    return this.#small ? [...this.#small.keys()] : this.#large!.keys
  }

  /** Small encodings give everything at once. */
  scan(cursor: number, count: number, visit: (field: string, value: Uint8Array) => void): number {
    if (this.#large) return this.#large.scan(cursor, count, visit)
    this.each(visit)
    return 0
  }

  copy(): HashValue {
    const copy = new HashValue()
    copy.#bytes = this.#bytes
    if (this.#small) copy.#small = new Map(this.#small)
    else {
      copy.convert()
      this.each((field, value) => copy.#large!.set(field, value))
    }
    return copy
  }
}
