import { nearest } from '../../measure/nearest.ts'
import { UsageError } from '../../runtime/usage-error.ts'

/** The parameters of a target URL, each asked for by name; what was given and never asked for is an error. */
export class Parameters {
  /** The URL, for messages. */
  readonly shown: string
  private readonly given: URLSearchParams

  constructor(shown: string, query: string) {
    this.shown = shown
    this.given = new URLSearchParams(query)
  }

  text(name: string): string | undefined {
    const values = this.given.getAll(name)
    if (values.length > 1) throw new UsageError(`"${this.shown}": ${name} is given twice`)
    if (values[0] === '') throw new UsageError(`"${this.shown}": ${name} has no value`)
    return values[0]
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name)
    const found = allowed.find((value) => value === text)
    if (text !== undefined && found === undefined) {
      const near = nearest(text, allowed)
      this.wrong(name, text, `${near === undefined ? '' : `${near}, or `}one of ${allowed.filter((value) => value !== near).join(', ')}`)
    }
    return found
  }

  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) this.wrong(name, text, `a whole number from ${least} to ${most}`)
    return value
  }

  /** True for `name`, `name=true`, `name=1`, `name=yes`. */
  flag(name: string): boolean {
    const text = this.given.get(name)
    if (text === null || ['false', '0', 'no'].includes(text)) return false
    if (!['', 'true', '1', 'yes'].includes(text)) this.wrong(name, text, 'true or false')
    return true
  }

  any(names: readonly string[]): boolean {
    return names.some((name) => this.given.has(name))
  }

  wrong(name: string, value: string, expected: string): never {
    throw new UsageError(`"${this.shown}": ${name}=${value} is not valid`, `Expected ${expected}.`)
  }

  /** Throws when a parameter was given that is none of `known`. */
  end(known: readonly string[]): void {
    for (const name of this.given.keys()) {
      if (known.includes(name)) continue
      const expected = known.length === 0 ? 'This kind of target has no parameters.' : `Its parameters are ${known.join(', ')}.`
      throw new UsageError(`"${this.shown}": there is no parameter "${name}"`, choose(name, known, expected))
    }
  }
}

/** "Did you mean x?" when one of `candidates` is likely what was meant, else the other text. */
export function choose(given: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(given, candidates)
  return near === undefined ? otherwise : `Did you mean ${near}?`
}
