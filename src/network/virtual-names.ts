import type { Nanos, Runtime } from '../runtime/runtime.ts'

interface Entry {
  readonly addresses: readonly string[]
  readonly ttlNanos: Nanos
}

/** What names stand for on a virtual network, and for how long whoever has asked believes it. */
export class VirtualNames {
  readonly #entries = new Map<string, Entry>()

  /** From this instant on; who has asked before learns of it when his answer is older than the time to live it came with. */
  set(name: string, addresses: readonly string[], ttlNanos: Nanos): void {
    this.#entries.set(name, { addresses: [...addresses], ttlNanos })
  }

  /** The name is not known any more. */
  delete(name: string): void {
    this.#entries.delete(name)
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name)
  }
}

/** The answers that one host remembers. Also of a name that is not known: there the next one asks again. */
export class NameCache {
  readonly #runtime: Runtime
  readonly #names: VirtualNames
  readonly #answers = new Map<string, { readonly addresses: readonly string[]; readonly untilNanos: Nanos }>()

  constructor(runtime: Runtime, names: VirtualNames) {
    this.#runtime = runtime
    this.#names = names
  }

  /** Without asking anybody. */
  remembered(name: string): readonly string[] | undefined {
    const answer = this.#answers.get(name)
    return answer && answer.untilNanos > this.#runtime.now() ? answer.addresses : undefined
  }

  /** What the name server says now: nothing when the name is not known. */
  ask(name: string): readonly string[] {
    const entry = this.#names.get(name)
    if (!entry) return []
    this.#answers.set(name, { addresses: entry.addresses, untilNanos: this.#runtime.now() + entry.ttlNanos })
    return entry.addresses
  }
}
