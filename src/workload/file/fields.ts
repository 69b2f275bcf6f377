import { z } from 'zod'
import type { Nanos } from '../../runtime/runtime.ts'
import { parseCount, parseDuration, parseRate, parseRatio, parseSize, type Quantity } from './units.ts'

/**
 * The fields a workload file is made of, as zod types that take what people write ("30s", "4KB", "10%") and give
 * base units (nanoseconds, bytes, ratio). Patterns build their settings from them. A default is written as people
 * would write it, with `.prefault('60s')`, so that the JSON Schema shows it in the same words.
 */

/** What a field's issue carries for the error message; read by `issue-to-problems.ts`. */
export interface FieldProblem {
  readonly expected: string
  readonly example: string
  readonly reason?: string
  readonly meant?: string
  /** The caret goes under the key, not under the value behind it. */
  readonly about?: 'key'
}

export interface RangeOptions {
  /** As people write it: "1ms". */
  readonly min?: string
  readonly max?: string
}

export type Field<T> = z.ZodType<T, unknown>

/** "30s" -> nanoseconds. */
export function duration(range: RangeOptions = {}): Field<Nanos> {
  return quantity(parseDuration, range, { type: 'string', pattern: DURATION_PATTERN, examples: ['250ms', '30s', '5m'] })
}

/** "30s" -> nanoseconds; "none" -> null. */
export function durationOrNone(range: RangeOptions = {}): Field<Nanos | null> {
  const parse = rangedParser(parseDuration, range)
  return z
    .unknown()
    .transform((given, context): Nanos | null => {
      if (given === 'none' || given === null) return null
      const parsed = parse(given)
      if (parsed.ok) return parsed.value
      return raise(context, given, { ...parsed.problem, expected: `${parsed.problem.expected}, or none` })
    })
    .meta({ type: 'string', pattern: `^none$|${DURATION_PATTERN}`, inputExamples: ['60s', 'none'] })
}

/** "400B", "4KB" -> bytes. */
export function bytes(range: RangeOptions = {}): Field<number> {
  return quantity(parseSize, range, { type: 'string', pattern: '^[0-9][0-9_.]* ?([KMGkmg][iI]?)?[Bb]$', examples: ['400B', '4KiB', '1MB'] })
}

/** "5000/s", "20k/s" -> per second. */
export function rate(range: RangeOptions = {}): Field<number> {
  return quantity(parseRate, range, { type: 'string', pattern: '^[0-9][0-9_.]*[kKMG]? ?/ ?(s|min|h)$', examples: ['500/s', '20k/s'] })
}

/** "10%" or 0.1 -> 0.1. Between 0 and 1 unless told. */
export function ratio(range: RangeOptions = {}): Field<number> {
  const shape = { type: ['string', 'number'], pattern: '^[0-9][0-9.]* ?%$', minimum: 0, maximum: 1, examples: ['10%', '0.1'] }
  return quantity(parseRatio, { min: '0%', max: '100%', ...range }, shape)
}

/** "20k" or 20000 -> 20000. */
export function count(range: RangeOptions = {}): Field<number> {
  return quantity(parseCount, range, { type: ['string', 'integer'], pattern: '^[0-9][0-9_.]*[kKMG]?$', examples: ['10000', '100k'] })
}

const DURATION_PATTERN = '^0$|^([0-9][0-9_.]* ?(ns|us|ms|s|m|min|h|d) ?)+$'

interface InputShape {
  readonly type: string | readonly string[]
  readonly pattern: string
  readonly examples: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

function quantity(parse: (given: unknown) => Quantity, range: RangeOptions, shape: InputShape): Field<number> {
  const ranged = rangedParser(parse, range)
  const { examples, ...rest } = shape
  return z
    .unknown()
    .transform((given, context): number => {
      const parsed = ranged(given)
      return parsed.ok ? parsed.value : raise(context, given, parsed.problem)
    })
    .meta({ ...rest, inputExamples: examples })
}

function rangedParser(parse: (given: unknown) => Quantity, range: RangeOptions): (given: unknown) => Quantity {
  const least = bound(parse, range.min)
  const most = bound(parse, range.max)
  return (given) => {
    const parsed = parse(given)
    if (!parsed.ok) return parsed
    if (parsed.value < least) return { ok: false, problem: { expected: `at least ${range.min}`, example: range.min!, reason: 'too small' } }
    if (parsed.value > most) return { ok: false, problem: { expected: `at most ${range.max}`, example: range.max!, reason: 'too large' } }
    return parsed
  }
}

function bound(parse: (given: unknown) => Quantity, text: string | undefined): number {
  if (text === undefined) return Number.NaN
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(`the bound "${text}" is not ${parsed.problem.expected}`)
  return parsed.value
}

function raise(context: z.RefinementCtx, given: unknown, problem: FieldProblem): never {
  context.issues.push({ code: 'custom', input: given, message: `expected ${problem.expected}`, params: { ...problem } })
  return z.NEVER
}
